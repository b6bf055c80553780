"""How OBS is reached: by the settings, or, when that is allowed, by OBS's own."""

from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager

from bot.obs.errors import NO_PASSWORD, NOT_RUNNING, WRONG_PASSWORD, ObsError
from bot.obs.local import Found, is_near, obs_runs, read_obs_settings
from bot.obs.settings import DEFAULT_URL, ObsSettings
from bot.obs.studio import Connection


class Reach:
    """Connects to OBS.

    read: looks at OBS's own settings; asked only when `read_obs_settings` allows it.
    runs: whether OBS runs on this machine; asked when it does not answer.
    """

    def __init__(
        self,
        settings: ObsSettings,
        *,
        read: Callable[[], Found | None] = read_obs_settings,
        runs: Callable[[], bool] = obs_runs,
    ) -> None:
        self._settings, self._read, self._runs = settings, read, runs

    @asynccontextmanager
    async def __call__(self) -> AsyncIterator[Connection]:
        """A connection that is closed again. Raises `ObsError` that knows what is wrong."""
        # the library is loaded by those who use it
        from bot.obs.connection import connected  # noqa: PLC0415

        found = self._read() if self._settings.read_obs_settings else None
        url, password = self._settings.url, self._settings.password
        if found and url == DEFAULT_URL:
            url = found.url
        if found and not password:
            password = found.password
        try:
            async with connected(url, password) as connection:
                yield connection
        except ObsError as error:
            raise self._explained(error, url, found) from None

    def _explained(self, error: ObsError, url: str, found: Found | None) -> ObsError:
        if error.code in (NO_PASSWORD, WRONG_PASSWORD) and self._settings.read_obs_settings:
            where = (
                f"It is not the one in {found.path}" if found else "OBS's settings were not found"
            )
            return ObsError(error.code, error.what, f"{where}. {error.fix}")
        if error.code != NOT_RUNNING or not is_near(url):
            return error
        if found and not found.enabled:
            what = "The WebSocket server of OBS is off, as its settings say"
        elif self._runs():
            what = f"OBS is running, but its WebSocket server does not answer at {url}"
        else:
            return ObsError(NOT_RUNNING, "OBS is not running", f"Start it. {_SWITCHED_ON}")
        return ObsError(NOT_RUNNING, what, _SWITCH)


_SWITCH = (
    "In OBS: Tools → WebSocket Server Settings → Enable WebSocket server. The port stands there "
    "too; if it is not 4455, write it as [obs] url in giftcast.toml"
)
_SWITCHED_ON = (
    "Its WebSocket server must be on too: Tools → WebSocket Server Settings → Enable WebSocket "
    "server"
)
