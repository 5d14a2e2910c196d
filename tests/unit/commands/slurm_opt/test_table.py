"""One row an option: what stands in the tables of options, and that who reads them reads the same.

Job options are those of sbatch, salloc and srun (commands/slurm_opt/table.py); the other commands
have tables of their own.
"""

from __future__ import annotations

import ast
import importlib
import io
import re
from pathlib import Path
from types import SimpleNamespace

import pytest

import slurm_mock
from slurm_mock import commands
from slurm_mock.commands import sacctmgr, sbatch
from slurm_mock.commands.sacctmgr.verbs import FUNCTIONS
from slurm_mock.commands.scontrol.opts import COMMANDS
from slurm_mock.commands.shared.call import Call, Fail
from slurm_mock.commands.slurm_opt import het, request, table
from slurm_mock.commands.slurm_opt.output_env import of_job, of_step
from slurm_mock.commands.slurm_opt.request import Request
from slurm_mock.commands.slurm_opt.table import ALL, LETTERS, SBATCH, SRUN, TABLE, Opt
from slurm_mock.commands.slurm_opt.verbose import WAYS
from slurm_mock.commands.squeue import opts as squeue
from slurm_mock.common.getopt import NONE, OPTIONAL, REQUIRED, Option, UsageError, getopt, usage
from slurm_mock.common.records import Job
from slurm_mock.common.release import RELEASES
from slurm_mock.site import coverage

OTHERS = [name for name in commands.SLURM if name not in LETTERS]
SPELLINGS = [row for row in TABLE if row.name and row.name != row.dest]


def listed(command):
    """All rows of a command, of whatever release."""
    return list(dict.fromkeys(row for release in RELEASES
                              for row in coverage.table(command, release)))


def call(name="sbatch", env=(), release=2205):
    made = Call(name, [], dict(env), "/", None, io.BytesIO(), io.BytesIO(), "")
    made.release = release
    made._controller = SimpleNamespace(config={"ClusterName": "conf"},
                                       caller=SimpleNamespace(admin=True))
    return made


# ---- the rows -----------------------------------------------------------------------

@pytest.mark.parametrize("release", RELEASES)
@pytest.mark.parametrize("command", commands.SLURM)
def test_an_option_has_one_row(command, release):
    rows = coverage.table(command, release)
    for spellings in ([r.name for r in rows if r.name], [r.letter for r in rows if r.letter]):
        assert sorted(spellings) == sorted(set(spellings))


@pytest.mark.parametrize("command", commands.SLURM)
def test_a_row_came_and_went_in_releases_that_are_known(command):
    for row in [*listed(command), *(TABLE if command in LETTERS else ())]:
        assert row.since in RELEASES and row.until in (None, *RELEASES), row.name
        assert row.until is None or row.since < row.until, row.name
        assert row.arg in (NONE, REQUIRED, OPTIONAL)


@pytest.mark.parametrize("row", TABLE, ids=lambda row: row.name or row.dest)
def test_a_row_of_a_job_option_fits_the_job_and_the_commands(row):
    assert set(row.commands) <= set(ALL) and row.commands
    assert row.field is None or row.field in Job.__slots__
    assert row.field or row.set not in (table.memory, table.text, table.flag)
    assert not row.shown or row.shown in WAYS
    assert row.field or row.shown not in ("field", "memory", "limit", "elapsed", "moment")
    assert set(row.tells) <= set(row.commands)
    assert isinstance(row.env, str) or row.env.keys() <= set(row.commands)
    assert not (row.step_env or row.step_shown) or SRUN in row.commands


@pytest.mark.parametrize("row", SPELLINGS, ids=lambda row: row.name)
def test_another_spelling_adds_nothing_but_itself(row):
    usual = table.named(row)
    assert usual.name == row.dest and usual.arg == row.arg and usual.effect == row.effect
    assert set(row.commands) <= set(usual.commands)
    own = {"name", "letter", "help", "arg", "commands", "dest", "sorted_as", "effect"}
    plain = Opt(row.name, row.letter, row.arg, row.commands, row.help)
    for column in {*Option.__slots__, *Opt.__slots__} - own:
        assert getattr(row, column) == getattr(plain, column), column


def test_every_way_to_show_a_value_is_used():
    assert {row.shown for row in TABLE} - {""} == set(WAYS)


@pytest.mark.parametrize("spelling", SPELLINGS, ids=lambda row: row.name)
def test_another_spelling_sets_the_same(spelling):
    value, told = "conf" if spelling.dest == "clusters" else "2", []
    for name in (spelling.name, spelling.dest):
        asked = Request(call("srun"), 0)
        asked.apply(getopt([f"--{name}={value}"], table.table(SRUN))[0])
        told.append((asked.given, asked.typed, asked.job.row()))
    assert told[0] == told[1]


