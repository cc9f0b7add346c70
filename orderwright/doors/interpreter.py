"""How Python itself runs in our processes, where a few threads take turns at many small rows."""

import gc
import sys

TURN_S = 0.000_5
GARBAGE_LOOKED_FOR_AFTER = 50_000


def tune_interpreter() -> None:
    """Let threads take turns more often, and look for garbage less often, than Python does by itself.

    A group of orders waits for the database some forty times; after each wait it would wait again, up to the 5 ms
    of Python's own turn, for the thread that works on the next group. And rows on their way make hundreds of
    thousands of small objects that are gone by themselves: looking through them after every few hundred costs more
    than it finds.
    """
    sys.setswitchinterval(TURN_S)
    gc.set_threshold(GARBAGE_LOOKED_FOR_AFTER, 20, 50)
