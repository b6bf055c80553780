"""How everything fares, in words with the fix: for `/healthz`, `giftcast check`, the front page
and the dashboard."""

from collections.abc import Callable, Mapping
from typing import Any, Protocol

from bot.platform import Platform, PlatformStatus
from commands.gaps import Gap, Gaps
from data.events import stamp

GAPS_MAX = 20


class Fares(Protocol):
    """Something that can say how it fares."""

    def status(self) -> PlatformStatus:
        """How it fares now."""


class Health:
    """What is asked whenever somebody looks; nothing is kept.

    usable: whether the journal takes entries. problems: edited documents that were refused.
    effects: the connection to OBS, when somebody wants effects there; speech: who says messages.
    """

    def __init__(
        self,
        *,
        version: str,
        platforms: Mapping[str, Platform],
        gaps: Gaps,
        usable: Callable[[], bool],
        problems: Callable[[], list[str]],
        effects: Fares | None = None,
        speech: Fares | None = None,
    ) -> None:
        self._version, self._platforms, self._gaps = version, platforms, gaps
        self._usable, self._problems, self._effects = usable, problems, effects
        self._speech = speech

    def report(self) -> tuple[bool, dict[str, Any]]:
        """Whether all is usable, and what `/healthz` says of it."""
        told = self.platforms()
        return self._usable(), {
            "version": self._version,
            "platforms": {one["name"]: one["state"] for one in told},
            "platform_details": {
                one["name"]: {"cause": one["cause"], "fix": one["fix"]} for one in told
            },
            "obs": self.effects(),
            "speech": _told("speech", self._speech) if self._speech else None,
            "gaps": [_described(gap) for gap in self._newest()],
            "problems": self._problems(),
        }

    def platforms(self) -> list[dict[str, str]]:
        """Each platform: name, state, cause, fix and its own page; the last three may be empty."""
        return [_told(name, platform) for name, platform in self._platforms.items()]

    def effects(self) -> dict[str, str] | None:
        """The connection to OBS, as a platform is described; None when nobody asked for it."""
        return _told("obs", self._effects) if self._effects else None

    def gaps(self) -> list[str]:
        """The newest gaps in hearing of all stages, a sentence each, newest first."""
        return [gap.sentence() for gap in self._newest()]

    def _newest(self) -> list[Gap]:
        found = [gap for stage in self._gaps.stages() for gap in self._gaps.recent(stage)]
        return sorted(found, key=lambda gap: gap.ended, reverse=True)[:GAPS_MAX]


def _told(name: str, platform: Fares) -> dict[str, str]:
    status = platform.status()
    return {
        "name": name,
        "state": status.state,
        "cause": status.cause,
        "fix": status.fix,
        "page": getattr(platform, "page", ""),
    }


def _described(gap: Gap) -> dict[str, Any]:
    return {
        "stage": gap.stage,
        "platform": gap.platform,
        "began": stamp(gap.began),
        "ended": stamp(gap.ended),
        "seconds": gap.seconds,
        "mended": gap.mended,
        "text": gap.sentence(),
    }
