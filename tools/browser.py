"""Finds the Chromium that tests, pictures and benchmarks drive: the machine's own, else playwright's.

As a program it prints the path and ends with 1 when no Chromium starts (tools/setup.sh asks so).
"""

import os
import shutil
import subprocess
import sys
from functools import cache
from pathlib import Path

from playwright.sync_api import sync_playwright

NAMES = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable")

WINDOWS_PLACES = ("Microsoft/Edge/Application/msedge.exe", "Google/Chrome/Application/chrome.exe")


@cache
def chromium() -> str | None:
    """The path of a Chromium that starts, or None.

    ``CHROMIUM`` in the environment comes first, then NAMES along ``PATH``, then the one that
    ``playwright install chromium`` has fetched. Pass it on as ``executable_path``.
    """
    own = os.environ.get("CHROMIUM")
    if sys.platform == "win32":
        return own or installed_on_windows() or bundled()
    found = [own] if own else [path for name in NAMES if (path := shutil.which(name))]
    return next((path for path in found if starts(path)), None) or bundled()


def installed_on_windows() -> str | None:
    """Edge or Chrome where their installers put them. Not started to see: they would open a window."""
    folders = (os.environ.get(name) for name in ("PROGRAMFILES", "PROGRAMFILES(X86)", "LOCALAPPDATA"))
    found = (Path(folder) / place for folder in folders if folder for place in WINDOWS_PLACES)
    return next((str(path) for path in found if path.exists()), None)


def bundled() -> str | None:
    """The Chromium that playwright fetched for itself, when there is one and it starts."""
    with sync_playwright() as playwright:
        path = playwright.chromium.executable_path
    return path if Path(path).exists() and starts(path) else None


def starts(path: str) -> bool:
    """Whether the program tells its version: Ubuntu's stand-in for snap, for one, only complains."""
    try:
        asked = subprocess.run([path, "--version"], capture_output=True, timeout=20, check=False)
    except (OSError, subprocess.TimeoutExpired):
        return False
    return asked.returncode == 0


if __name__ == "__main__":
    answer = chromium()
    print(answer or "no Chromium starts on this machine", file=sys.stdout if answer else sys.stderr)
    sys.exit(0 if answer else 1)
