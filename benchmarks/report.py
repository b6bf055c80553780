"""What a benchmark found, and `RESULTS.md`, where it is kept.

The file has one section a benchmark and a table of all targets on top. Running some of the
benchmarks replaces their parts and leaves the others.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

RESULTS = Path(__file__).parent / "RESULTS.md"
_TOP = """# Results

Written by `make bench`. Absolute figures belong to the machine; what is promised are the ratios
and bounds, each measured in one run with its yardstick beside it, in rounds, medians reported.
A Python that was built without optimisation, as version managers do unless told otherwise, takes
a tenth more of the processor than the system's own.
This machine shares its processor with others, not its disk: in slow minutes what is held against
the disk rises (one caller ÷ fdatasync: 2.6 to 3.4), so a figure near its bound is one of a day.

| benchmark | what | target | measured | reached |
|---|---|---|---|---|
"""


@dataclass(frozen=True, slots=True)
class Target:
    """A figure to hold. wanted, measured: in words with their unit."""

    what: str
    wanted: str
    measured: str
    reached: bool


def at_most(what: str, measured: float, most: float, unit: str = "") -> Target:
    """A target that is kept from above."""
    return Target(what, f"≤ {most:g}{unit}", f"{figure(measured)}{unit}", measured <= most)


def at_least(what: str, measured: float, least: float, unit: str = "") -> Target:
    """A target that is kept from below."""
    return Target(what, f"≥ {least:g}{unit}", f"{figure(measured)}{unit}", measured >= least)


@dataclass(frozen=True, slots=True)
class Table:
    """Rows of figures under a head."""

    head: Sequence[str]
    rows: Sequence[Sequence[str]]


@dataclass(frozen=True, slots=True)
class Section:
    """All that one benchmark has to say. how: what was done, in a few sentences."""

    name: str
    title: str
    how: str
    tables: Sequence[Table] = ()
    targets: Sequence[Target] = ()
    notes: Sequence[str] = ()


def figure(value: float) -> str:
    """A number with as many digits as mean something."""
    if abs(value) >= 100:
        return f"{value:,.0f}"
    if abs(value) >= 10:
        return f"{value:.1f}"
    return f"{value:.2f}"


def table_lines(table: Table) -> list[str]:
    """A table as Markdown."""
    lines = [_row(table.head), "|" + "---|" * len(table.head)]
    return lines + [_row(row) for row in table.rows]


def section_text(section: Section, machine: str, at: datetime) -> str:
    """A section as Markdown."""
    command = f"`python -m benchmarks {section.name}`"
    lines = [f"## {section.name}: {section.title}", "", section.how, ""]
    for table in section.tables:
        lines += [*table_lines(table), ""]
    for target in section.targets:
        verdict = "reached" if target.reached else "**missed**"
        lines.append(f"- {target.what}: {target.measured} (target {target.wanted}): {verdict}")
    lines += [f"- {note}" for note in section.notes]
    lines += ["", f"{command} · {at:%Y-%m-%d} · {machine}", ""]
    return "\n".join(lines)


def write(
    sections: Iterable[Section], order: Sequence[str], machine: str, path: Path = RESULTS
) -> None:
    """Put sections in their places in the file. order: the names of all benchmarks."""
    summary, bodies = _read(path)
    at = datetime.now(UTC)
    for section in sections:
        summary[section.name] = [
            _row((section.name, t.what, t.wanted, t.measured, "yes" if t.reached else "**no**"))
            for t in section.targets
        ]
        bodies[section.name] = section_text(section, machine, at)
    names = [name for name in order if name in bodies]
    rows = [row for name in names for row in summary.get(name, [])]
    text = _TOP + "\n".join(rows) + "\n\n" + "\n".join(bodies[name] for name in names)
    path.write_text(text.rstrip() + "\n", encoding="utf-8")


def _read(path: Path) -> tuple[dict[str, list[str]], dict[str, str]]:
    """The rows of the table on top and the sections, by benchmark."""
    summary: dict[str, list[str]] = {}
    bodies: dict[str, str] = {}
    if not path.exists():
        return summary, bodies
    top, *parts = path.read_text("utf-8").split("\n## ")
    for line in top.splitlines():
        name = line.removeprefix("| ").partition(" |")[0]
        if line.startswith("| ") and name != "benchmark":
            summary.setdefault(name, []).append(line)
    for part in parts:
        bodies[part.partition(":")[0]] = f"## {part.rstrip()}\n"
    return summary, bodies


def _row(cells: Sequence[str]) -> str:
    return "| " + " | ".join(cells) + " |"
