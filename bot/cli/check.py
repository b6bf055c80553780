"""`giftcast check`: the doctor. Each finding says what, why and the fix."""

import asyncio
import json
import os
import shutil
import sys
from collections.abc import Iterator
from contextlib import suppress
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Annotated, Any

import apsw
import typer

from bot.avatars import avatar_settings
from bot.backup import verify_file
from bot.called import called
from bot.cli.common import DataOption, ask, folder_of, running_on, say
from bot.discovery import named_platforms
from bot.errors import SettingsError
from bot.obs.settings import SECTION, obs_settings
from bot.offline import SourceKeeper
from bot.running import TOKEN_NAME, Running
from bot.settings import load_settings
from bot.speech import engine_of
from bot.speech.engine import Engine, SpeechError
from bot.speech.settings import speech_settings
from commands import goals, policy
from commands.goals import Goals
from commands.policies import Policies
from data import catalogue
from data.catalogue import Catalogue
from data.documents import FileDocuments
from data.errors import DocumentError, JournalError
from data.sqlite.journal import FILE_NAME
from overlay.themes import FOLDER as THEMES
from overlay.themes import Themes

DISK_MIN = 500_000_000


@dataclass(frozen=True, slots=True)
class Finding:
    """One thing looked at. ok: nothing to do."""

    what: str
    ok: bool
    why: str = ""
    fix: str = ""


def add_to(app: typer.Typer) -> None:
    """Add the command."""
    app.command("check")(check)


def check(
    data: DataOption = None,
    as_json: Annotated[bool, typer.Option("--json", help="For programs.")] = False,
) -> None:
    """Look whether everything is as it should be."""
    findings = [f if not f.ok else Finding(f.what, ok=True) for f in _look(folder_of(data))]
    if as_json:
        say(json.dumps([asdict(finding) for finding in findings]))
    else:
        for finding in findings:
            mark = "ok " if finding.ok else "BAD"
            rest = "" if finding.ok else f": {finding.why} — {finding.fix}"
            say(f"{mark} {finding.what}{rest}")
    if not all(finding.ok for finding in findings):
        sys.stderr.write("giftcast: something needs attention\n")
        raise typer.Exit(1)


def _look(folder: Path) -> Iterator[Finding]:
    place = folder if folder.exists() else folder.parent
    yield Finding(
        f"data folder {folder}",
        os.access(place, os.W_OK),
        "it cannot be written",
        "choose another with --data, or change its rights",
    )
    free = shutil.disk_usage(place if place.exists() else Path.cwd()).free
    yield Finding("room on the disk", free > DISK_MIN, f"{free:,} bytes left", "make room")
    yield from _look_at_settings(folder)
    yield from _look_at_files(folder)
    running = running_on(folder)
    yield from _look_at_sources(folder, running)
    yield Finding("giftcast is running" if running else "giftcast is not running", ok=True)
    if running:
        health = ask(folder, running, "GET", "/healthz")
        yield from _look_at_platforms(health)
        if effects := health["obs"]:
            good = effects["state"] == "connected" and not effects["cause"]
            yield Finding("effects in OBS", good, effects["cause"] or "starting", effects["fix"])
        for problem in health["problems"]:
            yield Finding("edited document", ok=False, why=problem, fix="correct that line")


def _look_at_sources(folder: Path, running: Running | None) -> Iterator[Finding]:
    found: list[dict[str, Any]] = []
    if running:
        found = ask(folder, running, "GET", "/api/v1/sources")
    else:
        with suppress(JournalError, DocumentError, apsw.Error):  # what is damaged is told above
            found = asyncio.run(SourceKeeper(folder).list())
    for source in found:
        if missing := source["missing"]:
            why = f"it shows nothing, for {missing['setting']} is not set"
            fix = called(folder, missing["command"])
            yield Finding(f"source {source['name']}", ok=False, why=why, fix=fix)


def _look_at_platforms(health: dict[str, Any]) -> Iterator[Finding]:
    for name, state in health["platforms"].items():
        details = health["platform_details"][name]
        cause, fix = details["cause"], details["fix"]
        well = not fix if state == "connected" else state != "failed"
        said = f" ({cause})" if cause and well else ""
        why = cause or "it is not connected"
        yield Finding(f"{name}: {state}{said}", well, why, fix or "see the front page")
    for gap in health["gaps"]:
        yield Finding(gap["text"], ok=True)


def _look_at_settings(folder: Path) -> Iterator[Finding]:
    try:
        settings = load_settings(folder)
        names = ", ".join(named_platforms(settings))
        obs_settings(settings.sections.get(SECTION, {}))
        avatar_settings(settings.sections)
        speech = speech_settings(settings.sections)
    except SettingsError as error:
        yield Finding("settings", ok=False, why=str(error), fix="correct giftcast.toml")
        return
    yield Finding(f"settings (chats: {names})", ok=True)
    if engine := engine_of(speech):
        why, fix = engine.missing() or _tried(engine)
        yield Finding(f"speech by {speech.engine}", not why, why, fix)


def _tried(engine: Engine) -> tuple[str, str]:
    """Whether it can say a word: a voice may be missing."""
    try:
        asyncio.run(engine.speak("Hello"))
    except SpeechError as error:
        return str(error), "correct [speech] in giftcast.toml"
    return "", ""


def _look_at_themes(folder: Path) -> Iterator[Finding]:
    own = folder / THEMES
    themes = Themes(own)
    documents = FileDocuments(folder)
    policies = Policies(documents)
    if documents.version(policy.NAME):
        with suppress(DocumentError):  # it is told among the documents
            policies.load()
    for stage in policies.stages():
        themes.wear((policies.of(stage).theme,))
    for problem in themes.problems():
        yield Finding("theme", ok=False, why=problem, fix=f"see {own}, and: giftcast theme list")


def _look_at_files(folder: Path) -> Iterator[Finding]:
    token = folder / TOKEN_NAME
    if token.exists() and os.name == "posix":
        mode = token.stat().st_mode & 0o077
        yield Finding("api-token is private", not mode, "others can read it", f"chmod 600 {token}")
    documents = FileDocuments(folder)
    for name, document in (
        (catalogue.NAME, Catalogue(documents)),
        (policy.NAME, Policies(documents)),
        (goals.NAME, Goals(documents)),
    ):
        if not documents.version(name):
            continue
        try:
            document.load()
            yield Finding(name, ok=True)
        except DocumentError as error:
            yield Finding(name, ok=False, why=str(error), fix="correct that line")
    yield from _look_at_themes(folder)
    if (folder / FILE_NAME).exists():
        try:
            found = verify_file(folder / FILE_NAME).findings
            why = found[0].what if found else ""
        except apsw.Error as error:
            why = str(error)
        yield Finding("journal", not why, why, "restore a backup with giftcast restore")
