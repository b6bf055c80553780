"""What a designer brings: each kind is read, measured and bounded; hostile files are refused."""

import io
import struct
import zlib
from typing import Any

import pytest
from PIL import Image

from overlay.formats import FRAMES_MAX, ArtRefusedError
from overlay.formats.check import EXTRA, examine
from overlay.formats.lottie import LAYERS_MAX, read_lottie
from overlay.formats.measure import SIDE, flashes
from overlay.formats.sound import read_sound
from overlay.formats.svg import read_svg
from overlay.formats.webm import read_webm
from tests.media import bell, lottie, picture, svg, webm

LIT, DARK = b"\xff" * 4 * SIDE * SIDE, b"\x00\x00\x00\xff" * SIDE * SIDE
BOMB = (
    '<!DOCTYPE svg [<!ENTITY a "aaaaaaaaaa"><!ENTITY b "&a;&a;&a;&a;&a;&a;&a;&a;">]>'
    '<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 9 9"><text>&b;</text></svg>'
)


def refused(data: bytes) -> str:
    """Why it is not taken; every refusal says what to do."""
    with pytest.raises(ArtRefusedError) as caught:
        examine(data)
    assert caught.value.fix
    return caught.value.what


def chunk(kind: bytes, body: bytes) -> bytes:
    """A part of a PNG."""
    return struct.pack(">I", len(body)) + kind + body + struct.pack(">I", zlib.crc32(kind + body))


