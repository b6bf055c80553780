"""The set-up of OBS and its way back, on a stand-in that speaks obs-websocket 5."""

from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from bot.cli.links import OfflineLinks, RunningLinks
from bot.obs import errors
from bot.obs.errors import ObsError
from bot.obs.links import page_of
from bot.obs.loader import FILE_NAME as LOADER
from bot.obs.loader import page_in
from bot.obs.record import FILE_NAME, Record
from bot.obs.settings import obs_settings
from bot.running import Running
from data.errors import DocumentError
from overlay.entry import PREVIEW
from tests.fakes.obs import PLACE, ObsStandIn
from tests.obs_bench import ALERTS, Bench, asked, bench
from tests.page import add_source, browsing, open_app

CSS = "body { background: green }"


@pytest.fixture(params=[True, False], ids=["uuids", "no uuids"])
async def obs(request: pytest.FixtureRequest) -> AsyncIterator[ObsStandIn]:
    """As a new OBS, and as one before 30.1, whose inputs have no uuids."""
    async with ObsStandIn(uuids=request.param) as opened:
        yield opened


@pytest.fixture
def set_up(obs: ObsStandIn, tmp_path: Path) -> Bench:
    return bench(obs, tmp_path)


async def other_link(folder: Path, name: str = "mine") -> str:
    """A link that somebody has made by hand."""
    return await OfflineLinks(folder, "main").add("alerts", name)


# --- making ---


async def test_a_new_obs_gets_a_source_of_the_canvas_size(set_up: Bench) -> None:
    """With a link that is alive, steady, heard in the mixer, and everything told."""
    lines = await set_up.setup()
    made = set_up.obs.inputs[ALERTS]
    url = str(made.settings["url"])
    assert made.settings | {"url": ""} == {
        "url": "", "is_local_file": False, "width": 1920, "height": 1080, "shutdown": False,
        "restart_when_active": False, "reroute_audio": True,
    }  # fmt: skip
    page = page_of(url)
    assert page is not None
    assert page.address == "http://127.0.0.1:7878"
    known = await set_up.links.known(page.token)
    assert known is not None
    assert (known.name, known.widget) == ("obs-alerts", "alerts")
    assert [item.source for item in set_up.obs.scenes["Scene"]] == [ALERTS]
    assert lines == [
        "alerts: made the giftcast source “obs-alerts”",
        f"alerts: made the browser source “{ALERTS}” in the scene “Scene”, 1920×1080",
    ]
    assert page.token not in set_up.told


async def test_again_and_again_changes_nothing(set_up: Bench) -> None:
    """Not in OBS, not in giftcast, not in what is to be taken back."""
    await set_up.setup()
    before, sources = set_up.obs.snapshot(), await set_up.links.sources()
    record = (set_up.folder / FILE_NAME).read_text()
    set_up.obs.requests.clear()
    assert await set_up.setup() == [f"alerts: “{ALERTS}” is as it should be"]
    assert asked(set_up.obs) == []
    assert set_up.obs.snapshot() == before
    assert await set_up.links.sources() == sources
    assert (set_up.folder / FILE_NAME).read_text() == record


async def test_undo_leaves_obs_as_it_was(set_up: Bench) -> None:
    """Of what was made nothing is left; giftcast's own source waits for giftcast."""
    set_up.obs.add("Scene", "Camera", {"device": "/dev/video0"}, "image_source")
    before = set_up.obs.snapshot()
    await set_up.setup()
    assert not await set_up.undo()
    assert set_up.obs.snapshot() == before
    assert "start giftcast and run this again" in set_up.told
    assert [act.act for act in Record(set_up.folder).acts] == ["source"]
    await set_up.setup()
    assert ALERTS in set_up.obs.inputs
    assert [one.name for one in await set_up.links.sources()] == ["obs-alerts"]


