"""The service worker of the floor's pages, by which they open where there is no network."""

import json
from hashlib import sha256

from orderwright.doors.console.reply import Reply
from orderwright.doors.console.statics import HERE, Statics

PATH = "/floor/worker.js"
SHELL = "/floor/away"
FILES = ("console.css", "icon.svg", "htmx.js", "console.js", "floor.js", "floor_shell.js", "floor_camera.js",
         "floor_photo.js")  # fmt: skip
"""What the floor's pages consist of besides themselves."""


def worker_reply(statics: Statics) -> Reply:
    """The worker as browsers fetch it: another one as soon as a file, the shell or its words are others."""
    files = [statics.address(name) for name in FILES]
    shell = [HERE / "templates" / "floor_away.html", *sorted((HERE / "locales").rglob("*.po"))]
    source = statics.content("floor_worker.js").decode()
    told = "\n".join([*files, source]).encode() + b"".join(path.read_bytes() for path in shell)
    version = sha256(told).hexdigest()[:16]
    head = f"const VERSION = {json.dumps(version)}, FILES = {json.dumps(files)}, SHELL = {json.dumps(SHELL)};\n"
    return Reply(
        200,
        (head + source).encode(),
        [
            (b"content-type", b"text/javascript; charset=utf-8"),
            (b"cache-control", b"no-cache"),
            (b"service-worker-allowed", b"/floor"),
        ],
    )
