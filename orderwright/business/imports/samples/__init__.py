"""Files of real orders that come along, to try the product on."""

from pathlib import Path

from orderwright.values.refusal import Refusal


def list_samples() -> list[str]:
    """The names of the files that come along."""
    return sorted(path.name for path in Path(__file__).parent.iterdir() if path.suffix in (".xz", ".csv"))


def get_sample(name: str) -> Path:
    """Where a file that comes along is. Refuses not_found."""
    if name not in list_samples():
        raise Refusal("not_found", sample=name, known=list_samples())
    return Path(__file__).parent / name
