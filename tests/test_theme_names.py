"""Variables that are ours alone: a theme may read them and not set them."""

import re
from itertools import chain

import pytest

from data.errors import DocumentError
from overlay.theme_names import OURS
from overlay.theme_sheet import check_sheet
from overlay.themes import SHIPPED, STARTER

STAGE = SHIPPED.parent / "static" / "stage"
WIDGETS = SHIPPED.parent / "widgets"
NAME = re.compile(r"--[a-z][a-z0-9-]*")
SET = re.compile(r"(?<![\w(-])(--[a-z][a-z0-9-]*)\s*:")
PAGE = (SHIPPED.parents[1] / "docs" / "themes.md").read_text("utf-8")
TOLD = re.search(r"\*\*Ours alone\*\*.*?\n\n", PAGE, re.DOTALL)


def test_every_variable_that_we_set_is_for_themes_or_ours_alone() -> None:
    """Whatever a script or a sheet of ours sets is told to themes, or refused to them."""
    scripts = [*STAGE.rglob("*.js"), *WIDGETS.glob("*.js")]
    written = {
        name
        for path in scripts
        for name in re.findall(r"[\"'`](--[a-z][a-z0-9-]*)", path.read_text("utf-8"))
    }
    assert written >= {"--u", "--head", "--accent"}
    sheets = [re.sub(r"/\*.*?\*/", "", path.read_text("utf-8")) for path in STAGE.rglob("*.css")]
    house = set(chain.from_iterable(SET.findall(sheet) for sheet in sheets))
    assert house >= {"--hu", "--plate"}
    themes = [(path / "theme.css").read_text("utf-8") for path in SHIPPED.iterdir()]
    worn = set(chain.from_iterable(SET.findall(sheet) for sheet in themes))
    assert TOLD is not None
    told = set(NAME.findall(PAGE.replace(TOLD.group(), "")))
    assert (written | house) - told - worn == OURS - told
    assert written | house >= OURS
    assert OURS & worn == set()


def test_the_documents_say_which_are_ours() -> None:
    """All of them, and no other."""
    assert TOLD is not None
    assert set(NAME.findall(TOLD.group())) - {"--my-glow"} == OURS


@pytest.mark.parametrize("name", sorted(OURS))
def test_a_theme_that_sets_one_is_refused_with_its_line(name: str) -> None:
    """On the root or on an element, in whatever it lies."""
    for sheet in (
        f":root {{ --ink: #fff;\n{name}: 3px }}",
        f".a {{ color: red }}\n.card {{ {name} : 3px; }}",
        f"@media all {{\n.a {{ {name}/**/: 1 }} }} .b {{ color: red }}",
        f"@keyframes go {{\nto {{ {name}: 1 }} }} .a {{ color: red }}",
        f'.a {{ color: red }}\n@property {name} {{ syntax: "*"; inherits: false; }}',
    ):
        with pytest.raises(DocumentError, match=f"line 2: {name} is ours alone") as refused:
            check_sheet(sheet, ())
        assert "--my-" in str(refused.value)


def test_a_theme_may_read_them_and_set_its_own() -> None:
    """Also names that only begin alike."""
    check_sheet(
        ":root { --my-head: 2; --header: 1; --ink: #fff }"
        ".card { width: calc(var(--u) * 2); --my-wide: var(--u); transition: --u 1s }"
        "@supports (--u: 1px) { .a:hover { height: var(--hu, 3px) } }",
        (),
    )
    check_sheet(STARTER.read_text("utf-8"), ())
