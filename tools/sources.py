"""The Python sources of a tree, read by ``ast`` and never run: their names, rooms and imports."""

import ast
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path


@dataclass(frozen=True, slots=True)
class Import:
    """One imported module, as written (relative ones resolved), with its line."""

    target: str
    line: int
    inside: bool
    """Whether it stands in a function."""


@dataclass(frozen=True)
class Source:
    """One Python file of the tree. ``name`` is its dotted module name."""

    path: Path
    name: str
    text: str

    @property
    def lines(self) -> int:
        """How many it has."""
        return self.text.count("\n")

    @cached_property
    def tree(self) -> ast.Module:
        """What it says, parsed when it is first asked for."""
        return ast.parse(self.text, filename=str(self.path))

    @property
    def room(self) -> str:
        """The room it stands in: the first part of its name, for display the first two."""
        parts = self.name.split(".")
        return ".".join(parts[:2]) if parts[0] == "display" else parts[0]

    @cached_property
    def imports(self) -> list[Import]:
        """Everything it imports, `if TYPE_CHECKING` included."""
        return list(_imports(self.tree, self, inside=False))

    def at(self, line: int) -> str:
        """``path:line`` for messages."""
        return f"{self.path.as_posix()}:{line}"


class House:
    """All sources below ``root``; hidden folders and office data are no sources."""

    def __init__(self, root: Path) -> None:
        self._folders = {path.name for path in root.iterdir() if path.is_dir()}
        self.sources = {source.name: source for source in (_source(path, root) for path in _files(root))}

    def within(self, source: Source) -> Iterator[tuple[str, Import]]:
        """The house's own modules that ``source`` imports, each with its import."""
        for one in source.imports:
            own = self._own(one.target)
            if own:
                yield own, one

    def within_rooms(self, rooms: tuple[str, ...]) -> Iterator[tuple[Source, Import]]:
        """Every import of the sources in ``rooms``."""
        return ((s, one) for s in self.sources.values() if s.room in rooms for one in s.imports)

    def graph(self) -> dict[str, set[str]]:
        """Module -> the modules of the house that it imports."""
        return {
            name: {own for own, _ in self.within(source) if own in self.sources and own != name}
            for name, source in self.sources.items()
        }

    def _own(self, target: str) -> str | None:
        """``target`` cut to a module that exists here (`office.errors.NotFound` -> `office.errors`)."""
        parts = target.split(".")
        for end in range(len(parts), 0, -1):
            name = ".".join(parts[:end])
            if name in self.sources:
                return name
        return target if parts[0] in self._folders else None


def _files(root: Path) -> list[Path]:
    found = root.rglob("*.py")
    return sorted(path for path in found if not any(part.startswith(".") for part in path.relative_to(root).parts))


def _source(path: Path, root: Path) -> Source:
    text = path.read_text(encoding="utf-8")
    relative = path.relative_to(root)
    parts = relative.with_suffix("").parts
    name = ".".join(parts[:-1] if parts[-1] == "__init__" else parts)
    return Source(relative, name, text)


def _imports(node: ast.AST, source: Source, *, inside: bool) -> Iterator[Import]:
    for child in ast.iter_child_nodes(node):
        if isinstance(child, ast.Import):
            for alias in child.names:
                yield Import(alias.name, child.lineno, inside)
        elif isinstance(child, ast.ImportFrom):
            base = _absolute(child, source)
            for alias in child.names:
                yield Import(f"{base}.{alias.name}", child.lineno, inside)
        else:
            function = isinstance(child, ast.FunctionDef | ast.AsyncFunctionDef | ast.Lambda)
            yield from _imports(child, source, inside=inside or function)


def _absolute(node: ast.ImportFrom, source: Source) -> str:
    if not node.level:
        return node.module or ""
    package = source.name.split(".")
    if source.path.name != "__init__.py":
        package.pop()
    package = package[: len(package) - node.level + 1]
    return ".".join([*package, *([node.module] if node.module else [])])


def ring(graph: dict[str, set[str]], name: str, way: list[str], done: set[str]) -> list[str]:
    """The first ring of modules found by walking on from ``name``; modules walked to the end are ``done``."""
    if name in way:
        return way[way.index(name) :]
    if name in done:
        return []
    for following in sorted(graph[name]):
        found = ring(graph, following, [*way, name], done)
        if found:
            return found
    done.add(name)
    return []
