"""Coins for channel points: the rewards that sell them, and what becomes of what is redeemed."""

import json
from pathlib import Path

import pytest

from bot.platforms.twitch.reward_book import FILE_NAME
from commands.policy import PointsReward, StagePolicy
from data.errors import Code
from tests.channel import QUICK, status_is, until
from tests.fakes.twitch import READ, WRITE, Redemption, Reward, TwitchStandIn
from tests.house import MAIN, House, open_house
from tests.twitch_house import Faltering, coins, decided, eventually, has, on_twitch

REDEMPTIONS = "/helix/channel_points/custom_rewards/redemptions"
REWARDS = "/helix/channel_points/custom_rewards"
SMALL = PointsReward(id="small", title="100 coins", cost_points=500, coins=100)
LARGE = PointsReward(id="large", title="1000 coins", cost_points=4_000, coins=1_000)


async def sold(twitch: TwitchStandIn, title: str = "100 coins") -> Reward:
    """Wait until there is such a reward."""
    await twitch.until(lambda: twitch.reward_named(title))
    found = twitch.reward_named(title)
    assert found is not None
    return found


def listing(house: House, *rewards: PointsReward) -> None:
    """Have the policy list these."""
    house.policy = house.policy.model_copy(update={"points_rewards": rewards})


# Rewards


async def test_a_reward_is_made_for_each_that_the_policy_lists(
    twitch: TwitchStandIn, house: House
) -> None:
    """By default one; viewers need not type anything, and we decide about what is redeemed."""
    async with on_twitch(twitch, house):
        reward = await sold(twitch)
    assert (reward.cost, reward.is_enabled) == (500, True)
    assert (reward.client_id, reward.skips_queue, reward.asks_for_text) == (
        twitch.client_id,
        False,
        False,
    )
    async with on_twitch(twitch, house):  # and none is made twice
        await twitch.until(lambda: twitch.requests.count(f"GET {REDEMPTIONS}") >= 2)
    assert [one.title for one in twitch.rewards.values()] == ["100 coins"]


async def test_rewards_follow_the_policy_while_it_runs(twitch: TwitchStandIn, house: House) -> None:
    """One that is listed no more is switched off: deleted, Twitch would call it all fulfilled."""
    async with on_twitch(twitch, house):
        small = await sold(twitch)
        listing(house, SMALL.model_copy(update={"id": "coins-100", "cost_points": 700}), LARGE)
        large = await sold(twitch, "1000 coins")
        await twitch.until(lambda: small.cost == 700)
        listing(house, LARGE.model_copy(update={"title": "A thousand coins"}))
        await twitch.until(lambda: large.title == "A thousand coins" and not small.is_enabled)
        listing(house, LARGE, SMALL.model_copy(update={"id": "coins-100"}))
        await twitch.until(lambda: small.is_enabled and large.title == "1000 coins")
        earning = house.policy.earning
        off = earning.reward.model_copy(update={"enabled": False})
        house.policy = house.policy.model_copy(
            update={"earning": earning.model_copy(update={"reward": off})}
        )
        await twitch.until(lambda: not (small.is_enabled or large.is_enabled))
    assert len(twitch.rewards) == 2


async def test_what_the_streamer_changes_on_twitch_stays(
    twitch: TwitchStandIn, house: House
) -> None:
    async with on_twitch(twitch, house):
        reward = await sold(twitch)
    reward.cost, reward.is_enabled = 900, False
    async with on_twitch(twitch, house):
        listing(house, *house.policy.points_rewards, LARGE)
        await sold(twitch, "1000 coins")
    assert (reward.cost, reward.is_enabled) == (900, False)


async def test_a_reward_deleted_on_twitch_is_made_again(
    twitch: TwitchStandIn, house: House
) -> None:
    async with on_twitch(twitch, house):
        first = await sold(twitch)
    twitch.rewards.clear()
    async with on_twitch(twitch, house):
        assert (await sold(twitch)).id != first.id


async def test_without_the_book_a_reward_is_known_by_its_title(
    twitch: TwitchStandIn, house: House
) -> None:
    """A data folder was lost; or we ended between making it and writing that down."""
    ann = twitch.user("ann")
    async with on_twitch(twitch, house):
        reward = await sold(twitch)
    (house.folder / FILE_NAME).write_text("{not json")
    redeemed = await twitch.redeem(ann, reward, unheard=True)
    async with on_twitch(twitch, house):
        await decided(twitch, redeemed, "FULFILLED")
    assert len(twitch.rewards) == 1
    assert await coins(house, ann) == 100
    book = json.loads((house.folder / FILE_NAME).read_text())
    assert book[twitch.streamer.id]["coins-100"]["reward_id"] == reward.id


