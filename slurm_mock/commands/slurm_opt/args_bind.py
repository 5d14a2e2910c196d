"""Options that bind tasks to CPUs, memory and GPUs, and that set frequencies: looked at, and told to what is
started, but without effect, for a mock binds nothing.

Of each what reads it (set_...) and what is told of it (tell_...), as table.Opt describes them.  Source: srun(1);
slurm_resource_info.c, tres_bind.c, tres_frequency.c, cpu_frequency.c;
tests/conformance/cases/commands/84-bindings.sh and transcripts/options/env-options.txt.
"""

from ...common.parse_time import LONG_MAX, strtol
from ..shared.call import Fail
from .args_job import hints, invalid

DIGITS = "0123456789"
HEX = DIGITS + "abcdefABCDEF"
# The words of a binding that stand alone, and those that a list follows.
CPU_WORDS = ("q", "quiet", "v", "verbose", "one_thread", "no", "none", "rank", "rank_ldom", "socket", "sockets", "core",
             "cores", "thread", "threads", "ldom", "ldoms")
CPU_LISTS = ("map_cpu", "mask_cpu", "map_ldom", "mask_ldom")
MEM_WORDS = ("p", "prefer", "nosort", "sort", "q", "quiet", "v", "verbose", "no", "none", "rank", "local")
MEM_LISTS = ("map_mem", "mask_mem")
CPU_BIND_HELP = """What --cpu-bind may say of a task's CPUs:
  rank, rank_ldom   by the task's rank
  map_cpu:LIST, mask_cpu:LIST, map_ldom:LIST, mask_ldom:LIST   these, task by task
  sockets, cores, threads, ldoms   of this kind
  none              anywhere
  quiet, verbose    say nothing of it, or say it
"""
MEM_BIND_HELP = """What --mem-bind may say of a task's memory:
  local            on the socket where the task runs
  rank             by the task's rank
  map_mem:LIST, mask_mem:LIST   on these sockets, task by task
  sort, nosort     with or without sorting the pages first
  none             anywhere
  quiet, verbose   say nothing of it, or say it
"""
NO_BINDING = "cluster configuration lacks support for cpu binding"


# ---- what both kinds of binding share ---------------------------------------------------

def _parts(value):
    """The words of a binding: a comma before a number parts none, for it stands in a list."""
    found, start = [], 0
    for i, letter in enumerate(value):
        rest = value[i + 1:]
        if letter == "," and rest[:1] not in tuple(DIGITS) and rest.lstrip(HEX)[:1] not in ("", ","):
            found.append(value[start:i])
            start = i + 1
    return [*found, value[start:]]


def _check_list(numbers, kind):
    """Raises Fail for what is no list of CPUs or masks, each with a multiplier or none ("0x3*4")."""
    allowed = HEX if kind.startswith("mask") else DIGITS
    for word in filter(None, numbers.split(",")):
        word = word.removeprefix("0x") if allowed is HEX else word
        number, star, count = word.partition("*")
        for text, letters in ((star + count, DIGITS), (number, allowed)):
            wrong = next((letter for letter in text.removeprefix("*") if letter not in letters), "")
            if wrong:
                raise Fail.error(f"Failed to validate number: {text}, the offending character is {wrong}", 255)
            if text[:1] == "*" and not 0 < strtol(count)[0] < LONG_MAX:
                raise Fail.error(f"Invalid {kind} multiplier: {count}", 255)


def _check_word(option, word, alone, with_list):
    """Raises Fail for a word that a binding cannot have, or whose list is wrong."""
    lower = word.lower()
    if lower in alone:
        return
    for kind in with_list:
        if lower.startswith((kind, kind.replace("_", ""))):
            numbers = word.replace("=", ":").partition(":")[2].partition(":")[0]
            if not numbers:
                raise Fail.error(f'missing list for "--{option}={kind}:<list>"', 255)
            return _check_list(numbers, kind)
    raise Fail.error(f'unrecognized --{option} argument "{word}"', 255)


def _loudness(words):
    return "verbose" if words.split(",")[0] in ("verbose", "v") else "quiet"


