"""A real OBS, set up and taken back by its remote control: `make obs`.

Debian's OBS 29 has no browser sources, so the set-up makes and updates a source of another kind
there, and the refusal of the real kind is tested for what it is. OBS listens on every address,
so it is started only where there is no other than the loopback.
"""

import asyncio
import configparser
import os
import shutil
import signal
import subprocess
from collections.abc import AsyncIterator, Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import psutil
import pytest
import pytest_asyncio

from bot.cli.links import OfflineLinks
from bot.obs import deeds, errors
from bot.obs.connection import ObsConnection, connected
from bot.obs.errors import ObsError
from bot.obs.links import page_of
from bot.obs.loader import page_in
from bot.obs.record import Record
from bot.obs.settings import Effect
from bot.obs.setup import Setup
from bot.obs.studio import Studio
from bot.obs.undo import Undo
from tests.process import giftcast, surroundings

pytestmark = pytest.mark.asyncio(loop_scope="module")

PORT, PASSWORD = 4455, "sesame open"
URL = f"ws://127.0.0.1:{PORT}"
STAND_IN_KIND = "color_source_v3"  # it has a width and a height, and keeps what else it is given
START_S = 90
SCENE = "Scene"

GLOBAL = {
    "General": {"FirstRun": "true", "LastVersion": "486539266", "EnableAutoUpdates": "false"},
    "Basic": {
        "Profile": "Untitled", "ProfileDir": "Untitled",
        "SceneCollection": "Untitled", "SceneCollectionFile": "Untitled",
    },
    "OBSWebSocket": {
        "FirstLoad": "false", "ServerEnabled": "true", "ServerPort": str(PORT),
        "AlertsEnabled": "false", "AuthRequired": "true", "ServerPassword": PASSWORD,
    },
}  # fmt: skip
PROFILE = {
    "General": {"Name": "Untitled"},
    "Video": {
        "BaseCX": "1280", "BaseCY": "720", "OutputCX": "1280", "OutputCY": "720", "FPSCommon": "30",
    },
}  # fmt: skip


def write_ini(path: Path, sections: dict[str, dict[str, str]]) -> None:
    """A file of settings as OBS writes them."""
    parser = configparser.RawConfigParser()
    parser.optionxform = str  # type: ignore[assignment,method-assign]
    parser.read_dict(sections)
    path.parent.mkdir(parents=True, exist_ok=True)
    with path.open("w", encoding="utf-8") as file:
        parser.write(file, space_around_delimiters=False)


@contextmanager
def program(*words: str, env: dict[str, str], log: Path) -> Iterator["subprocess.Popen[bytes]"]:
    """A program that is ended with all that it started."""
    with log.open("wb") as out:
        process = subprocess.Popen(
            words, env=env, stdout=out, stderr=subprocess.STDOUT, start_new_session=True
        )
    try:
        yield process
    finally:
        if process.poll() is None:
            os.killpg(process.pid, signal.SIGTERM)
            try:
                process.wait(10)
            except subprocess.TimeoutExpired:
                os.killpg(process.pid, signal.SIGKILL)
                process.wait(10)


@dataclass
class Obs:
    """OBS that runs. env: for programs beside it."""

    process: "subprocess.Popen[bytes]"
    env: dict[str, str]
    log: Path


@contextmanager
def screen(folder: Path) -> Iterator[dict[str, str]]:
    """A screen that nobody sees; the environment of programs on it."""
    home = folder / "home"
    run = folder / "run"
    home.mkdir()
    run.mkdir(mode=0o700)
    env = surroundings(
        HOME=str(home),
        XDG_CONFIG_HOME=str(home / ".config"),
        XDG_RUNTIME_DIR=str(run),
        LIBGL_ALWAYS_SOFTWARE="1",
        QT_QPA_PLATFORM="xcb",
    )
    env.pop("DBUS_SESSION_BUS_ADDRESS", None)
    number, mine = os.pipe()
    words = [shutil.which("Xvfb") or "", "-displayfd", str(mine), "-screen", "0", "1280x800x24"]
    process = subprocess.Popen(
        [*words, "-nolisten", "tcp"], env=env, pass_fds=[mine], stderr=subprocess.DEVNULL
    )
    os.close(mine)
    try:
        with os.fdopen(number) as said:
            display = said.readline().strip()
        assert display, "Xvfb did not start"
        yield env | {"DISPLAY": f":{display}"}
    finally:
        process.terminate()
        process.wait(10)


async def answers() -> bool:
    """Whether OBS takes requests yet."""
    try:
        async with connected(URL, PASSWORD) as connection:
            await Studio(connection).items(SCENE)
    except ObsError:
        return False
    return True