def test_a_component_s_own_options_are_so_in_every_spelling():
    given = getopt("--tasks-per-node=2 --ntasks-per-tres=1 --cpu_bind=none -t5".split(),
                   table.table(SRUN))[0]
    assert [option.name for option, _ in het.inherited([given, []], 1)] == ["time"]


@pytest.mark.parametrize("name", ["count", "limit", "when", "invalid", "environment", "finished"])
def test_no_function_is_taken_for_an_option(name):
    with pytest.raises(UsageError):
        getopt([f"--{name}=1"], table.table(SBATCH))


# ---- releases -------------------------------------------------------------------------

NEW = Opt("brand-new", "", REQUIRED, ALL, "came with 24.11", table.text, "comment", env="BRAND_NEW",
          tells=table.each("SLURM_BRAND_NEW"), since=2411)
GONE = Opt("long-gone", "", REQUIRED, ALL, "went with 24.11", table.text, "comment", until=2411)


@pytest.fixture
def made_up(monkeypatch):
    monkeypatch.setattr(table, "TABLE", (*TABLE, NEW, GONE))
    monkeypatch.setattr("slurm_mock.commands.slurm_opt.output_env.TABLE", table.TABLE)
    monkeypatch.setattr(sbatch, "TABLE", table.table(SBATCH))
    monkeypatch.setattr(squeue, "OPTIONS", (*squeue.OPTIONS, NEW))


@pytest.mark.parametrize("release, there, missing", [
    (2205, "long-gone", "brand-new"), (2411, "brand-new", "long-gone"),
    (2605, "brand-new", "long-gone")])
def test_a_release_has_the_rows_that_came_by_then_and_did_not_go(made_up, release, there, missing):
    rows = table.table(SBATCH)
    assert getopt([f"--{there}=x"], rows, release=release)[0][0][0].name == there
    with pytest.raises(UsageError, match=f"unrecognized option '--{missing}=x'"):
        getopt([f"--{missing}=x"], rows, release=release)
    assert there in usage("sbatch", "", rows, release)
    assert missing not in usage("sbatch", "", rows, release)
    status = [coverage.option_status("sbatch", [f"--{name}"], "required", release)
              for name in (there, missing)]
    assert status == [coverage.SUPPORTED, coverage.MISSING]
    assert there in table.rows(SBATCH, release) and missing not in table.rows(SBATCH, release)
    names = {row.name for row in table.table(SBATCH, release)}
    assert there in names and missing not in names


@pytest.mark.parametrize("release, known", [(2205, False), (2411, True)])
def test_a_command_reads_the_rows_of_its_release(made_up, release, known):
    asked = Request(call(env={"SBATCH_BRAND_NEW": "x"}, release=release), 0)
    asked.environment()
    assert asked.given == ({"brand-new": "x"} if known else {})
    told = of_job({"brand-new": "x"}, Job(), "sbatch", release)
    assert told == ({"SLURM_BRAND_NEW": "x"} if known else {})
    assert of_step({"brand-new": "x"}, Job(), False, False, release) == told
    mine = call("squeue", release=release)
    if known:
        assert mine.getopt(squeue.OPTIONS, argv=["--brand-new=x"])[0] == [(NEW, "x")]
    else:
        with pytest.raises(Fail, match="unrecognized option .*--brand-new=x"):
            mine.getopt(squeue.OPTIONS, argv=["--brand-new=x"])
    mine.informs(["help"], "", squeue.OPTIONS)
    assert (b"--brand-new" in mine.out.getvalue()) == known


@pytest.mark.parametrize("release, told", [(2205, {}), (2411, {"new": "x"})])
def test_a_variable_is_that_of_a_release(release, told):
    rows = [Option("new", env="SQUEUE_NEW", since=2411)]
    assert call("squeue", {"SQUEUE_NEW": "x"}, release).environment(rows) == told


# ---- input environment variables --------------------------------------------------------

class Seen(dict):
    """An environment that knows what was asked for."""

    def __init__(self, *args):
        super().__init__(*args)
        self.asked = set()

    def get(self, name, default=None):
        self.asked.add(name)
        return super().get(name, default)


def stated(command):
    """The input variables of a job command, as its rows say."""
    return [name for row in TABLE if LETTERS[command] in row.commands and row.env
            for name in row.variables(LETTERS[command])]


