"""Generated command lines, scripts, environments and slurm.conf: no traceback, nothing half-done."""

from __future__ import annotations

import os
import re
import string

import pytest
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st

from slurm_mock import api, commands
from slurm_mock.common.getopt import NONE
from slurm_mock.conf import read_config
from slurm_mock.site import coverage
from tests.torture import history
from tests.clusters.living import CONF, Living

# What these wait for has no end.
ENDLESS = {"iterate", "wait"}
# Held, it never starts anything.
TAMED = {"sbatch": ["-H"]}
# Whoever only reads, or is refused, must leave everything as it was.
STEERING = {"scancel", "scontrol", "sacctmgr", "strigger", "sattach", "sbcast"}
WORDS = [
    "", " ", "0", "-1", "1", "2", "4", "99999999999999999999", "4294967295", "1.5", "1-", "-", "--",
    "1_", "1_2", "1_[0-1]", "2_[1-", "1.batch", "1+0", "0-3%0", "0-1000000", "n[1-4]", "n[1-", "n]",
    "n[4-1]", "n1,,n2", "n[0001-99999999]", "all", "ALL", "none", "now", "now+", "now-1week", "10:",
    "2026-02-30", "1-00:00:00", "infinite", "UNLIMITED", "%", "%j", "%9999999999i", "%.i", "%%",
    "a=b", "=", "x=", "JobId=1", "jobid=", "Partition=main", "NodeName=n1", "State=DRAIN", "main",
    "nosuch", "gpu:1", "gpu:k80:99", "gpu:k80:-1", "afterok:", "afterok:1?afterany:2", "after:1+x",
    "singleton,", "100G", "1Q", "-5M", "\t", "\n", "é", "日本", "\x7f", "a" * 3000, "'", '"', "\\",
    "$(true)", "show", "job", "update", "user", "account", "where", "set", "name=x", "block:cyclic",
    "USR1@", "B:USR1@60", "@", "TERM@99999999", "/dev/null", "/nowhere/x", ".", "\udcff"]
VALUES = st.one_of(st.sampled_from(WORDS),
                   st.text(string.printable, max_size=12),
                   st.lists(st.sampled_from(WORDS), min_size=2, max_size=3).map(",".join))


def options_of(name):
    """[(spelling, takes a value?)] of a command's options, long and short."""
    table = coverage.table(name)
    found = [("--nonsense", False), ("-~", False)]
    for option in table:
        if option.name not in ENDLESS and option.dest not in ENDLESS:
            found += [(text, option.arg != NONE) for text in
                      ([f"--{option.name}"] if option.name else [])
                      + ([f"-{option.letter}"] if option.letter else [])]
    return found


def argv_of(name):
    def words(item):
        (text, takes), value, glued = item
        if not takes:
            return [text]
        return [f"{text}={value}" if text.startswith("--") else text + value] if glued else \
            [text, value]
    option = st.tuples(st.sampled_from(options_of(name)), VALUES, st.booleans()).map(words)
    return st.tuples(st.lists(option, max_size=4), st.lists(VALUES, max_size=4)).map(
        lambda parts: [word.replace("\0", "") for words in parts[0] for word in words] + parts[1])


@pytest.fixture(scope="module")
def cluster(tmp_path_factory):
    """A cluster at rest: jobs that are held, an array, one that was cancelled."""
    one = Living(tmp_path_factory.mktemp("input"), 0.0, CONF)
    (one.work / "job.sh").write_text("#!/bin/sh\ntrue\n")
    for argv in (["-H", "--wrap=true"], ["-H", "-a", "0-3", "--wrap=true"], ["-H", "--wrap=true"]):
        assert one.command("sbatch", *argv).code == 0
    assert one.command("scancel", "3").code == 0
    yield one
    assert one.gone(20) == {}


def is_wordless(name, argv):
    """sacct says nothing of an empty user or group, as real ones do."""
    return name == "sacct" and bool(re.search(r"(^|\0)(--(user|uid|group|gid)(=|\0)|-\w*[ug]\0)(\0|$)", "\0".join(argv)))


def check(cluster, name, argv, stdin=b"", **env):
    """Run it; it may refuse, not break. The Result."""
    before = cluster.contents()
    result = api.run(name, [*TAMED.get(name, ()), *argv], stdin=stdin,
                          env={**cluster.env, **env}, cwd=str(cluster.work), state=cluster.state)
    result.out, result.err = (text.decode(errors="replace") for text in (result.out, result.err))
    assert 0 <= result.code <= 255
    assert "Traceback" not in result.err
    if result.code:
        assert result.err or result.out or name in STEERING or is_wordless(name, argv), (name, argv)
    after = cluster.contents()
    if name not in STEERING and (result.code or name != "sbatch"):
        # a refused submission uses up an id, in Slurm too
        before.pop("next id"), after.pop("next id")
        kept = after.pop("kept") - before.pop("kept")
        assert kept == (name == "sbatch" and "Requested node configuration" in result.err), (name, argv)
        assert after == before, (name, argv)
    return result


