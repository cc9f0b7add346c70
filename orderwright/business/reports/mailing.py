"""Reports by mail: asked for by the clock when their period is over, each once to each address."""

from collections.abc import Callable, Sequence
from datetime import datetime, time, timedelta
from typing import Annotated, Any, NamedTuple
from zoneinfo import ZoneInfo

from msgspec import Meta

from orderwright.business.purchasing.ports import Mail, MailPaper, MailRefused, MailSent, PostOffice
from orderwright.business.reports.days.telling import zone_of
from orderwright.business.reports.periods import RHYTHMS, Period, Rhythm, last_whole, period_of
from orderwright.business.reports.showing import show_period, show_value
from orderwright.business.reports.told import Report, Told, report_of
from orderwright.database.clock import find_simulated
from orderwright.database.rows import array
from orderwright.database.settings import Setting, value_of
from orderwright.database.tasks import Task
from orderwright.database.tx import Tx
from orderwright.values.contacts import email_problem
from orderwright.values.ids import new_ids
from orderwright.values.phrases import Phrase, phrase

Addresses = Annotated[list[Annotated[str, Meta(max_length=254)]], Meta(max_length=20)]


def _wrong_address(addresses: Sequence[str]) -> Phrase | None:
    wrong = [each for each in addresses if email_problem(each)]
    return phrase("These are no e-mail addresses: {wrong}", wrong=", ".join(wrong)) if wrong else None


def _recipients(rhythm: str, when: str) -> Setting[list[str]]:
    return Setting(
        f"reports.{rhythm}_to", Addresses, [], f"E-mail addresses that get the report of each {when} by mail.",
        _wrong_address,
    )  # fmt: skip


TO: dict[Rhythm, Setting[list[str]]] = {
    "daily": _recipients("daily", "day"), "weekly": _recipients("weekly", "week"),
    "monthly": _recipients("monthly", "month"),
}  # fmt: skip
MAIL_AT: Setting[str] = Setting(
    "reports.mail_at", Annotated[str, Meta(pattern="^([01][0-9]|2[0-3]):[0-5][0-9]$")], "07:00",
    "Time of the shop's day at which reports are mailed, on the day after their period.",
)  # fmt: skip
LANGUAGE: Setting[str] = Setting(
    "reports.language",
    Annotated[str, Meta(pattern="^[a-z]{2}$")],
    "en",
    "Language of mailed reports, such as en or es.",
)
SETTINGS: tuple[Setting[Any], ...] = (*TO.values(), MAIL_AT, LANGUAGE)
TASK = "mail_report"
LATE_MAX = timedelta(days=2)
"""So much later than its time a report is still mailed: after that nobody waits for it."""
IN_TEXT = (
    "orders_in", "orders_shipped", "order_accuracy", "shipped_on_time", "return_rate", "touch_time", "cost_per_order",
)  # fmt: skip
"""What the text of a mail tells; its paper tells all."""

Paper = Callable[[Report, Period, str], tuple[str, bytes]]
"""Name and content of a report's paper, in a language."""


def is_due(period: Period, now: datetime, zone: str, at: str) -> bool:
    """Whether a period's report is to be mailed now: from that time of the day after it on, for two days. Pure."""
    hour, minute = at.split(":")
    due = datetime.combine(period.last + timedelta(days=1), time(int(hour), int(minute)), ZoneInfo(zone))
    return due <= now < due + LATE_MAX


def want_reports(tx: Tx, tasks: Sequence[Task]) -> None:
    """The scheduled task: want a mail for each report that is due and told in full, once for each address."""
    if find_simulated(tx) is not None:
        return
    zone = zone_of(tx)
    local = tx.now.astimezone(ZoneInfo(zone)).date()
    for rhythm in RHYTHMS:
        period, addresses = last_whole(rhythm, local), value_of(tx, TO[rhythm])
        if addresses and is_due(period, tx.now, zone, value_of(tx, MAIL_AT)) and _is_told(tx, period):
            want_mails(tx, period, addresses)


def want_mails(tx: Tx, period: Period, addresses: Sequence[str]) -> int:
    """Want a report mailed to addresses that were not mailed it yet; to how many."""
    wanted = sorted(set(addresses))
    rows = tx.rows(
        """
        INSERT INTO report_mail (id, rhythm, first, address, state, made_at)
        SELECT id, %(rhythm)s, %(first)s, address, 'wanted', %(now)s
        FROM unnest(%(ids)s::uuid[], %(addresses)s::text[]) AS n(id, address) ON CONFLICT DO NOTHING RETURNING id::text
        """,
        rhythm=period.rhythm, first=period.first, now=tx.now, ids=array(new_ids(len(wanted))), addresses=array(wanted),
    )  # fmt: skip
    for row in rows:
        tx.enqueue(TASK, row.id)
    return len(rows)


