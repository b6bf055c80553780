"""What people edit: the documents, loaded, and looked at again while the program runs."""

from dataclasses import dataclass
from pathlib import Path

from commands import goals, policy
from commands.goals import Goals
from commands.policies import Policies
from data import catalogue
from data.access import Access
from data.catalogue import Catalogue
from data.documents import FileDocuments, Watched
from overlay import source_settings
from overlay.source_settings import SourceSettings
from overlay.widget import discover


@dataclass(frozen=True, slots=True)
class Edited:
    """The documents in force. watched: those that are read again on saving."""

    catalogue: Catalogue
    policies: Policies
    goals: Goals
    settings: SourceSettings
    watched: tuple[Watched, ...]


def load_edited(folder: Path, access: Access) -> Edited:
    """Read them all; the first mistake is raised as `DocumentError`."""
    documents = FileDocuments(folder)
    gifts, policies, aims = Catalogue(documents), Policies(documents), Goals(documents)
    settings = SourceSettings(documents, access, discover())
    for document in (gifts, policies, aims, settings):
        document.load()
    watched = (
        Watched(documents, catalogue.NAME, gifts.load),
        Watched(documents, policy.NAME, policies.load),
        Watched(documents, goals.NAME, aims.load),
        Watched(documents, source_settings.NAME, settings.load),
    )
    return Edited(gifts, policies, aims, settings, watched)
