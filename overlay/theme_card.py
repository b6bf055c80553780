"""What a theme's `card.html` may say: how an alert card is laid out, in few elements without power.

It is read here, once, into a tree of names; pages build that tree element by element and parse
nothing. Whatever is not on the lists is refused, not dropped, so that its maker learns of it.
"""

import re
from typing import Any
from xml.parsers import expat

from data.errors import DocumentError

CARD_MAX = 32_000
ELEMENTS_MAX = 80
DEPTH_MAX = 12
LETTERS_MAX = 200
VALUE_MAX = 4_000
CLASSES_MAX = 6
BOXES = ("div", "span", "p", "b", "i")
SHAPES = ("g", "path", "rect", "circle", "ellipse", "line", "polyline", "polygon")
# What of a gift goes where; each becomes the page's own element of that meaning.
NEEDED = ("art", "viewer", "gift", "count")
SLOTS = (*NEEDED, "deed", "message", "avatar", "fuse", "back", "words")
_HOLDS = ("words",)  # a slot with a content of the theme's own; all others are filled by the page
_ATTRIBUTES = (
    "class viewBox preserveAspectRatio d x y width height cx cy r rx ry x1 y1 x2 y2 points "
    "transform fill fill-rule fill-opacity stroke stroke-width stroke-linecap stroke-linejoin "
    "stroke-dasharray stroke-opacity opacity"
)
_SVG_ATTRIBUTES = frozenset(_ATTRIBUTES.split())
_CLASS = re.compile(r"my-[a-z0-9-]{1,40}", re.ASCII)
_VALUE = re.compile(r"[A-Za-z0-9#.,%()\s+-]*", re.ASCII)
_ROOT = "card"

# An element: its name, its attributes, and what is in it: texts and elements.
Node = list[Any]


def read_card(data: bytes) -> list[Any]:
    """What is in a card. Raises `DocumentError` with line, reason and fix."""
    if len(data) > CARD_MAX:
        raise DocumentError(f" is larger than {CARD_MAX // 1000} kB")
    try:
        text = data.decode("utf-8-sig")
    except UnicodeDecodeError:
        raise DocumentError(" is not UTF-8 text") from None
    reader = _Reader()
    try:
        # In an element of ours it may be a fragment, and no document type can be declared.
        for part in (f"<{_ROOT}>", text, f"</{_ROOT}>"):
            reader.parser.Parse(part.encode(), False)
        reader.parser.Parse(b"", True)
    except expat.ExpatError as error:
        raise DocumentError(reader.broken(error)) from None
    missing = [name for name in NEEDED if name not in reader.slots]
    if missing:
        named = ", ".join(f'data-slot="{name}"' for name in missing)
        raise DocumentError(f": there is no place for {named}")
    return reader.content