def _kind(words):
    """"verbose,map_cpu:0,1" -> ("map_cpu:", "0,1")."""
    first, _, rest = words.partition(",")
    if first in ("verbose", "v", "quiet", "q"):
        words = rest
    kind, colon, places = words.partition(":")
    return kind + colon, places


# ---- CPUs ---------------------------------------------------------------------------

def _affinity(request):
    """Does the cluster bind to CPUs?"""
    plugins = request.call.controller.config.get("TaskPlugin", "task/none")
    return "affinity" in plugins or "cgroup" in plugins


def check_cpu_bind(request):
    """Look at --cpu-bind, when all options are read. Raises Fail for words that it cannot have, and after the help
    that "help" asks for."""
    value = request.given.get("cpu-bind")
    told = _affinity(request)
    if value is not None:
        for word in _parts(value):
            if word.lower() == "help":
                request.call.print(CPU_BIND_HELP if _affinity(request) else
                                   "CPU bind options not supported with current configuration\n", end="")
                raise Fail()
            if not told:
                request.call.log(NO_BINDING)
                told = True
            try:
                _check_word("cpu-bind", word, CPU_WORDS, CPU_LISTS)
            except Fail as wrong:
                request.call.error(wrong.text)
                raise Fail.fatal("Failed to parse --cpu-bind= values.") from None
    if request.given.get("threads-per-core") and not told:
        request.call.log(NO_BINDING)


def _cpu_bind(given, job):
    """(the option's words, kind, list) of a step's binding to CPUs, None if there is none."""
    if given.get("cpu-bind"):
        words = given["cpu-bind"].lower()
        kind, places = _kind(words)
        if kind in ("cores", "threads", "sockets", "ldoms", "boards"):
            places = words               # so Slurm keeps it, and shows it twice
        return (words, kind, places) if kind else None
    asked_hints = hints(given)
    for asked, kind in ((asked_hints & {"multithread", "nomultithread"}, "threads"), (asked_hints, "cores"),
                        (job.threads_per_core == 1, "threads"),
                        (given.get("ntasks-per-core"), "cores"),
                        (given.get("ntasks-per-socket"), "sockets")):
        if asked:
            return "", kind, ""
    return None


def tell_cpu_bind(given, job):
    """--cpu-bind, or what others say of it, to a step: its words one by one."""
    bound = _cpu_bind(given, job)
    if not bound:
        return {}
    words, kind, places = bound
    loud = _loudness(words)
    return {"SLURM_CPU_BIND": f"{loud},{kind}{places}", "SLURM_CPU_BIND_LIST": places,
            "SLURM_CPU_BIND_TYPE": kind, "SLURM_CPU_BIND_VERBOSE": loud}


def cpu_binding(given, job):
    """How srun -v calls a step's binding to CPUs."""
    bound = _cpu_bind(given, job)
    return bound[1].rstrip(":") if bound else "(null type)"


def set_cpu_freq(request, row, value):
    """--cpu-freq=GOVERNOR or LOW[-HIGH[:GOVERNOR]]: field cpu_freq, in kHz where it is a number. Raises Fail
    for what is none."""
    from ...common.cpu_frequency import BadFrequency, canonical
    governors = request.call.controller.config.get("CpuFreqGovernors", "OnDemand,Performance,UserSpace")
    try:
        request.job.cpu_freq = canonical(value, governors)
    except BadFrequency as wrong:
        for line in wrong.args:
            request.call.error(line)
        raise Fail.error("Invalid --cpu-freq argument", 255) from None


def tell_cpu_freq(given, job):
    """--cpu-freq to what is started, as Slurm writes it."""
    return {"SLURM_CPU_FREQ_REQ": frequency_text(job.cpu_freq)} if given.get("cpu-freq") else {}


def frequency_text(text):
    """"low-high:ondemand" -> "Low-High:OnDemand"."""
    from ...common.cpu_frequency import governor_text
    span, colon, governor = text.partition(":")
    return "-".join(map(_capital, span.split("-"))) + colon + governor_text(governor)


def _capital(word):
    from ...common.cpu_frequency import GOVERNORS, governor_text
    return "HighM1" if word == "highm1" else governor_text(word) if word in GOVERNORS else word.capitalize()


# ---- memory -------------------------------------------------------------------------

