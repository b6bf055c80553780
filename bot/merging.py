"""Many successes in one line: `@a Rose ×5, @b Panda +12 more`."""

from collections.abc import Iterable

from commands.chat import Brief

NAME_MAX = 40


def merged(done: Iterable[tuple[str, Brief]], length_max: int, *, unsaid: int = 0) -> str:
    """The line. Each viewer stands in it once, and whatever they did several times is counted
    together. done: viewer and what was carried out, in order. unsaid: how many more are not
    among these. At least one stands there by name."""
    counts: dict[str, dict[str, int]] = {}
    answers: dict[tuple[str, str], int] = {}
    for name, brief in done:
        here = counts.setdefault(name, {})
        here[brief.what] = here.get(brief.what, 0) + brief.count
        answers[name, brief.what] = answers.get((name, brief.what), 0) + 1
    rest = unsaid + sum(answers.values())
    line, last = "", ""
    for name, whats in counts.items():
        for what, count in whats.items():
            said = what if count == 1 else f"{what} ×{count:,}"
            part = said if name == last else f"@{name[:NAME_MAX]} {said}"
            longer = f"{line}, {part}" if line else part
            left = rest - answers[name, what]
            if line and len(longer) + len(_more(left)) > length_max:
                return line + _more(rest)
            line, last, rest = longer, name, left
    return line + _more(rest)


def _more(count: int) -> str:
    return f" +{count:,} more" if count else ""
