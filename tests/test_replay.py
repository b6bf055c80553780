"""Recorded gifts: what a recording may hold, and how it is played through the desk."""

import asyncio
import json
import signal
import subprocess
from collections.abc import Iterable, Mapping
from dataclasses import replace
from pathlib import Path
from typing import Any, cast

import pytest
from aiohttp import ClientSession

from bot.app import App
from bot.cli.replay import demo
from bot.errors import SettingsError
from bot.platform import Front, House, Platform
from bot.platforms import replay
from bot.platforms.replay import Replay, ReplaySettings
from bot.recorded import Heard, Unheard
from bot.recording import LINE_MAX, Recording
from bot.trial import is_play, is_trial
from commands.chat import ChatMessage, Reply
from data.errors import Code, GiftError
from tests.fakes.twitch import TwitchStandIn
from tests.house import open_house
from tests.page import open_app, until
from tests.process import COMMAND, giftcast, running, surroundings, talking

Events = Iterable[Mapping[str, Any]]


def plain(at_ms: int, viewer: str, text: str, **more: Any) -> dict[str, Any]:
    return {"at_ms": at_ms, "viewer": viewer, "text": text, **more}


def tiktok(
    count: int, *, at_ms: int, end: bool = False, group: str = "77", user: str = "9", **more: Any
) -> dict[str, Any]:
    """A frame of a rose streak, shaped as facts of TikTokLive's `GiftEvent` are."""
    return {
        "common": {"msg_id": str(10**18 + at_ms), "room_id": "1", "create_time": at_ms},
        "gift_id": 5655,
        "gift": {"id": 5655, "name": "Rose", "diamond_count": 1, "type": 1},
        "user": {"id": user, "unique_id": "lu", "nickname": "Lu"},
        "repeat_count": count,
        "group_id": group,
        "repeat_end": int(end),
        **more,
    }


def twitch(text: str, *, id: str = "m1", badges: Iterable[str] = ()) -> dict[str, Any]:  # noqa: A002
    return {
        "metadata": {
            "message_id": "e1",
            "message_type": "notification",
            "message_timestamp": "2026-11-18T20:00:00.123456789Z",
            "subscription_type": "channel.chat.message",
        },
        "payload": {
            "subscription": {"type": "channel.chat.message"},
            "event": {
                "chatter_user_id": "4",
                "chatter_user_login": "tina",
                "chatter_user_name": "Tina",
                "message_id": id,
                "message": {"text": text, "fragments": []},
                "badges": [{"set_id": badge, "id": "1", "info": ""} for badge in badges],
            },
        },
    }


def recorded(folder: Path, events: Events, more: bytes = b"") -> Path:
    path = folder / "recording.jsonl"
    lines = [json.dumps(event, ensure_ascii=False).encode() + b"\n" for event in events]
    path.write_bytes(b"".join(lines) + more)
    return path


def heard(folder: Path, events: Events) -> list[Heard]:
    found = list(Recording(recorded(folder, events)).events())
    assert all(isinstance(event, Heard) for event in found), found
    return cast("list[Heard]", found)


# --- what a recording holds ---


def test_the_three_shapes_are_understood(tmp_path: Path) -> None:
    line, message, gift = heard(
        tmp_path,
        [
            plain(1_000, "Mia", "!gift rose"),
            twitch("!gift panda", badges=["subscriber", "moderator"]),
            tiktok(1, at_ms=2_000, gift={"name": "Lion", "type": 2}, group="0"),
        ],
    )
    assert (line.id, line.at_ms, line.viewer.user_id) == ("plain:1", 1_000, "plain:mia")
    assert (message.id, message.viewer.user_id, message.viewer.role.name) == (
        "twitch:m1",
        "twitch:4",
        "MODERATOR",
    )
    assert message.at_ms == 1_795_032_000_123
    assert (gift.gift, gift.viewer.name, gift.viewer.user_id) == (("Lion", 1), "Lu", "tiktok:9")


