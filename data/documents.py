"""Documents that people edit, kept by TinyDB in files that are never half-written.

A hand-edited file is read again while the program runs; a broken edit is refused with its
line and the reason, and the last good version stays in force.
"""

import json
import os
import re
import time
from collections.abc import Callable
from itertools import islice
from pathlib import Path
from typing import Any, Protocol, TypeVar

from pydantic import BaseModel, ValidationError
from tinydb import TinyDB
from tinydb.storages import Storage

from data.errors import DocumentError
from data.faults import dotted, first_fault

M = TypeVar("M", bound=BaseModel)
SIZE_MAX = 4_000_000
_ID = re.compile(r"0|[1-9][0-9]{0,8}", re.ASCII)


class Documents(Protocol):
    """Named tables of documents."""

    def load(self, name: str, model: type[M]) -> dict[str, M]:
        """The documents of a table by their id. Raises `DocumentError` with place and reason."""

    def save(self, name: str, documents: dict[str, dict[str, Any]]) -> None:
        """Replace a table. Raises `DocumentError` when it was edited meanwhile."""

    def version(self, name: str) -> str:
        """Changes whenever the table does; empty while there is none."""

    def where(self, name: str, place: tuple[str | int, ...]) -> str:
        """For people, where in a table something stands: `catalogue.json, line 12`. place: the
        document's id, and keys inside of it."""


class AtomicStorage(Storage):
    """A TinyDB storage that writes beside the file, syncs, and renames.

    TinyDB's own JSONStorage overwrites in place and cuts afterwards: a crash between the two
    leaves a file that nothing can read (msiemens/tinydb#144).
    """

    def __init__(self, path: str) -> None:
        self.path = Path(path)

    def read(self) -> dict[str, dict[str, Any]] | None:
        """The parsed file; None when there is none."""
        return parse(self.path) if self.path.exists() else None

    def write(self, data: dict[str, dict[str, Any]]) -> None:
        """Complete on disk, or as before."""
        text = json.dumps(data, ensure_ascii=False, indent=2) + "\n"
        partial = self.path.with_suffix(".partial")
        with partial.open("w", encoding="utf-8", newline="\n") as file:
            file.write(text)
            file.flush()
            os.fsync(file.fileno())
        replace(partial, self.path)


class FileDocuments:
    """`Documents` in a folder: one JSON file a table, made and read through TinyDB."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._read: dict[str, str] = {}

    def path(self, name: str) -> Path:
        """Where a table lies."""
        return self._folder / f"{name}.json"

    def load(self, name: str, model: type[M]) -> dict[str, M]:
        """See `Documents`."""
        version = self.version(name)
        path = self.path(name)
        with TinyDB(str(path), storage=AtomicStorage) as db:
            found = {str(doc.doc_id): dict(doc) for doc in db.table(name).all()}
        documents: dict[str, M] = {}
        for key, values in found.items():
            try:
                documents[key] = model.model_validate(values)
            except ValidationError as error:
                inside, reason = first_fault(error, model)
                where = self.where(name, (key, *inside))
                raise DocumentError(f"{where}: {dotted(inside)}: {reason}") from None
        self._read[name] = version
        return documents

    def save(self, name: str, documents: dict[str, dict[str, Any]]) -> None:
        """See `Documents`."""
        if self.version(name) != self._read.get(name, ""):
            raise DocumentError(f"{name}.json was edited meanwhile: look at it and try again")
        self._folder.mkdir(parents=True, exist_ok=True)
        storage = AtomicStorage(str(self.path(name)))
        others = {t: rows for t, rows in (storage.read() or {}).items() if t != name}
        storage.write({**others, name: documents})
        self._read[name] = self.version(name)

    def where(self, name: str, place: tuple[str | int, ...]) -> str:
        """See `Documents`."""
        path = self.path(name)
        return f"{path.name}, line {line_of(path, (name, *place))}"

    def version(self, name: str) -> str:
        """See `Documents`."""
        try:
            stat = self.path(name).stat()
        except FileNotFoundError:
            return ""
        return f"{stat.st_mtime_ns}:{stat.st_size}:{stat.st_ino}"


def parse(path: Path) -> dict[str, dict[str, Any]]:
    """The file as TinyDB's tables of documents. Raises `DocumentError` with line and reason."""
    try:
        if path.stat().st_size > SIZE_MAX:
            raise DocumentError(f"{path.name}: larger than {SIZE_MAX // 1_000_000} MB")
        tables = json.loads(path.read_text(encoding="utf-8-sig"), object_pairs_hook=_no_twins)
        json.dumps(tables, ensure_ascii=False).encode()
    except json.JSONDecodeError as error:
        raise DocumentError(f"{path.name}, line {error.lineno}: {error.msg}") from None
    except UnicodeDecodeError:
        raise DocumentError(f"{path.name}: is not UTF-8 text") from None
    except UnicodeEncodeError:
        raise DocumentError(f"{path.name}: holds half a character (\\ud800 to \\udfff)") from None
    except OSError as error:
        raise DocumentError(f"{path.name}: {error.strerror}") from None
    except (ValueError, RecursionError) as error:
        raise DocumentError(f"{path.name}: {error}") from None
    for table, rows in tables.items() if isinstance(tables, dict) else [("", None)]:
        if not isinstance(rows, dict) or not all(
            _ID.fullmatch(key) and isinstance(row, dict) for key, row in rows.items()
        ):
            line = line_of(path, (table,))
            raise DocumentError(
                f'{path.name}, line {line}: expected {{"{table or "table"}": {{"1": {{…}}, …}}}}'
            )
    return tables  # type: ignore[no-any-return]


def _no_twins(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    found = dict(pairs)
    if len(found) < len(pairs):
        names = [name for name, _ in pairs]
        twin = next(name for name in names if names.count(name) > 1)
        raise ValueError(f'"{twin}" stands there twice')
    return found


def line_of(path: Path, place: tuple[str | int, ...]) -> int:
    """The line of the innermost named key of `place` that the file has, counted from 1. Of a
    key in a list, that of the element with the number before it."""
    text = path.read_text(encoding="utf-8-sig")
    at = skipped = 0
    for part in place:
        if isinstance(part, int):
            skipped = part
            continue
        key = re.compile(rf'"{re.escape(part)}"\s*:')
        for found in islice(key.finditer(text, at), skipped + 1):
            at = found.start()
        skipped = 0
    return text.count("\n", 0, at) + 1


def replace(partial: Path, target: Path) -> None:
    """Rename over the target and make the rename durable. Windows refuses while an editor
    has the file open, so it is tried a few times there."""
    for attempt in range(5):
        try:
            partial.replace(target)
            break
        except PermissionError:
            if attempt == 4:
                raise
            time.sleep(0.05 * (attempt + 1))
    if os.name == "posix":
        folder = os.open(target.parent, os.O_RDONLY)
        try:
            os.fsync(folder)
        finally:
            os.close(folder)


class Watched:
    """A document that is read again when it was edited.

    apply: takes the freshly loaded content into use; raises `DocumentError` to refuse it.
    """

    def __init__(self, documents: Documents, name: str, apply: Callable[[], None]) -> None:
        self.name = name
        self.problem = ""
        self._documents = documents
        self._apply = apply
        self._version = documents.version(name)

    def look(self) -> bool:
        """Read again if it changed; True when something new is in force or was refused."""
        version = self._documents.version(self.name)
        if version == self._version:
            return False
        self._version = version
        try:
            self._apply()
        except DocumentError as error:
            self.problem = str(error)
        else:
            self.problem = ""
        return True
