"""SVG, rewritten from a list of what is harmless. Whatever is not on it is refused, not dropped:
a picture that silently loses a part is no help to its maker.

No document type is taken, so there are no entities to expand; nothing is animated, so that
nothing has to be measured.
"""

import re
from collections import Counter, defaultdict
from collections.abc import Iterable
from typing import Any
from xml.parsers import expat
from xml.sax.saxutils import escape, quoteattr

from overlay.formats import SIDE_MIN, ArtRefusedError, Found

SVG_MAX = 200_000
DEPTH_MAX = 40
DRAWN_MAX = 50_000  # parts, counting those that are used again as often as they are used
ELEMENTS_MAX = 5_000
ATTRIBUTE_MAX = 100_000
NAMESPACE = "http://www.w3.org/2000/svg"
XLINK = "http://www.w3.org/1999/xlink"
_NAMES = (
    "svg g defs symbol use title desc metadata path rect circle ellipse line polyline polygon text "
    "tspan linearGradient radialGradient stop clipPath mask pattern marker style filter "
    "feGaussianBlur feOffset feBlend feFlood feComposite feMerge feMergeNode feColorMatrix "
    "feMorphology feDropShadow feTurbulence feComponentTransfer feFuncR feFuncG feFuncB feFuncA"
)
ELEMENTS = frozenset(_NAMES.split())
_EDITORS = ("inkscape", "sodipodi", "sketch", "figma", "adobe", "serif", "rdf", "dc", "cc")
_NAME = re.compile(r"[A-Za-z_][A-Za-z0-9_.:-]{0,63}", re.ASCII)
_URL = re.compile(r"url\(\s*(['\"]?)(.*?)\1\s*\)", re.IGNORECASE | re.DOTALL)
_ODD_STYLE = re.compile(
    r"@|\\|expression|javascript|animation|transition|image-set|src\(|</|<!", re.IGNORECASE
)
_LENGTH = re.compile(r"\s*([0-9]{1,6}(?:\.[0-9]{1,6})?)\s*(?:px)?\s*", re.ASCII)
_FIX = "Export it as plain SVG, with everything drawn inside it."


def read_svg(data: bytes) -> Found:
    """Raises `ArtRefusedError` with the reason and the fix."""
    if len(data) > SVG_MAX:
        raise ArtRefusedError(
            f"It has {len(data):,} bytes.",
            f"An SVG may have {SVG_MAX:,}; simplify it, or export a PNG or WebP.",
        )
    writer = _Writer()
    parser = expat.ParserCreate("utf-8", namespace_separator=" ")
    parser.buffer_text = True
    parser.StartDoctypeDeclHandler = writer.doctype
    parser.EntityDeclHandler = writer.doctype
    parser.ProcessingInstructionHandler = writer.instruction
    parser.StartElementHandler = writer.start
    parser.EndElementHandler = writer.end
    parser.CharacterDataHandler = writer.text
    try:
        parser.Parse(data, True)
    except expat.ExpatError as error:
        raise ArtRefusedError(f"It is no well-formed SVG ({error}).", _FIX) from None
    writer.drawn()
    wide, tall = writer.size()
    return Found("svg", "image", "svg", wide, tall, body="".join(writer.out).encode())