async def test_the_scene_may_be_named(set_up: Bench) -> None:
    """Not the one in the programme; one that is not there is refused with those that are."""
    set_up.obs.scenes["Gameplay"] = []
    await set_up.setup(scene="Gameplay")
    assert [item.source for item in set_up.obs.scenes["Gameplay"]] == [ALERTS]
    assert set_up.obs.scenes["Scene"] == []
    with pytest.raises(ObsError, match="OBS has no scene “Nowhere”") as caught:
        await set_up.setup(scene="Nowhere")
    assert "“Scene”, “Gameplay”" in caught.value.fix


async def test_a_name_that_is_taken_is_left_to_whoever_has_it(set_up: Bench) -> None:
    """Scenes, groups and sources share one room of names."""
    set_up.obs.add("Scene", ALERTS, {"text": "hello"}, "image_source")
    set_up.obs.scenes[f"{ALERTS} 2"] = []
    await set_up.setup()
    assert set_up.obs.inputs[ALERTS].settings == {"text": "hello"}
    assert page_of(set_up.obs.inputs[f"{ALERTS} 3"].settings["url"])


# --- bringing up to date ---


async def test_a_source_made_by_hand_is_taken_over_and_given_back(set_up: Bench) -> None:
    """Its size and steadiness change, its link, style, frames and sound stay. Undo: exactly as
    it was, also where it stood."""
    url = await other_link(set_up.folder)
    mine = {"url": url, "css": CSS, "fps": 60, "fps_custom": True, "shutdown": True}
    set_up.obs.add("Scene", "My alerts", mine)
    set_up.obs.scenes["Scene"][0].place.update(positionX=40.0, scaleX=2.4, scaleY=1.8, cropTop=7)
    set_up.obs.add("Scene", "Camera", {}, "image_source")
    before = set_up.obs.snapshot()
    await set_up.setup()
    assert set_up.obs.inputs["My alerts"].settings == mine | {
        "width": 1920, "height": 1080, "shutdown": False,
    }  # fmt: skip
    assert set_up.obs.scenes["Scene"][0].place == PLACE
    assert "width 800 → 1920, height 600 → 1080, shutdown True → False" in set_up.told
    assert "made it fit the canvas in the scene “Scene”" in set_up.told
    assert len(await set_up.links.sources()) == 1
    assert await set_up.undo()
    assert set_up.obs.snapshot() == before
    assert not (set_up.folder / FILE_NAME).exists()


async def test_a_source_of_the_right_size_stays_where_it_was_put(set_up: Bench) -> None:
    """Whoever made it smaller by hand meant it."""
    url = await other_link(set_up.folder)
    set_up.obs.add("Scene", "Small", {"url": url, "width": 1920, "height": 1080})
    set_up.obs.scenes["Scene"][0].place.update(positionX=960.0, scaleX=0.5, scaleY=0.5)
    before = set_up.obs.snapshot()
    await set_up.setup()
    assert set_up.obs.snapshot() == before


async def test_a_dead_link_is_replaced_and_the_old_one_put_back(set_up: Bench) -> None:
    """A page of this giftcast whose source is no more."""
    dead = "http://127.0.0.1:7878/o/alerts#" + "a" * 43
    set_up.obs.add("Scene", "Old", {"url": dead, "width": 1920, "height": 1080})
    before = set_up.obs.snapshot()
    await set_up.setup()
    page = page_of(set_up.obs.inputs["Old"].settings["url"])
    assert page is not None
    assert await set_up.links.known(page.token)
    assert "changed link" in set_up.told
    await set_up.undo()
    assert set_up.obs.snapshot() == before


async def test_a_preview_that_was_pasted_is_replaced(obs: ObsStandIn, tmp_path: Path) -> None:
    """The link beside the simulated chat shows gifts and settles none; a common mistake."""
    async with open_app(tmp_path) as app:
        links = RunningLinks(tmp_path, Running(0, app.address("")), "main")
        set_up = bench(obs, tmp_path, links)
        preview = app.preview_url()
        obs.add("Scene", "Pasted", {"url": preview, "width": 1920, "height": 1080})
        (_, pasted) = await set_up.look()
        assert (pasted.ok, pasted.fix) == (False, "giftcast obs setup")
        assert "no gift counts as shown" in pasted.why
        await set_up.setup()
        assert list(obs.inputs) == ["Pasted"]
        page = page_of(obs.inputs["Pasted"].settings["url"])
        assert page is not None
        source = app.access.by_token(page.token)
        assert source is not None
        assert (source.name, source.settles) == ("obs-alerts", True)
        assert await set_up.undo()
        assert obs.inputs["Pasted"].settings["url"] == preview
        assert [one.name for one in app.access.sources()] == ["preview"]


