"""Lottie: JSON within bounds, without code, fonts or anything from elsewhere."""

import re
from collections.abc import Iterator
from typing import Any

import orjson

from overlay.formats import ArtRefusedError, Found, check_bounds

LOTTIE_MAX = 2_000_000
LAYERS_MAX = 300
NODES_MAX = 200_000
DEPTH_MAX = 60
IMAGE_MAX = 500_000  # characters of an embedded picture
RATE_MAX = 60
_EMBEDDED = re.compile(r"data:image/(png|jpeg|webp);base64,[A-Za-z0-9+/=]+")
_TEXT, _AUDIO, _IMAGE, _PRECOMP = 5, 6, 2, 0


def read_lottie(data: bytes) -> Found:
    """Raises `ArtRefusedError` with the reason and the fix. Its flashes are not measured here."""
    if len(data) > LOTTIE_MAX:
        raise ArtRefusedError(
            f"It has {len(data):,} bytes.",
            f"A Lottie may have {LOTTIE_MAX:,}: simplify its paths, or shrink its pictures.",
        )
    try:
        film = orjson.loads(data)
    except (orjson.JSONDecodeError, RecursionError) as error:
        raise ArtRefusedError(f"It is no JSON ({error}).", "Export it as Lottie JSON.") from None
    if not isinstance(film, dict) or not isinstance(film.get("layers"), list):
        raise ArtRefusedError("It is JSON, but no Lottie.", "Export it as Lottie JSON.")
    wide, tall = (_number(film, name, 1, 100_000) for name in ("w", "h"))
    rate = _number(film, "fr", 1, RATE_MAX)
    first, last = _number(film, "ip", -1e6, 1e6), _number(film, "op", -1e6, 1e6)
    if last <= first:
        raise ArtRefusedError("It ends before it begins (ip, op).", "Export it again.")
    frames = max(1, round(last - first))
    ms = round(1000 * (last - first) / rate)
    check_bounds(round(wide), round(tall), frames, ms)
    _check_parts(film)
    _check_assets(film)
    body = orjson.dumps(film)
    return Found("lottie", "lottie", "json", round(wide), round(tall), frames, ms, None, body)


def _number(film: dict[str, Any], name: str, least: float, most: float) -> float:
    value = film.get(name)
    if isinstance(value, bool) or not isinstance(value, int | float) or not least <= value <= most:
        raise ArtRefusedError(
            f"Its “{name}” is {str(value)[:40]}.", f"It has to be from {least:g} to {most:g}."
        )
    return float(value)


def _nodes(value: Any) -> Iterator[dict[str, Any]]:
    """Every object in it."""
    count = 0
    todo = [(value, 0)]
    while todo:
        each, depth = todo.pop()
        count += 1
        if count > NODES_MAX or depth > DEPTH_MAX:
            raise ArtRefusedError("It has too many or too deeply nested parts.", "Simplify it.")
        if isinstance(each, dict):
            yield each
            todo += [
                (inner, depth + 1) for inner in each.values() if isinstance(inner, dict | list)
            ]
        elif isinstance(each, list):
            todo += [(inner, depth + 1) for inner in each if isinstance(inner, dict | list)]


def _check_parts(film: dict[str, Any]) -> None:
    layers = 0
    for node in _nodes(film):
        if isinstance(node.get("x"), str):
            raise ArtRefusedError(
                "It has expressions, which are code.",
                "Bake them: in After Effects, Animation → Keyframe Assistant → Convert Expression "
                "to Keyframes.",
            )
        if "ind" in node or ("ty" in node and "ks" in node and "ip" in node):
            layers += 1
            if node.get("ty") in (_TEXT, _AUDIO):
                raise ArtRefusedError(
                    "It has a layer of text or sound.",
                    "Turn text into shapes; bring the sound as a file of its own (--sound).",
                )
    if layers > LAYERS_MAX:
        raise ArtRefusedError(f"It has {layers} layers.", f"At most {LAYERS_MAX}: merge some.")
    if film.get("fonts") or film.get("chars"):
        raise ArtRefusedError("It brings fonts.", "Turn text into shapes.")


def _check_assets(film: dict[str, Any]) -> None:
    """Pictures are inside it; what is drawn inside what is no loop and no explosion."""
    assets = film.get("assets") or []
    if not isinstance(assets, list) or not all(isinstance(each, dict) for each in assets):
        raise ArtRefusedError("Its assets are no list.", "Export it again.")
    inside: dict[Any, list[Any]] = {}
    for asset in assets:
        layers = asset.get("layers")
        if isinstance(layers, list):
            inside[asset.get("id")] = layers
            continue
        picture = asset.get("p", "")
        if not isinstance(picture, str) or not _EMBEDDED.fullmatch(picture):
            raise ArtRefusedError(
                "It loads a picture from elsewhere.",
                "Export it with “include in JSON” (embedded pictures).",
            )
        if len(picture) > IMAGE_MAX:
            raise ArtRefusedError("It has a very large picture in it.", "Shrink it to 512 pixels.")
    if _drawn(film["layers"], inside, 0) > 20 * LAYERS_MAX:
        raise ArtRefusedError("Its compositions are used too often.", "Simplify it.")


def _drawn(layers: list[Any], inside: dict[Any, list[Any]], depth: int) -> int:
    """How many layers are drawn, compositions in compositions counted out."""
    if depth > 8:
        raise ArtRefusedError("Its compositions lie too deep, or in themselves.", "Simplify it.")
    total = 0
    for layer in layers:
        if not isinstance(layer, dict):
            raise ArtRefusedError("Its layers are no layers.", "Export it again.")
        total += 1
        within = inside.get(layer.get("refId")) if layer.get("ty") == _PRECOMP else None
        if within is not None:
            total += _drawn(within, inside, depth + 1)
        if total > 20 * LAYERS_MAX:
            break
    return total
