"""What the mock supports of each command, as data: for the book's page and for checks of command lines.

The option tables are the source; here stands only what they don't say: which options are read
and checked but change nothing.
"""

import importlib

from .. import commands
from ..commands.slurm_opt.rare import WITHOUT_EFFECT as JOB_WITHOUT_EFFECT
from ..common.getopt import NONE, OPTIONAL, REQUIRED

VALUES = {NONE: "none", REQUIRED: "required", OPTIONAL: "optional"}
SUPPORTED, WITHOUT_EFFECT, MISSING = "supported", "without effect", "missing"

# The mock has one cluster, no federation, and no job completion file.
_ONE_CLUSTER = {"federation", "local"}
_WITHOUT_EFFECT = {
    **dict.fromkeys(("sbatch", "salloc", "srun"), JOB_WITHOUT_EFFECT),
    "squeue": _ONE_CLUSTER | {"sibling"}, "sinfo": _ONE_CLUSTER,
    "sprio": _ONE_CLUSTER | {"sibling"}, "sreport": _ONE_CLUSTER,
    "scontrol": _ONE_CLUSTER | {"sibling", "uid", "verbose"},
    "scancel": {"ctld", "hurry", "sibling"},
    "sacct": _ONE_CLUSTER | {"completion", "file", "flags", "reason", "use-local-uid", "verbose"},
    "sbcast": {"compress", "exclude", "fanout", "send-libs", "size", "timeout"},
}

# Commands of its own that a command knows by name, and says are not in the mock.
_ONLY_NAMED = {"sacctmgr": {"archive"}}


# Where the tables lie: of a command's options, of the words that it takes for commands, and of the
# columns that it can show.
_OPTIONS = {
    "sbatch": "sbatch:TABLE", "salloc": "salloc:TABLE", "srun": "srun.opts:TABLE",
    "squeue": "squeue.opts:OPTIONS", "sinfo": "sinfo:OPTIONS", "scontrol": "scontrol.opts:OPTIONS",
    "scancel": "scancel:TABLE", "sacct": "shared.acct_opts:OPTIONS", "sacctmgr": "sacctmgr:OPTIONS",
    "sreport": "sreport:OPTIONS", "sdiag": "sdiag:OPTIONS", "sprio": "sprio:OPTIONS",
    "sshare": "sshare:OPTIONS", "sstat": "sstat:TABLE", "sattach": "sattach:TABLE",
    "sbcast": "sbcast:TABLE", "strigger": "strigger:TABLE",
}
_WORDS = {"scontrol": "scontrol.opts:COMMANDS", "sacctmgr": "sacctmgr:VERBS", "sreport": "sreport:VERBS"}
_FIELDS = {"sacct": "shared.acct_fields:FIELDS", "sacctmgr": "sacctmgr.print:FIELDS",
           "sshare": "sshare:FIELDS", "sstat": "sstat.print:FIELDS"}


def _listed(places, command):
    """The table of a command, () where it has none."""
    if command not in places:
        return ()
    module, name = places[command].split(":")
    return getattr(importlib.import_module(f"{commands.__name__}.{module}"), name)


def table(command):
    """The options of a command, as its file lists them: [Option]. Raises LookupError."""
    if command not in _OPTIONS:
        raise LookupError(command)
    return list(_listed(_OPTIONS, command))


def option_status(command, names, value):
    """An option of real Slurm, by its names ("--jobs", "-j") and the value it takes ("none",
    "required", "optional"), as the mock has it."""
    try:
        options = table(command)
    except LookupError:
        return MISSING
    for word in names:
        found = [o for o in options if VALUES[o.arg] == value
                 and (o.name == word[2:] if word.startswith("--") else o.letter == word[1:])]
        if not found:
            return MISSING
        if found[0].dest.replace("_", "-") in _WITHOUT_EFFECT.get(command, ()):
            return WITHOUT_EFFECT
    return SUPPORTED


def word_status(command, word):
    """A word that a command takes as its own command (`scontrol hold`), as the mock has it."""
    known = _listed(_WORDS, command)
    names = {entry if isinstance(entry, str) else entry[0] for entry in known}
    return SUPPORTED if word in names - _ONLY_NAMED.get(command, set()) else MISSING


def field_status(command, field):
    """A column that a command can show (`sacct -o`), as the mock has it."""
    listed = _listed(_FIELDS, command)
    names = {str(f if isinstance(f, str) else getattr(f, "name", f)).lower() for f in listed}
    return SUPPORTED if field.lower() in names else MISSING
