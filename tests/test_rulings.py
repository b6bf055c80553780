"""Rulings: what a platform's own moderation means here: bans, timeouts, deletions, renames."""

import asyncio
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bot.notices import Notices
from commands.chat import Chatter
from commands.rulings import STRUCK_MAX, WAITING_MAX
from data import chain
from data.errors import Code, GiftError
from data.events import event_of
from data.ledger import Record, Transaction
from data.sqlite.connection import open_reader, rows
from tests.house import MAIN, MOD, NOON, House, faults_of, open_house, scale

WORDS = "sesquipedalian"  # nobody else says that


async def gift(house: House, text: str = "!gift rose 10", by: str = "mia", **how: Any) -> Record:
    """An accepted gift of somebody who has coins."""
    await house.grant(by, 1_000)
    return await house.accepted(text, by=by, **how)


async def ban(house: House, who: str = "mia", *, for_s: float | None = None) -> None:
    """A ban, or a timeout of so many seconds."""
    now = house.clock.now()
    until = None if for_s is None else now + round(for_s * 1000)
    await house.rulings.banned(MAIN, "simulator", who, now, until=until)


async def unban(house: House, who: str = "mia") -> None:
    await house.rulings.unbanned(MAIN, "simulator", who, house.clock.now())


async def delete(house: House, record: Record) -> None:
    await house.rulings.deleted(MAIN, record.key)


async def again(house: House, record: Record) -> Record:
    """The record as it is read now."""
    found = await house.journal.books.find(record.stage, record.seq)
    assert found is not None
    return found


# Bans and timeouts


@pytest.mark.parametrize("for_s", [None, 600])
async def test_what_a_banned_viewer_has_on_the_way_goes_home(screened: House, for_s):
    """Asked back from the pages first; the gifts of others stay."""
    await gift(screened)
    waiting = await gift(screened, "!gift rose 5")
    other = await gift(screened, by="ben")
    await ban(screened, for_s=for_s)
    assert waiting.gift_id in screened.screen.recalled
    assert other.gift_id not in screened.screen.recalled
    assert await screened.state(waiting) == "ready", "a page may have shown it just now"
    await screened.pass_s(6)
    assert await screened.state(waiting) == "returned"
    assert await screened.state(other) == "ready"
    assert (await screened.balance("mia")).held == 0
    returns = await screened.records("return")
    assert [record.facts["cause"] for record in returns] == ["banned", "banned"]
    assert await screened.findings() == []


async def test_a_gift_that_plays_stays_settled(screened: House):
    """What the page had shown when it was asked back counts."""
    playing = await gift(screened)
    await ban(screened)
    await screened.settler.shown(MAIN, [playing.seq], "s1")
    await screened.pass_s(6)
    assert await screened.state(playing) == "settled"


@pytest.mark.parametrize("approved", ["never", "before", "after"])
async def test_a_gift_that_waits_for_approval_goes_home_too(tmp_path: Path, approved: str):
    """An approval that crosses the ban does not save it."""
    async with open_house(tmp_path, settles=True, approve_from_tier=1) as house:
        waiting = await gift(house)
        if approved == "before":
            await house.accepted(f"!approve {waiting.gift_id}", by="mod", role=MOD)
        await ban(house)
        if approved == "after":
            await house.accepted(f"!approve {waiting.gift_id}", by="mod", role=MOD)
            assert waiting.gift_id in house.screen.recalled
        await house.pass_s(6)
        assert await house.state(waiting) == "returned"
        assert await house.findings() == []


async def test_a_banned_viewer_gives_nothing_until_that_is_lifted(house: House):
    """Wherever they type it; they are told why."""
    await gift(house)
    await ban(house)
    reply = await house.say("!gift rose", by="mia")
    assert reply.code == Code.BANNED
    assert "banned on Simulator" in reply.text
    house.clock.pass_s(365 * 86_400)
    assert await house.refused("!gift rose") == Code.BANNED
    await unban(house)
    await house.accepted("!gift rose")
    assert await house.findings() == []


