"""Only slurm_mock/store speaks SQL: nobody else has a statement, or a part of one, or the database."""

import ast
import re

import pytest

from tests.site.conftest import ROOT

PACKAGE = ROOT / "slurm_mock"
# It lets SQLite make the lines of thousands of waiting jobs (Field.plain): its statement says how.
EXCEPTION = PACKAGE / "commands" / "squeue" / "plain.py"
VERB = re.compile(r"\s*(SELECT|WHERE|UPDATE|DELETE|INSERT|ORDER BY|PRAGMA|CREATE|BEGIN IMMEDIATE|INDEXED BY)\b")


def others():
    """All files of the package but the store's."""
    return [path for path in sorted(PACKAGE.rglob("*.py")) if path.relative_to(PACKAGE).parts[0] != "store"]


def sql(text):
    """[(line, what)] of the SQL in a Python source: strings that begin as a statement does, or as
    what may follow `FROM table`, those in f-strings, too; and attributes called db."""
    found = []
    for node in ast.walk(ast.parse(text)):
        if isinstance(node, ast.Constant) and isinstance(node.value, str) and VERB.match(node.value):
            found.append((node.lineno, node.value))
        elif isinstance(node, ast.Attribute) and node.attr == "db":
            found.append((node.lineno, ".db"))
    return sorted(found)


def test_no_sql_outside_of_the_store():
    found = {path: sql(path.read_text(encoding="utf-8")) for path in others()}
    exception = found.pop(EXCEPTION)
    assert [f"{path.relative_to(ROOT)}:{line}: {what}"
            for path, places in found.items() for line, what in places] == []
    assert exception and all(what != ".db" for _, what in exception)      # else it is none any more
    assert len(found) > 150


@pytest.mark.parametrize("line", [
    'store.select(Job, "WHERE phase=1")', 'store.select(Job, f"WHERE id IN ({marks})")',
    'store.select(Node, "ORDER BY idx")', 'store.db.execute(statement)', 'ask = ctl.store.db',
    'ask("""\n    SELECT id\n    FROM jobs""")', 'f"{head} x"; ask(f"UPDATE jobs SET {sets}")',
    'ask("DELETE FROM sleepers")', 'ask("INSERT OR REPLACE INTO meta VALUES (1, 2)")',
    'ask("PRAGMA integrity_check")', 'ask("CREATE TABLE x (y)")', 'ask("BEGIN IMMEDIATE")',
    'store.select(Job, "INDEXED BY jobs_begin " + rest)'])
def test_sql_is_seen(line):
    assert sql(f"def one(store):\n    if store:\n        {line}\n")


@pytest.mark.parametrize("line", [
    '"""Create a job."""', '"BEGIN"', '"Update of this parameter is not supported: %s"',
    '"SELECTED"', 'store.dbm', 'db = 1', '"the words WHERE and SELECT"'])
def test_what_is_no_sql_is_let_be(line):
    assert not sql(line)
