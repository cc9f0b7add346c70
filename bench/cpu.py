"""Processor time of this program and of the database server, read from /proc (Linux)."""

import os
from pathlib import Path
from typing import NamedTuple

TICK_S = 1 / os.sysconf("SC_CLK_TCK")


class Cpu(NamedTuple):
    """Seconds of processor time so far."""

    python_s: float
    database_s: float

    def since(self, before: "Cpu") -> "Cpu":
        """What was used between two readings."""
        return Cpu(self.python_s - before.python_s, self.database_s - before.database_s)


def read_cpu(python_pids: list[int], postmaster_pid: int) -> Cpu:
    """Processor time of the given processes, and of a PostgreSQL server with all its children, ended ones too."""
    python_s = sum(sum(_times(pid)[:2]) for pid in python_pids)
    server_s = sum(_times(postmaster_pid)) + sum(sum(_times(pid)[:2]) for pid in _children(postmaster_pid))
    return Cpu(python_s, server_s)


def _times(pid: int) -> tuple[float, float, float, float]:
    try:
        fields = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()
    except (FileNotFoundError, ProcessLookupError):
        return (0.0, 0.0, 0.0, 0.0)
    user, system, ended_user, ended_system = (int(field) * TICK_S for field in fields[11:15])
    return (user, system, ended_user, ended_system)


def _children(pid: int) -> list[int]:
    found = []
    for entry in Path("/proc").iterdir():
        if entry.name.isdigit():
            try:
                fields = (entry / "stat").read_text().rpartition(")")[2].split()
            except (FileNotFoundError, ProcessLookupError):
                continue
            if int(fields[1]) == pid:
                found.append(int(entry.name))
    return found


def proportional_memory_mb(pids: list[int]) -> float:
    """Proportional set size of processes, in MB: shared pages are divided among those that share them."""
    total_kb = 0
    for pid in pids:
        for line in Path(f"/proc/{pid}/smaps_rollup").read_text().splitlines():
            if line.startswith("Pss:"):
                total_kb += int(line.split()[1])
    return total_kb / 1024