async def test_a_title_that_somebody_else_has_is_said_with_the_fix(
    twitch: TwitchStandIn, house: House
) -> None:
    theirs = twitch.reward("100 Coins")
    listing(house, SMALL, LARGE)
    async with on_twitch(twitch, house) as platform:
        await sold(twitch, "1000 coins")  # one that fails does not keep others back
        await until(lambda: "did not make" in platform.status().cause)
        status = platform.status()
        assert status.state == "connected"
        assert "“100 coins”" in status.cause
        assert "rename" in status.fix
        listing(house, SMALL.model_copy(update={"title": "100 gold"}))
        await sold(twitch, "100 gold")
        await until(lambda: "Listening" in platform.status().cause)
    assert theirs.is_enabled


async def test_fifty_rewards_are_too_many_and_it_says_so(
    twitch: TwitchStandIn, house: House
) -> None:
    for number in range(50):
        twitch.reward(f"reward {number}")
    async with on_twitch(twitch, house) as platform:
        await until(lambda: "50 rewards" in platform.status().cause)
        assert "Delete one" in platform.status().fix


async def test_a_channel_without_points_is_told_so(twitch: TwitchStandIn, house: House) -> None:
    twitch.affiliated = False
    async with on_twitch(twitch, house) as platform:
        await until(lambda: "channel points" in platform.status().cause)
        assert "affiliate" in platform.status().fix


async def test_a_fault_of_twitch_only_delays_a_reward(twitch: TwitchStandIn, house: House) -> None:
    for status in (500, 0, 429):
        twitch.fault(f"POST {REWARDS}", status, Ratelimit_Reset="1")
    async with on_twitch(twitch, house):
        await sold(twitch)
    assert len(twitch.rewards) == 1


# Redemptions


async def test_coins_come_first_and_then_twitch_is_told(
    twitch: TwitchStandIn, house: House
) -> None:
    ann = twitch.user("ann", "Ann")
    async with on_twitch(twitch, house):
        reward = await sold(twitch)
        redeemed = await twitch.redeem(ann, reward)
        await decided(twitch, redeemed, "FULFILLED")
        assert await coins(house, ann) == 100  # the status came after the record
    [grant] = await house.records("grant")
    assert grant.key == f"twitch:redemption:{redeemed.id}"
    assert twitch.spent[ann.id] == 500


async def test_a_redemption_told_five_times_counts_once(
    twitch: TwitchStandIn, house: House
) -> None:
    ann, bob = twitch.user("ann"), twitch.user("bob")
    async with on_twitch(twitch, house):
        reward = await sold(twitch)
        redeemed = await twitch.redeem(ann, reward)
        for _ in range(4):
            await twitch.redeliver(redeemed.id)
        await decided(twitch, await twitch.redeem(bob, reward), "FULFILLED")
    await house.restart()
    async with on_twitch(twitch, house):  # another process: only the journal knows
        await twitch.redeliver(redeemed.id)
        await decided(twitch, await twitch.redeem(bob, reward), "FULFILLED")
    assert redeemed.changes == ["FULFILLED"]
    assert await coins(house, ann) == 100
    assert await coins(house, bob) == 200


async def test_a_kill_between_the_coins_and_the_word_to_twitch_changes_nothing(
    twitch: TwitchStandIn, house: House
) -> None:
    ann = twitch.user("ann")
    async with on_twitch(twitch, house, timing=QUICK.model_copy(update={"retry_first_s": 60})):
        reward = await sold(twitch)
        twitch.fault(f"PATCH {REDEMPTIONS}", 0)
        redeemed = await twitch.redeem(ann, reward)
        await twitch.until(lambda: f"PATCH {REDEMPTIONS}" in twitch.requests)
        await has(house, ann, 100)
    assert redeemed.status == "UNFULFILLED"
    await house.restart()
    async with on_twitch(twitch, house):
        await decided(twitch, redeemed, "FULFILLED")
    assert await coins(house, ann) == 100
    assert redeemed.changes == ["FULFILLED"]


