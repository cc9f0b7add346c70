from tests.truth.world import Fault

FAULTS = (
    Fault(
        "people_do_one_thing_at_a_time", "somebody was at two tasks at once",
        "INSERT INTO worker (person) VALUES ('ann');\n"
        "INSERT INTO work_clock (id, person, site, task, started_at, ended_at)"
        " SELECT #one, 'ann', code, 'pick', '2026-11-20 08:00Z', '2026-11-20 12:00Z' FROM site LIMIT 1;\n"
        "INSERT INTO work_clock (id, person, site, task, started_at)"
        " SELECT #two, 'ann', code, 'pack', '2026-11-20 11:00Z' FROM site LIMIT 1",
        "ann worked from 2026-11-20 08:00",
        in_sweep=False,
    ),
)  # fmt: skip
