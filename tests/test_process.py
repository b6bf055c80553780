"""The program as it is used: started, stopped, killed, asked from a terminal."""

import asyncio
import json
import os
import random
import signal
import socket
import sqlite3
import subprocess
import sys
from collections.abc import AsyncIterator, Sized
from pathlib import Path

import apsw
import pytest
from filelock import FileLock

from bot.offline import SourceKeeper
from bot.running import announce, find_soon, withdraw
from data.errors import DocumentError
from tests.house import faults_of, scale
from tests.page import GIFT_ID, Memory, Page, browsing, until
from tests.process import Client, Giftcast, giftcast, running, surroundings, talking

JOURNAL = "journal.sqlite3"
FIRST_SCREEN_S = 2.0


@pytest.fixture
async def program(tmp_path: Path) -> AsyncIterator[Giftcast]:
    async with running(tmp_path / "data") as started:
        yield started


@pytest.fixture
async def client(program: Giftcast) -> AsyncIterator[Client]:
    async with talking(program) as opened:
        yield opened


# --- start ---


@pytest.mark.alone
async def test_the_first_screen_comes_fast_and_its_links_work(tmp_path: Path) -> None:
    """From nothing to a page on which one can type, by the link on the screen."""
    loop = asyncio.get_running_loop()
    async with running(tmp_path / "data") as program:
        shown_s = loop.time() - program.began
        async with talking(program) as client:
            code = (await program.shows("/login#")).partition("#")[2]
            url = program.address.replace("127.0.0.1", "localhost")
            async with client.session.post(f"{url}/login", json={"code": code}) as answer:
                assert answer.status == 200
            async with client.session.get(f"{url}/chat") as answer:
                assert answer.status == 200
                assert "Simulated chat" in await answer.text()
            took_s = loop.time() - program.began
            async with client.session.get(await program.shows("/o/alerts#")) as answer:
                assert answer.status == 200
        assert shown_s < FIRST_SCREEN_S
        assert took_s < FIRST_SCREEN_S
        private = [program.folder / "api-token", program.folder / "running.json"]
        assert {path.stat().st_mode & 0o077 for path in private} == {0}
        assert program.folder.stat().st_mode & 0o077 == 0


async def test_a_second_start_is_refused_naming_the_first(program: Giftcast) -> None:
    """One clear line with the address; the first is not disturbed."""
    second = giftcast(program.folder, "run", "--no-open", "--port", "0")
    assert second.returncode != 0
    assert program.address.rpartition(":")[2] in second.stderr
    assert str(program.process.pid) in second.stderr
    assert second.stderr.count("\n") == 1
    assert program.process.poll() is None
    assert (program.folder / "running.json").exists()


async def test_of_two_starts_at_once_one_is_refused_naming_the_other(tmp_path: Path) -> None:
    """Also while the other has not said yet where it runs."""
    both = [Giftcast(tmp_path / "data"), Giftcast(tmp_path / "data")]
    await until(lambda: any(each.process.poll() is not None for each in both), within_s=20)
    second, first = sorted(both, key=lambda each: each.process.poll() is None)
    assert second.ended() == 1
    await first.ready()
    said = "".join(second.lines)
    assert first.address.rpartition(":")[2] in said
    assert str(first.process.pid) in said
    assert first.stop()[0] == 0


def test_whoever_is_just_starting_is_waited_for_and_not_for_ever(tmp_path: Path) -> None:
    """An address comes with the first screen; a command that has the books never has one."""
    paused: list[float] = []

    def pause(seconds: float) -> None:
        paused.append(seconds)
        if len(paused) == 3:
            announce(tmp_path, "http://localhost:7878")

    journal = FileLock((tmp_path / JOURNAL).with_suffix(".lock"))
    with journal:
        found = find_soon(tmp_path, pause)
        assert found is not None
        assert (found.pid, len(paused)) == (os.getpid(), 3)
        withdraw(tmp_path)
        assert find_soon(tmp_path, pause) is None
    assert 2 < sum(paused) < 10


