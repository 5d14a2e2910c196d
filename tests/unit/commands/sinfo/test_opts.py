"""sinfo -v tells first what was asked for (_print_options() of sinfo's opts.c)."""

import pytest

from tests.clusters.reading import Tiny


@pytest.fixture
def told(tmp_path):
    """A function of words -> ({name: value} of what sinfo -v tells, the lines behind it)."""
    tiny = Tiny(tmp_path / "s")

    def run(*words):
        lines = tiny.run("sinfo", "-v", "-h", *words).out.splitlines()
        rules = [i for i, line in enumerate(lines) if line == "-" * 29]
        assert len(rules) == 3 and rules[0] == 0
        pairs = [line.partition("=") for line in lines[:rules[2]] if "=" in line]
        return {name.strip(): value.strip() for name, _, value in pairs}, lines[rules[2] + 1:]
    return run


def test_nothing_said(told):
    found, rest = told()
    assert [found[name] for name in ("dead", "exact", "filtering", "iterate", "long", "no_header", "node_format",
                                     "nodes", "partition", "states", "summarize", "verbose", "all_flag")] == [
        "false", "0", "false", "0", "false", "true", "false", "n/a", "n/a", "(null)", "false", "1", "false"]
    assert rest[0] == "" and "main*" in rest[1]


@pytest.mark.parametrize("words, name, value", [
    (["-p", "main"], "partition", "main"), (["-n", "n1"], "nodes", "n1"), (["-t", "idle"], "filtering", "true"),
    (["-d"], "dead", "true"), (["-r"], "responding", "true"), (["-N"], "node_format", "true"), (["-a"], "all_flag", "true"),
    (["-S", "-t"], "sort", "-t"), (["-l"], "long", "true"), (["-s"], "summarize", "true"), (["-e"], "exact", "1"),
    (["-t", "idle"], "states", "idle"), (["-o", "%N %m"], "format", "%N %m")])
def test_what_was_said(told, words, name, value):
    assert told(*words)[0][name] == value


def test_the_columns_say_what_is_compared(told):
    found, _ = told("-o", "%P %m %E %t")
    on = {name for name, value in found.items() if name.endswith(("_flag", "_act")) and value == "true"}
    assert on == {"partition_flag", "memory_flag", "reason_flag", "state_flag"}
