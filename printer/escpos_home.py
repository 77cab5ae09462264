"""A quiet place for python-escpos to be imported in.

Left alone, its import reads a JSON file of printer profiles as YAML (a quarter of a second), leaves a temporary
folder behind at every start, even when ESCPOS_CAPABILITIES_PICKLE_DIR is set, and calls logging.basicConfig().
"""

import atexit
import json
import logging
import os
import pickle
import platform
import shutil
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from importlib.util import find_spec
from pathlib import Path

_PLACE = "ESCPOS_CAPABILITIES_PICKLE_DIR"


@contextmanager
def quiet_import() -> Iterator[None]:
    """While open, ``import escpos`` is fast and leaves nothing: no log handler, no file after this program ends.

    Raises ImportError when python-escpos is not installed.
    """
    home = Path(tempfile.mkdtemp(prefix="escpos-"))
    # Removed at the end, not at once: another thread may make its own temporary file in there meanwhile.
    atexit.register(shutil.rmtree, home, ignore_errors=True)
    _profiles_into(home)
    before, tempdir, silent = os.environ.get(_PLACE), tempfile.tempdir, logging.NullHandler()
    os.environ[_PLACE] = str(home)
    tempfile.tempdir = str(home)
    logging.getLogger().addHandler(silent)  # basicConfig() leaves a logger that has a handler as it is
    try:
        yield
    finally:
        logging.getLogger().removeHandler(silent)
        tempfile.tempdir = tempdir
        if before is None:
            del os.environ[_PLACE]
        else:
            os.environ[_PLACE] = before


def _profiles_into(home: Path) -> None:
    """Write the profiles as the pickle that python-escpos would otherwise make of them, slowly."""
    found = find_spec("escpos")
    if found is None or found.origin is None:
        raise ImportError("python-escpos is not installed")
    profiles = json.loads((Path(found.origin).parent / "capabilities.json").read_text(encoding="utf-8"))
    with (home / f"{platform.python_version()}.capabilities.pickle").open("wb") as file:
        pickle.dump(profiles, file, protocol=2)
