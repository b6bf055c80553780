"""Helix: people by name or id."""

from aiohttp import web

from tests.fakes.twitch.oauth import OAuth
from tests.fakes.twitch.shapes import error, profile


class Helix(OAuth):
    def routes(self) -> list[web.RouteDef]:
        return [*super().routes(), web.get("/helix/users", self._guarded(self._get_users))]

    async def _get_users(self, request: web.Request) -> web.Response:
        # api/reference/#get-users
        grant = self._who(request)
        if isinstance(grant, web.Response):
            return grant
        ids, logins = request.query.getall("id", []), request.query.getall("login", [])
        if set(request.query) - {"id", "login"} or len(ids) + len(logins) > 100:
            return error(400, "Too many or unknown parameters")
        if any(not login.replace("_", "").isalnum() for login in logins):
            return error(400, "Invalid username(s), email(s), or ID(s). Bad Identifiers.")
        found = [user for user in self._users.values() if user.id in ids or user.login in logins]
        return web.json_response(
            {"data": [profile(user) for user in (found if ids or logins else [grant.user])]}
        )