async def test_a_crash_whose_number_was_given_to_another_is_no_running_giftcast(
    tmp_path: Path,
) -> None:
    """After a power cut the number in `running.json` may be anybody's, such as this test's."""
    async with running(tmp_path / "data") as program:
        said = json.loads((program.folder / "running.json").read_text())
        program.kill()
    said["pid"] = os.getpid()
    (program.folder / "running.json").write_text(json.dumps(said))
    async with running(tmp_path / "data") as again:
        assert again.process.poll() is None


async def test_a_taken_port_moves_on_until_a_source_exists(tmp_path: Path) -> None:
    """Before the first source any port will do; then the links count, and the holder is named."""
    folder = tmp_path / "data"
    with socket.socket() as holder:
        holder.bind(("127.0.0.1", 0))
        holder.listen()
        port = holder.getsockname()[1]
        words = ("--port", str(port))
        async with running(folder, *words) as program:
            moved = int(program.address.rpartition(":")[2])
            assert moved > port
            async with talking(program) as client:
                await client.add_source()
        async with running(folder, GIFTCAST_SIMULATOR__ENABLED="true") as program:
            pass
        refused = giftcast(folder, "run", "--no-open", *words)
        assert refused.returncode != 0
        assert f"Port {port} is taken by" in refused.stderr
        assert str(os.getpid()) in refused.stderr
        assert refused.stderr.count("\n") == 1
    with socket.socket() as holder:
        holder.bind(("127.0.0.1", moved))
        holder.listen()
        refused = giftcast(folder, "run", "--no-open")
        assert f"Port {moved} is taken by" in refused.stderr


@pytest.mark.parametrize(
    ("settings", "words"),
    [
        ("[twich]\nclient_id = 'x'\n", ["[twich]", "twitch"]),
        ("[server\n", ["giftcast.toml", "line 1"]),
        ("[discord]\nguild_id = '5'\n", ["[discord] token"]),
    ],
)
async def test_settings_that_cannot_be_used_are_refused_in_one_line(
    tmp_path: Path, settings: str, words: list[str]
) -> None:
    """Which key, what is wrong, what to do; no traceback."""
    (tmp_path / "giftcast.toml").write_text(settings)
    refused = giftcast(tmp_path, "run", "--no-open", "--port", "0")
    assert refused.returncode != 0
    assert all(word in refused.stderr for word in words)
    assert refused.stderr.count("\n") == 1


async def test_a_folder_that_cannot_be_used_is_refused_in_one_line(tmp_path: Path) -> None:
    """A file in its place, or a damaged journal."""
    (tmp_path / "file").write_text("x")
    refused = giftcast(tmp_path / "file", "run", "--no-open", "--port", "0")
    assert refused.returncode != 0
    assert refused.stderr.startswith("giftcast: ")
    assert refused.stderr.count("\n") == 1
    (tmp_path / JOURNAL).write_bytes(b"no journal at all" * 1_000)
    refused = giftcast(tmp_path, "run", "--no-open", "--port", "0")
    assert refused.returncode != 0
    assert JOURNAL in refused.stderr
    assert refused.stderr.count("\n") == 1


# --- stop ---

INTERRUPTED = """
import os, signal, sys

class Interrupting:
    def find_spec(self, name, path=None, target=None):
        if name == os.environ["INTERRUPT_AT"]:
            sys.meta_path.remove(self)
            os.kill(os.getpid(), signal.SIGINT)

sys.meta_path.insert(0, Interrupting())
signal.signal(signal.SIGINT, signal.default_int_handler)  # a shell's background jobs ignore it
from bot.__main__ import main
main()
"""


@pytest.mark.parametrize(("amid", "status"), [("bot.cli", -signal.SIGINT), ("bot.start", 0)])
def test_an_end_while_it_loads_is_quiet(tmp_path: Path, amid: str, status: int) -> None:
    """Ctrl-C in the first moments is an end like any other, and no fault."""
    words = ["run", "--no-open", "--port", "0", "--data", str(tmp_path / "data")]
    ended = subprocess.run(
        [sys.executable, "-c", INTERRUPTED, *words],
        env=surroundings(INTERRUPT_AT=amid),
        cwd=Path(__file__).parent.parent,
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )
    assert ended.returncode == status
    assert "Traceback" not in ended.stderr


