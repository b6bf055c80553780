"""People, what they let the application do, and whose a token is (id.twitch.tv/oauth2/validate)."""

from collections.abc import Sequence

from aiohttp import web

from tests.fakes.twitch.faults import Faults
from tests.fakes.twitch.shapes import ALL, Grant, User, error, id_error


class OAuth(Faults):
    """client_secret: empty for an application registered as public.

    moderators, banned: user ids in the channel.
    """

    def __init__(self) -> None:
        super().__init__()
        self.client_id = "giftcast-client"
        self.client_secret = ""
        self.moderators: set[str] = set()
        self.banned: set[str] = set()
        self.grants: list[Grant] = []
        self._users: dict[str, User] = {}
        self.streamer = self.user("streamer", "Streamer")
        self.bot = self.user("giftbot", "GiftBot")

    def routes(self) -> list[web.RouteDef]:
        return [
            *super().routes(),
            web.get("/oauth2/validate", self._guarded(self._validate)),
        ]

    def user(self, login: str, display_name: str = "", image: str = "") -> User:
        """Somebody with an account; image: the address of their profile image."""
        user = User(str(1000 + len(self._users)), login, display_name or login, image)
        self._users[user.id] = user
        return user

    def sign_in(
        self, user: User, scopes: Sequence[str] = ALL, *, expires_in: int = 14_000
    ) -> Grant:
        """Somebody lets the application in."""
        number = next(self._numbers)
        grant = Grant(
            user,
            f"access-secret-{number}",
            f"refresh-secret-{number}%/+",  # real ones hold characters that must be escaped
            tuple(scopes),
            self.client_id,
            expires_in,
        )
        self.grants.append(grant)
        return grant

    async def _validate(self, request: web.Request) -> web.Response:
        # authentication/validate-tokens/
        scheme, _, token = request.headers.get("Authorization", "").partition(" ")
        if not token:
            return id_error(401, "missing authorization token")
        grant = self._grant(token)
        if scheme not in ("OAuth", "Bearer") or grant is None:
            return id_error(401, "invalid access token")
        said: dict[str, object] = {"client_id": grant.client_id, "expires_in": grant.expires_in}
        if grant.is_app:
            return web.json_response(said | {"scopes": []})
        person = {"login": grant.user.login, "user_id": grant.user.id}
        return web.json_response(said | person | {"scopes": list(grant.scopes)})

    def _grant(self, access: str) -> Grant | None:
        return next((one for one in self.grants if one.valid and one.access == access), None)

    # Helix: api/reference/, errors as in api/guide/

    def _who(self, request: web.Request) -> Grant | web.Response:
        scheme, _, token = request.headers.get("Authorization", "").partition(" ")
        if not token:
            return error(401, "OAuth token is missing")
        grant = self._grant(token)
        if scheme != "Bearer" or grant is None:
            return error(401, "Invalid OAuth token")
        if request.headers.get("Client-Id") != grant.client_id:
            return error(401, "Client ID and OAuth token do not match")
        return grant
