"""Goals: what a stage wants to reach with gifts, from a document that people may edit."""

from datetime import date
from itertools import pairwise
from typing import Annotated, Literal

from pydantic import (
    BaseModel,
    ConfigDict,
    Field,
    StringConstraints,
    ValidationInfo,
    field_validator,
)

from commands.policy import Name
from commands.spans import Span, Spans
from data.documents import Documents
from data.errors import DocumentError
from data.journal import Books

NAME = "goals"
GOALS_MAX = 20
Number = Annotated[int, Field(ge=1, le=1_000_000_000_000, strict=True)]


class Milestone(BaseModel):
    """A point on the way that has a name."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    at: Number
    name: Name


Milestones = tuple[Milestone, ...]


class Goal(BaseModel):
    """A goal as it stands in `goals.json`.

    counts: coins, gifts (five roses are five) or viewers who gave; gift: the id of the one gift
    that counts, when it is not any. start: what stands there before the first gift. since: the
    first day that counts, of a goal that lasts forever.
    """

    model_config = ConfigDict(extra="forbid", frozen=True)

    id: Annotated[str, StringConstraints(pattern=r"^[a-z0-9][a-z0-9-]{0,31}$")]
    stage: Annotated[str, StringConstraints(pattern=r"^[a-z0-9-]{1,32}$")] = "main"
    name: Name
    counts: Literal["coins", "gifts", "viewers"] = "coins"
    gift: Annotated[str, StringConstraints(pattern=r"^([a-z][a-z0-9-]{0,31})?$")] = ""
    target: Number
    milestones: Annotated[Milestones, Field(max_length=12)] = ()
    start: Annotated[int, Field(ge=0, le=1_000_000_000_000, strict=True)] = 0
    period: Literal["show", "today", "week", "month", "forever"] = "today"
    since: date | None = None
    enabled: bool = True

    @field_validator("gift")
    @classmethod
    def _one_gift(cls, gift: str, info: ValidationInfo) -> str:
        if gift and info.data.get("counts") == "viewers":
            raise ValueError("viewers are counted by any gift; leave it out")
        return gift

    @field_validator("milestones")
    @classmethod
    def _on_the_way(
        cls, found: tuple[Milestone, ...], info: ValidationInfo
    ) -> tuple[Milestone, ...]:
        places = [0, *(each.at for each in found), info.data.get("target", 0)]
        if found and any(before >= after for before, after in pairwise(places)):
            raise ValueError("each must be more than the one before it and less than the target")
        return found

    @field_validator("since")
    @classmethod
    def _of_forever(cls, since: date | None, info: ValidationInfo) -> date | None:
        if since and info.data.get("period") != "forever":
            raise ValueError('goes with "period": "forever" only')
        return since

    def span(self, spans: Spans) -> Span:
        """From when on gifts count."""
        if self.period != "forever":
            return spans.of(self.stage, self.period)
        return Span("forever", int(f"{self.since:%Y%m%d}") if self.since else 0)


class Goals:
    """The goals in force. Starts with one when there is no document yet."""

    def __init__(self, documents: Documents) -> None:
        self._documents = documents
        self._goals: tuple[Goal, ...] = ()

    def load(self) -> None:
        """Read the document and take it into use; on `DocumentError` all stays as it was."""
        if not self._documents.version(NAME):
            first = Goal(id="today", name="Goal of the day", target=1_000)
            self._documents.save(NAME, {"1": first.model_dump(mode="json")})
        found = tuple(self._documents.load(NAME, Goal).values())
        if len(found) > GOALS_MAX:
            raise DocumentError(f"goals.json: more than {GOALS_MAX} goals")
        names = [(goal.stage, goal.id) for goal in found]
        if twins := [id_ for stage, id_ in names if names.count((stage, id_)) > 1]:
            raise DocumentError(f"goals.json: the goal {twins[0]!r} stands there twice")
        self._goals = found

    def of(self, stage: str) -> list[Goal]:
        """Those of a stage that are on, as they stand in the document."""
        return [goal for goal in self._goals if goal.stage == stage and goal.enabled]


class Progress:
    """How far goals have come, from the books."""

    def __init__(self, books: Books, spans: Spans) -> None:
        self._books, self._spans = books, spans

    async def of(self, goal: Goal) -> int:
        """In what the goal counts, with its start."""
        span = goal.span(self._spans)
        since = {"since_day": span.since_day, "show": span.show}
        if goal.counts == "viewers":
            return goal.start + await self._books.givers(goal.stage, **since)
        sums = await self._books.gift_sums(goal.stage, **since)
        counted = [each for each in sums if goal.gift in ("", each.gift)]
        return goal.start + sum(
            each.coins if goal.counts == "coins" else each.units for each in counted
        )
