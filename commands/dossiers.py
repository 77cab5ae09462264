"""``dossiers import`` and ``erase``: a file of the province's system into the register, a person out of it."""

import sys
from pathlib import Path

import click

from commands.place import SYSTEM, Place
from ledger.importing import import_file
from office.dossier_import import ImportRefused, Progress, Report, explained
from office.dossier_persons import erase
from office.errors import OfficeError


@click.group("dossiers")
def dossiers_group() -> None:
    """The register of dossiers."""


@dossiers_group.command("import")
@click.argument("file", type=click.Path(exists=True, dir_okay=False, path_type=Path))
@click.option("--accept-unknown-codes", "confirmed", is_flag=True, help="codes of a shape not known count as confirmed")
@click.option("--language", default="", help="language of what is told of a refused file (default: the office's)")
@click.pass_obj
def dossiers_import(place: Place, file: Path, confirmed: bool, language: str) -> None:
    """Import FILE (CSV, XLSX or JSON lines), all of it or nothing; also beside a running server."""
    settings = place.settings()
    phrases = place.phrases(settings)
    language = language if language in phrases.languages else phrases.default
    try:
        with click.progressbar(length=100, label="Reading", file=sys.stderr) as bar:

            def show(progress: Progress) -> None:
                bar.update(int(progress.share * 100) - bar.pos)
                if progress.doing == "writing":
                    bar.label = "Writing"
                    bar.render_progress()

            done = import_file(place.store(), settings, file, actor=SYSTEM, confirmed=confirmed, progress=show)
    except ImportRefused as refusal:
        click.echo(explained(phrases, language, refusal), err=True)
        raise OfficeError(f"{file.name}: nothing was imported; {refusal.params['count']} to mend") from refusal
    _tell(done)


@dossiers_group.command("erase")
@click.argument("code")
@click.pass_obj
def dossiers_erase(place: Place, code: str) -> None:
    """Erase what is kept of persons about the dossier CODE: applicant, owner, clerks' own words; also beside a running
    server. The dossier itself stays."""
    settings, store = place.settings(), place.store_there()
    with store.act() as act:
        rows = erase(act, settings, code, actor=SYSTEM)
    store.close()
    click.echo(f"{rows} rows erased; imports bring no applicant of this dossier back")
    click.echo("  copies remain in backups and exported files until their days are over")


def _tell(done: Report) -> None:
    click.echo(f"{done.rows} dossiers: {done.added} added, {done.changed} changed, {done.same} as they were")
    if done.ours:
        click.echo(f"  {done.ours} told something older than what the office did since; that stays")
    if done.erased:
        click.echo(f"  {done.erased} told of an applicant who was erased; that stays so")
    if done.totals:
        click.echo(f"  lines passed over because they only sum up: {', '.join(map(str, done.totals))}")
    if done.sheets:
        click.echo(f"  NOT imported, further sheets of the file: {', '.join(done.sheets)}")
    if done.unused:
        click.echo(f"  columns not used: {', '.join(done.unused)}")