def _is_told(tx: Tx, period: Period) -> bool:
    row = tx.row(
        "SELECT count(*) FILTER (WHERE NOT is_stale) AS n FROM report_told WHERE day BETWEEN %(first)s AND %(last)s",
        first=period.first, last=period.last,
    )  # fmt: skip
    return int(row.n) == period.days


class SaidNo(NamedTuple):
    """The post office's refusal, as an answer."""

    said: str


class Letter(NamedTuple):
    """A report to be mailed. The paper is made outside of the transaction."""

    key: str
    to: str
    report: Report
    period: Period
    language: str


class MailReports:
    """Mailing reports that are wanted; each at most once, however often its task runs. paper: makes the PDF."""

    def __init__(self, post: PostOffice, paper: Paper) -> None:
        self._post = post
        self._paper = paper

    def start(self, tx: Tx, tasks: Sequence[Task]) -> list[Letter | None]:
        """What to send; None where it was sent already."""
        rows = tx.rows(
            "SELECT id::text, rhythm, first, address FROM report_mail"
            " WHERE id = ANY(%(ids)s::uuid[]) AND state = 'wanted' ORDER BY id FOR UPDATE",
            ids=array(task.subject for task in tasks),
        )
        language = value_of(tx, LANGUAGE)
        reports: dict[Period, Report] = {}
        letters: dict[str, Letter] = {}
        for row in rows:
            period = period_of(row.rhythm, row.first)
            if period not in reports:
                reports[period] = report_of(tx, period)
            key = f"report:{row.rhythm}:{row.first}:{row.address}"
            letters[row.id] = Letter(key, row.address, reports[period], period, language)
        return [letters.get(task.subject) for task in tasks]

    def call(self, letter: Letter) -> MailSent | SaidNo:
        """Send it once, with the report as a PDF."""
        name, content = self._paper(letter.report, letter.period, letter.language)
        text = "\n".join(_line(told, letter) for told in _told(letter.report))
        subject = _subject(letter)
        mail = Mail(letter.key, letter.to, subject, f"{subject}\n\n{text}\n", (MailPaper(name, content),))
        try:
            return self._post.send(mail)
        except MailRefused as no:
            return SaidNo(str(no))

    def ask(self, letter: Letter) -> MailSent | None:
        """Whether a mail whose answer never came was sent all the same."""
        return self._post.find(letter.key)

    def finish(self, tx: Tx, tasks: Sequence[Task], answers: Sequence[MailSent | SaidNo]) -> None:
        """Note what was sent, and what was refused and why."""
        refused = [answer.said if isinstance(answer, SaidNo) else "" for answer in answers]
        tx.write(
            """
            UPDATE report_mail m SET state = CASE WHEN n.said = '' THEN 'sent' ELSE 'refused' END, said = n.said,
                   ended_at = %(now)s
            FROM unnest(%(ids)s::uuid[], %(said)s::text[]) AS n(id, said) WHERE m.id = n.id AND m.ended_at IS NULL
            """,
            now=tx.now, ids=array(task.subject for task in tasks), said=array(refused),
        )  # fmt: skip

    def give_up(self, tx: Tx, task: Task, error: str) -> None:
        """The task died: nobody knows whether the mail went."""
        tx.write(
            "UPDATE report_mail SET state = 'unknown', said = %(error)s, ended_at = %(now)s WHERE id = %(id)s::uuid",
            error=error[:500], now=tx.now, id=task.subject,
        )  # fmt: skip


def _subject(letter: Letter) -> str:
    return f"{letter.period.rhythm.capitalize()} report, {show_period(letter.period, letter.language)}"


def _told(report: Report) -> list[Told]:
    by_name = {told.name: told for group in report.groups for told in group.figures}
    return [by_name[name] for name in IN_TEXT]


def _line(told: Told, letter: Letter) -> str:
    was = letter.report.before[told.name]
    value = show_value(told.value, told.unit, told.currency, letter.language)
    return f"{told.title:<28} {value:>14}   before: {show_value(was.value, was.unit, was.currency, letter.language)}"
