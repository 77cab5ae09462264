"""What a page was drawn from: a screen that runs for weeks draws itself anew when that has changed."""

import hashlib
from pathlib import Path

from web.hall import Hall

SHARED = Path(__file__).resolve().parent


def edition(hall: Hall, folder: Path) -> str:
    """A fingerprint of configuration, words and program: the templates and static files of the face in ``folder``, and
    those of all."""
    mark = hashlib.sha256(hall.settings.model_dump_json().encode())
    for language in hall.phrases.languages:
        for part in sorted({key.partition(".")[0] for key in hall.phrases.keys(language)}):
            mark.update(repr((part, sorted(hall.phrases.section(language, part).items()))).encode())
    drawn = (where / part for where in (folder, SHARED) for part in ("templates", "static"))
    for path in sorted(path for part in drawn for path in part.rglob("*.*")):
        mark.update(path.read_bytes())
    return mark.hexdigest()[:16]
