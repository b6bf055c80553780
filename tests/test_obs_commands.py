"""`giftcast obs` as it is typed, beside a running giftcast and without one."""

import asyncio
import json
from collections.abc import AsyncIterator
from pathlib import Path

import pytest
from typer.testing import CliRunner, Result

from bot.cli import app
from bot.cli.links import OfflineLinks
from bot.obs.links import page_of
from bot.running import keep_port, kept_port
from tests.fakes.obs import PASSWORD, ObsStandIn
from tests.obs_bench import ALERTS
from tests.process import running, talking


@pytest.fixture
async def obs() -> AsyncIterator[ObsStandIn]:
    async with ObsStandIn() as opened:
        yield opened


async def typed(obs: ObsStandIn, folder: Path, *words: str, **environment: str) -> Result:
    """`giftcast obs …`, with OBS's address and password in the environment. In this process, on
    a thread of its own, for it has a loop of its own."""
    settings = {"GIFTCAST_OBS__URL": obs.url, "GIFTCAST_OBS__PASSWORD": PASSWORD} | environment
    line = ["obs", *words, "--data", str(folder)]
    return await asyncio.to_thread(lambda: CliRunner().invoke(app, line, env=settings))


async def test_set_up_looked_at_and_taken_back_beside_a_running_giftcast(
    obs: ObsStandIn, tmp_path: Path
) -> None:
    """The source is made by the running program, is known there at once, and goes with undo."""
    before = obs.snapshot()
    async with running(tmp_path / "data") as program, talking(program) as client:
        done = await typed(obs, program.folder, "setup")
        assert (done.exit_code, done.stderr) == (0, "")
        assert done.stdout.splitlines() == [
            "alerts: made the giftcast source “obs-alerts”",
            f"alerts: made the browser source “{ALERTS}” in the scene “Scene”, 1920×1080",
            "To take it back: giftcast obs undo",
            "The moderator dock: in OBS, Docks, Custom Browser Docks, "
            + program.address.replace("127.0.0.1", "localhost")
            + "/dock",
        ]
        page = page_of(obs.inputs[ALERTS].settings["url"])
        assert page is not None
        assert page.address == program.address
        async with client.session.ws_connect(f"{program.address}/o/socket") as socket:
            await socket.send_json({"v": 1, "type": "hello", "token": page.token, "shown": []})
            assert (await socket.receive_json())["type"] == "welcome"
            looked = await typed(obs, program.folder, "status")
            assert looked.stdout.splitlines() == [
                "ok  giftcast is running",
                "ok  connected to OBS 30.2.2 (obs-websocket 5.5.2)",
                f"ok  “{ALERTS}” (obs-alerts), in “Scene”, on air",
            ]
            assert looked.exit_code == 0
        undone = await typed(obs, program.folder, "undo")
        assert undone.exit_code == 0
        assert "Removed the giftcast source “obs-alerts”" in undone.stdout
        assert obs.snapshot() == before
        assert await client.ask("GET", "/api/v1/sources") == []
        again = await typed(obs, program.folder, "undo")
        assert again.stdout == "There is nothing to take back.\n"


async def test_set_up_before_the_first_start(obs: ObsStandIn, tmp_path: Path) -> None:
    """With the port that giftcast will keep; a loader waits for it."""
    done = await typed(obs, tmp_path / "new", "setup", "--loader")
    assert done.exit_code == 0, done.stderr
    assert obs.inputs[ALERTS].settings["is_local_file"]
    assert (tmp_path / "new" / "port").read_text() == "7878\n"
    looked = await typed(obs, tmp_path / "new", "status")
    assert looked.exit_code == 1
    assert looked.stdout.startswith(
        "BAD giftcast is running: it is not — start it with giftcast run"
    )
    undone = await typed(obs, tmp_path / "new", "undo")
    assert undone.exit_code == 1
    assert "start giftcast and run this again" in undone.stdout
    assert obs.inputs == {}


