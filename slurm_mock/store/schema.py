"""The store's tables and indexes.  Only read when a store is made, or is of another format."""

import os

from ..common import slurmdb
from ..common.records import ENDED, PENDING, Job, Node, Partition, Reservation, Step
from .connection import VERSION, Connection, StoreError, _sqlite3
from .records import Records

RECORDS = (Job, Step, Node, Partition, Reservation, *slurmdb.RECORDS)

# Other tables: facts by key; scripts with their environment; what sleeps on the cluster's clock
# (see sleepers.py); earlier runs of requeued jobs (see accounting.py).
TABLES = f"""
CREATE TABLE meta (key TEXT PRIMARY KEY, value) WITHOUT ROWID;
CREATE TABLE scripts (job_id INTEGER PRIMARY KEY, script BLOB, environment BLOB);
CREATE TABLE sleepers (id INTEGER PRIMARY KEY AUTOINCREMENT, job_id INTEGER, wake_at REAL, \
pid INTEGER);
CREATE TABLE earlier (job_id INTEGER, run BLOB);
CREATE INDEX jobs_queue ON jobs (phase, priority DESC, id);
CREATE INDEX jobs_array ON jobs (array_id);
CREATE INDEX jobs_het ON jobs (het_id) WHERE het_id > 0;
CREATE INDEX jobs_end ON jobs (end_time) WHERE phase >= {ENDED};
CREATE INDEX jobs_begin ON jobs (begin_time) WHERE phase = {PENDING} AND begin_time > 0;
CREATE INDEX jobs_start ON jobs (start_after) WHERE phase = {PENDING} AND start_after > 0;
CREATE INDEX jobs_deadline ON jobs (deadline) WHERE phase = {PENDING} AND deadline > 0;
CREATE INDEX jobs_dependent ON jobs (priority) WHERE phase = {PENDING} AND dependency <> '';
CREATE UNIQUE INDEX steps_id ON steps (job_id, step_id);
"""


def create(store: Connection) -> None:
    """Make the tables, if the file has none yet."""
    # WAL: readers never wait for a writer
    store.db.execute("PRAGMA journal_mode=WAL")
    with store:
        if store.db.execute("SELECT 1 FROM sqlite_master WHERE name='meta'").fetchone():
            return
        for kind in RECORDS:
            columns = ", ".join(f"{name} {sql}" for name, sql, _ in kind.fields)
            store.db.execute(f"CREATE TABLE {kind.table} ({columns})")
        for statement in TABLES.strip().split(";\n"):
            store.db.execute(statement)
        store.set_meta("version", VERSION)


def other_format(store: Connection) -> str:
    """What is said of a store that was written in another format, and what can be done."""
    newer = isinstance(store.version, int) and store.version > VERSION
    return (f"{store.file} was written by {'a newer' if newer else 'another'} version of "
            f"slurm_mock (format {store.version}, this one reads {VERSION}): "
            + ("upgrade slurm_mock" if newer else "finish its jobs with that version")
            + ", or use another --state, or `slurm-mock reset` to start afresh")


def set_aside(path: str) -> "tuple[str, int, int] | None":
    """Move the store of a state directory out of the way when it is of an older format and no job
    of the user's waits or runs in it: (its new name, its format, the next job's id). None where
    it is not so: then it stays as it is."""
    try:
        old = Records(path)
    except StoreError:
        return None
    try:
        version, next_id = old.version, old.meta("next_job_id", 1)
        if (not isinstance(version, int) or version >= VERSION or old.user_jobs_wait_or_run()
                # all of it into the one file; not where somebody has it open
                or old.db.execute("PRAGMA journal_mode=DELETE").fetchone()[0] != "delete"):
            return None
    except _sqlite3.Error:
        return None
    finally:
        old.close()
    number, name = 1, f"{old.file}.format{version}"
    while os.path.exists(name):
        number, name = number + 1, f"{old.file}.format{version}-{number + 1}"
    os.rename(old.file, name)
    return name, version, next_id