async def test_what_was_redeemed_while_nobody_listened_is_found(
    twitch: TwitchStandIn, house: House
) -> None:
    """More of it than fits on one page; and what a moderator ticked off meanwhile."""
    ann, bob = twitch.user("ann"), twitch.user("bob")
    async with on_twitch(twitch, house):
        reward = await sold(twitch)
    house.clock.pass_s(1)
    many = [await twitch.redeem(ann, reward, unheard=True) for _ in range(120)]
    ticked = await twitch.redeem(bob, reward, unheard=True)
    await twitch.decide(ticked, "FULFILLED")
    async with on_twitch(twitch, house):
        await has(house, ann, 12_000)
        await has(house, bob, 100)
        await twitch.until(lambda: {one.status for one in many} == {"FULFILLED"})
    assert twitch.requests.count(f"PATCH {REDEMPTIONS}") < 10  # many at once
    [gap] = house.gaps.recent(MAIN)
    assert "redemptions" in gap.mended


async def test_what_nobody_told_us_about_is_found_in_the_end(
    twitch: TwitchStandIn, house: House
) -> None:
    """A notification may be lost without any sign of a gap."""
    ann = twitch.user("ann")
    timing = QUICK.model_copy(update={"relist_every_s": 0.05})
    async with on_twitch(twitch, house, timing=timing):
        redeemed = await twitch.redeem(ann, await sold(twitch), unheard=True)
        await decided(twitch, redeemed, "FULFILLED")
    assert await coins(house, ann) == 100


async def test_what_cannot_be_credited_gives_the_points_back_and_says_why(
    twitch: TwitchStandIn, house: House
) -> None:
    ann, bob = twitch.user("ann", "Ann"), twitch.user("bob")
    async with on_twitch(twitch, house):
        reward = await sold(twitch)
        await twitch.chat(twitch.streamer, "!earnpause @Ann", badges=["broadcaster"])
        await eventually(lambda: house.records("earnpause"))
        await twitch.until(lambda: twitch.sent)
        redeemed = await twitch.redeem(ann, reward)
        await decided(twitch, redeemed, "CANCELED")
        assert twitch.spent[ann.id] == 0
        await twitch.until(lambda: len(twitch.sent) == 2)
        said = twitch.sent[1].text
        assert said.startswith("@Ann ")
        assert said.endswith("Your channel points go back.")
        await decided(twitch, await twitch.redeem(bob, reward), "FULFILLED")
    assert await coins(house, ann) == 0


@pytest.mark.parametrize("code", [Code.BUSY, Code.JOURNAL_DOWN])
async def test_about_what_is_undecided_nothing_is_said_to_twitch(
    twitch: TwitchStandIn, house: House, code: Code
) -> None:
    ann = twitch.user("ann")
    earner = Faltering(house.earner, times=3, code=code)
    async with on_twitch(twitch, house, earner=earner):
        reward = await sold(twitch)
        redeemed = await twitch.redeem(ann, reward)
        await until(lambda: len(earner.tried) == 3)
        assert redeemed.changes == []
        await decided(twitch, redeemed, "FULFILLED")
    assert await coins(house, ann) == 100
    assert redeemed.changes == ["FULFILLED"]


@pytest.mark.parametrize("status", [0, 429, 500])
async def test_twitch_is_told_again_when_it_did_not_take_it(
    twitch: TwitchStandIn, house: House, status: int
) -> None:
    ann = twitch.user("ann")
    async with on_twitch(twitch, house):
        reward = await sold(twitch)
        twitch.fault(f"PATCH {REDEMPTIONS}", status, times=3, Ratelimit_Reset="1")
        redeemed = await twitch.redeem(ann, reward)
        await decided(twitch, redeemed, "FULFILLED")
    assert await coins(house, ann) == 100


async def test_twitch_being_slow_holds_up_nobodys_coins(
    twitch: TwitchStandIn, house: House
) -> None:
    ann, bob = twitch.user("ann"), twitch.user("bob")
    async with on_twitch(twitch, house):
        reward = await sold(twitch)
        gate = twitch.hold(f"PATCH {REDEMPTIONS}")
        first = await twitch.redeem(ann, reward)
        await twitch.until(lambda: f"PATCH {REDEMPTIONS}" in twitch.requests)
        second = await twitch.redeem(bob, reward)
        await has(house, bob, 100)
        assert first.changes == second.changes == []
        gate.set()
        await decided(twitch, second, "FULFILLED")
    assert first.changes == ["FULFILLED"]


