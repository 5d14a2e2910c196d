"""sbcast: copy a file to the nodes of a job.

The mock's nodes share this machine's files, so one copy stands for those of all nodes.
Source: sbcast(1).
"""

import os

from ..common import slurm_errno
from ..common.getopt import NONE, OPTIONAL, REQUIRED, Option
from ..common.hostlist import expand
from ..common.parse_time import LONG_MAX, strtol
from ..common.records import ENDED, PENDING
from .shared.call import TRY_HELP, Fail

TABLE = [
    Option("compress", "C", OPTIONAL, "compress what is sent (lz4, none)", env="SBCAST_COMPRESS",
           effect=False),
    Option("exclude", "", REQUIRED, "folders whose libraries are not sent", env="SBCAST_EXCLUDE",
           effect=False),
    Option("fanout", "F", REQUIRED, "how many nodes pass the file on at once",
           env="SBCAST_FANOUT", effect=False),
    Option("force", "f", NONE, "replace a file that is there", env="SBCAST_FORCE"),
    Option("help", "", NONE, "print this list"),
    Option("jobid", "j", REQUIRED, "the job, or JOB.STEP"),
    Option("preserve", "p", NONE, "keep times and mode", env="SBCAST_PRESERVE"),
    Option("send-libs", "", OPTIONAL, "send the libraries that the program needs",
           env="SBCAST_SEND_LIBS", effect=False),
    Option("size", "s", REQUIRED, "bytes sent at once", env="SBCAST_SIZE", effect=False),
    Option("timeout", "t", REQUIRED, "seconds that a message may take", env="SBCAST_TIMEOUT",
           effect=False),
    Option("usage", "", NONE, "print a short form"),
    Option("verbose", "v", NONE, "say what is done"),
    Option("version", "V", NONE, "print the version"),
]
# Slurm's numbers for what went wrong, modulo 256
LOOKUP, EXISTS, MISSING = 255, 17, 2


def main(call):
    """Copy SOURCE to DESTINATION on the nodes of the job; the exit code, an errno where it cannot
    be written. Raises Fail."""
    found, operands = call.getopt(TABLE)
    told = call.environment(TABLE)
    given = {**told, **{option.dest: value for option, value in found}}
    if call.informs(given, "[OPTIONS...] SOURCE DESTINATION", TABLE):
        return 0
    check_values(call, [*told.items(), *((option.dest, value) for option, value in found)], len(told))
    if len(operands) != 2:
        raise Fail.bare(f"Need two file names, have {len(operands)} names\n"
                        + TRY_HELP.format(name=call.name))
    source, target = operands
    wanted = given.get("jobid", call.env.get("SLURM_JOB_ID"))
    if wanted is None:
        raise Fail.error("Need a job id to run this command.  "
                         "Run from within a Slurm job or use the --jobid option.")
    if target.endswith("/"):
        raise Fail.error("Target filename cannot be a directory.")
    content, mode, times = read(call, source)
    nodes = lookup(call.controller, wanted)
    if not content:
        call.error(f"Warning: file `{source}` is empty.")
    path = call.path(target)
    try:
        write(path, content, mode, "force" in given)
        if "preserve" in given:
            os.chmod(path, mode)
            os.utime(path, ns=times)
    except OSError as error:
        for node in nodes:
            call.error(f"REQUEST_FILE_BCAST({node}): {error.strerror}")
        return error.errno or 1
    return 0


def check_values(call, given, told):
    """Values that Slurm only complains of, each time that one is given: [(option, value)], of which the first `told`
    are variables."""
    for number, (name, value) in enumerate(given):
        if name == "compress" and value is not None and value.lower() not in ("lz4", "none"):
            call.error(f"Compression type '{value}' unknown, disabling compression support.")
        elif name == "send_libs" and value is not None and value.lower() not in ("yes", "y", "no", "n"):
            source = next(option.env for option in TABLE if option.dest == name) if number < told else "--send-libs"
            call.error(f"Ignoring unrecognized {source} value '{value}'")
        elif name == "size":
            size, rest = strtol(value)
            if size < 0 or size == LONG_MAX or rest[:1] not in ("", *"kKmM"):
                call.err.write(b"size specification is invalid, ignored\n")


def read(call, source):
    """(content, mode, (time of the last access, of the last change of its content) in ns) of the
    file to be sent. Raises Fail."""
    try:
        with open(call.path(source), "rb") as file:
            info = os.fstat(file.fileno())
            return file.read(), info.st_mode & 0o777, (info.st_atime_ns, info.st_mtime_ns)
    except IsADirectoryError:
        raise Fail.error(f"Can't mmap file `{source}`, No such device.", LOOKUP) from None
    except OSError as error:
        raise Fail.error(f"Can't open `{source}`: {error.strerror}", LOOKUP) from None


def lookup(ctl, text):
    """The nodes of a running job, or of its step ("12", "12.0"). Raises Fail."""
    number, dot, step = text.partition(".")
    digits = number[:len(number) - len(number.lstrip("0123456789"))]
    job = ctl.store.job(int(digits)) if digits else None
    shown = (digits or "0") + (f".{step}" if dot else "")
    why = None
    if job is None:
        why = slurm_errno.ESLURM_INVALID_JOB_ID
    elif job.uid != ctl.caller.uid and not ctl.caller.admin:
        why = slurm_errno.ESLURM_USER_ID_MISSING
    elif job.phase == PENDING:
        why = slurm_errno.ESLURM_JOB_PENDING
    elif job.phase >= ENDED:
        why = slurm_errno.ESLURM_ALREADY_DONE
    nodes = job.nodelist if job else ""
    if dot and not why:
        steps = [s for s in ctl.store.steps(job.id) if str(s.step_id) == step
                 and s.state == "RUNNING"]
        why = None if steps else slurm_errno.ESLURM_INVALID_JOB_ID
        nodes = steps[0].nodelist if steps else ""
    if why:
        raise Fail.error(f"Slurm job {shown} lookup error", LOOKUP, errno=why)
    return expand(nodes)


def write(path, content, mode, force):
    """Make the file. Without `force` there must be none. Raises OSError."""
    if force and os.path.exists(path):
        os.unlink(path)
    fd = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, mode)
    with open(fd, "wb") as file:
        file.write(content)
