"""mpirun, as a module such as openmpi brings it: starts the ranks as a job step.

Slurm does not have this command; job scripts do.  Inside a job it stands for
`srun -n N`, and gives each rank the variables of Open MPI; on the login node it runs
the ranks where it is, as an MPI without Slurm would.
"""

from ...common.getopt import NONE, REQUIRED, Option, UsageError, getopt
from ...common.parse_time import is_number
from ..shared.call import Fail

TABLE = [Option("n", "n", REQUIRED), Option("np", "c", REQUIRED),
         Option("oversubscribe", "", NONE), Option("tag-output", "", NONE)]


def main(call):
    """mpirun -n N PROGRAM [ARGUMENTS...]: a generator, whose value is the exit code. Raises Fail."""
    argv = ["-n" if word == "-np" else word for word in call.argv]
    try:
        found, command = getopt(argv, TABLE, permute=False)
    except UsageError as error:
        call.log(str(error))
        raise Fail.info("only -n (-np) N, --oversubscribe and --tag-output are known "
                        "here") from None
    if not command:
        raise Fail.info("no program to run: type mpirun -n RANKS PROGRAM")
    given = {option.name: value for option, value in found}
    ranks = given.get("n") or given.get("np") or call.env.get("SLURM_NTASKS") or "1"
    if not is_number(ranks) or not int(ranks):
        raise Fail.info(f"-n {ranks}: the number of ranks is a whole number of at least 1")
    if call.env.get("SLURM_JOB_ID"):
        from ..srun import run_ranks
        return run_ranks(call, int(ranks), command, "oversubscribe" in given)
    return alone(call, int(ranks), command)


def alone(call, ranks, command):
    """Outside of a job: plain processes side by side. A generator, as main."""
    from ...slurmd.task import rank_variables, run_local
    return run_local(call, command, [rank_variables(rank, ranks) for rank in range(ranks)])
