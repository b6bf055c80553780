"""Questions about big gifts that wait for an answer."""

import time
from collections import OrderedDict
from collections.abc import Callable, Mapping
from dataclasses import dataclass

from commands.chat import ChatMessage
from commands.quote import Quote

QUESTIONS_MAX = 1_000


@dataclass(slots=True)
class Question:
    """A call that is carried out, under its own id, once its asker says yes: however often
    they say so, it is one gift. sent: they have."""

    call_id: int
    message: ChatMessage
    values: Mapping[str, object]
    quote: Quote
    asked_at: float
    sent: bool = False


class Questions:
    """Open questions by the id of the call. They are kept in memory: what is forgotten in a
    restart is only that something was asked, and asking again costs nothing."""

    def __init__(self, open_s: float, clock: Callable[[], float] = time.monotonic) -> None:
        self._open_s = open_s
        self._clock = clock
        self._open: OrderedDict[int, Question] = OrderedDict()

    def ask(
        self, call_id: int, message: ChatMessage, values: Mapping[str, object], quote: Quote
    ) -> None:
        """A question was put. The call that raised it may come again; what was sent stays so."""
        if (known := self._open.get(call_id)) and known.sent:
            return
        self._open[call_id] = Question(call_id, message, values, quote, self._clock())
        while len(self._open) > QUESTIONS_MAX:
            self._open.popitem(last=False)

    def find(self, call_id: int) -> Question | None:
        """The question, while it may be answered."""
        question = self._open.get(call_id)
        if question and self._clock() - question.asked_at <= self._open_s:
            return question
        self.drop(call_id)
        return None

    def drop(self, call_id: int) -> None:
        """It is not to be answered any more."""
        self._open.pop(call_id, None)