class _Reader:
    """Takes the fragment in, an element at a time."""

    def __init__(self) -> None:
        self.content: list[Any] = []
        self.slots: set[str] = set()
        self._open: list[tuple[str, str, int, list[Any]]] = []  # name, slot, line, content
        self._count = 0
        self._letters = 0
        self.parser = expat.ParserCreate("utf-8")
        self.parser.buffer_text = True
        self.parser.StartElementHandler = self._start
        self.parser.EndElementHandler = self._end
        self.parser.CharacterDataHandler = self._text
        self.parser.ProcessingInstructionHandler = self._instruction

    def broken(self, error: expat.ExpatError) -> str:
        """Where and why it is not well-formed."""
        mismatch = expat.errors.codes[expat.errors.XML_ERROR_TAG_MISMATCH]
        if error.code == mismatch and len(self._open) > 1:
            name, _, line, _ = self._open[-1]
            return f", line {line}: this <{name}> is never closed; write </{name}> behind it"
        why = expat.ErrorString(error.code)
        return f", line {error.lineno}: {why}; close every element, put every value in quotes"

    def _refuse(self, why: str) -> DocumentError:
        return DocumentError(f", line {self.parser.CurrentLineNumber}: {why}")

    def _start(self, name: str, attributes: dict[str, str]) -> None:
        if not self._open:
            self._open.append((name, "words", 1, self.content))
            return
        self._count += 1
        if self._count > ELEMENTS_MAX:
            raise self._refuse(f"has more than {ELEMENTS_MAX} elements")
        if len(self._open) > DEPTH_MAX:
            raise self._refuse(f"is nested more than {DEPTH_MAX} deep")
        drawing = self._open[-1][0] in ("svg", *SHAPES)
        self._check_name(name, drawing=drawing)
        if self._open[-1][1] not in ("", *_HOLDS):
            raise self._refuse(
                f'data-slot="{self._open[-1][1]}" is filled by giftcast; leave it empty'
            )
        kept = {key: self._value(name, key, value) for key, value in attributes.items()}
        kept.pop("xmlns", None)
        content: list[Any] = []
        self._open[-1][3].append([name, kept, content])
        self._open.append((name, kept.get("data-slot", ""), self.parser.CurrentLineNumber, content))

    def _check_name(self, name: str, *, drawing: bool) -> None:
        if name in ("svg", *BOXES) and not drawing:
            return
        if name in SHAPES and drawing:
            return
        if name in SHAPES:
            raise self._refuse(f"<{name}> belongs into an <svg>")
        if drawing:
            raise self._refuse(
                f"<{name[:40]}> is not taken in an <svg>; it may hold: {', '.join(SHAPES)}"
            )
        fix = {
            "style": "; rules belong into theme.css",
            "img": '; a gift\'s picture comes into data-slot="art", your own by theme.css',
        }.get(name, f"; there may be: {', '.join(BOXES)}, svg")
        raise self._refuse(f"<{name[:40]}> is not taken{fix}")

    def _value(self, name: str, key: str, value: str) -> str:
        """A value as it is kept."""
        if key == "class":
            names = value.split()
            if len(names) > CLASSES_MAX or not all(map(_CLASS.fullmatch, names)):
                raise self._refuse(
                    f"class={value[:60]!r}: begin each with my-, small letters, digits and "
                    f"hyphens, {CLASSES_MAX} at most"
                )
            return " ".join(names)
        if key == "data-slot" and name in BOXES:
            if value not in SLOTS:
                raise self._refuse(f"data-slot={value[:40]!r}: there are {', '.join(SLOTS)}")
            if value in self.slots:
                raise self._refuse(f'data-slot="{value}" is there already; a card has one of each')
            self.slots.add(value)
            return value
        if name == "svg" and key == "xmlns" and value == "http://www.w3.org/2000/svg":
            return value
        if name in ("svg", *SHAPES) and key in _SVG_ATTRIBUTES:
            if len(value) > VALUE_MAX or "url" in value.lower() or not _VALUE.fullmatch(value):
                raise self._refuse(f"{key}={value[:40]!r}: plain numbers, words and #colours only")
            return value
        fix = "; rules belong into theme.css" if key == "style" else "; leave it out"
        raise self._refuse(f"{key[:40]} is not taken on <{name}>{fix}")

    def _end(self, _: str) -> None:
        self._open.pop()

    def _text(self, words: str) -> None:
        if not words.strip():
            if "\n" not in words:
                self._open[-1][3].append(" ")
            return
        name, slot, _, content = self._open[-1]
        if name in ("svg", *SHAPES):
            raise self._refuse("words in an <svg> are not taken; put them beside it")
        if slot not in ("", *_HOLDS):
            raise self._refuse(f'data-slot="{slot}" is filled by giftcast; leave it empty')
        self._letters += len(words)
        if self._letters > LETTERS_MAX:
            raise self._refuse(f"has more than {LETTERS_MAX} letters of its own")
        content.append(re.sub(r"\s+", " ", words))

    def _instruction(self, target: str, _: str) -> None:
        raise self._refuse(f"<?{target[:40]} is not taken; leave it out")
