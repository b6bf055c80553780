"""What Discord refuses: commands, texts and answers that break its rules."""

import re

from tests.fakes.discord.parts import Json, RefusalError

TEXTS = ("name", "description")
NAME = re.compile(r"[-_'\w]{1,32}")
LOCALES = frozenset(  # reference, "Locales"
    [
        "id",
        "da",
        "de",
        "en-GB",
        "en-US",
        "es-ES",
        "es-419",
        "fr",
        "hr",
        "it",
        "lt",
        "hu",
        "nl",
        "no",
        "pl",
        "pt-BR",
        "ro",
        "fi",
        "sv-SE",
        "vi",
        "tr",
        "cs",
        "el",
        "bg",
        "ru",
        "uk",
        "hi",
        "th",
        "zh-CN",
        "ja",
        "zh-TW",
        "ko",
    ]
)


def command_faults(commands: list[Json]) -> list[str]:
    """What is wrong with a list of commands.

    interactions/application-commands, "Application Command Naming", "Application Command Option
    Structure", "Registering a Command", "Slash Commands" and "Localization".
    """
    faults = []
    if len(commands) > 100 or len({c["name"] for c in commands}) != len(commands):
        faults.append("too many commands, or two of one name")
    for command in commands:
        options = command.get("options", [])
        for thing in [command, *options]:
            names, descriptions = _all(thing, "name"), _all(thing, "description")
            faults += [f"name {n!r}" for n in names if not NAME.fullmatch(n) or n != n.lower()]
            if not all(1 <= len(text) <= 100 for text in descriptions):
                faults.append(f"description of {thing['name']!r}")
            for choice in thing.get("choices", []):
                if not all(1 <= len(name) <= 100 for name in _all(choice, "name")):
                    faults.append(f"choice of {thing['name']!r}")
        faults += [f"locale {locale!r}" for locale in _locales(command) - LOCALES]
        faults += _twins(options, command["name"])
        needed = [bool(option.get("required")) for option in options]
        if needed != sorted(needed, reverse=True):
            faults.append(f"required options of {command['name']!r} after optional ones")
        if len(options) > 25 or any(len(o.get("choices", [])) > 25 for o in options):
            faults.append(f"too many options or choices in {command['name']!r}")
        if any(o.get("autocomplete") and o.get("choices") for o in options):
            faults.append(f"autocomplete beside choices in {command['name']!r}")
        longest = [max(map(len, _all(t, key))) for t in [command, *options] for key in TEXTS]
        if sum(longest) > 8_000:
            faults.append(f"{command['name']!r} is too long")
    return faults


def _all(thing: Json, key: str) -> list[str]:
    """A text in every language."""
    return [thing[key], *(thing.get(f"{key}_localizations") or {}).values()]


def _locales(command: Json) -> set[str]:
    things = [command, *command.get("options", [])]
    things += [choice for thing in things for choice in thing.get("choices", [])]
    return {
        key
        for thing in things
        for text in TEXTS
        for key in thing.get(f"{text}_localizations") or {}
    }


def _twins(options: list[Json], command: str) -> list[str]:
    """An option's name in a language differs from the names of all others, there and in English."""
    faults = []
    for option in options:
        for locale, name in (option.get("name_localizations") or {}).items():
            others = [o for o in options if o is not option]
            taken = {o["name"] for o in others}
            taken |= {(o.get("name_localizations") or {}).get(locale, "") for o in others}
            if name in taken:
                faults.append(f"two options of {command!r} are called {name!r} in {locale}")
    return faults


def check_components(body: Json) -> None:
    """components/reference, "Action Row", "Button", "String Select", "Custom ID"."""
    rows = body.get("components") or []
    parts = [part for row in rows for part in row["components"]]
    faults = [row for row in rows if row["type"] != 1 or not _fits(row["components"])]
    faults += [part for part in parts if not _is_whole(part)]
    ids = [part["custom_id"] for part in parts]
    if faults or len(rows) > 5 or len(set(ids)) != len(ids):
        raise RefusalError(400, 50035, f"Invalid Form Body: components {faults}")


def _fits(row: list[Json]) -> bool:
    if any(part["type"] == 3 for part in row):
        return len(row) == 1
    return 1 <= len(row) <= 5


def _is_whole(part: Json) -> bool:
    if not 1 <= len(part["custom_id"]) <= 100:
        return False
    if part["type"] == 2:
        return 1 <= len(part["label"]) <= 80 and part["style"] in {1, 2, 3, 4}
    options = part["options"]
    values = {option["value"] for option in options}
    texts = [o[key] for o in options for key in ("label", "value", "description") if o.get(key)]
    whole = 1 <= len(options) <= 25 and len(values) == len(options)
    return whole and len(part["placeholder"]) <= 150 and all(len(text) <= 100 for text in texts)


def check_text(body: Json) -> None:
    if not 1 <= len(body.get("content") or "") <= 2_000:
        raise RefusalError(400, 50035, "Invalid Form Body: content")


def check_answer(body: Json) -> None:
    """receiving-and-responding, "Interaction Callback Data Structure"."""
    if body["type"] in {4, 7}:
        check_text(body["data"])
        check_components(body["data"])
    if body["type"] == 8:
        choices = body["data"]["choices"]
        lengths = [len(str(text)) for c in choices for text in (c["name"], c["value"])]
        if len(choices) > 25 or not all(1 <= length <= 100 for length in lengths):
            raise RefusalError(400, 50035, "Invalid Form Body: choices")