def element(name: int, body: bytes) -> bytes:
    """A part of a WebM."""
    return (
        name.to_bytes((name.bit_length() + 7) // 8, "big")
        + struct.pack(">Q", (1 << 56) | len(body))
        + body
    )


# --- what plays ---


@pytest.mark.parametrize(
    ("data", "name", "plays", "frames", "ms"),
    [
        (picture("PNG"), "png", "image", 1, 0),
        (picture("PNG", frames=8), "apng", "image", 8, 800),
        (picture("WEBP"), "webp", "image", 1, 0),
        (picture("WEBP", frames=8), "animated webp", "image", 8, 800),
        (svg(), "svg", "image", 1, 0),
        (lottie(), "lottie", "lottie", 60, 2000),
        (webm(), "webm (VP9 with alpha)", "video", 20, 1000),
    ],
)
def test_each_kind_is_read_and_measured(
    data: bytes, name: str, plays: str, frames: int, ms: int
) -> None:
    """Its pixels, frames and length, how often it flashes, and a still of what moves."""
    found = examine(data)
    assert (found.format, found.plays, found.frames) == (name, plays, frames)
    assert abs(found.ms - ms) <= 50
    assert found.flashes is not None
    assert found.flashes <= 3
    if name != "svg":
        assert found.still
        with Image.open(io.BytesIO(found.still)) as still:
            assert still.format == "WEBP"
            assert max(still.convert("RGBA").getchannel("A").tobytes()) > 200


@pytest.mark.parametrize("ending", ["ogg", "mp3", "wav"])
def test_each_kind_of_sound_is_read(ending: str) -> None:
    """By its first bytes, not its name."""
    found, ms = read_sound(bell(ending))
    assert found == ending
    assert 300 <= ms <= 1_000


# --- flashes ---


@pytest.mark.parametrize(
    "data",
    [
        picture("PNG", frames=20, flashes=True),
        picture("WEBP", frames=20, flashes=True),
        lottie(flashes=True),
        webm("strobe"),
    ],
)
def test_what_flashes_too_often_is_refused_in_every_format(data: bytes) -> None:
    """More than three a second, as WCAG 2.3.1 counts them."""
    assert "flashes" in refused(data)


def test_flashes_are_counted_as_it_loops_and_however_quick_they_are() -> None:
    """Two frames of 100 ms flash five times a second; of 17 ms, thirty times."""
    assert flashes([LIT, DARK], [500, 500]) <= 2
    assert flashes([LIT, DARK], [100, 100]) >= 4
    assert flashes([LIT, DARK], [17, 17]) > 20
    assert flashes([LIT], [100]) == 0


def test_without_the_extra_it_is_said_that_nobody_measured(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """The file is read all the same."""
    monkeypatch.setattr("overlay.formats.check._drawn", lambda _kind, _data: None)
    found = examine(lottie(flashes=True))
    assert found.flashes is None
    assert EXTRA in found.notes


# --- bounds ---


def test_what_is_too_large_or_too_long_is_refused_before_it_is_drawn() -> None:
    """Pixels, frames and seconds, from what the file says of itself."""
    for side, what in ((9_000, "9000 × 9000 pixels"), (20_000, "exceeds limit")):
        header = struct.pack(">IIBBBBB", side, side, 8, 6, 0, 0, 0)
        bomb = b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", header)
        bomb += chunk(b"IDAT", zlib.compress(bytes(1_000_000))) + chunk(b"IEND", b"")
        assert what in refused(bomb)
    assert "4 × 4 pixels" in refused(picture(side=4))
    assert "lasts" in refused(picture("WEBP", side=16, frames=130))
    assert "lasts" in refused(lottie(op=700))
    assert str(FRAMES_MAX + 80) in refused(lottie(op=800, fr=60))


@pytest.mark.parametrize(
    "data",
    [
        picture("PNG")[:-20],
        picture("PNG") + b"<script>alert(1)</script>",
        picture("PNG", frames=5)[:400],
        picture("WEBP")[:-8],
        picture("WEBP") + b"PK\x03\x04",
        webm()[:-100],
        webm()[:40],
        webm() + b"<html>",
        lottie()[:-9],
        svg()[:-4],
        svg() + b"<script/>",
        b"",
        b"GIF89a" + bytes(50),
        b"%PDF-1.4",
        b"MZ" + bytes(100),
        b"<!doctype html><html></html>",
        b"\x89PNG\r\n\x1a\n" + bytes(60),
        b"RIFF\x04\x00\x00\x00WEBP",
        b"{}",
        b"[" * 100_000,
    ],
)
def test_what_is_cut_short_or_two_things_at_once_is_refused(data: bytes) -> None:
    """And whatever else is no art."""
    assert refused(data)


# --- SVG ---


@pytest.mark.parametrize(
    "more",
    [
        "<script>alert(1)</script>",
        "<foreignObject><body xmlns='http://www.w3.org/1999/xhtml'/></foreignObject>",
        "<image href='https://example.org/a.png'/>",
        "<image href='data:image/svg+xml;base64,AAAA'/>",
        "<circle r='4' onload='alert(1)'/>",
        "<circle r='4' OnClick='alert(1)'/>",
        "<a href='javascript:alert(1)'><circle r='4'/></a>",
        "<use href='https://example.org/a.svg#x'/>",
        "<use xmlns:x='http://www.w3.org/1999/xlink' x:href='file:///etc/passwd#a'/>",
        "<rect fill='url(https://example.org/a#b)'/>",
        "<rect fill='url(//example.org/a)'/>",
        "<rect style='fill:url(\"https://example.org/a\")'/>",
        "<rect style='background:u\\72l(//example.org)'/>",
        "<style>@import url(https://example.org/a.css);</style>",
        "<style>rect { animation: go 1s infinite; }</style>",
        "<style>rect { fill: url( https://example.org/a ); }</style>",
        "<style>rect { fill: url(#a</style>",
        "<animate attributeName='x' values='0;9' dur='.1s'/>",
        "<set attributeName='href' to='javascript:alert(1)'/>",
        "<iframe src='https://example.org'/>",
        "<h:script xmlns:h='http://www.w3.org/1999/xhtml'>alert(1)</h:script>",
        "<?xml-stylesheet href='https://example.org/a.css'?>",
        "<g>" * 50 + "</g>" * 50,
        "<g/>" * 6_000,
        "<g id='b'><use href='#b'/></g>",
        "<g id='g0'>" + "<rect/>" * 10 + "</g>"
        + "".join(
            f"<g id='g{n}'>" + f"<use href='#g{n - 1}'/>" * 10 + "</g>" for n in range(1, 9)
        ),
    ],
)  # fmt: skip
def test_an_svg_that_does_more_than_draw_is_refused(more: str) -> None:
    """Scripts, outside addresses, events, motion, bombs of depth, number and use."""
    assert refused(svg(more))


def test_entities_are_not_expanded() -> None:
    """No document type is taken at all."""
    assert "document type" in refused(BOMB.encode())
    outside = BOMB.replace('"aaaaaaaaaa"', 'SYSTEM "file:///etc/passwd"')
    assert "document type" in refused(outside.encode())


def test_what_an_svg_editor_writes_for_itself_is_left_out() -> None:
    """The drawing stays; the result is read again without a word."""
    body = read_svg(
        svg(
            "<i:sheet xmlns:i='http://www.inkscape.org/namespaces/inkscape'><i:x/></i:sheet>"
            "<g i:label='one' xmlns:i='http://www.inkscape.org/namespaces/inkscape'>"
            "<text>1 &lt; 2</text></g><use href='#a'/><!-- mine -->"
        )
    ).body
    assert body
    assert b"inkscape" not in body
    assert b"mine" not in body
    assert b"1 &lt; 2" in body
    assert read_svg(body).body == body


def test_an_svg_has_to_say_how_large_it_is() -> None:
    """By its view box or its sides; others are refused."""
    none = b'<svg xmlns="http://www.w3.org/2000/svg"><g/></svg>'
    assert "how large" in refused(none)
    sized = read_svg(none.replace(b"<svg", b'<svg width="40px" height="20"'))
    assert (sized.wide, sized.tall) == (40, 20)


# --- Lottie ---


@pytest.mark.parametrize(
    "changes",
    [
        {"layers": "all"},
        {"layers": [5]},
        {"w": "128"},
        {"fr": 0},
        {"fr": True},
        {"fr": 1e9},
        {"ip": 60, "op": 0},
        {"w": 5_000},
        {"fonts": {"list": [{"fPath": "https://example.org/a.woff"}]}},
        {"assets": [{"id": "a", "u": "https://example.org/", "p": "a.png", "e": 0}]},
        {"assets": [{"id": "a", "p": "data:text/html;base64,AAAA", "e": 1}]},
        {"assets": [{"id": "a", "p": "data:image/svg+xml;base64,AAAA", "e": 1}]},
        {"assets": "none"},
        {"layers": [{"ty": 5, "ks": {}, "ip": 0}]},
        {"layers": [{"ty": 4, "ks": {"o": {"a": 0, "k": 1, "x": "var $bm_rt = 1;"}}}]},
        {"layers": [{"ty": 4, "ind": n, "ks": {}} for n in range(LAYERS_MAX + 1)]},
        {
            "layers": [{"ty": 0, "refId": "a"}],
            "assets": [{"id": "a", "layers": [{"ty": 0, "refId": "a"}]}],
        },
        {
            "layers": [{"ty": 0, "refId": "a0"}],
            "assets": [
                {"id": f"a{n}", "layers": [{"ty": 0, "refId": f"a{n + 1}"}] * 9} for n in range(7)
            ],
        },
    ],
)
def test_a_lottie_with_code_outside_parts_or_a_bomb_is_refused(changes: dict[str, Any]) -> None:
    """With what to change in the program that made it."""
    with pytest.raises(ArtRefusedError) as caught:
        read_lottie(lottie(**changes))
    assert caught.value.fix


def test_a_lottie_nested_too_deeply_is_refused() -> None:
    """Before anything walks down there."""
    deep: Any = 1
    for _ in range(100):
        deep = {"k": deep}
    with pytest.raises(ArtRefusedError, match="nested"):
        read_lottie(lottie(extra=deep))


def test_a_drawing_that_falls_over_takes_nothing_with_it(monkeypatch: pytest.MonkeyPatch) -> None:
    """The renderer is a program of its own; its end, however it comes, is a refusal."""
    monkeypatch.setattr("overlay.formats.check.RENDERER", "overlay.formats.no_such_renderer")
    assert "cannot be drawn" in refused(lottie())
    monkeypatch.undo()
    monkeypatch.setattr("overlay.formats.check.PATIENCE_S", 0.01)
    assert "takes too long" in refused(lottie())


# --- WebM ---


def test_a_webm_that_lies_about_its_parts_is_refused() -> None:
    """Unknown sizes, other codecs, encryption, no pictures, more parts than there can be."""
    head = element(0x1A45DFA3, element(0x4282, b"webm"))
    track = element(0xD7, b"\x01") + element(0x83, b"\x01")
    size = element(0xE0, element(0xB0, b"\x40") + element(0xBA, b"\x40"))

    def film(*parts: bytes) -> bytes:
        return head + element(0x18538067, b"".join(parts))

    def tracks(codec: bytes, more: bytes = b"") -> bytes:
        return element(0x1654AE6B, element(0xAE, track + element(0x86, codec) + size + more))

    for data, what in (
        (element(0x1A45DFA3, element(0x4282, b"matroska")) + element(0x18538067, b""), "Matroska"),
        (head + b"\x18\x53\x80\x67\x01\xff\xff\xff\xff\xff\xff\xff", "how long its parts"),
        (film(tracks(b"V_MPEG4/ISO/AVC")), "codec"),
        (film(tracks(b"V_VP9", element(0x6D80, b""))), "encrypted"),
        (film(tracks(b"V_VP9")), "no picture"),
        (film(*[element(0xEC, b"")] * 60_000), "too many parts"),
        (film(element(0x1549A966, element(0x2AD7B1, b"\x00"))), "makes no sense"),
    ):
        with pytest.raises(ArtRefusedError) as caught:
            read_webm(data)
        assert what in caught.value.what


# --- sounds ---


@pytest.mark.parametrize(
    "data",
    [
        b"",
        b"OggS",
        b"OggS" + bytes(200),
        b"ID3" + b"\xff" * 300,
        bell("wav")[:20],
        b"RIFF\x10\x00\x00\x00WAVEfmt ",
        bell("wav")[:24] + b"\x01\x00\x00\x00" + bell("wav")[28:],
        picture(),
        b"<html>",
    ],
)
def test_a_sound_that_is_none_is_refused(data: bytes) -> None:
    """By its bytes and its length."""
    with pytest.raises(ArtRefusedError):
        read_sound(data)
