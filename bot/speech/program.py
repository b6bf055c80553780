"""Running an engine's program: no shell, the words by its standard input, within time and size."""

import asyncio
import os
import wave
from collections.abc import Sequence
from contextlib import suppress
from io import BytesIO

from bot.speech.engine import SpeechError

ERROR_MAX = 400
_OURS = "GIFTCAST_"  # what stands in our environment may be a secret


async def output_of(command: Sequence[str], text: str, *, seconds: float, most: int) -> bytes:
    """What the program writes, given the words. Raises `SpeechError`. most: bytes."""
    environment = {k: v for k, v in os.environ.items() if not k.startswith(_OURS)}
    try:
        process = await asyncio.create_subprocess_exec(
            *command,
            stdin=asyncio.subprocess.PIPE,
            stdout=asyncio.subprocess.PIPE,
            stderr=asyncio.subprocess.PIPE,
            env=environment,
        )
    except OSError as error:
        raise SpeechError(f"{command[0]} could not be started: {error.strerror}") from None
    try:
        async with asyncio.timeout(seconds):
            said, complaint, _ = await asyncio.gather(
                _read(process.stdout, most), _read(process.stderr, ERROR_MAX), _give(process, text)
            )
            status = await process.wait()
    except TimeoutError:
        raise SpeechError(f"{command[0]} took longer than {seconds:g} seconds") from None
    finally:
        if process.returncode is None:
            with suppress(ProcessLookupError):
                process.kill()
            await process.wait()
    if status or not said:
        why = " ".join(complaint.decode("utf-8", "replace").split())
        raise SpeechError(f"{command[0]} said nothing (status {status}): {why or 'no reason'}")
    return said


def wav(sound: bytes, rate: int, seconds_max: float) -> bytes:
    """Mono sound of 16 bits as a WAV file, cut to so many seconds."""
    made = BytesIO()
    with wave.open(made, "wb") as file:
        file.setnchannels(1)
        file.setsampwidth(2)
        file.setframerate(rate)
        file.writeframes(sound[: 2 * int(rate * seconds_max)])
    return made.getvalue()


async def _read(stream: asyncio.StreamReader | None, most: int) -> bytes:
    """The first bytes; the rest is taken and let go, so that the program is not stuck."""
    assert stream is not None
    kept = bytearray()
    while part := await stream.read(65_536):
        kept += part[: most - len(kept)]
    return bytes(kept)


async def _give(process: asyncio.subprocess.Process, text: str) -> None:
    assert process.stdin is not None
    with suppress(ConnectionError):
        process.stdin.write(text.encode("utf-8", "replace") + b"\n")
        await process.stdin.drain()
    process.stdin.close()
