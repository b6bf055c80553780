"""id.twitch.tv: people, what they let the application do, and who is asking."""

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
            web.post("/oauth2/token", self._guarded(self._token)),
        ]

    def user(self, login: str, display_name: str = "") -> User:
        """Somebody with an account."""
        user = User(str(1000 + len(self._users)), login, display_name or login)
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
        return web.json_response(
            {
                "client_id": grant.client_id,
                "login": grant.user.login,
                "scopes": list(grant.scopes),
                "user_id": grant.user.id,
                "expires_in": grant.expires_in,
            }
        )

    async def _token(self, request: web.Request) -> web.Response:
        # authentication/refresh-tokens/, errors as in authentication/getting-tokens-oauth/
        given = {**request.query, **await request.post()}
        if given.get("client_id") != self.client_id:
            return id_error(400, "invalid client")
        if given.get("grant_type") != "refresh_token":
            return id_error(400, "unsupported grant type")
        if self.client_secret and "client_secret" not in given:
            return id_error(400, "missing client secret")
        if given.get("client_secret", "") != self.client_secret:
            return id_error(403, "invalid client secret")
        if not given.get("refresh_token"):
            return id_error(400, "missing refresh token")
        old = next((one for one in self.grants if one.refresh == given["refresh_token"]), None)
        if old is None:
            return id_error(400, "Invalid refresh token")
        fresh = self.sign_in(old.user, old.scopes)
        old.valid = False
        if not self.client_secret:
            old.refresh = ""  # a public client's refresh token works once
        return web.json_response(
            {
                "access_token": fresh.access,
                "expires_in": fresh.expires_in,
                "refresh_token": fresh.refresh,
                "scope": list(fresh.scopes),
                "token_type": "bearer",
            }
        )

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
