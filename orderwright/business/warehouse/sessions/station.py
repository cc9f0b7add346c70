"""A bench or a rack whose lights, sensors and scale do what a hand scanner does: the same sessions, the same scans.

Nothing here knows what a session is about. A light shows the bin or tote of the instruction, with its units; its button
is the scan of that place, then of what lies there. What a sensor notices is scanned as it is. So a wrong hand is
refused as a wrong scan is, and a press that comes again counts once.
"""

from collections.abc import Callable, Sequence
from typing import NamedTuple

from orderwright.business.warehouse.sessions.forms import Instruction, ScanForm, SessionNow
from orderwright.business.warehouse.sessions.ports import Light, Press, Scale, Sensor, weight_code


class Lit(NamedTuple):
    """What is to light up."""

    where: str
    units: int


def lit_by(now: Instruction) -> Lit | None:
    """The light an instruction asks for: its bin while units are to be taken, its tote while they are to be put in."""
    if now.expects in ("bin", "item", "quantity") and now.where and now.left:
        return Lit(now.where, now.left)
    if now.expects == "tote" and now.tote:
        return Lit(now.tote, int(now.facts.get("units", now.left)) or 1)
    return None


def scans_of_press(press: Press, now: Instruction) -> list[dict[str, object]]:
    """What pressing a button says, as scans: at another place than the one lit, only that place, which is refused.

    What else is asked for at the place (a lot, a serial number, a date) no button can say: it is scanned by hand.
    """
    lit = lit_by(now)
    if lit is None or press.where != lit.where or now.expects == "tote":
        return [{"code": press.where}]
    item: dict[str, object] = {"code": now.sku, "quantity": lit.units if press.units is None else press.units}
    return [{"code": press.where}, item] if now.expects == "bin" else [item]


class Station:
    """The devices of one place of work, driving one session.

    send: hands scans of the session in and answers how it stands then; without scans, how it stands now.
    """

    def __init__(
        self,
        send: Callable[[Sequence[ScanForm]], SessionNow],
        *,
        light: Light | None = None,
        sensors: Sequence[Sensor] = (),
        scale: Scale | None = None,
    ) -> None:
        self._send, self._light, self._sensors, self._scale = send, light, sensors, scale
        self._lit: Lit | None = None

    def turn(self) -> SessionNow:
        """Hand in what the devices noticed since the last turn, and light what is to be done next."""
        now = self._send(())
        for press in self._light.pressed() if self._light is not None else ():
            now = self._scan(now, scans_of_press(press, now.instruction))
        for code in [code for sensor in self._sensors for code in sensor.seen()]:
            now = self._scan(now, [{"code": code}])
        if self._scale is not None and now.instruction.expects == "weight":
            reading = self._scale.reading()
            if reading is not None:
                now = self._scan(now, [{"code": weight_code(reading)}])
        self._show(lit_by(now.instruction))
        return now

    def _scan(self, now: SessionNow, told: Sequence[dict[str, object]]) -> SessionNow:
        """One after the other, no further than the first that is refused: what follows would mean something else."""
        for each in told:
            now = self._send([ScanForm(n=now.next_n, **each)])  # type: ignore[arg-type]
            if any(answer.outcome == "refused" for answer in now.answers):
                break
        return now

    def _show(self, lit: Lit | None) -> None:
        if self._light is None or lit == self._lit:
            return
        if self._lit is not None and (lit is None or lit.where != self._lit.where):
            self._light.show(self._lit.where, 0)
        if lit is not None:
            self._light.show(*lit)
        self._lit = lit
