"""The store: one SQLite file in the cluster's state directory.

Only this module speaks SQL.  Writers take turns (BEGIN IMMEDIATE); a transaction
holds whole or not at all, whatever is killed when.  `_sqlite3` is used without its
Python wrapper: a command must start in a few milliseconds.
"""

import marshal
import os
import sys

from ..common.records import (ENDED, PENDING, PURGED, SIMULATED, Job, Node, Partition, Reservation,
                              Step)

VERSION = 4
RECORDS = (Job, Step, Node, Partition, Reservation)

# Other tables: facts by key; scripts with their environment; what sleeps on the
# cluster's clock (see slurmctld/clock.py); earlier runs of requeued jobs; accounts of bundled clusters.
TABLES = """
CREATE TABLE meta (key TEXT PRIMARY KEY, value) WITHOUT ROWID;
CREATE TABLE scripts (job_id INTEGER PRIMARY KEY, script BLOB, environment BLOB);
CREATE TABLE sleepers (id INTEGER PRIMARY KEY AUTOINCREMENT, job_id INTEGER, wake_at REAL, pid INTEGER);
CREATE TABLE earlier (job_id INTEGER, run BLOB);
CREATE INDEX jobs_queue ON jobs (phase, priority DESC, id);
CREATE INDEX jobs_array ON jobs (array_id);
CREATE INDEX jobs_het ON jobs (het_id) WHERE het_id > 0;
CREATE INDEX jobs_end ON jobs (end_time) WHERE phase >= 2;
CREATE INDEX jobs_begin ON jobs (begin_time) WHERE phase = 0 AND begin_time > 0;
CREATE INDEX jobs_deadline ON jobs (deadline) WHERE phase = 0 AND deadline > 0;
CREATE INDEX jobs_dependent ON jobs (priority) WHERE phase = 0 AND dependency <> '';
CREATE UNIQUE INDEX steps_id ON steps (job_id, step_id);
"""


def _load_sqlite():
    """_sqlite3 without functools and what that brings along: it wants one function of it, which
    is written in C, and all the rest would take two milliseconds of each command."""
    if "functools" in sys.modules:
        import _sqlite3
        return _sqlite3
    from _functools import _lru_cache_wrapper

    class StandIn:
        @staticmethod
        def lru_cache(size):
            return lambda function: _lru_cache_wrapper(function, size, False, tuple)

    sys.modules["functools"] = StandIn
    try:
        import _sqlite3
    finally:
        del sys.modules["functools"]
    return _sqlite3


_sqlite3 = _load_sqlite()

# The jobs that a number may name: a job's, its array's, its heterogeneous job's. Each is found by
# an index, for which the last one must say what the index on het_id leaves out.
NAMED = "(id=? OR array_id=? OR het_id=? AND het_id>0)"


class StoreError(Exception):
    """The store cannot be used; the text says why and what to do."""


def explain(error, file):
    """A StoreError for what SQLite says of the store in `file`: what is wrong, and the cure."""
    text = str(error)
    if "full" in text:
        cure = "Nothing was changed: make room on that disk (or in your quota), then try again"
    elif "readonly" in text or "read-only" in text:
        cure = ("The disk is read-only, or the file not yours to write. Nothing was changed: "
                "make it writable, or choose another --state")
    elif "unable to open" in text or "disk I/O" in text:
        cure = ("Nothing was changed: is the disk full (or your quota on it), read-only or gone? Make "
                "room or make it writable, or choose another --state")
    elif "locked" in text:
        cure = "Another process has kept it busy for a minute: try again"
    else:
        cure = "If the file is damaged, `slurm-mock reset` starts afresh (the jobs in it are lost)"
    return StoreError(f"{file}: {text}. {cure}")


class _Partial:
    """A record of which only some columns were read; see Store.partial."""

    def __getattr__(self, name):
        kind, store = self.__dict__["shape"]
        if name not in kind.columns:
            raise AttributeError(name)
        key = kind.columns[0]
        value = store.db.execute(f"SELECT {name} FROM {kind.table} WHERE {key}=?",
                                 (getattr(self, key),)).fetchone()
        self.__dict__[name] = value[0] if value else None
        return self.__dict__[name]


