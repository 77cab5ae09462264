"""``procedures``, ``journal``, ``backup`` and ``restore``: what is posted and what happened."""

import json
from pathlib import Path

import click

from commands.place import FILE, SYSTEM, Place
from office import journal, procedures, replay
from office.errors import OfficeError


@click.group("procedures")
def procedures_group() -> None:
    """The posted catalogue."""


@procedures_group.command("import")
@click.argument("file", type=click.Path(exists=True, dir_okay=False, path_type=Path))
@click.pass_obj
def procedures_import(place: Place, file: Path) -> None:
    """Post the procedures of FILE (JSON lines) in place of the present ones; all or nothing."""
    settings = place.settings()
    with file.open("rb") as lines, place.store().act() as act:
        done = procedures.import_lines(act, settings, lines, actor=SYSTEM)
    click.echo(f"{done.total} procedures: {done.added} added, {done.changed} changed, {done.removed} removed")
    for caveat, count in sorted(done.caveats.items()):
        click.echo(f"  {count} × {caveat}")


@click.group("journal")
def journal_group() -> None:
    """The journal."""


@journal_group.command("verify")
@click.pass_obj
def journal_verify(place: Place) -> None:
    """Check every link of the chain, and that a replay gives the tables as they are."""
    store = place.store_there()
    count = journal.verify(store.read())
    click.echo(f"{count} events, the chain is whole")
    wrong = replay.rehearse(store)
    if wrong:
        raise OfficeError(f"a replay differs from the tables: {wrong}")
    click.echo("a replay gives the same tables")


@journal_group.command("export")
@click.option("--since", default=0, show_default=True, type=click.IntRange(0))
@click.pass_obj
def journal_export(place: Place, since: int) -> None:
    """Print events as JSON lines."""
    for event in journal.walk(place.store_there().read(), since):
        row = {name: getattr(event, name) for name in event.__slots__}
        click.echo(json.dumps(row, ensure_ascii=False))


@click.command()
@click.argument("file", type=click.Path(path_type=Path))
@click.pass_obj
def backup(place: Place, file: Path) -> None:
    """Copy the office's file to FILE, also while the server runs."""
    replay.backup(place.store_there(), file)
    click.echo(f"saved to {file}")


@click.command()
@click.argument("file", type=click.Path(path_type=Path))
@click.pass_obj
def restore(place: Place, file: Path) -> None:
    """Put the backup FILE in place of the office's file; the server must not run."""
    moved = replay.restore(file, place.data / FILE)
    click.echo(f"restored from {file}" + (f"; what stood there is now {moved}" if moved else ""))
