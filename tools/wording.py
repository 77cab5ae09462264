"""Which phrases the program asks for, and how the phrase files look: read from sources, nothing is run.

A phrase is asked for by ``say("key", …)`` in Python (``phrases.say(language, "key", …)`` too) and in templates, and
by the ``key`` of an error. A key put together while running (``say(f"kiosk.live.{state}")``,
``say("error." ~ name)``) is known by its beginning only; some phrase must begin so. A key that is a variable cannot
be seen from here: its own tests must cover it.

``unused`` looks the other way: which phrases nothing asks for. There a page's script counts too, read as text, and any
quoted text that is a key or its beginning is a use: what it reports is surely dead, some dead ones it may miss.
"""

import ast
import re
import unicodedata
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path

from jinja2 import Environment, nodes
from jinja2.ext import do, loopcontrols

from office.phrases import placeholders
from tools.sources import House, Source

FOREIGN = frozenset(
    {
        *("unicode", "vni", "abc", "gb"),
        *("qr", "javascript", "camera", "kiosk", "wi-fi", "zalo", "sms", "pdf", "video", "internet", "website"),
        *(
            "web",
            "email",
            "python",
            "usb",
            "unikey",
            "vneid",
            "excel",
            "csv",
            "xlsx",
            "chrome",
            "edge",
            "enter",
            "del",
            "stt",
        ),
    }
)
"""Words of other languages that a Vietnamese reader knows; any other stands out."""

_ONSET = r"(?:ngh|ng|nh|gh|gi|kh|ph|th|tr|ch|qu|[bcdghklmnprstvxđ])?"
_NUCLEUS = (
    r"(?:uye|uya|uyu|oai|oay|oao|oeo|uoi|uou|uay|uai|uau|ieu|yeu|"
    r"ai|ao|au|ay|eo|eu|ia|ie|iu|oa|oe|oi|oo|ua|ue|ui|uo|uu|uy|ye|[aeiouy])"
)
_SYLLABLE = re.compile(_ONSET + _NUCLEUS + r"(?:ch|ng|nh|[cmnpt])?")
_KEY = re.compile(r"[a-z]\w*(?:\.\w+)*[._]?")
_COUNT = re.compile(r"_(?:0|1|n|many)$")
_QUOTED = re.compile(r"""["'`]([a-z]\w*(?:\.\w+)*[._]?)(?=["'`$])""")
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


def unused(root: Path, phrases: Mapping[str, str]) -> list[str]:
    """The keys that no text quoted below ``root`` can mean.

    A text means a key that it is, that it begins (ending in a dot or ``_``), or that it counts (``waiting`` means
    ``waiting_1``); also without the name of a section handed over whole, as a page's script knows it.
    """
    texts = {text for text in _quoted(root) if _KEY.fullmatch(text)}
    begun = tuple(text for text in texts if text[-1] in "._")
    sections = tuple(_sections(root))

    def meant(key: str) -> bool:
        names = [key, *(key.removeprefix(section) for section in sections)]
        return any(name in texts or name.startswith(begun) or _COUNT.sub("", name) in texts for name in names)

    return sorted(key for key in phrases if not meant(key))


def foreign_words(phrase: str) -> list[str]:
    """The words of a Vietnamese phrase that no Vietnamese syllable could spell, FOREIGN ones left out."""
    text = re.sub(r"\{[^}]*\}", " ", phrase)
    return [word for word in _WORD.findall(text) if word.lower() not in FOREIGN and not _native(word)]


def _native(word: str) -> bool:
    bare = word.lower().replace("đ", "d")
    bare = "".join(c for c in unicodedata.normalize("NFD", bare) if not unicodedata.combining(c))
    sign = any(c.isdigit() for c in word) or (word.isupper() and len(word) == 1)  # a number, a series
    return sign or all(_SYLLABLE.fullmatch(part) for part in bare.split("-") if part)


def _sections(root: Path) -> Iterator[str]:
    """The beginnings of keys that ``phrases.section(language, …)`` takes off."""
    for source in _program(root):
        named: dict[str, str] = {}
        for node in source.tree.body:
            match node:
                case ast.Assign(targets=[ast.Name(id=name)], value=ast.Constant(value=str(text))):
                    named[name] = text
        for one in ast.walk(source.tree):
            match one:
                case ast.Call(func=ast.Attribute(attr="section"), args=[_, ast.Constant(value=str(name))]):
                    yield f"{name}."
                case ast.Call(func=ast.Attribute(attr="section"), args=[_, ast.Name(id=name)]) if name in named:
                    yield f"{named[name]}."


def _quoted(root: Path) -> Iterator[str]:
    for source in _program(root):
        for node in ast.walk(source.tree):
            if isinstance(node, ast.Constant) and isinstance(node.value, str):
                yield node.value
    for pattern in ("*/templates/**/*.html", "*/static/**/*.js"):
        for path in root.glob(pattern):
            yield from _QUOTED.findall(path.read_text(encoding="utf-8"))


# ---- Python ------------------------------------------------------------------------------------


def _python_uses(root: Path) -> Iterator[Use]:
    for source in _program(root):
        for node in ast.walk(source.tree):
            if isinstance(node, ast.Call) and _called(node) == "say":
                yield from _of_call(node, source.at(node.lineno))
            elif isinstance(node, ast.AnnAssign | ast.Assign) and _is_error_key(node):
                yield Use(str(ast.literal_eval(node.value or node)), True, None, source.at(node.lineno))


@lru_cache(maxsize=1)
def _program(root: Path) -> tuple[Source, ...]:
    """The sources that make the program, read once; what only tries, measures or builds it is none."""
    return tuple(one for one in House(root).sources.values() if one.room not in ("tests", "tools", "benchmarks"))


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