@pytest_asyncio.fixture(scope="module", loop_scope="module")
async def obs(tmp_path_factory: pytest.TempPathFactory) -> AsyncIterator[Obs]:
    """OBS with fresh settings, once it answers."""
    assert set(psutil.net_if_addrs()) == {"lo"}, "OBS listens everywhere: run make obs"
    assert shutil.which("obs"), "there is no OBS here: make obs says what to install"
    folder = tmp_path_factory.mktemp("obs")
    config = folder / "home" / ".config" / "obs-studio"
    with ExitStack() as stack:
        env = stack.enter_context(screen(folder))
        write_ini(config / "global.ini", GLOBAL)
        write_ini(config / "basic" / "profiles" / "Untitled" / "basic.ini", PROFILE)
        stack.enter_context(program("openbox", env=env, log=folder / "openbox.log"))
        log = folder / "obs.log"
        words = ["dbus-run-session", "--", "obs", "--multi", "--minimize-to-tray"]
        words += ["--collection", "Untitled", "--profile", "Untitled"]
        process = stack.enter_context(program(*words, env=env, log=log))
        async with asyncio.timeout(START_S):
            while not await answers():
                assert process.poll() is None, log.read_text("utf-8", "replace")[-3_000:]
                await asyncio.sleep(0.5)
        yield Obs(process, env, log)


@pytest_asyncio.fixture(loop_scope="module")
async def connection(obs: Obs) -> AsyncIterator[ObsConnection]:
    async with connected(URL, PASSWORD) as opened:
        yield opened


async def snapshot(studio: Studio) -> list[Any]:
    """All that a streamer could notice, as OBS itself tells it."""
    inputs = await studio.inputs(STAND_IN_KIND)
    items = [item for scene in await studio.scenes() for item in await studio.items(scene)]
    return [
        await studio.current_scene(),
        sorted((one.name, sorted(one.settings.items())) for one in inputs),
        [(i.scene, i.id, i.source, i.enabled, sorted(i.transform.items())) for i in items],
    ]


async def comes_to(studio: Studio, wanted: list[Any]) -> None:
    """Wait until OBS is like this; it draws changed settings with its next frame."""
    found: list[Any] = []
    try:
        async with asyncio.timeout(5):
            while (found := await snapshot(studio)) != wanted:  # noqa: ASYNC110 - it has no event
                await asyncio.sleep(0.02)
    except TimeoutError:
        assert found == wanted


class Work:
    """Set-up and undo with the kind that is there."""

    def __init__(self, studio: Studio, folder: Path) -> None:
        self.studio, self.folder = studio, folder
        self.links = OfflineLinks(folder, "main")
        self.lines: list[str] = []

    def _parts(self) -> tuple[Any, ...]:
        self.lines.clear()
        return self.studio, self.links, Record(self.folder), self.folder, self.lines.append

    async def setup(self, **how: Any) -> list[str]:
        await Setup(*self._parts(), kind=STAND_IN_KIND).run(["alerts"], **how)
        return list(self.lines)

    async def undo(self) -> list[str]:
        await Undo(*self._parts(), kind=STAND_IN_KIND).run()
        return list(self.lines)


@pytest.fixture
def work(connection: ObsConnection, tmp_path: Path) -> Work:
    return Work(Studio(connection), tmp_path)


# --- what this OBS cannot do ---


async def test_the_missing_browser_is_told_plainly_with_the_link(obs: Obs, tmp_path: Path) -> None:
    """By the command, as a streamer sees it; nothing is made, and the link is a link."""
    done = giftcast(tmp_path, "obs", "setup", GIFTCAST_OBS__PASSWORD=PASSWORD)
    assert done.returncode == 1
    assert done.stderr.startswith("giftcast: This OBS has no browser sources")
    assert done.stderr.count("\n") == 1
    assert page_of(done.stdout.splitlines()[-1].rpartition(" ")[2])


async def test_obs_itself_refuses_the_kind_with_605(connection: ObsConnection) -> None:
    """Also when nobody looks at the list first."""
    with pytest.raises(ObsError) as caught:
        await Studio(connection).create(SCENE, "x", "browser_source", {})
    assert (caught.value.code, caught.value.status) == (errors.NO_BROWSER, 605)


async def test_a_wrong_password_is_told_with_the_fix(obs: Obs, tmp_path: Path) -> None:
    """And none, otherwise."""
    wrong = giftcast(tmp_path, "obs", "setup", GIFTCAST_OBS__PASSWORD="guess")
    assert wrong.returncode == 1
    assert wrong.stderr.startswith("giftcast: OBS does not accept this password. In OBS: Tools")
    none = giftcast(tmp_path, "obs", "status")
    assert none.returncode == 1
    assert "OBS asks for a password" in none.stdout


async def test_the_password_is_read_from_obs_when_that_is_allowed(obs: Obs, tmp_path: Path) -> None:
    """Out of the file that OBS itself reads and writes."""
    places = {name: obs.env[name] for name in ("HOME", "XDG_CONFIG_HOME")}
    done = giftcast(tmp_path, "obs", "status", "--read-obs-settings", **places)
    assert "ok  connected to OBS 29." in done.stdout
    assert "BAD browser sources" in done.stdout


