"""sbatch: hand a batch script to the scheduler."""

import os

from .. import het, jobopts_env, machine, messages
from ..call import Fail
from ..controller import Refused
from ..jobopts import SBATCH, Request, table
from ..model import BATCH
from ..told_options import of_job, tell

TABLE = table(SBATCH)


def main(call):
    """Submit a script (a file, standard input or --wrap); print its job id."""
    found, operands = het.options(call, TABLE)
    names = {option.name for given in found for option, _ in given}
    if call.informs(names, "[OPTIONS...] SCRIPT [ARGUMENTS...]", TABLE):
        return 0
    if "wrap" in names and operands:
        raise Fail("error: Script arguments not permitted with --wrap option", 1)
    wrap = [value for given in found for option, value in given if option.name == "wrap"]
    ctl = call.controller
    for given in found:
        Request(call, ctl.now).apply(given)      # a bad option is named before a bad script
    path = find_script(call, operands[0], found[0]) if operands else ""
    script = wrapped(wrap[-1]) if wrap else read_script(call, operands, path)
    in_script = directives(call, script, operands[0] if operands else "stdin")
    jobs = []
    for number in range(max(len(found), len(in_script))):
        request = Request(call, ctl.now, quiet=True)
        request.apply(het.inherited(in_script, number))
        request.verbose = 0                      # a -v in the script comes too late
        request.environment(jobopts_env.SBATCH)
        request.apply(het.inherited(found, number))
        jobs.append(request.finished())
        describe(call, jobs[-1], operands, path, wrap)
        if wrap:
            request.given["wrap"] = wrap[-1]     # in whichever component it stands
        tell(request)
        given = given if number else request.given
    job = jobs[0]
    told = {} if len(jobs) > 1 else of_job(given, job, "sbatch")
    environment = pack_environment(call, job, operands[1:], given, told)
    if "test-only" in given:
        return test_only(call, ctl, job)
    try:
        if len(jobs) > 1:
            het.submit(ctl, jobs, script, environment)
        else:
            job = ctl.submit(job, script, environment)
    except Refused as refused:
        raise refusal(call, refused, "Batch job submission failed") from None
    if "quiet" in given:
        pass
    elif "parsable" in given:
        call.print(f"{job.id};{given['clusters']}" if given.get("clusters") else str(job.id))
    else:
        where = f" on cluster {given['clusters']}" if given.get("clusters") else ""
        call.print(f"Submitted batch job {job.id}{where}")
    call.out.flush()
    ctl.moved()
    if "wait" in given:
        return (yield from wait(ctl, job.id))
    return 0


def directives(call, script, name):
    """The options in a script's #SBATCH lines: [[(option, value)] of each component]."""
    found, words = [], script_options(script, name)
    if "packjob" in words:
        call.log(messages.PACKJOB)
    for words in het.split(words, het.MARKS):
        given, rest = call.getopt(TABLE, permute=False, argv=words, code=255)
        if rest:
            raise Fail(f"error: Invalid directive found in batch script: {rest[0]}", 255)
        found.append(given)
    return found


def refusal(call, refused, doing):
    """What the controller refused, in sbatch's, srun's or salloc's words."""
    text = f"error: {refused.text}" if refused.bare else f"error: {doing}: {refused.text}"
    if refused.before:
        text = f"error: {refused.before}\n{call.name}: {text}"
    return Fail(text, 1)


def wrapped(command):
    """The script that --wrap stands for."""
    return (f"#!/bin/sh\n# This script was created by sbatch --wrap.\n\n{command}\n"
            .encode("utf-8", "surrogateescape"))


