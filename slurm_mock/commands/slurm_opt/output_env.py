"""What sbatch, salloc and srun tell of their own options in the environment of what they start.

Source: sbatch(1), salloc(1), srun(1), section "output environment variables"; which of them sets
what, and in which words, is what Slurm 22.05.8 was seen to do
(tests/conformance/transcripts/options/env-options.txt).
"""

# Option -> variable; the value is the option's text.
_LAYOUT = {
    "ntasks-per-core": "SLURM_NTASKS_PER_CORE", "ntasks-per-socket": "SLURM_NTASKS_PER_SOCKET",
}
_BATCH = _LAYOUT | {
    "acctg-freq": "SLURM_ACCTG_FREQ", "container": "SLURM_CONTAINER",
    "cpus-per-gpu": "SLURM_CPUS_PER_GPU", "gpu-bind": "SLURM_GPU_BIND",
    "gpu-freq": "SLURM_GPU_FREQ", "gpus": "SLURM_GPUS", "gpus-per-node": "SLURM_GPUS_PER_NODE",
    "gpus-per-socket": "SLURM_GPUS_PER_SOCKET", "gpus-per-task": "SLURM_GPUS_PER_TASK",
    "hint": "SLURM_HINT", "ntasks-per-gpu": "SLURM_NTASKS_PER_GPU",
}
_STEP = _LAYOUT | {"container": "SLURM_CONTAINER", "ntasks-per-gpu": "SLURM_NTASKS_PER_TRES"}
_DEBUG = {"sbatch": "SBATCH_DEBUG", "salloc": "SALLOC_DEBUG", "srun": "SLURM_DEBUG"}
_PROFILES = ("Energy", "Lustre", "Network", "Task")


def of_job(given, job, command):
    """Variables for a batch script or salloc's command.

    given: {option: value} of the command line, #SBATCH lines and input variables; job: the Job
    made of them; command: "sbatch" or "salloc".
    """
    env = {variable: given[option] for option, variable in _BATCH.items() if given.get(option)}
    env.update(_common(given, job))
    if job.distribution.startswith("arbitrary"):
        from ...common.hostlist import expand, fold
        env["SLURM_ARBITRARY_NODELIST"] = fold(expand(job.req_nodes))
    if job.mem_per_gpu:
        env["SLURM_MEM_PER_GPU"] = str(job.mem_per_gpu)
    if given.get("mem-bind"):
        words = given["mem-bind"].lower()
        env["SLURM_MEM_BIND"] = words
        env["SLURM_MEM_BIND_VERBOSE"] = _loudness(words)
    if given.get("profile"):
        env["SLURM_PROFILE"] = profile(given["profile"])
    if command == "sbatch":
        if job.open_mode:
            env["SLURM_OPEN_MODE"] = job.open_mode[0]
        if given.get("export") and given["export"] != "ALL":
            env["SLURM_EXPORT_ENV"] = given["export"]
        if "SLURM_EXPORT_ENV" in env or "get-user-env" in given:
            env["SLURM_GET_USER_ENV"] = "1"
    return env


def of_step(given, job, crowded, inside):
    """Variables for srun's tasks. crowded: are there more tasks than nodes? inside: is the step
    one of a job that was there before?"""
    env = {variable: given[option] for option, variable in _STEP.items() if given.get(option)}
    if inside or job.mem_per_cpu or job.mem_per_node:
        env["SLURM_DISTRIBUTION"] = "block" if crowded else "cyclic"
    env.update(_common(given, job))
    bound = _cpu_bind(given, job)
    if bound:
        words, kind, places = bound
        loud = _loudness(words)
        env.update({"SLURM_CPU_BIND": f"{loud},{kind}{places}", "SLURM_CPU_BIND_LIST": places,
                    "SLURM_CPU_BIND_TYPE": kind, "SLURM_CPU_BIND_VERBOSE": loud})
    if given.get("mem-bind"):
        words = given["mem-bind"].lower()
        loud = _loudness(words)
        kind, places = _kind(words)
        env.update({"SLURM_MEM_BIND": f"{loud},{kind}{places}", "SLURM_MEM_BIND_LIST": places,
                    "SLURM_MEM_BIND_TYPE": kind, "SLURM_MEM_BIND_VERBOSE": loud})
    if given.get("gpus-per-task") and not given.get("gpu-bind") and not given.get("gpus-per-node"):
        env["SLURMD_TRES_BIND"] = "gpu:per_task:" + given["gpus-per-task"].rpartition(":")[2]
    elif given.get("ntasks-per-gpu"):
        env["SLURMD_TRES_BIND"] = "gpu:single:" + given["ntasks-per-gpu"]
    if given.get("gpu-freq"):
        env["SLURMD_TRES_FREQ"] = "gpu:" + given["gpu-freq"]
    return env


