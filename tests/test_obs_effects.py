"""Effects in OBS for great gifts: done when one is shown, taken back, and in nobody's way."""

import asyncio
import json
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any

import pytest
from structlog.testing import capture_logs

from bot.obs.effects import LONGEST_S, HeroEffects
from bot.obs.owed import FILE_NAME, SIZE_MAX, OwedFile
from bot.obs.reach import Reach
from bot.obs.settings import obs_settings
from tests.fakes.obs import PASSWORD, ObsStandIn
from tests.house import MAIN, House, open_house
from tests.page import add_source, browsing, open_app, send, until
from tests.process import running, talking

HERO, CARD, MANY = "!gift lion", "!gift rose", "!gift rose 2000"


class Time:
    """Stands still until a test lets it pass."""

    def __init__(self) -> None:
        self.now = 0.0
        self._waits: list[tuple[float, asyncio.Future[None]]] = []

    def clock(self) -> float:
        return self.now

    def pause(self, seconds: float) -> "asyncio.Future[None]":
        """Begins when it is called, not when somebody awaits it."""
        wait: asyncio.Future[None] = asyncio.get_running_loop().create_future()
        if seconds > 0:
            self._waits.append((self.now + seconds, wait))
        else:
            wait.set_result(None)
        return wait

    def pass_s(self, seconds: float) -> None:
        self.now += seconds
        for due, wait in self._waits:
            if due <= self.now and not wait.done():
                wait.set_result(None)


class Stage:
    """A house, an OBS with two scenes, and the effects between them."""

    def __init__(self, house: House, obs: ObsStandIn, folder: Path) -> None:
        self.house, self.obs, self.time, self.folder = house, obs, Time(), folder
        obs.scenes |= {"Big": [], "Break": []}
        obs.add("Scene", "Camera", {}, "image_source")
        obs.add("Scene", "Confetti", {}, "image_source")
        obs.scenes["Scene"][1].enabled = False
        obs.filters["Camera", "Glow"] = False

    def effects(self, *on_hero: dict[str, Any], **more: Any) -> HeroEffects:
        section = {"url": self.obs.url, "password": PASSWORD, "on_hero": list(on_hero), **more}
        settings = obs_settings(section)
        journal = self.house.journal
        return HeroEffects(
            settings, MAIN, journal, journal.books, Reach(settings, runs=lambda: False),
            file=OwedFile(self.folder), clock=self.time.clock, pause=self.time.pause,
            chance=lambda: 1.0,
        )  # fmt: skip

    async def sent(self, text: str = HERO) -> int:
        """A gift that waits for a page; its number."""
        await self.house.grant("mia", 1_000_000)
        return (await self.house.accepted(text)).seq

    async def shown(self, text: str = HERO) -> None:
        """A gift that a page has painted."""
        await self.house.settler.shown(MAIN, [await self.sent(text)], "1")


@pytest.fixture
async def stage(tmp_path: Path) -> AsyncIterator[Stage]:
    async with ObsStandIn() as obs, open_house(tmp_path, settles=True) as house:
        yield Stage(house, obs, tmp_path)


@asynccontextmanager
async def at_work(effects: HeroEffects) -> AsyncIterator["asyncio.Task[None]"]:
    """The effects, once they are connected; ended as the program ends them."""
    task = asyncio.create_task(effects.run())
    await until(lambda: effects.status().state == "connected")
    try:
        yield task
    finally:
        task.cancel()
        await asyncio.gather(task, return_exceptions=True)


async def test_the_scene_switches_for_a_hero_and_back(stage: Stage) -> None:
    """When it is shown, not when it is sent; for so long as the settings say."""
    async with at_work(stage.effects({"scene": "Big", "for_s": 8})):
        gift = await stage.sent()
        await stage.house.settler.shown(MAIN, [], "1")
        assert stage.obs.current == "Scene"
        await stage.house.settler.shown(MAIN, [gift], "1")
        await stage.obs.until(lambda: stage.obs.current == "Big")
        stage.time.pass_s(7.9)
        await stage.obs.until(lambda: stage.obs.current == "Big")
        stage.time.pass_s(0.1)
        await stage.obs.until(lambda: stage.obs.current == "Scene")


