"""What moderators do on Twitch, and what it means for gifts."""

from datetime import UTC, datetime

from data.ledger import Record
from tests.channel import QUICK
from tests.fakes.twitch import READ, WRITE, TwitchStandIn, User
from tests.house import House
from tests.twitch_house import coins, eventually, has, on_twitch


async def gift(twitch: TwitchStandIn, house: House, user: User, text: str = "") -> Record:
    """A viewer follows for coins, and sends ten roses that wait for the screen."""
    if not await coins(house, user):
        await twitch.follow(user)
        await has(house, user, 300)
    before = len(await house.records("gift"))
    await twitch.chat(user, f"!gift rose 10 {text}".strip())

    async def sent() -> bool:
        return len(await house.records("gift")) == before + 1

    await eventually(sent)
    return (await house.records("gift"))[-1]


async def goes(house: House, sent: Record, state: str) -> None:
    """Wait until a gift is so; time stands still, and pages keep silent."""

    async def is_so() -> bool:
        await house.pass_s(6)
        return await house.state(sent) == state

    await eventually(is_so)


def stamp(ms: int) -> str:
    return datetime.fromtimestamp(ms / 1000, UTC).isoformat().replace("+00:00", "Z")


async def test_a_ban_returns_what_is_on_the_way_and_bars_until_it_is_lifted(
    twitch: TwitchStandIn, screened: House
) -> None:
    ann = twitch.user("ann", "Ann")
    async with on_twitch(twitch, screened):
        sent = await gift(twitch, screened, ann)
        assert await coins(screened, ann) == 290
        await twitch.ban(ann)
        await goes(screened, sent, "returned")
        assert await coins(screened, ann) == 300
        twitch.sent.clear()
        await twitch.chat(ann, "!gift rose")
        await twitch.until(lambda: twitch.sent)
        assert "banned on Twitch" in twitch.sent[0].text
        await twitch.unban(ann)
        await eventually(lambda: screened.records("unbar"))
        await gift(twitch, screened, ann)
    [returned] = await screened.records("return")
    assert returned.facts["cause"] == "banned"


async def test_a_timeout_ends_by_itself(twitch: TwitchStandIn, screened: House) -> None:
    ann = twitch.user("ann")
    async with on_twitch(twitch, screened):
        sent = await gift(twitch, screened, ann)
        await twitch.ban(ann, ends_at=stamp(screened.clock.ms + 600_000))
        await goes(screened, sent, "returned")
        screened.clock.pass_s(601)
        await gift(twitch, screened, ann)


async def test_a_ban_told_five_times_is_one(twitch: TwitchStandIn, screened: House) -> None:
    ann, bob = twitch.user("ann"), twitch.user("bob")
    async with on_twitch(twitch, screened):
        sent = await gift(twitch, screened, ann)
        told = await twitch.ban(ann)
        for _ in range(4):
            await twitch.redeliver(told)
        await goes(screened, sent, "returned")
    await screened.restart()
    async with on_twitch(twitch, screened):
        await twitch.redeliver(told)
        await gift(twitch, screened, bob)
    assert len(await screened.records("bar")) == 1
    assert await coins(screened, ann) == 300


async def test_a_deleted_message_loses_its_text_and_not_its_gift(
    twitch: TwitchStandIn, screened: House
) -> None:
    ann = twitch.user("ann")
    async with on_twitch(twitch, screened):
        sent = await gift(twitch, screened, ann, "rude words")
        assert sent.aside["message"] == "rude words"
        await twitch.delete_message(ann, sent.key.rpartition(":")[2])
        await eventually(lambda: screened.records("strike"))
        assert await screened.state(sent) == "ready"
    kept = await screened.journal.books.find("main", sent.seq)
    assert kept is not None
    assert "message" not in kept.aside


