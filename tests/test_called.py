"""What people are told to type can be typed: as they started the program, about their folder."""

import sys
from pathlib import Path

import pytest
from aiohttp import ClientSession

from bot.called import called
from tests.page import open_app

HERE = str(Path(".venv", "bin", "giftcast"))


@pytest.mark.parametrize(
    ("started_as", "command"),
    [
        (HERE, HERE),
        ("giftcast", "giftcast"),
        (str(Path("bot", "__main__.py")), "giftcast"),
    ],
)
def test_a_command_is_told_as_it_was_called(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path, started_as: str, command: str
) -> None:
    monkeypatch.setattr(sys, "argv", [started_as, "run"])
    monkeypatch.setenv("GIFTCAST_DATA", str(tmp_path))
    assert called(tmp_path, "obs setup") == f"{command} obs setup"
    assert called(tmp_path / "other", "login") == f"{command} login --data {tmp_path / 'other'}"


async def test_pages_tell_what_can_be_typed(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.setattr(sys, "argv", [HERE, "run"])
    async with open_app(tmp_path) as app, ClientSession() as session:
        headers = {"Authorization": f"Bearer {app.api_token}"}
        for path, words in (("/", "obs setup"), ("/", "backup"), ("/login", "login")):
            async with session.get(app.address(path), headers=headers) as answer:
                told = await answer.text()
            assert f"<code>{called(tmp_path, words)}</code>" in told, path
            assert f"{HERE} {words}" in told, path
