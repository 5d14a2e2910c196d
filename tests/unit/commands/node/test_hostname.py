"""hostname: the node's name inside a job."""

import os

import pytest

from slurm_mock import api


@pytest.mark.parametrize("argv, out", [([], "n7.cluster\n"), (["-s"], "n7\n"), (["--fqdn"], "n7.cluster\n")])
def test_inside_a_job(tmp_path, argv, out):
    done = api.run("hostname", argv, env={"SLURMD_NODENAME": "n7.cluster"}, state=str(tmp_path))
    assert (done.code, done.out.decode()) == (0, out)


def test_elsewhere_it_is_the_machines_own(tmp_path):
    done = api.run("hostname", env={"PATH": "/nowhere"}, state=str(tmp_path))
    assert (done.code, done.out.decode()) == (0, f"{os.uname().nodename}\n")
