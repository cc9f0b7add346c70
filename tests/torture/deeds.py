"""The commands of an order's life, each with the scene it is given in."""

from collections.abc import Callable, Mapping
from typing import Any, NamedTuple

import msgspec

from orderwright.business.orders.form import PaymentForm
from orderwright.values.ids import new_id
from tests.torture.stage import Stage

Asked = tuple[str, Any]
"""Where a command is sent to, and its body."""


class Deed(NamedTuple):
    """scene: makes what the command needs and returns it. moves_stock: whether it changes stock or its counters."""

    scene: Callable[[Stage], Asked]
    moves_stock: bool = True


def form(stage: Stage, **changes: Any) -> dict[str, Any]:
    """An order of two mugs and a tee, authorised at the practice gateway."""
    reference = f"D-{new_id()}"
    payment = PaymentForm(state="authorised", gateway="practice", reference=f"pay-{reference}", amount="22.50")
    made = stage.floor.form({"MUG": 2, "TEE": 1}, **{"reference": reference, "payment": payment, **changes})
    told: dict[str, Any] = msgspec.to_builtins(made)
    return told


def placed(stage: Stage, **changes: Any) -> str:
    """The number of such an order."""
    reference = f"D-{new_id()}"
    payment = PaymentForm(state="authorised", gateway="practice", reference=f"pay-{reference}", amount="22.50")
    changes = {"reference": reference, "payment": payment, **changes}
    return str(stage.floor.place({"MUG": 2, "TEE": 1}, **changes).number)


def place(stage: Stage) -> Asked:
    return "/v1/orders", form(stage)


def cancel(stage: Stage) -> Asked:
    return f"/v1/orders/{placed(stage)}/cancel", {"reason": "changed_mind"}


def edit(stage: Stage) -> Asked:
    reference, payment = f"D-{new_id()}", PaymentForm(state="on_account")
    number = placed(stage, reference=reference, payment=payment)
    wanted = stage.floor.form({"MUG": 3, "HAT": 1}, reference=reference, payment=payment)
    return f"/v1/orders/{number}/edit", {"order": msgspec.to_builtins(wanted)}


def hold(stage: Stage) -> Asked:
    return f"/v1/orders/{placed(stage)}/hold", {"kind": "fraud", "note": "who is it?"}


def release_hold(stage: Stage) -> Asked:
    number = placed(stage)
    assert stage.call("POST", f"/v1/orders/{number}/hold", {"kind": "fraud"}).status == 200
    return f"/v1/orders/{number}/release", {"kind": "fraud"}


def release(stage: Stage) -> Asked:
    return f"/v1/fulfilments/{stage.floor.fulfilment(placed(stage))}/release", None


def pick(stage: Stage) -> Asked:
    number = placed(stage)
    stage.floor.release(number)
    task = stage.floor.tasks(number)[0]
    return f"/v1/pick-tasks/{task.task_id}/pick", {"quantity": task.quantity}


def short(stage: Stage) -> Asked:
    number = placed(stage)
    stage.floor.release(number)
    task = next(task for task in stage.floor.tasks(number) if task.sku == "MUG")
    return f"/v1/pick-tasks/{task.task_id}/short", {"found": 1, "reason": "missing"}


def pack(stage: Stage) -> Asked:
    number = placed(stage)
    stage.floor.pick_all(number)
    return f"/v1/fulfilments/{stage.floor.fulfilment(number)}/pack", {}


def hand_over(stage: Stage) -> Asked:
    return f"/v1/parcels/{stage.floor.labelled(placed(stage)).id}/hand-over", {}


def deliver(stage: Stage) -> Asked:
    parcel = stage.floor.parcel(stage.floor.shipped(placed(stage)).id)
    return "/v1/tracking-events", {
        "carrier": "practice", "external_id": f"scan-{parcel.id}", "tracking_code": parcel.tracking_code,
        "milestone": "delivered", "occurred_at": stage.floor.value("SELECT simulated_at FROM clock").isoformat(),
    }  # fmt: skip


def shipped(stage: Stage) -> str:
    """The number of an order that has left, is invoiced and paid."""
    number = placed(stage)
    stage.floor.shipped(number)
    stage.work()
    return number


def ask_return(stage: Stage) -> Asked:
    return "/v1/returns", {"order": shipped(stage), "lines": [{"reference": "1", "quantity": 2, "reason": "damaged"}]}


def returning(stage: Stage, *steps: tuple[str, Any]) -> str:
    """Where a return is that came so far."""
    path, body = ask_return(stage)
    at = f"/v1/returns/{stage.call('POST', path, body).json['id']}"
    for step, told in steps:
        reply = stage.call("POST", f"{at}/{step}", told)
        assert reply.status == 200, reply.content
    return at


INSPECTED = {"lines": [{"line": 1, "restock": 1, "scrap": 1}]}


def receive(stage: Stage) -> Asked:
    return f"{returning(stage)}/receive", {}


def inspect(stage: Stage) -> Asked:
    return f"{returning(stage, ('receive', {}))}/inspect", INSPECTED


def settle(stage: Stage) -> Asked:
    return f"{returning(stage, ('receive', {}), ('inspect', INSPECTED))}/settle", {}


def refund(stage: Stage) -> Asked:
    number = shipped(stage)
    return f"/v1/orders/{number}/refunds", {"amount": "1.50", "reason": "late", "reference": f"R-{number}"}


def pay(stage: Stage) -> Asked:
    number = placed(stage, payment=PaymentForm(state="unpaid"))
    body = {"state": "paid", "amount": "22.50", "gateway": "bank", "reference": f"T-{number}"}
    return f"/v1/orders/{number}/payments", body


def receipt(stage: Stage) -> Asked:
    return "/v1/stock/receipts", {"site": "LEEDS", "lines": [{"sku": "HAT", "quantity": 7}]}


def adjustment(stage: Stage) -> Asked:
    return "/v1/stock/adjustments", {"site": "LEEDS", "sku": "HAT", "reason": "damaged", "quantity": -1}


def inbox(stage: Stage) -> Asked:
    order = form(stage)
    return "/v1/inbox/web", {"topic": "order.created", "external_id": order["reference"], "message": order}


def batch(stage: Stage) -> Asked:
    return "/v1/orders/batch", [form(stage) for _ in range(3)]


DEEDS: Mapping[str, Deed] = {
    "place": Deed(place),
    "place many": Deed(batch),
    "cancel": Deed(cancel),
    "edit": Deed(edit),
    "hold": Deed(hold, moves_stock=False),
    "release hold": Deed(release_hold, moves_stock=False),
    "release": Deed(release),
    "pick": Deed(pick),
    "pick short": Deed(short),
    "pack": Deed(pack, moves_stock=False),
    "hand over": Deed(hand_over),
    "deliver": Deed(deliver, moves_stock=False),
    "ask to return": Deed(ask_return, moves_stock=False),
    "receive return": Deed(receive),
    "inspect return": Deed(inspect),
    "settle return": Deed(settle, moves_stock=False),
    "refund": Deed(refund, moves_stock=False),
    "pay": Deed(pay, moves_stock=False),
    "receive stock": Deed(receipt),
    "adjust stock": Deed(adjustment),
    "inbox": Deed(inbox, moves_stock=False),
}
