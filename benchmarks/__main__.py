"""`python -m benchmarks [names]`: run all or these, print what they found, keep it in
`RESULTS.md`. `--list` names them; `--tiny` only tries them and keeps nothing."""

import argparse
import shutil
import sys
import tempfile
import time
from concurrent.futures import ProcessPoolExecutor
from multiprocessing import get_context
from pathlib import Path

from benchmarks.machine import described
from benchmarks.one import NAMES, run_one, title
from benchmarks.place import ROOT, Place
from benchmarks.report import Section, table_lines, write

WORK = ROOT / ".benchmarks"


def main() -> None:
    """Run what was asked for."""
    asked = _arguments()
    if asked.list:
        for name in NAMES:
            print(f"{name:9} {title(name)}")
        return
    asked.folder.mkdir(parents=True, exist_ok=True)
    work = Path(tempfile.mkdtemp(dir=asked.folder))
    (work / "shared").mkdir()
    failed = False
    try:
        for name in NAMES:
            if asked.names and name not in asked.names:
                continue
            section = _apart(name, Place(_made(work / name), work / "shared", asked.tiny))
            failed |= not section.targets
            if section.targets and not asked.tiny:
                write([section], NAMES, described(work))
            shutil.rmtree(work / name)
    finally:
        shutil.rmtree(work)
    sys.exit(int(failed))


def _apart(name: str, place: Place) -> Section:
    """Run a benchmark in a process of its own and print what it found."""
    print(f"{name} …", file=sys.stderr)
    began = time.monotonic()
    with ProcessPoolExecutor(1, mp_context=get_context("spawn")) as pool:
        section = pool.submit(run_one, name, place).result()
    print(f"\n{section.name}: {section.title}  ({time.monotonic() - began:.0f} s)")
    for table in section.tables:
        print("\n".join(table_lines(table)))
    for target in section.targets:
        verdict = "reached" if target.reached else "MISSED"
        print(f"  {verdict:8} {target.what}: {target.measured} (target {target.wanted})")
    for note in section.notes:
        print(f"  {note}")
    return section


def _made(folder: Path) -> Path:
    folder.mkdir()
    return folder


def _arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="python -m benchmarks", description=__doc__)
    parser.add_argument("names", nargs="*", metavar="name", help=", ".join(NAMES))
    parser.add_argument("--list", action="store_true", help="name the benchmarks")
    parser.add_argument("--tiny", action="store_true", help="only try whether they run")
    parser.add_argument("--folder", type=Path, default=WORK, help="on the disk to be measured")
    asked = parser.parse_args()
    if unknown := sorted(set(asked.names) - set(NAMES)):
        parser.error(f"there is no {unknown[0]}: choose from {', '.join(NAMES)}")
    return asked


if __name__ == "__main__":
    main()
