"""What programs may ask: health, sources, logins, backups and lines of simulated chat."""

import asyncio
import json
from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any
from urllib.parse import quote

import pytest
from aiohttp import ClientSession

from bot.app import App
from bot.offline import SourceKeeper
from bot.running import keep_port, kept_port
from data.errors import DocumentError
from tests.house import faults_of
from tests.page import MAIN, Memory, browsing, open_app

Said = tuple[int, Any]


class Program:
    """Asks with the token that `run` writes for programs."""

    def __init__(self, app: App, session: ClientSession) -> None:
        self.app = app
        self._session = session

    async def ask(self, method: str, path: str, body: object = None) -> Said:
        headers = {"Authorization": f"Bearer {self.app.api_token}"}
        url = self.app.address(path)
        async with self._session.request(method, url, json=body, headers=headers) as answer:
            return answer.status, await answer.json()

    async def chat(self, id: str, text: str, viewer: str = "Mia", **more: Any) -> Said:  # noqa: A002
        line = {"id": id, "viewer": viewer, "text": text, **more}
        return await self.ask("POST", "/api/v1/chat", line)


@pytest.fixture
async def app(tmp_path: Path) -> AsyncIterator[App]:
    async with open_app(tmp_path) as running:
        yield running


@pytest.fixture
async def program(app: App) -> AsyncIterator[Program]:
    async with ClientSession() as session:
        yield Program(app, session)


async def test_a_token_tells_whose_it_is_to_programs_alone(app: App, program: Program) -> None:
    """The set-up of OBS asks whether a link that it finds there is alive."""
    _, made = await program.ask("POST", "/api/v1/sources", {"widget": "alerts", "name": "mine"})
    token = made["url"].partition("#")[2]
    status, found = await program.ask("POST", "/api/v1/source-lookups", {"token": token})
    assert status == 200
    assert found["source"] == {
        "name": "mine", "widget": "alerts", "stage": MAIN, "settles": True, "online": False,
        "active": False, "missing": None,
    }  # fmt: skip
    _, nobody = await program.ask("POST", "/api/v1/source-lookups", {"token": token[:-1]})
    assert nobody == {"source": None}
    status, _ = await program.ask("POST", "/api/v1/source-lookups", {"token": "x" * 201})
    assert status == 400
    url = app.address("/api/v1/source-lookups")
    async with ClientSession() as session, session.post(url, json={"token": token}) as answer:
        assert answer.status == 401


# --- health ---


async def test_health_says_how_things_stand(app: App, program: Program) -> None:
    """Without a login: version, platforms, sources, journal."""
    await program.chat("1", "!gift rose")
    async with ClientSession() as session, session.get(app.address("/healthz")) as answer:
        said = await answer.json()
        assert answer.status == 200
    assert said["status"] == "ok"
    assert said["version"]
    assert said["platforms"] == {"simulator": "connected"}
    assert said["sources"]["online"] == 0
    assert said["journal"]["stages"] == {MAIN: app.journal.head(MAIN)}


async def test_health_fails_when_the_journal_does(
    app: App, program: Program, monkeypatch: pytest.MonkeyPatch
) -> None:
    """200 only when usable; and a line of chat is told to try again, with nothing spent."""
    await program.chat("1", "!balance")
    writer = type(app.journal._writer)

    def fails(_: object) -> None:
        raise OSError("no space left on device")

    with monkeypatch.context() as broken:
        broken.setattr(writer, "commit", fails)
        status, said = await program.chat("2", "!gift rose")
        assert (status, said["ok"]) == (503, False)
        assert "same id" in said["fix"]
        status, health = await program.ask("GET", "/healthz")
        assert (status, health["status"]) == (503, "failing")
    status, said = await program.chat("2", "!gift rose")
    assert (status, said["ok"]) == (200, True)
    assert (await program.ask("GET", "/healthz"))[0] == 200


# --- chat ---


async def test_a_line_is_heard_once_and_answered_the_same_again(app: App, program: Program) -> None:
    """The same id gets the first verdict, however often and however fast."""
    answers = await asyncio.gather(*(program.chat("1", "!gift rose 5") for _ in range(10)))
    assert len({said["reply"] for _, said in answers}) == 1
    assert {status for status, _ in answers} == {200}
    records = await app.journal.read(MAIN, after=0, limit=100)
    assert [r.kind for r in records].count("gift") == 1


async def test_a_reused_id_for_other_content_is_told_so(app: App, program: Program) -> None:
    """409, and nothing is spent."""
    assert (await program.chat("1", "!gift rose"))[1]["ok"]
    head = app.journal.head(MAIN)
    for viewer, text in (("Mia", "!gift rose 2"), ("Jonas", "!gift rose")):
        status, said = await program.chat("1", text, viewer)
        assert (status, said["ok"]) == (409, False)
        assert said["fix"]
    records = await app.journal.read(MAIN, after=head, limit=100)
    assert [r.kind for r in records if r.kind != "grant"] == []


