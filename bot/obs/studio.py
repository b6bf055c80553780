"""What is in OBS: its canvas, scenes, items and inputs, as far as we ask for them.

Requests and fields: docs/generated/protocol.md of obs-websocket 5.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Protocol

from bot.obs import errors
from bot.obs.errors import ObsError

NOT_FOUND, EXISTS, INVALID_KIND, NOT_RUNNING = 600, 601, 605, 501
SCENES_MAX = 500
INPUTS_MAX = 200


class Connection(Protocol):
    """An OBS that has let us in; `bot.obs.connection` has it."""

    async def ask(self, request: str, **data: Any) -> dict[str, Any]:
        """Make a request; its answer. Raises `ObsError`, with OBS's own number when it refused."""

    async def ended(self) -> None:
        """Wait until OBS has gone."""


@dataclass(frozen=True, slots=True)
class Input:
    """A source of OBS. uuid: empty before obs-websocket 5.4 (OBS 30.1).

    settings: what differs from the kind's defaults.
    """

    name: str
    uuid: str
    settings: Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class Item:
    """Where a source stands. scene: a scene or a group."""

    scene: str
    id: int
    source: str
    enabled: bool
    is_scene: bool
    is_group: bool
    transform: Mapping[str, Any]


class Studio:
    """OBS, asked in its own words. Every method may raise `ObsError`."""

    def __init__(self, connection: Connection) -> None:
        self._ask = connection.ask

    async def version(self) -> str:
        """Such as `OBS 30.1.2 (obs-websocket 5.4.2)`."""
        said = await self._ask("GetVersion")
        return f"OBS {said['obsVersion']} (obs-websocket {said['obsWebSocketVersion']})"

    async def canvas(self) -> tuple[int, int]:
        """Width and height in pixels."""
        said = await self._ask("GetVideoSettings")
        return int(said["baseWidth"]), int(said["baseHeight"])

    async def collection(self) -> str:
        """The scene collection that is open."""
        return str((await self._ask("GetSceneCollectionList"))["currentSceneCollectionName"])

    async def kinds(self) -> set[str]:
        """The kinds of inputs that this OBS can make."""
        return set((await self._ask("GetInputKindList"))["inputKinds"])

    # --- scenes and what is in them ---

    async def scenes(self) -> list[str]:
        """All scenes, from the top of OBS's list."""
        said = await self._ask("GetSceneList")
        return [str(scene["sceneName"]) for scene in reversed(said["scenes"])][:SCENES_MAX]

    async def current_scene(self) -> str:
        """The one in the programme."""
        return str((await self._ask("GetCurrentProgramScene"))["currentProgramSceneName"])

    async def switch(self, scene: str) -> None:
        """Put a scene into the programme."""
        await self._ask("SetCurrentProgramScene", sceneName=scene)

    async def items(self, scene: str) -> list[Item]:
        """The items of a scene and of the groups in it."""
        found: list[Item] = []
        for item in await self._items("GetSceneItemList", scene):
            found.append(item)
            if item.is_group:
                found += await self._items("GetGroupSceneItemList", item.source)
        return found

    async def _items(self, request: str, scene: str) -> list[Item]:
        said = await self._ask(request, sceneName=scene)
        return [
            Item(
                scene=scene,
                id=int(item["sceneItemId"]),
                source=str(item["sourceName"]),
                enabled=bool(item["sceneItemEnabled"]),
                is_scene=item["sourceType"] == "OBS_SOURCE_TYPE_SCENE",
                is_group=bool(item.get("isGroup")),
                transform=item["sceneItemTransform"],
            )
            for item in said["sceneItems"]
        ]

    async def add_item(self, scene: str, source: str) -> int:
        """Put a source into a scene, on top; the item's number."""
        said = await self._ask("CreateSceneItem", sceneName=scene, sourceName=source)
        return int(said["sceneItemId"])

    async def remove_item(self, scene: str, item: int) -> None:
        """Take an item out of a scene."""
        await self._ask("RemoveSceneItem", sceneName=scene, sceneItemId=item)

    async def transform(self, scene: str, item: int, change: Mapping[str, Any]) -> None:
        """Move, scale or crop an item."""
        await self._ask(
            "SetSceneItemTransform",
            sceneName=scene,
            sceneItemId=item,
            sceneItemTransform=dict(change),
        )

    async def enable_item(self, scene: str, item: int, *, on: bool) -> None:
        """Show or hide an item."""
        await self._ask(
            "SetSceneItemEnabled", sceneName=scene, sceneItemId=item, sceneItemEnabled=on
        )

    # --- inputs ---

    async def inputs(self, kind: str) -> list[Input]:
        """The inputs of a kind with their settings."""
        found: list[Input] = []
        for one in (await self._ask("GetInputList", inputKind=kind))["inputs"][:INPUTS_MAX]:
            name = str(one["inputName"])
            try:
                settings = await self.settings(name)
            except ObsError as error:
                if error.status != NOT_FOUND:
                    raise
                continue  # removed, and yet listed until its scene is shown again
            found.append(Input(name, str(one.get("inputUuid", "")), settings))
        return found

    async def settings(self, name: str) -> dict[str, Any]:
        """What of an input differs from the defaults of its kind."""
        return dict((await self._ask("GetInputSettings", inputName=name))["inputSettings"])

    async def defaults(self, kind: str) -> dict[str, Any]:
        """The settings that an input of the kind has by itself."""
        said = await self._ask("GetInputDefaultSettings", inputKind=kind)
        return dict(said["defaultInputSettings"])

    async def configure(self, name: str, change: Mapping[str, Any]) -> None:
        """Change these settings; all others stay."""
        await self._ask("SetInputSettings", inputName=name, inputSettings=dict(change))

    async def reset(self, name: str, settings: Mapping[str, Any]) -> None:
        """Make these the settings, and nothing else."""
        await self._ask(
            "SetInputSettings", inputName=name, inputSettings=dict(settings), overlay=False
        )

    async def create(
        self, scene: str, name: str, kind: str, settings: Mapping[str, Any]
    ) -> tuple[str, int]:
        """A new input in a scene; its uuid (or nothing) and the item's number."""
        try:
            said = await self._ask(
                "CreateInput",
                sceneName=scene,
                inputName=name,
                inputKind=kind,
                inputSettings=dict(settings),
            )
        except ObsError as error:
            if error.status == INVALID_KIND:
                raise errors.no_browser() from None
            raise
        return str(said.get("inputUuid", "")), int(said["sceneItemId"])

    async def remove(self, name: str) -> None:
        """Remove an input and every item that shows it."""
        await self._ask("RemoveInput", inputName=name)

    # --- filters ---

    async def filter_on(self, source: str, name: str) -> bool:
        """Whether a filter is on."""
        said = await self._ask("GetSourceFilter", sourceName=source, filterName=name)
        return bool(said["filterEnabled"])

    async def enable_filter(self, source: str, name: str, *, on: bool) -> None:
        """Turn a filter on or off."""
        await self._ask(
            "SetSourceFilterEnabled", sourceName=source, filterName=name, filterEnabled=on
        )

    # --- the replay buffer ---

    async def replay_runs(self) -> bool:
        """Whether OBS keeps the last seconds. Refused when it is not set up at all."""
        return bool((await self._ask("GetReplayBufferStatus"))["outputActive"])

    async def save_replay(self) -> None:
        """Save the last seconds to a file."""
        await self._ask("SaveReplayBuffer")
