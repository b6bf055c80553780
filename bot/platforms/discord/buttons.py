"""Buttons and menus: what stands on them, and what a press of one means.

All that a press needs stands in its `custom_id` (at most 100 characters), so that buttons
outlive the process. A price in it is what its presser has read.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from itertools import groupby

import discord

from bot.platforms.discord.slash import CHOICES_MAX, shortened
from commands.chat import Offer
from commands.quote import Quote
from commands.words import coins
from data.gifts import Gift

SHELVES_MAX = 4  # a message has five rows, and one is for buttons
MENU = "Choose a gift and it is sent to the stream. A big one is asked about first."
QUESTIONS = (("My coins", "balance"), ("My gifts", "history"), ("Coins of the day", "daily"))
_LABEL_LENGTH_MAX = 80


@dataclass(frozen=True, slots=True)
class Send:
    """Send that gift, which cost that much apiece when the button was made."""

    gift: str
    count: int
    price_coins: int
    creator: str = ""


@dataclass(frozen=True, slots=True)
class Ask:
    """Carry out that command, with that argument or with none."""

    command: str
    argument: str = ""
    value: str = ""

    @property
    def values(self) -> dict[str, object]:
        """The arguments as the desk takes them."""
        return {self.argument: self.value} if self.argument else {}


@dataclass(frozen=True, slots=True)
class Decide:
    """Yes or no to the question that the call of that id raised."""

    call_id: int
    yes: bool


def meaning(custom_id: str, picked: Sequence[str]) -> Send | Ask | Decide | None:
    """What a press means; None for a button that is none of ours. picked: from a menu."""
    match (picked[0] if picked else custom_id).split(":"):
        case ["send", gift, count, price, creator] if count.isdecimal() and price.isdecimal():
            return Send(gift, int(count), int(price), creator)
        case ["ask", command, *filled] if len(filled) in (0, 2):
            return Ask(command, *filled)
        case ["yes" | "no" as word, call_id] if call_id.isdecimal():
            return Decide(int(call_id), word == "yes")
    return None


def again(quote: Quote) -> discord.ui.View:
    """What may follow a gift: the same once more, and five of it."""
    five = Quote(quote.gift, 5, quote.creator)
    buttons = [_button(f"Send again · {coins(quote.total_coins)}", _send(quote))]
    if quote.count != five.count:
        buttons.append(_button(f"Send ×5 · {coins(five.total_coins)}", _send(five)))
    return _view(buttons)


def offers(made: Iterable[Offer]) -> discord.ui.View | None:
    """What a command offers to do next."""
    found = [_button(offer.label, ":".join(_asked(offer))) for offer in made]
    return _view(found) if found else None


def _asked(offer: Offer) -> tuple[str, ...]:
    filled = (offer.argument, offer.value) if offer.argument else ()
    return ("ask", offer.command, *filled)


def decision(quote: Quote, call_id: int) -> discord.ui.View:
    """Send it, or not."""
    send = _button(f"Send · {coins(quote.total_coins)}", f"yes:{call_id}", main=True)
    return _view([send, _button("Cancel", f"no:{call_id}")])


def question(quote: Quote) -> str:
    """What is asked before a big gift."""
    return f"Send {quote.what} for {coins(quote.total_coins)}?"


def menu(gifts: Iterable[Gift]) -> discord.ui.View:
    """All gifts to choose from, by tier, for a message that stays."""
    found = shelves(gifts)
    selects = [_select(number, shelf) for number, shelf in enumerate(found)]
    buttons = [_button(label, f"ask:{command}") for label, command in QUESTIONS]
    if found:
        least = Quote(found[0][0], 1)
        name = f"{least.what} · {coins(least.total_coins)}"
        buttons.insert(0, _button(name, _send(least), main=True))
    return _view([*selects, *buttons])


def shelves(gifts: Iterable[Gift]) -> list[list[Gift]]:
    """At most four menus of at most 25 gifts; tiers stay together where that is possible. What
    does not fit, the dearest, is left to `/gift`."""
    ordered = sorted(gifts, key=lambda gift: (gift.tier, gift.price_coins, gift.name))
    found: list[list[Gift]] = []
    for _, tier in groupby(ordered, key=lambda gift: gift.tier):
        for part in _parts(list(tier)):
            if found and len(found[-1]) + len(part) <= CHOICES_MAX:
                found[-1] += part
            else:
                found.append(part)
    return (found if len(found) <= SHELVES_MAX else _parts(ordered))[:SHELVES_MAX]


def _parts(gifts: list[Gift]) -> list[list[Gift]]:
    return [gifts[start : start + CHOICES_MAX] for start in range(0, len(gifts), CHOICES_MAX)]


def _select(number: int, shelf: list[Gift]) -> discord.ui.Select[discord.ui.View]:
    tiers = sorted({gift.tier for gift in shelf})
    which = f"Tier {tiers[0]}" if len(tiers) == 1 else f"Tiers {tiers[0]} to {tiers[-1]}"
    prices = [gift.price_coins for gift in shelf]
    return discord.ui.Select(
        custom_id=f"menu:{number}",
        placeholder=f"{which} · {min(prices):,} to {coins(max(prices))}",
        options=[
            discord.SelectOption(
                label=shortened(gift.name),
                value=_send(Quote(gift, 1)),
                description=coins(gift.price_coins),
            )
            for gift in shelf
        ],
    )


def _send(quote: Quote) -> str:
    return f"send:{quote.gift.id}:{quote.count}:{quote.gift.price_coins}:{quote.creator}"


def _button(
    label: str, custom_id: str, *, main: bool = False
) -> discord.ui.Button[discord.ui.View]:
    style = discord.ButtonStyle.primary if main else discord.ButtonStyle.secondary
    return discord.ui.Button(
        label=shortened(label, _LABEL_LENGTH_MAX), custom_id=custom_id, style=style
    )


def _view(
    items: Iterable[discord.ui.Button[discord.ui.View] | discord.ui.Select[discord.ui.View]],
) -> discord.ui.View:
    """Stopped at once: its presses are heard as interactions, so discord.py need not keep it."""
    view = discord.ui.View(timeout=None)
    for item in items:
        view.add_item(item)
    view.stop()
    return view
