"""Themes: what a sheet may say, what is served of a folder, and what is worn when it breaks."""

from collections.abc import AsyncIterator
from pathlib import Path

import pytest
import pytest_asyncio
from aiohttp import ClientSession
from typer.testing import CliRunner

from bot.app import App
from bot.cli import app as cli
from data.errors import DocumentError
from overlay.theme_folder import FILES_MAX, read_theme
from overlay.theme_sheet import CONTRAST_MIN, check_sheet, contrasts, variables
from overlay.themes import SHIPPED, STARTER, THEMES_MAX, Themes, shipped_names
from tests.page import add_source, browsing, open_app, until

SHEET = ":root { --plate: #102030; }\n"
FONT = b"wOF2" + bytes(40)


def made(own: Path, name: str = "sunset", sheet: str = SHEET) -> Path:
    """A theme of the streamer's own."""
    folder = own / name
    folder.mkdir(parents=True, exist_ok=True)
    (folder / "theme.css").write_text(sheet, encoding="utf-8")
    return folder


@pytest_asyncio.fixture
async def app(tmp_path: Path) -> AsyncIterator[App]:
    made(tmp_path / "themes")
    async with open_app(tmp_path) as running:
        yield running


# --- what is shipped ---


@pytest.mark.parametrize("name", shipped_names()[1:])
def test_text_can_be_read_in_every_shipped_theme(name: str) -> None:
    """Each pair of text and plate has a contrast of 4.5, over black and over white pictures."""
    house = variables((SHIPPED.parent / "static" / "stage" / "stage.css").read_text("utf-8"))
    own = variables((SHIPPED / name / "theme.css").read_text("utf-8"))
    assert own
    found = contrasts({**house, **own})
    assert len(found) >= 12
    assert {pair: round(ratio, 1) for pair, ratio in found.items() if ratio < CONTRAST_MIN} == {}


def test_the_house_s_own_text_can_be_read() -> None:
    """The variables of stage.css are themselves a theme."""
    house = variables((SHIPPED.parent / "static" / "stage" / "stage.css").read_text("utf-8"))
    found = contrasts(house)
    assert found["--ink", "--plate"] > 10
    assert min(found.values()) >= CONTRAST_MIN


def test_a_faint_text_is_found() -> None:
    """Grey on grey fails, also when it is the picture behind that shows through."""
    assert contrasts({"--ink": "#777", "--plate": "#888"})["--ink", "--plate"] < 1.5
    assert contrasts({"--ink": "#fff", "--plate": "rgba(0,0,0,.2)"})["--ink", "--plate"] < 2
    assert contrasts({"--ink": "var(--x)", "--plate": "#888"}) == {}


@pytest.mark.parametrize("name", shipped_names()[1:])
def test_shipped_themes_pass_what_others_have_to(name: str) -> None:
    """The program does not ask again at each start."""
    assert read_theme(SHIPPED / name).fault == ""


@pytest.mark.parametrize("name", shipped_names()[1:])
def test_shipped_themes_come_with_the_licence_of_their_fonts(name: str) -> None:
    """And are read by the same rules as anybody's."""
    theme = read_theme(SHIPPED / name)
    fonts = [file for file in theme.files if file.endswith(".woff2")]
    assert bool(fonts) == bool(list((SHIPPED / name).glob("LICENSE-*.txt")))
    assert all(file in theme.sheet.decode() for file in fonts)


def test_the_documents_name_every_variable() -> None:
    """`docs/themes.md` has each variable that the house's style defines for themes."""
    page = (SHIPPED.parents[1] / "docs" / "themes.md").read_text("utf-8")
    stage = SHIPPED.parent / "static" / "stage"
    house = variables((SHIPPED.parent / "static" / "stage" / "stage.css").read_text("utf-8"))
    assert [name for name in house if f"`{name}`" not in page and name != "--u"] == []
    assert all(f"`{name}`" in page for name in shipped_names())
    ours = "".join(path.read_text("utf-8") for path in stage.rglob("*.[cj]s*") if path.is_file())
    for theme in SHIPPED.iterdir():
        own = variables((theme / "theme.css").read_text("utf-8"))
        read = [name for name in own if f"var({name}" in ours]
        assert [name for name in read if f"`{name}`" not in page] == []
        unread = {name for name in own if name not in read and not name.startswith("--spark")}
        sheet = (theme / "theme.css").read_text("utf-8")
        assert [name for name in unread if f"var({name}" not in sheet] == []


# --- what a sheet may say ---