@pytest.mark.alone
@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGINT])
async def test_stopping_is_quick_and_loses_nothing(tmp_path: Path, number: signal.Signals) -> None:
    """With gifts under way and pages open: status 0, under two seconds, every answer kept."""
    async with running(tmp_path / "data") as program, talking(program) as client:
        token = await client.add_source()
        async with browsing(program.address) as browser:
            page = await browser.open(token, memory := Memory())
            storm = Storm(client, random.Random(5))
            storm.begin()
            await until(lambda: len(storm.accepted) >= 20)
            status, took_s = await asyncio.to_thread(program.stop, number)
            await storm.end()
            await page.ended()
    assert status == 0
    assert took_s < 2
    assert not (program.folder / "running.json").exists()
    assert faults_of(program.folder / JOURNAL) == []
    assert set(storm.accepted.values()) <= gifts_of(program.folder)
    async with running(tmp_path / "data") as program, browsing(program.address) as browser:
        page = await browser.open(token, memory)
        await shows_all(page, program.folder)


# --- kill ---


class Storm:
    """Viewers who send roses as fast as they are answered, each line until it is."""

    def __init__(self, client: Client, chance: random.Random) -> None:
        self.client = client
        self.accepted: dict[str, str] = {}
        self.unanswered: dict[str, str] = {}
        self._chance = chance
        self._tasks: list[asyncio.Task[None]] = []

    def begin(self, senders: int = 6) -> None:
        waiting = list(self.unanswered.items())
        self._tasks = [
            asyncio.create_task(self._send(f"viewer{i}", waiting[i::senders]))
            for i in range(senders)
        ]

    async def end(self) -> None:
        for task in self._tasks:
            task.cancel()
        done = await asyncio.gather(*self._tasks, return_exceptions=True)
        assert not [e for e in done if isinstance(e, Exception)]

    async def again(self) -> None:
        """Send what was never answered once more, under the same ids."""
        for key, viewer in list(self.unanswered.items()):
            assert await self._one(key, viewer)

    async def _send(self, viewer: str, waiting: list[tuple[str, str]]) -> None:
        for key, by in waiting:
            if not await self._one(key, by):
                return
        while await self._one(f"{self._chance.getrandbits(64):016x}", viewer):
            pass

    async def _one(self, key: str, viewer: str) -> bool:
        self.unanswered[key] = viewer
        said = await self.client.say(key, "!gift rose", viewer)
        if said is None:
            return False
        assert said["ok"], said
        found = GIFT_ID.search(said["reply"])
        assert found
        self.accepted[key] = found.group()
        del self.unanswered[key]
        return True


def gifts_of(folder: Path) -> set[str]:
    """The ids of all gifts in a journal at rest, read without our own code."""
    db = apsw.Connection(str(folder / JOURNAL), flags=apsw.SQLITE_OPEN_READONLY)
    found = db.execute(
        "SELECT seq, lower(hex(substr(hash, 1, 2))) FROM txn WHERE kind = 'gift'"
    ).fetchall()
    db.close()
    return {f"{seq}-{digest}" for seq, digest in found}


async def shows_all(page: Page, folder: Path) -> None:
    """Wait until a page has shown every gift there is, each once, and all is confirmed."""
    gifts = gifts_of(folder)
    await page.until(lambda: set(page.memory.painted) >= gifts, within_s=20)
    await page.until(lambda: not page.memory.open, within_s=20)
    assert len(page.memory.painted) == len(gifts)


async def grown(watched: Sized, more: int) -> None:
    """Wait until there are so many more of them."""
    enough = len(watched) + more
    await until(lambda: len(watched) >= enough)


async def killed_at_random(folder: Path, trials: int, chance: random.Random) -> int:
    """Kill it again and again while gifts flow; how many gifts there were in the end."""
    memory, storm, token = Memory(), None, ""
    for _ in range(trials):
        async with running(folder) as program, talking(program) as client:
            token = token or await client.add_source()
            storm = storm or Storm(client, chance)
            storm.client = client
            async with browsing(program.address) as browser:
                page = await browser.open(token, memory)
                storm.begin()
                watched: Sized = chance.choice((storm.accepted, memory.painted))
                await grown(watched, chance.randrange(30))
                program.kill()
                await storm.end()
                await page.ended()
        assert faults_of(folder / JOURNAL) == []
        assert set(storm.accepted.values()) <= gifts_of(folder)
    async with running(folder) as program, talking(program) as client:
        assert storm is not None
        storm.client = client
        async with browsing(program.address) as browser:
            page = await browser.open(token, memory)
            await storm.again()
            await shows_all(page, folder)
    assert set(storm.accepted.values()) == gifts_of(folder)
    return len(storm.accepted)


