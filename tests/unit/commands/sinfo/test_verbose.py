"""sinfo --verbose: what was asked for, as Slurm echoes it."""

from tests.clusters.reading import Tiny


def test_the_echo_of_what_was_asked(tmp_path):
    done = Tiny(tmp_path / "s").run("sinfo", "-v", "-p", "main", "-n", "n1")
    lines = done.out.splitlines()
    told = {line.split("=")[0].strip(): line.partition("=")[2].strip() for line in lines if " = " in line}
    assert done.code == 0 and told["partition"] == "main" and told["nodes"] == "n1"
    assert told["no_header"] == "false" and told["summarize"] == "false"


def test_flags_are_told(tmp_path):
    told = Tiny(tmp_path / "s").run("sinfo", "-v", "-h", "-s").out
    assert "no_header   = true" in told and "summarize   = true" in told
