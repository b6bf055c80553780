"""The random histories of the ledger, with people who link their accounts and end that again."""

from typing import Any

from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import Bundle, initialize, multiple, rule

from data.ledger import NotBanned
from data.money import Account
from data.sqlite.connection import rows
from tests.house import scale
from tests.ledger_model import Model
from tests.link_model import LinkedModel
from tests.test_ledger_machine import STAGES, LedgerMachine, people, stages


class LinkMachine(LedgerMachine):
    """Whatever happens in the ledger happens to linked people as well."""

    model = LinkedModel
    links = Bundle("links")  # (stage, seq) of links

    @initialize(target=links, members=st.sampled_from(((), (2,), (2, 3))))
    def start(self, members: tuple[int, ...] = ()) -> Any:  # type: ignore[override] # a target
        super().start()
        return multiple(*(self.plain_link(member, 1) for member in members))

    @rule(target=links, person=people, head=people)
    def plain_link(self, person: int, head: int) -> Any:
        return self.link(STAGES[0], person, head, late=False)

    @rule(target=links, stage=stages, person=people, head=people, late=st.sampled_from((0, 0, 1)))
    def link(self, stage: str, person: int, head: int, late: bool) -> Any:
        """late: somebody else was linked since the asker looked."""
        model = self.world.stages[stage]
        group = model.group(head)[: -1 if late else None]
        facts = {"head": head, "group": group}
        guards = (NotBanned(person), NotBanned(head))
        return self.hear(self.new(stage, "link", person, guards=guards, facts=facts))

    @rule(viewer=people, less=st.integers(0, 30))
    def spend_all(self, viewer: int, less: int) -> None:
        """As far as it was theirs, and often further."""
        purse = self.world.stages[STAGES[0]].balance(Account("wallet", viewer))
        if purse > less:
            self.take(STAGES[0], viewer, purse - less)

    @rule(link=links)
    def unlink(self, link: tuple[str, int]) -> None:
        stage, seq = link
        tie = self.world.stages[stage].ties.get(seq)  # perhaps a crash undid it
        person = tie.person if tie else 1
        self.hear(self.new(stage, "unlink", person, reverses=seq))

    @rule(link=links)
    def unlink_another(self, link: tuple[str, int]) -> None:
        """Whoever asks names the wrong account."""
        stage, seq = link
        tie = self.world.stages[stage].ties.get(seq)
        self.hear(self.new(stage, "unlink", tie.head if tie else 1, reverses=seq))

    def compare(self, model: Model, stage: int) -> None:
        super().compare(model, stage)
        assert isinstance(model, LinkedModel)
        query = "SELECT seq, person, head, share, parted FROM link WHERE stage = ?"
        found = {seq: tuple(tie) for seq, *tie in rows(self.db, query, (stage,))}
        assert found == {
            seq: (tie.person, tie.head, tie.own, tie.parted) for seq, tie in model.ties.items()
        }


LinkMachine.TestCase.settings = settings(max_examples=scale(250, 50_000), stateful_step_count=40)
test_any_history_of_linked_people_agrees_with_the_model = LinkMachine.TestCase
