"""The variables of our pages that themes may read and not set, for our own layout hangs on them."""

from collections.abc import Iterator
from itertools import pairwise
from typing import Any

# By our scripts, for the size of a page and what is in it.
_SCRIPTS = "cell code gem gem-light head hue j lane-height least qr-line qr-title rows scale u wide"
# By our sheets, from others.
_SHEETS = "hu inset pin-u side-light"
OURS = frozenset(f"--{name}" for name in f"{_SCRIPTS} {_SHEETS}".split())


def set_names(nodes: list[Any]) -> Iterator[Any]:
    """The names of all variables that are set among nodes of a sheet, each as a node (`value`,
    `source_line`). The sheet must not be nested deeper than the stack is."""
    told = [node for node in nodes if node.type not in ("whitespace", "comment")]
    for node, after in pairwise([*told, None]):
        if node.type == "ident" and node.value.startswith("--") and after == ":":
            yield node
        elif node.type == "at-rule" and node.lower_at_keyword == "property":
            yield from (each for each in node.prelude if each.type == "ident")
        elif node.type in ("qualified-rule", "at-rule", "{} block"):
            yield from set_names(node.content or [])