async def test_what_a_hero_is_can_be_set(stage: Stage) -> None:
    """By tier, or by coins: as in the alerts; a card is none."""
    effects = stage.effects({"scene": "Big"}, hero_from_coins=1_500)
    async with at_work(effects):
        await stage.shown(CARD)
        assert not effects._shown.is_set()
        await stage.shown(MANY)
        await stage.obs.until(lambda: stage.obs.current == "Big")


async def test_a_hero_that_was_under_way_at_the_start_counts(stage: Stage) -> None:
    """giftcast was restarted between the sending and the showing."""
    gift = await stage.sent()
    async with at_work(stage.effects({"scene": "Big"})):
        await stage.house.settler.shown(MAIN, [gift], "1")
        await stage.obs.until(lambda: stage.obs.current == "Big")


async def test_a_gift_that_comes_back_sets_nothing_off(stage: Stage) -> None:
    """It was never shown."""
    async with at_work(stage.effects({"scene": "Big"})):
        await stage.sent()
        await stage.house.settler.return_all(MAIN, "cleared")
        await stage.shown(CARD)
        assert stage.obs.current == "Scene"
        assert not [name for name, _ in stage.obs.requests if name.startswith("Set")]


async def test_heroes_that_follow_each_other_prolong_it_up_to_a_limit(stage: Stage) -> None:
    """One effect, one way back: to where it began."""
    effects = stage.effects({"scene": "Big", "for_s": 8})
    async with at_work(effects):
        await stage.shown()
        await stage.obs.until(lambda: stage.obs.current == "Big")
        (running,) = effects._running
        while stage.time.now < LONGEST_S - 5:
            stage.time.pass_s(5)
            await stage.shown()
            await until(lambda: running.until == min(stage.time.now + 8, LONGEST_S))
            assert stage.obs.current == "Big"
        stage.time.pass_s(5)
        await stage.obs.until(lambda: stage.obs.current == "Scene")


async def test_a_streamer_who_steps_in_is_left_alone(stage: Stage) -> None:
    """Whoever switches the scene by hand meanwhile means it."""
    async with at_work(stage.effects({"scene": "Big"}, {"filter": "Glow", "source": "Camera"})):
        await stage.shown()
        await stage.obs.until(lambda: stage.obs.filters["Camera", "Glow"])
        stage.obs.current = "Break"
        stage.time.pass_s(8)
        await stage.obs.until(lambda: not stage.obs.filters["Camera", "Glow"])
        assert stage.obs.current == "Break"


async def test_what_is_so_already_is_not_taken_back(stage: Stage) -> None:
    """A filter that is on anyway stays on."""
    stage.obs.filters["Camera", "Glow"] = True
    glow = {"filter": "Glow", "source": "Camera"}
    async with at_work(stage.effects(glow, {"show": "Confetti", "in": "Scene"})):
        await stage.shown()
        await stage.obs.until(lambda: stage.obs.scenes["Scene"][1].enabled)
        stage.time.pass_s(8)
        await stage.obs.until(lambda: not stage.obs.scenes["Scene"][1].enabled)
        assert stage.obs.filters["Camera", "Glow"]


async def test_something_may_be_turned_off_for_a_while(stage: Stage) -> None:
    """The camera is hidden, and comes back."""
    async with at_work(stage.effects({"show": "Camera", "in": "Scene", "off": True, "for_s": 3})):
        await stage.shown()
        await stage.obs.until(lambda: not stage.obs.scenes["Scene"][0].enabled)
        stage.time.pass_s(3)
        await stage.obs.until(lambda: stage.obs.scenes["Scene"][0].enabled)


async def test_a_replay_is_saved_once_the_gift_is_in_it(stage: Stage) -> None:
    """Not when it comes, but so long after; a buffer that does not run is told."""
    stage.obs.replay = True
    effects = stage.effects({"save_replay": True, "for_s": 12})
    async with at_work(effects):
        await stage.shown()
        await stage.obs.until(lambda: ("GetReplayBufferStatus", {}) in stage.obs.requests)
        await until(lambda: effects._running)
        assert stage.obs.replays == 0
        stage.time.pass_s(12)
        await stage.obs.until(lambda: stage.obs.replays == 1)
        stage.obs.replay = False
        await stage.shown()
        await until(lambda: "The replay buffer is not running" in effects.status().cause)
        stage.obs.replay = None
        await stage.shown()
        await until(lambda: "Replay buffer is not available" in effects.status().cause)
        assert stage.obs.replays == 1


