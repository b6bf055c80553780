"""Verification: every invariant of a journal file, the whole or what is new since the last time.

It only reads, except for `remember`, which keeps how far a check came.
"""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from itertools import groupby
from operator import itemgetter
from typing import Any, NamedTuple

import apsw

from data import chain
from data.errors import JournalError
from data.money import CURRENCY, MAY_OWE, Account, Posting, unbalanced
from data.sqlite.connection import row, rows, value
from data.sqlite.derived import differences
from data.sqlite.keys import disorder
from data.sqlite.migration import altered

Progress = Callable[[int, int], None]
_STEP = 10_000

_ROWS = (
    "SELECT seq, kind, key, at, actor, subject, coalesce(closes, 0), coalesce(reverses, 0), "
    "facts, version, committed, hash FROM txn WHERE stage = ? AND seq > ? ORDER BY seq"
)
_LEGS = (
    "SELECT p.seq, a.kind, a.owner, p.amount FROM posting p "
    "JOIN account a ON a.id = p.account AND a.stage = p.stage "
    "WHERE p.stage = ? AND p.seq > ? ORDER BY p.seq, p.leg"
)
_ASIDES = (
    "SELECT seq, salt, text, said_salt, said FROM aside WHERE stage = ? AND seq > ? ORDER BY seq"
)
_BALANCES = (
    "SELECT a.kind, a.owner, a.balance, coalesce(p.total, 0), a.last, coalesce(p.newest, 0) "
    "FROM account a LEFT JOIN (SELECT account, sum(amount) AS total, max(seq) AS newest "
    "FROM posting WHERE stage = ?1 GROUP BY account) p ON p.account = a.id WHERE a.stage = ?1 "
    "AND (a.balance <> coalesce(p.total, 0) OR a.last <> coalesce(p.newest, 0))"
)
_COINS = ", ".join(f"'{kind}'" for kind, currency in CURRENCY.items() if currency == "coins")
_OVER = (  # what the accounts of a stage hold too much; quick enough for each check
    f"SELECT iif(kind IN ({_COINS}), 'coins', 'diamonds') AS currency, sum(balance) AS over "
    "FROM account WHERE stage = ? GROUP BY currency HAVING over <> 0"
)
_FORGOTTEN = (
    "SELECT v.stage, v.seq FROM verified v LEFT JOIN txn t ON t.stage = v.stage AND t.seq = v.seq "
    "WHERE t.hash IS NOT v.hash"
)
# Records of a stage that do not fit the others, by what is wrong with them.
_ILL = {
    "has a leg that does not name the one before it on its account": (
        "SELECT seq FROM (SELECT seq, before, "
        "lag(seq, 1, 0) OVER (PARTITION BY account ORDER BY seq) AS expected "
        "FROM posting WHERE stage = ?) WHERE before <> expected"
    ),
    "has legs that are not numbered as they were written": (
        "SELECT seq FROM posting WHERE stage = ? "
        "GROUP BY seq HAVING min(leg) <> 0 OR max(leg) <> count(*) - 1"
    ),
    "closes what is no open gift": (
        "SELECT c.seq FROM txn c JOIN txn g ON g.stage = c.stage AND g.seq = c.closes "
        "WHERE c.stage = ? AND (g.kind <> 'gift' OR g.facts ->> '$.settled' = 1)"
    ),
    "has a text that was to be erased": (
        "SELECT a.seq FROM txn s JOIN aside a ON a.stage = s.stage "
        "AND a.seq = s.facts ->> '$.gift' WHERE s.stage = ? AND s.kind = 'strike' "
        "AND (a.said IS NOT NULL OR a.text ->> '$.message' IS NOT NULL)"
    ),
}
# Rows of one table whose counterpart in another does not exist.
_ASTRAY = {
    "records of no stage": "SELECT count(*) FROM txn WHERE stage NOT IN (SELECT id FROM stage)",
    "accounts of no stage": (
        "SELECT count(*) FROM account WHERE stage NOT IN (SELECT id FROM stage)"
    ),
    "texts of no record": (
        "SELECT count(*) FROM aside a WHERE NOT EXISTS "
        "(SELECT 1 FROM txn t WHERE t.stage = a.stage AND t.seq = a.seq)"
    ),
}


