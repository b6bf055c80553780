"""The preview beside the simulated chat: a source that shows everything and settles nothing."""

from data.access import Access, digest
from data.journal import Journal
from overlay.entry import PREVIEW


async def keep_preview(
    access: Access, journal: Journal, stage: str, token: str, *, wanted: bool
) -> None:
    """See to it that the source is there with this token, or that it is not."""
    source = access.named(stage, PREVIEW)
    if not wanted:
        if source is not None:
            await access.remove(source)
    elif source is None:
        after = journal.head(stage)
        await access.add(stage, "alerts", PREVIEW, settles=False, after=after, token=token)
    elif source.token_hash != digest(token):  # restored from elsewhere, or a new api-token
        await access.rotate(source, token)