def set_aside(path):
    """Move the store of a state directory out of the way when it is of an older format and no job
    of the user's waits or runs in it: (its new name, its format, the next job's id). None where
    it is not so: then it stays as it is."""
    file = os.path.join(path, "store.db")
    if not os.path.exists(file):
        return None
    try:
        db = _sqlite3.connect(file, timeout=60, isolation_level=None)
        try:
            facts = dict(db.execute("SELECT key, value FROM meta WHERE key IN "
                                    "('version', 'next_job_id')").fetchall())
            version = facts.get("version")
            if (not isinstance(version, int) or version >= VERSION
                    or db.execute("SELECT 1 FROM jobs WHERE phase<2 AND kind<>? LIMIT 1",
                                  (SIMULATED,)).fetchone()
                    # all of it into the one file; not where somebody has it open
                    or db.execute("PRAGMA journal_mode=DELETE").fetchone()[0] != "delete"):
                return None
        finally:
            db.close()
    except _sqlite3.Error:
        return None
    number, name = 1, f"{file}.format{version}"
    while os.path.exists(name):
        number, name = number + 1, f"{file}.format{version}-{number + 1}"
    os.rename(file, name)
    return name, version, facts.get("next_job_id", 1)


def within(number):
    """An id that somebody typed, as SQLite can take it: no job has a bigger one."""
    return min(number, 0xFFFFFFFF)


def readable(value):
    """Text without bytes that are no UTF-8 (a name typed in another encoding); all else as it is."""
    return value.encode("utf-8", "surrogateescape").decode("utf-8", "replace") if isinstance(value, str) else value


def clamped(value):
    """A number as near as SQLite can take it; all else as it is."""
    return max(-1 << 63, min(value, (1 << 63) - 1)) if isinstance(value, int) else value


