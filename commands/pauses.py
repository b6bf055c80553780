"""Pauses of a stage: time in which no gift's time runs out."""

from collections.abc import Sequence

from data.ledger import Record


def paused_ms(controls: Sequence[Record], since: int, until: int) -> int:
    """How long, between two times, a stage was paused: the same in every process."""
    total = 0
    began: int | None = None
    for record in controls:
        action = record.facts["action"]
        if action == "pause" and began is None:
            began = record.at
        elif action == "resume" and began is not None:
            total += max(0, min(record.at, until) - max(began, since))
            began = None
    if began is not None:
        total += max(0, until - max(began, since))
    return total