async def test_an_effect_that_does_not_work_is_named_and_the_others_go_on(stage: Stage) -> None:
    """A scene that was renamed, say; once it is there again, all is well again."""
    effects = stage.effects({"scene": "Bigg"}, {"filter": "Glow", "source": "Camera"})
    async with at_work(effects):
        await stage.shown()
        await stage.obs.until(lambda: stage.obs.filters["Camera", "Glow"])
        told = effects.status()
        assert told.state == "connected"
        assert "An effect did not work: the scene “Bigg”" in told.cause
        assert "[obs] on_hero" in told.fix
        stage.obs.scenes["Bigg"] = []
        await stage.shown()
        await stage.obs.until(lambda: stage.obs.current == "Bigg")
        assert effects.status().cause == ""


async def test_without_obs_nothing_is_delayed_or_made_up_for(stage: Stage) -> None:
    """Why is said in words; the connection comes back by itself, a hero of meanwhile does not."""
    await stage.obs.stop()
    effects = stage.effects({"scene": "Big"})
    task = asyncio.create_task(effects.run())
    await until(lambda: effects.status().state == "reconnecting")
    assert effects.status().cause == "OBS is not running"
    assert "Enable WebSocket server" in effects.status().fix
    await stage.shown()
    await stage.obs.start()
    stage.time.pass_s(1)
    await until(lambda: effects.status().state == "connected")
    assert stage.obs.current == "Scene"
    await stage.shown()
    await stage.obs.until(lambda: stage.obs.current == "Big")
    task.cancel()
    await asyncio.gather(task, return_exceptions=True)


async def test_the_pauses_between_tries_grow_up_to_a_limit(stage: Stage) -> None:
    """An OBS that is off all day is asked twice a minute."""
    await stage.obs.stop()
    pauses: list[float] = []

    async def pause(seconds: float) -> None:
        pauses.append(seconds)
        if len(pauses) == 8:
            raise asyncio.CancelledError

    effects = stage.effects({"scene": "Big"})
    effects._pause = pause
    with pytest.raises(asyncio.CancelledError):
        await effects.run()
    assert pauses == [1, 2, 4, 8, 16, 30, 30, 30]
    await stage.obs.start()


async def test_an_obs_that_talks_nonsense_does_not_end_it(stage: Stage) -> None:
    """A fault of whatever kind: told, and tried again."""
    effects = stage.effects({"scene": "Big"})
    stage.obs.nonsense = {"GetCurrentProgramScene": {}}
    async with at_work(effects):
        await stage.shown()
        await until(lambda: "lacks currentProgramSceneName" in effects.status().cause)
        stage.obs.nonsense = {"GetCurrentProgramScene": ["Scene"]}
        await stage.shown()
        await until(lambda: effects.status().cause.startswith("OBS said what giftcast"))
        stage.obs.nonsense = {}
        stage.time.pass_s(60)
        await until(lambda: effects.status().cause == "")
        await stage.shown()
        await stage.obs.until(lambda: stage.obs.current == "Big")


async def test_a_wrong_password_is_said_in_words(stage: Stage) -> None:
    """For the front page and `giftcast check`."""
    effects = stage.effects({"scene": "Big"}, password="guess")
    task = asyncio.create_task(effects.run())
    await until(lambda: effects.status().state == "reconnecting")
    assert effects.status().cause == "OBS does not accept this password"
    task.cancel()
    await asyncio.gather(task, return_exceptions=True)


async def test_what_was_on_when_obs_dropped_out_is_taken_back_later(stage: Stage) -> None:
    """The connection breaks in the middle of an effect."""
    effects = stage.effects({"scene": "Big"})
    async with at_work(effects):
        await stage.shown()
        await stage.obs.until(lambda: stage.obs.current == "Big")
        for socket in list(stage.obs.sessions):
            await socket.close()
        await until(lambda: effects.status().state == "reconnecting")
        stage.time.pass_s(8)
        await stage.obs.until(lambda: stage.obs.current == "Scene")
        assert stage.obs.connections == 2


async def test_giftcast_that_is_stopped_leaves_nothing_switched(stage: Stage) -> None:
    """In the middle of an effect."""
    async with at_work(stage.effects({"scene": "Big"})):
        await stage.shown()
        await stage.obs.until(lambda: stage.obs.current == "Big")
    assert stage.obs.current == "Scene"


