"""The preview beside the simulated chat: a source that shows everything and settles nothing."""

from data.access import Access, digest
from overlay.entry import PREVIEW


async def keep_preview(access: Access, stage: str, token: str | None, after: int) -> None:
    """Have it with this token, or not at all: None. after: the newest record when it is made."""
    source = access.named(stage, PREVIEW)
    if token is None:
        if source is not None:
            await access.remove(source)
    elif source is None:
        await access.add(stage, "alerts", PREVIEW, settles=False, after=after, token=token)
    elif source.token_hash != digest(token):  # restored from elsewhere, or a new api-token
        await access.rotate(source, token)
