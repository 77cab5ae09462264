"""The rules of the house as checks over the sources: which way imports go, and how files are named and sized.

``problems(root)`` reads a tree and runs nothing of it; docs/architecture.md says why each rule is
there. As a program (``python -m tools.house``) it prints what is wrong in this project and ends with 1 if
anything is.
"""

import ast
import re
import sys
from collections.abc import Callable, Iterator
from pathlib import Path

from tools.sources import House, Source, ring

BASES = ("apart", "simulation")  # below the devices: a killable process, a simulator's panel; they know no office
DEVICES = ("printer", "scanner", "camera", "display.voice", "forms", "ledger")
FACES = ("kiosk", "staff", "display.board")
# Room -> the rooms it may import besides itself.
MAY_IMPORT: dict[str, tuple[str, ...]] = {
    "office": (),
    **dict.fromkeys(BASES, ()),
    "web": ("office",),
    **dict.fromkeys(FACES, ("web", "office")),
    **dict.fromkeys(DEVICES, ("office", *BASES)),
    "commands": ("web", "office", "ledger"),  # the command line's part that needs no device; files are none
    "demo": ("office", "apart"),  # the demo office: filled by the core's own acts, its devices are other processes
}
# These see everything; no room may look back at them.
OUTSIDE = ("server", "tests", "benchmarks", "tools")

# The files of office/, from the ground up: each imports only files that stand before it. A new file is
# written in here, at the lowest place that has what it needs (and in docs/architecture.md).
OFFICE_ORDER = (
    *(
        "errors",
        "toml_file",
        "clock",
        "code128",
        "dossier_kinds",
        "camera_kinds",
        "kinds",
        "catalogue_text",
        "dossier_code",
        "scans",
    ),
    *("legacy_text", "dossier_cells"),
    *(
        "sections",
        "import_sections",
        "dossier_sections",
        "scan_sections",
        "form_settings",
        "camera_sections",
        "camera_places",
    ),
    *("workday", "worktime", "settings", "phrases", "tickets", "discipline"),
    *("catalogue_tables", "dossier_tables", "footage_tables", "schema", "changes", "unwritten", "store", "answers"),
    *("dossier_projection", "projection", "journal", "follow", "replay", "lock"),
    *("dossiers", "dossier_reentry", "near_front"),
    *("form_parts", "form_text", "form_matter", "form_slips", "form_letters", "form_ledger", "forms"),
    *("counters", "lines", "standing", "waits", "issuing", "returns", "closing", "turns"),
    *("catalogue_entry", "catalogue_money", "catalogue_source", "catalogue_file"),
    *("catalogue_index", "procedures", "deadline_steps", "deadlines"),
    *("dossier_term", "dossier_merge", "dossier_persons", "dossier_fields", "dossier_compare", "dossier_rows"),
    *("dossier_change", "dossier_correct", "dossier_intake", "dossier_acts"),
    *("dossier_columns", "dossier_readers", "dossier_table", "dossier_import"),
    *("form_register",),
    *("overdue_seen", "scan_actions"),
    *(
        "footage",
        "clock_reads",
        "clips",
        "footage_errors",
        "watching",
        "visits",
        "holding",
        "retention",
        "outages",
        "footage_gaps",
    ),
    *("visit_filters", "troubles", "watched"),
    *("evidence", "form_evidence"),
    *("people", "doors", "figures"),
)
# What the core itself is made of: typed settings and tables.
OFFICE_VENDORS = ("pydantic", "pydantic_core", "sqlite_utils")
WEB_VENDORS = ("flask", "werkzeug", "jinja2", "markupsafe", "waitress")
# Each is heavy or tied to hardware: imported in one driver file of a device folder, which configuration
# names (DRIVERS) and nobody imports.
DEVICE_VENDORS = (
    *("escpos", "cv2", "pyzbar", "zxingcpp", "pyttsx3", "serial", "av", "usb", "win32print"),
    *("reportlab", "openpyxl"),
)

VAGUE = re.compile(r"(utils?|helpers?|commons?|misc|managers?)", re.IGNORECASE)
SQL = re.compile(
    r"\s*(SELECT|INSERT|UPDATE|DELETE|CREATE|ALTER|DROP|PRAGMA|REPLACE|WITH|BEGIN|COMMIT|ROLLBACK)(\s+[\w*(]|$)"
)
LONGEST = 400


