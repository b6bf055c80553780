"""Signing in with a browser that goes to Twitch and comes back, for those with a client secret.

dev.twitch.tv/docs/authentication/getting-tokens-oauth/#authorization-code-grant-flow
"""

import base64
import hashlib
import hmac
import secrets
from collections.abc import Callable, Collection
from dataclasses import dataclass, field
from urllib.parse import urlencode

GOOD_S = 600.0
UNDER_WAY_MAX = 20


@dataclass(frozen=True, slots=True)
class Departure:
    """A browser on its way. session: the login session that it has to come back with."""

    account: str
    session: str = field(repr=False)
    verifier: str = field(repr=False)
    until: float


class Redirects:
    """Who was sent to Twitch and is expected back: each once, within ten minutes, in the same
    login session. That is what `state` is for: without it, a link that somebody else made
    could sign their account in here.

    A challenge (PKCE) goes along although Twitch does not check it yet; it costs nothing.
    clock: monotonic, in seconds.
    """

    def __init__(
        self, id_url: str, client_id: str, redirect_url: str, clock: Callable[[], float]
    ) -> None:
        self.redirect_url = redirect_url
        self._id_url = id_url
        self._client_id = client_id
        self._clock = clock
        self._under_way: dict[str, Departure] = {}

    def leave(self, account: str, session: str, scopes: Collection[str]) -> str:
        """Where to send the browser."""
        self._drop_old()
        while len(self._under_way) >= UNDER_WAY_MAX:
            self._under_way.pop(next(iter(self._under_way)))
        state, verifier = secrets.token_urlsafe(32), secrets.token_urlsafe(48)
        until = self._clock() + GOOD_S
        self._under_way[state] = Departure(account, session, verifier, until)
        challenge = base64.urlsafe_b64encode(hashlib.sha256(verifier.encode()).digest())
        query = {
            "client_id": self._client_id,
            "redirect_uri": self.redirect_url,
            "response_type": "code",
            "scope": " ".join(scopes),
            "state": state,
            "force_verify": "true",  # else Twitch takes whoever is signed in there just now
            "code_challenge": challenge.decode().rstrip("="),
            "code_challenge_method": "S256",
        }
        return f"{self._id_url}oauth2/authorize?{urlencode(query)}"

    def expected(self, state: str) -> bool:
        """Whether somebody was sent away with this state and has not come back yet."""
        self._drop_old()
        return state in self._under_way

    def come_back(self, state: str, session: str) -> Departure | None:
        """Who it is that comes back; None when they are not expected in this session."""
        self._drop_old()
        found = self._under_way.get(state)
        if found is None or not hmac.compare_digest(found.session.encode(), session.encode()):
            return None
        return self._under_way.pop(state)

    def _drop_old(self) -> None:
        now = self._clock()
        self._under_way = {
            state: departure
            for state, departure in self._under_way.items()
            if departure.until > now
        }
