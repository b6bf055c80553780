"""The counter, where slash calls and presses of buttons are served."""

from collections.abc import Callable, Coroutine, Mapping
from dataclasses import dataclass
from typing import Any, Protocol, cast

import discord
from discord import app_commands

from bot.lanes import Lanes
from bot.platform import House
from bot.platforms.discord import buttons
from bot.platforms.discord.answers import BROKEN, Interaction, Told, answer, is_on_own_answer
from bot.platforms.discord.buttons import Ask, Decide, Send
from bot.platforms.discord.errands import Errands
from bot.platforms.discord.messages import slash_message
from bot.platforms.discord.people import Ranks
from bot.platforms.discord.questions import Question, Questions
from bot.platforms.discord.slash import Choice, choices, written
from bot.platforms.discord.timing import Timing
from commands.chat import Brief, ChatMessage, Chatter, Reply, Role
from commands.quote import Quote
from commands.suggest import Ask as Asked
from commands.words import sentence
from data.errors import UNDECIDED, Code, GiftError

MENU_NAME = "giftmenu"
_NO_LONGER = (
    "This question is no longer open. If you are not sure what became of it, look at /history; "
    "then ask again with /gift."
)
_NOT_SENT = "Not sent, nothing was charged."
_UNDER_WAY = "It was under way already. Look at /history to see what became of it."
_UNKNOWN = "This button is no longer in use. Use /gift instead."


class Guests(Protocol):
    """Who comes to the counter, and what of it the others hear."""

    def is_at_home(self, interaction: Interaction) -> bool:
        """Whether somebody comes from the server that is served; elsewhere they are told so."""

    def heard(self, interaction: Interaction, viewer: Chatter) -> None:
        """Somebody is here."""

    def given(self, interaction: Interaction, viewer: Chatter, gift: Brief) -> None:
        """A gift was sent."""


@dataclass(frozen=True, slots=True)
class Order:
    """A command to carry out. quote: for a gift that can be had."""

    message: ChatMessage
    name: str
    values: Mapping[str, object]
    quote: Quote | None = None