async def test_a_refusal_is_no_error(program: Program) -> None:
    """200, ok false, words for the viewer; and again the same words."""
    first = await program.chat("1", "!gift unicorns 0")
    assert first[0] == 200
    assert first[1]["ok"] is False
    assert first[1]["reply"]
    assert await program.chat("1", "!gift unicorns 0") == first


async def test_talk_is_heard_without_a_reply(program: Program) -> None:
    """Not everything is a command."""
    assert await program.chat("1", "hello everybody") == (200, {"reply": "", "ok": True})


async def test_roles_are_believed_from_programs(program: Program) -> None:
    """A moderator may grant to somebody not yet seen."""
    status, said = await program.chat("1", "!addcoins @Newcomer 50 welcome", "Nova")
    assert (status, said["ok"]) == (200, False)
    status, said = await program.chat(
        "2", "!addcoins @Newcomer 50 welcome", "Nova", role="moderator"
    )
    assert (status, said["ok"]) == (200, True)


@pytest.mark.parametrize(
    "line",
    [
        {},
        {"id": "1", "viewer": "Mia"},
        {"id": "", "viewer": "Mia", "text": "x"},
        {"id": "a b", "viewer": "Mia", "text": "x"},
        {"id": "x" * 101, "viewer": "Mia", "text": "x"},
        {"id": "1", "viewer": "", "text": "x"},
        {"id": "1", "viewer": "\u200b", "text": "x"},
        {"id": "1", "viewer": "Mia", "text": ""},
        {"id": "1", "viewer": "Mia", "text": "x" * 2_001},
        {"id": "1", "viewer": "Mia", "text": "x", "role": "owner"},
        {"id": "1", "viewer": "Mia", "text": "x", "stage": "../main"},
        {"id": "1", "viewer": "Mia", "text": "x", "coins": 5},
        {"id": 1, "viewer": "Mia", "text": "x"},
        [],
        "x",
    ],
)
async def test_a_malformed_line_is_refused_with_its_place(
    app: App, program: Program, line: object
) -> None:
    """What is wrong and what to do; nothing is recorded."""
    status, said = await program.ask("POST", "/api/v1/chat", line)
    assert status in (400, 404)
    assert said["error"]
    assert said["fix"] or "viewer" in said["error"]
    assert app.journal.head(MAIN) == 0


# --- sources ---


@pytest.mark.alone
async def test_a_source_from_birth_to_removal(app: App, program: Program) -> None:
    """Its link works, is listed without the token, is renewed and ends."""
    status, made = await program.ask("POST", "/api/v1/sources", {"widget": "alerts"})
    assert status == 201
    assert {k: made[k] for k in ("name", "widget", "stage", "settles", "online")} == {
        "name": "alerts",
        "widget": "alerts",
        "stage": "main",
        "settles": True,
        "online": False,
    }
    link, _, token = made["url"].partition("#")
    assert link == f"http://127.0.0.1:{app.port}/o/alerts"
    async with browsing(app.address("", "127.0.0.1")) as browser:
        page = await browser.open(token)
        ((_, listed),) = [await program.ask("GET", "/api/v1/sources")]
        assert [(s["name"], s["online"]) for s in listed] == [("alerts", True)]
        assert token not in str(listed)
        status, said = await program.ask("POST", "/api/v1/sources/alerts/token")
        assert (status, said["url"] != made["url"]) == (200, True)
        await page.ended(within_s=1)
        status, said = await program.ask("DELETE", "/api/v1/sources/alerts")
        assert (status, said) == (200, {"removed": "alerts", "gifts_returned": 0})
    assert (await program.ask("GET", "/api/v1/sources"))[1] == []


async def test_the_first_source_fixes_the_port(app: App, program: Program, tmp_path: Path) -> None:
    """From then on links in OBS name it."""
    assert kept_port(tmp_path) is None
    await program.ask("POST", "/api/v1/sources", {"widget": "alerts"})
    assert kept_port(tmp_path) == app.port


async def test_a_renewed_link_fixes_the_port_and_says_which_links_it_leaves_behind(
    app: App, program: Program, tmp_path: Path
) -> None:
    """The newest link's port is listened to from then on; the others are named, while there are."""
    await program.ask("POST", "/api/v1/sources", {"widget": "alerts"})
    keep_port(tmp_path, 17_961)
    _, said = await program.ask("POST", "/api/v1/sources/alerts/token")
    assert f":{app.port}/" in said["url"]
    assert kept_port(tmp_path) == app.port
    assert "note" not in said
    keep_port(tmp_path, 17_961)
    _, said = await program.ask("POST", "/api/v1/sources", {"widget": "goal"})
    assert kept_port(tmp_path) == app.port
    assert "17961" in said["note"]
    assert "alerts" in said["note"]


@pytest.mark.parametrize("name", ["Main scene", "Ünï/cödé?#%", "../x", "☃", "a" * 40])
async def test_names_of_sources_may_be_anything_printable(program: Program, name: str) -> None:
    """Blanks, slashes and other scripts included."""
    asked = {"widget": "alerts", "name": name}
    assert (await program.ask("POST", "/api/v1/sources", asked))[0] == 201
    path = f"/api/v1/sources/{quote(name, safe='')}"
    assert (await program.ask("POST", f"{path}/token"))[1]["name"] == name
    assert (await program.ask("DELETE", path))[1]["removed"] == name