def problems(root: Path) -> list[str]:
    """What is wrong in the tree below ``root``, one line each, `path:line` first; empty when all holds."""
    house = House(root)
    return [finding for rule in RULES for finding in rule(house)]


# ---- the rules ---------------------------------------------------------------------------------


def rooms_import_downward(house: House) -> Iterator[str]:
    """Faces see web and office, devices see office, office sees nobody; nobody sees server.py or tests."""
    for source in house.sources.values():
        for own, one in house.within(source):
            if not _allowed(source, own):
                yield f"{source.at(one.line)} {source.room or source.name} may not import {own}"


def display_is_divided(house: House) -> Iterator[str]:
    """display/ is two rooms, board (a face) and voice (a device); its own __init__ imports neither."""
    for source in house.sources.values():
        if source.room.startswith("display.") and source.room not in MAY_IMPORT:
            yield f"{source.at(1)} display has two parts, display.board and display.voice"


def office_imports_downward(house: House) -> Iterator[str]:
    """Inside office/ each file imports only files that stand before it in OFFICE_ORDER."""
    for source in house.sources.values():
        if source.room != "office" or source.name == "office":
            continue
        mine = _place(source.name)
        if mine < 0:
            yield f"{source.at(1)} give it its place in OFFICE_ORDER (tools/house.py)"
            continue
        for own, one in house.within(source):
            if own != source.name and own.startswith("office.") and _place(own) >= mine:
                yield f"{source.at(one.line)} {own} stands above {source.name}"


def office_has_few_vendors(house: House) -> Iterator[str]:
    """Of third parties office/ imports only what the core is made of."""
    for source, one in house.within_rooms(("office",)):
        top = one.target.partition(".")[0]
        if top not in sys.stdlib_module_names and top not in OFFICE_VENDORS and top != "office":
            yield f"{source.at(one.line)} office may not import {top}"


def devices_know_no_web(house: House) -> Iterator[str]:
    """A device never imports Flask or what belongs to it."""
    for source, one in house.within_rooms(DEVICES):
        if one.target.partition(".")[0] in WEB_VENDORS:
            yield f"{source.at(one.line)} a device may not import {one.target}"


def vendors_have_one_driver(house: House) -> Iterator[str]:
    """A device vendor is imported in one file of a device folder, and nowhere else."""
    first: dict[tuple[Path, str], Path] = {}
    for source in house.sources.values():
        if source.room in OUTSIDE and source.room != "server":
            continue
        for one in source.imports:
            vendor = one.target.partition(".")[0]
            if vendor not in DEVICE_VENDORS:
                continue
            if source.room not in DEVICES:
                yield f"{source.at(one.line)} {vendor} belongs into a driver file of a device"
            elif first.setdefault((source.path.parent, vendor), source.path) != source.path:
                yield f"{source.at(one.line)} {vendor} has its driver file: {first[source.path.parent, vendor]}"


def drivers_load_on_demand(house: House) -> Iterator[str]:
    """No driver file is loaded just because the server starts: configuration names it."""
    graph = house.graph()
    seen, left = {"server"}, ["server"] if "server" in house.sources else []
    while left:
        for name in graph[left.pop()] - seen:
            seen.add(name)
            left.append(name)
    for name in sorted(seen & house.sources.keys()):
        source = house.sources[name]
        for one in source.imports:
            if one.target.partition(".")[0] in DEVICE_VENDORS:
                yield f"{source.at(one.line)} server.py loads this driver, chosen or not"


def imports_stand_on_top(house: House) -> Iterator[str]:
    """No import in a function, and none by name (`__import__`, `import_module`): DRIVERS use resolve_name."""
    for source in house.sources.values():
        for one in source.imports:
            if one.inside:
                yield f"{source.at(one.line)} import of {one.target} inside a function"
        for node in ast.walk(source.tree):
            called = node.func if isinstance(node, ast.Call) else None
            name = getattr(called, "id", None) or getattr(called, "attr", None)
            if name in ("__import__", "import_module"):
                yield f"{source.at(getattr(node, 'lineno', 1))} import by name with {name}"


