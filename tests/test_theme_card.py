"""A theme's own layout of a card: what it may hold, and what is used when it breaks."""

from pathlib import Path

import orjson
import pytest
from aiohttp import ClientSession
from typer.testing import CliRunner

from bot.cli import app as cli
from data.errors import DocumentError
from overlay.theme_card import CARD_MAX, CLASSES_MAX, DEPTH_MAX, ELEMENTS_MAX, read_card
from overlay.theme_folder import read_theme
from overlay.themes import SHIPPED, Themes
from tests.page import open_app

CARD = (
    '<div class="my-box"><div data-slot="art"></div>\n<b data-slot="viewer"></b> sent '
    '<span data-slot="gift"/><i data-slot="count"></i></div>'
)


def made(own: Path, card: str, sheet: str = ":root { --plate: #102030; }") -> Path:
    """A theme of the streamer's own that lays out its card."""
    folder = own / "sunset"
    folder.mkdir(parents=True, exist_ok=True)
    (folder / "theme.css").write_text(sheet, encoding="utf-8")
    (folder / "card.html").write_text(card, encoding="utf-8")
    return folder


def test_a_card_is_read_into_a_tree_of_names() -> None:
    """Elements with attributes and content; blanks shrink, comments go."""
    assert read_card(CARD.encode()) == [
        [
            "div",
            {"class": "my-box"},
            [
                ["div", {"data-slot": "art"}, []],
                ["b", {"data-slot": "viewer"}, []],
                " sent ",
                ["span", {"data-slot": "gift"}, []],
                ["i", {"data-slot": "count"}, []],
            ],
        ]
    ]
    drawn = (
        '<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 9 9"><g><path d="M0 0h9z"/></g></svg>'
    )
    tree = read_card(f"\ufeff<!-- mine -->{drawn}{CARD} &amp; &lt;b&gt;".encode())
    assert tree[0] == ["svg", {"viewBox": "0 0 9 9"}, [["g", {}, [["path", {"d": "M0 0h9z"}, []]]]]]
    assert tree[-1] == " & <b>"


@pytest.mark.parametrize(
    ("more", "what"),
    [
        ("<script>alert(1)</script>", "<script> is not taken"),
        ("<SCRIPT>alert(1)</SCRIPT>", "<SCRIPT> is not taken"),
        ("<style>b { }</style>", "rules belong into theme.css"),
        ("<img src='x' onerror='alert(1)'/>", "<img> is not taken; a gift's picture"),
        ("<iframe src='https://example.org'/>", "<iframe> is not taken"),
        ("<a href='javascript:alert(1)'>x</a>", "<a> is not taken"),
        ("<card>x</card>", "<card> is not taken"),
        ("<div onclick='alert(1)'/>", "onclick is not taken on <div>; leave it out"),
        ("<div style='background: url(https://example.org)'/>", "style is not taken"),
        ("<div id='stage'/>", "id is not taken"),
        ("<div data-slot='coins'/>", "there are art, viewer"),
        ("<div data-slot='art'/>", "is there already"),
        ("<div data-slot='avatar'>me</div>", "is filled by giftcast"),
        ("<div data-slot='avatar'><b/></div>", "is filled by giftcast"),
        ("<div class='card-back'/>", "begin each with my-"),
        (f"<div class='{'my-a ' * (CLASSES_MAX + 1)}'/>", "begin each with my-"),
        ("<svg><script>alert(1)</script></svg>", "<script> is not taken in an <svg>"),
        ("<svg><foreignObject><div/></foreignObject></svg>", "<foreignObject> is not taken"),
        ("<svg><use href='#x'/></svg>", "<use> is not taken"),
        ("<svg onload='alert(1)'/>", "onload is not taken on <svg>"),
        ("<svg><path fill='url(https://example.org/a)'/></svg>", "plain numbers"),
        ("<svg><path fill='u\\72l(x)'/></svg>", "plain numbers"),
        ("<svg><path style='fill: red'/></svg>", "style is not taken"),
        ("<svg><path data-slot='deed'/></svg>", "data-slot is not taken on <path>"),
        ("<svg xmlns='http://www.w3.org/1999/xhtml'/>", "xmlns is not taken"),
        ("<svg xmlns:xlink='x' xlink:href='y'/>", "is not taken on <svg>"),
        ("<svg>words</svg>", "words in an <svg>"),
        ("<path/>", "belongs into an <svg>"),
        ("<div>", "line 4: this <div> is never closed; write </div>"),
        ("<b><i></b></i>", "line 4: this <i> is never closed"),
        ("</card>", "line 4: "),
        ("</card><card>", "line 4: "),
        ("<div class=my-a/>", "put every value in quotes"),
        ("&nbsp;", "undefined entity"),
        ("<!DOCTYPE x [<!ENTITY a 'aaaa'>]>", "line 4: "),
        ("<?php echo 1 ?>", "<\\?php is not taken"),
        ("x" * 201, "letters of its own"),
        ("<i/>" * 10_000, "is larger than 32 kB"),
        ("<i/>" * 5_000, f"has more than {ELEMENTS_MAX} elements"),
        ("<b>" * 200 + "</b>" * 200, f"nested more than {DEPTH_MAX} deep"),
        ("\x00", "not well-formed"),
    ],
)
def test_a_card_with_more_than_boxes_places_and_shapes_is_refused(more: str, what: str) -> None:
    """With its line and what to do."""
    with pytest.raises(DocumentError, match=what) as refused:
        read_card(f"{CARD}\n\n{more}".encode())
    assert "line 4" in str(refused.value) or "larger" in what