def read_script(call, operands, path):
    """The script's bytes, checked as sbatch does before anything is sent. path: of find_script."""
    if not operands:
        data = call.stdin.read() if call.stdin else b""
    else:
        try:
            with open(call.path(path), "rb") as f:
                data = f.read()
        except IsADirectoryError:
            data = b""
        except OSError:
            raise Fail(f"error: Unable to open file {operands[0]}", 1) from None
    if not data:
        raise Fail("error: Batch script is empty!", 1)
    if not data.strip():
        raise Fail("error: Batch script contains only whitespace!", 1)
    if not data.startswith(b"#!"):
        raise Fail("error: This does not look like a batch script.  The first\n"
                   "sbatch: error: line must start with #! followed by the path to an "
                   "interpreter.\nsbatch: error: For instance: #!/bin/sh", 1)
    if b"\0" in data:
        raise Fail("error: The SLURM controller does not allow scripts that\n"
                   "sbatch: error: contain a NULL character '\\0'.", 1)
    if b"\r\n" in data:
        raise Fail("error: Batch script contains DOS line breaks (\\r\\n)\n"
                   "sbatch: error: instead of expected UNIX line breaks (\\n).", 1)
    return data


def find_script(call, name, given):
    """The path of a script, as sbatch writes it down: it is looked for in the folder of --chdir (of
    the command line, `given`) or the working directory, then on PATH. What begins with . or / is
    not looked for."""
    chdir = [value for option, value in given if option.name == "chdir"]
    folder = call.path(chdir[-1]) if chdir else call.cwd
    for place in [] if name[:1] in "./" else [folder, *call.env.get("PATH", "").split(":")]:
        if place and os.access(call.path(f"{place}/{name}"), os.R_OK):
            return f"{place}/{name}"
    return name


def script_options(script, name):
    """The words of the script's #SBATCH lines, down to the first command."""
    words = []
    for number, line in enumerate(script.decode("utf-8", "surrogateescape").split("\n")[1:], 2):
        if line.startswith("#SBATCH"):
            try:
                words += split_words(line[7:])
            except UnmatchedQuote as error:
                raise Fail(f"fatal: {name}: line {number}: Unmatched `{error.quote}` in "
                           f"[{error.word}]", 1) from None
        elif line.strip() and not line.lstrip().startswith("#"):
            break
    return words


class UnmatchedQuote(ValueError):
    """A quote does not close: `quote`, and the `word` it stands in, as written."""

    def __init__(self, quote, word):
        super().__init__(word)
        self.quote, self.word = quote, word


def split_words(text):
    """Split at blanks as sbatch does: quotes group, a # ends the line, backslash escapes.
    Raises UnmatchedQuote."""
    words, word, quote, i, begun = [], None, "", 0, 0
    while i < len(text):
        ch = text[i]
        if ch == "\\" and i + 1 < len(text):
            word, i = (word or "") + text[i + 1], i + 1
        elif quote:
            if ch == quote:
                quote = ""
            else:
                word += ch
        elif ch in "\"'":
            begun = i - len(word or "")
            quote, word = ch, word or ""
        elif ch.isspace():
            if word is not None:
                words.append(word)
            word = None
        elif ch == "#":
            break
        else:
            word = (word or "") + ch
        i += 1
    if quote:
        raise UnmatchedQuote(quote, text[begun:])
    if word is not None:
        words.append(word)
    return words


def describe(call, job, operands, path, wrap):
    """The fields that say where the job comes from. path: of find_script."""
    job.kind = BATCH
    job.work_dir = call.path(job.work_dir) if job.work_dir else call.cwd
    if not job.name:
        job.name = "wrap" if wrap else os.path.basename(operands[0]) if operands else "sbatch"
    job.command = " ".join([path, *operands[1:]])
    come_from(call, job)


def come_from(call, job):
    """Where a job is submitted: the login node, and the session there."""
    job.submit_host = job.alloc_node = host(call)
    # the stepping clock's world is the same in every run, so its login session is, too
    job.alloc_sid = 1 if call.controller.clock.stepping else os.getsid(0)
    job.submit_line = " ".join([call.name, *call.argv])


def host(call):
    """The name of the login node: a bundled cluster has one, else it is this machine."""
    return call.controller.store.meta("login_node") or os.uname().nodename