def no_cycles(house: House) -> Iterator[str]:
    """No module imports itself by way of others."""
    graph = house.graph()
    done: set[str] = set()
    for name in sorted(graph):
        found = ring(graph, name, [], done)
        if found:
            yield f"{house.sources[found[0]].at(1)} imports go in a ring: {' -> '.join([*found, found[0]])}"


def sql_lives_in_office(house: House) -> Iterator[str]:
    """No SQL outside office/ (tests, benchmarks and tools may look into the tables)."""
    for source in house.sources.values():
        if source.room == "office" or (source.room in OUTSIDE and source.room != "server"):
            continue
        for node in ast.walk(source.tree):
            if isinstance(node, ast.Constant) and isinstance(node.value, str) and _is_sql(node.value):
                yield f"{source.at(node.lineno)} SQL outside office/"


def names_say_something(house: House) -> Iterator[str]:
    """No utils, helpers, common, misc or manager; nothing that shadows the standard library."""
    for source in house.sources.values():
        for part in source.path.with_suffix("").parts:
            if VAGUE.fullmatch(part):
                yield f"{source.at(1)} the name {part} says nothing"
            elif part in sys.stdlib_module_names and part != "__init__":
                yield f"{source.at(1)} the name {part} shadows the standard library"


def files_are_short(house: House) -> Iterator[str]:
    """A file that passes LONGEST lines is two files."""
    for source in house.sources.values():
        if source.lines > LONGEST:
            yield f"{source.at(source.lines)} {source.lines} lines: two files in one?"


def tests_do_not_patch(house: House) -> Iterator[str]:
    """Tests turn the dials of fakes and simulators; they patch nothing."""
    for source, one in house.within_rooms(("tests",)):
        if one.target.startswith(("unittest.mock", "mock", "pytest_mock")):
            yield f"{source.at(one.line)} tests patch nothing: give the fake a dial"
    for source in house.sources.values():
        for node in ast.walk(source.tree):
            if isinstance(node, ast.Attribute) and node.attr == "setattr" and _named(node.value, "monkeypatch"):
                yield f"{source.at(node.lineno)} tests patch nothing: give the fake a dial"


RULES: tuple[Callable[[House], Iterator[str]], ...] = (
    rooms_import_downward,
    display_is_divided,
    office_imports_downward,
    office_has_few_vendors,
    devices_know_no_web,
    vendors_have_one_driver,
    drivers_load_on_demand,
    imports_stand_on_top,
    no_cycles,
    sql_lives_in_office,
    names_say_something,
    files_are_short,
    tests_do_not_patch,
)


# ---- how they look ------------------------------------------------------------------------------


def _allowed(source: Source, own: str) -> bool:
    theirs = ".".join(own.split(".")[:2]) if own.startswith("display.") else own.partition(".")[0]
    if theirs in ("server", "tests"):
        return False
    if source.room == "server":
        return theirs not in OUTSIDE
    if source.room in OUTSIDE or source.room == theirs:
        return True
    if theirs == "display":  # the bare package, empty on purpose
        return source.room.startswith("display.")
    return theirs in MAY_IMPORT.get(source.room, ())


def _place(name: str) -> int:
    """Where a module of office/ stands in the order; -1 when it does not."""
    parts = name.split(".")
    if len(parts) == 1:
        return -1
    return OFFICE_ORDER.index(parts[1]) if parts[1] in OFFICE_ORDER else -1


def _is_sql(text: str) -> bool:
    """Whether a literal begins as a statement does, in capitals and with something after the verb."""
    verb = SQL.match(text)
    return bool(verb and (verb[2] or verb[1] in ("BEGIN", "COMMIT", "ROLLBACK")))


def _named(node: ast.expr, name: str) -> bool:
    return isinstance(node, ast.Name) and node.id == name


def main() -> int:
    """Check this project; the number of findings decides the exit code."""
    found = problems(Path(__file__).resolve().parent.parent)
    print("\n".join(found) or "the rules of the house hold")
    return min(len(found), 1)


if __name__ == "__main__":
    sys.exit(main())
