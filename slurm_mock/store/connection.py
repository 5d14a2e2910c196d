"""The store's file: opened and closed, written in turns; facts by key.

Writers take turns (BEGIN IMMEDIATE); a transaction holds whole or not at all, whatever is killed
when.  `_sqlite3` is used without its Python wrapper: a command must start in a few milliseconds.
"""

import marshal
import os
import sys

TYPE_CHECKING = False
if TYPE_CHECKING:
    import _sqlite3 as _sqlite3
    from collections.abc import Callable, Sequence
    from types import ModuleType, TracebackType
    from typing import Any, TypeVar

    from typing_extensions import Self

    Value = TypeVar("Value")

# The format that this package reads and writes; its tables are in schema.py.
VERSION = 7


def _load_sqlite() -> "ModuleType":
    """_sqlite3 without functools and what that brings along: it wants one function of it, which
    is written in C, and all the rest would take two milliseconds of each command."""
    if "functools" in sys.modules:
        import _sqlite3
        return _sqlite3
    from _functools import _lru_cache_wrapper  # type: ignore[import-not-found]

    class StandIn:
        @staticmethod
        def lru_cache(size: int) -> "Any":
            return lambda function: _lru_cache_wrapper(function, size, False, tuple)

    sys.modules["functools"] = StandIn  # type: ignore[assignment]
    try:
        import _sqlite3
    finally:
        del sys.modules["functools"]
    return _sqlite3


if not TYPE_CHECKING:
    _sqlite3 = _load_sqlite()


class StoreError(Exception):
    """The store cannot be used; the text says why and what to do."""


def explain(error: "BaseException", file: str) -> StoreError:
    """A StoreError for what SQLite says of the store in `file`: what is wrong, and the cure."""
    text = str(error)
    if "full" in text:
        cure = "Nothing was changed: make room on that disk (or in your quota), then try again"
    elif "readonly" in text or "read-only" in text:
        cure = ("The disk is read-only, or the file not yours to write. Nothing was changed: "
                "make it writable, or choose another --state")
    elif "unable to open" in text or "disk I/O" in text:
        cure = ("Nothing was changed: is the disk full (or your quota on it), read-only or gone? "
                "Make room or make it writable, or choose another --state")
    elif "locked" in text:
        cure = "Another process has kept it busy for a minute: try again"
    else:
        cure = "If the file is damaged, `slurm-mock reset` starts afresh (the jobs in it are lost)"
    return StoreError(f"{file}: {text}. {cure}")


def readable(value: "Any") -> "Any":
    """Text without bytes that are no UTF-8 (a name typed in another encoding), all else as is."""
    if not isinstance(value, str):
        return value
    return value.encode("utf-8", "surrogateescape").decode("utf-8", "replace")


def clamped(value: "Any") -> "Any":
    """A number as near as SQLite can take it; all else as it is."""
    return max(-1 << 63, min(value, (1 << 63) - 1)) if isinstance(value, int) else value


