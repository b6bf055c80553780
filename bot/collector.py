"""The garbage collector, set for a program that makes and drops objects by the thousand."""

import gc

THRESHOLDS = (20_000, 20, 50)  # Python's own are 700, 10, 10


def calm() -> None:
    """What was made until now stays, so it need not be looked through again and again; and a
    batch of gifts does not set the collector off several times."""
    gc.collect()
    gc.freeze()
    gc.set_threshold(*THRESHOLDS)
