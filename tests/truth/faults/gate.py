from tests.truth.world import Fault

FAULTS = (
    Fault(
        "no_floor_gets_an_open_cancel_window", "a fulfilment went to the floor a minute too early",
        "UPDATE orders SET cancel_until = (SELECT released_at + interval '1 minute' FROM fulfilment WHERE id = #work1)"
        " WHERE id = #order1",
        "order OW-1: fulfilment",
    ),
)  # fmt: skip
