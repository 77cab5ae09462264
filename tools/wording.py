"""Which phrases the program asks for, and how the phrase files look: read from sources, nothing is run.

A phrase is asked for by ``say("key", …)`` in Python (``phrases.say(language, "key", …)`` too) and in templates, and
by the ``key`` of an error. A key put together while running (``say(f"kiosk.live.{state}")``,
``say("error." ~ name)``) is known by its beginning only; some phrase must begin so. A key that is a variable cannot
be seen from here: its own tests must cover it.
"""

import ast
import re
import unicodedata
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path

from jinja2 import Environment, nodes
from jinja2.ext import do, loopcontrols

from office.phrases import placeholders
from tools.sources import House

FOREIGN = frozenset(
    {
        *("qr", "javascript", "camera", "kiosk", "wi-fi", "zalo", "sms", "pdf", "video", "internet", "website"),
        *("web", "email", "usb", "unikey", "vneid", "excel", "csv", "xlsx", "chrome", "edge", "enter", "del"),
    }
)
"""Words of other languages that a Vietnamese reader knows; any other stands out."""

_ONSET = r"(?:ngh|ng|nh|gh|gi|kh|ph|th|tr|ch|qu|[bcdghklmnprstvxđ])?"
_NUCLEUS = (
    r"(?:uye|uya|uyu|oai|oay|oao|oeo|uoi|uou|uay|uai|uau|ieu|yeu|"
    r"ai|ao|au|ay|eo|eu|ia|ie|iu|oa|oe|oi|oo|ua|ue|ui|uo|uu|uy|ye|[aeiouy])"
)
_SYLLABLE = re.compile(_ONSET + _NUCLEUS + r"(?:ch|ng|nh|[cmnpt])?")
_WORD = re.compile(r"[^\W_]+(?:-[^\W_]+)*")


@dataclass(frozen=True, slots=True)
class Use:
    """One place that asks for a phrase. ``given`` None: its parameters cannot be seen from here."""

    key: str
    whole: bool
    """False: only the beginning of the key is known."""
    given: frozenset[str] | None
    at: str


def uses(root: Path) -> list[Use]:
    """Every phrase that the sources and templates below ``root`` ask for."""
    return [*_python_uses(root), *_template_uses(root)]


def unanswered(found: list[Use], phrases: Mapping[str, str]) -> Iterator[str]:
    """One line for each use whose key does not exist or whose placeholders are not all given."""
    for use in found:
        if not use.whole:
            if not any(key.startswith(use.key) for key in phrases):
                yield f"{use.at} no phrase begins with {use.key}"
        elif use.key not in phrases:
            yield f"{use.at} there is no phrase {use.key}"
        elif use.given is not None and (missing := placeholders(phrases[use.key]) - use.given):
            yield f"{use.at} {use.key} is not given {', '.join(sorted(missing))}"


def foreign_words(phrase: str) -> list[str]:
    """The words of a Vietnamese phrase that no Vietnamese syllable could spell, FOREIGN ones left out."""
    text = re.sub(r"\{[^}]*\}", " ", phrase)
    return [word for word in _WORD.findall(text) if word.lower() not in FOREIGN and not _native(word)]


def _native(word: str) -> bool:
    bare = word.lower().replace("đ", "d")
    bare = "".join(c for c in unicodedata.normalize("NFD", bare) if not unicodedata.combining(c))
    sign = any(c.isdigit() for c in word) or (word.isupper() and len(word) == 1)  # a number, a series
    return sign or all(_SYLLABLE.fullmatch(part) for part in bare.split("-") if part)


# ---- Python ------------------------------------------------------------------------------------


def _python_uses(root: Path) -> Iterator[Use]:
    for source in House(root).sources.values():
        if source.room in ("tests", "tools", "benchmarks"):
            continue
        for node in ast.walk(source.tree):
            if isinstance(node, ast.Call) and _called(node) == "say":
                yield from _of_call(node, source.at(node.lineno))
            elif isinstance(node, ast.AnnAssign | ast.Assign) and _is_error_key(node):
                yield Use(str(ast.literal_eval(node.value or node)), True, None, source.at(node.lineno))


def _called(node: ast.Call) -> str:
    return str(getattr(node.func, "attr", None) or getattr(node.func, "id", ""))


def _of_call(node: ast.Call, at: str) -> Iterator[Use]:
    """The key among the first two arguments: before it may stand the language."""
    given = None if any(one.arg is None for one in node.keywords) else frozenset(str(k.arg) for k in node.keywords)
    for argument in node.args[:2]:
        for text, whole in _texts(argument):
            if "." in text:
                yield Use(text, whole, given if whole else None, at)


def _texts(node: ast.expr) -> Iterator[tuple[str, bool]]:
    """What a key argument can be: (text, whether it is the whole key)."""
    match node:
        case ast.Constant(value=str(text)):
            yield text, True
        case ast.JoinedStr(values=[ast.Constant(value=str(text)), *_]):
            yield text, False
        case ast.BinOp(left=ast.Constant(value=str(text)), op=ast.Add()):
            yield text, False
        case ast.IfExp(body=one, orelse=other):
            yield from _texts(one)
            yield from _texts(other)


def _is_error_key(node: ast.AnnAssign | ast.Assign) -> bool:
    target = node.target if isinstance(node, ast.AnnAssign) else node.targets[0]
    value = node.value
    is_text = isinstance(value, ast.Constant) and isinstance(value.value, str)
    return is_text and isinstance(target, ast.Name) and target.id == "key" and "error." in ast.unparse(node)


# ---- templates ---------------------------------------------------------------------------------


def _template_uses(root: Path) -> Iterator[Use]:
    environment = Environment(extensions=[do, loopcontrols], autoescape=True)
    for path in sorted(root.glob("*/templates/**/*")):
        if not path.is_file():
            continue
        tree = environment.parse(path.read_text(encoding="utf-8"))
        for call in tree.find_all(nodes.Call):
            if getattr(call.node, "name", None) == "say" and call.args:
                at = f"{path.relative_to(root).as_posix()}:{call.lineno}"
                given = None if call.dyn_kwargs else frozenset(one.key for one in call.kwargs)
                for text, whole in _template_texts(call.args[0]):
                    yield Use(text, whole, given if whole else None, at)


def _template_texts(node: nodes.Expr) -> Iterator[tuple[str, bool]]:
    match node:
        case nodes.Const(value=str(text)):
            yield text, True
        case nodes.Concat(nodes=[nodes.Const(value=str(text)), *_]) | nodes.Add(left=nodes.Const(value=str(text))):
            yield text, False
        case nodes.CondExpr(expr1=one, expr2=other):
            yield from _template_texts(one)
            if other is not None:
                yield from _template_texts(other)
