"""What the mock supports of each command, as data: for the book's page, and for checks of command
lines.

All of it is read from the commands' own tables; here stands only where these lie.
"""

import importlib

from .. import commands
from ..common.getopt import NONE, OPTIONAL, REQUIRED, known
from ..common.release import CURRENT, in_release, there

VALUES = {NONE: "none", REQUIRED: "required", OPTIONAL: "optional"}
SUPPORTED, WITHOUT_EFFECT, MISSING = "supported", "without effect", "missing"

# Where the tables lie: of a command's options, of the words that it takes for commands, and of the
# columns that it can show.
_OPTIONS = {
    "sbatch": "sbatch:TABLE", "salloc": "salloc:TABLE", "srun": "srun:TABLE",
    "squeue": "squeue.opts:OPTIONS", "sinfo": "sinfo:OPTIONS", "scontrol": "scontrol.opts:OPTIONS",
    "scancel": "scancel:TABLE", "sacct": "shared.acct_opts:OPTIONS", "sacctmgr": "sacctmgr:OPTIONS",
    "sreport": "sreport:OPTIONS", "sdiag": "sdiag:OPTIONS", "seff": "seff:OPTIONS", "sprio": "sprio:OPTIONS",
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


def table(command, release=CURRENT):
    """The options of a command in one release, as its file lists them: [Option]. Raises
    LookupError."""
    if command not in _OPTIONS:
        raise LookupError(command)
    return known(_listed(_OPTIONS, command), release)


def option_status(command, names, value, release=CURRENT):
    """An option of real Slurm, by its names ("--jobs", "-j") and the value it takes ("none",
    "required", "optional"), as the mock has it in one release."""
    try:
        options = table(command, release)
    except LookupError:
        return MISSING
    for word in names:
        found = [o for o in options if VALUES[o.arg] == value
                 and (o.name == word[2:] if word.startswith("--") else o.letter == word[1:])]
        if not found:
            return MISSING
        if not found[0].effect:
            return WITHOUT_EFFECT
    return SUPPORTED


def word_status(command, word):
    """A word that a command takes as its own command (`scontrol hold`), as the mock has it."""
    names = {entry[0] for entry in _listed(_WORDS, command)}
    if command == "sacctmgr":
        names -= _only_named()
    return SUPPORTED if word in names else MISSING


def _only_named():
    """The words that sacctmgr knows by name, to say that they are not in the mock: verbs without a
    function for any entity."""
    from ..commands.sacctmgr import ENTITIES, VERBS
    from ..commands.sacctmgr.verbs import FUNCTIONS
    without = ENTITIES.keys() - {verb for verb, _ in FUNCTIONS}
    return {name for name, _, verb, _ in VERBS if verb in without}


def field_status(command, field, release=CURRENT):
    """A column that a command can show (`sacct -o`), as the mock has it in one release."""
    names = {name.lower() for name in _field_names(_listed(_FIELDS, command), release)}
    return SUPPORTED if field.lower() in names else MISSING


def _field_names(rows, release):
    """What a release's columns are called, by rows with a name or (sacctmgr) a list of names."""
    for row in rows:
        if not isinstance(row, tuple):
            yield from (each.name for each in in_release([row], release))
        elif there(*row[5:], release=release):
            yield from (name for name, _ in row[0])