async def test_what_is_wrong_is_one_clear_line(obs: ObsStandIn, tmp_path: Path) -> None:
    """Whatever it is; and a link is never in it."""
    cases = [
        (("setup", "--widget", "dance"), {}, "there is no widget 'dance': choose from alerts"),
        (("setup", "--scene", "No"), {}, "OBS has no scene “No”. There are “Scene”"),
        (("setup",), {"GIFTCAST_OBS__PASSWORD": "guess"}, "OBS does not accept this password"),
        (("setup",), {"GIFTCAST_OBS__PASSWORD": ""}, "OBS asks for a password"),
        (("setup",), {"GIFTCAST_OBS__URL": "ws://127.0.0.1:9"}, "OBS is"),
        (("setup",), {"GIFTCAST_OBS__URL": "here"}, "[obs] url: "),
        (("loader", "--source", "no"), {}, "there is no source 'no': see giftcast source list"),
    ]
    for words, environment, part in cases:
        done = await typed(obs, tmp_path, *words, **environment)
        assert done.exit_code == 1
        assert done.stderr.startswith("giftcast: ")
        assert part in done.stderr
        assert done.stderr.count("\n") == 1
    assert obs.inputs == {}


async def test_the_loader_command_writes_the_page_and_keeps_a_living_link(
    obs: ObsStandIn, tmp_path: Path
) -> None:
    """Twice the same; for a source that was made by hand with a new link, once."""
    first = await typed(obs, tmp_path, "loader")
    path = tmp_path / "giftcast-loader.html"
    assert first.stdout == f"{path}\n"
    assert path.stat().st_mode & 0o077 == 0
    text = path.read_text()
    await typed(obs, tmp_path, "loader")
    assert path.read_text() == text
    await OfflineLinks(tmp_path, "main").add("alerts", "Söurce 1")
    other = await typed(obs, tmp_path, "loader", "--source", "Söurce 1")
    assert other.exit_code == 0, other.stderr
    assert Path(other.stdout.strip()).name.startswith("giftcast-loader-s-urce-1-")


async def test_a_changed_port_is_kept_and_said_as_for_links_by_hand(
    obs: ObsStandIn, tmp_path: Path
) -> None:
    """Also when the source was there and only its link changes; or a loader's."""
    folder = tmp_path / "data"
    links = OfflineLinks(folder, "main")
    folder.mkdir()
    await links.add("alerts", "by-hand")
    await OfflineLinks(folder, "drill").add("alerts", "obs-goal")
    assert (await typed(obs, folder, "setup", "--widget", "goal")).stderr == ""
    async with running(folder) as program:
        port = program.address.rpartition(":")[2]
        for words in (("setup", "--widget", "goal"), ("loader",)):
            keep_port(folder, 17_961)
            done = await typed(obs, folder, *words)
            assert done.exit_code == 0
            assert done.stderr.startswith(
                f"Every start listens on port {port} from now on, no more on 17961. Links that "
            )
            named = done.stderr.rpartition(": ")[2].strip().split(", ")
            assert {"by-hand", "obs-goal --stage drill"} <= set(named)
            assert ("obs-goal" in named) == (words == ("loader",))
            assert kept_port(folder) == int(port)
            assert (await typed(obs, folder, *words)).stderr == ""
        page = page_of(obs.inputs["giftcast goal"].settings["url"])
        assert page is not None
        assert page.address == program.address


async def test_a_port_that_the_settings_name_is_in_links_made_before_the_start(
    obs: ObsStandIn, tmp_path: Path
) -> None:
    """The next start listens there, whatever earlier links say."""
    await OfflineLinks(tmp_path, "main").add("alerts", "by-hand")
    (tmp_path / "giftcast.toml").write_text("[server]\nport = 17962\n")
    done = await typed(obs, tmp_path, "setup")
    assert "listens on port 17962 from now on, no more on 7878" in done.stderr
    assert done.stderr.endswith("for each of these: by-hand\n")
    assert "http://127.0.0.1:17962/" in obs.inputs[ALERTS].settings["url"]
    added = await asyncio.to_thread(
        lambda: CliRunner().invoke(app, ["source", "add", "goal", "--data", str(tmp_path)])
    )
    assert added.stdout.startswith("http://127.0.0.1:17962/o/goal#")


