"""An expected no: its code, the sentence people read, and the facts behind it."""

from collections.abc import Mapping
from typing import Any, NamedTuple


class RefusalKind(NamedTuple):
    """How a refusal is told: HTTP status, a sentence, and whether the same call may succeed later."""

    status: int
    sentence: str
    may_retry: bool = False


REFUSALS: Mapping[str, RefusalKind] = {
    # Requests as such.
    "malformed": RefusalKind(422, "The request has fields that cannot be read; `findings` lists each of them."),
    "not_found": RefusalKind(404, "There is no such thing."),
    "unauthorized": RefusalKind(401, "An API key is needed: `Authorization: Bearer <key>`."),
    "cross_site": RefusalKind(403, "This change was not sent from a page of this shop."),
    "forbidden": RefusalKind(403, "This key may not do that."),
    "bad_scope": RefusalKind(422, "A key needs scopes, each a known one, and an admin key has no limits."),
    "task_step": RefusalKind(409, "Only a dead task can be given another try."),
    "too_large": RefusalKind(413, "The body is larger than this call takes."),
    "too_many_requests": RefusalKind(429, "Too many requests with this key; wait and try again.", True),
    "key_reused": RefusalKind(422, "This Idempotency-Key was used before with another body."),
    "twin_running": RefusalKind(409, "A request with this Idempotency-Key is still running.", True),
    "stale": RefusalKind(412, "It has changed since you read it.", True),
    "outcome_unknown": RefusalKind(503, "The outcome is not known yet; repeat the call to learn it.", True),
    "overloaded": RefusalKind(503, "Too much is waiting; try again shortly.", True),
    "bad_http": RefusalKind(400, "This is not a request that can be read."),
    "method_not_allowed": RefusalKind(405, "This address does not take that method; `allowed` lists those it does."),
    "unsupported_media": RefusalKind(415, "The body is of a kind this call does not take."),
    "too_slow": RefusalKind(408, "The body did not arrive in time.", True),
    "internal_error": RefusalKind(500, "Something broke here; it is logged under `request_id`."),
    "database_away": RefusalKind(503, "The database cannot be reached just now; try again shortly.", True),
    # Catalogue and sites.
    "unknown_sku": RefusalKind(422, "There is no product with this SKU."),
    "unknown_site": RefusalKind(422, "There is no site with this code."),
    "unknown_place": RefusalKind(422, "There is no such place at this site."),
    "unknown_channel": RefusalKind(422, "There is no channel with this code."),
    "bad_code": RefusalKind(422, "The code's check digit or form is wrong."),
    "code_taken": RefusalKind(409, "This code names another product at that time."),
    "bad_kit": RefusalKind(422, "A kit is made of at least one stocked product, and not of kits."),
    # Customers and their prices.
    "email_taken": RefusalKind(409, "Another customer has this e-mail address."),
    "customer_step": RefusalKind(409, "This customer was erased, or is the same as another one (`merged_into`)."),
    "customer_under_way": RefusalKind(
        409, "Something of this customer's is not finished yet (`orders`): settle it first."
    ),
    "unknown_price_list": RefusalKind(422, "There is no price list with this code."),
    # Stock.
    "receipt_differs": RefusalKind(409, "A receipt with this reference was booked with other lines."),
    "adjustment_differs": RefusalKind(409, "An adjustment with this reference was booked differently."),
    "transfer_differs": RefusalKind(409, "A transfer with this reference was booked differently."),
    "short_stock": RefusalKind(422, "There is not enough stock."),
    "lot_needed": RefusalKind(422, "This product is tracked by lot: say which."),
    "expiry_needed": RefusalKind(422, "This product asks for the expiry date of its lot."),
    "kit_not_stocked": RefusalKind(422, "A kit is not stocked itself; its components are."),
    "retired_sku": RefusalKind(422, "This product is retired: no more of it is taken in."),
    # Buying and coming in.
    "unknown_supplier": RefusalKind(422, "There is no active supplier with this code."),
    "purchase_step": RefusalKind(409, "The purchase order is past that, or not there yet."),
    "purchase_quantity": RefusalKind(422, "That is more than was ordered, or fewer than came already."),
    "delivery_differs": RefusalKind(409, "A delivery with this reference was received with other lines."),
    "transfer_step": RefusalKind(409, "The transfer is past that, or not there yet; `state` says where it is."),
    "transfer_quantity": RefusalKind(409, "The transfer asks for fewer units of this; `left` says how many more."),
    "nothing_to_put_away": RefusalKind(409, "That many units of this do not lie on the receiving bench."),
    "bin_unfit": RefusalKind(409, "The bin does not take these units (`why`): choose another, or give a reason."),
    "nobody_waits": RefusalKind(409, "Orders wait for fewer units than that."),
    # Orders.
    "order_refused": RefusalKind(422, "The order cannot be taken; `findings` lists why."),
    "order_differs": RefusalKind(409, "An order with this channel and reference exists and differs."),
    "order_step": RefusalKind(409, "The order is past that."),
    "would_be_held": RefusalKind(422, "The order would be held; mend what `findings` lists, or place it `anyway`."),
    "too_many_drafts": RefusalKind(409, "One person keeps `most` drafts at most: place some, or throw some away."),
    "quote_step": RefusalKind(409, "The quote is past that; `state` says where it is."),
    "quote_expired": RefusalKind(409, "The quote was good until `valid_until`; make a new one."),
    "quote_differs": RefusalKind(409, "A quote was made of this draft with other contents."),
    "no_such_procedure": RefusalKind(422, "This version of the procedure was never written."),
    "reason_needed": RefusalKind(422, "Whoever decides otherwise than was suggested says why."),
    "decision_step": RefusalKind(409, "This decision was overridden before."),
    "snooze_time": RefusalKind(422, "An exception is put off until a time to come, `latest` at the furthest."),
    "bulk_step": RefusalKind(409, "What was done to these orders cannot be taken back, or was already."),
    "edit_fixed": RefusalKind(422, "An edit cannot change these `fields`: they make the order what it is."),
    "nothing_to_cancel": RefusalKind(409, "Nothing of this can still be cancelled."),
    "kit_whole": RefusalKind(422, "This is part of a kit, which is cancelled whole: say how many kits."),
    "unknown_line": RefusalKind(422, "The order has no such line."),
    "too_late_for_customer": RefusalKind(409, "A floor has begun with the order: its customer cannot change it now."),
    "hold_exists": RefusalKind(409, "The order has this hold already."),
    "no_such_hold": RefusalKind(409, "The order has no such open hold."),
    "order_held": RefusalKind(409, "The order is on hold."),
    "hold_open": RefusalKind(409, "A hold still stops the order: resolve this with `release`, or cancel the order."),
    "exception_step": RefusalKind(409, "The exception is closed."),
    "message_step": RefusalKind(409, "Only a parked message can be read once more."),
    # Returns.
    "return_step": RefusalKind(409, "The return is not at that step."),
    "not_a_variant": RefusalKind(422, "That is no other size or colour of what comes back."),
    "exchange_over": RefusalKind(409, "This exchange is over already, or there is none."),
    "not_offered": RefusalKind(409, "The shop does not offer this to its customers."),
    "return_too_much": RefusalKind(422, "That is more than was shipped and not asked for yet."),
    "return_too_late": RefusalKind(409, "The customer could send this back until `until`."),
    "inspection_differs": RefusalKind(
        422, "Restocked, quarantined and scrapped units must add up to what was received."
    ),
    # Money.
    "bad_amount": RefusalKind(422, "The amount cannot be read in the order's currency, or is not above zero."),
    "refund_too_much": RefusalKind(422, "That is more than can still be paid back."),
    "refund_differs": RefusalKind(409, "A refund of this order with this reference was made for another amount."),
    "payment_differs": RefusalKind(409, "A payment with this gateway and reference is of another order or amount."),
    "payment_voided": RefusalKind(409, "This payment was let go, so it cannot have been paid; ask its gateway."),
    "exchange_open": RefusalKind(409, "What comes back pays for this first: wait until `returned` is settled.", True),
    "nothing_to_pay": RefusalKind(409, "Nothing of this is left to be paid."),
    "pay_link_step": RefusalKind(409, "This cannot be done with the link as it stands; `state` says how."),
    "pay_link_changed": RefusalKind(409, "Another amount is to be paid by now (`missing`): make a new link."),
    "gateway_away": RefusalKind(503, "The payment gateway did not answer; nothing was paid. Try again.", True),
    # The floor and the road.
    "fulfilment_step": RefusalKind(409, "The fulfilment is past that."),
    "order_incomplete": RefusalKind(409, "This order ships complete, and some of it still waits.", True),
    "site_full": RefusalKind(409, "The site has let out all its day takes.", True),
    "cancel_open": RefusalKind(409, "The order can be cancelled for nothing until `cancel_until`; it goes then.", True),
    "floor_full": RefusalKind(409, "As many orders as the site's rule allows are on the floor and not picked.", True),
    "zone_full": RefusalKind(409, "As many units of this zone as the site's rule allows are still to be picked.", True),
    "work_begun": RefusalKind(409, "Somebody picks this fulfilment already, so it stays on the floor."),
    "pick_step": RefusalKind(409, "This pick task has ended."),
    "pick_quantity": RefusalKind(422, "That is more than the pick task asks for."),
    "wrong_item": RefusalKind(422, "The pick task asks for another product."),
    "wrong_lot": RefusalKind(422, "The pick task asks for another lot."),
    "wrong_expiry": RefusalKind(422, "This lot has another expiry date; `wanted` says which."),
    "bad_date": RefusalKind(422, "This is no date; write it as 2027-03-31."),
    "lot_expired": RefusalKind(409, "This lot is past its date; report the task short as expired."),
    "not_short": RefusalKind(422, "All that is asked for is there: nothing is short, pick it."),
    "nothing_to_pick": RefusalKind(409, "There is nothing for this picker to do just now.", True),
    "walk_step": RefusalKind(409, "The walk is past that."),
    "walk_open": RefusalKind(409, "Something of this walk is still to be picked; say why it ends all the same."),
    "tote_in_use": RefusalKind(409, "This tote is in use; `order` is whose units it is for."),
    "wrong_tote": RefusalKind(422, "These units go into another tote."),
    "not_in_tote": RefusalKind(422, "That many units of this are not in a tote to be sorted."),
    "unknown_cart": RefusalKind(422, "The site has no such kind of cart; `carts` lists those it has."),
    # Scans.
    "session_closed": RefusalKind(409, "This session is closed; open another."),
    "no_walk": RefusalKind(409, "This person is on no such walk; ask for work first."),
    "scan_differs": RefusalKind(409, "Something else was scanned under this number."),
    "scan_ahead": RefusalKind(422, "Too many scans before this one are missing."),
    "unreadable_scan": RefusalKind(422, "This barcode cannot be used; `reason` says why."),
    "unknown_scan": RefusalKind(422, "Nothing in this store has this code."),
    "unexpected_scan": RefusalKind(409, "Something else is to be scanned now; `expects` says what."),
    "bad_command": RefusalKind(422, "This barcode looks like a command and is none of this store's."),
    "command_step": RefusalKind(409, "This command is not possible at this step."),
    "wrong_bin": RefusalKind(422, "This is not the bin to go to."),
    "units_missing": RefusalKind(409, "Not all units are in hand: scan them, key how many there are, or say short."),
    "serial_needed": RefusalKind(422, "Each unit of this product is taken by its serial number."),
    "serial_elsewhere": RefusalKind(409, "By the books this unit is elsewhere; `where` says where."),
    "nothing_to_pack": RefusalKind(409, "Nothing of this fulfilment is picked and unpacked."),
    "still_to_pick": RefusalKind(409, "Some of this fulfilment is still to be picked; name what goes into the parcel."),
    "pack_quantity": RefusalKind(422, "That is more than is picked of this line."),
    "weight_off": RefusalKind(409, "The weight does not fit the contents; check them, or confirm the weight."),
    "packed_by_other": RefusalKind(
        409, "Somebody else packs this just now; `person` says who, `until` until when.", True
    ),
    "check_needed": RefusalKind(
        409, "This order is to be checked before it leaves; `missing` says what of it is missing."
    ),
    "unknown_carton": RefusalKind(422, "There is no carton of this kind."),
    "bad_photo": RefusalKind(422, "This is no picture that is kept; `reason` says why."),
    "parcel_step": RefusalKind(409, "The parcel is past that."),
    "no_label": RefusalKind(409, "The parcel has no live label."),
    "label_live": RefusalKind(409, "The parcel has a live label; void it first."),
    "label_stale": RefusalKind(409, "The order's address changed after this label was bought; it must be taken back."),
    "label_pending": RefusalKind(409, "The carrier's answer about this parcel's label is awaited.", True),
    "label_refused": RefusalKind(409, "The carrier would not take the parcel on; `said` is what it answered."),
    "void_refused": RefusalKind(409, "The carrier would not take the label back; `said` is what it answered."),
    "service_in_use": RefusalKind(409, "The service is needed still; `why` and `of` say by what. Make it inactive."),
    "no_sscc": RefusalKind(
        409, "The parcel has no SSCC: the shop has no GS1 company prefix, or its numbers are used up."
    ),
    "printed_before": RefusalKind(409, "This was printed before; say why it is to be printed again (`reason`)."),
    "print_step": RefusalKind(409, "This print job has ended, or what it was to print no longer counts."),
    "too_many_labels": RefusalKind(422, "That is more than one job prints; ask for fewer."),
    "nothing_to_put_back": RefusalKind(409, "That many units of this are not on the bench to be put back."),
    # Counts, and what is broken.
    "damage_step": RefusalKind(409, "These goods were judged, or are scrap already; `verdict` says what."),
    "count_step": RefusalKind(409, "Nobody is counting this, or it is over; `state` says which."),
    "counted_by_other": RefusalKind(409, "Somebody else counts this just now; `person` says who."),
    "same_counter": RefusalKind(409, "This person counted it before: somebody else is to count it again."),
    "reading_differs": RefusalKind(409, "This device read something else at that moment; `before` says what."),
    "read_differs": RefusalKind(409, "A bulk read with this reference said something else."),
    "count_differs": RefusalKind(409, "This person told of this round that something else was found."),
    # People at work.
    "skill_missing": RefusalKind(409, "This person may not do this task; `skills` lists what they may do."),
    "not_active": RefusalKind(409, "This person does not work here any more."),
    "not_at_work": RefusalKind(409, "This person is not clocked in."),
    "clock_time": RefusalKind(422, "The time is in the future, or not after what came before it."),
    "clock_overlaps": RefusalKind(409, "The person was at something else at that time."),
    # Signing in.
    "sign_in_refused": RefusalKind(401, "What was given does not fit together; try again."),
    "sign_in_wait": RefusalKind(429, "Too many tries; wait `wait_s` seconds and try again.", True),
    "link_spent": RefusalKind(410, "This link was used, or is too old; ask for another."),
    "has_owner": RefusalKind(409, "Somebody owns this store already, and can invite others."),
    "last_owner": RefusalKind(409, "A store keeps at least one owner: make somebody else one first."),
    "staff_taken": RefusalKind(409, "Somebody has this name or e-mail address already."),
    "staff_step": RefusalKind(409, "This person is not at that step; `state` says where they are."),
    "bad_role": RefusalKind(
        422, "Roles are needed, each a known one; an owner has no limits, and a partner is limited."
    ),
    "leads_only": RefusalKind(403, "Only managers and owners set this for everybody."),
    "view_taken": RefusalKind(409, "There is a view of this name already."),
    "too_many_views": RefusalKind(409, "A list has `most` views of one person at most: take one away."),
    "role_beyond": RefusalKind(403, "Nobody can give or take what they may not do themselves."),
    "weak_password": RefusalKind(422, "This password or PIN is too easy to guess; `findings` says why."),
    "wrong_code": RefusalKind(422, "This code is wrong, too old, or was used before; wait for the next one."),
    "unknown_device": RefusalKind(401, "This device is not registered, or not any more."),
    # Files.
    "import_format": RefusalKind(422, "This is no table that can be read; save it as CSV or XLSX."),
    "import_unreadable": RefusalKind(422, "The file is damaged or protected and cannot be read."),
    "import_encoding": RefusalKind(422, "Bytes of the file do not fit the encoding; name the right one."),
    "import_too_large": RefusalKind(413, "The file is larger than an import takes; `what` says in which way."),
    "import_no_header": RefusalKind(422, "There is no row of column names where one is expected."),
    "import_no_sheet": RefusalKind(422, "The workbook has no sheet of this name."),
    "import_columns_missing": RefusalKind(422, "Columns that are needed are not in the file."),
    "import_column_unknown": RefusalKind(422, "There is no field of this name to map a column to."),
    "import_profile_invalid": RefusalKind(422, "The import profile cannot be used; `findings` lists why."),
    "import_step": RefusalKind(409, "This file is being read or was taken, or is no longer here; `state` says which."),
    "import_profile_unknown": RefusalKind(404, "There is no import profile of this name."),
}


class Refusal(Exception):
    """An expected no. `code` is one of REFUSALS; `facts` are what a caller needs to mend it."""

    def __init__(self, code: str, **facts: Any) -> None:
        super().__init__(code)
        self.kind = REFUSALS[code]
        self.code = code
        self.facts = facts

    def __repr__(self) -> str:
        return f"Refusal({self.code!r}, {self.facts!r})"
