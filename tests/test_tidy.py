"""The house stays tidy: limits, no dead files, everything described."""

import ast
import re
import subprocess
from collections.abc import Iterator
from pathlib import Path

import pytest

from commands.desk import discover as discover_commands
from overlay.widget import discover as discover_widgets

ROOT = Path(__file__).parents[1]
FLOORS = ("bot", "overlay", "commands", "data")
LINES_MAX = 300
FUNCTION_MAX = 70
LIBRARY_HOOKS = ("event_", "on_")  # what they are is said by the library that calls them
SHOWN_BY_OBS = ("static/stage", "static/dock", "widgets")
FOUND_BY_PLACE = ("bot.platforms.", "bot.__main__", "overlay.art.build", "benchmarks.")


def tracked(*patterns: str) -> list[Path]:
    """Files that belong to the project, committed or about to be."""
    command = ["git", "ls-files", "--cached", "--others", "--exclude-standard", *patterns]
    found = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=True)
    return [ROOT / line for line in found.stdout.splitlines() if (ROOT / line).exists()]


def modules() -> Iterator[tuple[str, Path, ast.Module]]:
    """Our modules with their names and trees."""
    for path in tracked("*.py"):
        relative = path.relative_to(ROOT)
        if relative.parts[0] in FLOORS:
            name = ".".join(relative.with_suffix("").parts).removesuffix(".__init__")
            yield name, path, ast.parse(path.read_text("utf-8"))


def test_modules_are_small_rooms():
    """No module has more than 300 lines, and half of them have at most 100."""
    sizes = {name: len(path.read_text("utf-8").splitlines()) for name, path, _ in modules()}
    assert {name: size for name, size in sizes.items() if size > LINES_MAX} == {}
    assert sorted(sizes.values())[len(sizes) // 2] <= 100


def test_functions_fit_on_a_screen():
    """No function has more than 70 lines."""
    long = [
        f"{name}.{node.name}"
        for name, _, tree in modules()
        for node in ast.walk(tree)
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef)
        and (node.end_lineno or 0) - node.lineno >= FUNCTION_MAX
    ]
    assert long == []


def test_what_is_public_is_described():
    """Every module, public class and public function says what it is."""
    missing: list[str] = []
    for name, _, tree in modules():
        if ast.get_docstring(tree) is None:
            missing.append(name)
        missing += [
            f"{name}.{node.name}"
            for node in ast.walk(tree)
            if isinstance(node, ast.ClassDef | ast.FunctionDef | ast.AsyncFunctionDef)
            and not node.name.startswith(("_", *LIBRARY_HOOKS))
            and ast.get_docstring(node) is None
            and not _is_setter(node)
            and not _is_inside_function(tree, node)
        ]
    assert missing == []


def _is_setter(node: ast.ClassDef | ast.FunctionDef | ast.AsyncFunctionDef) -> bool:
    return any(
        isinstance(mark, ast.Attribute) and mark.attr == "setter" for mark in node.decorator_list
    )


def _is_inside_function(tree: ast.Module, wanted: ast.AST) -> bool:
    return any(
        isinstance(outer, ast.FunctionDef | ast.AsyncFunctionDef) and wanted in ast.walk(outer)
        for outer in ast.walk(tree)
        if outer is not wanted
    )


def test_no_module_is_dead():
    """Every module is imported by another, or found by its place."""
    imported: set[str] = set()
    for path in tracked("*.py"):
        for node in ast.walk(ast.parse(path.read_text("utf-8"))):
            if isinstance(node, ast.ImportFrom) and node.module:
                imported.add(node.module)
                imported.update(f"{node.module}.{alias.name}" for alias in node.names)
            elif isinstance(node, ast.Import):
                imported.update(alias.name for alias in node.names)
    commands = {command.run.__module__ for command in discover_commands()}
    dead = [
        name
        for name, _, _ in modules()
        if name not in imported | commands | set(FLOORS)
        and not name.startswith(FOUND_BY_PLACE)
        and not name.startswith("commands.")
    ]
    assert dead == []