async def test_a_source_that_somebody_shows_just_now_keeps_its_link(
    obs: ObsStandIn, tmp_path: Path
) -> None:
    """On another computer, say: this OBS gets a source of its own."""
    async with open_app(tmp_path) as app, browsing(app.address("", "127.0.0.1")) as browser:
        _, token = await add_source(app, "obs-alerts")
        await browser.open(token)
        links = RunningLinks(tmp_path, Running(0, app.address("")), "main")
        await bench(obs, tmp_path, links).setup()
        page = page_of(obs.inputs[ALERTS].settings["url"])
        assert page is not None
        source = app.access.by_token(page.token)
        assert source is not None
        assert source.name == "obs-alerts-2"
        assert app.access.by_token(token)


async def test_pages_of_others_are_not_ours(set_up: Bench) -> None:
    """Another giftcast on another port, another stage, another program, another widget."""
    vertical = await OfflineLinks(set_up.folder, "drill").add("alerts", "tall")
    theirs = {
        "Other giftcast": "http://127.0.0.1:9000/o/alerts#" + "b" * 43,
        "Other stage": vertical,
        "Other program": "http://127.0.0.1:7878/overlay",
        "Other widget": "http://127.0.0.1:7878/o/goal#" + "c" * 43,
    }
    for name, url in theirs.items():
        set_up.obs.add("Scene", name, {"url": url})
    before = set_up.obs.snapshot()
    await set_up.setup()
    assert {name: set_up.obs.inputs[name].settings["url"] for name in theirs} == theirs
    await set_up.undo()
    assert set_up.obs.snapshot() == before


async def test_each_stage_has_sources_of_its_own(set_up: Bench) -> None:
    """Beside each other in one OBS, with names, links and files of their own; undo knows all."""
    drill = Bench(set_up.obs, set_up.folder, OfflineLinks(set_up.folder, "drill"))
    before = set_up.obs.snapshot()
    await set_up.setup(loader=True)
    told = await drill.setup(loader=True)
    assert told[-1].startswith("alerts: made the browser source “giftcast alerts (drill)”")
    files = [
        set_up.obs.inputs[name].settings["local_file"] for name in (ALERTS, f"{ALERTS} (drill)")
    ]
    pages = [page_in(Path(file)) for file in files]
    stages = [(await set_up.links.known(page.token)) for page in pages if page]
    assert [(seen.stage, seen.name) for seen in stages if seen] == [
        ("main", "obs-alerts"), ("drill", "obs-alerts"),
    ]  # fmt: skip
    for one in (set_up, drill):
        (line,) = await one.setup(loader=True)
        assert "is as it should be" in line
    async with open_app(set_up.folder) as app:
        links = RunningLinks(set_up.folder, Running(0, app.address("")), "main")
        assert await Bench(set_up.obs, set_up.folder, links).undo()
        assert [source.name for source in app.access.sources()] == [PREVIEW]
    assert set_up.obs.snapshot() == before
    assert not [path for path in set_up.folder.iterdir() if "loader" in path.name]


async def test_a_dead_link_of_one_stage_is_not_taken_for_anothers(set_up: Bench) -> None:
    """Whichever is set up next."""
    drill = Bench(set_up.obs, set_up.folder, OfflineLinks(set_up.folder, "drill"))
    await drill.setup()
    await drill.links.rotate("obs-alerts")
    await set_up.setup()
    assert set(set_up.obs.inputs) == {ALERTS, f"{ALERTS} (drill)"}
    await set_up.links.rotate("obs-alerts")
    told = await drill.setup()
    assert "new link for the giftcast source “obs-alerts”" in told[0]
    assert "“giftcast alerts (drill)” was there: changed link" in told[1]
    assert len(set_up.obs.inputs) == 2