@dataclass(frozen=True, slots=True)
class Finding:
    """Something in a journal that does not hold."""

    stage: str
    seq: int
    what: str


class Mark(NamedTuple):
    """How far a stage was verified: its number, the last record's seq and hash, and
    how many records were read to get there."""

    stage: int
    seq: int
    hash: bytes
    checked: int


@dataclass(frozen=True, slots=True)
class Verdict:
    """What a verification found. checked: records read."""

    checked: int
    findings: tuple[Finding, ...]


def verify(connection: apsw.Connection, progress: Progress | None = None) -> Verdict:
    """Check everything: the file itself, the chain, and all that follows from the records."""
    findings: list[Finding] = []
    checked = 0
    try:
        lines = [line for (line,) in connection.execute("PRAGMA integrity_check(5)")]
        damaged = [line for line in lines if line != "ok"]
        findings += [Finding("", 0, f"file: {what}") for what in (*damaged, *altered(connection))]
        total = value(connection, "SELECT count(*) FROM txn")
        for stage, name, genesis in _stages(connection):
            for count, finding in _walk(connection, stage, name, 0, genesis):
                if finding:
                    findings.append(finding)
                checked += count
                if progress and count and checked % _STEP == 0:
                    progress(checked, total)
            findings += _check_sums(connection, stage, name)
        findings += _check_strays(connection)
        if progress:
            progress(total, total)
    except apsw.Error as error:  # a damaged page, or a text that is no JSON any more
        findings.append(Finding("", 0, f"file: {error}"))
    return Verdict(checked, tuple(findings[:100]))


def check_new(connection: apsw.Connection) -> list[Mark]:
    """Check the records since the last time; how far that came, to be remembered.

    Raises `JournalError` when something is wrong.
    """
    marks: list[Mark] = []
    for stage, name, genesis in _stages(connection):
        known = row(
            connection,
            "SELECT v.seq, v.hash, t.hash FROM verified v "
            "LEFT JOIN txn t ON t.stage = v.stage AND t.seq = v.seq WHERE v.stage = ?",
            (stage,),
        )
        seq, digest = known[:2] if known else (0, genesis)
        if known and known[1] != known[2]:
            raise JournalError(_damaged(Finding(name, seq, "is not what was verified before")))
        last = seq
        for count, finding in _walk(connection, stage, name, seq, digest):
            if finding:
                raise JournalError(_damaged(finding))
            last += count
        for currency, over in rows(connection, _OVER, (stage,)):
            problem = f"leaves {over:+,} {currency} that came from nowhere in the accounts"
            raise JournalError(_damaged(Finding(name, last, problem)))
        if last > seq:
            digest = value(
                connection, "SELECT hash FROM txn WHERE stage = ? AND seq = ?", (stage, last)
            )
            marks.append(Mark(stage, last, digest, last - seq))
    return marks


def remember(connection: apsw.Connection, marks: list[Mark]) -> None:
    """The next check begins there."""
    connection.executemany(
        "INSERT OR REPLACE INTO verified VALUES (?, ?, ?)", [m[:3] for m in marks]
    )


def verify_new(connection: apsw.Connection) -> Verdict:
    """Check what is new and remember it, on a connection that writes."""
    marks = check_new(connection)
    remember(connection, marks)
    return Verdict(sum(mark.checked for mark in marks), ())


def _damaged(finding: Finding) -> str:
    return (
        f"the journal does not add up: stage {finding.stage}, record {finding.seq} "
        f"{finding.what}. Nothing was changed. Run `giftcast ledger verify` for the whole "
        "picture, or restore a backup with `giftcast restore`"
    )


def _stages(connection: apsw.Connection) -> list[tuple[int, str, bytes]]:
    found = rows(connection, "SELECT id, name, genesis FROM stage ORDER BY id")
    return [(stage, name, genesis) for stage, name, genesis in found]


