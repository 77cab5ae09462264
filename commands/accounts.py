"""``people``, ``keys`` and ``screens``: who and what may come in."""

import sys

import click

from commands.place import SYSTEM, Place
from office import doors, people
from office.people import Role
from web.passwords import Argon2


@click.group("people")
def people_group() -> None:
    """Who may sign in."""


@people_group.command("add")
@click.argument("name")
@click.option("--role", type=click.Choice([role.value for role in Role]), required=True)
@click.option("--password-stdin", is_flag=True, help="read the password from standard input")
@click.pass_obj
def people_add(place: Place, name: str, role: str, password_stdin: bool) -> None:
    """Add a person, or renew role and password."""
    if password_stdin:
        password = sys.stdin.readline().rstrip("\r\n")
    else:
        password = click.prompt("Password", hide_input=True, confirmation_prompt=True)
    settings = place.settings()
    with place.store().act() as act:
        people.add(act, settings, Argon2(), name, Role(role), password, actor=SYSTEM)
    click.echo(f"{name} may sign in as {role}")


@people_group.command("remove")
@click.argument("name")
@click.pass_obj
def people_remove(place: Place, name: str) -> None:
    """Remove a person; their sessions end at once, the journal keeps the name."""
    settings = place.settings()
    with place.store_there().act() as act:
        people.remove(act, settings, name, actor=SYSTEM)
    click.echo(f"{name} may not sign in any more")


@click.group("keys")
def keys_group() -> None:
    """Keys for other systems."""


@keys_group.command("add")
@click.argument("name")
@click.option("--scope", "scopes", multiple=True, required=True, type=click.Choice(doors.SCOPES))
@click.pass_obj
def keys_add(place: Place, name: str, scopes: tuple[str, ...]) -> None:
    """Make a key; it is shown this once, as the last word."""
    settings = place.settings()
    with place.store().act() as act:
        secret = doors.add_key(act, settings, name, scopes, actor=SYSTEM)
    click.echo(f"key {name} ({', '.join(scopes)}): {secret}")


@keys_group.command("remove")
@click.argument("name")
@click.pass_obj
def keys_remove(place: Place, name: str) -> None:
    """Remove a key; it opens nothing from now on."""
    settings = place.settings()
    with place.store_there().act() as act:
        doors.remove_key(act, settings, name, actor=SYSTEM)
    click.echo(f"key {name} opens nothing any more")


@click.group("screens")
def screens_group() -> None:
    """Screens of the hall."""


@screens_group.command("add")
@click.argument("name")
@click.option("--kind", type=click.Choice(["kiosk", "board"]), required=True)
@click.pass_obj
def screens_add(place: Place, name: str, kind: doors.ScreenKind) -> None:
    """Make a screen and print the code to type on it within half an hour."""
    settings = place.settings()
    with place.store().act() as act:
        code = doors.add_screen(act, settings, name, kind, actor=SYSTEM)
    click.echo(f"open /{kind} on the screen and type {code}")


@screens_group.command("remove")
@click.argument("name")
@click.pass_obj
def screens_remove(place: Place, name: str) -> None:
    """Remove a screen; its pairing ends at once."""
    settings = place.settings()
    with place.store_there().act() as act:
        doors.remove_screen(act, settings, name, actor=SYSTEM)
    click.echo(f"screen {name} is no longer paired")
