"""What the commands share: the data folder, and talking to a running giftcast."""

import json
import os
import sys
from pathlib import Path
from typing import Annotated, Any, NoReturn
from urllib.error import HTTPError, URLError
from urllib.request import ProxyHandler, Request, build_opener

import typer

from bot.called import called
from bot.running import Running, api_token, find_running
from bot.settings import data_folder
from overlay.source_settings import Missing

DataOption = Annotated[
    Path | None,
    typer.Option("--data", help="The data folder (or GIFTCAST_DATA).", show_default=False),
]


def folder_of(given: Path | None) -> Path:
    """The data folder that is meant."""
    return data_folder(given, os.environ)


def lacking(folder: Path, source: str, missing: Missing) -> str:
    """One line: what a source cannot do without, and what to type."""
    fix = called(folder, missing.command)
    return f"“{source}” shows nothing, for {missing.setting} is not set: {fix}"


def fail(text: str) -> NoReturn:
    """One clear line, and a status other than 0."""
    sys.stderr.write(f"giftcast: {text}\n")
    raise typer.Exit(1)


def say(text: str) -> None:
    """One line of an answer."""
    sys.stdout.write(f"{text}\n")


def hint(text: str) -> None:
    """One line beside an answer, for people: whoever reads the answer does not get it."""
    sys.stderr.write(f"{text}\n")


def running_on(folder: Path) -> Running | None:
    """The giftcast that is running on the folder."""
    return find_running(folder)


def ask(folder: Path, running: Running, method: str, path: str, body: Any = None) -> Any:
    """Ask the running giftcast; its refusal becomes our one line."""
    request = Request(  # noqa: S310 - the address is our own, from our own file
        running.address + path,
        method=method,
        data=None if body is None else json.dumps(body).encode(),
        headers={
            "Authorization": f"Bearer {api_token(folder)}",
            "Content-Type": "application/json",
        },
    )
    try:
        with build_opener(ProxyHandler({})).open(request, timeout=120) as answer:
            return json.loads(answer.read())
    except HTTPError as refusal:
        fail(words_of(refusal))
    except (URLError, TimeoutError, OSError) as error:
        fail(f"the giftcast at {running.address} does not answer ({error})")


def words_of(refusal: HTTPError) -> str:
    """What it said is wrong, and the fix."""
    try:
        said = json.loads(refusal.read())
        return f"{said['error'].rstrip('.')}. {said['fix']}".strip()
    except (ValueError, KeyError, TypeError):
        return f"it answered {refusal.code} {refusal.reason}"