def _walk(
    connection: apsw.Connection, stage: int, name: str, after: int, digest: bytes
) -> Iterator[tuple[int, Finding | None]]:
    """Each record in order with (1, what is wrong with it) and further findings with 0."""
    legs = _Side(connection.cursor().execute(_LEGS, (stage, after)))
    asides = _Side(connection.cursor().execute(_ASIDES, (stage, after)))
    expected = after
    for line in connection.cursor().execute(_ROWS, (stage, after)):
        seq, committed, found = line[0], line[10], line[11]
        expected += 1
        wrong: str | None = None
        postings = tuple(Posting(Account(k, o), amount) for _, k, o, amount in legs.take(seq))
        link = chain.link(
            digest, stage=name, seq=seq, kind=line[1], key=line[2], at=line[3], actor=line[4],
            subject=line[5], closes=line[6], reverses=line[7], facts=line[8], postings=postings,
            committed=committed,
        )  # fmt: skip
        if seq != expected:
            wrong, expected = f"follows {expected - 1}: records are missing", seq
        elif line[9] != chain.VERSION:
            wrong = f"has the unknown chain version {line[9]}"
        elif link != found:
            wrong = "was changed after it was written"
        elif currency := unbalanced(postings):
            wrong = f"does not sum to zero in {currency}"
        for _, *side in asides.take(seq):
            if fault := chain.Side(committed, *side).fault():
                yield 0, Finding(name, seq, fault)
        yield 1, Finding(name, seq, wrong) if wrong else None
        digest = found


class _Side:
    """Rows of a side table, handed out beside the records they belong to."""

    def __init__(self, found: Iterator[tuple[Any, ...]]) -> None:
        self._groups = groupby(found, key=itemgetter(0))
        self._next: tuple[int, list[tuple[Any, ...]]] | None = None

    def take(self, seq: int) -> list[tuple[Any, ...]]:
        """The rows of that record; those of records that do not exist are passed over."""
        while True:
            if self._next is None:
                try:
                    number, group = next(self._groups)
                except StopIteration:
                    return []
                self._next = number, list(group)
            if self._next[0] > seq:
                return []
            number, found = self._next
            self._next = None
            if number == seq:
                return found


def _check_sums(connection: apsw.Connection, stage: int, name: str) -> Iterator[Finding]:
    """Balances against postings, currencies against zero, and whatever else is kept beside the
    records against them."""
    for kind, owner, balance, total, last, newest in connection.execute(_BALANCES, (stage,)):
        what = f"account {kind}:{owner} says {balance} at {last}, its postings {total} at {newest}"
        yield Finding(name, 0, what)
    for what, sql in _ILL.items():
        for (seq,) in connection.execute(sql, (stage,)):
            yield Finding(name, seq, what)
    sums = {"coins": 0, "diamonds": 0}
    found = rows(
        connection,
        "SELECT kind, sum(balance), min(balance) FROM account WHERE stage = ? GROUP BY kind",
        (stage,),
    )
    for kind, total, least in found:
        if kind not in CURRENCY:
            yield Finding(name, 0, f"there is an account of the unknown kind {kind}")
            continue
        sums[CURRENCY[kind]] += total
        if least < 0 and kind not in MAY_OWE:
            yield Finding(name, 0, f"a {kind} account is below zero: {least}")
    for currency, total in sums.items():
        if total:
            yield Finding(name, 0, f"all {currency} together are {total}, not zero")
    for what in differences(connection, stage):
        yield Finding(name, 0, what)
    both = row(
        connection,
        "SELECT (SELECT coalesce(sum(balance), 0) FROM account WHERE stage = ?1 AND kind = 'hold'),"
        "(SELECT coalesce(sum(coins), 0) FROM open_gift WHERE stage = ?1)",
        (stage,),
    )
    assert both is not None
    held, due = both
    if held != due:
        yield Finding(name, 0, f"holds are {held} coins, open gifts {due}")


def _check_strays(connection: apsw.Connection) -> Iterator[Finding]:
    """What belongs to nothing, and records that were there at an earlier verification."""
    for what, sql in _ASTRAY.items():
        if count := value(connection, sql):
            yield Finding("", 0, f"there are {what}: {count}")
    for stage, seq, what in disorder(connection):
        yield Finding(f"#{stage}", seq, what)
    for stage, seq in connection.execute(_FORGOTTEN):
        yield Finding(f"#{stage}", int(seq), "is not what was verified before")