def test_a_streak_is_one_gift_of_its_highest_count(tmp_path: Path) -> None:
    """Counting every frame would double it (TikTokLive#211); frames come late and twice."""
    frames = [
        tiktok(1, at_ms=0),
        tiktok(3, at_ms=300),
        tiktok(2, at_ms=200),
        tiktok(3, at_ms=400, end=True),
        tiktok(3, at_ms=400, end=True),
        tiktok(2, at_ms=500),
    ]
    (gift,) = heard(tmp_path, frames)
    assert (gift.id, gift.gift) == ("tiktok:9:77", ("Rose", 3))


def test_a_streak_whose_end_is_lost_ends_by_itself(tmp_path: Path) -> None:
    """As in TikTok-Live-Connector#74; by the recording's own clock."""
    lost = [tiktok(4, at_ms=0), plain(9_000, "Mia", "hi"), plain(11_000, "Mia", "hm")]
    assert [event.text for event in heard(tmp_path, lost)] == ["hi", "4 × Rose", "hm"]
    assert [event.text for event in heard(tmp_path, [tiktok(5, at_ms=0)])] == ["5 × Rose"]


def test_streaks_of_two_people_and_of_two_groups_are_apart(tmp_path: Path) -> None:
    frames = [
        tiktok(1, at_ms=0),
        tiktok(2, at_ms=1, user="8"),
        tiktok(3, at_ms=2, group="78"),
        tiktok(1, at_ms=3, end=True),
        tiktok(2, at_ms=4, user="8", end=True),
        tiktok(3, at_ms=5, group="78", end=True),
    ]
    assert [gift.gift for gift in heard(tmp_path, frames)] == [("Rose", n) for n in (1, 2, 3)]


def test_names_in_camel_case_are_understood_too(tmp_path: Path) -> None:
    """betterproto's `to_dict` writes them so, with 64-bit numbers as text, leaving zeros out."""
    frame = {
        "common": {"msgId": "1", "createTime": "5"},
        "user": {"id": "9", "uniqueId": "lu"},
        "gift": {"name": "Rose", "type": 1},
        "repeatCount": 2,
        "groupId": "7",
        "repeatEnd": 1,
    }
    assert heard(tmp_path, [frame])[0].gift == ("Rose", 2)


@pytest.mark.parametrize(
    ("line", "why"),
    [
        (b"{", "it is no JSON"),
        (b"[1]", "it is no JSON object"),
        (b'{"say": 1}', "it is no event that can be played"),
        (b'{"at_ms": -1, "viewer": "a", "text": "b"}', "at_ms: must be greater"),
        (b'{"at_ms": 1, "viewer": " \xe2\x80\x8b", "text": "b"}', "viewer: it has no visible"),
        (b'{"at_ms": 1, "viewer": "a", "text": "b", "x": 1}', "x: is not known here"),
        (b'{"at_ms": 1, "viewer": "a", "text": "' + b"b" * LINE_MAX + b'"}', "it is longer than"),
        (json.dumps(tiktok(1, at_ms=1, group="0")).encode(), "group_id: a streakable gift"),
        (json.dumps(tiktok(0, at_ms=1)).encode(), "repeat_count: must be greater"),
    ],
)
def test_a_broken_line_is_told_by_its_number_and_the_rest_is_played(
    tmp_path: Path, line: bytes, why: str
) -> None:
    path = recorded(tmp_path, [], b"\n" + line + b"\n" + json.dumps(plain(2, "Mia", "x")).encode())
    broken, good = Recording(path).events()
    assert isinstance(broken, Unheard)
    assert (broken.line, broken.broken) == (2, True)
    assert broken.why.startswith(why)
    assert isinstance(good, Heard)
    assert good.id == "plain:3"


def test_a_recording_of_a_whole_socket_holds_more_than_chat(tmp_path: Path) -> None:
    """What else Twitch sends is passed over, and not called broken."""
    keepalive = {"metadata": {"message_type": "session_keepalive"}, "payload": {}}
    (event,) = Recording(recorded(tmp_path, [keepalive])).events()
    assert event == Unheard(1, "session_keepalive is not played", broken=False)


