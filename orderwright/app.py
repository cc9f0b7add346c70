"""Builds everything once: which verb does which task, and what falls due when. Only this file imports links."""

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from pathlib import Path

    from orderwright.business.deeds.paying.following import PayingGateway
    from orderwright.business.reports.periods import Period
    from orderwright.business.reports.told import Report
    from orderwright.doors.wiring import Wiring
    from orderwright.doors.worker.kinds import Kind, Schedule
    from orderwright.links.carriers.practice import PracticeCarrier


def wiring() -> "Wiring":
    """The house put together. Imported late, so that `orderwright --help` needs none of it."""
    from datetime import timedelta

    from orderwright.business.deeds import fill, invoice, settle, tending, track
    from orderwright.business.deeds.counts import by_clock
    from orderwright.business.deeds.exchanging.ending import lapse_exchanges
    from orderwright.business.deeds.inbox.reading import read_inbox
    from orderwright.business.deeds.unknown_products import resolve_products
    from orderwright.business.shipping.following import TellScans
    from orderwright.database.retention import forget
    from orderwright.doors.deployment import read_deployment
    from orderwright.doors.wiring import Wiring
    from orderwright.doors.worker.kinds import Kind, Schedule, TaskKind
    from orderwright.flows import FLOWS
    from orderwright.links.carriers.practice import PracticeCarrier
    from orderwright.links.payments.practice import PracticeGateway

    folder = read_deployment().folder
    practice = PracticeCarrier(memory=folder / "practice-carrier.sqlite")
    gateway = PracticeGateway(folder / "practice-gateway.sqlite")
    supply, supply_times = _supply(folder)
    kinds: list[Kind] = [
        TaskKind("fill_backorders", fill.fill_backorders),
        *_labels(practice),
        TaskKind("issue_invoice", invoice.issue_invoices),
        TaskKind("settle_order", settle.settle_tasks),
        *_money(gateway),
        *_searches(),
        *supply,
        _report_mail(folder),
        TaskKind("practice_tracking", TellScans({"practice": practice}).work),
        TaskKind("practice_scan", track.record_scans), TaskKind("read_inbox", read_inbox),
        TaskKind("resolve_products", resolve_products),
        *(kind for kind, _ in _learnt()),
        TaskKind("release_sites", tending.release_sites),
        TaskKind("fill_what_can_be", tending.fill_what_can_be),
        TaskKind("expire_lots", tending.expire_lots_everywhere),
        TaskKind("plan_counts", by_clock.plan_todays_counts),
        TaskKind("lapse_exchanges", lapse_exchanges),
        TaskKind("escalate_exceptions", tending.escalate_exceptions),
        TaskKind("forget_old", forget),
    ]  # fmt: skip
    timetable = [
        *supply_times,
        Schedule("release_sites", every=timedelta(minutes=5)),
        Schedule("fill_what_can_be", every=timedelta(hours=1)),
        Schedule("reoptimise", every=timedelta(minutes=15)),
        Schedule("expire_lots", every=timedelta(hours=1)),
        Schedule("resolve_products", every=timedelta(minutes=5)),
        Schedule("plan_counts", every=timedelta(minutes=15)),
        Schedule("lapse_exchanges", every=timedelta(hours=1)),
        *(times for _, times in _learnt()),
        Schedule("escalate_exceptions", every=timedelta(minutes=15)),
        Schedule("forget_old", every=timedelta(hours=1)),
    ]
    return Wiring(FLOWS, kinds, timetable, gateway)


def _labels(practice: "PracticeCarrier") -> "list[Kind]":
    """Labels bought and taken back, of parcels and of what comes back."""
    from orderwright.business.returns.labels import BUY, BuyReturnLabels
    from orderwright.business.shipping.labels import BuyLabels, VoidLabels
    from orderwright.doors.worker.kinds import CallKind

    carriers = {"practice": practice}
    buying, voiding, backing = BuyLabels(carriers), VoidLabels(carriers), BuyReturnLabels(carriers)
    return [
        CallKind("buy_label", buying.start, buying.call, buying.finish, buying.ask, buying.give_up),
        CallKind("void_label", voiding.start, voiding.call, voiding.finish, voiding.ask, voiding.give_up),
        CallKind(BUY, backing.start, backing.call, backing.finish, backing.ask, backing.give_up),
    ]


