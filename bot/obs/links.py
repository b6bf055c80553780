"""The links of giftcast's browser sources: what they look like, and who hands them out."""

import re
from dataclasses import dataclass
from typing import Protocol

from overlay.source_settings import Missing
from overlay.stages import MAIN

_PAGE = re.compile(
    r"(?P<address>http://(?:127\.0\.0\.1|localhost):\d{1,5})/o/(?P<widget>[a-z][a-z0-9-]*)"
    r"(?:\?[^#]*)?#(?P<token>[\w-]{16,200})"
)


@dataclass(frozen=True, slots=True)
class Page:
    """A widget's page for OBS."""

    address: str
    widget: str
    token: str

    @property
    def url(self) -> str:
        """The token stands in the fragment, which is never sent."""
        return f"{self.address}/o/{self.widget}#{self.token}"


def page_of(url: str) -> Page | None:
    """The page that an address names, if it is one of some giftcast on this machine."""
    found = _PAGE.fullmatch(url)
    return Page(found["address"], found["widget"], found["token"]) if found else None


@dataclass(frozen=True, slots=True)
class Seen:
    """A source of giftcast's as it is now. online: a page of it is connected; active: in the
    programme of its OBS, as far as that page knows; missing: the setting without which it shows
    nothing, while it is not set."""

    name: str
    widget: str
    stage: str
    online: bool = False
    active: bool = False
    missing: Missing | None = None


def key_of(name: str, stage: str) -> str:
    """One word for a source of a stage: names are unique on each. No name holds a tab."""
    return name if stage == MAIN else f"{stage}\t{name}"


class Links(Protocol):
    """The browser sources of one giftcast. address: where OBS finds its pages. stage: whose
    sources are made."""

    address: str
    stage: str

    async def sources(self) -> list[Seen]:
        """All sources, of every stage."""

    async def known(self, token: str) -> Seen | None:
        """The source that holds the token."""

    async def add(self, widget: str, name: str) -> str:
        """Register a source; its page's address."""

    async def rotate(self, name: str) -> str:
        """A new address for a source; the old one is dead."""

    async def remove(self, name: str, stage: str) -> bool:
        """Remove a source, of whatever stage. False when that cannot be done now."""