class Store:
    """An open store. `path` is the cluster's state directory."""

    def __init__(self, path, create=False):
        self.path = path
        self.file = os.path.join(path, "store.db")
        if not create and not os.path.exists(self.file):
            raise StoreError(f"no cluster in {path}: switch the mock on with `slurm-mock run` or "
                             "`slurm-mock env`, which makes one")
        self.depth = 0
        self.after = []
        self.turn = -1
        if create and not os.path.exists(self.file):
            # SQLite gives its journal the mode of the file it finds
            os.close(os.open(self.file, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o600))
        try:
            self._connect()
            if create:
                self._create()
            version = self.meta("version")
        except _sqlite3.DatabaseError as error:
            raise explain(error, self.file) from None
        if version != VERSION:
            newer = isinstance(version, int) and version > VERSION
            raise StoreError(
                f"{self.file} was written by {'a newer' if newer else 'another'} version of "
                f"slurm_mock (format {version}, this one reads {VERSION}): "
                + ("upgrade slurm_mock" if newer else "finish its jobs with that version")
                + ", or use another --state, or `slurm-mock reset` to start afresh")

    def _create(self):
        # WAL: readers never wait for a writer
        self.db.execute("PRAGMA journal_mode=WAL")
        with self:
            if self.db.execute("SELECT 1 FROM sqlite_master WHERE name='meta'").fetchone():
                return
            from ..common.slurmdb import RECORDS as ACCOUNTING
            for kind in (*RECORDS, *ACCOUNTING):
                columns = ", ".join(f"{name} {sql}" for name, sql, _ in kind.fields)
                self.db.execute(f"CREATE TABLE {kind.table} ({columns})")
            for statement in TABLES.strip().split(";\n"):
                self.db.execute(statement)
            self.set_meta("version", VERSION)

    def _connect(self):
        # only what is there: in a state directory that is just being removed SQLite would
        # otherwise make an empty file
        name = os.path.abspath(self.file).replace("%", "%25").replace("?", "%3f").replace("#", "%23")
        self.db = _sqlite3.connect(f"file://{name}?mode=rw", timeout=60, isolation_level=None,
                                   check_same_thread=False, uri=True)
        # what a killed process wrote is safe in the kernel; only a power cut could harm it
        self.db.execute("PRAGMA synchronous=OFF")

    def close(self):
        self.db.close()
        if self.turn >= 0:
            os.close(self.turn)
            self.turn = -1

    def reopen(self):
        """After a fork: SQLite connections do not survive one (sqlite.org/howtocorrupt.html)."""
        self._connect()

    # ---- transactions: `with store:` -------------------------------------

    def __enter__(self):
        if not self.depth:
            self._await_turn()
            try:
                self.db.execute("BEGIN IMMEDIATE")
            except _sqlite3.Error:
                self._end_turn()
                raise
        self.depth += 1
        return self

    def _await_turn(self):
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

    def _end_turn(self):
        import fcntl
        if self.turn >= 0:
            try:
                fcntl.lockf(self.turn, fcntl.LOCK_UN, 1)
            except OSError:
                # it was never had (see above)
                return

    def __exit__(self, kind, value, trace):
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
    def _run(functions):
        """Call all of them, whatever becomes of one; then raise the first error."""
        first = None
        for function in functions:
            try:
                function()
            except BaseException as error:
                first = first or error
        if first:
            raise first

    def when_committed(self, function):
        """Call `function` once the transaction under way holds."""
        self.after.append(function)

    # ---- facts by key -----------------------------------------------------

    def meta(self, key, default=None):
        """The value kept under `key`: a number, text, or any plain data put by set_data."""
        row = self.db.execute("SELECT value FROM meta WHERE key=?", (key,)).fetchone()
        return default if row is None else row[0]

    def metas(self, *keys):
        """The values kept under several keys at one moment; None where there is none."""
        found = dict(self.db.execute("SELECT key, value FROM meta WHERE key IN "
                                     f"({','.join('?' * len(keys))})", keys).fetchall())
        return [found.get(key) for key in keys]

    def set_meta(self, key, value):
        self._execute("INSERT OR REPLACE INTO meta VALUES (?, ?)", (key, value))

    def data(self, key, default=None):
        """Like meta, for lists and dicts (kept in marshal's format 4, which all Pythons read)."""
        blob = self.meta(key)
        return default if blob is None else marshal.loads(blob)

    def set_data(self, key, value):
        self.set_meta(key, marshal.dumps(value, 4))

    def _execute(self, statement, values, ask=False):
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

    # ---- records ----------------------------------------------------------

    def select(self, kind, where="", args=()):
        """Records of one kind. `where` is SQL from this package, never from a user."""
        columns = ", ".join(kind.columns)
        rows = self._execute(f"SELECT {columns} FROM {kind.table} {where}", args, ask=True).fetchall()
        return [kind.from_row(row) for row in rows]

    def partial(self, kind, columns, where="", args=()):
        """Like select, but reads these columns only: cheap for listing thousands of rows.

        The key column must be among them. Other columns are read when they are asked for.
        """
        rows = self.db.execute(f"SELECT {', '.join(columns)} FROM {kind.table} {where}", args)
        new, found, shape = _Partial.__new__, [], (kind, self)
        for row in rows.fetchall():
            item = new(_Partial)
            item.__dict__ = dict(zip(columns, row), shape=shape)
            found.append(item)
        return found

    def rows(self, kind, expressions, where="", args=()):
        """What these SQL expressions are for each record of a kind, as tuples."""
        return self.db.execute(f"SELECT {', '.join(expressions)} FROM {kind.table} {where}",
                               args).fetchall()

    def at_once(self, function):
        """function()'s value; what it reads is all of one moment."""
        self.db.execute("BEGIN")
        try:
            return function()
        finally:
            self.db.execute("COMMIT")

    def insert(self, item):
        """Add a record. A job with no id gets the next one."""
        marks = ", ".join("?" * len(item.columns))
        if isinstance(item, Job) and item.id is None:
            item.id = self.next_job_id()
        self._execute(f"INSERT OR REPLACE INTO {item.table} ({', '.join(item.columns)}) "
                      f"VALUES ({marks})", item.row())

    def update(self, item, *names):
        """Write the named fields of a job, step or node (all when none is named)."""
        names = names or item.columns
        keys = {"jobs": ("id",), "steps": ("job_id", "step_id")}.get(item.table, ("name",))
        sets = ", ".join(f"{n}=?" for n in names)
        where = " AND ".join(f"{k}=?" for k in keys)
        self._execute(f"UPDATE {item.table} SET {sets} WHERE {where}",
                      [getattr(item, n) for n in names] + [getattr(item, k) for k in keys])

    def replace(self, kind, items):
        """Let these be all records of a kind."""
        self.db.execute(f"DELETE FROM {kind.table}")
        for item in items:
            self.insert(item)

    def next_job_id(self, count=1):
        """Hand out `count` job ids; returns the first."""
        first = self.meta("next_job_id", 1)
        self.set_meta("next_job_id", first + count)
        return first

    # ---- jobs -------------------------------------------------------------

    def job(self, job_id):
        found = self.select(Job, "WHERE id=?", (within(job_id),))
        return found[0] if found else None

    def jobs(self, *phases):
        """Jobs in these phases (all that squeue knows when none is named), by id."""
        phases = phases or (PENDING, 1, ENDED)
        marks = ",".join("?" * len(phases))
        return self.select(Job, f"WHERE phase IN ({marks}) ORDER BY id", phases)

    def pending(self, limit=-1):
        """Pending jobs, the highest priority first."""
        return self.select(Job, "WHERE phase=0 ORDER BY priority DESC, id LIMIT ?", (limit,))

    def many_pending(self, count):
        """Do so many records wait? Quickly told."""
        return bool(self.db.execute("SELECT 1 FROM jobs WHERE phase=0 LIMIT 1 OFFSET ?",
                                    (count - 1,)).fetchone())

    def many_nodes(self, count):
        """Has the cluster so many nodes?"""
        return bool(self.db.execute("SELECT 1 FROM nodes LIMIT 1 OFFSET ?",
                                    (count - 1,)).fetchone())

    def array_jobs(self, array_id):
        return self.select(Job, "WHERE array_id=? ORDER BY id", (within(array_id),))

    def purge(self, before, keep_scripts=False):
        """Jobs that ended before `before` leave the queue, and their scripts and environments go;
        accounting keeps the jobs, and with keep_scripts all of them. Returns the earliest end of
        those that stay; None if there are none."""
        if not keep_scripts:
            self.db.execute("DELETE FROM scripts WHERE job_id IN "
                            "(SELECT id FROM jobs WHERE phase=? AND end_time<?)", (ENDED, before))
        self.db.execute("UPDATE jobs SET phase=? WHERE phase=? AND end_time<?",
                        (PURGED, ENDED, before))
        return self.db.execute("SELECT MIN(end_time) FROM jobs WHERE phase=?", (ENDED,)).fetchone()[0]

    def keep_run(self, job):
        """Keep a job and its steps as they are, for accounting: it will run anew."""
        run = marshal.dumps((job.row(), [step.row() for step in self.steps(job.id)]), 4)
        self.db.execute("INSERT INTO earlier VALUES (?, ?)", (job.id, run))
        self.db.execute("DELETE FROM steps WHERE job_id=?", (job.id,))

    def earlier_runs(self):
        """[(Job, [Step])] of jobs that were requeued, the oldest run first."""
        rows = self.db.execute("SELECT run FROM earlier ORDER BY rowid").fetchall()
        runs = [marshal.loads(row[0]) for row in rows]
        return [(Job.from_row(job), [Step.from_row(step) for step in steps]) for job, steps in runs]

    def script(self, job_id):
        """(script, environment block) of a batch job as bytes, or None."""
        return self.db.execute("SELECT script, environment FROM scripts WHERE job_id=?",
                               (job_id,)).fetchone()

    def put_script(self, job_id, script, environment):
        self.db.execute("INSERT OR REPLACE INTO scripts VALUES (?, ?, ?)",
                        (job_id, script, environment))

    def steps(self, job_id=None):
        if job_id is None:
            return self.select(Step, "ORDER BY job_id, step_id")
        return self.select(Step, "WHERE job_id=? ORDER BY step_id", (job_id,))

    # ---- reservations -----------------------------------------------------

    def reservation(self, name):
        """The Reservation of that name; None."""
        found = self.select(Reservation, "WHERE name=?", (name,))
        return found[0] if found else None

    def delete_reservation(self, name):
        """Remove the reservation of that name, if there is one."""
        self.db.execute("DELETE FROM reservations WHERE name=?", (name,))