class _Writer:
    """Writes the document anew while it is read."""

    def __init__(self) -> None:
        self.out: list[str] = []
        self._open: list[str] = []
        self._count = 0
        self._skipped = 0
        self._cost: dict[str, int] = {}
        self._root: dict[str, str] = {}
        self._css: list[str] = []
        self._ids: list[str] = []  # of each open element
        self._parts: Counter[str] = Counter()  # by id: elements in it
        self._uses: dict[str, Counter[str]] = defaultdict(Counter)  # by id: ids used in it

    def drawn(self, name: str = "", above: tuple[str, ...] = ()) -> int:
        """How many parts are drawn for an id, or for all. Raises `ArtRefusedError` when they are
        too many, or when something is drawn inside itself."""
        total = self._parts[name]
        for used, times in self._uses[name].items():
            if used in above or len(above) > DEPTH_MAX:
                raise ArtRefusedError(f"Its part {used[:40]} is used inside itself.", _FIX)
            if used not in self._cost:
                self._cost[used] = self.drawn(used, (*above, used))
            total += times * self._cost[used]
        if total > DRAWN_MAX:
            raise ArtRefusedError("Its parts are used too often.", "Simplify it.")
        return total

    def size(self) -> tuple[int, int]:
        """Its pixels: width and height, or else the view box."""
        box = re.split(r"[\s,]+", self._root.get("viewBox", "").strip())
        numbers = [_number(part) for part in box] if len(box) == 4 else [0.0] * 4
        sides = [_number(self._root.get(name, "")) for name in ("width", "height")]
        wide, tall = (side or numbers[2 + i] for i, side in enumerate(sides))
        if not (0 < wide <= 100_000 and 0 < tall <= 100_000):
            raise ArtRefusedError("It does not say how large it is.", "Give it a viewBox.")
        return max(SIDE_MIN, round(wide)), max(SIDE_MIN, round(tall))

    def doctype(self, *_: Any) -> None:
        """No document types, so no entities."""
        raise ArtRefusedError("It has a document type or entities.", _FIX)

    def instruction(self, target: str, _: str) -> None:
        """Such as a style sheet of somebody else's."""
        raise ArtRefusedError(f"It has a processing instruction ({target[:40]}).", _FIX)

    def start(self, full: str, attributes: dict[str, str]) -> None:
        """An element begins."""
        space, _, name = full.rpartition(" ")
        self._count += 1
        if self._count > ELEMENTS_MAX or len(self._open) + self._skipped >= DEPTH_MAX:
            raise ArtRefusedError("It has too many or too deeply nested parts.", "Simplify it.")
        if self._skipped or (self._open and space != NAMESPACE and _is_editors(space)):
            self._skipped += 1
            return
        if space != NAMESPACE or name not in ELEMENTS or (not self._open and name != "svg"):
            raise ArtRefusedError(f"It has a <{name[:40]}>, which is not taken.", _FIX)
        if not self._open:
            self._root = attributes
        kept = {key: value for key, value in map(_attribute, attributes.items()) if key}
        self._ids.append(kept.get("id", ""))
        self._parts.update(set(self._ids) | {""})
        self._note(kept.values())
        if not self._open:
            kept["xmlns"] = NAMESPACE
            kept["xmlns:xlink"] = XLINK
        written = "".join(f" {key}={quoteattr(value)}" for key, value in kept.items())
        self.out.append(f"<{name}{written}>")
        self._open.append(name)

    def end(self, _: str) -> None:
        """An element ends."""
        if self._skipped:
            self._skipped -= 1
            return
        name = self._open.pop()
        self._ids.pop()
        if name == "style":
            _check_style("".join(self._css))
            self._note(["".join(self._css)])
            self._css.clear()
        self.out.append(f"</{name}>")

    def _note(self, values: Iterable[str]) -> None:
        """What is used where."""
        for value in values:
            used = [found.group(2)[1:] for found in _URL.finditer(value)]
            used += [value[1:]] if value.startswith("#") else []
            for place in {*self._ids, ""}:
                self._uses[place].update(used)

    def text(self, words: str) -> None:
        """Words, or the rules of a style."""
        if self._skipped:
            return
        if self._open and self._open[-1] == "style":
            self._css.append(words)
        self.out.append(escape(words))


def _is_editors(space: str) -> bool:
    """What drawing programs write down for themselves: left out."""
    return any(word in space.lower() for word in _EDITORS)


def _attribute(pair: tuple[str, str]) -> tuple[str, str]:
    """The attribute to write; an empty name to leave it out."""
    space, _, name = pair[0].rpartition(" ")
    value = pair[1]
    if len(value) > ATTRIBUTE_MAX or not _NAME.fullmatch(name):
        raise ArtRefusedError(f"Its attribute {name[:40]} is too long or strange.", _FIX)
    lower = name.lower()
    if lower.startswith("on"):
        raise ArtRefusedError(f"It has a script ({name[:40]}).", _FIX)
    if space not in ("", XLINK):
        return "", ""  # an editor's, or xml:space
    if lower in ("href", "src", "base"):
        if lower != "href" or not re.fullmatch(r"#[A-Za-z_][\w.:-]{0,80}", value.strip(), re.ASCII):
            raise ArtRefusedError(f"It points elsewhere ({value[:40]}).", _FIX)
        return "href", value.strip()
    if space == XLINK:
        return "", ""
    _check_style(value)
    return name, value


def _check_style(text: str) -> None:
    """Rules and values may point into the drawing only, and nothing moves."""
    if odd := _ODD_STYLE.search(text):
        raise ArtRefusedError(f"Its style holds {odd.group()!r}, which is not taken.", _FIX)
    for found in _URL.finditer(text):
        if not found.group(2).startswith("#"):
            raise ArtRefusedError(f"It points elsewhere ({found.group(2)[:40]}).", _FIX)
    if text.lower().count("url(") != len(_URL.findall(text)):
        raise ArtRefusedError("It has a url( that is not closed.", _FIX)


def _number(text: str) -> float:
    found = _LENGTH.fullmatch(text)
    return float(found.group(1)) if found else 0.0
