"""Pages of a list: opaque marks say where the next one begins (keyset, never an offset)."""

from base64 import urlsafe_b64decode, urlsafe_b64encode
from typing import Annotated, Generic, TypeVar

import msgspec
from msgspec import Meta

from orderwright.values.refusal import Refusal

LIMIT_MAX = 200
Limit = Annotated[int, Meta(ge=1, le=LIMIT_MAX, description="How many at most.")]
After = Annotated[str, Meta(max_length=400, description="Where to go on: `next` of the page before.")]

Item = TypeVar("Item")
Place = TypeVar("Place")


class Page(msgspec.Struct, Generic[Item], frozen=True):
    """Some of a list, in order. `next` is given as `after` to get what follows; null at the end."""

    items: list[Item]
    next: str | None = None


def mark(*place: object) -> str:
    """The place of the last item shown, as an opaque word for `read_mark`."""
    return urlsafe_b64encode(msgspec.json.encode(place)).decode().rstrip("=")


def read_mark(after: str, shape: type[Place]) -> Place:
    """The place a mark stands for; `shape` is the tuple type it was made of. Refuses malformed."""
    try:
        return msgspec.json.decode(urlsafe_b64decode(after + "=" * (-len(after) % 4)), type=shape)
    except (ValueError, msgspec.DecodeError):
        finding = {"pointer": "?after", "code": "bad_mark", "message": "This is no `next` of a page of this list."}
        raise Refusal("malformed", findings=[finding]) from None
