"""A shop's looks as files of their own, under names that change with them: browsers keep them for ever."""

from hashlib import sha256
from typing import NamedTuple

from orderwright.business.customers.brand import Brand
from orderwright.doors.console.reply import Reply
from orderwright.values.colours import BLACK, WHITE, ink_on, mixed, readable_on
from orderwright.values.refusal import Refusal

PAPER, DARK = "#f6f6f3", "#181d1f"
"""The grounds words stand on, by day and by night: tokens.css."""
_ENDINGS = {"image/png": "png", "image/jpeg": "jpg", "image/webp": "webp"}
FOREVER = (b"cache-control", b"public, max-age=31536000, immutable")


class Dress(NamedTuple):
    """A brand as pages wear it. css, logo: where the files are; '' where there is none."""

    name: str
    email: str
    phone: str
    css: str
    logo: str


def dress_of(store: str, brand: Brand) -> Dress:
    """How a store's pages look."""
    css = f"/brand/{store}.{_hash(style_of(brand.colour))}.css" if brand.colour else ""
    logo = f"/brand/{store}.{_hash(brand.logo)}.{_ENDINGS[brand.media]}" if brand.media else ""
    return Dress(brand.name, brand.email, brand.phone, css, logo)


def style_of(colour: str) -> bytes:
    """The style sheet of a colour, by day and by night: words in it can be read on what they stand on."""
    if not colour:
        return b""
    day, night = readable_on(colour, PAPER, BLACK), readable_on(colour, DARK, WHITE)
    by_day, by_night = (
        f"--accent: {each}; --accent-ink: {ink_on(each)}; --accent-soft: {soft}; --focus: {each};"
        for each, soft in ((day, mixed(day, WHITE, 0.9)), (night, mixed(night, DARK, 0.85)))
    )
    return f":root {{ {by_day} }}\n@media (prefers-color-scheme: dark) {{ :root {{ {by_night} }} }}\n".encode()


def store_of(path: str) -> str:
    """The store whose looks a path asks for."""
    return path.removeprefix("/brand/").partition(".")[0]


def brand_reply(path: str, store: str, brand: Brand) -> Reply:
    """The file at a path. Refuses not_found, also for looks of yesterday."""
    dress = dress_of(store, brand)
    if path == dress.css:
        return Reply(200, style_of(brand.colour), ((b"content-type", b"text/css; charset=utf-8"), FOREVER))
    if path == dress.logo:
        return Reply(200, brand.logo, ((b"content-type", brand.media.encode()), FOREVER))
    raise Refusal("not_found", path=path)


def _hash(content: bytes) -> str:
    return sha256(content).hexdigest()[:16]
