"""Refusals: a flat list of codes that carry facts. The words are made in `commands/words.py`."""

from enum import StrEnum
from typing import Any


class Code(StrEnum):
    """Why something was refused. The facts that come with each stand behind it."""

    NOT_ENOUGH = "not_enough"  # have, need
    BANNED = "banned"  # platform and wait_s, when it is a platform's doing
    BALANCE_CHANGED = "balance_changed"  # now
    BALANCE_FULL = "balance_full"  # most
    UNKNOWN_GIFT = "unknown_gift"  # name, guess
    GIFT_OFF = "gift_off"  # name
    NOT_A_GIFT = "not_a_gift"  # name, count
    NOT_A_COUNT = "not_a_count"  # typed, most
    NOT_AN_AMOUNT = "not_an_amount"  # typed, most
    TOO_MUCH = "too_much"  # total, most
    MISSING = "missing"  # argument, usage
    UNKNOWN_PERSON = "unknown_person"  # name
    UNKNOWN_CREATOR = "unknown_creator"  # name, creators
    UNKNOWN_CHOICE = "unknown_choice"  # typed, choices
    UNKNOWN_COMMAND = "unknown_command"  # name
    UNKNOWN_RECORD = "unknown_record"  # ref
    NOT_REVERSIBLE = "not_reversible"  # ref
    NOT_ALLOWED = "not_allowed"  # role
    COOLDOWN = "cooldown"  # wait_s
    YOURSELF = "yourself"
    TRANSFERS_OFF = "transfers_off"
    TRANSFER_CAP = "transfer_cap"  # most
    NO_REASON = "no_reason"  # usage
    ALREADY_CLOSED = "already_closed"
    ALREADY_REVERSED = "already_reversed"
    STILL_OPEN = "still_open"
    NOT_SHOWN = "not_shown"  # back: whether it went back to its sender
    OUT_OF_RANGE = "out_of_range"  # of, least, most
    UNCHANGED = "unchanged"
    TOO_LONG = "too_long"  # most
    EARNING_OFF = "earning_off"
    EARNING_PAUSED = "earning_paused"
    EARNED_ENOUGH = "earned_enough"  # earned, way, most
    DAILY_TAKEN = "daily_taken"  # wait_s
    OFFLINE = "offline"
    NOBODY_THERE = "nobody_there"  # minutes
    NO_BATTLE = "no_battle"
    BATTLE_ON = "battle_on"  # left, right
    NO_SIDE = "no_side"  # name, creators
    BOTH_SIDES = "both_sides"  # name
    TOO_MANY = "too_many"  # most
    NOT_BETWEEN = "not_between"  # typed, least, most
    BUSY = "busy"
    JOURNAL_DOWN = "journal_down"
    KEY_REUSED = "key_reused"
    LINK_CODE = "link_code"
    LINK_HERE = "link_here"
    SAME_PLATFORM = "same_platform"  # platform
    NOT_ASKED = "not_asked"
    ALREADY_LINKED = "already_linked"  # same
    NOT_LINKED = "not_linked"
    LINKS_CHANGED = "links_changed"
    LINKS_FULL = "links_full"  # most
    LINK_WHICH = "link_which"  # names
    ONE_WALLET = "one_wallet"


# Nothing was decided, so nothing may be remembered: the same message may be tried again.
UNDECIDED = frozenset({Code.BUSY, Code.JOURNAL_DOWN, Code.KEY_REUSED})


class GiftError(Exception):
    """A polite no to a person: a code and the facts that its sentence needs."""

    def __init__(self, code: Code, **facts: Any) -> None:
        super().__init__(f"{code.value} {facts}" if facts else code.value)
        self.code = code
        self.facts = facts


class JournalError(Exception):
    """The journal cannot be used: locked, damaged, or written by a newer version."""


class JournalTakenError(JournalError):
    """Another process has the journal."""


class DocumentError(Exception):
    """An edited document is malformed; the text names the place and the reason."""