@pytest.mark.parametrize("command", LETTERS)
def test_the_variables_of_the_rows_are_those_that_are_read(command):
    env = Seen({"SLURM_CLUSTERS": "conf"})
    asked = Request(call(command), 0)
    asked.call.env = env
    asked.environment()
    assert env.asked == set(stated(command))
    assert len(stated(command)) == len(set(stated(command)))
    assert all(name.startswith(request._BEGINNINGS) for name in env.asked)
    prefix = command.upper() + "_"
    assert sum(name.startswith(prefix) for name in env.asked) > (30 if command != "srun" else 2)


def test_a_step_reads_what_its_job_says():
    env = Seen({"SLURM_NTASKS": "2"})
    asked = Request(call("srun"), 0)
    asked.call.env = env
    asked.environment(inside=True)
    assert env.asked == {name for row in TABLE for name in row.step_env.split()}
    assert asked.job.ntasks == 2 and asked.typed == set()


def test_what_goes_before_what():
    """Where two variables say the same field, or one option is said by two."""
    asked = Request(call(env={"SBATCH_GRES": "gpu:1", "SBATCH_GPUS_PER_NODE": "2",
                              "SBATCH_REQUEUE": "1", "SBATCH_NO_REQUEUE": "1",
                              "SBATCH_REQ_SWITCH": "2", "SBATCH_WAIT4SWITCH": "5"}), 0)
    asked.environment()
    job = asked.job
    assert (job.gres, job.requeue, job.switches, job.switch_wait) == ("gpu:2", 1, 2, 300)
    asked = Request(call("srun", {"SLURM_EXPORT_ENV": "A", "SRUN_EXPORT_ENV": "B"}), 0)
    asked.environment()
    assert asked.job.export == "B"


def test_an_empty_variable_of_a_wait_for_switches_is_none():
    asked = Request(call(env={"SBATCH_WAIT4SWITCH": ""}), 0)
    asked.environment()
    assert asked.job.switch_wait == -1


def in_code():
    """{variable: files of commands/ in which its name stands outside of a row}, of names that
    begin as a command's."""
    begins = "|".join(name.upper() for name in commands.SLURM)
    found = {}
    root = Path(slurm_mock.__file__).parent / "commands"
    for path in root.rglob("*.py"):
        tree = ast.parse(path.read_text(encoding="utf-8"))
        rows = {id(inner) for node in ast.walk(tree)
                if isinstance(node, ast.Call) and getattr(node.func, "id", "") in ("Option", "Opt")
                for inner in ast.walk(node)}
        for node in ast.walk(tree):
            text = node.value if isinstance(node, ast.Constant) and id(node) not in rows else None
            if isinstance(text, str) and re.fullmatch(f"(?:{begins})_[A-Z0-9_]+", text):
                found.setdefault(text, set()).add(path.name)
    return found


def test_no_command_reads_a_variable_that_no_row_has():
    assert in_code() == {}


@pytest.mark.parametrize("command", OTHERS)
def test_a_variable_of_a_row_is_read_under_its_name(command):
    rows = listed(command)
    variables = {row.env: row.dest for row in rows if row.env}
    assert len(variables) == sum(bool(row.env) for row in rows)
    assert all(name.startswith((command.upper() + "_", "SLURM_")) for name in variables)
    told = call(command, {name: "x" for name in variables}).environment(rows)
    assert told == {dest: "x" for dest in variables.values()}


# ---- tables of functions ------------------------------------------------------------------

def test_functions_of_sacctmgr_are_for_verbs_and_entities_that_it_knows():
    known = {(verb, entity) for verb, rows in sacctmgr.ENTITIES.items() for _, _, entity in rows}
    assert FUNCTIONS.keys() <= known
    assert known - FUNCTIONS.keys() == {
        ("archive", "dump"), ("archive", "load"), ("modify", "cluster"), ("modify", "job"),
        *((verb, what) for verb in ("add", "modify", "delete")
          for what in ("federation", "resource"))}


def test_what_is_only_named_is_told_as_missing():
    assert coverage.word_status("sacctmgr", "archive") == coverage.MISSING
    assert coverage.word_status("sacctmgr", "create") == coverage.SUPPORTED
    assert coverage.word_status("sacctmgr", "dump") == coverage.SUPPORTED


@pytest.mark.parametrize("name, module, function", [
    (name, module, function) for name, _, module, function, *_ in COMMANDS if module])
def test_functions_of_scontrol_are_where_its_table_says(name, module, function):
    found = importlib.import_module(f"slurm_mock.commands.scontrol.{module}")
    assert callable(getattr(found, function))
