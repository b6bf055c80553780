"""Programs that stand in for speech engines: they read the same command line and the same input.

espeak-ng: its manual page (`espeak-ng --stdin --stdout -b 1 -v VOICE`); with `--stdout` it writes
a WAV whose lengths are unknown yet (0x7ffff024 and 0x7ffff000), and complains of an unknown voice.
piper: docs/CLI.md of piper (`--model FILE`, `--output_raw`): 16-bit mono without a header.
"""

import sys
from pathlib import Path

_PROGRAM = """#!{python}
import os, sys, time
words = sys.argv[1:]
text = sys.stdin.buffer.read()
with open({heard!r}, "ab") as heard:
    heard.write(repr((words, text, [n for n in os.environ if n.startswith("GIFTCAST_")])).encode())
    heard.write(b"\\n")
if b"slowly" in text:
    time.sleep(60)
if "nosuch" in words:
    sys.exit("Error: The specified espeak-ng voice does not exist.")
sound = b"\\1\\2" * (22050 if b"long" not in text else 22050 * 600)
if "--stdout" in words:
    sys.stdout.buffer.write(
        b"RIFF\\x24\\xf0\\xff\\x7fWAVEfmt \\x10\\0\\0\\0\\1\\0\\1\\0"
        b"\\x22\\x56\\0\\0\\x44\\xac\\0\\0\\2\\0\\x10\\0"
        b"data\\0\\xf0\\xff\\x7f" + sound
    )
elif "--output_raw" in words:
    sys.stdout.buffer.write(sound)
else:
    sys.stdout.buffer.write(b"something else than sound, which is longer than any header is")
"""


def engine_at(folder: Path) -> tuple[str, Path]:
    """The program, and the file in which it writes down what it was given."""
    heard = folder / "heard"
    program = folder / "engine"
    program.write_text(_PROGRAM.format(python=sys.executable, heard=str(heard)), "utf-8")
    program.chmod(0o700)
    return str(program), heard