async def test_a_timeout_ends_by_itself(house: House):
    """To the second, and the viewer is told how long it lasts."""
    await gift(house)
    await ban(house, for_s=600)
    house.clock.pass_s(590)
    assert "in 10 s" in (await house.say("!gift rose")).text
    house.clock.pass_s(10)
    await house.accepted("!gift rose")


async def test_a_timeout_can_be_lifted_and_a_ban_can_follow_one(house: House):
    """The newest decision counts."""
    await gift(house)
    await ban(house, for_s=600)
    house.clock.pass_s(1)
    await unban(house)
    await house.accepted("!gift rose")
    house.clock.pass_s(1)
    await ban(house, for_s=600)
    house.clock.pass_s(1)
    await ban(house)
    house.clock.pass_s(700)
    assert await house.refused("!gift rose") == Code.BANNED


async def test_our_ban_and_the_platform_s_are_two(house: House):
    """Lifting one does not lift the other."""
    await gift(house)
    await house.accepted("!giftban @mia", by="mod", role=MOD)
    await ban(house)
    house.clock.pass_s(1)
    await unban(house)
    assert "moderator" in (await house.say("!gift rose")).text
    await ban(house)
    await house.accepted("!giftunban @mia", by="mod", role=MOD)
    assert "banned on" in (await house.say("!gift rose")).text
    house.clock.pass_s(1)
    await unban(house)
    await house.accepted("!gift rose")


async def test_one_platform_does_not_lift_what_another_decided(house: House):
    """Nor does another stage know of it."""
    person = await house.person("mia")
    await gift(house)
    await house.grant("mia", 5, stage="second")
    await ban(house)
    await house.journal.record(
        Transaction(
            MAIN, "unbar", "unbar:x", house.clock.now(), subject=person,
            facts={"platform": "elsewhere", "ruled_at": NOON + 9, "until": NOON + 9},
        )
    )  # fmt: skip
    assert await house.refused("!gift rose") == Code.BANNED
    await house.accepted("!gift rose", stage="second")


async def test_a_decision_heard_late_does_not_undo_a_newer_one(house: House):
    """Notices of a platform may overtake each other."""
    await gift(house)
    house.clock.pass_s(10)
    await ban(house)
    await house.rulings.unbanned(MAIN, "simulator", "mia", NOON)
    assert await house.refused("!gift rose") == Code.BANNED
    await house.restart()
    assert await house.refused("!gift rose") == Code.BANNED
    assert await house.findings() == []


async def test_a_repeat_changes_nothing(house: House):
    """A notice delivered twice is one decision."""
    await gift(house)
    for _ in range(3):
        await house.rulings.banned(MAIN, "simulator", "mia", NOON, until=NOON + 9_000)
        await house.rulings.banned(MAIN, "simulator", "ben", NOON, until=None)
    assert len(await house.records("bar")) == 2


async def test_a_timeout_told_anew_at_another_time_is_the_same(house: House):
    """Discord tells of a timeout with whatever else changes about a member."""
    await house.rulings.banned(MAIN, "simulator", "mia", NOON, until=NOON + 9_000)
    await house.rulings.banned(MAIN, "simulator", "mia", NOON + 500, until=NOON + 9_000)
    assert len(await house.records("bar")) == 1


async def test_a_timeout_heard_when_it_is_over_spares_what_came_after_it(screened: House):
    """After a gap in hearing."""
    before = await gift(screened)
    screened.clock.pass_s(100)
    after = await gift(screened)
    await screened.rulings.banned(MAIN, "simulator", "mia", NOON - 5, until=NOON + 50_000)
    await screened.pass_s(6)
    assert await screened.state(before) == "returned"
    assert await screened.state(after) == "ready"


