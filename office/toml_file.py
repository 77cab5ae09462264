"""A file of the configuration, read as TOML."""

import tomllib
from pathlib import Path
from typing import Any

from office.errors import ConfigurationError


def read_toml(path: Path) -> dict[str, Any]:
    """What it says. Raises ConfigurationError, naming the file, when it is missing or no TOML."""
    try:
        return tomllib.loads(path.read_text(encoding="utf-8"))
    except FileNotFoundError as fault:
        raise ConfigurationError(f"{path}: the file is missing") from fault
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as fault:
        raise ConfigurationError(f"{path}: not valid TOML: {fault}") from fault
