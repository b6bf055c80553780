"""What viewers do on Twitch, and the coins they get for it."""

from collections.abc import Awaitable, Callable

import pytest

from commands.earning_policy import Earning, TierRule
from data.errors import Code
from tests.channel import QUICK, until
from tests.fakes.twitch import ALL, READ, WRITE, TwitchStandIn, User
from tests.house import House, open_house
from tests.twitch_house import Faltering, coins, decided, eventually, has, on_twitch

Deed = Callable[[TwitchStandIn, User], Awaitable[str]]

DEEDS: list[tuple[str, Deed, int]] = [
    ("a follow", lambda t, u: t.follow(u), 300),
    ("a subscription", lambda t, u: t.subscribe(u), 500),
    ("a subscription of tier 3", lambda t, u: t.subscribe(u, "3000"), 2_500),
    ("the seventh month", lambda t, u: t.resubscribe(u, 7, "2000"), 1_000),
    ("three subscriptions given away", lambda t, u: t.gift_subs(u, 3, "2000"), 3_000),
    ("a raid with 12", lambda t, u: t.raid(u, 12), 120),
    ("the third stream in a row", lambda t, u: t.watch_streak(u, 3, "vip"), 300),
]


@pytest.mark.parametrize(("what", "deed", "worth"), DEEDS, ids=[what for what, _, _ in DEEDS])
async def test_what_is_done_is_paid_once(
    twitch: TwitchStandIn, house: House, what: str, deed: Deed, worth: int
) -> None:
    """Told five times, and again after a restart: Twitch delivers at least once."""
    ann = twitch.user("ann", "Ann")
    async with on_twitch(twitch, house):
        told = await deed(twitch, ann)
        await has(house, ann, worth)
        for _ in range(4):
            await twitch.redeliver(told)
    await house.restart()
    async with on_twitch(twitch, house):
        await twitch.redeliver(told)
        bob = twitch.user("bob")
        await twitch.follow(bob)
        await has(house, bob, 300)
    assert await coins(house, ann) == worth
    assert await house.findings() == []


async def test_a_follow_is_paid_once_for_ever(twitch: TwitchStandIn, house: House) -> None:
    ann, bob = twitch.user("ann"), twitch.user("bob")
    async with on_twitch(twitch, house):
        for user in (ann, ann, bob):  # she left, and follows again
            await twitch.follow(user)
        await has(house, bob, 300)
        await has(house, ann, 300)
    assert len(await house.records("grant")) == 2


async def test_a_present_pays_only_its_giver(twitch: TwitchStandIn, house: House) -> None:
    ann, bob, cid = (twitch.user(name) for name in ("ann", "bob", "cid"))
    async with on_twitch(twitch, house):
        await twitch.gift_subs(None, 5)
        await twitch.gift_subs(ann, 1)
        await twitch.subscribe(bob, is_gift=True)
        await twitch.subscribe(cid)
        await has(house, cid, 500)
        await has(house, ann, 500)
    assert await coins(house, bob) == 0
    assert len(await house.records("grant")) == 2


@pytest.mark.parametrize("code", [Code.BUSY, Code.JOURNAL_DOWN])
async def test_what_the_journal_cannot_take_now_is_paid_later(
    twitch: TwitchStandIn, house: House, code: Code
) -> None:
    ann = twitch.user("ann")
    earner = Faltering(house.earner, times=3, code=code)
    async with on_twitch(twitch, house, earner=earner):
        await twitch.follow(ann)
        await has(house, ann, 300)
    assert len({activity.id for activity in earner.tried}) == 1


async def test_chatting_earns_with_what_the_badges_say(twitch: TwitchStandIn, house: House) -> None:
    ann, bob = twitch.user("ann"), twitch.user("bob")
    async with on_twitch(twitch, house):
        await twitch.chat(ann, "hello", badges=[("subscriber", "3012")])
        await twitch.chat(bob, "hello")
        await twitch.chat(twitch.bot, "I say nothing for coins")

        async def paid() -> bool:
            await house.earner.tick()
            return await coins(house, ann) == 100 and await coins(house, bob) == 50

        await eventually(paid)
    assert await coins(house, twitch.bot) == 0


async def test_a_shared_chat_earns_only_where_it_is_typed(
    twitch: TwitchStandIn, house: House
) -> None:
    ann, bob = twitch.user("ann"), twitch.user("bob")
    async with on_twitch(twitch, house):
        await twitch.chat(ann, "hello", shared_from=twitch.user("elsewhere"))
        await twitch.chat(bob, "hello")

        async def paid() -> bool:
            await house.earner.tick()
            return await coins(house, bob) == 50

        await eventually(paid)
    assert await coins(house, ann) == 0


async def test_those_who_watch_are_paid_once_a_slot(twitch: TwitchStandIn, house: House) -> None:
    """Their names are those that people see, which the list of chatters has too."""
    mika, ann = twitch.user("mika", "ミカ"), twitch.user("ann")
    twitch.present = [mika, ann, twitch.user("streamelements")]
    twitch.subscribers[ann.id] = "2000"
    async with on_twitch(twitch, house):
        await twitch.go_live()
        await has(house, mika, 10)
        await has(house, ann, 14)
        asked = twitch.requests.count("GET /helix/chat/chatters")
        house.clock.pass_s(300)
        await has(house, mika, 20)
        await has(house, ann, 28)
        assert twitch.requests.count("GET /helix/chat/chatters") == asked + 1
    known = await house.people.person("twitch", mika.id, "ミカ")
    assert known.name == "ミカ"
    assert {grant.facts["cause"] for grant in await house.records("grant")} == {"watch"}