@pytest.mark.parametrize(
    ("asked", "status"),
    [
        ({"widget": "nosuch"}, 404),
        ({"widget": "alerts", "name": "a\nb"}, 409),
        ({"widget": "alerts", "name": "x" * 41}, 400),
        ({"widget": "alerts", "stage": "Main Stage"}, 400),
        ({"widget": "alerts", "name": "taken"}, 409),
        ({"widget": "alerts", "name": "preview"}, 409),
        ({}, 400),
    ],
)
async def test_a_source_that_cannot_be_is_refused(
    program: Program, asked: dict[str, str], status: int
) -> None:
    """With what is wrong and what to do."""
    await program.ask("POST", "/api/v1/sources", {"widget": "alerts", "name": "taken"})
    found, said = await program.ask("POST", "/api/v1/sources", asked)
    assert found == status
    assert said["error"]


@pytest.mark.parametrize("name", ["nosuch", "preview"])
async def test_unknown_sources_and_the_built_in_one_are_left_alone(
    app: App, program: Program, name: str
) -> None:
    """The preview belongs to the chat page: not listed, not renewed, not removed."""
    for method, path in (("POST", f"{name}/token"), ("DELETE", name)):
        status, said = await program.ask(method, f"/api/v1/sources/{path}")
        assert (status, said["fix"]) == (404, "See: giftcast source list")
    assert (await program.ask("GET", "/api/v1/sources"))[1] == []
    async with browsing(app.address("", "127.0.0.1")) as browser:
        await browser.open(app.preview_url().partition("#")[2])


async def test_a_source_of_another_stage_gets_none_of_our_gifts(app: App, program: Program) -> None:
    """A stage is a show of its own."""
    _, made = await program.ask("POST", "/api/v1/sources", {"widget": "alerts", "stage": "drill"})
    async with browsing(app.address("", "127.0.0.1")) as browser:
        page = await browser.open(made["url"].partition("#")[2], memory := Memory())
        assert page.frames[0]["stage"] == "drill"
        assert (await program.chat("1", "!gift rose"))[1]["ok"]
        own = await browser.open(app.preview_url().partition("#")[2])
        await own.next("gift.sent")
        assert memory.painted == []


async def test_a_stage_is_not_made_by_a_typing_mistake(app: App, program: Program) -> None:
    """Those that exist are named, and how one is made; then it is there at once."""
    wanted = {"widget": "alerts", "stage": "secnd"}
    status, said = await program.ask("POST", "/api/v1/sources", wanted)
    assert status == 404
    assert said["error"] == "there is no stage 'secnd'"
    assert said["fix"].startswith("Choose one of: main, drill. A new one is made by a row")
    assert '"2": {"stage": "secnd"}' in said["fix"]
    rows = {"policy": {"1": {"stage": "main"}, "2": {"stage": "secnd"}}}
    (app.folder / "policy.json").write_text(json.dumps(rows), "utf-8")
    watched = next(each for each in app.edited.watched if each.name == "policy")
    assert watched.look()
    assert (await program.ask("POST", "/api/v1/sources", wanted))[0] == 201


async def test_offline_too_a_stage_has_to_exist(tmp_path: Path) -> None:
    """Before the first start, and by what stands in the folder."""
    keeper = SourceKeeper(tmp_path)
    for stage in ("main", "drill"):
        assert (await keeper.add("goal", "", stage))["stage"] == stage
    with pytest.raises(DocumentError, match=r"no stage 'A b'\. Choose one of: main, drill\. A"):
        await keeper.add("alerts", "", "A b")
    (tmp_path / "policy.json").write_text('{"policy": {"1": {"stage": "second"}}}', "utf-8")
    assert (await keeper.add("alerts", "", "second"))["stage"] == "second"
    with pytest.raises(DocumentError, match="main, drill, second"):
        await keeper.add("alerts", "", "third")
    (tmp_path / "policy.json").write_text("{", "utf-8")
    with pytest.raises(DocumentError, match=r"policy\.json, line 1"):
        await keeper.add("alerts", "", "second")
    assert await keeper.add("alerts", "", "main")


# --- logins and backups ---


async def test_a_program_gets_login_codes(app: App, program: Program) -> None:
    """For `giftcast login`."""
    status, said = await program.ask("POST", "/api/v1/login-codes")
    assert status == 200
    assert await app.entry.redeem(said["code"])


async def test_a_backup_is_a_whole_journal(app: App, program: Program) -> None:
    """Taken under load, it opens and adds up."""
    lines = (program.chat(str(i), "!gift rose", f"viewer{i}") for i in range(40))
    answers = await asyncio.gather(program.ask("POST", "/api/v1/backups"), *lines)
    status, said = answers[0]
    assert status == 201
    copy = Path(said["path"])
    assert faults_of(copy / "journal.sqlite3") == []
    assert (copy / "catalogue.json").exists()
