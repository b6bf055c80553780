"""A disk whose every sync takes its time: a layer over SQLite's own driver."""

import time

import apsw


class _File(apsw.VFSFile):
    def __init__(self, sync_s: float, name: str | apsw.URIFilename | None, flags: list[int]):
        super().__init__("", name, flags)
        self._sync_s = sync_s

    def xSync(self, flags: int) -> None:  # noqa: N802 - SQLite's own names
        time.sleep(self._sync_s)
        super().xSync(flags)


class SlowDisk(apsw.VFS):
    """Every database that this process opens from now on lies on it."""

    def __init__(self, sync_s: float) -> None:
        super().__init__("slow", "", makedefault=True)
        self._sync_s = sync_s

    def xOpen(  # noqa: N802
        self, name: str | apsw.URIFilename | None, flags: list[int]
    ) -> apsw.VFSFile:
        return _File(self._sync_s, name, flags)