class Counter:
    """Serves calls and presses: by the desk, after a question if a gift is big."""

    def __init__(
        self,
        house: House,
        *,
        lanes: Lanes,
        ranks: Ranks,
        errands: Errands,
        timing: Timing,
        guests: Guests,
    ) -> None:
        self._house = house
        self._lanes = lanes
        self._ranks = ranks
        self._errands = errands
        self._timing = timing
        self._guests = guests
        self._questions = Questions(timing.question_s)

    async def call(self, interaction: Interaction, name: str, values: Mapping[str, object]) -> None:
        """A slash call."""
        if not self._guests.is_at_home(interaction):
            return
        order = self._order(interaction, name, values)
        if order.quote and order.quote.big:
            self._ask(interaction, interaction.id, order, order.quote)
        else:
            self._serve(interaction, order)

    def press(self, interaction: Interaction) -> None:
        """A press of a button, or a choice from a menu."""
        if not self._guests.is_at_home(interaction):
            return
        data = cast("Mapping[str, Any]", interaction.data or {})
        match buttons.meaning(str(data.get("custom_id")), data.get("values") or ()):
            case Send() as wish:
                self._send(interaction, wish)
            case Ask() as ask:
                self._serve(interaction, self._order(interaction, ask.command, ask.values))
            case Decide(call_id, yes):
                self._decide(interaction, call_id, yes=yes)
            case None:
                self._say(interaction, Told(_UNKNOWN))

    async def suggest(
        self, interaction: Interaction, command: str, argument: str, typed: str
    ) -> list[Choice]:
        """What may be meant by what somebody has typed so far."""
        if not self._guests.is_at_home(interaction):
            return []
        role = self._message(interaction, "").viewer.role
        asked = Asked(self._house.stage, role, command, argument, typed)
        return choices(await self._house.desk.suggest(asked))

    def menu_command(self) -> app_commands.Command[Any, ..., None]:
        """`/giftmenu`, the one command that only Discord has."""

        async def run(interaction: Interaction) -> None:
            if self._guests.is_at_home(interaction):
                self._post_menu(interaction)

        command: app_commands.Command[Any, ..., None] = app_commands.Command(
            name=MENU_NAME, description="Post a menu of gifts in this channel.", callback=run
        )
        command.default_permissions = self._ranks.hint(Role.MODERATOR)
        return command

    def _post_menu(self, interaction: Interaction) -> None:
        if self._message(interaction, f"/{MENU_NAME}").viewer.role < Role.MODERATOR:
            refusal = GiftError(Code.NOT_ALLOWED, role=int(Role.MODERATOR))
            self._say(interaction, Told(sentence(refusal)))
            return
        view = buttons.menu(self._house.desk.catalogue_gifts())
        self._say(interaction, Told(buttons.MENU, view, public=True))

    def _send(self, interaction: Interaction, wish: Send) -> None:
        """A price that has changed since the button was made is told first."""
        values: dict[str, object] = {"gift": wish.gift, "count": wish.count}
        if wish.creator:
            values["creator"] = wish.creator
        order = self._order(interaction, "gift", values)
        quote = order.quote
        if quote and (quote.big or quote.gift.price_coins != wish.price_coins):
            self._ask(interaction, interaction.id, order, quote)
        else:
            self._serve(interaction, order)

    def _ask(self, interaction: Interaction, call_id: int, order: Order, quote: Quote) -> None:
        self._questions.ask(call_id, order.message, order.values, quote)
        self._say(interaction, Told(buttons.question(quote), buttons.decision(quote, call_id)))

    def _decide(self, interaction: Interaction, call_id: int, *, yes: bool) -> None:
        found = self._questions.find(call_id)
        if found is None or found.message.viewer.user_id != str(interaction.user.id):
            self._say(interaction, Told(_NO_LONGER))
        elif yes:
            self._confirmed(interaction, found)
        elif found.sent:
            self._say(interaction, Told(_UNDER_WAY))
        else:
            self._questions.drop(call_id)
            self._say(interaction, Told(_NOT_SENT))

    def _confirmed(self, interaction: Interaction, found: Question) -> None:
        """Under the id of the call that raised the question, so that two presses are one gift."""
        quote = self._house.desk.quote(self._house.stage, "gift", found.values)
        order = Order(found.message, "gift", found.values, quote)
        if quote and quote.total_coins != found.quote.total_coins and not found.sent:
            self._ask(interaction, found.call_id, order, quote)
        else:
            found.sent = True
            self._serve(interaction, order, found)

    def _serve(self, interaction: Interaction, order: Order, asked: Question | None = None) -> None:
        """asked: the question that this answers."""

        async def work() -> Told:
            reply = await self._lanes.invoke(order.message, order.name, order.values)
            quote = order.quote
            if asked and reply.code == Code.BUSY:
                asked.sent = False
            if reply.brief and quote and not (reply.quiet or quote.waits):
                self._guests.given(interaction, order.message.viewer, reply.brief)
            words = reply.text or ("Done." if reply.ok else BROKEN)
            return Told(words, self._next(interaction, reply, quote, asked))

        self._start(interaction, work)

    def _next(
        self, interaction: Interaction, reply: Reply, quote: Quote | None, asked: Question | None
    ) -> discord.ui.View | None:
        """The buttons below an answer: a gift may be sent again, and what was not decided too."""
        if quote is None:
            return buttons.offers(reply.offers)
        if asked and reply.code in UNDECIDED:
            return buttons.decision(quote, asked.call_id)
        if reply.ok or (is_on_own_answer(interaction) and not asked):
            return buttons.again(quote)
        return None

    def _order(self, interaction: Interaction, name: str, values: Mapping[str, object]) -> Order:
        message = self._message(interaction, written(name, values))
        quote = self._house.desk.quote(self._house.stage, name, values)
        return Order(message, name, values, quote)

    def _message(self, interaction: Interaction, text: str) -> ChatMessage:
        house = self._house
        message = slash_message(interaction, text, self._ranks, stage=house.stage, at=house.now())
        self._guests.heard(interaction, message.viewer)
        return message

    def _say(self, interaction: Interaction, told: Told) -> None:
        async def work() -> Told:
            return told

        self._start(interaction, work)

    def _start(
        self, interaction: Interaction, work: Callable[[], Coroutine[Any, Any, Told]]
    ) -> None:
        limit_s = self._timing.defer_after_s
        self._errands.start(answer(interaction, work, defer_after_s=limit_s))