async def test_a_ban_survives_a_restart(screened: House):
    """Also what was on its way when the program ended: pages get a minute to speak up."""
    on_its_way, played = await gift(screened), await gift(screened)
    await ban(screened)
    await screened.restart(after_s=1)
    assert await screened.refused("!gift rose") == Code.BANNED
    assert on_its_way.gift_id in screened.screen.recalled
    assert screened.settler.ready(MAIN) == []
    await screened.pass_s(30)
    await screened.settler.shown(MAIN, [played.seq], "s1")  # a page was back, with a gift shown
    assert await screened.state(on_its_way) == "ready"
    await screened.pass_s(31)
    assert await screened.state(on_its_way) == "returned"
    assert await screened.state(played) == "settled"
    assert [r.facts["cause"] for r in await screened.records("return")] == ["banned"]


async def test_one_who_never_spoke_can_be_banned(house: House):
    """And has their own name when they do."""
    await ban(house, "troll")
    await house.grant("troll", 5)
    assert await house.refused("!gift rose", by="troll") == Code.BANNED
    known = await house.people.find("simulator", "troll")
    assert known is not None
    assert known.user_id == "troll"


async def test_the_viewer_is_told_why_their_gifts_came_back(screened: House):
    """In words, on the platform."""
    told: list[str] = []

    class Ear:
        async def tell(self, _viewer: Chatter, text: str) -> None:
            told.append(text)

    notices = Notices(screened.journal, screened.people, {"simulator": Ear()})  # type: ignore[dict-item]
    await gift(screened)
    await ban(screened)
    await screened.pass_s(6)
    running = asyncio.create_task(notices.run())
    async with asyncio.timeout(5):
        while not told:  # noqa: ASYNC110 - the queue sets no event
            await asyncio.sleep(0)
    running.cancel()
    await asyncio.gather(running, return_exceptions=True)
    assert "banned or timed out" in told[0]


async def test_what_the_journal_cannot_take_is_tried_again(house: House, monkeypatch):
    """A platform says it once."""
    await gift(house)
    record, down = house.journal.record, 3

    async def failing(transaction: Transaction) -> Any:
        nonlocal down
        if transaction.kind == "bar" and down:
            down -= 1
            raise GiftError(Code.JOURNAL_DOWN)
        return await record(transaction)

    monkeypatch.setattr(house.journal, "record", failing)
    await ban(house)
    assert await house.refused("!gift rose") == Code.BANNED
    down = 100
    with pytest.raises(GiftError) as gone:
        await ban(house, "ben")
    assert gone.value.code is Code.JOURNAL_DOWN
    assert down > 80, "not for ever"


async def test_not_everything_waits_for_a_journal_that_is_down(house: House, monkeypatch):
    """What waits is bounded; the rest is said at once."""

    async def down(_: Transaction) -> Any:
        raise GiftError(Code.JOURNAL_DOWN)

    monkeypatch.setattr(house.journal, "record", down)
    monkeypatch.setattr(house.rulings, "_waiting", WAITING_MAX)
    before = house.clock.now()
    with pytest.raises(GiftError):
        await ban(house)
    assert house.clock.now() == before


# Deleted messages


async def test_a_deleted_message_takes_its_words_along_and_leaves_the_gift(screened: House):
    """Names, the debit and the chain stay as they are."""
    sent = await gift(screened, f"!gift rose 3 {WORDS}")
    other = await gift(screened, f"!gift rose 3 {WORDS}", by="ben")
    assert sent.aside["message"] == WORDS
    await delete(screened, sent)
    kept = await again(screened, sent)
    assert "message" not in kept.aside
    assert kept.aside["viewer"] == "mia"
    assert "fp" not in kept.aside, "by which a guess could be tried"
    assert kept.hash == sent.hash
    assert await screened.state(sent) == "ready"
    assert await screened.findings() == []
    assert (await again(screened, other)).aside["message"] == WORDS
    (struck,) = await screened.records("strike")
    event = event_of(struck)
    assert event is not None
    assert (event.type, event.data) == ("gift.text", {"gift_id": sent.gift_id, "message": None})