async def test_cleared_messages_all_lose_their_texts(
    twitch: TwitchStandIn, screened: House
) -> None:
    """Twitch names the person and no messages; somebody else's stay."""
    ann, bob = twitch.user("ann"), twitch.user("bob")
    async with on_twitch(twitch, screened):
        for words in ("rude words", "more of them"):
            await gift(twitch, screened, ann, words)
        other = await gift(twitch, screened, bob, "nice words")
        await twitch.clear_messages(ann)

        async def struck() -> bool:
            return len(await screened.records("strike")) == 2

        await eventually(struck)
        assert not await screened.records("bar")  # that Twitch tells apart
    kept = await screened.journal.books.find("main", other.seq)
    assert kept is not None
    assert kept.aside["message"] == "nice words"


async def test_where_bans_cannot_be_seen_cleared_messages_stand_for_them(
    twitch: TwitchStandIn, screened: House
) -> None:
    """What is on the way comes back; whether they are banned, and how long, nobody says."""
    ann = twitch.user("ann")
    async with on_twitch(twitch, screened, streamer=(READ, WRITE, "moderator:read:followers")):
        assert not twitch.listening("channel.ban")
        sent = await gift(twitch, screened, ann, "rude words")
        await twitch.clear_messages(ann)
        await goes(screened, sent, "returned")
        await gift(twitch, screened, ann)
    assert await screened.records("strike")


async def test_somebody_who_changes_their_name_is_known_by_the_new_one(
    twitch: TwitchStandIn, house: House
) -> None:
    ann = twitch.user("ann", "Ann")
    async with on_twitch(twitch, house):
        await twitch.follow(ann)
        await has(house, ann, 300)
        await twitch.chat(ann, "hello")
        renamed = User(ann.id, "annika", "Annika")
        await twitch.chat(renamed, "it is me")

        async def known() -> bool:
            return await house.people.find("twitch", "annika") is not None

        await eventually(known)
    assert await coins(house, renamed) == 300
    assert await house.people.find("twitch", "ann") is None


# Shows


async def test_a_show_opens_and_closes_with_the_broadcast(
    twitch: TwitchStandIn, house: House
) -> None:
    async with on_twitch(twitch, house):
        await eventually(lambda: _live(house, False))
        broadcast = await twitch.go_live()
        await eventually(lambda: _live(house, True))
        await twitch.go_offline()
        await eventually(lambda: _live(house, False))
    begun, ended = await house.records("show")
    assert (begun.facts["action"], begun.facts["id"]) == ("begin", broadcast)
    assert ended.facts["action"] == "end"


async def _live(house: House, expected: bool) -> bool:
    return house.shows.live("main") is expected


async def test_a_broadcast_that_began_or_ended_unheard_is_found_at_the_start(
    twitch: TwitchStandIn, house: House
) -> None:
    async with on_twitch(twitch, house):
        await eventually(lambda: _live(house, False))
    await twitch.go_live(unheard=True)
    async with on_twitch(twitch, house):
        await eventually(lambda: _live(house, True))
    await twitch.go_offline(unheard=True)
    await house.restart()
    async with on_twitch(twitch, house):
        await eventually(lambda: _live(house, False))
    assert len(await house.records("show")) == 2


async def test_a_list_that_is_behind_does_not_end_a_show(
    twitch: TwitchStandIn, house: House
) -> None:
    """Twitch's list of streams may be minutes behind its own events; later it is believed."""
    timing = QUICK.model_copy(update={"live_every_s": 0.01})
    async with on_twitch(twitch, house, timing=timing):
        await eventually(lambda: _live(house, False))
        await twitch.go_live()
        await eventually(lambda: _live(house, True))
        twitch.stream = ""
        house.clock.pass_s(60)
        ann = twitch.user("ann")
        await twitch.follow(ann)
        await has(house, ann, 300)
        assert await _live(house, True)
        house.clock.pass_s(180)
        await eventually(lambda: _live(house, False))


async def test_an_end_that_the_library_cannot_read_is_noticed_by_asking(
    twitch: TwitchStandIn, house: House
) -> None:
    """The page does not say that `stream.offline` names the broadcast; the library reads it."""
    twitch.offline_has_id = False
    timing = QUICK.model_copy(update={"live_every_s": 0.01})
    async with on_twitch(twitch, house, timing=timing):
        await twitch.go_live()
        await eventually(lambda: _live(house, True))
        await twitch.go_offline()
        house.clock.pass_s(181)
        await eventually(lambda: _live(house, False))
