"""The parsers against texts that a coverage-guided fuzzer finds: their own error, or a value."""

from __future__ import annotations

import pytest

from slurm_mock.commands import sbatch
from slurm_mock.commands.shared import words
from slurm_mock.commands.shared.call import Fail
from slurm_mock.commands.squeue import print as squeue_print, sort
from slurm_mock.commands.srun import multi_prog
from slurm_mock.common import cpu_frequency, fname, hostlist, job_array, moment, parse_time, print_fields, proc_args, signals
from slurm_mock.common.getopt import UsageError, getopt
from slurm_mock.conf import read_config
from slurm_mock.conf.import_cluster import ImportFailed, convert
from slurm_mock.slurmctld import dependency, licenses
from tests.torture.fuzz import PACKAGE, fuzz
from tests.clusters.living import CONF

SHOWN = """\
Configuration data as of 2026-03-02T09:00:00
ClusterName = mini
SlurmctldHost[0] = head

NodeName=n1 Arch=x86_64 CoresPerSocket=4 CPUTot=4 RealMemory=8000 Gres=gpu:2 State=IDLE
   AvailableFeatures=ib Partitions=main

PartitionName=main Default=YES Nodes=n1 MaxTime=1-00:00:00 State=UP
"""



def options(text):
    getopt(text.split(" "), sbatch.TABLE)


def directives(text):
    words.script_options(("#!/bin/sh\n" + text).encode("utf-8", "surrogateescape"), "job.sh")


def format_letters(text):
    print_fields.header(print_fields.letters(text, squeue_print.LETTERS, str))


def format_names(text):
    print_fields.header(print_fields.names(text, squeue_print.by_name, str))


# name -> (function, errors that are its own, texts to begin with)
PARSERS = {
    "nodes": (hostlist.expand, hostlist.BadHostlist, ["n[1-3],m5", "a[1-2]b[3-4]", "n[01-03,08]"]),
    "array": (job_array.parse, job_array.BadArray, ["0-3", "1-9:2%4", "1,3,5-7"]),
    "dependency": (dependency.parse, dependency.BadDependency,
                   ["afterok:1:2?afterany:3", "after:1+5,singleton", "afternotok:1_2"]),
    "duration": (parse_time.parse_duration, parse_time.BadValue, ["1-02:03:04", "10:00", "90", "infinite"]),
    "moment": (lambda text: moment.parse_when(text, 1_770_000_000), moment.BadTime,
               ["now+2hours", "2026-03-02T09:00:00", "12:30PM", "tomorrow", "03/02/26", "uts12"]),
    "memory": (proc_args.parse_memory, parse_time.BadValue, ["4G", "500", "1.5T", "64KB"]),
    "number": (lambda text: proc_args.parse_int("--ntasks", text), parse_time.BadValue, ["12", "+4", "99999999999999999999"]),
    "part of -B": (lambda text: proc_args.parse_resource("first arg of -B", text), parse_time.BadValue, ["1k", "2-4", "*"]),
    "node count": (proc_args.parse_node_count, parse_time.BadValue, ["2-4", "1k"]),
    "frequency": (lambda text: cpu_frequency.canonical(text, "OnDemand"), cpu_frequency.BadFrequency,
                  ["low-high:ondemand", "2000000", "perf"]),
    "signal": (signals.parse_warning, (), ["B:USR1@60", "R:TERM", "10@5"]),
    "licenses": (licenses.parse, (), ["ansys:2,matlab", "a=1;b"]),
    "ranks": (multi_prog.lines, (job_array.BadArray, words.UnmatchedQuote),
              ["0-3,7 echo 'a b'\n* hostname\n", "1 x\\\n y"]),
    "file names": (lambda text: fname.fill(text, {"j": 12, "x": "name", "a": 3}), (),
                   ["slurm-%j.out", "%5j_%a%%", "\\%j"]),
    "options": (options, UsageError, ["-N 2 --time=10 job.sh", "--arr 1-3 -o x", "-n2 -- --x"]),
    "directives": (directives, Fail, ["#SBATCH -J 'a b' # why\necho", "#SBATCH -n2"]),
    "-o": (format_letters, (), ["%.18i %9P %j", "%all", "%%x"]),
    "-O": (format_names, (), ["jobid:10,name:.8", "jobarrayid:.5x,state"]),
    "--sort": (sort.plan, sort.BadSort, ["P,t,-p", "+i,-M"]),
    "scontrol's output": (convert, ImportFailed, [SHOWN]),
}


def conf_file(tmp_path):
    """conf.read on a text, by way of a file."""
    path = tmp_path / "slurm.conf"

    def read(text):
        path.write_bytes(text.encode("utf-8", "surrogateescape"))
        read_config.read(str(path))
    return read


def check(function, allowed, seeds, turns, seed, tally):
    if not isinstance(allowed, tuple):
        allowed = (allowed,)
    kept, steps = fuzz(function, allowed, seeds, PACKAGE, turns, seed)
    tally["texts given to parsers"] += turns
    tally["steps from line to line that they led through"] += steps
    assert steps >= 5 and kept >= len(seeds), "it has seen the parser at work"


@pytest.mark.parametrize("turns", [300, pytest.param(2000, marks=pytest.mark.slow)])
@pytest.mark.parametrize("name", PARSERS)
def test_parsers(name, turns, seed, tally):
    check(*PARSERS[name], turns, seed, tally)


@pytest.mark.parametrize("turns", [100, pytest.param(800, marks=pytest.mark.slow)])
def test_slurm_conf(tmp_path, turns, seed, tally):
    check(conf_file(tmp_path), read_config.ConfError, [CONF, "Include other.conf\n", "# none\n"], turns, seed,
          tally)


def test_the_fuzzer_finds_what_only_a_sequence_of_steps_reaches(seed):
    """It would be none if it could not open a door behind a door."""
    def parser(text):
        if text[:1] == "[":
            if "now" in text:
                if text.endswith("]"):
                    raise KeyError(text)

    with pytest.raises(AssertionError, match="KeyError"):
        fuzz(parser, (), ["a"], __file__, 20_000, seed)
