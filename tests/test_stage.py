"""The parts of the overlay page that know no browser, tested where they run: in JavaScript."""

import shutil
import subprocess
from pathlib import Path

STAGE = Path(__file__).parent / "stage"


def test_the_page_s_own_tests_pass() -> None:
    """`node --test tests/stage/*.test.mjs`."""
    node = shutil.which("node")
    assert node, "these tests need Node: make test installs it, or apt-get install nodejs"
    files = sorted(str(path) for path in STAGE.glob("*.test.mjs"))
    assert files
    done = subprocess.run(
        [node, "--test", *files], capture_output=True, text=True, timeout=60, check=False
    )
    assert done.returncode == 0, done.stdout + done.stderr
