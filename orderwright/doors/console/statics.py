"""Styles, scripts and pictures, named by their content, packed once, kept by browsers for ever."""

import gzip
import json
import mimetypes
import re
from collections.abc import Mapping
from functools import cache
from hashlib import sha256
from pathlib import Path
from typing import NamedTuple

from orderwright.doors.api.bodies import Headers
from orderwright.doors.console.reply import Reply
from orderwright.values.refusal import Refusal

HERE = Path(__file__).parent
OWN, VENDOR = HERE / "static", HERE / "vendor"
STYLES = (
    "tokens.css",
    "base.css",
    "parts.css",
    "shell.css",
    "orders.css",
    "new_order.css",
    "exceptions.css",
    "floor.css",
    "charts.css",
    "today.css",
    "reports.css",
    "practice.css",
    "settings.css",
)
"""Our own style sheets, in the order they are put together into one."""
PORTAL = HERE.parent / "portal" / "static"
PORTAL_STYLES = ("tokens.css", "base.css", "parts.css")
"""Our style sheets that customers' pages share; their own follow."""
OTHERS = {
    "htmx.js": "htmx.min.js",
    "vega.js": "vega.min.js",
    "vega-lite.js": "vega-lite.min.js",
    "vega-interpreter.js": "vega-interpreter.js",
}
"""Scripts of others, by the names they are asked for."""
VEGA_IMPORT = re.compile(rb"^import (\{[\w, ]+\}) from 'vega-util';$", re.MULTILINE)
"""What a browser cannot find by that name; vega.js holds the same."""
MANIFEST = "manifest.webmanifest"
"""What puts the floor on a phone's home screen, with a picture of ours."""
ICONS = {"icon-192.png": "192x192", "icon-512.png": "512x512"}
"""Drawn from icon.svg by tools/app_icons.py, with room all round, so that a phone may cut them round."""
MISSING = """\
The files of the console's pages are missing ({missing}).
They are taken in when the package is installed. In a checkout:
    python hatch_build.py
"""


class FilesMissing(Exception):
    """The files that come from others were never taken in; `str()` of it is what people read."""


class Static(NamedTuple):
    """One file as it is sent: plain, and packed where that is shorter."""

    content: bytes
    packed: bytes | None
    media: str


class Statics:
    """All static files, in memory. `address("console.css")` is where one is found."""

    def __init__(self) -> None:
        self._by_address: dict[str, Static] = {}
        self._addresses: dict[str, str] = {}
        for name, content in _contents().items():
            self._add(name, content)
        self._add(MANIFEST, _manifest({self.address(name): size for name, size in ICONS.items()}))

    def _add(self, name: str, content: bytes) -> None:
        stem, _, ending = name.rpartition(".")
        address = f"{stem}.{sha256(content).hexdigest()[:16]}.{ending}"
        self._addresses[name] = address
        self._by_address[address] = _static(name, content)

    def address(self, name: str) -> str:
        """The path of a file, by its plain name."""
        return f"/static/{self._addresses[name]}"

    def content(self, name: str) -> bytes:
        """What is in a file, by its plain name."""
        return self._by_address[self._addresses[name]].content

    def reply(self, path: str, headers: Headers) -> Reply:
        """The file at a path. Refuses not_found."""
        found = self._by_address.get(path.removeprefix("/static/"))
        if found is None:
            raise Refusal("not_found", path=path)
        out = [
            (b"content-type", found.media.encode()),
            (b"cache-control", b"public, max-age=31536000, immutable"),
            (b"vary", b"accept-encoding"),
        ]
        if found.packed is not None and b"gzip" in headers.get(b"accept-encoding", b""):
            return Reply(200, found.packed, [*out, (b"content-encoding", b"gzip")])
        return Reply(200, found.content, out)


def _manifest(icons: Mapping[str, str]) -> bytes:
    """The application as a phone knows it: it opens at the floor. icons: sizes by address."""
    pictures = [
        {"src": address, "sizes": size, "type": "image/png", "purpose": purpose}
        for address, size in icons.items()
        for purpose in ("any", "maskable")
    ]
    told = {
        "id": "/floor", "name": "Orderwright", "short_name": "Orderwright", "start_url": "/floor", "scope": "/",
        "display": "standalone", "background_color": "#f6f6f3", "theme_color": "#0f5f5c", "icons": pictures,
    }  # fmt: skip
    return json.dumps(told).encode()


def _static(name: str, content: bytes) -> Static:
    kind = "application/manifest+json" if name == MANIFEST else mimetypes.guess_type(name)[0]
    kind = kind or "application/octet-stream"
    is_text = kind.startswith("text/") or kind in (
        "application/javascript",
        "image/svg+xml",
        "application/manifest+json",
    )
    packed = _packed(content) if is_text else None
    return Static(content, packed, f"{kind}; charset=utf-8" if is_text else kind)


@cache
def _packed(content: bytes) -> bytes:
    return gzip.compress(content, 9, mtime=0)


def _contents() -> Mapping[str, bytes]:
    """Every file by its plain name; the style sheets as one. Raises FilesMissing."""
    try:
        pico = (VENDOR / "pico.min.css").read_text()
        files = {name: (VENDOR / path).read_bytes() for name, path in OTHERS.items()}
    except FileNotFoundError as missing:
        raise FilesMissing(MISSING.format(missing=missing.filename)) from None
    files["vega-interpreter.js"] = _without_import(files["vega-interpreter.js"])
    own = "\n".join((OWN / name).read_text() for name in STYLES)
    # In a layer of its own the base gives way to whatever we say, however weak our selectors are.
    files["console.css"] = f"@layer base {{{_without_charset(pico)}}}\n{own}".encode()
    shared = "\n".join((OWN / name).read_text() for name in PORTAL_STYLES)
    theirs = "\n".join(path.read_text() for path in sorted(PORTAL.glob("*.css")))
    files["portal.css"] = f"@layer base {{{_without_charset(pico)}}}\n{shared}\n{theirs}".encode()
    for path in [*sorted(OWN.iterdir()), *sorted(PORTAL.iterdir())]:
        if path.suffix != ".css":
            files[path.name] = path.read_bytes()
    return files


def _without_import(script: bytes) -> bytes:
    changed, count = VEGA_IMPORT.subn(rb"const \1 = window.vega;", script)
    if count != 1:
        raise RuntimeError("vega-interpreter imports other things than it did: see VEGA_IMPORT")
    return changed


def _without_charset(css: str) -> str:
    return css.removeprefix('@charset "UTF-8";')
