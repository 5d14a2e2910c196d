"""sbatch: hand a batch script to the scheduler."""

import os

from ..common.records import BATCH, gave_empty
from ..common.slurm_errno import Refused
from .shared.call import Fail
from .shared.submit import come_from, pack_environment, refusal, test_only, wait
from .shared.words import script_options
from .slurm_opt import het
from .slurm_opt.output_env import of_job
from .slurm_opt.request import Request
from .slurm_opt.table import SBATCH, table

TABLE = table(SBATCH)
PACKJOB = ('Warning: the "packjob" component separator is being deprecated. Please, use "hetjob" '
           "instead.")


def main(call):
    """Submit a script (a file, standard input or --wrap); print its job id. A generator, whose
    value is the exit code: with --wait the job's. Raises Fail."""
    found, operands = het.options(call, TABLE)
    names = {option.name for given in found for option, _ in given}
    if call.informs(names, "[OPTIONS...] SCRIPT [ARGUMENTS...]", TABLE):
        return 0
    if "wrap" in names and operands:
        raise Fail.error("Script arguments not permitted with --wrap option")
    wrap = [value for given in found for option, value in given if option.name == "wrap"]
    ctl = call.controller
    for given in found:
        request = Request(call, ctl.now)
        request.apply(given)                     # a bad option is named before a bad script
        call.quiet = max(call.quiet, request.quiet)
    path = find_script(call, operands[0], found[0]) if operands else ""
    script = wrapped(wrap[-1]) if wrap else read_script(call, operands, path)
    in_script = directives(call, script, operands[0] if operands else "stdin")
    jobs = []
    for number in range(max(len(found), len(in_script))):
        request = Request(call, ctl.now)
        request.apply(het.inherited(in_script, number))
        request.verbose = request.quiet = 0      # a -v in the script comes too late
        request.environment()
        request.apply(het.inherited(found, number))
        jobs.append(request.finished())
        describe(call, jobs[-1], operands, path, wrap, "job-name" in request.given)
        if wrap:
            request.given["wrap"] = wrap[-1]     # in whichever component it stands
        request.tell()
        given = given if number else request.given
    job = jobs[0]
    told = {} if len(jobs) > 1 else of_job(given, job, call.name, call.release)
    environment = pack_environment(call, job, operands[1:], given, told)
    if "test-only" in given:
        return test_only(call, ctl, job)
    try:
        if len(jobs) > 1:
            from ..slurmctld import het_job
            het_job.submit(ctl, jobs, script, environment)
        else:
            job = ctl.submit(job, script, environment)
    except Refused as refused:
        raise refusal(call, refused, "Batch job submission failed") from None
    if "quiet" in names:                         # in the script it comes too late
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
    """The options in a script's #SBATCH lines: [[(option, value)] of each component]. Raises Fail."""
    found, words = [], script_options(script, name)
    if "packjob" in words:
        call.log(PACKJOB)
    for words in het.split(words, het.MARKS):
        given, rest = call.getopt(TABLE, permute=False, argv=words, code=255)
        if rest:
            raise Fail.error(f"Invalid directive found in batch script: {rest[0]}", 255)
        found.append(given)
    return found


def wrapped(command):
    """The script that --wrap stands for."""
    return (f"#!/bin/sh\n# This script was created by sbatch --wrap.\n\n{command}\n"
            .encode("utf-8", "surrogateescape"))


def read_script(call, operands, path):
    """The script's bytes, checked as sbatch does before anything is sent. path: of find_script.
    Raises Fail."""
    if not operands:
        data = call.stdin.read() if call.stdin else b""
    else:
        try:
            with open(call.path(path), "rb") as f:
                data = f.read()
        except IsADirectoryError:
            data = b""
        except OSError:
            raise Fail.error(f"Unable to open file {operands[0]}") from None
    if not data:
        raise Fail.error("Batch script is empty!")
    if not data.strip():
        raise Fail.error("Batch script contains only whitespace!")
    if not data.startswith(b"#!"):
        call.error("This does not look like a batch script.  The first")
        call.error("line must start with #! followed by the path to an interpreter.")
        raise Fail.error("For instance: #!/bin/sh")
    if b"\0" in data:
        call.error("The SLURM controller does not allow scripts that")
        raise Fail.error("contain a NULL character '\\0'.")
    if b"\r\n" in data:
        call.error("Batch script contains DOS line breaks (\\r\\n)")
        raise Fail.error("instead of expected UNIX line breaks (\\n).")
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


def describe(call, job, operands, path, wrap, named):
    """The fields that say where the job comes from. path: of find_script; named: was
    a name given?"""
    job.kind = BATCH
    if not named:
        job.name = "wrap" if wrap else os.path.basename(operands[0]) if operands else "sbatch"
    job.command = " ".join([path, *operands[1:]])
    come_from(call, job)
    for name in ("std_in", "std_out", "std_err"):
        if gave_empty(job, name):
            setattr(job, name, f"{job.work_dir}/")       # which is found out when the job starts
