"""500 parcel labels as one job: `python -m bench.labels`.

Each label is a page of 100 x 150 mm with the addresses, the parcel's number as Code 128 and QR, and its SSCC as
GS1-128. The baseline compiles the same labels one by one, as a program that prints each when it is packed does.
"""

import json
import time
from collections.abc import Callable

from orderwright.papers.labels import CartonLabel, labels_pdf
from orderwright.papers.thermal import labels_zpl
from orderwright.values.codes import sscc

LABELS = 500
BAR_S = 5.0


def parcels(first: int) -> list[CartonLabel]:
    """Labels of different parcels to different people, so that nothing is drawn twice."""
    return [
        CartonLabel(
            sscc=sscc(0, "9506000", serial), parcel=f"P-{serial:06}",
            sender=["Rose & Co", "1 Dock St", "Leeds LS1 1AA", "United Kingdom"],
            recipient=[f"A. Buyer {serial}", f"{serial} Market St", "San Francisco CA 94105", "United States"],
            lines=[f"OW-{serial:06}", "standard", f"{serial % 5000} g"],
        )
        for serial in range(first, first + LABELS)
    ]  # fmt: skip


def timed(make: Callable[[], object]) -> float:
    """Seconds one call takes."""
    started = time.perf_counter()
    make()
    return time.perf_counter() - started


def main() -> None:
    """One job of PDF, the same one by one, and ZPL."""
    first, together, singly, thermal = (parcels(1 + n * LABELS) for n in range(4))
    labels_pdf(first[:1])  # fonts and template are read once
    together_s = timed(lambda: labels_pdf(together))
    singly_s = timed(lambda: [labels_pdf([each]) for each in singly])
    thermal_s = timed(lambda: labels_zpl(thermal))
    print(json.dumps({
        "figure": f"{LABELS} labels of three barcodes as one PDF, s", "value": round(together_s, 2), "bar": BAR_S,
        "baseline": "a PDF for each", "baseline_value": round(singly_s, 2), "ratio": round(singly_s / together_s, 1),
    }))  # fmt: skip
    print(json.dumps({"figure": f"{LABELS} of the same labels as ZPL, s", "value": round(thermal_s, 3)}))


if __name__ == "__main__":
    main()
