"""Lines of Slurm's log, as they come on standard error: "squeue: error: Invalid job id: x".

Source: log.c, log_msg(), where a level gets its word.
"""

# What stands before a message of each level that a command prints without -v.
WORDS = {"fatal": "fatal: ", "error": "error: ", "info": ""}


# From how many -Q on a level is silent.
_HUSHED = {"info": 1, "error": 2, "fatal": 3}

# What slurmstepd tells when the end of a job or step is asked for (its req.c).
CANCELLED = "*** {what} ON {node} CANCELLED AT {time}{why} ***"


def line(who: str, text: str, level: str = "info") -> str:
    """A message as a line, with its end.  who: the command's name, or slurmstepd's with its node;
    level: one of WORDS."""
    return f"{who}: {WORDS[level]}{text}\n"


def hushed(level: str, quiet: int) -> bool:
    """Is a message of this level silent where -Q stands `quiet` times?"""
    return quiet >= _HUSHED[level]


def to_tmp(node: str, folder: str, why: str, twice: bool = True) -> str:
    """What the slurmstepd of a node says of a working folder that it cannot enter: it goes on in /tmp. twice: for
    itself and for a task."""
    return (1 + twice) * stepd_error(node, f"couldn't chdir to `{folder}': {why}: going to /tmp instead")


def stepd_error(node: str, text: str) -> str:
    """An error that the slurmstepd of a node tells, as a line."""
    return line(f"slurmstepd-{node}", text, "error")