def _learnt() -> "list[tuple[Kind, Schedule]]":
    """What is learned, added up and decided by the clock, so that nobody does it while somebody waits."""
    from datetime import timedelta

    from orderwright.business.deeds.dials import turn_dials
    from orderwright.business.deeds.packing.checks import learn_quality
    from orderwright.business.orders.usual import refresh_usual_task
    from orderwright.business.reports.days.telling import tell_by_schedule
    from orderwright.business.reports.mailing import want_reports
    from orderwright.business.reports.today.hours import keep_hours
    from orderwright.doors.worker.kinds import Schedule, TaskKind

    return [
        (TaskKind("turn_dials", turn_dials), Schedule("turn_dials", every=timedelta(minutes=5))),
        (TaskKind("refresh_usual", refresh_usual_task), Schedule("refresh_usual", every=timedelta(hours=24))),
        (TaskKind("learn_quality", learn_quality), Schedule("learn_quality", every=timedelta(hours=24))),
        (TaskKind("tell_days", tell_by_schedule), Schedule("tell_days", every=timedelta(minutes=15))),
        (TaskKind("want_reports", want_reports), Schedule("want_reports", every=timedelta(minutes=15))),
        (TaskKind("keep_hours", keep_hours), Schedule("keep_hours", every=timedelta(minutes=5))),
    ]


def _money(gateway: "PayingGateway") -> "list[Kind]":
    """What is asked of the payment gateway."""
    from orderwright.business.deeds.paying.following import FollowPayLinks
    from orderwright.business.deeds.settle import PaymentCalls
    from orderwright.doors.worker.kinds import CallKind

    paying, following = PaymentCalls(gateway), FollowPayLinks(gateway)
    return [
        CallKind("call_payment", paying.start, paying.call, paying.finish, paying.ask, paying.give_up),
        CallKind(
            "follow_pay_link", following.start, following.call, following.finish, following.ask, following.give_up
        ),
    ]


def _searches() -> "list[Kind]":
    """What is thought about for seconds, and therefore outside of transactions."""
    from orderwright.business.deeds import reoptimise, slotting
    from orderwright.business.deeds.picking import planning
    from orderwright.business.deeds.reoptimising.solving import solve_batch
    from orderwright.doors.worker.kinds import CallKind

    return [
        CallKind(
            "reoptimise", reoptimise.start_reoptimising, solve_batch, reoptimise.finish_reoptimising,
            reoptimise.ask_nobody, reoptimise.give_up_reoptimising,
        ),
        CallKind(
            "suggest_slots", slotting.start_slotting, slotting.look_at_slots, slotting.finish_slotting,
            slotting.ask_nobody, slotting.give_up_slotting,
        ),
        CallKind(
            "plan_walks", planning.start_planning, planning.choose, planning.finish_planning, planning.search_again,
            planning.give_up_planning,
        ),
    ]  # fmt: skip


def _supply(folder: "Path") -> "tuple[list[Kind], list[Schedule]]":
    """What the worker does for buyers, and when by the clock: mails, and looks after supply."""
    from datetime import timedelta

    from orderwright.business.deeds.supply import looking
    from orderwright.business.purchasing.looking import LOOK
    from orderwright.business.purchasing.mailing import MailPurchases
    from orderwright.doors.worker.kinds import CallKind, Schedule, TaskKind
    from orderwright.links.messages.practice import PracticePost

    mailing = MailPurchases(PracticePost(folder / "practice-mail"))
    kinds: list[Kind] = [
        CallKind("mail_purchase", mailing.start, mailing.call, mailing.finish, mailing.ask, mailing.give_up),
        TaskKind(LOOK, looking.look_after_supply),
        TaskKind("look_at_all_supply", looking.look_at_all),
        TaskKind("count_turnover", looking.count_turnover),
    ]
    every_day = Schedule("count_turnover", every=timedelta(hours=24))
    return kinds, [Schedule("look_at_all_supply", every=timedelta(minutes=15)), every_day]


def _report_mail(folder: "Path") -> "Kind":
    """Reports by mail, with their paper."""
    from orderwright.business.reports import mailing
    from orderwright.doors.console.report_files import file_name
    from orderwright.doors.console.report_files.sheet import paper_of
    from orderwright.doors.worker.kinds import CallKind
    from orderwright.links.messages.practice import PracticePost

    def paper(report: "Report", period: "Period", language: str) -> tuple[str, bytes]:
        return file_name("pdf", period, report.scope), paper_of(report, period, language)

    mails = mailing.MailReports(PracticePost(folder / "practice-mail"), paper)
    return CallKind(mailing.TASK, mails.start, mails.call, mails.finish, mails.ask, mails.give_up)


def main() -> None:
    """The command line."""
    from orderwright.doors.cli import run

    run(wiring)