async def test_kill_9_at_random_moments_loses_and_makes_nothing(disk: Path) -> None:
    """No accepted gift lost, no coin made, no file unreadable, and each gift shown once."""
    for number in range(scale(1, 50)):
        folder = disk / str(number)
        gifts = await killed_at_random(folder, 20, random.Random(number))
        verified = giftcast(folder, "ledger", "verify")
        assert verified.returncode == 0, verified.stdout
        db = sqlite3.connect(f"file:{folder / JOURNAL}?mode=ro", uri=True)
        spent = db.execute("SELECT balance FROM account WHERE kind = 'spent'").fetchone()[0]
        db.close()
        assert spent == gifts


async def test_kill_9_before_it_is_up_harms_nothing(disk: Path) -> None:
    """Also on the very first start, while the journal is being made."""
    folder = disk / "before"
    chance = random.Random(1)
    for _ in range(scale(6, 60)):
        program = Giftcast(folder)
        names = ["journal.lock", JOURNAL, f"{JOURNAL}-wal", "policy.json", "api-token"]
        await until((folder / chance.choice(names)).exists)
        await asyncio.sleep(chance.random() / 20)  # some moment or other
        program.kill()
    async with running(folder) as program, talking(program) as client:
        assert (await client.say("1", "!gift rose"))["ok"]


# --- the command line ---


@pytest.mark.alone
async def test_sources_while_it_runs(program: Giftcast) -> None:
    """add, list, rotate and remove talk to the running program."""
    added = giftcast(program.folder, "source", "add", "alerts", "--name", "Main scène")
    assert added.returncode == 0, added.stderr
    url = added.stdout.strip()
    assert url.startswith(f"{program.address}/o/alerts#")
    async with browsing(program.address) as browser:
        page = await browser.open(url.partition("#")[2])
        listed = giftcast(program.folder, "source", "list")
        assert listed.stdout == "Main scène\talerts\tmain\tonline\n"
        rotated = giftcast(program.folder, "source", "rotate", "Main scène")
        assert rotated.stdout.startswith(url.partition("#")[0])
        assert rotated.stdout.strip() != url
        await page.ended(within_s=1)
    removed = giftcast(program.folder, "source", "remove", "Main scène")
    assert removed.stdout == "Removed Main scène; gifts given back: 0\n"
    refused = giftcast(program.folder, "source", "rotate", "nosuch")
    assert refused.returncode != 0
    assert refused.stderr == "giftcast: there is no such source. See: giftcast source list\n"


async def test_settings_of_a_source(program: Giftcast) -> None:
    """Said in one line each; a refusal names what is allowed."""
    giftcast(program.folder, "source", "add", "alerts")
    done = giftcast(program.folder, "source", "set", "alerts", "volume=0.4", "calm=yes")
    assert [line.partition("\t")[0] for line in done.stdout.splitlines()] == [
        "volume = 0.4",
        "calm = true",
    ]
    told = giftcast(program.folder, "source", "settings", "alerts").stdout
    assert "volume = 0.4\tSound volume\ta number from 0 to 1; at first 0.7\n" in told
    refused = giftcast(program.folder, "source", "set", "alerts", "side=top")
    assert refused.returncode != 0
    assert refused.stderr.startswith("giftcast: side: one of left, right, not 'top'")
    refused = giftcast(program.folder, "source", "set", "alerts", "side")
    assert refused.stderr.startswith("giftcast: 'side' is no change: write NAME=VALUE")


