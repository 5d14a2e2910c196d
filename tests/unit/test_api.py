"""Commands run inside of a program."""

from slurm_mock import api
from tests.clusters.reading import Tiny


def test_what_a_command_leaves(tmp_path):
    one = Tiny(tmp_path / "s")
    one.job(user="bob")
    done = api.run("squeue", ["-h", "-o", "%u"], env={"MOCK_SLURM_DRIVEN": "1"}, state=one.path if hasattr(one, "path") else str(tmp_path / "s"))
    assert (done.code, done.out, done.err) == (0, b"bob\n", b"")


def test_a_mistake_is_an_exit_code_and_a_message(tmp_path):
    done = api.run("squeue", ["--nosuch"], env={"MOCK_SLURM_STATE": str(tmp_path)})
    assert done.code == 1 and done.err.startswith(b"squeue: unrecognized option '--nosuch'\n") and done.out == b""


def test_no_cluster_is_said(tmp_path):
    done = api.run("squeue", env={"MOCK_SLURM_STATE": str(tmp_path)})
    assert done.code == 1 and b"no cluster in" in done.err
