"""What a theme's style sheet may say: rules and pictures of its own folder, and no last word.

`!important` is refused: in a layer it would win over OBS's Custom CSS, which is to win always.
Whatever comes from elsewhere is refused too; the page's own rules would not load it anyway.
"""

from collections.abc import Container, Iterator, Mapping
from posixpath import normpath
from typing import Any

import tinycss2
from tinycss2.color3 import RGBA, parse_color

from data.errors import DocumentError
from overlay.theme_names import OURS, set_names

AT_RULES = ("font-face", "keyframes", "-webkit-keyframes", "media", "supports", "layer", "property")
NESTED_MAX = 20
CONTRAST_MIN = 4.5
# What is read on what; each colour in front stands on the plate behind it, over black and white.
PAIRS = (
    ("--ink", "--plate"),
    ("--ink-soft", "--plate"),
    ("--second", "--plate"),
    ("--gift-ink", "--plate"),
    ("--said", "--plate"),
    ("--ink", "--plate-hot"),
    ("--ink", "--plate-blaze"),
    ("--ink", "--band"),
    ("--ink", "--slate"),
    ("--second", "--slate"),
    ("--ink-soft", "--band"),
    ("--hero-count", "--band"),
    ("--title-mid", "--band"),
    ("--title-low", "--band"),
    ("--good-ink", "--good"),
)


def check_sheet(text: str, files: Container[str]) -> None:
    """Raises `DocumentError` with line, reason and fix. files: those of its folder."""
    if text.count("/*") != text.count("*/"):
        raise DocumentError(": a comment is not closed; write */ behind it")
    opened = _nesting(text)
    if opened:
        raise DocumentError(f", line {opened}: this {{ is never closed")
    rules = tinycss2.parse_stylesheet(text, skip_comments=True, skip_whitespace=True)
    if not any(rule.type == "qualified-rule" for rule in rules):
        raise DocumentError(": there is no rule in it; see: giftcast theme new")
    for node in _nodes(rules):
        why = _fault(node, files)
        if why:
            raise DocumentError(f", line {node.source_line}: {why}")
    for name in set_names(rules):
        if name.value in OURS:
            raise DocumentError(
                f", line {name.source_line}: {name.value} is ours alone, the layout hangs on it; "
                f"call yours otherwise, like --my-{name.value[2:]}"
            )


def _nesting(text: str) -> int:
    """The line of the first bracket that is never closed; 0 when all are."""
    opened: list[int] = []
    line, i, quote = 1, 0, ""
    while i < len(text):
        letter = text[i]
        line += letter == "\n"
        if quote:
            i += letter == "\\"
            quote = "" if letter in (quote, "\n") else quote
        elif text.startswith("/*", i):
            end = text.find("*/", i + 2)
            line += text.count("\n", i, end)
            i = end + 1
        elif letter in "\"'":
            quote = letter
        elif letter == "{":
            opened.append(line)
            if len(opened) > NESTED_MAX:
                return line
        elif letter == "}" and opened:
            opened.pop()
        i += 1
    return opened[0] if opened else 0


def _nodes(nodes: Any, depth: int = 0) -> Iterator[Any]:
    """Every node of the sheet, those inside others too."""
    if depth > 2 * NESTED_MAX:
        raise DocumentError(": it is nested too deeply")
    for node in nodes or ():
        yield node
        for part in ("prelude", "content", "arguments"):
            inner = getattr(node, part, None)
            if isinstance(inner, list):
                yield from _nodes(inner, depth + 1)


def _fault(node: Any, files: Container[str]) -> str:
    """Why a node may not stand in a theme; empty when it may."""
    match node.type:
        case "error":
            return f"{node.message}; look for a missing bracket or semicolon"
        case "at-rule" | "at-keyword":
            name = getattr(node, "lower_at_keyword", None) or node.lower_value
            if name == "import":
                return "@import: put it all in theme.css"
            return "" if name in AT_RULES else f"@{name} is not taken here"
        case "url":
            return _address_fault(node.value, files)
        case "function" if node.lower_name in ("url", "src", "image-set", "-webkit-image-set"):
            texts = [each.value for each in node.arguments if each.type == "string"]
            return next((why for text in texts if (why := _address_fault(text, files))), "")
        case "ident" if node.lower_value == "important":
            return "leave out !important: OBS's own Custom CSS has the last word"
        case _:
            return ""


def _address_fault(address: str, files: Container[str]) -> str:
    if address.startswith(("data:image/", "data:font/", "#")):
        return ""
    if normpath(address) not in files or ":" in address or address.startswith("/"):
        return f"url({address[:80]}) is no file of this folder; put it there, or leave it out"
    return ""


# --- contrast ---


def variables(text: str) -> dict[str, str]:
    """The variables that the sheet sets on `:root`, in force at the end."""
    found: dict[str, str] = {}
    for rule in _rules(tinycss2.parse_stylesheet(text, skip_comments=True, skip_whitespace=True)):
        if tinycss2.serialize(rule.prelude).strip() != ":root":
            continue
        for each in tinycss2.parse_blocks_contents(rule.content, skip_comments=True):
            if each.type == "declaration" and each.name.startswith("--"):
                found[each.name] = tinycss2.serialize(each.value).strip()
    return found


def _rules(nodes: Any) -> Iterator[Any]:
    """The rules of a sheet, those inside layers too."""
    for node in nodes:
        if node.type == "qualified-rule":
            yield node
        elif node.type == "at-rule" and node.lower_at_keyword == "layer" and node.content:
            inner = tinycss2.parse_blocks_contents(node.content, skip_comments=True)
            yield from _rules(each for each in inner if each.type != "whitespace")


def contrasts(values: Mapping[str, str]) -> dict[tuple[str, str], float]:
    """The contrast (1 … 21) of each pair of text and plate whose colours are written out: the
    worse one over a black and a white stream (WCAG 2 contrast ratio)."""
    found: dict[tuple[str, str], float] = {}
    for front, back in PAIRS:
        ink, plate = _colour(values.get(front)), _colour(values.get(back))
        if ink is not None and plate is not None:
            found[front, back] = min(_ratio(ink, plate, ground) for ground in (0.0, 1.0))
    return found


def _colour(text: str | None) -> RGBA | None:
    found = parse_color(text) if text else None
    return found if isinstance(found, RGBA) else None


def _ratio(ink: RGBA, plate: RGBA, ground: float) -> float:
    behind = [_over(plate[i], plate[3], ground) for i in range(3)]
    front = [_over(ink[i], ink[3], behind[i]) for i in range(3)]
    one, other = sorted((_luminance(behind), _luminance(front)))
    return (other + 0.05) / (one + 0.05)


def _over(value: float, alpha: float, below: float) -> float:
    return value * alpha + below * (1 - alpha)


def _luminance(colour: list[float]) -> float:
    linear = [c / 12.92 if c <= 0.04045 else ((c + 0.055) / 1.055) ** 2.4 for c in colour]
    return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]