async def test_sources_while_nothing_runs(tmp_path: Path) -> None:
    """A link made beforehand works once it runs, on the port that it names."""
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = str(free.getsockname()[1])
    settings = {"GIFTCAST_SERVER__PORT": port}
    url = giftcast(tmp_path, "source", "add", "alerts", **settings).stdout.strip()
    assert url.startswith(f"http://127.0.0.1:{port}/o/alerts#")
    assert giftcast(tmp_path, "source", "list").stdout == "alerts\talerts\tmain\toffline\n"
    fresh = giftcast(tmp_path, "source", "rotate", "alerts", **settings).stdout.strip()
    told = giftcast(tmp_path, "source", "set", "alerts", "volume=0.4", "calm=").stdout
    assert [line.partition("\t")[0] for line in told.splitlines()] == [
        "volume = 0.4",
        "calm = false",
    ]
    refused = giftcast(tmp_path, "source", "remove", "alerts")
    assert (refused.returncode != 0, "giftcast run" in refused.stderr) == (True, True)
    for name in ("alerts", "preview"):
        with pytest.raises(DocumentError, match="choose another"):
            await SourceKeeper(tmp_path).add("alerts", name, "main")
    async with running(tmp_path, "--port", port) as program, browsing(program.address) as browser:
        await browser.open(fresh.partition("#")[2])
        old = await browser.open(url.partition("#")[2], greets=False)
        assert await old.ended() == 4401


async def test_login_backup_check_and_restore(program: Giftcast, client: Client) -> None:
    """The rest of a streamer's terminal, on one running program and after it."""
    folder = program.folder
    await client.add_source()
    assert (await client.say("1", "!gift rose 5"))["ok"]
    link = giftcast(folder, "login").stdout.strip()
    url, _, code = link.partition("#")
    assert url == f"{program.address.replace('127.0.0.1', 'localhost')}/login"
    async with client.session.post(url, json={"code": code}) as answer:
        assert answer.status == 200
    findings = json.loads(giftcast(folder, "check", "--json").stdout)
    assert all(finding["ok"] for finding in findings)
    assert not [f for f in findings if f["why"] or f["fix"]]
    taken = giftcast(folder, "backup")
    copy = Path(taken.stdout.strip())
    assert faults_of(copy / JOURNAL) == []
    assert (await client.say("2", "!gift rose 5"))["ok"]
    refused = giftcast(folder, "restore", str(copy))
    assert refused.returncode != 0
    assert "stop the giftcast" in refused.stderr
    verified = giftcast(folder, "ledger", "verify")
    assert (verified.returncode, "All is well" in verified.stdout) == (0, True)
    assert program.stop()[0] == 0
    before = gifts_of(folder)
    restored = giftcast(folder, "restore", str(copy))
    assert restored.returncode == 0, restored.stderr
    assert len(before) == 2
    assert len(gifts_of(folder)) == 1


async def test_verify_finds_tampering(tmp_path: Path) -> None:
    """Whoever changes the file behind our back is found out, by name of the place."""
    async with running(tmp_path) as program, talking(program) as client:
        assert (await client.say("1", "!gift rose 5"))["ok"]
    db = sqlite3.connect(tmp_path / JOURNAL)
    for (name,) in db.execute("SELECT name FROM sqlite_master WHERE type = 'trigger'"):
        db.execute(f"DROP TRIGGER {name}")
    db.execute("UPDATE account SET balance = balance + 100 WHERE kind = 'wallet'")
    db.commit()
    db.close()
    found = giftcast(tmp_path, "ledger", "verify")
    assert found.returncode != 0
    assert "wallet" in found.stdout
    assert found.stderr.splitlines()[-1].startswith("giftcast: the books do not add up")


async def test_the_doctor_names_what_is_wrong(tmp_path: Path) -> None:
    """What, why and the fix, and a status that programs understand."""
    (tmp_path / "giftcast.toml").write_text("[twich]\n")
    (tmp_path / "catalogue.json").write_text("{")
    (tmp_path / "api-token").write_text("x")
    (tmp_path / "api-token").chmod(0o644)
    found = giftcast(tmp_path, "check", "--json")
    assert found.returncode != 0
    bad = {f["what"]: f for f in json.loads(found.stdout) if not f["ok"]}
    assert {"settings", "catalogue", "api-token is private"} <= set(bad)
    assert all(f["why"] and f["fix"] for f in bad.values())
    assert found.stderr == "giftcast: something needs attention\n"
