"""Small parts of the Twitch platform, each by itself."""

from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest

from bot.platforms.twitch import kept
from bot.platforms.twitch.account import Account
from bot.platforms.twitch.once import Once
from bot.platforms.twitch.reward_book import OwnReward, RewardBook
from bot.platforms.twitch.scopes import STREAMER_RIGHTS
from bot.platforms.twitch.standings import Standings, of_tier, standing
from bot.platforms.twitch.tokens import Tokens
from bot.platforms.twitch.wanted import owner_of, wanted
from tests.fakes.twitch import ALL, READ
from tests.fakes.twitch.kinds import KINDS


def event(message_id: str) -> Any:
    return SimpleNamespace(metadata=SimpleNamespace(message_id=message_id))


def badge(set_id: str, id_: str = "1") -> Any:
    return SimpleNamespace(set_id=set_id, id=id_)


def account(user_id: str, *scopes: str) -> Account:
    return Account("streamer", user_id, "ann", Tokens("a", "r"), frozenset(scopes))


def test_an_id_is_seen_once_as_long_as_it_is_remembered() -> None:
    once = Once(most=3)
    assert [once.first(event(name)) for name in "aabca"] == [True, False, True, True, False]
    assert once.first(event("d"))  # now b is forgotten, and a is not
    assert not once.first(event("a"))
    assert once.first(event("b"))
    assert once.first(SimpleNamespace(metadata=None))


@pytest.mark.parametrize(
    ("badges", "words"),
    [
        ([], set()),
        ([badge("subscriber", "12")], {"subscriber"}),
        ([badge("subscriber", "2012"), badge("vip")], {"subscriber", "subscriber2", "vip"}),
        ([badge("subscriber", "3000")], {"subscriber", "subscriber3"}),
        ([badge("founder", "0"), badge("lead_moderator")], {"founder", "moderator"}),
        ([badge("broadcaster"), badge("premium")], {"broadcaster"}),
    ],
)
def test_badges_say_what_somebody_is(badges: list[Any], words: set[str]) -> None:
    assert standing(badges) == words


def test_standings_are_remembered_in_bounds() -> None:
    standings = Standings(most=2)
    for number, who in enumerate("abc"):
        standings.note(who, of_tier("2000"), number)
    assert standings.of("a") == frozenset()
    assert standings.of("c") == {"subscriber", "subscriber2"}
    assert standings.older("abc", 2) == ["a", "b"]
    assert of_tier("1000") == {"subscriber"}


def test_every_right_that_is_asked_for_has_its_topic_or_its_question() -> None:
    """And nothing is wanted that Twitch does not document."""
    asked = {scope for scope in ALL if scope.startswith(("channel:", "bits:", "moderator:"))}
    topics = wanted("1", account("2", READ), account("1", *asked))
    kinds = {topic.payload.type for topic in topics}
    assert kinds == set(KINDS)
    assert [topic.deed for topic in topics if not topic.deed] == [""]  # the chat alone is vital
    for topic in topics:
        kind = KINDS[topic.payload.type]
        named = {key: value for key, value in topic.payload.condition.items() if value}
        assert kind.condition <= set(named)
        if kind.owner:
            assert named[kind.owner] == topic.owner_id
        assert topic.payload.version == kind.version
    assert {right.scope for right in STREAMER_RIGHTS} <= asked | {"channel:bot"}


def test_without_the_streamer_only_what_a_reader_may_have_is_wanted() -> None:
    topics = wanted("1", account("2", READ), None)
    assert {topic.owner_id for topic in topics} == {"2"}
    assert "channel.raid" in {topic.payload.type for topic in topics}
    assert owner_of("1", [account("2"), account("3")]) is None


def test_the_reward_book_is_kept_for_each_channel(tmp_path: Path) -> None:
    own = OwnReward(reward_id="r", title="100 coins", cost_points=5, coins=100, is_enabled=True)
    book = RewardBook(tmp_path, "1")
    book.put("small", own)
    RewardBook(tmp_path, "2").put("small", own.model_copy(update={"reward_id": "other"}))
    for number in range(30):
        title = f"{number} gold"
        book.put("small", own.model_copy(update={"title": title, "coins": number}))
    again = RewardBook(tmp_path, "1").rewards["small"]
    assert (again.title, again.promised("29 gold"), again.promised("20 gold")) == (
        "29 gold",
        29,
        20,
    )
    assert len(again.former) == 20  # the oldest are forgotten, and worth what it is worth now
    assert again.promised("100 coins") == 29
    assert RewardBook(tmp_path, "2").rewards["small"].reward_id == "other"
    book.keep_only([])
    assert RewardBook(tmp_path, "1").rewards == {}
    assert RewardBook(tmp_path, "2").rewards


@pytest.mark.parametrize("text", ["", "[]", "{", '{"1": 5}', '{"1": {"small": {"x": 1}}}'])
def test_a_damaged_book_is_an_empty_one(tmp_path: Path, text: str) -> None:
    (tmp_path / "twitch-rewards.json").write_text(text)
    assert RewardBook(tmp_path, "1").rewards == {}


def test_what_cannot_be_kept_is_said_in_the_log(tmp_path: Path) -> None:
    (tmp_path / "taken").mkdir()
    assert not kept.write(tmp_path / "taken", {"a": 1}, sync=True)
    assert kept.write(tmp_path / "free", {"a": 1}, sync=True)
    assert kept.read(tmp_path / "free") == {"a": 1}
    assert kept.read(tmp_path / "taken") == {}
