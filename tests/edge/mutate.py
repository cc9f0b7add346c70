"""Take each guard out and see its tests turn red: `python -m tests.edge.mutate [number ...]`; 1 when one stays green.

Works in a copy of the tree. The tests are run once as they are first, since red says nothing of a test that
was red before.
"""

import sys
import time
from collections.abc import Sequence

from tests.edge.index import mutations
from tests.edge.scratch import scratch, survivors


def main(numbers: Sequence[str]) -> int:
    """Run the mutations of these cases, or all; 0 when every one was noticed."""
    wanted = mutations(set(numbers))
    if not wanted:
        print(f"no such case: {' '.join(numbers)}")
        return 1
    tests = list(dict.fromkeys(test for mutation in wanted for test in mutation.tests))
    survived = 0
    with scratch() as copy:
        before = copy.run(tests)
        if missing := [test for test in tests if test not in before.passed]:
            print(before.said, "red before anything was changed:", *missing, sep="\n")
            return 1
        for mutation in wanted:
            began = time.monotonic()
            green, said = survivors(copy, mutation)
            survived += bool(green)
            change = mutation.changes[0]
            print(f"{mutation.case:>4} {'SURVIVED' if green else 'red':8} {time.monotonic() - began:5.1f} s"
                  f"  {change.file}: {change.old.strip().splitlines()[0][:60]}", flush=True)  # fmt: skip
            for test in green:
                print(f"       still green: {test}")
            if green:
                print(said)
    print(f"{len(wanted) - survived} of {len(wanted)} mutations were noticed, by {len(tests)} tests")
    return 1 if survived else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
