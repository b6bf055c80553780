"""Cheering: Bits, as the house takes them."""

import twitchio

from bot.platforms.twitch.activities import PLATFORM, chatter, key
from commands.cheers import Cheer


def cheer(event: twitchio.ChannelCheer, stage: str, at: int) -> Cheer:
    """What was cheered, without the words that only stand for the Bits."""
    return Cheer(
        id=key(event),
        stage=stage,
        platform=PLATFORM,
        viewer=None if event.anonymous or event.user is None else chatter(event.user),
        bits=event.bits,
        message=without_cheermotes(event.message, event.bits),
        at=at,
    )


def without_cheermotes(text: str, bits: int) -> str:
    """`Cheer100 gg` → `gg`. Which words are cheermotes differs between channels; they are
    letters and a number, and their numbers add up to the Bits."""
    numbers = {word: _number(word) for word in text.split()}
    named = [word for word in text.split() if numbers[word]]
    if sum(numbers[word] for word in named) != bits:
        return text
    return " ".join(word for word in text.split() if not numbers[word])


def _number(word: str) -> int:
    digits = word[len(word.rstrip("0123456789")) :]
    letters = word[: len(word) - len(digits)]
    return int(digits) if digits and letters.isalnum() and len(digits) <= 7 else 0
