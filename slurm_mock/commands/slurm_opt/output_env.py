"""What sbatch, salloc and srun tell of their own options in the environment of what they start.

Which option is told how stands in its row (table.Opt.tells).  Source: sbatch(1), salloc(1),
srun(1), section "output environment variables"; which command sets what, and in which words, is
what Slurm 22.05.8 was seen to do (tests/conformance/transcripts/options/env-options.txt).
"""

from ...common.release import CURRENT, there
from .table import LETTERS, SRUN, TABLE


def of_job(given, job, command, release=CURRENT):
    """Variables for a batch script or salloc's command.

    given: {option: value} of the command line, #SBATCH lines and input variables; job: the Job
    made of them; command: "sbatch" or "salloc".
    """
    return _told(given, job, LETTERS[command], release)


def of_step(given, job, crowded, inside, release=CURRENT):
    """Variables for srun's tasks. crowded: are there more tasks than nodes? inside: is the step
    one of a job that was there before?"""
    env = {}
    if inside or job.mem_per_cpu or job.mem_per_node:
        env["SLURM_DISTRIBUTION"] = "block" if crowded else "cyclic"
    env.update(_told(given, job, SRUN, release))
    return env


def _told(given, job, command, release):
    """{variable: value}: what the rows of a command tell. What a row works out has the last word."""
    telling = [(row.name, row.tells[command]) for row in TABLE
               if command in row.tells and there(row.since, row.until, release)]
    env = {told: given[name] for name, told in telling if isinstance(told, str) and given.get(name) is not None}
    for _, told in telling:
        if not isinstance(told, str):
            env.update(told(given, job))
    return env
