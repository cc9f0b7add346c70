"""Logs: one JSON object a line, on standard error; ids and codes, never people."""

import logging
import re
import sys
import traceback
from typing import Any

import structlog

_QUOTED = re.compile(r"'[^']*'|\"[^\"]*\"|\([^()]*\)=\([^()]*\)")
_EMAIL = re.compile(r"\S+@\S+")
_DIGITS = re.compile(r"\d{6,}")


def configure_logs(level: int = logging.INFO) -> None:
    """Make every logger of the process write JSON lines to standard error."""
    shared: list[Any] = [
        structlog.processors.add_log_level,
        structlog.processors.TimeStamper(fmt="iso", utc=True),
    ]
    structlog.configure(
        processors=[*shared, structlog.processors.JSONRenderer()],
        wrapper_class=structlog.make_filtering_bound_logger(level),
        logger_factory=structlog.PrintLoggerFactory(sys.stderr),
    )
    handler = logging.StreamHandler(sys.stderr)
    handler.setFormatter(
        structlog.stdlib.ProcessorFormatter(
            foreign_pre_chain=[*shared, structlog.stdlib.add_logger_name],
            processors=[
                structlog.stdlib.ProcessorFormatter.remove_processors_meta,
                structlog.processors.JSONRenderer(),
            ],
        )
    )
    root = logging.getLogger()
    root.handlers[:] = [handler]
    root.setLevel(max(level, logging.WARNING))


def without_people(text: str) -> str:
    """A message with what may be data taken out: quoted parts, key details, e-mails, long numbers."""
    return _DIGITS.sub("#", _EMAIL.sub("@", _QUOTED.sub("…", text)))


def told(error: BaseException) -> str:
    """An error in one line, without data."""
    return f"{type(error).__name__}: {without_people(str(error))}"[:1000]


def trace(error: BaseException) -> list[str]:
    """Where an error happened: file, line and function of each frame, without data."""
    frames = traceback.extract_tb(error.__traceback__)
    return [f"{frame.filename}:{frame.lineno} {frame.name}" for frame in frames]
