"""Messages said aloud: which words, by which program, and to which pages."""

import asyncio
import io
import json
import time
import wave
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any

import pytest
from aiohttp import ClientSession

from bot.app import App
from bot.errors import SettingsError
from bot.speech import engine_of
from bot.speech.engine import SpeechError
from bot.speech.espeak import Espeak
from bot.speech.piper import Piper
from bot.speech.program import output_of
from bot.speech.settings import speech_settings
from bot.speech.speaker import WAITING_MAX, Speaker
from commands.spoken import READ_MAX, is_blocked, speakable
from overlay.clips import CLIPS_MAX, KEPT_S, Clips
from tests.fakes.engines import engine_at
from tests.house import MOD, House, open_house
from tests.page import add_source, browsing, open_app, say, send, until

# --- words ---


@pytest.mark.parametrize(
    ("written", "said"),
    [
        ("great play!", "great play!"),
        ("look https://evil.example/x?y=1 now", "look now"),
        ("see evil.example/a and www.b.c", "see and"),
        ("<speak><break time='9s'/>hi</speak>", "hi"),
        ("a <prosody rate='x-fast'>b", "a b"),
        ("[[f'Vk]] hello &lt;b&gt;", "hello b"),
        ("noooooooooo waaaaay", "nooo waaay"),
        ("spam " * 5_000, "spam spam"),
        ("call 0049123456789012 me", "call me"),
        ("🎉🎉 yay 🎉", "yay"),
        ("$(reboot) `id` | rm -rf / ; %s {0}", "reboot id rm -rf ; s 0"),
        ("愛してる مرحبا Ünïcode", "愛してる مرحبا Ünïcode"),
        ("", ""),
        ("...!!", ""),
        ("\u202ereversed\u0007", "reversed"),
    ],
)
def test_only_words_are_said(written: str, said: str) -> None:
    assert speakable(written, (), length_max=200) == said


def test_a_long_message_is_cut_between_words() -> None:
    long = " ".join(f"word{number}" for number in range(200))
    said = speakable(long, (), length_max=50)
    assert long.startswith(said)
    assert 40 < len(said) <= 50
    assert len(speakable("x9" * 400, (), length_max=50)) == 50


@pytest.mark.parametrize(
    "written",
    ["you darn fool", "DARN", "d.a.r.n", "daaaarn", "d4rn!", "d a r n it", "dàrn", "<b>darn</b>",
     "ok darn.example"],
)  # fmt: skip
def test_a_message_with_a_blocked_word_is_not_said_at_all(written: str) -> None:
    """Also when it is dressed up."""
    assert speakable(written, ("darn",), length_max=200) == ""


@pytest.mark.parametrize("written", ["darnation is a town", "a d", "hear n", ""])
def test_words_that_only_contain_one_are_said(written: str) -> None:
    assert not is_blocked(written, ("darn",))
    assert not is_blocked(written, ())


@pytest.mark.alone
def test_hostile_texts_take_no_time() -> None:
    began = time.perf_counter()
    for text in ("<" * 50_000, "a." * 30_000, "[[" * 30_000, "http://" * 9_000, "&" * 50_000):
        speakable(text, ("darn",), length_max=200)
    assert time.perf_counter() - began < 1
    assert READ_MAX <= 2_000


# --- programs ---


def heard(path: Path) -> list[Any]:
    return [eval(line) for line in path.read_text("utf-8").splitlines()]  # noqa: S307 - our own repr


def seconds_of(sound: bytes) -> float:
    with wave.open(io.BytesIO(sound)) as file:
        assert (file.getnchannels(), file.getsampwidth()) == (1, 2)
        return float(file.getnframes() / file.getframerate())


