from tests.truth.world import Fault

FAULTS = (
    Fault(
        "every_fact_led_to_its_tasks", "a fact led to nothing",
        "DELETE FROM task WHERE name = 'follow'",
        "(parcel_handed_over) of",
    ),
    Fault(
        "every_fact_led_to_its_tasks", "a fact led to the same task twice",
        "UNGUARD task;\nINSERT INTO task (id, name, subject, cause_seq, state, run_at, made_at)"
        " SELECT gen_random_uuid(), name, subject, cause_seq, 'open', run_at, made_at FROM task WHERE name = 'follow'",
        "led 2 times to 'follow'",
    ),
    Fault(
        "tasks_follow_facts", "a task follows a fact that never was",
        "INSERT INTO task (id, name, subject, cause_seq, state, run_at, attempt, made_at)"
        " VALUES (#stray, 'greet', #order1, 9, 'done', now(), 1, now())",
        "'greet' follows fact 9",
    ),
    Fault(
        "no_task_is_stuck", "a worker died and nobody took over",
        "UPDATE task SET leased_until = '2026-11-20 11:49+00' WHERE state = 'running'",
        "'greet' is running since its lease ended at 2026-11-20 11:49",
    ),
    Fault(
        "dead_tasks_were_tried", "a task was given up untried",
        "UPDATE task SET attempt = 0 WHERE state = 'dead'",
        "'greet' was given up after 0 attempts",
    ),
)  # fmt: skip
