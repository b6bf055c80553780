"""All layers behind one port."""

from typing import Self

from aiohttp import web

from tests.fakes.twitch.audience import Audience
from tests.fakes.twitch.conduits import Conduits
from tests.fakes.twitch.happenings import Happenings
from tests.fakes.twitch.helix import Helix
from tests.fakes.twitch.points import Points
from tests.fakes.twitch.signing import Signing


class TwitchStandIn(Conduits, Helix, Signing, Happenings, Points, Audience):
    """Use it as an async context manager; `settings` points a platform at it."""

    async def __aenter__(self) -> Self:
        app = web.Application()
        app.add_routes(self.routes())
        self._runner = web.AppRunner(app, shutdown_timeout=0.1, access_log=None)
        await self._runner.setup()
        self._site = web.TCPSite(self._runner, "127.0.0.1", 0)
        await self._site.start()
        self._port = self._runner.addresses[0][1]
        return self

    async def __aexit__(self, *_: object) -> None:
        self.release_sends()
        for gate in self._held.values():
            gate.set()
        await self._site.stop()  # first: whoever is hung up on calls again at once
        await self.hang_up()
        await self._runner.cleanup()

    @property
    def settings(self) -> dict[str, object]:
        """The section `[twitch]`, without tokens."""
        base = f"http://127.0.0.1:{self._port}"
        return {
            "client_id": self.client_id,
            "client_secret": self.client_secret,
            "channel": self.streamer.login,
            "helix_url": f"{base}/helix/",
            "id_url": f"{base}/",
            "eventsub_url": f"ws://127.0.0.1:{self._port}/ws",
        }
