"""A stand-in for OBS on 127.0.0.1, as its remote control shows it: obs-websocket 5, RPC version 1.

It follows docs/generated/protocol.md of obsproject/obs-websocket (5.1 for OBS 29, 5.5 for OBS
30.2); each part names its chapter there. What refusals say is taken from its source. OBS's
rules: scenes, groups and inputs share one room of names; an input whose last item goes, goes too.
"""

import asyncio
import base64
import hashlib
import json
import re
import secrets
from collections.abc import Callable
from dataclasses import dataclass, field
from itertools import count
from typing import Any, Self
from uuid import uuid4

import msgpack  # type: ignore[import-untyped]
from aiohttp import WSMsgType, web

Json = dict[str, Any]
PASSWORD = "sesame"
MSGPACK, JSON = "obswebsocket.msgpack", "obswebsocket.json"
# "WebSocketOpCode"
HELLO, IDENTIFY, IDENTIFIED, REQUEST, RESPONSE = 0, 1, 2, 6, 7
# "WebSocketCloseCode"
DECODE_ERROR, UNKNOWN_OP, NOT_IDENTIFIED, ALREADY_IDENTIFIED = 4002, 4006, 4007, 4008
AUTH_FAILED, UNSUPPORTED_RPC = 4009, 4010
# "RequestStatus"
SUCCESS, UNKNOWN_REQUEST, MISSING_FIELD, NOT_FOUND, EXISTS = 100, 204, 300, 600, 601
WRONG_TYPE, INVALID_KIND, FAILED = 602, 605, 702
OUTPUT_NOT_RUNNING, INVALID_STATE = 501, 604
# obs-browser-plugin.cpp: browser_source_get_defaults
BROWSER_DEFAULTS: Json = {
    "url": "https://obsproject.com/browser-source", "width": 800, "height": 600, "fps": 30,
    "fps_custom": False, "shutdown": False, "restart_when_active": False,
    "webpage_control_level": 1, "reroute_audio": False,
    "css": "body { background-color: rgba(0, 0, 0, 0); margin: 0px auto; overflow: hidden; }",
}  # fmt: skip
# Obs_ObjectHelper.cpp: GetSceneItemTransform
PLACE: Json = {
    "positionX": 0.0, "positionY": 0.0, "rotation": 0.0, "scaleX": 1.0, "scaleY": 1.0,
    "alignment": 5, "boundsType": "OBS_BOUNDS_NONE", "boundsAlignment": 0, "boundsWidth": 0.0,
    "boundsHeight": 0.0, "cropLeft": 0, "cropRight": 0, "cropTop": 0, "cropBottom": 0,
}  # fmt: skip


class RefusedError(Exception):
    """A request that fails: "RequestStatus" and a comment."""

    def __init__(self, code: int, comment: str) -> None:
        super().__init__(comment)
        self.code, self.comment = code, comment


@dataclass
class Input:
    name: str
    kind: str
    settings: Json
    uuid: str = field(default_factory=lambda: str(uuid4()))


@dataclass
class Item:
    id: int
    source: str
    enabled: bool = True
    place: Json = field(default_factory=PLACE.copy)