async def test_a_moderator_who_was_quicker_does_no_harm(
    twitch: TwitchStandIn, house: House
) -> None:
    """One of a batch is decided already: the others are told one by one."""
    ann, bob, cid = (twitch.user(name) for name in ("ann", "bob", "cid"))
    async with on_twitch(twitch, house):
        reward = await sold(twitch)
    waiting = [await twitch.redeem(user, reward, unheard=True) for user in (ann, bob)]
    twitch.also_listed.append(waiting[0].id)  # a list that is behind
    await twitch.decide(waiting[0], "FULFILLED")
    async with on_twitch(twitch, house):
        await decided(twitch, waiting[1], "FULFILLED")
        await decided(twitch, await twitch.redeem(cid, reward), "FULFILLED")
    assert waiting[0].changes == ["FULFILLED"]
    assert await coins(house, bob) == 100
    assert await coins(house, ann) == 100


async def test_what_a_moderator_ticks_off_is_credited_too(
    twitch: TwitchStandIn, house: House
) -> None:
    ann, bob = twitch.user("ann"), twitch.user("bob")
    async with on_twitch(twitch, house):
        reward = await sold(twitch)
        ticked = await twitch.redeem(ann, reward, unheard=True)
        await twitch.decide(ticked, "FULFILLED")
        await has(house, ann, 100)
        refused = await twitch.redeem(bob, reward, unheard=True)
        await twitch.decide(refused, "CANCELED")
        reward.skips_queue = True  # set so by the streamer, on Twitch
        await twitch.redeem(ann, reward)
        await has(house, ann, 200)
    assert await coins(house, bob) == 0
    assert f"PATCH {REDEMPTIONS}" not in twitch.requests


async def test_rewards_of_others_are_none_of_our_business(
    twitch: TwitchStandIn, house: House
) -> None:
    ann = twitch.user("ann")
    hydrate = twitch.reward("Hydrate!")
    sibling = twitch.reward("Play a sound", client_id=twitch.client_id)  # by the same application
    async with on_twitch(twitch, house):
        reward = await sold(twitch)
        others = [await twitch.redeem(ann, one) for one in (hydrate, sibling)]
        await decided(twitch, await twitch.redeem(ann, reward), "FULFILLED")
    assert [one.status for one in others] == ["UNFULFILLED"] * 2
    assert sibling.is_enabled


async def test_who_redeemed_under_an_old_title_gets_what_it_promised(
    twitch: TwitchStandIn, house: House
) -> None:
    ann = twitch.user("ann")
    listing(house, SMALL)
    async with on_twitch(twitch, house):
        reward = await sold(twitch)
    await twitch.redeem(ann, reward, unheard=True)
    listing(house, SMALL.model_copy(update={"title": "50 coins", "coins": 50}))
    async with on_twitch(twitch, house):
        await has(house, ann, 100)
        await decided(twitch, await twitch.redeem(ann, reward), "FULFILLED")
    assert await coins(house, ann) == 150


async def test_without_the_right_nothing_is_sold(twitch: TwitchStandIn, house: House) -> None:
    async with on_twitch(twitch, house, streamer=(READ, WRITE), bot=None) as platform:
        await status_is(platform, "connected")
        assert "sell coins" in platform.status().cause
    assert not twitch.rewards


async def test_an_ended_right_is_said(twitch: TwitchStandIn, house: House) -> None:
    ann = twitch.user("ann")
    async with on_twitch(twitch, house) as platform:
        reward = await sold(twitch)
        twitch.affiliated = False
        redeemed = await twitch.redeem(ann, reward)
        await until(lambda: "channel points" in platform.status().cause)
        twitch.affiliated = True
        await decided(twitch, redeemed, "FULFILLED")
        await until(lambda: "Listening" in platform.status().cause)


async def test_a_policy_names_each_reward_once(tmp_path: Path) -> None:
    twin = LARGE.model_copy(update={"title": "100 COINS"})
    with pytest.raises(ValueError, match="same id or title"):
        StagePolicy.model_validate({"points_rewards": [SMALL.model_dump(), twin.model_dump()]})
    async with open_house(tmp_path, points_rewards=[]) as house:
        assert house.policy.points_rewards == ()


async def test_a_storm_of_redemptions_is_reported_in_batches(
    twitch: TwitchStandIn, house: House
) -> None:
    """200 at once; Twitch allows 800 requests a minute."""
    people = [twitch.user(f"viewer_{number}") for number in range(200)]
    async with on_twitch(twitch, house):
        reward = await sold(twitch)
        redeemed: list[Redemption] = [await twitch.redeem(user, reward) for user in people]
        await twitch.until(lambda: all(one.status == "FULFILLED" for one in redeemed), 20)
    assert twitch.requests.count(f"PATCH {REDEMPTIONS}") <= 100
    assert len(await house.records("grant")) == 200