@pytest.mark.parametrize(
    ("sheet", "what"),
    [
        ("", "there is no rule"),
        ("/* only words */", "there is no rule"),
        (":root { --ink: #fff;", "line 1: this { is never closed"),
        (SHEET + "\n.card { color: red", "line 3: this { is never closed"),
        (":root { --ink: #fff; } /* open", "comment is not closed"),
        (SHEET + ".card { color: red !important; }", "line 2: leave out !important"),
        ('@import "other.css";' + SHEET, "@import"),
        (SHEET + ".card { background: url(https://example.org/a.png); }", "no file of this folder"),
        (SHEET + ".card { background: url('//example.org/a.png'); }", "no file of this folder"),
        (SHEET + ".card { background: url(/themes/other/a.png); }", "no file of this folder"),
        (SHEET + ".card { background: url(../../api-token); }", "no file of this folder"),
        (SHEET + ".card { background: url(missing.png); }", "missing.png"),
        (SHEET + '.a { background: image-set("https://example.org/a.png" 1x); }', "no file of"),
        (SHEET + "@media all { .a { background: url(x.png) } }", "x.png"),
        (SHEET + "@namespace x url(y);", "@namespace"),
        (SHEET + ".a {" * 30 + "}" * 30, "never closed"),
    ],
)
def test_a_sheet_that_says_more_than_looks_is_refused(sheet: str, what: str) -> None:
    """With its line and what to do."""
    with pytest.raises(DocumentError, match=what):
        check_sheet(sheet, {"a.png"})


def test_a_sheet_may_use_the_files_of_its_folder() -> None:
    """Fonts, pictures, layers, conditions, motion."""
    check_sheet(
        SHEET
        + '@font-face { font-family: "X"; src: url("fonts/x.woff2"); }'
        + "@media (orientation: portrait) { .card { background: url(./a.png); } }"
        + "@keyframes go { to { opacity: 0; } } .b::after { content: '}{'; }"
        + ".c { background: url(data:image/png;base64,AAAA); } /* { */",
        {"a.png", "fonts/x.woff2"},
    )


# --- the folder ---


def test_only_what_a_theme_is_made_of_may_lie_in_its_folder(tmp_path: Path) -> None:
    """Scripts, pages, links, strange names and too many files are refused by name."""
    for name in ("run.js", "page.html", "a b.png", "CON.png", "more.css", "Ä.png", "x.PNG"):
        folder = made(tmp_path, "mine")
        (folder / name).write_bytes(b"x")
        with pytest.raises(DocumentError, match="theme mine"):
            read_theme(folder)
        (folder / name).unlink()
    (folder / "deeper").mkdir()
    with pytest.raises(DocumentError, match="is a folder"):
        read_theme(folder)
    (folder / "deeper").rmdir()
    secret = tmp_path / "secret.png"
    secret.write_bytes(b"secret")
    (folder / "link.png").symlink_to(secret)
    with pytest.raises(DocumentError, match="is a link"):
        read_theme(folder)
    (folder / "link.png").unlink()
    (folder / "fonts").symlink_to(tmp_path)
    with pytest.raises(DocumentError, match="is a link"):
        read_theme(folder)
    (folder / "fonts").unlink()
    for number in range(FILES_MAX):
        (folder / f"p{number}.png").write_bytes(b"x")
    with pytest.raises(DocumentError, match="more than"):
        read_theme(folder)


def test_what_editors_leave_there_and_notes_do_no_harm(tmp_path: Path) -> None:
    """They are not served either."""
    folder = made(tmp_path)
    for name in (".theme.css.swp", "theme.css~", "LICENSE.txt", "notes.md"):
        (folder / name).write_bytes(b"x")
    (folder / "fonts").mkdir()
    (folder / "fonts" / "x.woff2").write_bytes(FONT)
    assert list(read_theme(folder).files) == ["fonts/x.woff2"]


def test_sizes_are_bounded(tmp_path: Path) -> None:
    """Of the sheet and of each file."""
    with pytest.raises(DocumentError, match="larger than 256 kB"):
        read_theme(made(tmp_path, "wide", SHEET + "/*" + "x" * 256_000 + "*/"))
    folder = made(tmp_path, "heavy")
    (folder / "a.png").write_bytes(bytes(2_000_001))
    with pytest.raises(DocumentError, match=r"a\.png: is larger than 2 MB"):
        read_theme(folder)


# --- what is worn ---


def test_a_broken_edit_keeps_what_was_worn_and_says_so(tmp_path: Path) -> None:
    """Until it is mended; one that vanishes leaves the next best."""
    folder = made(tmp_path)
    themes = Themes(tmp_path)
    before = themes.wear(("sunset",))
    assert before["name"] == "sunset"
    (folder / "theme.css").write_text(":root { --plate: #111", encoding="utf-8")
    assert themes.look()
    assert themes.wear(("sunset",)) == before
    assert "never closed (as it was before is still worn)" in themes.problems()[0]
    made(tmp_path, sheet=SHEET.replace("#102030", "#302010"))
    assert themes.look()
    assert themes.problems() == []
    assert themes.wear(("sunset",))["sheet"] != before["sheet"]
    assert not themes.look()
    (folder / "theme.css").unlink()
    folder.rmdir()
    assert themes.look()
    assert themes.wear(("sunset", "paper"))["name"] == "paper"
    assert "theme sunset: is asked for and not there" in themes.problems()[0]


