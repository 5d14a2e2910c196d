"""Snakemake: one run with jobs that depend on each other, one that fails, one that is interrupted."""

import os
import signal
import subprocess
import sys
from pathlib import Path

from facts import tell, until

SNAKEFILE = """
rule part:
    output: "part.txt"
    resources: mem_mb_per_cpu=100, runtime=5
    shell: "echo part > {output}"

rule sum:
    input: "part.txt"
    output: "sum.txt"
    resources: mem_mb_per_cpu=100, runtime=5
    shell: "cat {input} > {output}; echo $SLURM_JOB_PARTITION >> {output}"

rule fails:
    output: "never.txt"
    resources: mem_mb_per_cpu=100, runtime=5
    shell: "exit 3"

rule sleeps:
    output: "late.txt"
    resources: mem_mb_per_cpu=100, runtime=5
    shell: "touch began; sleep 600"
"""
COMMAND = [Path(sys.executable).parent / "snakemake", "--executor", "slurm", "--jobs", "3",
           "--default-resources", "slurm_partition=main", "--latency-wait", "60", "--keep-going",
           "--slurm-init-seconds-before-status-checks", "10", "--seconds-between-status-checks", "1",
           "sum.txt", "never.txt", "late.txt"]


def listed(*command):
    """{rule: state of its job}, told as comment|state: the plugin puts the rule into the comment."""
    lines = subprocess.run(command, check=True, capture_output=True, text=True).stdout.splitlines()
    return {rule.removeprefix("rule_"): state.split()[0]
            for rule, state in (line.split("|") for line in lines) if rule.startswith("rule_")}


def queue():
    return listed("squeue", "-h", "-t", "all", "-o", "%k|%T")


def accounting():
    """Only jobs that have ended have a comment there."""
    return listed("sacct", "-n", "-X", "-P", "-o", "comment,state")


Path("Snakefile").write_text(SNAKEFILE)
with open("log.txt", "wb") as log:
    run = subprocess.Popen(COMMAND, stdout=log, stderr=log, start_new_session=True)
ended = {"part": "COMPLETED", "sum": "COMPLETED", "fails": "FAILED", "sleeps": "RUNNING"}
try:
    until(lambda: queue() == ended, seconds=240)
    until(lambda: os.path.exists("began"))
    tell("sum", Path("sum.txt").read_text().split())
    os.kill(run.pid, signal.SIGINT)
    tell("ended well", run.wait(timeout=120) == 0)
    until(lambda: accounting().get("sleeps") == "CANCELLED")
    tell("at the end", accounting())
except BaseException:
    sys.stderr.write(Path("log.txt").read_text())
    raise
finally:
    if run.poll() is None:
        os.killpg(run.pid, signal.SIGKILL)
