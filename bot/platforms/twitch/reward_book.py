"""The reward book: which of Twitch's rewards are ours, and what was promised with each title."""

from collections.abc import Collection
from pathlib import Path

from pydantic import BaseModel, ConfigDict, ValidationError

from bot.platforms.twitch import kept

FILE_NAME = "twitch-rewards.json"
FORMER_MAX = 20


class OwnReward(BaseModel):
    """A reward that we made, as we last set it.

    former: coins by the titles that it had. Somebody who redeemed under such a title, and was
    not credited yet, gets what was promised then.
    """

    model_config = ConfigDict(frozen=True)

    reward_id: str
    title: str
    cost_points: int
    coins: int
    is_enabled: bool
    former: dict[str, int] = {}

    def promised(self, title: str) -> int:
        """The coins that go with a title."""
        if title == self.title:
            return self.coins
        return self.former.get(title, self.coins)


class RewardBook:
    """The rewards of one channel by their ids in the policy, kept in a file beside others'."""

    def __init__(self, folder: Path, channel_id: str) -> None:
        self._path = folder / FILE_NAME
        self._channel_id = channel_id
        self.rewards: dict[str, OwnReward] = {}
        rows = kept.read(self._path).get(channel_id)
        for key, row in (rows if isinstance(rows, dict) else {}).items():
            try:
                self.rewards[key] = OwnReward.model_validate(row)
            except ValidationError:  # found again by its title
                continue

    def put(self, key: str, now: OwnReward) -> None:
        """Keep how a reward is now; on the disk when this returns, where that works."""
        before = self.rewards.get(key)
        if before:
            former = {**before.former, before.title: before.coins}
            former.pop(now.title, None)
            newest = dict(list(former.items())[-FORMER_MAX:])
            now = now.model_copy(update={"former": newest})
        self.rewards[key] = now
        self._save()

    def keep_only(self, reward_ids: Collection[str]) -> None:
        """Forget rewards that Twitch no longer has."""
        left = {key: own for key, own in self.rewards.items() if own.reward_id in reward_ids}
        if len(left) < len(self.rewards):
            self.rewards = left
            self._save()

    def _save(self) -> None:
        rows = {key: own.model_dump(mode="json") for key, own in self.rewards.items()}
        kept.write(self._path, {**kept.read(self._path), self._channel_id: rows}, sync=True)
