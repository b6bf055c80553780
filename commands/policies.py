"""The policies in force, one a stage, from a document that people may edit."""

from commands.policy import NAME, StagePolicy
from data.documents import Documents
from data.errors import DocumentError


class Policies:
    """Starts with the defaults for the stage `main` when there is no document yet."""

    def __init__(self, documents: Documents) -> None:
        self._documents = documents
        self._stages: dict[str, StagePolicy] = {}

    def load(self) -> None:
        """Read the document and take it into use; on `DocumentError` all stays as it was."""
        if not self._documents.version(NAME):
            if self._stages:
                raise DocumentError(
                    "policy.json is gone: the rules in force stay. Put it back, or start giftcast "
                    "again, which then writes the usual rules"
                )
            self._documents.save(NAME, {"1": StagePolicy().model_dump(mode="json")})
        found: dict[str, StagePolicy] = {}
        for policy in self._documents.load(NAME, StagePolicy).values():
            if policy.stage in found:
                raise DocumentError(f"policy.json: the stage {policy.stage!r} stands there twice")
            found[policy.stage] = policy
        self._stages = found

    def knows(self, stage: str) -> bool:
        """Whether there is a policy for the stage."""
        return stage in self._stages

    def stages(self) -> list[str]:
        """The stages that have a policy of their own."""
        return list(self._stages)

    def of(self, stage: str) -> StagePolicy:
        """The policy of a stage; the defaults for one that has none of its own."""
        return self._stages.get(stage) or StagePolicy()