def test_names_that_are_ours_or_strange_are_not_taken(tmp_path: Path) -> None:
    """And no more than so many are looked at."""
    made(tmp_path, "neon")
    made(tmp_path, "Big Name")
    themes = Themes(tmp_path)
    assert themes.names() == shipped_names()
    assert len(themes.problems()) == 2
    for number in range(THEMES_MAX + 5):
        made(tmp_path, f"t{number:02}")
    themes.look()
    assert len(themes.names()) <= len(shipped_names()) + THEMES_MAX
    assert any("only the first" in problem for problem in themes.problems())


async def test_a_saved_sheet_reaches_open_pages_and_replays_nothing(app: App) -> None:
    """They are told where the new sheet lies, and nothing else."""
    _, token = await add_source(app)
    async with browsing(app.address("")) as browser:
        page = await browser.open(token)
        assert page.frames[0]["looks"]["theme"] == {"name": "house", "sheet": None}
        seen = len(page.frames)
        (app.folder / "policy.json").write_text(
            (app.folder / "policy.json").read_text().replace('"theme": ""', '"theme": "sunset"')
        )
        made(app.folder / "themes", sheet=SHEET + ".card { opacity: .9; }")
        await page.until(
            lambda: any(f["data"]["theme"]["name"] == "sunset" for f in page.of("looks.changed"))
        )
        told = {frame["type"] for frame in page.frames[seen:]}
        assert told <= {"looks.changed", "ping", "caught_up"}
        sheet = page.of("looks.changed")[-1]["data"]["theme"]["sheet"]
        async with browser.session.get(app.address(sheet)) as answer:
            assert answer.status == 200
            assert "opacity" in await answer.text()
    (app.folder / "themes" / "sunset" / "theme.css").write_text("{", encoding="utf-8")
    await until(lambda: any("theme sunset" in problem for problem in app.problems()))


async def test_what_is_served_can_do_nothing_and_comes_from_the_folder_only(app: App) -> None:
    """The right types, a policy of its own; no other path leads anywhere."""
    folder = app.folder / "themes" / "sunset"
    (folder / "a.svg").write_text("<svg xmlns='http://www.w3.org/2000/svg'/>", encoding="utf-8")
    (folder / "notes.txt").write_text("mine", encoding="utf-8")
    assert app.looks.themes.look()
    async with ClientSession() as session:
        for path, kind in (("theme.css", "text/css"), ("a.svg", "image/svg+xml")):
            async with session.get(app.address(f"/themes/sunset/{path}")) as answer:
                assert (answer.status, answer.content_type) == (200, kind)
                assert "sandbox" in answer.headers["Content-Security-Policy"]
                assert answer.headers["X-Content-Type-Options"] == "nosniff"
        for path in (
            "sunset/notes.txt",
            "sunset/../../api-token",
            "sunset/..%2f..%2fapi-token",
            "sunset/%2e%2e/%2e%2e/api-token",
            "sunset/..%5c..%5capi-token",
            "../api-token",
            "nobody/theme.css",
            "house/theme.css",
            "sunset//etc/passwd",
            "sunset/",
        ):
            async with session.get(app.address("") + "/themes/" + path) as answer:
                assert answer.status == 404, path
        (folder / "a.svg").unlink()
        (folder / "a.svg").symlink_to(app.folder / "api-token")
        async with session.get(app.address("/themes/sunset/a.svg")) as answer:
            assert answer.status == 404


# --- the command line ---


def told(folder: Path, *words: str) -> tuple[int, str]:
    """What the command says, and with which status it ends."""
    done = CliRunner().invoke(cli, [*words, "--data", str(folder)])
    return done.exit_code, done.output


def test_a_new_theme_is_one_that_can_be_worn(tmp_path: Path) -> None:
    """`theme new` makes it, `list` names it, `check` finds it well."""
    assert STARTER.exists()
    assert told(tmp_path, "theme", "new", "sunset")[0] == 0
    assert told(tmp_path, "theme", "new", "night", "--from", "neon")[0] == 0
    assert "sunset\tyour own" in told(tmp_path, "theme", "list")[1]
    for name in ("sunset", "night"):
        assert told(tmp_path, "theme", "check", name)[1].startswith("ok: ")
    for again in ("sunset", "neon", "../up", "Sun"):
        status, said = told(tmp_path, "theme", "new", again)
        assert status == 1, again
        assert "name" in said


def test_check_names_what_cannot_be_read_and_what_is_broken(tmp_path: Path) -> None:
    """Each with what to change."""
    folder = made(tmp_path / "themes", sheet=":root { --ink: #556; --plate: #445; }")
    status, said = told(tmp_path, "theme", "check", "sunset")
    assert status == 1
    assert "--ink on --plate: contrast 1." in said
    (folder / "theme.css").write_text(":root { --ink: #fff !important; }", encoding="utf-8")
    status, said = told(tmp_path, "theme", "check", "sunset")
    assert (status, "leave out !important" in said) == (1, True)
    assert "BAD theme: theme sunset: theme.css, line 1: leave out" in told(tmp_path, "check")[1]