async def test_replays_and_open_gifts_have_no_words_any_more(screened: House):
    """Neither what is in memory nor what is read again."""
    sent = await gift(screened, f"!gift rose {WORDS}")
    await delete(screened, sent)
    for _ in range(2):
        (ready,) = screened.settler.ready(MAIN)
        assert "message" not in ready.aside
        (playable,) = await screened.journal.books.playable(MAIN, after=0, limit=10)
        assert "message" not in playable.aside
        await screened.restart()


async def test_the_words_are_gone_from_the_file(screened: House):
    """Overwritten, not only let go; once the log was moved into the file."""
    sent = await gift(screened, f"!gift rose {WORDS}")
    await screened.restart()
    assert WORDS.encode() in screened.path.read_bytes()
    await delete(screened, sent)
    await screened.stop()
    assert WORDS.encode() not in screened.path.read_bytes()
    await screened.start()


@pytest.mark.parametrize("first", ["delete", "approve"])
async def test_a_gift_that_waits_for_approval_is_shown_without_its_words(tmp_path, first):
    """Deleted before the approval or after it: the approval repeats the words."""
    async with open_house(tmp_path, settles=True, approve_from_tier=1) as house:
        sent = await gift(house, f"!gift rose {WORDS}")
        if first == "delete":
            await delete(house, sent)
        approval = await house.accepted(f"!approve {sent.gift_id}", by="mod", role=MOD)
        if first == "approve":
            assert approval.aside["message"] == WORDS
            await delete(house, sent)
        assert "message" not in (await again(house, approval)).aside
        assert await house.state(sent) == "ready"
        assert await house.findings() == []
        await house.stop()
        assert WORDS.encode() not in house.path.read_bytes()
        await house.start()


async def test_an_approval_composed_before_the_deletion_does_not_bring_the_words_back(tmp_path):
    """The writer of the journal knows better than who asked."""
    async with open_house(tmp_path, settles=True, approve_from_tier=1) as house:
        sent = await gift(house, f"!gift rose {WORDS}")
        await delete(house, sent)
        receipt = await house.journal.record(
            Transaction(
                MAIN, "approve", "k", NOON, subject=sent.subject, aside=sent.aside,
                facts={"approves": sent.seq, "gift_id": sent.gift_id, **sent.facts},
            )
        )  # fmt: skip
        assert receipt.record is not None
        assert "message" not in receipt.record.aside
        assert await house.findings() == []


async def test_what_was_no_gift_or_had_no_words_is_let_go_quietly(house: House):
    """Unknown keys, other commands, gifts without a message, repeats."""
    await house.person("ben")
    plain = await gift(house)
    moved = await house.accepted("!give @ben 5")
    sent = await gift(house, f"!gift rose {WORDS}")
    before = await house.standing()
    await house.rulings.deleted(MAIN, "twitch:chat:unknown")
    await house.rulings.deleted(MAIN, "")
    await delete(house, plain)
    await delete(house, moved)
    assert await house.standing() == before
    for _ in range(3):
        await delete(house, sent)
    assert len(await house.records("strike")) == 1


async def test_a_deletion_wins_before_the_gift_is_decided(house: House):
    """Messages and deletions may be heard in any order."""
    await house.grant("mia", 100)
    await house.rulings.deleted(MAIN, "simulator:early")
    sent = await house.accepted(f"!gift rose {WORDS}", id="simulator:early")
    assert "message" not in sent.aside
    assert "fp" not in sent.aside
    assert await house.coins("mia") == 99
    await house.stop()
    assert WORDS.encode() not in house.path.read_bytes()
    await house.start()


async def test_a_deletion_wins_while_the_gift_is_being_decided(house: House):
    """In whatever order the two reach the writer."""
    await house.grant("mia", 100)
    for number in range(20):
        message = house.message(f"!gift rose {WORDS}", id=f"simulator:race{number}")
        deletion = house.rulings.deleted(MAIN, message.id)
        both = [house.desk.hear(message), deletion]
        await asyncio.gather(*(both if number % 2 else both[::-1]))
    gifts = await house.records("gift")
    assert len(gifts) == 20
    assert not any("message" in record.aside for record in gifts)
    assert await house.findings() == []