def test_every_command_is_in_the_documents():
    """`docs/commands.md` has a row for each command, with its way of writing."""
    text = (ROOT / "docs" / "commands.md").read_text("utf-8")
    rows = set(re.findall(r"^\| `([a-z]+)", text, re.MULTILINE))
    assert rows == {command.name for command in discover_commands()}


def test_every_decision_is_one_page_with_a_title():
    """A decision is a short page."""
    for path in sorted((ROOT / "docs" / "decisions").glob("*.md")):
        text = path.read_text("utf-8")
        assert text.startswith("# "), path.name
        assert len(text.splitlines()) <= 40, path.name


def test_every_widget_declares_itself():
    """Each widget file has a declaration that the server understands."""
    assert "alerts" in discover_widgets()


def test_every_widget_is_in_the_documents():
    """`docs/widgets.md` has a section for each widget that names every setting of its own."""
    whole = (ROOT / "docs" / "widgets.md").read_text("utf-8")
    shared = whole.partition("\n## ")[0]
    missing: list[str] = []
    for name, widget in discover_widgets().items():
        section = re.search(
            rf"^## .*\(`{name}`\)$(.*?)(?=^## |\Z)", whole, re.MULTILINE | re.DOTALL
        )
        told = (section.group(1) if section else "") + shared
        missing += [f"{name}.{each}" for each in widget.settings if f"`{each}`" not in told]
        missing += [] if section else [name]
    assert missing == []


def test_pages_put_text_in_as_text():
    """No browser code makes markup of strings."""
    ways = re.compile(r"innerHTML|outerHTML|insertAdjacentHTML|document\.write|\|\s*safe\b|eval\(")
    hits = [
        f"{path.relative_to(ROOT)}: {found.group()}"
        for path in tracked("overlay/*.js", "overlay/*.html")
        if (found := ways.search(path.read_text("utf-8")))
    ]
    assert hits == []


@pytest.mark.parametrize(
    "feature",
    [
        r":has\(",
        r"@container",
        r"color-mix\(",
        r"@starting-style",
        r"@scope\b",
        r"\btoSorted\(|\btoReversed\(|\btoSpliced\(|\.with\(\d",
        r"startViewTransition",
        r"\bpopover\b=",
        r"(?<![\w-])linear\([^)]*%",
        r"Promise\.withResolvers|Object\.groupBy",
    ],
)
def test_obs_29_can_run_it(feature):
    """Nothing newer than Chromium 103 in the overlay's code (OBS 29 and 30)."""
    hits = [
        str(path.relative_to(ROOT))
        for path in tracked(*(f"overlay/{place}/*" for place in SHOWN_BY_OBS))
        if path.suffix in (".js", ".css") and re.search(feature, path.read_text("utf-8"))
    ]
    assert hits == []


def test_lock_files_name_hashes_and_no_address():
    """Whoever installs decides where from; what is installed is fixed."""
    for path in (ROOT / "requirements.lock", ROOT / "requirements-dev.lock"):
        text = path.read_text("utf-8")
        assert "://" not in text
        assert "--index" not in text
        pins = re.findall(r"^[a-z0-9].*==", text, re.MULTILINE)
        assert len(pins) > 20
        assert all("--hash=sha256:" in block for block in re.split(r"\n(?=[a-z0-9])", text.strip()))


def test_nothing_is_left_unfinished():
    """No word of work that was put off stands in the product's code."""
    words = re.compile("TO" + "DO|FIX" + "ME|XX" + "X|raise NotImplemented" + "Error")
    hits = [
        f"{path.relative_to(ROOT)}: {found.group()}"
        for path in tracked("bot", "overlay", "commands", "data")
        if path.suffix in (".py", ".js", ".html", ".css", ".sql")
        and (found := words.search(path.read_text("utf-8")))
    ]
    assert hits == []


def test_the_readme_names_both_commands():
    """A newcomer finds how to run and how to test."""
    text = (ROOT / "README.md").read_text("utf-8")
    assert "make run" in text
    assert "make test" in text
