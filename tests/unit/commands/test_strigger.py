"""strigger: refusals in Slurm's order. Expectations: Slurm 22.05.8."""

import pytest

from tests.clusters.reading import Tiny


@pytest.fixture
def tiny(tmp_path):
    return Tiny(tmp_path / "state")


@pytest.mark.parametrize("argv, said", [
    ([], "strigger: error: You must use exactly one of the following options: --set, --get or --clear\n"),
    (["--set", "--fini", "-p", "rel"], "strigger: error: You must specify a --jobid value\n"),
    (["--set", "--down", "-p", "rel"],
     'strigger: error: The --program value must start with "/"\n'),
    (["--set", "--down", "-p", "/"], "strigger: error: Invalid --program value, not regular file\n"),
    (["--set", "--down"], "strigger: error: You must specify a --program value\n"),
    (["--set", "--down", "-p", "/bin/sh"], "slurm_set_trigger: Access/permission denied\n"),
    (["--clear"], "strigger: error: You must specify a --id, --jobid, or --user to clear\n"),
    (["--clear", "--id=3"], "slurm_clear_trigger: No such process\n"),
    (["--get", "--user=nosuchuser"], "strigger: error: Invalid user nosuchuser\n"),
])
def test_refusals(tiny, argv, said):
    result = tiny.run("strigger", *argv)
    assert (result.out, result.err, result.code) == ("", said, 1)


def test_nothing_to_list(tiny):
    result = tiny.run("strigger", "--get", "-v")
    assert (result.out, result.err, result.code) == ("", "strigger: Read 0 trigger records\n", 0)