async def test_another_port_is_written_into_the_link(set_up: Bench) -> None:
    """The link stays alive; only the address has changed."""
    await set_up.setup()
    token = set_up.obs.inputs[ALERTS].settings["url"].partition("#")[2]
    set_up.links.address = "http://127.0.0.1:7900"
    await set_up.setup()
    assert set_up.obs.inputs[ALERTS].settings["url"] == f"http://127.0.0.1:7900/o/alerts#{token}"


async def test_a_renamed_source_is_found_again(set_up: Bench) -> None:
    """By its uuid, or by what it shows."""
    before = set_up.obs.snapshot()
    await set_up.setup()
    set_up.obs.rename(ALERTS, "Gifts!")
    set_up.obs.inputs["Gifts!"].settings["width"] = 640
    await set_up.setup()
    assert list(set_up.obs.inputs) == ["Gifts!"]
    assert set_up.obs.inputs["Gifts!"].settings["width"] == 1920
    await set_up.undo()
    assert set_up.obs.snapshot() == before
    assert "Removed the browser source “Gifts!”" in set_up.told


async def test_a_source_that_was_moved_stays_there(set_up: Bench) -> None:
    """Into another scene, or into a group; only a scene that is asked for gets it too."""
    obs = set_up.obs
    obs.scenes |= {"Gameplay": [], "Break": []}
    obs.groups["Corner"] = []
    await set_up.setup()
    obs.scenes["Scene"].clear()
    obs.put("Corner", ALERTS)
    obs.put("Gameplay", "Corner")
    await set_up.setup()
    assert obs.scenes["Scene"] == []
    await set_up.setup(scene="Gameplay")
    assert [item.source for item in obs.scenes["Gameplay"]] == ["Corner"]
    obs.put("Break", "Gameplay")
    await set_up.setup(scene="Break")
    assert [item.source for item in obs.scenes["Break"]] == ["Gameplay"]
    await set_up.setup(scene="Scene")
    assert [item.source for item in obs.scenes["Scene"]] == [ALERTS]


async def test_a_scene_more_is_taken_back_alone(set_up: Bench) -> None:
    """The streamer's own source goes on standing in their own scene."""
    url = await other_link(set_up.folder)
    set_up.obs.add("Scene", "Mine", {"url": url, "width": 1920, "height": 1080})
    set_up.obs.scenes["Break"] = []
    before = set_up.obs.snapshot()
    await set_up.setup(scene="Break")
    assert [item.source for item in set_up.obs.scenes["Break"]] == ["Mine"]
    assert await set_up.undo()
    assert set_up.obs.snapshot() == before


async def test_a_source_that_was_deleted_is_made_anew_with_the_same_link(set_up: Bench) -> None:
    """A link once printed or pasted elsewhere stays alive."""
    await set_up.setup()
    first = set_up.obs.inputs[ALERTS].settings["url"]
    set_up.obs.delete(ALERTS)
    await set_up.setup()
    assert set_up.obs.inputs[ALERTS].settings["url"] == first
    await set_up.undo()
    assert set_up.obs.inputs == {}


async def test_a_source_that_is_just_going_is_looked_past(set_up: Bench) -> None:
    """OBS lists it for a moment after its removal, and then knows nothing of it."""
    set_up.obs.add("Scene", "Going", {"url": "about:blank"})
    set_up.obs.leaving.append(set_up.obs.inputs["Going"])
    set_up.obs.delete("Going")
    await set_up.setup()
    assert list(set_up.obs.inputs) == [ALERTS]


# --- taking back ---


