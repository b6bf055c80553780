"""How patient the Discord platform is."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Timing:
    """How long things may take.

    defer_after_s: how soon a slow answer to a slash call is announced.
    identify_again_s: the pause that Discord wants between two sessions.
    close_s: for closing down; twice this at most.
    retry_first_s, retry_max_s: pauses between attempts to log in.
    patience_s: how long discord.py may try to reconnect before a new client does.
    look_s: how often that is looked at.
    """

    defer_after_s: float = 1.5
    identify_again_s: float = 5.0
    close_s: float = 0.4
    retry_first_s: float = 2.0
    retry_max_s: float = 60.0
    patience_s: float = 90.0
    look_s: float = 5.0
