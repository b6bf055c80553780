"""The machine that figures were measured on, in words."""

import os
import platform
import shutil
import subprocess
import sys
from pathlib import Path

import apsw
import psutil

from benchmarks.place import filesystem


def described(folder: Path) -> str:
    """Processor, memory, system and versions; nothing that tells whose machine it is."""
    cores = os.cpu_count() or 1
    memory = round(psutil.virtual_memory().total / 2**30)
    parts = [
        f"{cores} core{'s' * (cores > 1)} ({_processor()})",
        f"{memory} GB memory",
        f"{platform.system()} {'.'.join(platform.release().split('.')[:2])}",
        filesystem(folder),
        _python(),
        f"SQLite {apsw.sqlite_lib_version()}",
    ]
    if version := _chromium_version():
        parts.append(f"Chromium {version} without a GPU")
    return ", ".join(parts)


def _python() -> str:
    whose = " of the system" if sys.base_prefix == "/usr" else ""  # else perhaps not optimised
    return f"{platform.python_implementation()} {platform.python_version()}{whose}"


def chromium() -> str | None:
    """The browser to measure with, if one is installed."""
    return shutil.which("chromium") or shutil.which("chromium-browser")


def _processor() -> str:
    try:
        for line in Path("/proc/cpuinfo").read_text("utf-8").splitlines():
            if line.startswith("model name"):
                return line.partition(":")[2].strip()
    except OSError:
        pass
    return platform.processor() or platform.machine()


def _chromium_version() -> str:
    program = chromium()
    if program is None:
        return ""
    said = subprocess.run([program, "--version"], capture_output=True, text=True, check=False)
    words = [word for word in said.stdout.split() if word[:1].isdigit()]
    return words[0].partition(".")[0] if words else ""
