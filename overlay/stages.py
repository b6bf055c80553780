"""Which stages there are. None is made by naming it: a typing mistake would be a page that waits
for ever for gifts of nobody."""

import re
from collections.abc import Iterable

from commands.policies import Policies
from data.journal import Books

MAIN, DRILL = "main", "drill"
NAMED_MAX = 20
_USABLE = re.compile(r"[a-z0-9-]{1,32}")


async def known_stages(books: Books, policies: Policies) -> list[str]:
    """The one that is always there, the one that drills are kept for, those in `policy.json`, and
    those that something has happened on, such as a recording."""
    others = {DRILL, *policies.stages(), *await books.stages()} - {MAIN}
    return [MAIN, *sorted(others)]


def no_stage(stage: str, known: Iterable[str]) -> tuple[str, str]:
    """What is wrong with a stage that is not among these, and the fix."""
    new = stage if _USABLE.fullmatch(stage) else "second"
    fix = (
        f"Choose one of: {', '.join(list(known)[:NAMED_MAX])}. A new one is made by a row of its "
        f'own in policy.json, in the data folder: "2": {{"stage": "{new}"}}'
    )
    return f"there is no stage {stage[:40]!r}", fix