class ObsStandIn:
    """Use it as an async context manager; `url` and `password` lead to it.

    uuids: whether inputs have them (obs-websocket 5.4). mute: requests that get no answer;
    refuse: requests that fail; nonsense: what is answered instead. kinds_refused: kinds that
    are listed and yet not made.
    replay: whether its buffer runs; None: it is not set up.
    leaving: inputs that are listed though they are gone, as OBS does for a moment.
    """

    def __init__(self, *, password: str = PASSWORD, browser: bool = True, uuids: bool = True):
        self.password, self.uuids, self.rpc = password, uuids, 1
        self.kinds = ["image_source", "color_source_v3"] + ["browser_source"] * browser
        self.canvas = (1920, 1080)
        self.collection = "Untitled"
        self.scenes: dict[str, list[Item]] = {"Scene": []}
        self.groups: dict[str, list[Item]] = {}
        self.current = "Scene"
        self.inputs: dict[str, Input] = {}
        self.filters: dict[tuple[str, str], bool] = {}
        self.replay: bool | None = None
        self.replays = 0
        self.requests: list[tuple[str, Json]] = []
        self.mute: set[str] = set()
        self.refuse: set[str] = set()
        self.nonsense: dict[str, Any] = {}
        self.kinds_refused: set[str] = set()
        self.leaving: list[Input] = []
        self.sessions: set[web.WebSocketResponse] = set()
        self.connections = 0
        self._numbers = count(1)
        self._changed = asyncio.Condition()
        self._port = 0

    async def __aenter__(self) -> Self:
        await self.start()
        return self

    async def __aexit__(self, *_: object) -> None:
        await self.stop()

    async def start(self) -> None:
        """Begin to listen; where it did before."""
        app = web.Application()
        app.router.add_get("/", self._serve)
        self._runner = web.AppRunner(app, shutdown_timeout=0.1)
        await self._runner.setup()
        site = web.TCPSite(self._runner, "127.0.0.1", self._port, reuse_address=True)
        await site.start()
        self._port = self._runner.addresses[0][1]

    async def stop(self) -> None:
        """OBS is closed."""
        for socket in list(self.sessions):
            await socket.close()
        await self._runner.cleanup()

    @property
    def url(self) -> str:
        return f"ws://127.0.0.1:{self._port}"

    async def until(self, holds: Callable[[], object], within_s: float = 5) -> None:
        """Wait until something is so; looked at after each request and connection."""
        async with asyncio.timeout(within_s), self._changed:
            await self._changed.wait_for(holds)

    # --- what a streamer does in OBS's window ---

    def add(self, scene: str, name: str, settings: Json, kind: str = "browser_source") -> Input:
        self.inputs[name] = Input(name, kind, dict(settings))
        self.put(scene, name)
        return self.inputs[name]

    def put(self, scene: str, name: str, **place: Any) -> Item:
        item = Item(next(self._numbers), name, place=PLACE | place)
        self._members(scene).append(item)
        return item

    def rename(self, old: str, new: str) -> None:
        self.inputs[new] = self.inputs.pop(old)
        self.inputs[new].name = new
        for items in (*self.scenes.values(), *self.groups.values()):
            for item in items:
                item.source = new if item.source == old else item.source

    def delete(self, name: str) -> None:
        self.inputs.pop(name)
        for items in (*self.scenes.values(), *self.groups.values()):
            items[:] = [item for item in items if item.source != name]

    def snapshot(self) -> str:
        """All that a streamer could notice."""
        inputs = {name: (one.kind, one.settings) for name, one in self.inputs.items()}
        scenes = {
            name: [(item.source, item.enabled, item.place) for item in items]
            for name, items in (self.scenes | self.groups).items()
        }
        return json.dumps(
            [self.current, inputs, scenes, list(self.filters.items())], sort_keys=True
        )

    # --- "Connecting to obs-websocket", "Message Types (OpCodes)" ---

    async def _serve(self, request: web.Request) -> web.WebSocketResponse:
        socket = web.WebSocketResponse(protocols=(MSGPACK, JSON))
        await socket.prepare(request)
        self.connections += 1
        self.sessions.add(socket)
        try:
            await self._session(socket)
        finally:
            self.sessions.discard(socket)
        return socket

    async def _session(self, socket: web.WebSocketResponse) -> None:
        salt, challenge = (base64.b64encode(secrets.token_bytes(32)).decode() for _ in range(2))
        hello: Json = {
            "obsStudioVersion": "30.2.2", "obsWebSocketVersion": "5.5.2", "rpcVersion": self.rpc,
        }  # fmt: skip
        if self.password:
            hello["authentication"] = {"challenge": challenge, "salt": salt}
        await self._send(socket, HELLO, hello)
        identified = False
        packed = socket.ws_protocol == MSGPACK
        async for message in socket:
            if message.type is not (WSMsgType.BINARY if packed else WSMsgType.TEXT):
                await socket.close(code=DECODE_ERROR)
                break
            said = msgpack.unpackb(message.data) if packed else json.loads(message.data)
            op, data = said.get("op"), said.get("d")
            if op == IDENTIFY and not identified:
                if code := self._fault(data, salt, challenge):
                    await socket.close(code=code)
                    break
                identified = True
                await self._send(socket, IDENTIFIED, {"negotiatedRpcVersion": 1})
            elif op == REQUEST and identified:
                if data["requestType"] not in self.mute:
                    await self._send(socket, RESPONSE, self._answer(data))
            else:
                known = op in (IDENTIFY, REQUEST)
                wrong = ALREADY_IDENTIFIED if identified else NOT_IDENTIFIED
                await socket.close(code=wrong if known else UNKNOWN_OP)
                break
            async with self._changed:
                self._changed.notify_all()

    def _fault(self, data: Json, salt: str, challenge: str) -> int:
        """ "Creating an authentication string"."""
        if data.get("rpcVersion") != self.rpc:
            return UNSUPPORTED_RPC
        if not self.password:
            return 0
        secret = _digest(self.password + salt)
        return 0 if data.get("authentication") == _digest(secret + challenge) else AUTH_FAILED

    async def _send(self, socket: web.WebSocketResponse, op: int, data: Json) -> None:
        message = {"op": op, "d": data}
        if socket.ws_protocol == MSGPACK:
            await socket.send_bytes(msgpack.packb(message))
        else:
            await socket.send_str(json.dumps(message))

    def _answer(self, asked: Json) -> Json:
        """ "Request (OpCode 6)" and "RequestResponse (OpCode 7)"."""
        name, data = asked["requestType"], asked.get("requestData") or {}
        self.requests.append((name, data))
        answer: Json = {"requestType": name, "requestId": asked["requestId"]}
        try:
            handler = getattr(self, f"_{_snake(name)}", None)
            if name in self.refuse:
                raise RefusedError(FAILED, "An internal operation failed.")
            if handler is None:
                raise RefusedError(UNKNOWN_REQUEST, "Your request type is not valid.")
            given = self.nonsense.get(name) if name in self.nonsense else handler(data)
        except KeyError as missing:
            refused = RefusedError(MISSING_FIELD, f"Your request is missing the {missing} field.")
        except RefusedError as refusal:
            refused = refusal
        else:
            more = {} if given is None else {"responseData": given}
            return answer | {"requestStatus": {"result": True, "code": SUCCESS}} | more
        status = {"result": False, "code": refused.code, "comment": refused.comment}
        return answer | {"requestStatus": status}

    # --- "General Requests", "Config Requests" ---

    def _get_version(self, _: Json) -> Json:
        return {"obsVersion": "30.2.2", "obsWebSocketVersion": "5.5.2", "rpcVersion": 1}

    def _get_video_settings(self, _: Json) -> Json:
        return {"baseWidth": self.canvas[0], "baseHeight": self.canvas[1]}

    def _get_scene_collection_list(self, _: Json) -> Json:
        return {
            "currentSceneCollectionName": self.collection,
            "sceneCollections": [self.collection],
        }

    # --- "Scenes Requests" ---

    def _get_scene_list(self, _: Json) -> Json:
        scenes = [{"sceneName": name, "sceneIndex": i} for i, name in enumerate(self.scenes)]
        return {"currentProgramSceneName": self.current, "scenes": scenes[::-1]}

    def _get_current_program_scene(self, _: Json) -> Json:
        return {"currentProgramSceneName": self.current, "sceneName": self.current}

    def _set_current_program_scene(self, data: Json) -> None:
        self._scene(data["sceneName"])
        self.current = data["sceneName"]

    # --- "Inputs Requests" ---

    def _get_input_kind_list(self, _: Json) -> Json:
        return {"inputKinds": self.kinds}

    def _get_input_list(self, data: Json) -> Json:
        wanted = data.get("inputKind")
        every = [*self.inputs.values(), *self.leaving]
        found = [one for one in every if wanted in (None, one.kind)]
        return {
            "inputs": [
                {"inputName": one.name, "inputKind": one.kind}
                | ({"inputUuid": one.uuid} if self.uuids else {})
                for one in found
            ]
        }

    def _get_input_default_settings(self, data: Json) -> Json:
        if data["inputKind"] not in self.kinds:
            raise RefusedError(INVALID_KIND, "")
        browser = data["inputKind"] == "browser_source"
        return {"defaultInputSettings": BROWSER_DEFAULTS if browser else {}}

    def _get_input_settings(self, data: Json) -> Json:
        found = self._input(data["inputName"])
        return {"inputKind": found.kind, "inputSettings": found.settings}

    def _set_input_settings(self, data: Json) -> None:
        found = self._input(data["inputName"])
        if not data.get("overlay", True):
            found.settings.clear()
        found.settings.update(data["inputSettings"])

    def _create_input(self, data: Json) -> Json:
        scene, name, kind = data["sceneName"], data["inputName"], data["inputKind"]
        self._scene(scene)
        if name in {*self.inputs, *self.scenes, *self.groups}:
            raise RefusedError(EXISTS, "A source already exists by that input name.")
        if kind not in self.kinds or kind in self.kinds_refused:
            raise RefusedError(INVALID_KIND, "Your specified input kind is not supported by OBS.")
        made = self.add(scene, name, data.get("inputSettings", {}), kind)
        answer: Json = {"sceneItemId": self.scenes[scene][-1].id}
        return answer | ({"inputUuid": made.uuid} if self.uuids else {})

    def _remove_input(self, data: Json) -> None:
        self.delete(self._input(data["inputName"]).name)

    # --- "Scene Items Requests" ---

    def _get_scene_item_list(self, data: Json) -> Json:
        return {"sceneItems": self._described(self._scene(data["sceneName"]))}

    def _get_group_scene_item_list(self, data: Json) -> Json:
        if data["sceneName"] not in self.groups:
            raise RefusedError(NOT_FOUND, "No group was found by that name.")
        return {"sceneItems": self._described(self.groups[data["sceneName"]])}

    def _described(self, items: list[Item]) -> list[Json]:
        return [
            {
                "sceneItemId": item.id,
                "sourceName": item.source,
                "sceneItemEnabled": item.enabled,
                "sceneItemTransform": dict(item.place),
                "sourceType": "OBS_SOURCE_TYPE_INPUT"
                if item.source in self.inputs
                else "OBS_SOURCE_TYPE_SCENE",
                "isGroup": item.source in self.groups if item.source not in self.inputs else None,
            }
            for item in items
        ]

    def _create_scene_item(self, data: Json) -> Json:
        self._scene(data["sceneName"])
        if data["sourceName"] not in {*self.inputs, *self.scenes}:
            raise RefusedError(NOT_FOUND, "No source was found by that name.")
        return {"sceneItemId": self.put(data["sceneName"], data["sourceName"]).id}

    def _remove_scene_item(self, data: Json) -> None:
        item = self._item(data)
        self._members(data["sceneName"]).remove(item)
        every = [each for items in (self.scenes | self.groups).values() for each in items]
        if item.source not in {each.source for each in every}:
            self.inputs.pop(item.source, None)

    def _set_scene_item_transform(self, data: Json) -> None:
        change = data["sceneItemTransform"]
        if change.get("boundsWidth", 1) < 1 or change.get("boundsHeight", 1) < 1:
            raise RefusedError(402, "The field value of `boundsWidth` is below the minimum.")
        self._item(data).place.update(change)

    def _set_scene_item_enabled(self, data: Json) -> None:
        self._item(data).enabled = data["sceneItemEnabled"]

    # --- "Outputs Requests" ---

    def _get_replay_buffer_status(self, _: Json) -> Json:
        if self.replay is None:
            raise RefusedError(INVALID_STATE, "Replay buffer is not available.")
        return {"outputActive": self.replay}

    def _save_replay_buffer(self, _: Json) -> None:
        if not self.replay:
            raise RefusedError(OUTPUT_NOT_RUNNING, "")
        self.replays += 1

    # --- "Filters Requests" ---

    def _get_source_filter(self, data: Json) -> Json:
        return {"filterEnabled": self.filters[self._filter(data)], "filterKind": "color_filter"}

    def _set_source_filter_enabled(self, data: Json) -> None:
        self.filters[self._filter(data)] = data["filterEnabled"]

    # --- what is named, or 600 ---

    def _scene(self, name: str) -> list[Item]:
        if name in self.inputs or name in self.groups:
            raise RefusedError(WRONG_TYPE, "The specified source is not a scene.")
        return self._members(name)

    def _members(self, name: str) -> list[Item]:
        found = (self.scenes | self.groups).get(name)
        if found is None:
            raise RefusedError(NOT_FOUND, f"No source was found by the name of `{name}`.")
        return found

    def _input(self, name: str) -> Input:
        if name not in self.inputs:
            raise RefusedError(NOT_FOUND, f"No source was found by the name of `{name}`.")
        return self.inputs[name]

    def _item(self, data: Json) -> Item:
        for item in self._members(data["sceneName"]):
            if item.id == data["sceneItemId"]:
                return item
        raise RefusedError(NOT_FOUND, "No scene item was found in the specified scene by that ID.")

    def _filter(self, data: Json) -> tuple[str, str]:
        key = data["sourceName"], data["filterName"]
        if key not in self.filters:
            raise RefusedError(NOT_FOUND, f"No filter was found in the source `{key[0]}`.")
        return key


def _digest(text: str) -> str:
    return base64.b64encode(hashlib.sha256(text.encode()).digest()).decode()


def _snake(name: str) -> str:
    return re.sub(r"(?<!^)(?=[A-Z])", "_", name).lower()
