"""`gifts`: the list of gifts with their prices."""

from commands.call import Call
from commands.chat import Reply
from commands.command import Command
from commands.words import diamonds

_CHARS_MAX = 300


async def show(call: Call) -> Reply:
    """As many as fit in a line, cheap ones first and the dearest last, with the terms."""
    names = [f"{gift.name} {gift.price_coins:,}" for gift in call.services.catalogue.gifts()]
    left, right = names[: (len(names) + 1) // 2], names[(len(names) + 1) // 2 :]
    line = " · ".join(left + right)
    while len(line) > _CHARS_MAX and (left or right):
        (left if len(left) >= len(right) else right).pop(-1 if len(left) >= len(right) else 0)
        line = " · ".join([*left, "…", *right])
    policy = call.policy
    rate = f"1 coin = {diamonds(policy.rate)}, fee {policy.fee_pct} %"
    return Reply(f"{line} (prices in coins; {rate})")


COMMAND = Command(
    name="gifts",
    summary="See the gifts and their prices.",
    run=show,
    aliases=("catalogue", "prices"),
    cooldown_s=10,
)