async def test_a_storm_of_heroes_is_one_effect(stage: Stage) -> None:
    """A hundred shown at once: OBS hears of it once or twice, the books do not wait."""
    async with at_work(stage.effects({"scene": "Big"})):
        gifts = [await stage.sent() for _ in range(100)]
        await stage.house.settler.shown(MAIN, gifts, "1")
        await stage.obs.until(lambda: stage.obs.current == "Big")
        switched = [name for name, _ in stage.obs.requests if name.startswith("Set")]
        assert switched == ["SetCurrentProgramScene"]


# --- a run that was cut off ---

EVERYTHING = (
    {"scene": "Big"},
    {"filter": "Glow", "source": "Camera"},
    {"show": "Confetti", "in": "Scene"},
    {"show": "Camera", "in": "Scene", "off": True},
    {"save_replay": True},
)


async def cut_off(stage: Stage, *on_hero: dict[str, Any]) -> str:
    """Effects that are on when giftcast ends without a goodbye; OBS as it was before."""
    before = stage.obs.snapshot()
    stage.obs.replay = True
    effects = stage.effects(*on_hero)
    async with at_work(effects):
        await stage.shown()
        changes = sum("save_replay" not in effect for effect in on_hero)
        await stage.obs.until(
            lambda: sum(name.startswith("Set") for name, _ in stage.obs.requests) == changes
        )
        await until(lambda: len(effects._running) == len(on_hero))
        await stage.obs.stop()  # so it hears no goodbye, as if there was none
        await until(lambda: effects.status().state == "reconnecting")
    await stage.obs.start()
    assert stage.obs.snapshot() != before
    return before


async def test_it_is_written_down_before_obs_is_asked(stage: Stage) -> None:
    """And struck out once it is put back."""
    path, glow = stage.folder / FILE_NAME, {"filter": "Glow", "source": "Camera"}
    stage.obs.mute = {"SetSourceFilterEnabled"}
    effects = stage.effects(glow)
    async with at_work(effects):
        await stage.shown()
        await until(path.exists)
        assert not stage.obs.filters["Camera", "Glow"]
        (owed,) = json.loads(path.read_text("utf-8"))["owed"]
        assert owed["effect"].items() >= glow.items()
        assert owed["before"] is False
        assert path.stat().st_mode & 0o077 == 0
        stage.obs.mute = set()
        for socket in list(stage.obs.sessions):
            await socket.close()
        await until(lambda: effects.status().state == "reconnecting")
        stage.time.pass_s(8)
        await until(lambda: not path.exists())
        assert not stage.obs.filters["Camera", "Glow"]


async def test_what_a_run_that_was_cut_off_left_on_is_put_back_by_the_next(stage: Stage) -> None:
    """All kinds of effects, in whatever way the settings have changed since; a replay is none."""
    before = await cut_off(stage, *EVERYTHING)
    with capture_logs() as told:
        async with at_work(stage.effects({"scene": "Break"})):
            await until(lambda: not (stage.folder / FILE_NAME).exists())
            assert stage.obs.snapshot() == before
            assert stage.obs.replays == 0
            await stage.shown()
            await stage.obs.until(lambda: stage.obs.current == "Break")
    put_back = [line["effect"] for line in told if line["event"] == "obs.put_back"]
    assert "the scene “Big”" in put_back
    assert len(put_back) == 4


async def test_what_the_streamer_has_changed_since_is_left_alone_and_said(stage: Stage) -> None:
    """The scene by hand; the source that was shown is gone; the rest is put back."""
    await cut_off(stage, *EVERYTHING)
    stage.obs.current = "Break"
    stage.obs.delete("Confetti")
    with capture_logs() as told:
        async with at_work(stage.effects({"scene": "Big"})):
            await until(lambda: not (stage.folder / FILE_NAME).exists())
    assert stage.obs.current == "Break"
    assert not stage.obs.filters["Camera", "Glow"]
    left = {line["effect"]: line["why"] for line in told if line["event"] == "obs.left_alone"}
    assert left == {
        "the scene “Big”": "somebody has changed it since",
        "“Confetti” in the scene “Scene” on": "There is no “Confetti” in the scene “Scene”",
    }