class Connection:
    """An open store: its file and the facts in it. `path` is the cluster's state directory,
    `version` the format in which the file was written.

    make(connection) makes the tables, where the file may have to be made first; else it must be
    there. Raises StoreError.
    """

    db: "_sqlite3.Connection"

    def __init__(self, path: str, make: "Callable[[Self], None] | None" = None) -> None:
        self.path = path
        self.file = os.path.join(path, "store.db")
        if not make and not os.path.exists(self.file):
            raise StoreError(f"no cluster in {path}: switch the mock on with `slurm-mock run` or "
                             "`slurm-mock env`, which makes one")
        self.depth = 0
        self.after: "list[Callable[[], object]]" = []
        self.turn = -1
        if make and not os.path.exists(self.file):
            # SQLite gives its journal the mode of the file it finds
            os.close(os.open(self.file, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o600))
        try:
            self._connect()
            if make:
                make(self)
            self.version = self.meta("version")
        except _sqlite3.DatabaseError as error:
            raise explain(error, self.file) from None

    def _connect(self) -> None:
        # only what is there: in a state directory that is just being removed SQLite would
        # otherwise make an empty file
        name = os.path.abspath(self.file)
        name = name.replace("%", "%25").replace("?", "%3f").replace("#", "%23")
        self.db = _sqlite3.connect(f"file://{name}?mode=rw", timeout=60, isolation_level=None,
                                   check_same_thread=False, uri=True)
        # what a killed process wrote is safe in the kernel; only a power cut could harm it
        self.db.execute("PRAGMA synchronous=OFF")

    def close(self) -> None:
        """Let go of the file, and of the place in the queue of writers."""
        self.db.close()
        if self.turn >= 0:
            os.close(self.turn)
            self.turn = -1

    def reopen(self) -> None:
        """After a fork: SQLite connections do not survive one (sqlite.org/howtocorrupt.html)."""
        self._connect()

    # ---- transactions: `with store:` -------------------------------------

    def __enter__(self) -> "Self":
        if not self.depth:
            self._await_turn()
            try:
                self.db.execute("BEGIN IMMEDIATE")
            except _sqlite3.Error:
                self._end_turn()
                raise
        self.depth += 1
        return self

    def _await_turn(self) -> None:
        """Stand in the queue of writers. SQLite alone lets them sleep and try again, up to a
        tenth of a second each: among many most of the time nobody would write."""
        import fcntl
        try:
            if self.turn < 0:
                self.turn = os.open(os.path.join(self.path, "turn.lock"),
                                    os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o600)
            fcntl.lockf(self.turn, fcntl.LOCK_EX, 1)
        except OSError:
            # a full or read-only disk: SQLite says so better, and keeps order by itself
            return

    def _end_turn(self) -> None:
        import fcntl
        if self.turn >= 0:
            try:
                fcntl.lockf(self.turn, fcntl.LOCK_UN, 1)
            except OSError:
                # it was never had (see above)
                return

    def __exit__(self, kind: "type[BaseException] | None", value: "BaseException | None",
                 trace: "TracebackType | None") -> None:
        self.depth -= 1
        if not self.depth:
            after, self.after = self.after, []
            try:
                self.db.execute("ROLLBACK" if kind else "COMMIT")
            except _sqlite3.Error:
                # a full disk ended the transaction, or left it open
                if self.db.in_transaction:
                    self.db.execute("ROLLBACK")
                if not kind:
                    raise
            finally:
                self._end_turn()
            if not kind:
                self._run(after)

    @staticmethod
    def _run(functions: "list[Callable[[], object]]") -> None:
        """Call all of them, whatever becomes of one; then raise the first error."""
        first = None
        for function in functions:
            try:
                function()
            except BaseException as error:
                first = first or error
        if first:
            raise first

    def when_committed(self, function: "Callable[[], object]") -> None:
        """Call `function` once the transaction under way holds."""
        self.after.append(function)

    def at_once(self, function: "Callable[[], Value]") -> "Value":
        """function()'s value; what it reads is all of one moment."""
        self.db.execute("BEGIN")
        try:
            return function()
        finally:
            self.db.execute("COMMIT")

    # ---- statements: for the files of store/ alone --------------------------

    def ask(self, statement: str, values: "Sequence[Any]" = ()) -> "list[tuple[Any, ...]]":
        """All rows of an answer. A number that SQLite can't take is none that it knows."""
        return self._execute(statement, values, ask=True).fetchall()

    def change(self, statement: str, values: "Sequence[Any]" = ()) -> None:
        """Change rows. Raises OverflowError for a number that SQLite can't take."""
        self._execute(statement, values)

    def _execute(self, statement: str, values: "Sequence[Any]",
                 ask: bool = False) -> "_sqlite3.Cursor":
        """Execute a statement. In what somebody typed bytes that are no UTF-8 become the mark for
        that; a number that SQLite can't take is none that it knows (ask), or an OverflowError."""
        try:
            return self.db.execute(statement, values)
        except UnicodeEncodeError:
            return self._execute(statement, [readable(value) for value in values], ask)
        except OverflowError:
            if not ask:
                raise
            return self.db.execute(statement, [clamped(value) for value in values])

    # ---- facts by key -----------------------------------------------------

    def meta(self, key: str, default: "Any" = None) -> "Any":
        """The value kept under `key`: a number, text, or any plain data put by set_data."""
        row = self.db.execute("SELECT value FROM meta WHERE key=?", (key,)).fetchone()
        return default if row is None else row[0]

    def metas(self, *keys: str) -> "list[Any]":
        """The values kept under several keys at one moment; None where there is none."""
        found = dict(self.db.execute("SELECT key, value FROM meta WHERE key IN "
                                     f"({','.join('?' * len(keys))})", keys).fetchall())
        return [found.get(key) for key in keys]

    def set_meta(self, key: str, value: "Any") -> None:
        """Keep a number or text under `key`; None stands for no value."""
        self.change("INSERT OR REPLACE INTO meta VALUES (?, ?)", (key, value))

    def data(self, key: str, default: "Any" = None) -> "Any":
        """Like meta, for lists and dicts (kept in marshal's format 4, which all Pythons read)."""
        blob = self.meta(key)
        return default if blob is None else marshal.loads(blob)

    def set_data(self, key: str, value: "Any") -> None:
        """Keep plain data (lists, dicts, numbers, text) under `key`."""
        self.set_meta(key, marshal.dumps(value, 4))
