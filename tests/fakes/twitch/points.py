"""Channel points: custom rewards, what viewers redeem, and what becomes of it.

api/reference/#create-custom-rewards and the five that follow it there.
"""

from dataclasses import dataclass, field
from typing import Any

from aiohttp import web

from tests.fakes.twitch.eventsub import EventSub
from tests.fakes.twitch.shapes import Grant, User, error, now

MANAGE = "channel:manage:redemptions"
REWARDS_MAX = 50
REWARDS = "/helix/channel_points/custom_rewards"
REDEMPTIONS = f"{REWARDS}/redemptions"
_EVENT = "channel.channel_points_custom_reward_redemption"


@dataclass
class Reward:
    """A custom reward. client_id: of the application that made it; empty for the streamer."""

    id: str
    title: str
    cost: int
    client_id: str
    is_enabled: bool = True
    skips_queue: bool = False
    asks_for_text: bool = False


@dataclass
class Redemption:
    """Somebody spent points. changes: the states it was given, one after the other."""

    id: str
    user: User
    reward: Reward
    title: str
    cost: int
    redeemed_at: str
    status: str = "UNFULFILLED"
    changes: list[str] = field(default_factory=list)


class Points(EventSub):
    """affiliated: whether the channel has points at all.

    spent: the points each viewer (by id) is without. page: redemptions in one answer.
    also_listed: ids of redemptions that a list shows as waiting though they are decided.
    """

    def __init__(self) -> None:
        super().__init__()
        self.affiliated = True
        self.page = 50
        self.also_listed: list[str] = []
        self.spent: dict[str, int] = {}
        self.rewards: dict[str, Reward] = {}
        self.redemptions: dict[str, Redemption] = {}

    def routes(self) -> list[web.RouteDef]:
        return [
            *super().routes(),
            web.post(REWARDS, self._guarded(self._create_reward)),
            web.get(REWARDS, self._guarded(self._get_rewards)),
            web.patch(REWARDS, self._guarded(self._change_reward)),
            web.get(REDEMPTIONS, self._guarded(self._get_redemptions)),
            web.patch(REDEMPTIONS, self._guarded(self._change_redemptions)),
        ]

    # what a test does

    def reward(self, title: str, cost: int = 100, *, client_id: str = "") -> Reward:
        """Somebody else's reward, unless it is made under our client id."""
        made = Reward(self._uuid(), title, cost, client_id)
        self.rewards[made.id] = made
        return made

    def reward_named(self, title: str) -> Reward | None:
        return next((one for one in self.rewards.values() if one.title == title), None)

    async def redeem(self, user: User, reward: Reward, *, unheard: bool = False) -> Redemption:
        """A viewer spends points. unheard: nobody is told."""
        made = Redemption(self._uuid(), user, reward, reward.title, reward.cost, now())
        if reward.skips_queue:
            made.status = "FULFILLED"
        self.redemptions[made.id] = made
        self.spent[user.id] = self.spent.get(user.id, 0) + made.cost
        if not unheard:
            await self.happen(f"{_EVENT}.add", self._redemption_event(made), made.id)
        return made

    async def decide(self, redemption: Redemption, status: str) -> None:
        """A moderator decides in Twitch's own queue."""
        await self._decide(redemption, status)

    # Helix

    def _points_of(self, request: web.Request) -> Grant | web.Response:
        grant = self._who(request)
        if isinstance(grant, web.Response):
            return grant
        if request.query.get("broadcaster_id") != grant.user.id:
            return error(401, "The ID in broadcaster_id must match the user ID in the token")
        if MANAGE not in grant.scopes:
            return error(401, f"Missing scope: {MANAGE}")
        if not self.affiliated:
            return error(403, "channel points are not available for the broadcaster")
        return grant

    async def _create_reward(self, request: web.Request) -> web.Response:
        # api/reference/#create-custom-rewards
        grant = self._points_of(request)
        if isinstance(grant, web.Response):
            return grant
        body = await request.json()
        title, cost = body.get("title", ""), body.get("cost", 0)
        if not 1 <= len(title) <= 45 or cost < 1:
            return error(400, "The title or the cost is not valid")
        if len(self.rewards) >= REWARDS_MAX:
            return error(400, "CREATE_CUSTOM_REWARD_TOO_MANY_REWARDS")
        if self._taken(title):
            return error(400, "CREATE_CUSTOM_REWARD_DUPLICATE_REWARD")
        made = self.reward(title, cost, client_id=grant.client_id)
        _apply(made, body)
        return web.json_response({"data": [self._reward_row(made)]})

    async def _get_rewards(self, request: web.Request) -> web.Response:
        # api/reference/#get-custom-reward
        grant = self._points_of(request)
        if isinstance(grant, web.Response):
            return grant
        own = request.query.get("only_manageable_rewards", "false").lower() == "true"
        found = [r for r in self.rewards.values() if not own or r.client_id == grant.client_id]
        return web.json_response({"data": [self._reward_row(one) for one in found]})

    async def _change_reward(self, request: web.Request) -> web.Response:
        # api/reference/#update-custom-reward
        grant = self._points_of(request)
        if isinstance(grant, web.Response):
            return grant
        reward = self.rewards.get(request.query.get("id", ""))
        if reward is None:
            return error(404, "The custom reward was not found")
        if reward.client_id != grant.client_id:
            return error(403, "The app that created the reward is the only one to update it")
        body = await request.json()
        if self._taken(body.get("title", ""), besides=reward):
            return error(400, "UPDATE_CUSTOM_REWARD_DUPLICATE_REWARD")
        _apply(reward, body)
        return web.json_response({"data": [self._reward_row(reward)]})

    async def _get_redemptions(self, request: web.Request) -> web.Response:
        # api/reference/#get-custom-reward-redemption
        grant = self._points_of(request)
        if isinstance(grant, web.Response):
            return grant
        query = request.query
        reward = self.rewards.get(query.get("reward_id", ""))
        if reward is None:
            return error(404, "The reward was not found")
        if reward.client_id != grant.client_id:
            return error(403, "The app that created the reward is the only one to ask")
        if "status" not in query and "id" not in query:
            return error(400, "The status is required if id is not named")
        if not 1 <= int(query.get("first", "20")) <= 50:
            return error(400, "first must be 1 to 50")
        found = [
            one
            for one in self.redemptions.values()
            if one.reward is reward and query.get("status") in self._statuses(one)
        ]
        if query.get("sort") == "NEWEST":
            found.reverse()
        begin = int(query.get("after") or "0")
        size = min(int(query.get("first", "20")), self.page)
        pagination = {"cursor": str(begin + size)} if begin + size < len(found) else {}
        rows = [self._redemption_row(one) for one in found[begin : begin + size]]
        return web.json_response({"data": rows, "pagination": pagination})

    def _statuses(self, one: Redemption) -> set[str]:
        return {one.status, *(["UNFULFILLED"] if one.id in self.also_listed else [])}

    async def _change_redemptions(self, request: web.Request) -> web.Response:
        # api/reference/#update-redemption-status
        grant = self._points_of(request)
        if isinstance(grant, web.Response):
            return grant
        ids = request.query.getall("id", [])
        reward = self.rewards.get(request.query.get("reward_id", ""))
        status = (await request.json()).get("status")
        if status not in ("FULFILLED", "CANCELED") or not 1 <= len(ids) <= 50:
            return error(400, "The status or the ids are not valid")
        found = [self.redemptions.get(one) for one in ids]
        waiting = [
            one for one in found if one and one.reward is reward and one.status == "UNFULFILLED"
        ]
        if len(waiting) < len(ids):
            return error(404, "The redemptions were not found, or are not UNFULFILLED")
        if reward and reward.client_id != grant.client_id:
            return error(403, "The app that created the reward is the only one to update it")
        for one in waiting:
            await self._decide(one, status)
        return web.json_response({"data": [self._redemption_row(one) for one in waiting]})

    async def _decide(self, redemption: Redemption, status: str) -> None:
        redemption.status = status
        redemption.changes.append(status)
        if status == "CANCELED":
            self.spent[redemption.user.id] -= redemption.cost
        self._note()
        event = self._redemption_event(redemption)
        await self.happen(f"{_EVENT}.update", event, f"{redemption.id}:{status}")

    def _taken(self, title: str, besides: Reward | None = None) -> bool:
        return any(
            one.title.casefold() == title.casefold()
            for one in self.rewards.values()
            if one is not besides
        )

    # shapes

    def _reward_row(self, reward: Reward) -> dict[str, Any]:
        pictures = {f"url_{size}x": f"https://cdn.example/{size}.png" for size in (1, 2, 4)}
        return {
            "broadcaster_id": self.streamer.id,
            "broadcaster_login": self.streamer.login,
            "broadcaster_name": self.streamer.display_name,
            "id": reward.id,
            "title": reward.title,
            "prompt": "",
            "cost": reward.cost,
            "image": None,
            "default_image": pictures,
            "background_color": "#00E5CB",
            "is_enabled": reward.is_enabled,
            "is_user_input_required": reward.asks_for_text,
            "max_per_stream_setting": {"is_enabled": False, "max_per_stream": 0},
            "max_per_user_per_stream_setting": {
                "is_enabled": False,
                "max_per_user_per_stream": 0,
            },
            "global_cooldown_setting": {"is_enabled": False, "global_cooldown_seconds": 0},
            "is_paused": False,
            "is_in_stock": True,
            "should_redemptions_skip_request_queue": reward.skips_queue,
            "redemptions_redeemed_current_stream": None,
            "cooldown_expires_at": None,
        }

    def _redemption_row(self, one: Redemption) -> dict[str, Any]:
        reward = {"id": one.reward.id, "title": one.title, "prompt": "", "cost": one.cost}
        return {
            "broadcaster_id": self.streamer.id,
            "broadcaster_login": self.streamer.login,
            "broadcaster_name": self.streamer.display_name,
            "id": one.id,
            "user_id": one.user.id,
            "user_login": one.user.login,
            "user_name": one.user.display_name,
            "user_input": "",
            "status": one.status,
            "redeemed_at": one.redeemed_at,
            "reward": reward,
        }

    def _redemption_event(self, one: Redemption) -> dict[str, Any]:
        # eventsub/eventsub-reference/#channel-points-custom-reward-redemption-add-event
        row = self._redemption_row(one)
        return {
            **self.of_channel(),
            **{key: row[key] for key in ("id", "user_id", "user_login", "user_name")},
            "user_input": "",
            "status": one.status.lower(),
            "reward": row["reward"],
            "redeemed_at": one.redeemed_at,
        }


def _apply(reward: Reward, body: dict[str, Any]) -> None:
    reward.title = body.get("title", reward.title)
    reward.cost = body.get("cost", reward.cost)
    reward.is_enabled = body.get("is_enabled", reward.is_enabled)
    reward.skips_queue = body.get("should_redemptions_skip_request_queue", reward.skips_queue)
    reward.asks_for_text = body.get("is_user_input_required", reward.asks_for_text)
