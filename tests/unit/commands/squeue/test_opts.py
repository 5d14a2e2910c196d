"""What squeue was asked for.  (Expectations: squeue(1); transcripts/squeue/squeue-errors.txt.)"""

import io

import pytest

from slurm_mock.commands.shared.call import Call
from slurm_mock.commands.squeue import opts
from tests.clusters.reading import Tiny


@pytest.fixture
def asked(tmp_path):
    """A function of words and environment -> (Query, what was printed)."""
    tiny = Tiny(tmp_path / "s")
    tiny.job(user="bob")

    def run(*words, **env):
        call = Call("squeue", list(words), {"MOCK_SLURM_DRIVEN": "1", "MOCK_SLURM_USER": "ada", **env}, "/", None,
                    io.BytesIO(), io.BytesIO(), tiny.state)
        query, operands = opts.read(call)
        if query:
            opts.finish(call, query, operands)
        return query, call.out.getvalue().decode() + call.err.getvalue().decode()
    return run


@pytest.mark.parametrize("words, name, value", [
    (["-u", "bob,ada"], "users", ["bob", "ada"]), (["--me"], "users", ["ada"]), (["-A", "a,,b"], "accounts", ["a", "b"]),
    (["-t", "pd,R,timeout"], "states", ["PENDING", "RUNNING", "TIMEOUT"]), (["-t", "all"], "states", []),
    (["-j", "12,13_4"], "jobs", None), (["-j12,13_4"], "jobs", [(12, None), (13, 4)]),
    (["-s12.0,13_4.1"], "steps", [(12, None, 0), (13, 4, 1)]), (["-w", "n[1-2],n2"], "nodes", {"n1", "n2"}),
    (["-p", "main"], "all", True), (["-a", "--hide"], "all", False), (["--noconvert"], "convert", False),
    (["-i", "5"], "iterate", 5), (["-R", "r"], "reservation", "r"), (["-n", "x"], "names", ["x"]),
    (["-L", "ansys"], "licenses", ["ansys"]), (["-q", "high"], "qos", ["high"]), (["-M", "tiny"], "cluster", "tiny"),
    (["--json"], "dump", "json"), (["-l"], "long", True), (["-o", "%i"], "format", "%i"),
    (["-O", "jobid"], "long_format", "jobid")])
def test_options(asked, words, name, value):
    if words == ["-j", "12,13_4"]:           # the list of -j is optional: a word behind it is an operand
        assert asked(*words)[0].jobs == [(12, None), (13, 4)]
    else:
        assert getattr(asked(*words)[0], name) == value


@pytest.mark.parametrize("variable, text, name, value", [
    ("SQUEUE_ALL", "1", "all", True), ("SQUEUE_ARRAY", "1", "array", True), ("SQUEUE_SORT", "-p", "sort", "-p"),
    ("SQUEUE_FORMAT", "%j", "format", "%j"), ("SQUEUE_FORMAT2", "name", "long_format", "name"),
    ("SQUEUE_USERS", "bob", "users", ["bob"]), ("SQUEUE_STATES", "r", "states", ["RUNNING"]),
    ("SQUEUE_PARTITION", "gpu", "partitions", ["gpu"]), ("SQUEUE_ACCOUNT", "x", "accounts", ["x"]),
    ("SQUEUE_NAMES", "x", "names", ["x"]), ("SQUEUE_QOS", "x", "qos", ["x"]), ("SQUEUE_LICENSES", "x", "licenses", ["x"]),
    ("SLURM_CLUSTERS", "tiny", "cluster", "tiny")])
def test_the_environment_counts_where_no_option_does(asked, variable, text, name, value):
    assert getattr(asked(**{variable: text})[0], name) == value


def test_a_format_of_ones_own_goes_before_the_environments(asked):
    assert asked("-o", "%i", SQUEUE_FORMAT="%j")[0].format == "%i"
    assert asked("-l", SQUEUE_FORMAT="%j")[0].format is None
    assert asked("-t", "pd", SQUEUE_STATES="r")[0].states == ["PENDING"]


def test_start_has_a_format_an_order_and_a_state_of_its_own(asked):
    query, _ = asked("--start")
    assert (query.format, query.sort, query.states) == (opts.START, "S", ["PENDING"])


VALID = "PENDING,RUNNING,SUSPENDED,COMPLETED,CANCELLED,FAILED,TIMEOUT,NODE_FAIL,PREEMPTED,BOOT_FAIL,DEADLINE,OUT_OF_MEMORY,"


@pytest.mark.parametrize("words, says", [
    (["-t", "odd"], f"error: Invalid job state specified: odd\nsqueue: error: Valid job states include: {VALID}"),
    (["-j0"], "error: Invalid job id: 0\n"), (["-s12"], "error: Invalid job_step id: 12.??\n"),
    (["-w", "n9"], "error: Invalid node name n9\n"), (["-i", "0"], "error: --iterate=0\n"),
    (["-w", "n[2-1]"], "error: _parse_single_range: Invalid range: `2-1'\n"
                       "squeue: error: 'n[2-1]' invalid entry for --nodelist\n"),
    (["word"], "error: Unrecognized option: word\n"), (["-j", "-s"], "error: Incompatible options --jobs and --steps\n"),
    (["-o", "%i", "-O", "name"], "error: -O (--Format) is incompatible with -o (--format)\n"),
    (["-O", "name", "-o", "%i"], "error: -o (--format) is incompatible with -O (--Format)\n"),
    (["-l", "-o", "%i"], "fatal: Options -o(--format) and -l(--long) are mutually exclusive. Please remove one and retry.\n")])
def test_mistakes(tmp_path, words, says):
    told = Tiny(tmp_path / "s").run("squeue", *words)
    assert told.code == 1 and told.err.startswith("squeue: " + says)


def test_unknown_users_are_told_of_and_left_out(asked):
    query, told = asked("-u", "nobodyatall,bob")
    assert query.users == ["bob"] and told == "squeue: error: Invalid user: nobodyatall\n\n"


def test_help_and_version_are_all_there_is_to_say(asked):
    for word, begins in (("--help", "Usage: squeue [OPTIONS]\n"), ("--usage", "Usage: squeue"), ("-V", "slurm-wlm 22.05.8\n")):
        query, told = asked(word)
        assert query is None and told.startswith(begins)


def test_verbose_echoes_the_options(asked):
    _, told = asked("-v", "-j7_2,8", "-u", "ada", "-t", "r", "-w", "n[1-2]")
    for line in ("jobs        = 7_2,8", "users       = ada", "states      = RUNNING", "nodes       = n[1-2]",
                 "job_flag    = 1", "format      = (null)", "verbose     = 1"):
        assert line in told.splitlines()