async def test_it_waits_for_obs_and_is_not_forgotten(stage: Stage) -> None:
    """A start without OBS, and another one: then it is there."""
    await cut_off(stage, {"scene": "Big"})
    await stage.obs.stop()
    effects = stage.effects({"scene": "Big"})
    task = asyncio.create_task(effects.run())
    await until(lambda: effects.status().state == "reconnecting")
    task.cancel()
    await asyncio.gather(task, return_exceptions=True)
    await stage.obs.start()
    assert stage.obs.current == "Big"
    async with at_work(stage.effects({"scene": "Big"})):
        await stage.obs.until(lambda: stage.obs.current == "Scene")


@pytest.mark.parametrize(
    ("text", "why"),
    [
        ("{", "it is damaged"),
        ('{"v": 2, "owed": []}', "it is damaged"),
        ('{"owed": [{"effect": {"scene": "Big"}, "before": 7}]}', "it is damaged"),
        (" " * (SIZE_MAX + 1), "it has more than 100,000 bytes"),
        (b"\xff", "'utf-8' codec can't decode"),
        (None, "Is a directory"),
    ],
)
async def test_a_broken_file_is_said_and_ignored(
    stage: Stage, text: str | bytes | None, why: str
) -> None:
    """Whatever is in its place."""
    path = stage.folder / FILE_NAME
    if text is None:
        path.mkdir()
    else:
        path.write_bytes(text if isinstance(text, bytes) else text.encode())
    with capture_logs() as told:
        effects = stage.effects({"scene": "Big"})
    (line,) = [line for line in told if line["event"] == "obs.owed_unreadable"]
    assert why in line["why"]
    assert "remove the file" in line["fix"]
    async with at_work(effects):
        assert stage.obs.current == "Scene"
        await stage.shown()
        if text is None:
            await until(lambda: "cannot be written down" in effects.status().cause)
            assert "data folder" in effects.status().fix
            assert stage.obs.current == "Scene"
        else:
            await stage.obs.until(lambda: stage.obs.current == "Big")


# --- the whole program ---


async def test_from_a_page_that_shows_a_lion_to_the_scene_in_obs(tmp_path: Path) -> None:
    """As the settings file has it, wired as `giftcast run` does it."""
    async with ObsStandIn() as obs:
        obs.scenes["Big"] = []
        section = {"url": obs.url, "password": PASSWORD, "on_hero": {"scene": "Big", "for_s": 60}}
        async with (
            open_app(tmp_path, {"obs": section, "simulator": {"enabled": True}}) as app,
            browsing(app.address("", "127.0.0.1")) as browser,
        ):
            _, token = await add_source(app)
            page = await browser.open(token)
            await until(
                lambda: app.extras.effects and app.extras.effects.status().state == "connected"
            )
            gift = await send(app, HERO)
            await page.has_shown(gift)
            await obs.until(lambda: obs.current == "Big")
            async with browser.session.get(f"{browser.address}/healthz") as answer:
                told = (await answer.json())["obs"]
            assert (told["state"], told["cause"], told["fix"]) == ("connected", "", "")
        assert obs.current == "Scene"


async def test_killed_in_the_middle_of_an_effect_and_started_again(tmp_path: Path) -> None:
    """The program itself, by SIGKILL; the second start wants no effects any more."""
    async with ObsStandIn() as obs, browsing("") as browser:
        obs.scenes["Big"] = []
        said = {"GIFTCAST_OBS__URL": obs.url, "GIFTCAST_OBS__PASSWORD": PASSWORD}
        wanted = said | {"GIFTCAST_OBS__ON_HERO": '{"scene": "Big", "for_s": 60}'}
        async with running(tmp_path, **wanted) as program, talking(program) as client:
            await obs.until(lambda: obs.connections == 1)
            browser.address = program.address
            page = await browser.open(await client.add_source())
            await client.say("1", HERO)
            await obs.until(lambda: obs.current == "Big")
            program.kill()
            await page.ended()
        assert obs.current == "Big"
        async with running(tmp_path, **said):
            await obs.until(lambda: obs.current == "Scene")
            await until(lambda: not (tmp_path / FILE_NAME).exists())
        async with running(tmp_path, **said):
            assert obs.connections == 2


async def test_nobody_asks_obs_as_long_as_nobody_wants_effects(tmp_path: Path) -> None:
    """Off by default, even with an address."""
    async with ObsStandIn() as obs:
        section = {"url": obs.url, "password": PASSWORD}
        async with open_app(tmp_path, {"obs": section, "simulator": {"enabled": True}}) as app:
            assert app.extras.effects is None
            await send(app, HERO)
        assert obs.connections == 0