async def test_what_somebody_has_changed_since_is_left_to_them(set_up: Bench) -> None:
    """Undo is not a reset of what the streamer did afterwards."""
    url = await other_link(set_up.folder)
    set_up.obs.add("Scene", "Mine", {"url": url})
    await set_up.setup()
    mine = set_up.obs.inputs["Mine"]
    mine.settings |= {"css": CSS, "height": 900}
    item = set_up.obs.put("Scene", "Mine", positionX=5.0)
    await set_up.undo()
    assert mine.settings == {"url": url, "css": CSS, "height": 900}
    assert item.place["positionX"] == 5.0
    assert "Left as somebody has set it since: height" in set_up.told


async def test_an_item_that_was_moved_since_is_left_there(set_up: Bench) -> None:
    """Where the streamer has put it."""
    url = await other_link(set_up.folder)
    set_up.obs.add("Scene", "Mine", {"url": url})
    set_up.obs.scenes["Scene"][0].place.update(scaleX=2.0)
    await set_up.setup()
    set_up.obs.scenes["Scene"][0].place.update(positionX=77.0)
    await set_up.undo()
    assert set_up.obs.scenes["Scene"][0].place["positionX"] == 77.0
    assert "Somebody has moved “Mine”" in set_up.told


async def test_what_is_gone_already_is_no_obstacle(set_up: Bench) -> None:
    """The streamer has tidied up by hand."""
    await set_up.setup()
    set_up.obs.delete(ALERTS)
    await set_up.undo()
    assert f"“{ALERTS}” had gone from OBS already" in set_up.told
    assert not await set_up.undo()


async def test_another_scene_collection_is_not_touched(set_up: Bench) -> None:
    """Its undo waits until it is open again."""
    await set_up.setup()
    mine, set_up.obs.inputs = set_up.obs.inputs, {}
    set_up.obs.collection = "Holiday"
    assert not await set_up.undo()
    assert "open the scene collection “Untitled”" in set_up.told
    set_up.obs.inputs, set_up.obs.collection = mine, "Untitled"
    await set_up.undo()
    assert set_up.obs.inputs == {}


async def test_a_set_up_that_breaks_off_can_be_taken_back(set_up: Bench) -> None:
    """OBS goes in the middle: every act was written down before it was done."""
    url = await other_link(set_up.folder)
    set_up.obs.add("Scene", "Mine", {"url": url})
    set_up.obs.scenes["Scene"][0].place.update(scaleX=2.0)
    before = set_up.obs.snapshot()
    set_up.obs.refuse = {"SetSceneItemTransform"}
    with pytest.raises(ObsError):
        await set_up.setup()
    set_up.obs.refuse = set()
    assert set_up.obs.inputs["Mine"].settings["width"] == 1920
    assert await set_up.undo()
    assert set_up.obs.snapshot() == before


def test_a_damaged_record_is_refused_with_the_fix(tmp_path: Path) -> None:
    """Better no undo than a wrong one."""
    (tmp_path / FILE_NAME).write_text('{"v": 1, "acts": [{"act": "dance"}]}')
    with pytest.raises(DocumentError, match="by hand, then this file"):
        Record(tmp_path)


async def test_the_record_is_private(set_up: Bench) -> None:
    """It holds links."""
    await set_up.setup()
    assert (set_up.folder / FILE_NAME).stat().st_mode & 0o077 == 0


# --- the loader ---


async def test_the_loader_instead_of_a_link_and_back(set_up: Bench) -> None:
    """A page on the disk that becomes the overlay; then the link again; then nothing."""
    before = set_up.obs.snapshot()
    await set_up.setup()
    link = set_up.obs.inputs[ALERTS].settings["url"]
    await set_up.setup(loader=True)
    settings = set_up.obs.inputs[ALERTS].settings
    assert settings["is_local_file"] is True
    assert settings["local_file"] == (set_up.folder / LOADER).as_posix()
    page = page_in(set_up.folder / LOADER)
    assert page is not None
    assert page.url == link
    assert (set_up.folder / LOADER).stat().st_mode & 0o077 == 0
    assert await set_up.setup(loader=True) == [f"alerts: “{ALERTS}” is as it should be"]
    await set_up.setup()
    assert set_up.obs.inputs[ALERTS].settings["is_local_file"] is False
    await set_up.undo()
    assert set_up.obs.snapshot() == before


