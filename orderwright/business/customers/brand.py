"""How a shop looks to its customers: name, colour, logo, and where to reach it."""

from base64 import b64decode
from binascii import Error
from typing import Annotated

import msgspec
from msgspec import Meta

from orderwright.database.settings import Setting, value_of
from orderwright.database.tx import Tx
from orderwright.values.colours import READABLE, WHITE, contrast, is_colour
from orderwright.values.contacts import email_problem
from orderwright.values.phrases import Phrase, phrase
from orderwright.values.pictures import read_picture

LOGO_CHARACTERS_MAX = 120_000
NO_LOGO = phrase("A logo is a JPEG, PNG or WebP picture in base64.")


def _colour_problem(text: str) -> Phrase | None:
    if not text:
        return None
    if not is_colour(text):
        return phrase("A colour is written like #0f5f5c.")
    apart = contrast(text, WHITE)
    if apart < READABLE:
        return phrase(
            "Words in this colour cannot be read on white: {apart} to 1, and {needed} to 1 is needed.",
            apart=f"{apart:.1f}", needed=READABLE,
        )  # fmt: skip
    return None


def _email_problem(text: str) -> Phrase | None:
    return phrase("This is no e-mail address.") if text and email_problem(text) is not None else None


def _logo_problem(text: str) -> Phrase | None:
    if not text:
        return None
    try:
        content = b64decode(text, validate=True)
    except (Error, ValueError):
        return NO_LOGO
    return NO_LOGO if isinstance(read_picture(content), str) else None


SHOP_NAME: Setting[str] = Setting(
    "portal.shop_name", Annotated[str, Meta(max_length=60)], "", "The shop's name on its customers' pages."
)
COLOUR: Setting[str] = Setting(
    "portal.colour", Annotated[str, Meta(max_length=7)], "",
    "The colour of buttons and links on customers' pages, like #0f5f5c; words in it must be readable on white.",
    _colour_problem,
)  # fmt: skip
LOGO: Setting[str] = Setting(
    "portal.logo", Annotated[str, Meta(max_length=LOGO_CHARACTERS_MAX)], "",
    "The shop's logo on customers' pages: a JPEG, PNG or WebP picture in base64, about 60 px high.", _logo_problem,
)  # fmt: skip
EMAIL: Setting[str] = Setting(
    "portal.email", Annotated[str, Meta(max_length=254)], "", "Where customers write to.", _email_problem
)
PHONE: Setting[str] = Setting("portal.phone", Annotated[str, Meta(max_length=40)], "", "Where customers call.")
SETTINGS = (SHOP_NAME, COLOUR, LOGO, EMAIL, PHONE)


class Brand(msgspec.Struct, frozen=True):
    """A shop's looks; what is '' was not set. media: of the logo."""

    name: str = ""
    colour: str = ""
    email: str = ""
    phone: str = ""
    logo: bytes = b""
    media: str = ""


def brand_of(tx: Tx) -> Brand:
    """How the store looks. No statement of its own once the settings are known."""
    known = tx.store.cache.get("brand")
    if known is None or known[0] != tx.revision:
        known = (tx.revision, _read(tx))
        tx.store.cache["brand"] = known
    brand: Brand = known[1]
    return brand


def _read(tx: Tx) -> Brand:
    name, colour, email, phone, logo = (value_of(tx, each) for each in (SHOP_NAME, COLOUR, EMAIL, PHONE, LOGO))
    # What the file says is not checked when it is written, and what cannot be is not shown.
    colour = "" if _colour_problem(colour) else colour.lower()
    content = b"" if not logo or _logo_problem(logo) else b64decode(logo)
    picture = read_picture(content)
    return Brand(name, colour, email, phone, content, "" if isinstance(picture, str) else picture.media)