def test_limits_are_kept(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("bot.recording.LINES_MAX", 2)
    path = recorded(tmp_path, [plain(n, "Mia", "x") for n in range(5)])
    *played, last = Recording(path).events()
    assert len(played) == 2
    assert isinstance(last, Unheard)
    assert "ends after 2 lines" in last.why
    monkeypatch.setattr("bot.recording.FILE_MAX", 10)
    with pytest.raises(SettingsError, match="larger than 10 bytes"):
        Recording(path)
    with pytest.raises(SettingsError, match="is no file"):
        Recording(tmp_path)


# --- how it is played ---


class Clock:
    """Time that passes only in pauses. pauses: the waits of the player."""

    def __init__(self) -> None:
        self.at = 100.0
        self.pauses: list[float] = []

    def now(self) -> float:
        return self.at

    async def pause(self, seconds: float) -> None:
        self.pauses.append(round(seconds, 6))
        self.at += seconds


def front(*, trial: bool = True) -> Front:
    unused = cast("Any", None)
    return Front(unused, unused, unused, unused, lambda _: 1_000, lambda _: True, trial, unused)


def lent(desk: Any, folder: Path, at: Front) -> House:
    unused = dict.fromkeys(
        ("policies", "earner", "shows", "cheers", "rulings", "gaps"), cast("Any", None)
    )
    return House(desk, "main", folder, lambda: 1_800_000_000_000, at, **unused)


def player(
    desk: Any, folder: Path, clock: Clock | None = None, **settings: Any
) -> tuple[Replay, Clock]:
    clock = clock or Clock()
    house = lent(desk, folder, front())
    found = ReplaySettings(file=folder / "recording.jsonl", **settings)
    return Replay(found, house, front(), clock=clock.now, pause=clock.pause), clock


async def played(platform: Replay) -> Replay:
    await platform._play()
    assert platform.over
    return platform


async def test_it_keeps_the_recorded_pace_and_cuts_long_silence(tmp_path: Path) -> None:
    async with open_house(tmp_path) as house:
        times = (5_000, 6_000, 6_000, 5_500, 8_000, 900_000)
        recorded(tmp_path, [plain(at, "Mia", "hm") for at in times])
        _, clock = player(house.desk, tmp_path)
        await played(player(house.desk, tmp_path, clock)[0])
        assert clock.pauses == [0, 1, 0, 0, 2, 60]
        await played(player(house.desk, tmp_path, fast := Clock(), speed=4)[0])
        assert fast.pauses == [0, 0.25, 0, 0, 0.5, 60]


async def test_a_gift_is_carried_out_once_in_a_run_and_again_in_the_next(tmp_path: Path) -> None:
    """Delivered twice, or taken up after a crash: no second charge. A new run gives anew."""
    events = [twitch("!gift rose 2"), twitch("!gift rose 2"), tiktok(3, at_ms=1, end=True)]
    recorded(tmp_path, events)
    async with open_house(tmp_path) as house:
        first = await played(player(house.desk, tmp_path, run="a")[0])
        assert first.counts == {"carried out": 2, "repeated": 1}
        resumed = await played(player(house.desk, tmp_path, run="a")[0])
        assert resumed.counts == {"repeated": 3}
        assert len(await house.records("gift")) == 2
        assert len(await house.records("grant")) == 2
        again = await played(player(house.desk, tmp_path)[0])
        assert again.counts == {"carried out": 2, "repeated": 1}
        assert [gift.facts["total_coins"] for gift in await house.records("gift")] == [2, 3] * 2
        assert await house.findings() == []


async def test_a_loop_goes_on_until_it_is_stopped(tmp_path: Path) -> None:
    recorded(tmp_path, [plain(0, "Mia", "!gift rose"), plain(1_000, "Mia", "!gift nothing")])
    async with open_house(tmp_path) as house:
        endless, clock = player(house.desk, tmp_path, loop=True, run="a")

        async def third_turn(seconds: float) -> None:
            clock.at += seconds
            if endless.counts["refused"] == 2:
                raise OSError("the file is gone")

        endless._pause = third_turn
        await played(endless)
        assert endless.status().state == "failed"
        assert endless.counts == {"carried out": 2, "refused": 2}
        keys = [gift.key for gift in await house.records("gift")]
        assert keys == ["replay:a:1:plain:1", "replay:a:2:plain:1"]
        assert endless.remarks[0].startswith("Mia, “!gift nothing”: There is no gift")


async def test_a_loop_in_which_nothing_works_ends(tmp_path: Path) -> None:
    recorded(tmp_path, [], b"no\n")
    async with open_house(tmp_path) as house:
        broken = await played(player(house.desk, tmp_path, loop=True)[0])
    assert broken.counts == {"broken": 1}
    assert broken.status().state == "off"
    assert broken.status().cause.startswith("Played recording.jsonl, run ")


async def test_books_that_decide_nothing_are_asked_again(tmp_path: Path) -> None:
    recorded(tmp_path, [plain(0, "Mia", "!gift rose")])
    asked: list[str] = []

    class Desk:
        async def welcome(self, message: ChatMessage, coins: int, occasion: str) -> None:
            asked.append(f"{coins} for {occasion}")
            if len(asked) == 1:
                raise GiftError(Code.JOURNAL_DOWN)

        async def hear(self, message: ChatMessage) -> Reply:
            asked.append(message.id)
            return Reply("busy", ok=len(asked) > 3, code="" if len(asked) > 3 else "busy")

    platform, clock = player(Desk(), tmp_path, run="a")
    await played(platform)
    assert asked == ["1000 for a:1", "1000 for a:1", *["replay:a:1:plain:1"] * 2]
    assert clock.pauses == [0, 1, 1]
    assert platform.counts == {"carried out": 1}


# --- where it may be played ---


def test_real_coins_are_left_alone(tmp_path: Path) -> None:
    path = recorded(tmp_path, [])
    house = lent(None, tmp_path, front(trial=False))
    with pytest.raises(SettingsError, match="--stage drill"):
        replay.build({"file": str(path)}, house)
    with pytest.raises(SettingsError, match="--stage drill"):
        replay.build({"file": str(path), "stage": "second", "grant": 5}, house)
    assert replay.build({"file": str(path), "stage": "drill"}, house)._coins == 0
    assert replay.build({"file": str(path), "stage": "drill", "grant": 5}, house)._coins == 5
    trial = replace(house, front=front())
    assert replay.build({"file": str(path)}, trial)._coins == 1_000
    with pytest.raises(SettingsError, match=r"\[replay\] speed: "):
        replay.build({"file": str(path), "speed": "0"}, trial)


async def test_beside_a_real_chat_only_a_drill_is_played_and_moves_no_coin_of_it(
    tmp_path: Path,
) -> None:
    """Also while Twitch is merely named in the settings, and never connected."""
    path = recorded(tmp_path, [plain(0, "Mia", "!gift rose")])
    async with TwitchStandIn() as twitch_stand_in:
        sections = {"twitch": dict(twitch_stand_in.settings)}
        async with open_app(tmp_path / "data", sections) as app:
            status, told = await asked(app, "POST", {"file": str(path)})
            assert status == 409
            assert "--stage drill" in told["error"]
            status, told = await asked(
                app, "POST", {"file": str(path), "stage": "drill", "grant": 5}
            )
            assert status == 201
            await until(lambda: over(app))
            assert await app.journal.books.stages() == ["drill"]
            assert app.platforms["replay"].status().cause.endswith(": 1 carried out.")
        assert is_play(tmp_path / "data")
        assert not is_trial(tmp_path / "data")  # a drill alone is no reason for clean books


def over(app: App) -> bool:
    platform: Platform = app.platforms["replay"]
    assert isinstance(platform, Replay)
    return platform.over


async def asked(app: App, method: str, body: Any = None, *, token: str = "") -> tuple[int, Any]:
    headers = {"Authorization": f"Bearer {token or app.api_token}"}
    async with ClientSession(headers=headers) as session:
        url = app.address("/api/v1/replay", "127.0.0.1")
        async with session.request(method, url, json=body) as answer:
            return answer.status, await answer.json()


async def test_a_running_giftcast_plays_one_at_a_time_for_programs_only(tmp_path: Path) -> None:
    path = recorded(tmp_path, [plain(n * 50_000, "Mia", "!gift rose") for n in range(3)])
    async with open_app(tmp_path / "data") as app:
        assert (await asked(app, "GET"))[0] == 404
        assert (await asked(app, "POST", {"file": str(path)}, token="guessed"))[0] == 403
        assert (await asked(app, "POST", {"file": str(path), "speed": 0}))[0] == 400
        assert (await asked(app, "POST", {"file": str(tmp_path)}))[0] == 409
        assert (await asked(app, "POST", {"file": str(path)}))[0] == 201
        status, told = await asked(app, "POST", {"file": str(path)})
        assert (status, told["fix"]) == (409, "End it: giftcast replay --stop")
        status, told = await asked(app, "DELETE")
        assert (status, told["over"], told["state"]) == (200, True, "off")
        assert (await asked(app, "POST", {"file": str(path), "speed": 10_000}))[0] == 201
        await until(lambda: over(app))
        status, told = await asked(app, "GET")
        assert told["told"].endswith(": 3 carried out.")
        assert told["played"] == 3


# --- from the terminal ---


def test_the_demo_is_played_by_a_giftcast_that_then_stops(tmp_path: Path) -> None:
    """Every line of the demo is understood, and all but the typo is carried out."""
    events = list(Recording(demo()).events())
    assert len(events) > 40
    assert all(isinstance(event, Heard) for event in events)
    done = giftcast(tmp_path / "data", "replay", "--speed", "10000", GIFTCAST_SERVER__PORT="0")
    assert done.returncode == 0, done.stderr
    assert "Played demo.jsonl" in done.stdout
    assert ", 1 repeated, 1 refused." in done.stdout
    assert "“!gift rsoe”" in done.stdout
    assert "broken" not in done.stdout


async def test_a_recording_is_played_in_the_giftcast_that_runs(tmp_path: Path) -> None:
    path = recorded(tmp_path, [plain(0, "Mia", "!gift rose 7")], b"no\n")
    async with running(tmp_path / "data") as program:
        done = giftcast(program.folder, "replay", str(path))
        assert done.returncode == 0, done.stderr
        assert "1 carried out, 1 broken." in done.stdout
        assert "line 2: it is no JSON" in done.stdout
        empty = giftcast(program.folder, "replay", str(recorded(tmp_path, [], b"no\n")))
        assert (empty.returncode, empty.stderr) == (1, "giftcast: nothing was carried out\n")
        gone = giftcast(program.folder, "replay", str(tmp_path / "gone"))
        assert gone.returncode == 1
        assert "is no file" in gone.stderr
        async with talking(program) as client:
            health = await client.ask("GET", "/healthz")
        assert health["platforms"]["replay"] == "off"
        assert program.stop(signal.SIGINT)[0] == 0


async def test_ctrl_c_ends_the_replay_and_leaves_giftcast_running(tmp_path: Path) -> None:
    lines = [plain(0, "Mia", "!gift rose"), plain(50_000, "Mia", "!gift rose")]
    path = recorded(tmp_path, lines)
    async with running(tmp_path / "data") as program, talking(program) as client:
        player = await asyncio.create_subprocess_exec(
            *(COMMAND, "replay", str(path), "--data", str(program.folder)),
            stdout=subprocess.PIPE,
            env=surroundings(),
        )

        async def begun() -> bool:
            told = await client.ask("GET", "/api/v1/replay")
            return bool(told.get("played") == 1)

        await until(begun)
        player.send_signal(signal.SIGINT)
        async with asyncio.timeout(10):
            said = (await player.communicate())[0].decode()
        assert player.returncode == 0
        assert said.startswith("Played recording.jsonl, run ")
        assert said.endswith(": 1 carried out.\n")
        assert (await client.ask("GET", "/api/v1/replay"))["over"]