def pack_environment(call, job, arguments, given, told):
    """Environment, arguments and umask of the script, as the store keeps them. told: variables
    that tell of the options."""
    import marshal
    env = exported(call, job.export or "ALL")
    if given.get("export-file"):
        env = from_file(call, given["export-file"])
        if "export" in given:
            env = {**login(call), **env}
    elif "ALL" not in (job.export or "ALL").split(","):
        # then sbatch asks for the environment of a fresh login (--get-user-env)
        env = {**login(call), **env}
    env.update(told)
    if job.dependency:
        env["SLURM_JOB_DEPENDENCY"] = job.dependency
    mask = os.umask(0)
    os.umask(mask)
    return marshal.dumps({
        "env": [f"{k}={v}".encode("utf-8", "surrogateescape") for k, v in env.items()],
        "args": arguments, "umask": mask}, 4)


def from_file(call, name):
    """--export-file: the variables that stand in a file, each ended by a zero byte."""
    try:
        with open(call.path(name), "rb") as file:
            text = file.read().decode("utf-8", "surrogateescape")
    except OSError:
        raise Fail(f"error: Could not open user environment file {name}", 1) from None
    kept = {k: v for k, v in call.env.items() if k.startswith("MOCK_SLURM_")}
    return kept | dict(word.split("=", 1) for word in text.split("\0") if "=" in word)


def login(call):
    """The variables that a login sets."""
    import pwd
    user = call.controller.caller.user
    try:
        entry = pwd.getpwnam(user)
        home, shell = entry.pw_dir, entry.pw_shell
    except KeyError:
        home, shell = call.env.get("HOME", "/"), "/bin/sh"
    return {"HOME": home, "LOGNAME": user, "USER": user, "SHELL": shell,
            "MAIL": f"/var/mail/{user}"}


def exported(call, export):
    """What --export lets through: ALL, NONE (only Slurm's own), names, name=value."""
    mine = {k: v for k, v in call.env.items() if not k.startswith("MOCK_SLURM_DRIVEN")}
    words = [w for w in export.split(",") if w]
    if words == ["ALL"] or not words:
        return mine
    env = dict(mine) if "ALL" in words else {
        k: v for k, v in mine.items() if k.startswith(("SLURM_", "MOCK_SLURM_"))}
    for word in words:
        name, equals, value = word.partition("=")
        if equals:
            env[name] = value
        elif name in mine:
            env[name] = mine[name]
    return env


def test_only(call, ctl, job):
    """--test-only: when and where the job would start."""
    from ..hostlist import fold
    from ..scheduler import foretell
    from ..units import stamp
    try:
        ctl.submit(job, will_start=True)
    except Refused as refused:
        # of the two lines that some refusals have, a trial prints the partition's only
        named = refused.text == messages.BAD_PARTITION
        first = f"{call.name}: error: {refused.before}\n" if named else ""
        raise Fail(f"{first}allocation failure: {refused.text}\n", 1, plain=True) from None
    cluster = ctl.cluster()
    when, names = foretell(cluster, job)
    if not names:
        raise Fail(f"allocation failure: {messages.BAD_CONFIG}\n", 1, plain=True)
    with ctl.store:
        job_id = ctl.store.next_job_id()     # slurmctld uses one up for the trial
    call.log(f"Job {job_id} to start at {stamp(when)} using "
             f"{job.num_cpus} processors on nodes {fold(names)} in partition {job.partition.split(',')[0]}")
    return 0


def wait(ctl, job_id):
    """--wait: return when the job has ended, with its exit code."""
    yield from machine.here.watch(ctl, lambda: all(j.phase >= 2 for j in jobs(ctl, job_id)))
    codes = [j.exit_code for j in jobs(ctl, job_id)]
    worst = max(codes, default=0)
    return worst >> 8 & 255 or (1 if worst & 127 else 0)


def jobs(ctl, job_id):
    return ctl.store.array_jobs(job_id) or [ctl.store.job(job_id)]