async def test_what_is_remembered_of_deletions_is_bounded(house: House):
    """The oldest is forgotten first."""
    for number in range(STRUCK_MAX + 1):
        house.rulings._deleted.put((f"k{number}",), NOON)
    assert len(house.rulings._deleted._at) == STRUCK_MAX
    assert ("k0",) not in house.rulings._deleted


async def test_the_same_message_again_gets_its_first_verdict(house: House):
    """Without the fingerprint nobody is told that it was another one."""
    sent = await gift(house, f"!gift rose {WORDS}")
    await delete(house, sent)
    await house.restart()  # and the memory of deletions with it
    for text in (f"!gift rose {WORDS}", "!gift rose other words"):
        reply = await house.say(text, id=sent.key)
        assert reply.quiet
    assert len(await house.records("gift")) == 1


async def test_all_that_somebody_wrote_can_be_deleted_at_once(house: House):
    """As Twitch does with a ban; theirs alone, and what they write afterwards stays."""
    mine = [await gift(house, f"!gift rose {number} {WORDS}") for number in range(1, 4)]
    await gift(house)
    other = await gift(house, f"!gift rose {WORDS}", by="ben")
    typed = house.message(f"!gift rose 9 {WORDS}")
    await house.rulings.cleared(MAIN, "simulator", "mia")
    late = await house.desk.hear(typed)
    assert late is not None
    assert late.ok
    gifts = {record.seq: record for record in await house.records("gift")}
    assert [gifts[record.seq].aside.get("message") for record in mine] == [None] * 3
    assert gifts[other.seq].aside["message"] == WORDS
    assert "message" not in house.announced[-1].aside, "typed before, decided after"
    house.clock.pass_s(1)
    after = await gift(house, f"!gift rose {WORDS}")
    assert after.aside["message"] == WORDS
    await house.rulings.cleared(MAIN, "simulator", "somebody unknown")
    assert await house.people.seen("simulator", "somebody unknown") is None
    assert await house.findings() == []


async def test_what_was_written_longer_than_a_day_ago_is_not_cleared(house: House):
    """That is no longer on anybody's screen; it can be deleted by itself."""
    old = await gift(house, f"!gift rose {WORDS}")
    house.clock.pass_s(86_401)
    await house.rulings.cleared(MAIN, "simulator", "mia")
    assert (await again(house, old)).aside["message"] == WORDS


def together(aside: dict[str, str]) -> chain.Side:
    """The side text of a journal from before messages stood apart."""
    salt, text = b"salt", chain.dump(aside)
    return chain.Side(chain.commitment(salt, text), salt, text)


async def test_in_an_older_journal_the_names_go_too(screened: House, monkeypatch):
    """They stand under one commitment with the message; better no name than those words."""
    with monkeypatch.context() as before:
        before.setattr(chain.Side, "of", classmethod(lambda _, aside, salts: together(aside)))
        sent = await gift(screened, f"!gift rose {WORDS}")
    assert (await again(screened, sent)).aside["message"] == WORDS
    await delete(screened, sent)
    assert (await again(screened, sent)).aside == {}
    assert await screened.findings() == []


# Renames


async def test_a_rename_changes_the_name_that_is_shown(house: House):
    """On boards and for `@name`, at once; the balance follows the id."""
    await gift(house)
    await house.rulings.renamed("simulator", Chatter("mia", "Mia the Great"))
    assert "Mia the Great" in (await house.say("!top", by="mod")).text
    known = await house.people.find("simulator", "mia the great")
    assert known is not None
    seen = await house.people.seen("simulator", "mia")
    assert seen == known


async def test_a_rename_of_somebody_never_seen_makes_nobody(house: House):
    """Nor does a name without a letter."""
    await house.rulings.renamed("simulator", Chatter("x", "Somebody"))
    assert await house.people.seen("simulator", "x") is None
    await house.person("mia")
    await house.rulings.renamed("simulator", Chatter("mia", "\u200b"))
    assert await house.people.find("simulator", "mia") is not None