async def test_a_qr_source_without_a_link_is_said_wherever_a_streamer_looks(
    obs: ObsStandIn, tmp_path: Path
) -> None:
    """With what sets it, as it is to be typed; then nobody says it any more."""
    folder = tmp_path / "data"
    env = {"GIFTCAST_OBS__URL": obs.url, "GIFTCAST_OBS__PASSWORD": PASSWORD}

    async def called(*words: str) -> Result:
        line = [*words, "--data", str(folder)]
        return await asyncio.to_thread(lambda: CliRunner().invoke(app, line, env=env))

    async def said_everywhere() -> None:
        added = await called("source", "add", "qr", "--name", "card", "--stage", "drill")
        assert added.stdout.count("\n") == 1
        typed_then = "source set card link=https://example.org --stage drill --data"
        assert "“card” shows nothing, for link is not set: " in added.stderr
        assert typed_then in added.stderr
        done = await called("obs", "setup", "--widget", "qr", "--widget", "alerts")
        line = next(line for line in done.stdout.splitlines() if line.startswith("“obs-qr”"))
        command = f" source set obs-qr link=https://example.org --data {folder}"
        assert line.startswith("“obs-qr” shows nothing, for link is not set: ")
        assert line.endswith(command)
        assert done.stdout.count("shows nothing") == 1
        checked = (await called("check")).stdout
        assert "BAD source obs-qr: it shows nothing, for link is not set — " in checked
        assert command in checked
        assert "BAD source card: " in checked
        looked = (await called("obs", "status")).stdout
        assert "it shows nothing, for link is not set — giftcast source set obs-qr" in looked

    async def said_nowhere() -> None:
        for name, stage in (("obs-qr", "main"), ("card", "drill")):
            change = await called(
                "source", "set", name, "link=https://example.org", "--stage", stage
            )
            assert change.exit_code == 0, change.stderr
        for words in (("check",), ("obs", "status"), ("obs", "setup", "--widget", "qr")):
            said = await called(*words)
            assert "shows nothing, for link" not in said.stdout + said.stderr

    await said_everywhere()
    await said_nowhere()
    (folder / "sources.json").unlink()
    async with running(folder) as program, talking(program) as client:
        await client.ask("DELETE", "/api/v1/sources/card?stage=drill")
        await said_everywhere()
        await said_nowhere()


async def test_another_stage_is_set_up_and_one_that_is_not_there_refused(
    obs: ObsStandIn, tmp_path: Path
) -> None:
    """While giftcast is off and while it runs; with the dock of that stage, where it has one."""
    folder = tmp_path / "data"
    folder.mkdir()
    rows = {"policy": {"1": {"stage": "main"}, "2": {"stage": "second"}}}
    (folder / "policy.json").write_text(json.dumps(rows))
    refused = await typed(obs, folder, "setup", "--stage", "secnd")
    assert refused.exit_code == 1
    line = "giftcast: there is no stage 'secnd'. Choose one of: main, drill, second. A new one is"
    assert refused.stderr.startswith(line)
    written = await typed(obs, folder, "loader", "--stage", "drill")
    assert written.exit_code == 0, written.stderr
    assert "drill" in Path(written.stdout.strip()).name
    async with running(folder) as program:
        refused = await typed(obs, folder, "setup", "--stage", "secnd")
        assert refused.stderr.startswith(line)
        assert obs.inputs == {}
        done = await typed(obs, folder, "setup", "--stage", "second")
        assert done.exit_code == 0, done.stderr
        assert "/dock?stage=second" in done.stdout
        assert "/dock" not in (await typed(obs, folder, "setup", "--stage", "drill")).stdout
        assert set(obs.inputs) == {f"{ALERTS} (second)", f"{ALERTS} (drill)"}
        looked = await typed(obs, folder, "status")
        assert f"“{ALERTS} (second)” (obs-alerts)" in looked.stdout
        assert (await typed(obs, folder, "undo")).exit_code == 0
        assert program.process.poll() is None
    assert obs.inputs == {}
