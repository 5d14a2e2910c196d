"""ReFrame: three regression tests by way of its Slurm scheduler, read from its report."""

import json
import subprocess
import sys
from pathlib import Path

from facts import accounted, ended, tell

SITE = """
site_configuration = {
    "systems": [{
        "name": "here", "hostnames": [".*"], "partitions": [{
            "name": "main", "scheduler": "slurm", "launcher": "srun", "environs": ["builtin"],
            "access": ["-p main"], "max_jobs": 4,
            "sched_options": {"use_nodes_option": True}}]}],
    "environments": [{"name": "builtin"}],
}
"""
TESTS = """
import reframe as rfm
import reframe.utility.sanity as sn


class Common(rfm.RunOnlyRegressionTest):
    valid_systems, valid_prog_environs, time_limit = ["*"], ["*"], "5m"


@rfm.simple_test
class Ranks(Common):
    executable, executable_opts = "/bin/sh", ["-c", "'echo rank $SLURM_PROCID'"]
    num_tasks, num_tasks_per_node = 4, 2

    @sanity_function
    def all_there(self):
        return sn.assert_eq(sorted(sn.extractall(r"rank (\\d)", self.stdout, 1, int)), [0, 1, 2, 3])

    @performance_function("nodes")
    def nodes(self):
        return len(self.job.nodelist)


@rfm.simple_test
class Fails(Common):
    executable = "/bin/false"

    @sanity_function
    def ended_well(self):
        return sn.assert_eq(self.job.exitcode, 0)


@rfm.simple_test
class Blocked(Common):
    executable, max_pending_time = "/bin/true", "1s"

    @run_before("run")
    def hold(self):
        self.job.options += ["--hold"]

    @sanity_function
    def never(self):
        return sn.assert_true(False)
"""

Path("site.py").write_text(SITE)
Path("checks.py").write_text(TESTS)
run = subprocess.run(
    [Path(sys.executable).parent / "reframe", "-C", "site.py", "-c", "checks.py", "-r",
     "--prefix", "work", "--report-file", "report.json", "--system", "here:main",
     "--nocolor", "--keep-stage-files"], capture_output=True, text=True)
tell("exit code", run.returncode)
report = json.loads(Path("report.json").read_text())
for case in sorted(report["runs"][0]["testcases"], key=lambda case: case["name"]):
    tell(case["name"], [case["result"], case["fail_phase"]])
    tell(f"{case['name']} in accounting", ended(case["jobid"]).split()[0])
    if case["name"] == "Ranks":
        # ReFrame itself is told of one node only, where accounting is slow
        tell("nodes", accounted(case["jobid"], "nnodes"))
