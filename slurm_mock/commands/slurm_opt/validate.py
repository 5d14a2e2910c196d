"""What sbatch, salloc and srun say of options that do not go together, before anything else is made of them.

Source: validate_options_salloc_sbatch_srun in slurm_opt.c; tests/conformance/cases/commands/85-options-together.sh.
"""

from ...common.parse_time import strtol
from ..shared.call import Fail

MEMORY = {"mem": "mem_per_node", "mem-per-cpu": "mem_per_cpu", "mem-per-gpu": "mem_per_gpu"}
WITHOUT_TASKS_PER_GPU = (("gpus-per-task", "SLURM_GPUS_PER_TASK"), ("gpus-per-socket", "SLURM_GPUS_PER_SOCKET"),
                         ("ntasks-per-node", "SLURM_NTASKS_PER_NODE"))
NOT_ALLOWED = "Ignoring {option} since it's not allowed by configuration (AllowSpecResourcesUsage = No)"
THREADS = 0x8000              # the bit of a number of cores that makes it one of threads
UNEQUAL = "Inconsistent values set to --ntasks-per-gpu={gpu} and --ntasks-per-tres={tres} "
UNEQUAL_VARIABLES = ("Inconsistent values set by environment variables SLURM_NTASKS_PER_GPU={gpu} and "
                     "SLURM_NTASKS_PER_TRES={tres} ")


def validate(request):
    """Look at options of which one forbids another, or goes before it. Raises Fail."""
    _ntasks_per_gpu(request)
    _spec_cores(request)
    _memory(request)


def _ntasks_per_gpu(request):
    given, typed = request.given, request.typed
    both = {"ntasks-per-gpu", "ntasks-per-tres"}
    found = both & given.keys()
    if not found:
        return
    if found == both:
        first = both & typed
        if len(first) == 1:
            # what was typed goes before a variable
            del given[(both - first).pop()]
            request.job.ntasks_per_tres = int(given[first.pop()])
        elif int(given["ntasks-per-gpu"]) != int(given["ntasks-per-tres"]):
            text = UNEQUAL if first else UNEQUAL_VARIABLES
            raise Fail.fatal(text.format(gpu=int(given["ntasks-per-gpu"]), tres=int(given["ntasks-per-tres"])))
    for name, variable in WITHOUT_TASKS_PER_GPU:
        if name in given:
            said = f"--{name}" if name in typed else variable
            raise Fail.fatal(f"{said} is mutually exclusive with --ntasks-per-gpu and SLURM_NTASKS_PER_GPU")


def _spec_cores(request):
    given, typed = request.given, request.typed
    both = {"core-spec", "thread-spec"}
    found = both & given.keys()
    if not found:
        return
    if both <= typed:
        raise Fail.fatal("-S/--core-spec and --thred-spec options are mutually exclusive")
    if found == both and not both & typed:
        raise Fail.fatal("Both --core-spec and --thread-spec set using environment variables. "
                         "Those options are mutually exclusive.")
    if request.call.controller.config.get("AllowSpecResourcesUsage", "").lower() not in ("yes", "true", "1", "up"):
        last = [name for name in given if name in both][-1]
        threads = last == "thread-spec" or strtol(given[last])[0] & THREADS
        request.call.error(NOT_ALLOWED.format(option="--thread-spec" if threads else "-S"))


def _memory(request):
    given, typed = request.given, request.typed
    found = [name for name in MEMORY if name in given]
    first = [name for name in found if name in typed]
    if len(first) > 1:
        raise Fail.fatal("--mem, --mem-per-cpu, and --mem-per-gpu are mutually exclusive.")
    if not first and len(found) > 1:
        raise Fail.fatal("SLURM_MEM_PER_CPU, SLURM_MEM_PER_GPU, and SLURM_MEM_PER_NODE are mutually exclusive.")
    for name in found if first else ():
        if name not in first:
            del given[name]
            setattr(request.job, MEMORY[name], None)
