"""Records in the store: rows of its tables as objects (common/records.py, common/slurmdb.py).

What stands behind `FROM table` of a question is SQL, and comes from the files of store/ alone.
Values of rows always go beside the statement, as its `args`.
"""

from ..common.records import ENDED, SIMULATED, Job
from .connection import Connection

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Collection, Iterable, Sequence
    from typing import Any, TypeVar

    from ..common.records import Record

    Kind = TypeVar("Kind", bound=Record)


class Partial:
    """A record of which only some columns were read (Records.partial); any other one is read when
    it is asked for."""

    def __getattr__(self, name: str) -> "Any":
        kind, store = self.__dict__["shape"]
        if name not in kind.columns:
            raise AttributeError(name)
        key = kind.columns[0]
        value = store.db.execute(f"SELECT {name} FROM {kind.table} WHERE {key}=?",
                                 (getattr(self, key),)).fetchone()
        self.__dict__[name] = value[0] if value else None
        return self.__dict__[name]

    def copy(self, **changes: "Any") -> "Partial":
        """The same record with other values in these fields, as the copy() of a whole one: what
        was read of it so far, and the rest when it is asked for."""
        twin = Partial.__new__(Partial)
        twin.__dict__ = {**self.__dict__, **changes}
        return twin


class Records(Connection):
    """An open store whose rows are read and written as records."""

    # ---- read ---------------------------------------------------------------

    def select(self, kind: "type[Kind]", where: str = "",
               args: "Sequence[Any]" = ()) -> "list[Kind]":
        """Records of one kind, all of them where nothing is said. `where`: what follows the
        table's name. A number among `args` that SQLite can't take is none that it knows."""
        columns = ", ".join(kind.columns)
        rows = self.ask(f"SELECT {columns} FROM {kind.table} {where}", args)
        return [kind.from_row(row) for row in rows]

    def partial(self, kind: "type[Kind]", columns: "Collection[str]", where: str = "",
                args: "Sequence[Any]" = ()) -> "list[Kind]":
        """Like select, but reads these columns only: cheap for listing thousands of rows. What is
        given are Partials, which can be read and copied as a `kind`, and not written.

        The key column must be among them. Raises OverflowError for a number among `args` that
        SQLite can't take.
        """
        rows = self.db.execute(f"SELECT {', '.join(columns)} FROM {kind.table} {where}", args)
        found: "list[Any]" = []
        new, shape = Partial.__new__, (kind, self)
        for row in rows.fetchall():
            item = new(Partial)
            item.__dict__ = dict(zip(columns, row), shape=shape)
            found.append(item)
        return found

    def rows(self, kind: "type[Record]", expressions: "Iterable[str]", where: str = "",
             args: "Sequence[Any]" = ()) -> "list[tuple[Any, ...]]":
        """What these SQL expressions are for each record of a kind, as tuples. For
        commands/squeue/plain.py, which lets SQLite make its lines."""
        return self.db.execute(f"SELECT {', '.join(expressions)} FROM {kind.table} {where}",
                               args).fetchall()

    # ---- written --------------------------------------------------------------

    def insert(self, item: "Record") -> None:
        """Add a record, in place of one with the same key. A job with no id gets the next one."""
        marks = ", ".join("?" * len(item.columns))
        if isinstance(item, Job) and item.id is None:
            item.id = self.next_job_id()
        self.change(f"INSERT OR REPLACE INTO {item.table} ({', '.join(item.columns)}) "
                    f"VALUES ({marks})", item.row())

    def update(self, item: "Record", *names: str) -> None:
        """Write the named fields of a record (all when none is named). One that is not there any
        more does not come back."""
        names = names or item.columns
        keys = {"jobs": ("id",), "steps": ("job_id", "step_id")}.get(item.table, ("name",))
        sets = ", ".join(f"{n}=?" for n in names)
        where = " AND ".join(f"{k}=?" for k in keys)
        self.change(f"UPDATE {item.table} SET {sets} WHERE {where}",
                    [getattr(item, n) for n in names] + [getattr(item, k) for k in keys])

    def replace(self, kind: "type[Kind]", items: "Iterable[Kind]") -> None:
        """Let these be all records of a kind."""
        self.change(f"DELETE FROM {kind.table}")
        for item in items:
            self.insert(item)

    def next_job_id(self, count: int = 1) -> int:
        """Hand out `count` job ids; returns the first."""
        first: int = self.meta("next_job_id", 1)
        self.set_meta("next_job_id", first + count)
        return first

    # ---- asked of a store of any format (schema.set_aside), too ------------------

    def user_jobs_wait_or_run(self) -> bool:
        """Does a job of the user's wait or run? Other people's simulated jobs do not count."""
        return bool(self.ask(f"SELECT 1 FROM jobs WHERE phase<{ENDED} AND kind<>? LIMIT 1",
                             (SIMULATED,)))