async def test_a_loader_in_obs_is_known_as_ours(set_up: Bench) -> None:
    """Also under another name, and in an OBS that has no uuids."""
    before = set_up.obs.snapshot()
    await set_up.setup(loader=True)
    set_up.obs.rename(ALERTS, "Gifts")
    assert await set_up.setup(loader=True) == ["alerts: “Gifts” is as it should be"]
    await set_up.undo()
    assert set_up.obs.snapshot() == before


# --- an OBS that cannot ---


async def test_an_obs_without_browser_sources_is_told_plainly_with_the_link(
    tmp_path: Path,
) -> None:
    """As Debian builds it (refusal 605). The link is the same the next time."""
    async with ObsStandIn(browser=False) as obs:
        set_up = bench(obs, tmp_path)
        links: list[str] = []
        for _ in range(2):
            with pytest.raises(ObsError, match="This OBS has no browser sources") as caught:
                await set_up.setup()
            assert (caught.value.code, caught.value.status) == (errors.NO_BROWSER, 605)
            links.append(set_up.lines[-1].rpartition(" ")[2])
        assert links[0] == links[1]
        assert page_of(links[0])
        assert asked(obs) == []
        (_, browser) = await set_up.look()
        assert not browser.ok
        assert "obsproject.com" in browser.fix


async def test_a_kind_that_goes_in_between_is_told_the_same(tmp_path: Path) -> None:
    """The list says that it is there, the making that it is not."""
    async with ObsStandIn() as obs:
        set_up = bench(obs, tmp_path)
        obs.kinds_refused = {"browser_source"}
        with pytest.raises(ObsError) as caught:
            await set_up.setup()
        assert caught.value.status == 605
        assert [act.act for act in Record(tmp_path).acts] == ["source"]


# --- looking ---


async def test_status_says_what_is_wrong_and_the_fix(set_up: Bench) -> None:
    """Nothing there; then all well but for giftcast itself; then several faults."""
    (_, nothing) = await set_up.look()
    assert (nothing.ok, nothing.fix) == (False, "giftcast obs setup")
    await set_up.setup()
    (_, offline) = await set_up.look()
    assert "not connected to giftcast" in offline.why
    settings = set_up.obs.inputs[ALERTS].settings
    settings |= {"width": 640, "shutdown": True}
    set_up.obs.add("Scene", "Copy", settings)
    set_up.obs.add("Scene", "Dead", {"url": "http://127.0.0.1:7878/o/alerts#" + "d" * 43})
    told = [f"{one.what}: {one.why} — {one.fix}" for one in await set_up.look()]
    assert any("“Dead”: its link is no longer valid" in line for line in told)
    assert any("it is 640×1080, the canvas 1920×1080" in line for line in told)
    assert any("“Shutdown source when not visible” is on" in line for line in told)
    assert any("another has the same link" in line for line in told)


async def test_status_tries_the_names_of_effects(set_up: Bench) -> None:
    """A scene, filter or source that is not there is named."""
    obs = set_up.obs
    obs.scenes["Big"] = []
    obs.add("Big", "Confetti", {}, "image_source")
    obs.filters["Confetti", "Glow"] = False
    good = obs_settings(
        {"on_hero": [{"scene": "Big"}, {"filter": "Glow", "source": "Confetti"},
                     {"show": "Confetti", "in": "Big"}]}
    )  # fmt: skip
    assert [one.ok for one in (await set_up.look(good))[-3:]] == [True] * 3
    bad = obs_settings(
        {"on_hero": [{"scene": "Bigg"}, {"filter": "Glow", "source": "Camera"},
                     {"show": "Camera", "in": "Big"}]}
    )  # fmt: skip
    found = (await set_up.look(bad))[-3:]
    assert [one.ok for one in found] == [False] * 3
    assert found[0].what == "effect: the scene “Bigg”"
    assert "no such scene" in found[0].why
    assert "There is no “Camera” in the scene “Big”" in found[2].why
    assert asked(obs) == []
