"""What may be said aloud of a viewer's message: words alone, and not those that are blocked."""

import re
import unicodedata
from collections.abc import Iterable

from commands.grammar import clean
from data.gifts import fold

_ADDRESS = re.compile(r"(?:\b[a-z][a-z0-9+.-]{1,15}://|\bwww\.)\S{1,300}", re.IGNORECASE)
_DOMAIN = re.compile(r"(?<![\w.-])(?:[\w-]{1,63}\.){1,4}[a-z]{2,12}(?:/\S{0,300})?", re.IGNORECASE)
_MARKUP = re.compile(r"<[^<>]{0,200}>|\[\[[^\[\]]{0,200}\]\]|&#?\w{1,8};")
_NUMBER = re.compile(r"\d{9,}")
_PARTS = re.compile(r"[^\w@$!|]+")
_LETTERS = str.maketrans("013457@$!|", "oleastasil")
REPEATS = 3  # of one letter
WORDS_AGAIN = 2  # of one word, in a row
READ_MAX = 2_000


def speakable(text: str, blocked: Iterable[str], *, length_max: int) -> str:
    """The text to say; empty when there is nothing, or a blocked word is in it: half a sentence
    of that kind is no better. length_max: letters."""
    told = clean(text[:READ_MAX])
    if is_blocked(told, blocked):
        return ""
    for pattern in (_MARKUP, _ADDRESS, _DOMAIN, _NUMBER):
        told = pattern.sub(" ", told)
    words: list[str] = []
    for word in "".join(map(_sayable, told)).split():
        short = _squeezed(word, REPEATS)
        if words[-WORDS_AGAIN:] != [short] * WORDS_AGAIN:
            words.append(short)
    said = " ".join(words)
    if len(said) > length_max:
        said = said[: length_max + 1].rpartition(" ")[0] or said[:length_max]
    return said if any(letter.isalnum() for letter in said) else ""


def is_blocked(text: str, blocked: Iterable[str]) -> bool:
    """Whether one of these words is in it, also written with dots, digits or stretched."""
    wanted = {_bare(word) for word in blocked} - {""}
    if not wanted:
        return False
    whole = [_bare(word) for word in text.split()]
    words = [_bare(word) for word in _PARTS.split(text)]
    spelled, run = [], ""
    for word in [*words, "  "]:  # l i k e this
        if len(word) == 1:
            run += word
        elif word:
            spelled.append(_squeezed(run, 1))
            run = ""
    return not wanted.isdisjoint([*whole, *words, *spelled])


def _bare(word: str) -> str:
    """What a word looks like, whatever signs stand in it and however it is stretched."""
    letters = fold(word).strip(".,!?").translate(_LETTERS)
    return _squeezed("".join(letter for letter in letters if letter.isalnum()), 1)


def _squeezed(word: str, most: int) -> str:
    kept: list[str] = []
    for letter in word:
        if kept[-most:] != [letter] * most:
            kept.append(letter)
    return "".join(kept)


def _sayable(letter: str) -> str:
    """Letters, digits and the signs of a sentence; pictures and brackets are no words."""
    if letter.isalnum() or letter in " .,!?;:'’-" or unicodedata.category(letter) in ("Mn", "Mc"):
        return letter
    return " "
