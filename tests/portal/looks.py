"""Every page of customers, on a shop in which something happened: for pictures, and for whoever looks at every page."""

from collections.abc import Mapping
from struct import pack
from zlib import compress, crc32

from orderwright.business.deeds.ask_return import ask_returns
from orderwright.business.deeds.paying.links import MakePayLink, WithdrawPayLink, make_pay_links, withdraw_pay_links
from orderwright.business.orders.form import PaymentForm
from orderwright.business.returns.forms import AskedLine, AskReturn
from orderwright.business.returns.photos import AddReturnPhoto, add_return_photos
from orderwright.settings import PutSettings, put_settings
from tests.floor import Floor, done
from tests.portal.scene import EVIL, Scene


def png(width: int = 160, height: int = 60, colour: tuple[int, int, int] = (27, 94, 32)) -> bytes:
    """A picture of one colour."""

    def chunk(kind: bytes, body: bytes) -> bytes:
        return pack(">I", len(body)) + kind + body + pack(">I", crc32(kind + body))

    rows = b"".join(b"\x00" + bytes(colour) * width for _ in range(height))
    head = pack(">IIBBBBB", width, height, 8, 2, 0, 0, 0)
    return b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", head) + chunk(b"IDAT", compress(rows)) + chunk(b"IEND", b"")


def dress(shop: Floor, **changes: str) -> None:
    """Give the shop looks of its own."""
    told = {"portal.shop_name": "Mug & Moss", "portal.colour": "#1b5e20", "portal.email": "hello@example.org",
            "portal.phone": "+44 113 496 0000", **changes}  # fmt: skip
    done(shop.run(put_settings, PutSettings(values=told, actor="test")))


def fill(floor: Floor) -> Mapping[str, str]:
    """Orders where customers ask about them; their links and numbers by name."""
    dress(floor)
    floor.product("JUG", title="Stoneware jug with a lid, two litres, midnight blue")
    floor.stock("LEEDS", MUG=40, TEE=9, JUG=9)
    scene = Scene(floor)
    fresh = scene.placed({"MUG": 2, "JUG": 1})
    evil = scene.placed({"TEE": 1}, ship_to=scene.address(EVIL))
    packed = scene.placed({"MUG": 1})
    floor.packed(packed)
    waits = scene.placed({"HAT": 2, "MUG": 1})
    there = scene.delivered({"MUG": 3, "JUG": 2})
    command = AskReturn(number=there, lines=[AskedLine(1, 1, "damaged")], actor="customer", by_customer=True)
    [back] = done(floor.run(ask_returns, command))
    done(floor.run(add_return_photos, AddReturnPhoto(return_id=back.id, content=png(), actor="customer")))
    for size, price in (("S", "7.50"), ("M", "7.50"), ("L", "9.00")):
        floor.product(f"APRON-{size}", title=f"Apron {size}", price=price, family="APRON", options={"size": size})
    floor.stock("LEEDS", **{"APRON-S": 4, "APRON-M": 3})
    sized = scene.delivered({"APRON-S": 2})
    command = AskReturn(number=sized, lines=[AskedLine(1, 1, "unwanted", exchange="APRON-M")], actor="customer")
    [swap] = done(floor.run(ask_returns, command))
    scene.invoice()
    numbers = {"fresh": fresh, "evil": evil, "packed": packed, "waits": waits, "there": there,
               "sized": sized}  # fmt: skip
    links = {name: scene.link(number) for name, number in numbers.items()}
    unpaid = scene.placed({"MUG": 2, "JUG": 1}, payment=PaymentForm(state="unpaid"))
    other = scene.placed({"MUG": 1}, payment=PaymentForm(state="unpaid"))
    pay, over = done(
        floor.run(make_pay_links, *[MakePayLink(order=number, actor="test") for number in (unpaid, other)])
    )
    done(floor.run(withdraw_pay_links, WithdrawPayLink(id=over.id, actor="test")))
    [paper] = floor.rows(
        "SELECT p.number FROM paper p JOIN orders o ON o.id = p.order_id WHERE o.number = %(number)s", number=there
    )
    return {
        **links,
        "return": back.number,
        "swap": swap.number,
        "paper": f"INV-{paper.number:06}",
        "pay": pay.path,
        "over": over.path,
    }


def paths(parts: Mapping[str, str]) -> dict[str, tuple[str, str]]:
    """(the link to follow first, or '', and the path) of every page, by a name that files can have."""
    found = {
        "find": ("", "/track/find"), "find-returns": ("", "/track/find?next=returns"),
        "spent": ("", "/track/main.AAAA"),
        "track-fresh": (parts["fresh"], "/track"), "track-evil": (parts["evil"], "/track"),
        "track-packed": (parts["packed"], "/track"), "track-waits": (parts["waits"], "/track"),
        "track-there": (parts["there"], "/track"), "cancel": (parts["fresh"], "/track/cancel"),
        "cancel-late": (parts["packed"], "/track/cancel"), "prove": (parts["fresh"], "/track/prove"),
        "returns": (parts["there"], "/returns"), "returns-none": (parts["fresh"], "/returns"),
        "return-check": (parts["there"], "/returns/check?lines=1x1.2x2&reason=damaged"),
        "return": (parts["there"], f"/returns/{parts['return']}"),
        "returns-exchange": (parts["sized"], "/returns"),
        "return-exchange": (parts["sized"], f"/returns/{parts['swap']}"),
        "address": (parts["fresh"], "/track/address"), "paper": (parts["there"], f"/track/papers/{parts['paper']}"),
        "pay": ("", parts["pay"]), "pay-over": ("", parts["over"]), "pay-practice": ("", f"{parts['pay']}/practice"),
    }  # fmt: skip
    return found
