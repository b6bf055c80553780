"""Settings: one small file, the environment over it, and refusals that name the fix."""

import asyncio
from dataclasses import replace
from pathlib import Path

import pytest
from aiohttp import ClientSession

from bot.cli.screen import show_first_screen
from bot.discovery import named_platforms
from bot.errors import SettingsError
from bot.settings import DEFAULT_PORT, data_folder, load_settings
from tests.page import message, open_app


def written(folder: Path, text: str) -> Path:
    (folder / "giftcast.toml").write_text(text, encoding="utf-8")
    return folder


def test_no_file_means_a_trial_on_this_machine(tmp_path: Path) -> None:
    """Nothing has to be set to begin."""
    settings = load_settings(tmp_path, {})
    assert (settings.server.host, settings.server.port) == ("127.0.0.1", DEFAULT_PORT)
    assert not settings.server.chosen
    assert named_platforms(settings) == ["simulator"]


def test_the_file_is_read_and_the_environment_stands_above_it(tmp_path: Path) -> None:
    """Every key also as GIFTCAST_<SECTION>__<KEY>."""
    written(tmp_path, '[server]\nport = 8000\n[discord]\ntoken = "of the file"\nguild_id = 5\n')
    given = {
        "GIFTCAST_SERVER__PORT": "8001",
        "GIFTCAST_DISCORD__TOKEN": "of the environment",
        "GIFTCAST_DATA": "elsewhere",
        "OTHER__KEY": "x",
    }
    settings = load_settings(tmp_path, given)
    assert (settings.server.port, settings.server.chosen) == (8001, True)
    assert settings.sections == {"discord": {"token": "of the environment", "guild_id": 5}}


def test_lists_and_tables_may_come_from_the_environment_as_json(tmp_path: Path) -> None:
    """And what only looks like it stays text."""
    given = {
        "GIFTCAST_DISCORD__CHANNEL_IDS": '["1", "2"]',
        "GIFTCAST_DISCORD__TOKEN": "[not json",
        "GIFTCAST_PAYMENTS__KOFI__VERIFICATION_TOKEN": "t",
    }
    sections = load_settings(tmp_path, given).sections
    assert sections["discord"] == {"channel_ids": ["1", "2"], "token": "[not json"}
    assert sections["payments"] == {"kofi": {"verification_token": "t"}}


@pytest.mark.parametrize(
    ("text", "names"),
    [
        ("[discord]\ntoken='x'\n", ["discord"]),
        ("[discord]\ntoken='x'\n[simulator]\nenabled=true\n", ["discord", "simulator"]),
        ("[discord]\ntoken='x'\nenabled=false\n", ["simulator"]),
        ("[simulator]\nenabled=false\n", []),
        ("[discord]\n", ["simulator"]),
        ("[twitch]\nclient_id='x'\n[discord]\ntoken='x'\n", ["discord", "twitch"]),
    ],
)
def test_the_settings_name_the_platforms(tmp_path: Path, text: str, names: list[str]) -> None:
    """With a real one, the simulated chat only when asked for."""
    assert named_platforms(load_settings(written(tmp_path, text), {})) == names


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("[server\n", ["giftcast.toml", "line 1"]),
        ("port = 5\n", ["port", "[server]"]),
        ("[server]\nport = 70000\n", ["[server] port"]),
        ("[server]\nport = 'x'\n", ["[server] port"]),
        ("[server]\nhots = 'x'\n", ["[server] hots"]),
        ("[server]\nhost = '::'\n", ["'::'", "this machine only", "127.0.0.1"]),
        ("[server]\nhost = '192.168.1.5'\n", ["this machine only"]),
        ("[server]\nhost = ''\n", ["this machine only"]),
        ("[journal]\nurl = 'postgresql://x'\n", ["[journal] url"]),
        ("[twich]\nclient_id = 'x'\n", ["[twich]", "twitch"]),
        ("server = 5\n", ["server"]),
    ],
)
def test_what_cannot_be_used_is_refused_with_its_place(
    tmp_path: Path, text: str, words: list[str]
) -> None:
    """The key, the fault and what to write instead, in one line."""
    with pytest.raises(SettingsError) as refused:
        named_platforms(load_settings(written(tmp_path, text), {}))
    assert all(word in str(refused.value) for word in words)
    assert "\n" not in str(refused.value)


def test_text_that_is_not_utf_8_is_refused(tmp_path: Path) -> None:
    """An editor may have saved it otherwise."""
    (tmp_path / "giftcast.toml").write_bytes(b"[server]\n# caf\xe9\n")
    with pytest.raises(SettingsError, match=r"giftcast\.toml"):
        load_settings(tmp_path, {})


def test_a_byte_order_mark_does_no_harm(tmp_path: Path) -> None:
    """Windows editors write one."""
    (tmp_path / "giftcast.toml").write_bytes(b"\xef\xbb\xbf[server]\nport = 8000\n")
    assert load_settings(tmp_path, {}).server.port == 8000


def test_the_environment_cannot_turn_a_value_into_a_section(tmp_path: Path) -> None:
    """A clash between file and environment is refused, by the variable's name."""
    written(tmp_path, "[discord]\ntoken = 'x'\n")
    with pytest.raises(SettingsError, match="GIFTCAST_DISCORD__TOKEN__MORE"):
        load_settings(tmp_path, {"GIFTCAST_DISCORD__TOKEN__MORE": "x"})


def test_where_the_data_is(tmp_path: Path) -> None:
    """Given, else from the environment, else the system's usual place."""
    there = {"GIFTCAST_DATA": str(tmp_path / "there")}
    assert data_folder(tmp_path / "here", there) == tmp_path / "here"
    assert data_folder(None, there) == tmp_path / "there"
    assert data_folder(None, {}).is_absolute()


async def test_a_platform_that_is_set_up_wrongly_is_refused_at_the_start(tmp_path: Path) -> None:
    """Not some hours later."""
    with pytest.raises(SettingsError, match=r"\[discord\]"):
        async with asyncio.timeout(5), open_app(tmp_path, {"discord": {"guild_id": "5"}}):
            pass


@pytest.mark.parametrize("real", [False, True])
async def test_only_a_trial_is_called_one(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], real: bool
) -> None:
    """On the first screen, the front page and the chat page: coins of people from a real chat
    are no play coins, whichever chats are on now."""
    if real:
        async with open_app(tmp_path) as app:
            heard = replace(message(app, "!balance"), platform="discord")
            await app.desk.hear(heard)
    async with open_app(tmp_path) as app, ClientSession() as session:
        show_first_screen(app)
        told = [capsys.readouterr().out.partition("is running")[2].partition(")")[0]]
        for path in ("/", "/chat"):
            headers = {"Authorization": f"Bearer {app.api_token}", "Accept": "text/html"}
            async with session.get(app.address(path), headers=headers) as answer:
                told.append(await answer.text())
        assert ["a trial" in told[0], "This is a trial" in told[1]] == [not real] * 2
        assert f'"trial":{str(not real).lower()}' in told[2].replace(" ", "")
        beside = {**app.platforms, "discord": app.platforms["simulator"]}
        show_first_screen(replace(app, platforms=beside, trial=False))
        assert "is running (live, and simulated chat" in capsys.readouterr().out