def examples(count):
    """In CI the same ones in every run; elsewhere chance looks further."""
    return settings(max_examples=count, suppress_health_check=list(HealthCheck), deadline=None,
                    derandomize=os.environ.get("CI") == "true")


# The others start processes, or wait for those of jobs.
TRIED = [name for name in commands.SLURM if name not in ("salloc", "srun", "sattach", "sbcast")]


def each(few, many):
    """The same test with few examples for make test, with many for make ci."""
    return pytest.mark.parametrize("count", [few, pytest.param(many, marks=pytest.mark.slow)])


@pytest.mark.timeout(600)
@each(8, 150)
@pytest.mark.parametrize("name", TRIED)
def test_command_lines(cluster, name, count):
    @examples(count)
    @given(argv_of(name))
    def generated(argv):
        check(cluster, name, argv)
    generated()
    assert history.faults(cluster.state, over=False) == []


@pytest.mark.timeout(600)
@each(15, 300)
def test_scripts(cluster, count):
    line = st.one_of(
        st.tuples(st.sampled_from(["#SBATCH", "#SBATCH ", " #SBATCH ", "#PBS ", "#", "sleep ", ""]),
                  st.lists(VALUES, max_size=3).map(" ".join)).map("".join),
        argv_of("sbatch").map(lambda words: "#SBATCH " + " ".join(words)))

    @examples(count)
    @example(["#!/bin/sh", "#SBATCH -J 'x"])
    @example([""])
    @given(st.lists(line, max_size=6).map(lambda lines: ["#!/bin/sh", *lines]))
    def generated(lines):
        text = "\n".join(lines).encode("utf-8", "surrogateescape")
        check(cluster, "sbatch", [], stdin=text)
    generated()


@pytest.mark.timeout(600)
@each(10, 150)
@pytest.mark.parametrize("name, variables", [
    ("sbatch", ["SBATCH_TIMELIMIT", "SBATCH_ARRAY_INX", "SBATCH_GRES", "SBATCH_MEM_PER_NODE",
                "SBATCH_EXPORT", "SBATCH_SIGNAL", "SBATCH_JOB_NAME", "SLURM_HINT", "HOME", "PATH"]),
    ("squeue", ["SQUEUE_FORMAT", "SQUEUE_FORMAT2", "SQUEUE_SORT", "SQUEUE_STATES", "SQUEUE_USERS",
                "SLURM_TIME_FORMAT", "SQUEUE_PARTITION", "SLURM_CLUSTERS"]),
    ("sinfo", ["SINFO_FORMAT", "SINFO_SORT", "SINFO_PARTITION", "SLURM_TIME_FORMAT"]),
    ("sacct", ["SACCT_FORMAT", "SLURM_TIME_FORMAT", "SLURM_BITSTR_LEN"])])
def test_environments(cluster, name, variables, count):
    @examples(count)
    @given(st.dictionaries(st.sampled_from(variables), VALUES, max_size=3))
    def generated(env):
        argv = ["--wrap=true"] if name == "sbatch" else []
        check(cluster, name, argv, **{key: value.replace("\0", "") for key, value in env.items()})
    generated()


@pytest.mark.timeout(600)
@each(40, 1000)
def test_slurm_conf(tmp_path, count):
    key = st.sampled_from([
        "ClusterName", "SlurmctldHost", "NodeName", "PartitionName", "Include", "FirstJobId",
        "MaxArraySize", "KillWait", "MinJobAge", "SelectTypeParameters", "GresTypes", "DefMemPerCPU",
        "SchedulerParameters", "PriorityWeightAge", "Nonsense", "DownNodes", "SlurmUser"])
    word = st.tuples(st.sampled_from(["Nodes", "CPUs", "RealMemory", "State", "Gres", "MaxTime",
                                      "Default", "Sockets", "Feature", "Weight", "Nonsense", ""]),
                     VALUES).map("=".join)
    line = st.tuples(key, st.sampled_from(["=", " = ", "", " "]), VALUES,
                     st.lists(word, max_size=3).map(" ".join)).map(
                         lambda p: f"{p[0]}{p[1]}{p[2]} {p[3]}")
    path = tmp_path / "slurm.conf"

    @examples(count)
    @given(st.lists(st.one_of(line, st.sampled_from(CONF.splitlines())), max_size=8),
           st.booleans())
    def generated(lines, whole):
        text = "\n".join([*(CONF.splitlines() if whole else ()), *lines])
        path.write_bytes(text.encode("utf-8", "surrogateescape"))
        try:
            read_config.read(str(path))
        except read_config.ConfError as error:
            assert str(path) in str(error) or "slurm.conf" in str(error), error
    generated()
