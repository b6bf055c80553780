"""What to type for a command of ours."""

import os
import sys
from pathlib import Path

from bot.settings import data_folder

NAME = "giftcast"


def called(folder: Path, words: str) -> str:
    """As this program was called, and about this data folder."""
    command = sys.argv[0]
    if os.sep not in command or Path(command).stem != NAME:  # found by its name, or a module
        command = NAME
    usual = data_folder(None, os.environ)
    return f"{command} {words}" + ("" if folder == usual else f" --data {folder}")
