"""What `slurm-mock import` makes of real scontrol's answers looks like the real cluster."""

from __future__ import annotations

import subprocess
import sys

import pytest

from slurm_mock.conf import import_cluster

VIEWS = ("scontrol -a show partition", "sinfo -a", "sinfo -a -s", "sinfo -ael | tail -n +2",
         "sinfo -a -h -N -S 'N,#P' -o '%N %P %c %m %f %G %w %z %d'",
         "scontrol -a -o show node | grep -oE '(NodeName|CoresPerSocket|CPUTot|AvailableFeatures|Gres|"
         "RealMemory|Sockets|State|ThreadsPerCore|Weight|Partitions|CfgTRES)=[^ ]*'",
         "scontrol show config | grep -E '^(ClusterName|DefMem|FirstJobId|GresTypes|KillWait|Max(Array|"
         "Job|Step)|MinJobAge|Priority[DFMTUW]|Sched|Select|SlurmUser)'")


@pytest.mark.slow
@pytest.mark.parametrize("flag", ["", "-o "], ids=["records", "oneliner"])
def test_imported_cluster_looks_like_the_real_one(real, base, flag):
    folder = real.folder(base, f"import{len(flag)}")
    real.settle()
    told = real.run(f"scontrol show config; scontrol -a {flag}show partition; "
                    f"scontrol {flag}show node", folder)
    conf = import_cluster.write(told.stdout, folder / "made")
    for view in VIEWS:
        expected = real.run(view, folder).stdout
        done = subprocess.run(
            [sys.executable, "-m", "slurm_mock", "run", "--no-load", "--cluster", conf,
             "--state", str(folder / "state"), "--", "bash", "-c", view],
            capture_output=True, text=True, cwd=folder, check=True)
        assert expected and done.stdout == expected, view
