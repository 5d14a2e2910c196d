"""What sbatch, salloc and srun say of their options with -v: a block of those that are in effect.

How an option is shown stands in its row (table.Opt.shown and bare).  Source: slurm_opt.c's
messages; names, order and values are what Slurm 22.05.8 was seen to print
(tests/conformance/transcripts/options/verbose.txt).  What it prints besides of its plug-ins, threads and
ports, most of it with -vv, is left out: it tells of the machine and not of the job.
"""

from ...common import parse_time
from ...common.getopt import NONE
from ...common.parse_time import is_number
from ...common.proc_args import memory_text
from ...common.signals import NAMES, parse_warning
from ..shared.call import Fail
from . import table
from .args_job import profile_text
from .args_bind import frequency_text

RULE = "-------------------- --------------------"


def print_options(request, level, inside=False):
    """Print the block. request: a Request with all options in it; level: how often -v is given;
    inside: is it about a step of a job that was there before? Raises Fail where -Q is given,
    too."""
    call = request.call
    if "quiet" in request.given:
        raise Fail.error("don't specify both --verbose (-v) and --quiet (-Q)")
    rows = table.rows(request.command, call.release)
    told = {name: text(request, rows[name], value) for name, value in request.given.items()}
    if inside:
        for name, row in rows.items():
            if row.step_shown in call.env and name not in told:
                told[name] = _inherited(name, call.env[row.step_shown])
    told["verbose"] = str(level)
    call.log("defined options")
    call.log(RULE)
    for name in sorted(told, key=lambda name: rows[name].sorted_as):
        call.log(f"{name:<20}: {told[name]}")
    call.log(RULE)
    call.log("end of defined options")


def _inherited(name, value):
    return mib_text(int(value)) if name.startswith("mem") and is_number(value) else value


def text(request, row, value):
    """The value of an option as the block shows it."""
    if value is None or row.arg == NONE:
        return row.bare
    return WAYS[row.shown](request, row, value) if row.shown else value


def mib_text(mib):
    """MiB, with the largest unit in which they are a whole number; MiB have none."""
    return memory_text(mib).removesuffix("M")


# ---- ways to show a value: each a function (Request, row, value as it was typed) -> text ------

def _field(request, row, value):
    return str(getattr(request.job, row.field))


def _memory(request, row, value):
    return mib_text(getattr(request.job, row.field) or 0)


def _node_memory(request, row, value):
    mib = request.job.mem_per_node
    return mib_text(mib) if mib else "0?"


def _limit(request, row, value):
    minutes = getattr(request.job, row.field)
    return parse_time.limit_text(minutes if minutes > 0 else None, True)


def _elapsed(request, row, value):
    return parse_time.elapsed_text(getattr(request.job, row.field), True)


def _moment(request, row, value):
    return parse_time.stamp(getattr(request.job, row.field))


def _signal(request, row, value):
    flags, number, seconds = parse_warning(value)
    name = next((name for name, n in NAMES.items() if n == number), str(number))
    return (f"{flags}:" if flags else "") + name + (f"@{seconds}" if seconds != 60 else "")


def _file(request, row, value):
    if value.lower() == "none":
        return "/dev/null"
    if request.call.name == "srun" or value.startswith("/"):
        return value
    return request.call.path(f"{request.job.work_dir}/{value}")


def _nodes(request, row, value):
    job = request.job
    if job.max_nodes == job.min_nodes or not job.max_nodes:
        return str(job.min_nodes)
    return f"{job.min_nodes}-{job.max_nodes}"


def _switches(request, row, value):
    job = request.job
    waits = job.switch_wait >= 0 and "@" in value
    return str(job.switches) + (
        f"@{parse_time.elapsed_text(job.switch_wait, True)}" if waits else "")


def _binding(request, row, value):
    words = value.lower().split(",")
    return ",".join([{"v": "verbose", "q": "quiet"}.get(words[0], words[0]), *words[1:]])


WAYS = {
    "field": _field, "memory": _memory, "node memory": _node_memory, "limit": _limit,
    "elapsed": _elapsed, "moment": _moment, "signal": _signal, "file": _file, "nodes": _nodes,
    "switches": _switches, "binding": _binding,
    "path": lambda request, row, value: request.call.path(value),
    "letter": lambda request, row, value: value[0],
    "lower": lambda request, row, value: value.lower(),
    "unset": lambda request, row, value: "unset",
    "no stars": lambda request, row, value: value.replace("*", ""),
    "mail": lambda request, row, value: request.job.mail_type or "NONE",
    "profile": lambda request, row, value: profile_text(value),
    "frequency": lambda request, row, value: frequency_text(request.job.cpu_freq),
}
