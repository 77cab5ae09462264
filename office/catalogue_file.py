"""A catalogue file: JSON lines read whole, or refused with every fault named by line and field."""

import json
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import ClassVar, Final

from pydantic import ValidationError

from office.catalogue_entry import Procedure
from office.catalogue_source import RawLine, UnknownChannel, shown
from office.errors import Invalid

MAX_LINE: Final = 400_000
MAX_LINES: Final = 5_000
TOLD: Final = 20
"""Faults told of a refused file; the rest are only counted."""

REPEATED: Final = 3
"""Codes that share name, channels and papers from which on the source's page is not believed to be theirs."""


class CatalogueRefused(Invalid):
    """The file was not imported and nothing changed. ``params``: line, field, reason of the first fault, count of
    all, ``errors`` the first ``TOLD`` as {line, field, reason}. Reasons have phrases under ``catalogue.reason``.
    """

    key: ClassVar[str] = "catalogue.refused"


@dataclass(frozen=True, slots=True)
class Fault:
    """What is wrong in a file: line number (1 is the first, 0 the file), path of the field, reason."""

    line: int
    field: str
    reason: str


REASONS: Final[Mapping[str, str]] = {
    "missing": "missing",
    "string_too_long": "too_long",
    "too_long": "too_long",
    "string_too_short": "missing",
    "too_short": "missing",
    "value_error": "bad_value",
    "string_pattern_mismatch": "bad_value",
    "less_than_equal": "bad_value",
    "greater_than_equal": "bad_value",
}
"""Pydantic's words for a fault in ours; any other is a wrong type."""


def read_catalogue(lines: Iterable[str | bytes], called: Mapping[str, tuple[str, ...]]) -> list[Procedure]:
    """All procedures in ``lines`` (JSON lines; blank ones passed over), in order.

    ``called`` gives the keywords of codes whose line has none. Raises CatalogueRefused telling every fault.
    """
    found: dict[str, Procedure] = {}
    faults: list[Fault] = []
    for number, line in enumerate(lines, start=1):
        if number > MAX_LINES:
            faults.append(Fault(number, "", "too_many_lines"))
            break
        if line.strip():
            faults.extend(_take(number, line, called, found))
    if not found and not faults:
        faults.append(Fault(0, "", "empty"))
    if faults:
        raise _refused(faults)
    return _doubting_repeats(list(found.values()))


def _take(
    number: int, line: str | bytes, called: Mapping[str, tuple[str, ...]], found: dict[str, Procedure]
) -> Iterator[Fault]:
    """Put the procedure of ``line`` into ``found``, or yield what is wrong with it."""
    if len(line) > MAX_LINE:
        yield Fault(number, "", "line_too_long")
        return
    try:
        raw = RawLine.model_validate(_parsed(line))
        procedure = shown(raw, called.get(raw.code, ()))
    except ValidationError as fault:
        yield from (Fault(number, _path(e["loc"]), REASONS.get(e["type"], "bad_type")) for e in fault.errors())
    except UnknownChannel as fault:
        yield Fault(number, str(fault), "unknown_channel")
    except (ValueError, RecursionError):
        yield Fault(number, "", "bad_json")
    else:
        if procedure.code in found:
            yield Fault(number, "code", "duplicate")
        found.setdefault(procedure.code, procedure)


def _parsed(line: str | bytes) -> object:
    text = line.decode("utf-8-sig") if isinstance(line, bytes) else line.removeprefix("\ufeff")
    return json.loads(text, parse_constant=_no_constant)


def _no_constant(name: str) -> object:
    raise ValueError(f"{name} is not JSON")


def _path(loc: tuple[int | str, ...]) -> str:
    """The place of a fault as a person writes it (``channels.0.fee``)."""
    return ".".join(map(str, loc))


def _refused(faults: list[Fault]) -> CatalogueRefused:
    first = faults[0]
    return CatalogueRefused(
        f"line {first.line}: {first.field or 'line'}: {first.reason} ({len(faults)} faults in all)",
        line=first.line,
        field=first.field,
        reason=first.reason,
        count=len(faults),
        errors=[{"line": f.line, "field": f.field, "reason": f.reason} for f in faults[:TOLD]],
    )


def _doubting_repeats(procedures: list[Procedure]) -> list[Procedure]:
    """Mark entries whose whole text stands under several codes: the crawl met the wrong page for most of them."""
    seen = Counter((p.name, p.channels, p.papers) for p in procedures)
    return [
        p.model_copy(update={"caveats": (*p.caveats, "repeated_entry")})
        if seen[p.name, p.channels, p.papers] >= REPEATED
        else p
        for p in procedures
    ]
