"""The desk: finds the command in a message, checks, runs, and puts refusals into words."""

import pkgutil
from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from importlib import import_module
from typing import Any

import structlog

import commands
from commands.call import Call, Services, fingerprint
from commands.chat import ChatMessage, Reply, Role
from commands.command import Command, Invocation
from commands.grammar import Grammar, called
from commands.policy import Cooldowns, StagePolicy
from commands.quote import Quote, quote
from commands.suggest import Ask, Suggestion, suggestions
from commands.turns import Turn
from commands.words import sentence
from data.errors import UNDECIDED, Code, GiftError
from data.gifts import Gift
from data.identities import Known
from data.ledger import Transaction
from data.money import Account
from data.postings import move


def discover() -> tuple[Command, ...]:
    """Every command: each module of this package that holds a `COMMAND`."""
    names = sorted(module.name for module in pkgutil.iter_modules(commands.__path__))
    modules = (import_module(f"commands.{name}") for name in names)
    found = (getattr(module, "COMMAND", None) for module in modules)
    return tuple(command for command in found if isinstance(command, Command))


class Desk:
    """Decides what happens with what people ask for, on every platform alike."""

    def __init__(
        self,
        services: Services,
        clock: Callable[[], float],
        declared: tuple[Command, ...] | None = None,
    ) -> None:
        self.commands = discover() if declared is None else declared
        self._services = services
        self._grammar = Grammar(
            self.commands, lambda name: services.catalogue.find(name) is not None
        )
        self._cooldowns = Cooldowns(clock)

    def addressed(self, message: ChatMessage) -> bool:
        """Whether a line of chat holds a command for us."""
        return self._found(message) is not None

    def _found(self, message: ChatMessage) -> tuple[Command, list[str]] | None:
        """The command in a line and its words. Other bots repeat what viewers type: what they
        say is no command."""
        policy = self._services.policies(message.stage)
        found = self._grammar.find(message.text, policy.prefix, policy.aliases)
        bot = found and self._services.earner.is_bot(message.stage, message.viewer.name)
        return None if bot else found

    async def hear(self, message: ChatMessage, turn: Turn | None = None) -> Reply | None:
        """Carry out the command in a line of chat. None when there is none for us. turn: its
        place among the commands of its viewer, when several may be under way."""
        found = self._found(message)
        if found is None:
            return None
        policy = self._services.policies(message.stage)
        command, tokens = found
        return await self._carry_out(
            message,
            command,
            policy,
            turn,
            lambda: self._grammar.read(command, tokens, policy.prefix, message.mentions),
        )

    async def invoke(
        self,
        message: ChatMessage,
        name: str,
        values: Mapping[str, Any],
        turn: Turn | None = None,
    ) -> Reply:
        """Carry out a command whose arguments came apart, as from a slash call; see `hear`."""
        command = self._grammar.command(name, {})
        if command is None:
            return Reply(sentence(GiftError(Code.UNKNOWN_COMMAND, name=name[:20])), ok=False)
        policy = self._services.policies(message.stage)
        return await self._carry_out(
            message, command, policy, turn, lambda: self._grammar.bind(command, values)
        )

    async def suggest(self, ask: Ask) -> Sequence[Suggestion]:
        """What somebody who is typing an argument may mean, at most 25."""
        return await suggestions(self._services, self.commands, ask)

    def quote(self, stage: str, name: str, values: Mapping[str, Any]) -> Quote | None:
        """What the gift in a call would cost; None when the call sends none that is offered."""
        if name != "gift":
            return None
        services = self._services
        return quote(services.catalogue, services.policies(stage), values)

    def catalogue_gifts(self) -> Sequence[Gift]:
        """Every gift that can be sent, the cheapest first."""
        return self._services.catalogue.gifts()

    async def welcome(self, message: ChatMessage, coins: int, occasion: str = "") -> None:
        """Give somebody their first coins, once for ever; or once on an occasion."""
        asker = await self._asker(message)
        who = (message.stage, message.platform, message.viewer.user_id)
        await self._services.journal.record(
            Transaction(
                stage=message.stage,
                kind="grant",
                key=":".join(("welcome", *who, *([occasion] if occasion else []))),
                at=self._services.now(),
                subject=asker.person,
                postings=move(Account("mint"), Account("wallet", asker.person), coins),
                facts={"cause": "welcome"},
            )
        )

    async def _asker(self, message: ChatMessage) -> Known:
        viewer = message.viewer
        return await self._services.people.person(message.platform, viewer.user_id, called(viewer))

    async def _carry_out(
        self,
        message: ChatMessage,
        command: Command,
        policy: StagePolicy,
        turn: Turn | None,
        read: Callable[[], Invocation],
    ) -> Reply:
        viewer = f"{message.platform}:{message.viewer.user_id}"
        own_s = policy.cooldown_s.get(command.name, command.cooldown_s)
        stage_s = policy.stage_cooldown_s.get(command.name, 0.0)
        call: Call | None = None
        if turn is not None and not (command.ahead and not own_s and not stage_s):
            await turn.alone()  # it asks what is so, or waits for the end of a pause
        try:
            if message.viewer.role < command.role:
                raise GiftError(Code.NOT_ALLOWED, role=int(command.role))
            if message.viewer.role < Role.MODERATOR:
                self._cooldowns.check(message.stage, command.name, viewer, own_s, stage_s)
            values = read().values
            asker = await self._asker(message)
            call = Call(
                message, command, values, asker, policy, self._services, self.commands, turn
            )
            reply = await command.run(call)
        except GiftError as refusal:
            if call is not None and call.judged:
                return _no(refusal, policy, quiet=not call.fresh)
            if turn is not None and command.ahead:
                turn.submit()
            return await self._refuse(message, command, policy, refusal)
        except Exception:  # noqa: BLE001 - a faulty command may not silence the chat
            structlog.get_logger().exception("command.failed", command=command.name)
            return _no(GiftError(Code.JOURNAL_DOWN), policy)
        if not call.fresh:
            return replace(reply, quiet=True)
        if own_s or stage_s:
            self._cooldowns.start(message.stage, command.name, viewer)
        return reply

    async def _refuse(
        self, message: ChatMessage, command: Command, policy: StagePolicy, refusal: GiftError
    ) -> Reply:
        """Refused before the journal was asked. What a command that writes in the books
        refused is remembered, so that the same message gets the same answer for ever."""
        if not command.books or refusal.code in UNDECIDED:
            return _no(refusal, policy)
        attempt = Transaction(
            message.stage,
            "note",
            message.id,
            self._services.now(),
            aside={"fp": fingerprint(message)},
        )
        try:
            receipt = await self._services.journal.refuse(attempt, refusal)
        except GiftError as unable:
            return _no(unable, policy)
        if receipt.record is not None:
            return Reply(f"Done before: {receipt.record.gift_id}.", quiet=True)
        return _no(receipt.refusal or refusal, policy, quiet=not receipt.fresh)


def _no(refusal: GiftError, policy: StagePolicy, *, quiet: bool = False) -> Reply:
    words = sentence(refusal, policy.prefix)
    return Reply(words, ok=False, quiet=quiet, code=refusal.code.value)