def _hints(given):
    return set(filter(None, given.get("hint", "").lower().split(",")))


def _common(given, job):
    env = {}
    if "multithread" in _hints(given):
        env["SLURM_NTASKS_PER_CORE"] = "65535"       # as many as like to
    if job.distribution:
        kind, equals, rest = job.distribution.partition("=")
        env["SLURM_DISTRIBUTION"] = kind
        if equals and kind == "plane":
            env["SLURM_DIST_PLANESIZE"] = rest
    if job.overcommit:
        env["SLURM_OVERCOMMIT"] = "1"
    if job.threads_per_core:
        env["SLURM_THREADS_PER_CORE"] = str(job.threads_per_core)
    if given.get("cpu-freq"):
        env["SLURM_CPU_FREQ_REQ"] = frequency(given["cpu-freq"])
    return env


def loudness(request):
    """How much a command is to say of itself, 0: nothing. request: table.Request with all -v in
    it; SBATCH_DEBUG says a number instead, SALLOC_DEBUG and SLURM_DEBUG one that is added."""
    command = request.call.name
    text = request.call.env.get(_DEBUG.get(command), "")
    level = int(text) if text.isdecimal() else 0
    return level or request.verbose if command == "sbatch" else level + request.verbose


def cpu_binding(given, job):
    """How srun -v calls a step's binding to CPUs."""
    bound = _cpu_bind(given, job)
    return bound[1].rstrip(":") if bound else "(null type)"


def frequency(text):
    """--cpu-freq as it is shown: "low-high:ondemand" -> "Low-High:OnDemand"."""
    span, colon, governor = text.partition(":")
    return "-".join(map(_capital, span.split("-"))) + colon + (
        {"ondemand": "OnDemand", "powersave": "PowerSave", "userspace": "UserSpace",
         "schedutil": "SchedUtil"}.get(governor.lower(), governor.capitalize()))


def _capital(word):
    return "HighM1" if word.lower() == "highm1" else word.capitalize()


def profile(text):
    words = [word.capitalize() for word in text.split(",")]
    if "All" in words:
        return ",".join(_PROFILES)
    return ",".join(sorted(words)) if "None" not in words else "None"


def _loudness(words):
    return "verbose" if words.split(",")[0] in ("verbose", "v") else "quiet"


def _kind(words):
    """"verbose,map_cpu:0,1" -> ("map_cpu:", "0,1")."""
    first, _, rest = words.partition(",")
    if first in ("verbose", "v", "quiet", "q"):
        words = rest
    kind, colon, places = words.partition(":")
    return kind + colon, places


def _cpu_bind(given, job):
    """(the option's words, kind, list) of a step's binding to CPUs, None if there is none."""
    if given.get("cpu-bind"):
        words = given["cpu-bind"].lower()
        kind, places = _kind(words)
        if kind in ("cores", "threads", "sockets", "ldoms", "boards"):
            places = words               # so Slurm keeps it, and shows it twice
        return (words, kind, places) if kind else None
    hints = _hints(given)
    for asked, kind in ((hints & {"multithread", "nomultithread"}, "threads"), (hints, "cores"),
                        (job.threads_per_core == 1, "threads"),
                        (given.get("ntasks-per-core"), "cores"),
                        (given.get("ntasks-per-socket"), "sockets")):
        if asked:
            return "", kind, ""
    return None