async def test_espeak_is_given_the_words_by_its_input(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Never by a shell, never among the arguments, and without our secrets."""
    monkeypatch.setenv("GIFTCAST_TWITCH__CLIENT_SECRET", "secret")
    program, log = engine_at(tmp_path)
    engine = Espeak(program, "", seconds_max=5)
    assert engine.missing() is None
    assert seconds_of(await engine.speak("-v $(id) `x` ‘y’")) == 1.0
    assert heard(log) == [
        (["--stdin", "--stdout", "-b", "1", "-v", "en"], "-v $(id) `x` ‘y’\n".encode(), [])
    ]


async def test_piper_reads_the_rate_beside_its_model(tmp_path: Path) -> None:
    program, log = engine_at(tmp_path)
    model = tmp_path / "ann.onnx"
    engine = Piper(program, str(model), seconds_max=5)
    assert engine.missing()
    model.write_bytes(b"model")
    (tmp_path / "ann.onnx.json").write_text(json.dumps({"audio": {"sample_rate": 22_050}}))
    assert engine.missing() is None
    assert seconds_of(await engine.speak("hello")) == 1.0
    assert heard(log)[0][:2] == (["--model", str(model), "--output_raw"], b"hello\n")
    (tmp_path / "ann.onnx.json").write_text("{}")
    with pytest.raises(SpeechError, match="cannot be read"):
        await engine.speak("hello")


@pytest.mark.alone
async def test_what_goes_on_too_long_is_cut(tmp_path: Path) -> None:
    """Sound by its length, a program by the clock; nothing of it stays behind."""
    program, _ = engine_at(tmp_path)
    assert seconds_of(await Espeak(program, "", seconds_max=2).speak("a long one")) == 2.0
    began = time.perf_counter()
    with pytest.raises(SpeechError, match=r"longer than 0\.3 seconds"):
        await output_of([program, "--stdout"], "slowly", seconds=0.3, most=100)
    assert time.perf_counter() - began < 5


async def test_a_program_that_fails_is_told_in_words(tmp_path: Path) -> None:
    """Missing, complaining, or something else altogether."""
    program, _ = engine_at(tmp_path)
    for engine, words in (
        (Espeak(program, "nosuch", 5), "said nothing .status 1.: Error: The specified"),
        (Espeak(str(tmp_path / "none"), "", 5), "could not be started: No such file"),
    ):
        with pytest.raises(SpeechError, match=words):
            await engine.speak("hello")
    lacks = Espeak(str(tmp_path / "none"), "", 5).missing()
    assert lacks
    assert "apt-get install espeak-ng" in lacks[1]
    lacks = Piper(str(tmp_path / "none"), "", 5).missing()
    assert lacks
    assert "pipx install piper-tts" in lacks[1]


def test_the_section_is_checked() -> None:
    assert engine_of(speech_settings({})) is None
    assert isinstance(engine_of(speech_settings({"speech": {"engine": "espeak-ng"}})), Espeak)
    assert isinstance(engine_of(speech_settings({"speech": {"engine": "piper"}})), Piper)
    for wrong in ({"engine": "say"}, {"voice": "-f/etc/passwd"}, {"length_max": 5_000}, {"x": 1}):
        with pytest.raises(SettingsError, match=r"\[speech\] "):
            speech_settings({"speech": wrong})


# --- clips ---


def test_a_clip_is_kept_for_a_minute_and_not_too_many() -> None:
    at = [0.0]
    clips = Clips(lambda: at[0])
    paths = [clips.add(b"x") for _ in range(CLIPS_MAX + 5)]
    assert len(set(paths)) == len(paths)
    assert len(clips._clips) == CLIPS_MAX
    at[0] = KEPT_S
    clips.add(b"y")
    assert len(clips._clips) == 1


# --- when it is said ---


class Parrot:
    """An engine whose sound is its text. hold: it speaks only when it is set."""

    def __init__(self) -> None:
        self.said: list[str] = []
        self.begun = asyncio.Event()
        self.hold = asyncio.Event()
        self.hold.set()
        self.fails = False

    def missing(self) -> tuple[str, str] | None:
        return None

    async def speak(self, text: str) -> bytes:
        self.begun.set()
        await self.hold.wait()
        if self.fails:
            raise SpeechError("the parrot is ill")
        self.said.append(text)
        return text.encode()


class Bench:
    """A speaker in a house. told: what pages would be given."""

    def __init__(self, house: House, **settings: Any) -> None:
        self.house, self.parrot, self.muted = house, Parrot(), False
        self.told: list[tuple[str, str]] = []
        self.speaker = Speaker(
            house.journal,
            house.journal.books,
            speech_settings({"speech": {"engine": "espeak-ng", **settings}}),
            self.parrot,
            policies=lambda _: house.policy,
            muted=lambda _: self.muted,
            told=lambda _, gift, sound: self.told.append((gift, sound.decode())),
        )

    async def gift(self, text: str, *, shown: bool = True) -> str:
        gift = await self.house.accepted(text)
        if shown:
            await self.house.settler.shown("main", [gift.seq], "1")
        return gift.gift_id


@asynccontextmanager
async def bench_in(folder: Path, **settings: Any) -> AsyncIterator[Bench]:
    async with open_house(folder, settles=True, blocked_words=("darn",)) as house:
        await house.grant("mia", 100_000)
        yield Bench(house, **settings)


async def test_words_are_said_once_their_gift_was_shown(tmp_path: Path) -> None:
    """With the name; not those of cheap gifts, blocked ones, or of none."""
    async with bench_in(tmp_path, from_coins=5) as bench:
        for text in ("!gift rose hello", "!gift panda", "!gift panda darn it"):
            await bench.gift(text)
            await bench.speaker.say()
        waiting = await bench.gift("!gift panda later", shown=False)
        await bench.speaker.say()
        assert bench.told == []
        gift = await bench.gift("!gift panda well <b>done</b>")
        await bench.speaker.say()
        assert bench.told == [(gift, "mia: well done")]
        await bench.house.settler.shown("main", [int(waiting.partition("-")[0])], "1")
        await bench.speaker.say()
        assert bench.told[1:] == [(waiting, "mia: later")]


async def test_without_names_and_when_muted(tmp_path: Path) -> None:
    async with bench_in(tmp_path, names=False) as bench:
        await bench.gift("!gift rose hello")
        await bench.speaker.say()
        bench.muted = True
        await bench.gift("!gift rose again")
        await bench.speaker.say()
        assert [words for _, words in bench.told] == ["hello"]


@pytest.mark.parametrize("when", ["waiting", "speaking"])
async def test_what_was_taken_back_meanwhile_is_never_said(tmp_path: Path, when: str) -> None:
    """A refund, while it waits in the queue or while the engine is at it."""
    async with bench_in(tmp_path) as bench:
        gift = await bench.gift("!gift rose hello")
        bench.parrot.hold.clear()
        saying = asyncio.create_task(bench.speaker.say()) if when == "speaking" else None
        if saying:
            await bench.parrot.begun.wait()
        await bench.house.accepted(f"!refund {gift} oops", by="mod", role=MOD)
        bench.parrot.hold.set()
        await (saying or bench.speaker.say())
        assert bench.told == []


async def test_a_storm_finds_little_room_and_a_fault_ends_nothing(tmp_path: Path) -> None:
    async with bench_in(tmp_path) as bench:
        for number in range(WAITING_MAX + 10):
            await bench.gift(f"!gift rose hello {number}")
        bench.parrot.fails = True
        await bench.speaker.say()
        assert bench.speaker.status().cause == "the parrot is ill"
        bench.parrot.fails = False
        for _ in range(WAITING_MAX + 10):
            await bench.speaker.say()
        assert len(bench.told) == WAITING_MAX - 1
        assert bench.speaker.status().state == "connected"


# --- the whole way ---


async def test_each_page_gets_an_address_that_is_good_once(tmp_path: Path) -> None:
    """And not before it has shown the gift; a replay is silent."""
    program, _ = engine_at(tmp_path)
    section = {"speech": {"engine": "espeak-ng", "program": program}}
    async with (
        open_app(tmp_path / "data", section) as app,
        browsing(app.address("", "127.0.0.1")) as browser,
        ClientSession() as session,
    ):
        pages = [await browser.open((await add_source(app, name))[1]) for name in ("one", "two")]
        gift = await send(app, "!gift rose hello")
        told = [(await page.next("gift.speech"))["data"] for page in pages]
        assert {each["gift_id"] for each in told} == {gift}
        assert len({each["path"] for each in told}) == 2
        for path, statuses in (
            (told[0]["path"], (200, 404)),
            ("/speech/" + "0" * 32 + ".wav", (404,)),
        ):
            for status in statuses:
                async with session.get(app.address(path)) as answer:
                    assert answer.status == status
                    if status == 200:
                        assert answer.content_type == "audio/wav"
                        assert answer.headers["Cache-Control"] == "no-store"
                        assert seconds_of(await answer.read()) == 1.0
        assert (await say(app, f"!alerts replay {gift}", "Nova", role=MOD)).ok
        await pages[0].next("control")
        assert len(pages[0].of("gift.speech")) == 1
        assert app.extras.speaker
        await until(lambda: _well(app))


def _well(app: App) -> bool:
    return app.extras.speaker is not None and app.extras.speaker.status().state == "connected"
