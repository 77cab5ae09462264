"""docs/journal.md and docs/configuration.md, written from the code: ``python -m tools.handbook`` renews them."""

from collections.abc import Iterator
from datetime import date
from pathlib import Path
from typing import Any, Final, Literal, get_args, get_origin

import annotated_types
from pydantic.fields import FieldInfo

from office import sections
from office.kinds import KINDS
from office.sections import Section
from office.settings import FILES, NAMES, Settings

DOCS: Final = Path(__file__).resolve().parent.parent / "docs"
WORDS: Final[dict[Any, str]] = {
    str: "text",
    int: "whole number",
    float: "number",
    bool: "true or false",
    date: "date",
    sections.Wording: "text a language",
    sections.Hours: "spans a weekday",
}

JOURNAL_HEAD: Final = """# The journal

Every act of the office writes its rows and one event here, in one transaction. The journal is append-only (triggers
refuse UPDATE and DELETE and gaps) and chained: `hash` is the SHA-256 of the JSON array
`[hash before, seq, at, kind, office, actor, counter, ticket, dossier, data as stored]`, the first `hash before` being
64 zeros. `server.py journal verify` checks every link and that a replay gives the same tables;
`server.py journal export [--since SEQ]` prints events as JSON lines.

| column | meaning |
| --- | --- |
| seq | 1, 2, 3 … without a gap; the `id` of the event stream |
| at | ms since 1970-01-01 UTC, never decreasing |
| kind | one of the kinds below |
| office | agency code of config/office.toml |
| actor | `person:NAME`, `screen:NAME`, `key:NAME`, `system`, or a device's name |
| counter, ticket, dossier | what it is about, or empty |
| data | the fields below, as JSON with sorted keys |
| hash | the link of the chain |

Screens (kiosk, board) receive only kinds marked *public*, and of them only the fields in **bold**. A priority class
is never among them.

"""

CONFIGURATION_HEAD: Final = """# Configuration

Files in `config/` (TOML; another folder with `--config`). Unknown keys, wrong values and contradictions are named with
file, key and what is allowed, and nothing starts (exit 2). Restart the server after a change. Wording of every
sentence is in `config/phrases/<language>.toml`; a new language is a new file there and its name in `office.languages`.

"""


def journal() -> str:
    """docs/journal.md."""
    return JOURNAL_HEAD + "\n".join(_kinds()) + "\n"


def configuration() -> str:
    """docs/configuration.md."""
    return CONFIGURATION_HEAD + "\n".join(_files()) + "\n"


def write() -> None:
    """Renew both files."""
    for name, text in (("journal.md", journal()), ("configuration.md", configuration())):
        (DOCS / name).write_text(text, encoding="utf-8")


def _kinds() -> Iterator[str]:
    yield "| kind | meaning | fields of data |"
    yield "| --- | --- | --- |"
    for name, kind in KINDS.items():
        shown = kind.public or frozenset()
        fields = "; ".join(
            f"**{field}** {text}" if field in shown else f"`{field}` {text}" for field, text in kind.fields.items()
        )
        yield f"| `{name}`{'' if kind.public is None else ' *public*'} | {kind.meaning} | {fields or 'none'} |"


def _files() -> Iterator[str]:
    for file, keys in FILES.items():
        yield f"## config/{file}\n"
        for key in keys:
            field = Settings.model_fields.get(NAMES.get(key, key))
            if field is not None:
                yield from _section(key, field)


def _section(key: str, field: FieldInfo) -> Iterator[str]:
    model = _model(field.annotation)
    if model is None:
        yield f"`{key}`: {field.description}\n"
        return
    listed = get_origin(field.annotation) is tuple
    yield f"### {'[[' if listed else '['}{key}{']]' if listed else ']'}\n"
    yield f"{_first_line(model)}\n"
    yield "| key | value | default | meaning |"
    yield "| --- | --- | --- | --- |"
    yield from _rows(model, "")
    yield ""


def _rows(model: type[Section], prefix: str) -> Iterator[str]:
    for name, field in model.model_fields.items():
        inner = _model(field.annotation)
        text = field.description or (_first_line(inner) if inner else "")
        yield f"| {prefix}{name} | {_kind(field)} | {_default(field)} | {text} |"
        if inner is not None and inner not in (sections.Wording, sections.Hours):
            yield from _rows(inner, f"{prefix}{name}{'[].' if get_origin(field.annotation) is tuple else '.'}")


def _model(annotation: Any) -> type[Section] | None:
    if isinstance(annotation, type) and issubclass(annotation, Section):
        return annotation
    found = (_model(part) for part in get_args(annotation))
    return next((model for model in found if model is not None), None)


def _kind(field: FieldInfo) -> str:
    limits = ", ".join(filter(None, map(_limit, field.metadata)))
    return _named(field.annotation) + (f" ({limits})" if limits else "")


def _named(annotation: Any) -> str:
    parts = [part for part in get_args(annotation) if part is not type(None)]
    if get_origin(annotation) is Literal:
        return " or ".join(f"`{value}`" for value in parts)
    if get_origin(annotation) is tuple:
        return f"list of {_named(parts[0])}"
    if parts:
        return _named(parts[0])  # Annotated, or something that may be left out
    if annotation in WORDS:
        return WORDS[annotation]
    return "table" if _model(annotation) else str(getattr(annotation, "__name__", annotation))


def _limit(limit: Any) -> str:
    words = {
        annotated_types.Ge: ("at least", "ge"),
        annotated_types.Gt: ("more than", "gt"),
        annotated_types.Le: ("at most", "le"),
        annotated_types.Lt: ("less than", "lt"),
        annotated_types.MaxLen: ("longest", "max_length"),
    }
    for kind, (text, attribute) in words.items():
        if isinstance(limit, kind):
            return f"{text} {getattr(limit, attribute)}"
    pattern = getattr(limit, "pattern", None)
    return f"`{pattern}`".replace("|", "\\|") if pattern else ""


def _default(field: FieldInfo) -> str:
    if field.is_required():
        return "required"
    value = field.default
    if value is None or value == () or isinstance(value, Section):
        return "none" if value is None or value == () else "see keys"
    if isinstance(value, tuple) and isinstance(value[0], Section):
        return "one, see keys"
    if isinstance(value, tuple):
        return ", ".join(f"`{part}`" for part in value)
    if isinstance(value, bool):
        return f"`{str(value).lower()}`"
    return f"`{value}`" if value != "" else "empty"


def _first_line(model: type[Section]) -> str:
    return (model.__doc__ or "").strip().splitlines()[0]


if __name__ == "__main__":
    write()
