from tests.truth.world import Fault

_SUPPLIER = "INSERT INTO supplier VALUES ('POTTERY', 'The Pottery', '', 'GBP', 7, true, '2026-01-01')"
_PURCHASE = (
    "INSERT INTO purchase_order (id, number, supplier, site, currency, state, made_at, sent_at)"
    " VALUES (#po1, 'PO-1', 'POTTERY', '{site}', 'GBP', '{state}', '2026-11-19', {sent})"
)
_LINE = (
    "INSERT INTO purchase_line (purchase_id, position, sku, quantity, cost_micro, due_on, is_open, accepted)"
    " VALUES (#po1, 1, 'MUG', 10, 0, '2026-12-01', {is_open}, {accepted})"
)


def _purchase(state: str, *, accepted: int = 0, is_open: bool = True) -> str:
    head = _PURCHASE.format(site="LEEDS", state=state, sent="'2026-11-19'")
    return ";\n".join([_SUPPLIER, head, _LINE.format(is_open=is_open, accepted=accepted)])


FAULTS = (
    Fault(
        "purchase_lines_count_their_deliveries", "an order counts two mugs nobody brought",
        _purchase("part_received", accepted=2),
        "MUG of PO-1: 2 accepted and 0 rejected, deliveries brought 0 and 0",
    ),
    Fault(
        "purchase_orders_are_what_their_lines_say", "an order says it was confirmed and nobody did",
        _purchase("confirmed"), "PO-1 is confirmed, its lines say sent",
    ),
    Fault(
        "purchase_orders_are_what_their_lines_say", "a line is forgotten that is still to come",
        _purchase("sent", is_open=False), "PO-1 is sent",
    ),
    Fault(
        "what_came_in_moved_in", "a broken mug came and lies nowhere",
        "INSERT INTO delivery VALUES (#came1, 'LEEDS', NULL, '', 'test', '2026-11-20');\n"
        "INSERT INTO delivery_line (delivery_id, number, sku, accepted, rejected, held)"
        " VALUES (#came1, 1, 'MUG', 0, 1, 0)",
        "0 good and 1 not, 0 moved to the bench and 0 to quarantine",
    ),
    Fault(
        "what_lies_at_receiving_is_to_be_put_away", "two mugs are to be put away that are not there",
        "INSERT INTO put_away (id, delivery_id, site, sku, quantity, made_at)"
        " VALUES (#pile1, #came1, 'LEEDS', 'MUG', 2, '2026-11-20')",
        "MUG lot '' at LEEDS: 0 on the bench, 2 to put away",
    ),
    Fault(
        "what_is_in_transit_was_sent", "two mugs are under way and nobody sent them",
        "MOVE 2 MUG @LEEDS/SUPPLIER @LEEDS/TRANSIT transfer", "2 of MUG are in transit at LEEDS by",
    ),
    Fault(
        "transfers_end_when_all_came", "a transfer is done that carried nothing",
        "INSERT INTO site_transfer VALUES (#way1, 'TR-1', 'LEEDS', 'BRISTOL', 'done', 'test', '2026-11-20',"
        " '2026-11-20', '2026-11-20')",
        "TR-1 is done: 0 loaded, 0 under way",
    ),
    Fault(
        "days_are_told_to_who_waits", "a day was told to nobody",
        "INSERT INTO expectation VALUES (#nobody, #order1, '2026-12-01', '2026-11-20')", "was told 2026-12-01",
    ),
    Fault(
        "requests_become_purchase_lines", "a request was ordered for another site",
        ";\n".join([_SUPPLIER, _PURCHASE.format(site="BRISTOL", state="draft", sent="NULL"),
                    "INSERT INTO replenishment VALUES (#low1, 'MUG', 'LEEDS', 'low', 5, 'ordered', #po1, '2026-11-20',"
                    " '2026-11-20')"]),
        "for MUG at LEEDS stands on no purchase order of its site",
    ),
)  # fmt: skip
