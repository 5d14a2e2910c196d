"""What sbatch, salloc and srun say of their options with -v: a block of those that are in effect.

Source: slurm_opt.c's messages; names, order and values are what Slurm 22.05.8 was seen to print
(tests/conformance/transcripts/options/verbose.txt).  What it prints besides of its plug-ins,
threads and ports, most of it with -vv, is left out: it tells of the machine and not of the job.
"""

from ...common.getopt import NONE
from ...common.parse_time import elapsed_text, limit_text, memory_text, stamp
from ...common.signals import NAMES, parse_warning
from ...slurmctld.mail import types
from ..shared.call import Fail
from . import table
from .output_env import frequency, loudness, profile

RULE = "-------------------- --------------------"
# Flags that are called otherwise than "set", and what an option without a value stands for.
FLAGS = {"oversubscribe": "oversubscribe", "no-requeue": "no-requeue", "requeue": "requeue",
         "bell": "bell-always", "no-bell": "bell-never"}
BARE = {"exclusive": "exclusive", "nice": "100", "no-kill": "set", "get-user-env": "0",
        "kill-on-bad-exit": "1", "immediate": "1", "propagate": "ALL", "kill-command": "TERM"}
# Slurm sorts by the names of its variables: these differ from what the options are called.
SORTED_AS = {"(null)": "alloc-nodelist", "constraint": "contiguous, too", "jobid": "job",
             "threads": "max-threads"}
# What a step has from the job that it runs in: variable -> option.  The first has no option.
FROM_JOB = {"SLURM_JOB_NODELIST": "(null)", "SLURM_JOB_ID": "jobid", "SLURM_JOB_NAME": "job-name",
            "SLURM_MEM_PER_NODE": "mem", "SLURM_MEM_PER_CPU": "mem-per-cpu",
            "SLURM_JOB_NUM_NODES": "nodes"}
_COMMANDS = {"sbatch": table.SBATCH, "salloc": table.SALLOC, "srun": table.SRUN}


def print_options(request, level, inside=False):
    """Print the block. request: table.Request with all options in it; level: how often -v is
    given; inside: is it about a step of a job that was there before? Raises Fail where -Q is given,
    too."""
    call = request.call
    if "quiet" in request.given:
        raise Fail.error("don't specify both --verbose (-v) and --quiet (-Q)")
    flags = {option.dest for option in table.table(_COMMANDS[call.name]) if option.arg == NONE}
    told = {name: FLAGS.get(name, "set") if name in flags else text(call, request, name, value)
            for name, value in request.given.items()}
    if inside:
        for variable, name in FROM_JOB.items():
            if variable in call.env and name not in told:
                told[name] = _inherited(name, call.env[variable])
    told["verbose"] = str(level)
    call.log("defined options")
    call.log(RULE)
    for name in sorted(told, key=lambda name: SORTED_AS.get(name, name)):
        call.log(f"{name:<20}: {told[name]}")
    call.log(RULE)
    call.log("end of defined options")


def _inherited(name, value):
    return memory(int(value)) if name.startswith("mem") and value.isdecimal() else value


def text(call, request, name, value):
    """The value of an option that takes one, as the block shows it."""
    job = request.job
    if value is None:
        return BARE.get(name, "set")
    if name in table.COUNTS:
        return str(getattr(job, table.COUNTS[name]))
    if name in table.MEMORY:
        mib = getattr(job, table.MEMORY[name])
        return "0?" if name == "mem" and not mib else memory(mib or 0)
    show = _SHOWN.get(name)
    return show(call, job, value) if show else value


def memory(mib):
    """MiB, with the largest unit in which they are a whole number; MiB have none."""
    return memory_text(mib).removesuffix("M")


def _signal(call, job, value):
    flags, number, seconds = parse_warning(value)
    name = next((name for name, n in NAMES.items() if n == number), str(number))
    return (f"{flags}:" if flags else "") + name + (f"@{seconds}" if seconds != 60 else "")


def _nodes(call, job, value):
    if job.max_nodes == job.min_nodes:
        return str(job.min_nodes)
    return f"{job.min_nodes}-{job.max_nodes}" if job.max_nodes else str(job.min_nodes)


def _file(call, job, value):
    if value.lower() == "none":
        return "/dev/null"
    if call.name == "srun" or value.startswith("/"):
        return value
    return call.path(f"{job.work_dir}/{value}")


def _mem_bind(call, job, value):
    words = value.lower().split(",")
    return ",".join([{"v": "verbose", "q": "quiet"}.get(words[0], words[0]), *words[1:]])


def _switches(call, job, value):
    waits = job.switch_wait >= 0 and "@" in value
    return str(job.switches) + (f"@{elapsed_text(job.switch_wait, True)}" if waits else "")


_SHOWN = {
    "time": lambda call, job, value: limit_text(job.time_limit if job.time_limit > 0 else None, True),
    "time-min": lambda call, job, value: limit_text(job.time_min, True),
    "delay-boot": lambda call, job, value: elapsed_text(job.delay_boot * 60, True),
    "begin": lambda call, job, value: stamp(job.begin_time),
    "deadline": lambda call, job, value: stamp(job.deadline),
    "chdir": lambda call, job, value: call.path(value),
    "input": _file, "output": _file, "error": _file,
    "gres": lambda call, job, value: job.tres_per_node,
    "distribution": lambda call, job, value: job.distribution,
    "nodes": _nodes, "signal": _signal, "switches": _switches, "mem-bind": _mem_bind,
    "mail-type": lambda call, job, value: types(value) or "NONE",
    "profile": lambda call, job, value: profile(value),
    "cpu-freq": lambda call, job, value: frequency(value),
    "open-mode": lambda call, job, value: value[0],
    "power": lambda call, job, value: job.power,
    "no-kill": lambda call, job, value: "unset",
    "kill-on-invalid-dep": lambda call, job, value: value.lower(),
    "extra-node-info": lambda call, job, value: value.replace("*", ""),
}


def binds_in_vain(request):
    """Is a binding to CPUs asked for in so many words, and the cluster has none?"""
    plugins = request.call.controller.config.get("TaskPlugin", "task/none")
    return (bool(request.given.get("cpu-bind") or request.given.get("threads-per-core"))
            and "affinity" not in plugins and "cgroup" not in plugins)


def tell(request, inside=False):
    """-v: say which options are in effect; inside: of a step in a job that was there before."""
    if loudness(request):
        print_options(request, loudness(request), inside)