async def test_nobody_is_asked_for_when_being_there_earns_nothing(
    twitch: TwitchStandIn, house: House
) -> None:
    """By default so while the channel is offline."""
    ann, bob = twitch.user("ann"), twitch.user("bob")
    twitch.present = [ann]
    async with on_twitch(twitch, house):
        await eventually(lambda: _offline(house))
        house.clock.pass_s(900)
        await twitch.follow(bob)
        await has(house, bob, 300)
    assert "GET /helix/chat/chatters" not in twitch.requests
    assert await coins(house, ann) == 0


async def _offline(house: House) -> bool:
    return house.shows.live("main") is False


async def test_a_list_of_thousands_is_read_to_its_end(twitch: TwitchStandIn, house: House) -> None:
    twitch.present = [twitch.user(f"viewer_{number}") for number in range(1_203)]
    async with on_twitch(twitch, house, bot=None):
        await twitch.go_live()
        await has(house, twitch.present[-1], 10)


async def test_a_fault_of_twitch_only_delays(twitch: TwitchStandIn, house: House) -> None:
    ann = twitch.user("ann")
    twitch.present = [ann]
    for status in (500, 429, 0):
        twitch.fault("GET /helix/chat/chatters", status, Ratelimit_Reset="1")
    async with on_twitch(twitch, house):
        await twitch.go_live()
        await has(house, ann, 10)


async def test_what_is_not_allowed_is_off_and_said(twitch: TwitchStandIn, house: House) -> None:
    """Each feature stands on its own scope; what is there works."""
    ann = twitch.user("ann")
    scopes = (READ, WRITE, "moderator:read:followers")
    async with on_twitch(twitch, house, streamer=scopes, bot=None) as platform:
        await twitch.gift_subs(ann, 3)
        await twitch.follow(ann)
        await has(house, ann, 300)
        assert not twitch.listening("channel.subscription.gift")
        assert not twitch.listening("channel.cheer")
        status = platform.status()
        assert status.state == "connected"
        assert "see subscriptions" in status.cause
        assert "follows" not in status.cause
        assert "Sign in again" in status.fix
    assert "GET /helix/chat/chatters" not in twitch.requests
    assert "GET /helix/channel_points/custom_rewards" not in twitch.requests


async def test_without_the_streamer_what_a_bot_may_have_still_comes(
    twitch: TwitchStandIn, house: House
) -> None:
    ann = twitch.user("ann")
    async with on_twitch(twitch, house, streamer=None):
        await twitch.raid(ann, 1)
        await has(house, ann, 10)
        assert len(twitch.links) == 1


async def test_a_topic_that_twitch_refuses_is_said_and_asked_for_again(
    twitch: TwitchStandIn, house: House
) -> None:
    ann = twitch.user("ann")
    twitch.refused.add("channel.follow")
    timing = QUICK.model_copy(update={"verify_every_s": 0.02})
    async with on_twitch(twitch, house, timing=timing) as platform:
        assert "see follows" in platform.status().cause
        twitch.refused.clear()
        await twitch.until(lambda: twitch.listening("channel.follow"))
        await twitch.follow(ann)
        await has(house, ann, 300)


async def test_a_right_taken_back_is_said_and_the_rest_goes_on(
    twitch: TwitchStandIn, house: House
) -> None:
    ann = twitch.user("ann")
    async with on_twitch(twitch, house) as platform:
        twitch.refused.add("channel.subscribe")
        await twitch.revoke("authorization_revoked", "channel.subscribe")
        await until(lambda: "see subscriptions" in platform.status().cause)
        await twitch.until(lambda: twitch.listening("channel.follow"))
        await twitch.follow(ann)
        await has(house, ann, 300)
        assert platform.status().state == "connected"


async def test_a_rule_that_is_off_pays_nothing(twitch: TwitchStandIn, tmp_path) -> None:
    earning = Earning(subscription=TierRule(coins_per_tier=(0, 0, 0)))
    async with open_house(tmp_path, earning=earning) as house:
        ann, bob = twitch.user("ann"), twitch.user("bob")
        async with on_twitch(twitch, house):
            await twitch.subscribe(ann)
            await twitch.follow(bob)
            await has(house, bob, 300)
        assert await coins(house, ann) == 0


async def test_it_all_comes_through_a_conduit_too(twitch: TwitchStandIn, house: House) -> None:
    """With the application's own token; what the people of a channel allowed still counts."""
    ann, bob = twitch.user("ann"), twitch.user("bob")
    twitch.client_secret = "client-secret"
    hosted = {
        "client_secret": twitch.client_secret,
        "transport": "conduit",
        "channel": "",
        "channels": {"main": twitch.streamer.login},
    }
    async with on_twitch(twitch, house, bot=ALL, settings=hosted):
        await twitch.until(lambda: twitch.listening("channel.follow"))
        await twitch.until(lambda: twitch.rewards)
        told = await twitch.follow(ann)
        for _ in range(4):
            await twitch.redeliver(told)
        await has(house, ann, 300)
        [reward] = twitch.rewards.values()
        await decided(twitch, await twitch.redeem(bob, reward), "FULFILLED")
        await twitch.go_live()
        await eventually(lambda: _live(house))
    assert await coins(house, ann) == 300
    assert await coins(house, bob) == 100


async def _live(house: House) -> bool:
    return house.shows.live("main") is True