# --- what it can ---


async def test_made_and_taken_back(work: Work) -> None:
    """Nothing of it is left; a second run changes nothing."""
    before = await snapshot(work.studio)
    lines = await work.setup()
    (made,) = await work.studio.inputs(STAND_IN_KIND)
    assert made.name == "giftcast alerts"
    assert (made.settings["width"], made.settings["height"]) == (1280, 720)
    assert page_of(made.settings["url"])
    assert lines[-1] == (
        "alerts: made the browser source “giftcast alerts” in the scene “Scene”, 1280×720"
    )
    after = await snapshot(work.studio)
    assert await work.setup() == ["alerts: “giftcast alerts” is as it should be"]
    await comes_to(work.studio, after)
    await work.undo()
    await comes_to(work.studio, before)


async def test_updated_and_set_back_exactly(work: Work, connection: ObsConnection) -> None:
    """A source that a streamer made, at a size and place of their own, and renamed meanwhile."""
    url = await work.links.add("alerts", "mine")
    mine = {"url": url, "width": 800, "height": 600, "css": "body { color: red }", "color": 255}
    _, item = await work.studio.create(SCENE, "Mine", STAND_IN_KIND, mine)
    odd = {"positionX": 33.0, "scaleX": 1.5, "scaleY": 1.25, "cropLeft": 4, "rotation": 5.0}
    await work.studio.transform(SCENE, item, odd)
    before = await snapshot(work.studio)
    lines = await work.setup()
    assert "changed width 800 → 1280, height 600 → 720" in lines[0]
    assert lines[1] == "alerts: made it fit the canvas in the scene “Scene”"
    (place,) = [one for one in await work.studio.items(SCENE) if one.id == item]
    assert place.transform["scaleX"] == 1
    assert (await work.studio.settings("Mine"))["css"] == "body { color: red }"
    await connection.ask("SetInputName", inputName="Mine", newInputName="Gifts")
    assert await work.setup() == ["alerts: “Gifts” is as it should be"]
    await work.undo()
    await connection.ask("SetInputName", inputName="Gifts", newInputName="Mine")
    await comes_to(work.studio, before)
    await work.studio.remove("Mine")
    async with asyncio.timeout(5):
        while await work.studio.items(SCENE):  # noqa: ASYNC110 - gone with the next frame
            await asyncio.sleep(0.02)


async def test_put_into_a_scene_more_and_by_the_loader(
    work: Work, connection: ObsConnection
) -> None:
    """And all of it taken back in one go."""
    await connection.ask("CreateScene", sceneName="Break")
    before = await snapshot(work.studio)
    await work.setup()
    lines = await work.setup(scene="Break", loader=True)
    assert lines[-1] == "alerts: put “giftcast alerts” into the scene “Break” too"
    settings = await work.studio.settings("giftcast alerts")
    assert settings["is_local_file"] is True
    assert page_in(Path(settings["local_file"]))
    assert [item.source for item in await work.studio.items("Break")] == ["giftcast alerts"]
    await work.undo()
    await comes_to(work.studio, before)
    await connection.ask("RemoveScene", sceneName="Break")


async def test_effects_are_done_and_taken_back(work: Work, connection: ObsConnection) -> None:
    """A scene, a filter, a source of a scene."""
    studio = work.studio
    await connection.ask("CreateScene", sceneName="Big")
    await studio.create("Big", "Confetti", STAND_IN_KIND, {"width": 64, "height": 64})
    await connection.ask(
        "CreateSourceFilter", sourceName="Confetti", filterName="Glow", filterKind="color_filter_v2"
    )
    for effect in (
        Effect(scene="Big"),
        Effect(filter="Glow", source="Confetti", off=True),
        Effect.model_validate({"show": "Confetti", "in": "Big", "off": True}),
    ):
        was = await deeds.state(studio, effect)
        before = await deeds.before(studio, effect)
        assert before == was
        await deeds.start(studio, effect)
        assert await deeds.state(studio, effect) != was
        await deeds.stop(studio, effect, before)
        assert await deeds.state(studio, effect) == was
    await studio.remove("Confetti")
    await connection.ask("RemoveScene", sceneName="Big")


async def test_obs_that_is_closed_is_noticed_at_once(obs: Obs, connection: ObsConnection) -> None:
    """The last test: afterwards it does not run."""
    os.killpg(obs.process.pid, signal.SIGTERM)
    async with asyncio.timeout(20):
        await connection.ended()
    with pytest.raises(ObsError) as caught:
        await Studio(connection).scenes()
    assert caught.value.code == errors.LOST
    obs.process.wait(20)
    codes = {errors.LOST}
    async with asyncio.timeout(20):
        while codes == {errors.LOST}:  # it still listens while it goes
            with pytest.raises(ObsError) as caught:
                async with connected(URL, PASSWORD):
                    pass
            codes = {caught.value.code}
    assert codes == {errors.NOT_RUNNING}
