"""What can be wrong with OBS, each with the fix, in words for a streamer."""

NOT_RUNNING = "not_running"
NOT_OBS = "not_obs"
OLD_PROTOCOL = "old_protocol"
NO_PASSWORD = "no_password"
WRONG_PASSWORD = "wrong_password"
UNSUPPORTED = "unsupported"
SILENT = "silent"
LOST = "lost"
REFUSED = "refused"
NO_BROWSER = "no_browser"
NO_SCENE = "no_scene"

_SWITCH = "In OBS: Tools → WebSocket Server Settings"


class ObsError(Exception):
    """Something that OBS did not do. code: one of the words above. what: one sentence.
    fix: what to do about it. status: the number with which OBS refused a request, else 0."""

    def __init__(self, code: str, what: str, fix: str = "", *, status: int = 0) -> None:
        super().__init__(f"{what}. {fix}" if fix else what)
        self.code, self.what, self.fix, self.status = code, what, fix, status


def not_running(url: str) -> ObsError:
    """Nobody listens there."""
    return ObsError(
        NOT_RUNNING,
        f"OBS does not answer at {url}",
        f"Start OBS. Is it running? Then its WebSocket server is off: {_SWITCH} → "
        "Enable WebSocket server. Another port or computer: [obs] url in giftcast.toml",
    )


def not_obs(url: str) -> ObsError:
    """Somebody listens there who speaks something else."""
    return ObsError(
        NOT_OBS,
        f"What answers at {url} is not OBS",
        f"{_SWITCH} shows the port; write it as [obs] url in giftcast.toml",
    )


def old_protocol(url: str) -> ObsError:
    """A WebSocket that says no Hello: obs-websocket 4."""
    return ObsError(
        OLD_PROTOCOL,
        f"What answers at {url} does not speak version 5 of the OBS protocol",
        "Update OBS to 28 or newer, which brings it along, and remove the old obs-websocket plugin",
    )


def bad_password(*, given: bool) -> ObsError:
    """It asks for a password that we do not have, or have wrong."""
    where = (
        f"{_SWITCH} → Show Connect Info shows it. Put it into giftcast.toml: [obs] password, or "
        "let giftcast read it from OBS's own settings once: --read-obs-settings"
    )
    if given:
        return ObsError(WRONG_PASSWORD, "OBS does not accept this password", where)
    return ObsError(NO_PASSWORD, "OBS asks for a password", where)


def silent(what: str, seconds: float) -> ObsError:
    """No answer in time."""
    return ObsError(
        SILENT,
        f"OBS did not answer {what} within {seconds:g} s",
        "Is a window of OBS waiting for you, or the machine overloaded? Then try again",
    )


def lost() -> ObsError:
    """The connection ended in the middle."""
    return ObsError(LOST, "OBS has closed the connection", "Is it still running? Then try again")


def no_browser() -> ObsError:
    """This OBS was built without its browser."""
    return ObsError(
        NO_BROWSER,
        "This OBS has no browser sources: it was built without them, as the packages of some "
        "Linux distributions are",
        "Install OBS from obsproject.com, from Flathub or (on Ubuntu) from its own PPA",
        status=605,
    )
