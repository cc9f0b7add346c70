"""Where an installation's own settings come from: environment, then `orderwright.toml`, then the defaults."""

import os
import tomllib
from collections.abc import Mapping
from pathlib import Path
from typing import Any, NamedTuple

KEY_FILE = "secrets.key"
"""What the file with the key is called, in the data folder."""
FILE_NAME = "orderwright.toml"


class BadDeployment(Exception):
    """The file or the environment says something that cannot be; `str()` of it is what people read."""


class Known(NamedTuple):
    """One setting of an installation: its environment variable and default."""

    variable: str
    default: str | None
    says: str


KNOWN: Mapping[str, Known] = {
    "data": Known("ORDERWRIGHT_DATA", "./orderwright-data", "folder of the embedded database and of files"),
    "database_url": Known("DATABASE_URL", None, "a PostgreSQL to use instead of the embedded one"),
    "store": Known("ORDERWRIGHT_STORE", "main", "the command line's store; over HTTP the key names it"),
    "host": Known("ORDERWRIGHT_HOST", "127.0.0.1", "address `serve` listens at"),
    "port": Known("ORDERWRIGHT_PORT", "8080", "port `serve` listens at"),
    "processes": Known("ORDERWRIGHT_PROCESSES", "1", "serving processes that share the port"),
}
STORE_SETTINGS = "settings"
"""The table of `orderwright.toml` with what settings of stores are where a store itself says nothing."""


class Deployment(NamedTuple):
    """What is in force. `sources`: where each came from (the variable's name, the file's path, or "default")."""

    database_url: str | None
    folder: Path
    store: str
    host: str
    port: int
    processes: int
    store_settings: Mapping[str, Any]
    sources: Mapping[str, str]

    @property
    def key_file(self) -> Path:
        """Where the key lies that secrets in the database are enclosed by."""
        return self.folder / KEY_FILE


def read_deployment(environment: Mapping[str, str] | None = None, folder: Path | None = None) -> Deployment:
    """What is in force here: `folder` (the working directory) may hold an `orderwright.toml`.

    Raises BadDeployment for a file that cannot be read, names nobody knows, or values that cannot be.
    """
    environment = os.environ if environment is None else environment
    path = (Path.cwd() if folder is None else folder) / FILE_NAME
    said = _read_file(path)
    values: dict[str, str | None] = {}
    sources: dict[str, str] = {}
    for name, known in KNOWN.items():
        if environment.get(known.variable):
            values[name], sources[name] = environment[known.variable], known.variable
        elif name in said:
            values[name], sources[name] = str(said[name]), str(path)
        else:
            values[name], sources[name] = known.default, "default"
    return Deployment(
        values["database_url"],
        Path(values["data"] or "").expanduser(),
        values["store"] or "",
        values["host"] or "",
        _number("port", values["port"], sources, 0, 65_535),
        _number("processes", values["processes"], sources, 1, 64),
        said.get(STORE_SETTINGS, {}),
        sources,
    )


def _read_file(path: Path) -> dict[str, Any]:
    try:
        said = tomllib.loads(path.read_text())
    except FileNotFoundError:
        return {}
    except (OSError, UnicodeDecodeError, tomllib.TOMLDecodeError) as wrong:
        raise BadDeployment(f"{path} cannot be read: {wrong}") from wrong
    unknown = sorted(set(said) - {*KNOWN, STORE_SETTINGS})
    if unknown:
        raise BadDeployment(f"{path}: nobody knows {', '.join(unknown)}. Known are {', '.join(KNOWN)}.")
    return said


def _number(name: str, text: str | None, sources: Mapping[str, str], least: int, most: int) -> int:
    try:
        number = int(text or "")
    except ValueError:
        number = -1
    if not least <= number <= most:
        raise BadDeployment(f"{name} is {text!r} ({sources[name]}); it must be a number from {least} to {most}.")
    return number
