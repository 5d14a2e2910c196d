"""What the mock supports of each command, as data: for the book's page and for checks of command lines.

The option tables are the source; here stands only what they don't say: which options are read
and checked but change nothing.
"""

import importlib

from . import commands
from .jobopts_rare import WITHOUT_EFFECT as JOB_WITHOUT_EFFECT
from .options import NONE, OPTIONAL, REQUIRED

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


def table(command):
    """The options of a command, as its file lists them: [Option]. Raises LookupError."""
    if command not in commands.SLURM:
        raise LookupError(command)
    for name in (command, f"{command}_query"):
        try:
            module = importlib.import_module(f"{commands.__name__}.{name}")
        except ModuleNotFoundError:
            continue
        for words in ("OPTIONS", "TABLE"):
            if hasattr(module, words):
                return list(getattr(module, words))
    raise LookupError(command)


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
    try:
        module = importlib.import_module(f"{commands.__name__}.{command}")
    except ModuleNotFoundError:
        return MISSING
    known = getattr(module, "COMMANDS", ()) or getattr(module, "VERBS", ())
    names = {entry if isinstance(entry, str) else entry[0] for entry in known}
    return SUPPORTED if word in names - _ONLY_NAMED.get(command, set()) else MISSING


def field_status(command, field):
    """A column that a command can show (`sacct -o`), as the mock has it."""
    try:
        fields = importlib.import_module(f"{__package__}.formats.{command}_fields")
    except ModuleNotFoundError:
        try:
            fields = importlib.import_module(f"{commands.__name__}.{command}")
        except ModuleNotFoundError:
            return MISSING
    listed = getattr(fields, "FIELDS", ())
    names = {str(f if isinstance(f, str) else getattr(f, "name", f)).lower() for f in listed}
    return SUPPORTED if field.lower() in names else MISSING