def test_the_example_of_the_documents_is_one_that_can_be_worn(tmp_path: Path) -> None:
    """By the same rules as anybody's, and its text can be read."""
    page = (SHIPPED.parents[1] / "docs" / "themes.md").read_text("utf-8")
    card, sheet = page.split("```html\n")[1], page.split("```css\n")[1]
    made(tmp_path / "themes", card.partition("```")[0], sheet.partition("```")[0])
    done = CliRunner().invoke(cli, ["theme", "check", "sunset", "--data", str(tmp_path)])
    assert done.output.startswith("ok: ")
    assert (done.exit_code, read_theme(tmp_path / "themes" / "sunset").card is None) == (0, False)


def test_a_card_needs_what_a_gift_is_about() -> None:
    """Art, who, what and how many."""
    with pytest.raises(DocumentError, match='no place for data-slot="gift", data-slot="count"'):
        read_card(b'<div data-slot="art"/><div data-slot="viewer"/>')
    with pytest.raises(DocumentError, match="no place for"):
        read_card(b"")
    with pytest.raises(DocumentError, match="not UTF-8"):
        read_card(b"\xff\xfe")
    with pytest.raises(DocumentError, match="larger than"):
        read_card(b" " * (CARD_MAX + 1))


def test_a_broken_card_keeps_the_one_before_and_says_so(tmp_path: Path) -> None:
    """The sheet goes on changing meanwhile; without one before, the theme is worn without."""
    folder = made(tmp_path, CARD + "<script/>")
    themes = Themes(tmp_path)
    assert "card" not in themes.wear(("sunset",))
    said = "theme sunset: card.html, line 2: <script> is not taken; there may be: div, span, p"
    assert [problem[: len(said)] for problem in themes.problems()] == [said]
    assert themes.problems()[0].endswith(" (the theme is worn without)")
    made(tmp_path, CARD)
    assert themes.look()
    good = themes.wear(("sunset",))
    assert good["card"] is not None
    assert themes.problems() == []
    made(tmp_path, "<div>", sheet=":root { --plate: #302010; }")
    assert themes.look()
    assert themes.wear(("sunset",))["card"] not in (None, good["card"])
    assert "never closed" in themes.problems()[0]
    assert "as it was before is still used" in themes.problems()[0]
    (folder / "card.html").unlink()
    assert themes.look()
    assert "card" not in themes.wear(("sunset",))
    assert themes.problems() == []


def test_a_card_that_is_a_link_or_lies_deeper_is_refused(tmp_path: Path) -> None:
    """As any other file of a theme."""
    folder = made(tmp_path, CARD)
    (folder / "card.html").rename(tmp_path / "elsewhere.html")
    (folder / "card.html").symlink_to(tmp_path / "elsewhere.html")
    with pytest.raises(DocumentError, match="is a link"):
        read_theme(folder)
    (folder / "card.html").unlink()
    (folder / "images").mkdir()
    (folder / "images" / "card.html").write_text(CARD, encoding="utf-8")
    with pytest.raises(DocumentError, match=r"images/card\.html"):
        read_theme(folder)


async def test_pages_get_the_tree_and_never_the_markup(tmp_path: Path) -> None:
    """In JSON; a theme without a card has none."""
    made(tmp_path / "themes", CARD)
    async with open_app(tmp_path) as app, ClientSession() as session:
        address = app.looks.themes.wear(("sunset",))["card"]
        async with session.get(app.address(str(address))) as answer:
            assert (answer.status, answer.content_type) == (200, "application/json")
            assert "sandbox" in answer.headers["Content-Security-Policy"]
            assert await answer.json() == orjson.loads(orjson.dumps(read_card(CARD.encode())))
        async with session.get(app.address("/themes/paper/card.json")) as answer:
            assert await answer.json() is None
        async with session.get(app.address("/themes/sunset/card.html")) as answer:
            assert answer.status == 404


def test_check_names_what_is_wrong_with_a_card(tmp_path: Path) -> None:
    """Both of the theme and of the whole house."""
    made(tmp_path / "themes", CARD + "<style/>")
    for words in (["theme", "check", "sunset"], ["check"]):
        done = CliRunner().invoke(cli, [*words, "--data", str(tmp_path)])
        assert done.exit_code == 1
        assert "card.html, line 2: <style> is not taken; rules belong" in done.output
