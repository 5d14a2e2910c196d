"""Options about what a job gets: nodes and how much of each, and how the tasks are dealt out to them.

Of each what reads it (set_...) and what is told of it (tell_...), as table.Opt describes them.  Source: sbatch(1),
srun(1), slurm_opt.c's messages; tests/conformance/transcripts/sbatch/sbatch-values.txt and
options/env-options.txt.
"""

from ...common import parse_time, proc_args, slurm_errno
from ...common.parse_time import is_number
from ..shared.call import Fail
from .args_job import count, hints, invalid, note_empty, whole


# ---- how many ---------------------------------------------------------------------

def set_nodes(request, row, value):
    """--nodes=MIN[-MAX]: fields min_nodes, max_nodes, nodes_given. Raises Fail for a count that is none."""
    try:
        low, high = proc_args.parse_node_count(value)
    except proc_args.BadNumber as error:
        raise Fail.error(str(error), 255) from None
    job = request.job
    job.min_nodes, job.max_nodes, job.nodes_given = low, high, 1


def set_ntasks(request, row, value):
    """--ntasks: field ntasks, and that it was said. Raises Fail for no number above 0."""
    count(request, row, value)
    request.job.ntasks_given = 1


def set_cpus_per_task(request, row, value):
    """--cpus-per-task: field cpus_per_task, and that it was said. Raises Fail for no number above 0."""
    count(request, row, value)
    request.job.cpus_per_task_given = 1


def tell_mem_per_gpu(given, job):
    """--mem-per-gpu to what is started, in MiB."""
    return {"SLURM_MEM_PER_GPU": str(job.mem_per_gpu)} if job.mem_per_gpu else {}


def set_extra_node_info(request, row, value):
    """--extra-node-info=SOCKETS[:CORES[:THREADS]], any of them *: fields sockets_per_node,
    cores_per_socket, threads_per_core. Raises Fail."""
    fields = value.split(":") if value else ()
    names = ("sockets_per_node", "cores_per_socket", "threads_per_core")
    for name, field, place in zip(names, fields, ("first", "second", "third")):
        try:
            count = proc_args.parse_resource(f"{place} arg of -B", field[:47])
            setattr(request.job, name, None if count is None or count & 0xFFFF == 0xFFFE else count & 0xFFFF)
        except proc_args.BadNumber as error:
            raise Fail.error(str(error)) from None


def tell_threads_per_core(given, job):
    """--threads-per-core to what is started."""
    return {"SLURM_THREADS_PER_CORE": str(job.threads_per_core)} if job.threads_per_core else {}


def tell_overcommit(given, job):
    """--overcommit to what is started: that it was said."""
    return {"SLURM_OVERCOMMIT": "1"} if job.overcommit else {}


# ---- which ------------------------------------------------------------------------

def read_nodefile(request):
    """--nodefile=FILE: field req_nodes, the names that stand in the file. Raises Fail where it
    cannot be read."""
    value = request.given["nodefile"]
    try:
        with open(request.call.path(value), encoding="utf-8", errors="replace") as f:
            request.job.req_nodes = ",".join(f.read().split())
    except OSError as error:
        if value:
            request.call.error(f"slurm_allocate_resources error opening file {value}, {error.strerror}")
        raise Fail.error("Invalid --nodefile node file", 255) from None


def set_exclusive(request, row, value):
    """--exclusive[=exclusive|oversubscribe|user|mcs]: field exclusive. Raises Fail for another word."""
    word = (value or "exclusive").lower()
    if word not in ("exclusive", "oversubscribe", "user", "mcs"):
        invalid(row)
    request.job.exclusive = "shared" if word == "oversubscribe" else word


def set_oversubscribe(request, row, value):
    """--oversubscribe: field exclusive, "shared"."""
    request.job.exclusive = "shared"


def set_switches(request, row, value):
    """--switches=COUNT[@TIME]: fields switches and switch_wait, in seconds (-1: not said). Raises Fail for
    no number above 0."""
    number, at, wait = value.partition("@")
    switches = whole(f"--{row.dest}", number)
    request.job.switches = max(0, switches)
    request.job.switch_wait = -1
    if at:
        set_switch_wait(request, row, wait)


def set_switch_wait(request, row, value):
    """The environment's time to wait for switches: field switch_wait, in seconds; -1 for what is none."""
    try:
        request.job.switch_wait = parse_time.parse_duration(value)
    except parse_time.BadValue:
        request.job.switch_wait = -1


def set_power(request, row, value):
    """--power=level: field power; other words are told of and left out."""
    words = [word for word in value.split(",") if word]
    request.job.power = "LEVEL" if "level" in [word.lower() for word in words] else ""
    for word in words:
        if word.lower() != "level":
            request.call.error(f"Ignoring unrecognized power option ({word})")


def set_no_kill(request, row, value):
    """--no-kill[=set|off|no]: only looked at. Raises Fail for another word."""
    if value is not None and value.lower() not in ("set", "off", "no"):
        invalid(row)


# ---- generic resources --------------------------------------------------------------

def _is_count(text):
    return is_number(text[:-1] if text[-1:].upper() in tuple("KMGTP") else text)