def set_mem_bind(request, row, value):
    """--mem-bind: only looked at. Raises Fail for a word that it cannot have, and after the help that
    "help" asks for."""
    for word in _parts(value):
        if word.lower() == "help":
            request.call.print(MEM_BIND_HELP, end="")
            raise Fail(code=255)
        _check_word("mem-bind", word, MEM_WORDS, MEM_LISTS)


def tell_mem_bind(given, job):
    """--mem-bind to a job."""
    if not given.get("mem-bind"):
        return {}
    words = given["mem-bind"].lower()
    return {"SLURM_MEM_BIND": words, "SLURM_MEM_BIND_VERBOSE": _loudness(words)}


def tell_step_mem_bind(given, job):
    """--mem-bind to a step: its words one by one."""
    if not given.get("mem-bind"):
        return {}
    words = given["mem-bind"].lower()
    loud = _loudness(words)
    kind, places = _kind(words)
    return {"SLURM_MEM_BIND": f"{loud},{kind}{places}", "SLURM_MEM_BIND_LIST": places,
            "SLURM_MEM_BIND_TYPE": kind, "SLURM_MEM_BIND_VERBOSE": loud}


# ---- GPUs and other accelerators -------------------------------------------------------

def set_accel_bind(request, row, value):
    """--accel-bind=LETTERS: only looked at, and of them only g, n and v. Raises Fail where there is none of these."""
    if not set(value) & set("gnv"):
        invalid(row)


def _gpu_numbers_fit(request, numbers, allowed):
    """Is this a list of GPUs or masks, each with a multiplier or none? A letter that is none is told of."""
    for word in filter(None, numbers.split(",")):
        word = word.removeprefix("0x") if allowed is HEX else word
        wrong = next((letter for letter in word if letter not in allowed and letter != "*"), "")
        if wrong:
            request.call.error(f"Failed to validate {word}, offending character is {wrong}")
            return False
        number, star, count = word.partition("*")
        base = 16 if allowed is HEX else 10
        times, rest = strtol(count)
        if (number and int(number[:4000], base) >= LONG_MAX) or times == LONG_MAX or rest:
            return False
    return True


def _gpu_bind_fits(request, text):
    lower = text.lower()
    if lower.startswith("verbose,"):
        text, lower = text[8:], lower[8:]
    if lower[:1] in ("c", "n"):              # closest, none: their first letter is enough
        return True
    for kind, allowed in (("map_gpu:", DIGITS), ("mask_gpu:", HEX)):
        if lower.startswith(kind):
            return _gpu_numbers_fit(request, text[len(kind):], allowed)
    for kind in ("per_task:", "single:"):
        if lower.startswith(kind):
            return 0 <= strtol(text[len(kind):])[0] < LONG_MAX
    return False


def set_gpu_bind(request, row, value):
    """--gpu-bind: field gpu_bind, as it is typed. Raises Fail for what it cannot be."""
    for part in filter(None, f"gpu:{value}".split(";")):
        kind, colon, rest = part.partition(":")
        if not colon or kind != "gpu" or not _gpu_bind_fits(request, rest):
            raise Fail.error(f"Invalid --gpu-bind argument: gpu:{value}", 255)
    request.job.gpu_bind = value


def set_gpu_freq(request, row, value):
    """--gpu-freq=[memory=]FREQUENCY,...: field gpu_freq, as it is typed, in MHz where it is a
    number. Raises Fail for what is none."""
    from ...common.cpu_frequency import FREQUENCIES
    for word in [word for word in value.split(",") if word] if value else [""]:
        memory, equals, frequency = word.rpartition("=")
        number, rest = strtol(frequency)
        known = frequency in FREQUENCIES or (frequency[:1] in tuple(DIGITS) and not rest and number < LONG_MAX)
        if word != "verbose" and (not known or memory != ("memory" if equals else "")):
            raise Fail.error(f"Invalid --gpu-freq argument: gpu:{value}", 255)
    request.job.gpu_freq = value


def tell_gpu_freq(given, job):
    """To a step."""
    return {"SLURMD_TRES_FREQ": "gpu:" + given["gpu-freq"]} if given.get("gpu-freq") else {}
