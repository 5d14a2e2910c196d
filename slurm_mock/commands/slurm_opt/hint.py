"""--hint: what an application is like, and so how its tasks lie on the cores.

Source: sbatch(1), --hint; slurm_verify_hint in proc_args.c.
"""

from ..shared.call import Fail

HINTS = """What --hint may say of an application:
  compute_bound    it computes: one task for each core, all cores of a socket
  memory_bound     it moves data: one core of each socket
  multithread      it gains from a core's further threads
  nomultithread    it does not: one thread of each core
"""


def heed(request):
    """Take what --hint stands for; other options that say as much go before it, but not a
    variable's before one that was typed. Raises Fail."""
    given, job = request.given, request.job
    others = given.keys() & {"ntasks-per-core", "threads-per-core", "extra-node-info", "cpu-bind"}
    if "hint" in request.typed:
        others &= request.typed
        if given.get("cpu-bind", "").lower() in ("verbose", "v", "quiet", "q"):
            others -= {"cpu-bind"}       # says nothing of where
    if others:
        del given["hint"]
        job.hint = ""
        return
    job.threads_per_core = None
    words = []
    for word in job.hint.split(","):
        if words and word[:1] in tuple("0123456789"):
            words[-1] += f",{word}"          # a comma before a digit parts no words
        else:
            words.append(word)
    for word in words:
        _take_hint(request, job, word)


def _take_hint(request, job, word):
    kind = word.lower()
    if kind == "help":
        request.call.print(HINTS, end="")
        raise Fail(code=1)
    if kind not in ("compute_bound", "memory_bound", "multithread", "nomultithread"):
        raise Fail.error(f'unrecognized --hint argument "{word}", see --hint=help')
    job.threads_per_core = None if kind == "multithread" else 1
    if kind.endswith("_bound"):
        job.cores_per_socket = 1 if kind == "memory_bound" else None