def set_gres(request, row, value):
    """--gres=NAME[:TYPE][:COUNT],...: fields gres and tres_per_node; "none": no more. Raises Fail for one
    without a name."""
    note_empty(request.job, "gres", value == "")
    if value.lower() in ("", "none"):
        request.job.gres = request.job.tres_per_node = ""
        return
    parts = [part.removeprefix("gres:") for part in value.split(",")]
    if any(not part.split(":")[0] for part in value.split(",")):
        raise Fail.error(request.call.strerror(slurm_errno.ESLURM_INVALID_GRES))
    if any("" in part.split(":") for part in parts):
        raise Fail.error(request.call.strerror(slurm_errno.ESLURM_INVALID_GRES))
    if any(len(words) > 3 or len(words) > 2 and not _is_count(words[2]) for words in (part.split(":") for part in parts)):
        raise Fail.error(request.call.strerror(slurm_errno.ESLURM_INVALID_GRES))
    request.job.gres = ",".join(parts)
    request.job.tres_per_node = ",".join(f"gres:{part}" for part in parts)


def _gpus(value):
    """"a100:2,v100" -> "gres:gpu:a100:2,gres:gpu:v100"."""
    return ",".join(f"gres:gpu:{part}" for part in value.split(","))


def set_gpus(request, row, value):
    """--gpus, --gpus-per-socket, --gpus-per-task: the row's field, a TRES per job, socket or task."""
    setattr(request.job, row.field, _gpus(value) if value else "")


def set_gpus_per_node(request, row, value):
    """--gpus-per-node=[TYPE:]COUNT,...: as --gres of these GPUs. Raises Fail."""
    if value:
        set_gres(request, row, _gpus(value).replace("gres:", ""))


def tell_gpus_per_task(given, job):
    """To a step."""
    if not _gpus_by_task(given):
        return {}
    return {"SLURMD_TRES_BIND": "gpu:per_task:" + given["gpus-per-task"].rpartition(":")[2]}


def _gpus_by_task(given):
    return (given.get("gpus-per-task") is not None and not given.get("gpu-bind")
            and not given.get("gpus-per-node"))


def tell_gpu_bind(given, job):
    """--gpu-bind to a step."""
    return {"SLURMD_TRES_BIND": f"gpu:{given['gpu-bind']}"} if given.get("gpu-bind") else {}


def tell_ntasks_per_gpu(given, job):
    """--ntasks-per-gpu and --ntasks-per-tres to a step."""
    each = given.get("ntasks-per-tres") or given.get("ntasks-per-gpu")
    if not each:
        return {}
    told = {"SLURM_NTASKS_PER_TRES": each}
    if not _gpus_by_task(given):
        told["SLURMD_TRES_BIND"] = f"gpu:single:{each}"
    return told


def tasks_of_gpus(job):
    """--ntasks-per-gpu: the number of tasks from that of GPUs, or the other way round."""
    each = job.ntasks_per_tres
    gpus = job.tres_per_job.rpartition(":")[2]
    if is_number(gpus):
        if not job.ntasks_given:
            job.ntasks, job.ntasks_given = int(gpus) * each, 1
    elif job.ntasks_given:
        job.gpus_implied = -(-job.ntasks // each)


def set_gres_flags(request, row, value):
    """--gres-flags=disable-binding|enforce-binding: field gres_binding, Yes or No. Raises Fail for
    another word."""
    if value.lower() not in ("disable-binding", "enforce-binding"):
        invalid(row)
    request.job.gres_binding = "Yes" if value.lower().startswith("en") else "No"


# ---- tasks on nodes -----------------------------------------------------------------

def set_distribution(request, row, value):
    """--distribution: field distribution, its words in full, or plane=SIZE. Raises Fail for what is
    none."""
    from ...common.step_layout import spelled_out
    if value.lower().startswith("plane"):
        request.job.distribution = f"plane={_plane_size(request, row, value)}"
        return
    try:
        request.job.distribution = spelled_out(value)
    except ValueError:
        invalid(row)


def _plane_size(request, row, value):
    """The number in plane=2; of a plane that says none, the environment's."""
    equals, size = value.partition("=")[1:]
    size = size if equals else request.call.env.get("SLURM_DIST_PLANESIZE", "")
    digits = size.lstrip().removeprefix("+")
    number = parse_time.whole(digits) if is_number(digits) else 0
    if not 0 < number < 1 << 31:
        request.call.error("Invalid plane size or size not specified")
        invalid(row)
    return number


def tell_distribution(given, job):
    """--distribution to what is started: its name, and the size of a plane."""
    if not job.distribution:
        return {}
    kind, equals, rest = job.distribution.partition("=")
    told = {"SLURM_DISTRIBUTION": kind}
    if equals and kind == "plane":
        told["SLURM_DIST_PLANESIZE"] = rest
    return told


def tell_job_distribution(given, job):
    """To a job: the nodes of an arbitrary distribution, too."""
    told = tell_distribution(given, job)
    if job.distribution.startswith("arbitrary"):
        from ...common.hostlist import expand, fold
        told["SLURM_ARBITRARY_NODELIST"] = fold(expand(job.req_nodes))
    return told


# ---- what an application is like ------------------------------------------------------

def tell_hint(given, job):
    """--hint=multithread to what is started: no limit of tasks for a core."""
    if "multithread" in hints(given):
        return {"SLURM_NTASKS_PER_CORE": "65535"}    # as many as like to
    return {}


def tell_job_hint(given, job):
    """--hint to a job: its words, too."""
    return ({"SLURM_HINT": given["hint"]} if given.get("hint") else {}) | tell_hint(given, job)