# All at once

_ACTS = st.sampled_from(
    [
        "gift", "gift", "gift", "delete", "delete early", "clear", "ban", "time out", "unban",
        "shown", "dropped", "approve", "deny", "tick", "late", "restart", "sweep", "alerts skip",
    ]
)  # fmt: skip


@settings(max_examples=scale(25, 1_000))
@given(acts=st.lists(st.tuples(_ACTS, st.integers(0, 30)), max_size=40))
def test_whatever_crosses_nothing_is_lost(tmp_path_factory, acts):
    """Bans, deletions, expiry, approvals and pages in any order: every coin is where it belongs,
    no deleted word is left, and every gift has come to its end."""
    asyncio.run(_any_order(tmp_path_factory.mktemp("house"), acts))


async def _any_order(folder: Path, acts: list[tuple[str, int]]) -> None:
    policy: dict[str, Any] = {"approve_from_tier": 2, "return_after_s": 60, "decide_after_s": 60}
    async with open_house(folder, settles=True, **policy) as house:
        for name in ("mia", "ben"):
            await house.grant(name, 100_000)
        bustle = Bustle(house)
        for act, pick in acts:
            await bustle.act(act, pick)
            house.clock.pass_s(pick / 10)
        await house.pass_s(130)  # past every deadline, and the grace after a restart
        await house.pass_s(10)
        assert await house.findings() == []
        for record in bustle.gifts:
            assert await house.state(record) in ("settled", "returned")
        assert (await house.balance("mia")).held == 0
        await house.stop()
        left = texts(house.path)
        assert not [key for key in bustle.deleted if f"words of {key}." in left]
        assert faults_of(house.path) == []
        await house.start()


class Bustle:
    """Much at once. Each gift comes with words that name it."""

    def __init__(self, house: House) -> None:
        self.house = house
        self.gifts: list[Record] = []
        self.deleted: set[str] = set()
        self._number = 0

    async def act(self, act: str, pick: int) -> None:
        house, who = self.house, ("mia", "ben")[pick % 2]
        match act:
            case "gift" | "delete early":
                await self.give(who, early=act != "gift")
            case "clear":
                await house.rulings.cleared(MAIN, "simulator", who)
                person = await house.person(who)
                self.deleted |= {gift.key for gift in self.gifts if gift.subject == person}
            case "ban" | "time out":
                await ban(house, who, for_s=5 if act == "time out" else None)
            case "unban":
                await unban(house, who)
            case "tick" | "late":
                await house.pass_s(70 if act == "late" else 0)
            case "restart":
                await house.restart()
            case "sweep":
                await house.say("!alerts clear", by="mod", role=MOD)
            case _ if self.gifts:
                await self.meddle(act, self.gifts[pick % len(self.gifts)])
            case _:
                pass

    async def give(self, who: str, *, early: bool) -> None:
        self._number += 1
        key = f"simulator:n{self._number}"
        if early:
            await self.house.rulings.deleted(MAIN, key)
        what = "panda" if self._number % 3 else "rose"
        reply = await self.house.say(f"!gift {what} and words of {key}.", by=who, id=key)
        assert reply.ok or reply.code == Code.BANNED
        if reply.ok:
            self.gifts.append(self.house.announced[-1])
            self.deleted |= {key} if early else set()

    async def meddle(self, act: str, gift: Record) -> None:
        match act:
            case "delete":
                await self.house.rulings.deleted(MAIN, gift.key)
                self.deleted.add(gift.key)
            case "shown":
                await self.house.settler.shown(MAIN, [gift.seq], "s1")
            case "dropped":
                await self.house.settler.dropped(MAIN, [gift.seq])
            case _:
                await self.house.say(f"!{act} {gift.gift_id}", by="mod", role=MOD)


def texts(path: Path) -> str:
    """Everything that stands beside the records of a journal at rest."""
    db = open_reader(path)
    try:
        return str(rows(db, "SELECT text, said FROM aside"))
    finally:
        db.close(True)
