"""What was typed in the notebook: its cells, their results, its variables.

Only this session's: after a restart of the kernel a check has to do with what Slurm and the files
say.
"""

import re

# A cell that calls a check is none of the answers.
CHECK = re.compile(r"^\s*check\(", re.M)


class Cell:
    """source: as it was typed; result: the value it gave, or None."""

    def __init__(self, source, result):
        self.source, self.result = source, result


def shell():
    """The kernel's IPython."""
    from IPython import get_ipython

    return get_ipython()


def cells(pattern):
    """The cells of this session that match a regular expression, oldest first."""
    ipython = shell()
    results = ipython.user_ns.get("_oh", {})
    found = []
    for number, source in enumerate(ipython.history_manager.input_hist_raw):
        if re.search(pattern, source, re.M) and not CHECK.search(source):
            found.append(Cell(source, results.get(number)))
    return found


def last(pattern):
    """The last cell that matches, or None."""
    found = cells(pattern)
    return found[-1] if found else None


def variable(name, default=None):
    """The value of a variable of the notebook."""
    return shell().user_ns.get(name, default)


def forget(name):
    """Remove a variable of the notebook's, if it is there."""
    shell().user_ns.pop(name, None)


def has_magic(name, kind="line"):
    return name in shell().magics_manager.magics[kind]


def columns(value):
    """The column names of a pandas table; None for anything else."""
    names = getattr(value, "columns", None)
    return None if names is None else [str(name) for name in names]
