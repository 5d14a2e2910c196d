"""Command lines as glibc's getopt_long reads them; the messages are glibc's."""

import pytest

from slurm_mock.common.getopt import NONE, OPTIONAL, REQUIRED, Option, UsageError, getopt, usage

TABLE = [Option("time", "t", REQUIRED, "how long"), Option("time-min", "", REQUIRED),
         Option("verbose", "v", NONE, "say more"), Option("version", "V", NONE),
         Option("nodes", "N", REQUIRED), Option("nodelist", "w", REQUIRED), Option("", "x", NONE),
         Option("exclusive", "", OPTIONAL, "alone"), Option("immediate", "I", OPTIONAL)]


def read(line, permute=True):
    """([name=value of each option], operands) of a command line without quotes."""
    found, operands = getopt(line.split(), TABLE, permute)
    return [f"{o.name or o.letter}={v}" for o, v in found], operands


@pytest.mark.parametrize("line, options, operands", [
    ("-t 5 job", ["time=5"], ["job"]), ("-t5 job", ["time=5"], ["job"]),
    ("--time=5", ["time=5"], []), ("--time 5", ["time=5"], []), ("--time=", ["time="], []),
    ("-vvt5", ["verbose=None", "verbose=None", "time=5"], []),
    ("-vt 5", ["verbose=None", "time=5"], []), ("-x", ["x=None"], []),
    ("--exclusive user", ["exclusive=None"], ["user"]), ("--exclusive=user", ["exclusive=user"], []),
    ("-I 5", ["immediate=None"], ["5"]), ("-I5", ["immediate=5"], []),
    ("--verb -", ["verbose=None"], ["-"]),
])
def test_values(line, options, operands):
    assert read(line) == (options, operands)


def test_options_may_follow_operands_of_some_commands_only():
    assert read("a -v b -- -t") == (["verbose=None"], ["a", "b", "-t"])
    assert read("-v a -t 5", permute=False) == (["verbose=None"], ["a", "-t", "5"])
    assert read("-v -- -t 5", permute=False) == (["verbose=None"], ["-t", "5"])


def test_a_whole_name_is_never_ambiguous():
    assert read("--time=1 --nodelist=n1") == (["time=1", "nodelist=n1"], [])


@pytest.mark.parametrize("line, says", [
    ("--nosuch", "unrecognized option '--nosuch'"), ("-q", "invalid option -- 'q'"),
    ("--ver", "option '--ver' is ambiguous; possibilities: '--verbose' '--version'"),
    ("--verbose=2", "option '--verbose' doesn't allow an argument"),
    ("--time", "option '--time' requires an argument"),
    ("-vt", "option requires an argument -- 't'"),
])
def test_mistakes(line, says):
    with pytest.raises(UsageError) as told:
        read(line)
    assert str(told.value) == says


def test_two_spellings_of_one_option_are_not_ambiguous():
    table = [Option("mail-type", "", REQUIRED, dest="mail"), Option("mail-kind", "", REQUIRED, dest="mail")]
    assert getopt(["--mail", "END"], table)[0][0][0].dest == "mail"
    assert Option("time-min").dest == "time_min" and Option("", "x").dest == "x"


def test_help_lists_what_has_a_text():
    assert usage("squeue", "[OPTIONS]", TABLE) == (
        "Usage: squeue [OPTIONS]\n"
        "  -t, --time=VALUE                 how long\n"
        "  -v, --verbose                    say more\n"
        "  --exclusive[=VALUE]              alone\n")
