"""What Discord refuses: commands, texts and answers that break its rules."""

import json
import re

from tests.fakes.discord.parts import Json, RefusalError

NAME = re.compile(r"[-_'\w]{1,32}")


def command_faults(commands: list[Json]) -> list[str]:
    """What is wrong with a list of commands.

    interactions/application-commands, "Application Command Naming", "Application Command Option
    Structure", "Registering a Command" and "Slash Commands".
    """
    faults = []
    if len(commands) > 100 or len({c["name"] for c in commands}) != len(commands):
        faults.append("too many commands, or two of one name")
    for command in commands:
        options = command.get("options", [])
        for thing in [command, *options]:
            name, description = thing["name"], thing["description"]
            if not NAME.fullmatch(name) or name != name.lower():
                faults.append(f"name {name!r}")
            if not 1 <= len(description) <= 100:
                faults.append(f"description of {name!r}")
        needed = [bool(option.get("required")) for option in options]
        if needed != sorted(needed, reverse=True):
            faults.append(f"required options of {command['name']!r} after optional ones")
        if len(options) > 25 or any(len(o.get("choices", [])) > 25 for o in options):
            faults.append(f"too many options or choices in {command['name']!r}")
        if any(o.get("autocomplete") and o.get("choices") for o in options):
            faults.append(f"autocomplete beside choices in {command['name']!r}")
        if len(json.dumps([(t["name"], t["description"]) for t in [command, *options]])) > 8_000:
            faults.append(f"{command['name']!r} is too long")
    return faults


def check_text(body: Json) -> None:
    if not 1 <= len(body.get("content") or "") <= 2_000:
        raise RefusalError(400, 50035, "Invalid Form Body: content")


def check_answer(body: Json) -> None:
    """receiving-and-responding, "Interaction Callback Data Structure"."""
    if body["type"] == 4:
        check_text(body["data"])
    if body["type"] == 8:
        choices = body["data"]["choices"]
        lengths = [len(str(text)) for c in choices for text in (c["name"], c["value"])]
        if len(choices) > 25 or not all(1 <= length <= 100 for length in lengths):
            raise RefusalError(400, 50035, "Invalid Form Body: choices")
