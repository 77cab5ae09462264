"""What every staff page is drawn with: its words, who is signed in, and the data its script starts with."""

from functools import partial
from typing import Any

from flask import render_template

from office.people import SUPERVISING, Role, Session
from web.hall import Hall
from web.problems import page_language


def draw(hall: Hall, name: str, session: Session | None, data: dict[str, Any], **more: Any) -> str:
    """The page of the template ``staff/<name>.html``; ``data`` is for its script, ``more`` for the template."""
    language = page_language(hall)
    supervises = session is not None and session.person.role in SUPERVISING
    others = [code for code in hall.settings.office.languages if code != language]
    return render_template(
        f"staff/{name}.html",
        face="staff",
        language=language,
        say=partial(hall.phrases.say, language),
        others=[(code, hall.phrases.say(code, "kiosk.tool.language")) for code in others],
        me=session.person if session else None,
        my_role=role_name(hall, session.person.role) if session else "",
        csrf=session.csrf if session else "",
        data={"supervisor": supervises}
        | data
        | {"language": language, "words": words(hall, language) | data.get("words", {})},
        **more,
    )


def words(hall: Hall, language: str) -> dict[str, str]:
    """The phrases that a page's script fills in by itself."""
    why = {f"why.{key}": phrase for key, phrase in hall.phrases.section(language, "why").items()}
    faults = {f"fault.{key}": phrase for key, phrase in hall.phrases.section(language, "printer.fault").items()}
    cameras = {f"camera.{key}": phrase for key, phrase in hall.phrases.section(language, "camera.fault").items()}
    troubles = {f"trouble.{key}": phrase for key, phrase in hall.phrases.section(language, "camera.trouble").items()}
    disk = {f"disk.{key}": phrase for key, phrase in hall.phrases.section(language, "disk.fault").items()}
    return hall.phrases.section(language, "staff") | why | faults | cameras | troubles | disk


def role_name(hall: Hall, role: Role) -> str:
    """A role in the page's language."""
    return hall.phrases.say(page_language(hall), f"staff.role.{role.value}")
