"""The command line of a heterogeneous job: components that a ":" parts, and what the later ones inherit.
"""

MARKS = ("hetjob", "packjob")        # what separates components in a script


# Options that each component says for itself; all others hold from one component to the next.
OWN = frozenset((
    "bcast", "constraint", "contiguous", "core-spec", "cores-per-socket", "cpu-bind", "cpu-freq",
    "cpus-per-gpu", "cpus-per-task", "distribution", "exclusive", "extra-node-info", "gpu-bind",
    "gpu-freq", "gpus", "gpus-per-node", "gpus-per-socket", "gpus-per-task", "gres", "gres-flags",
    "hint", "licenses", "mail-type", "mail-user", "mem", "mem-bind", "mem-per-cpu", "mem-per-gpu",
    "mincpus", "network", "nodefile", "nodelist", "nodes", "ntasks", "ntasks-per-core",
    "ntasks-per-node", "ntasks-per-socket", "ntasks-per-gpu", "overcommit", "oversubscribe",
    "partition", "power", "relative", "sockets-per-node", "spread-job", "switches",
    "thread-spec", "threads-per-core", "tmp", "use-min-nodes", "het-group"))


def options(call, table):
    """A command line with components between colons, as sbatch and salloc read it:
    ([[(option, value)] of each], the words behind)."""
    rest, found = call.argv, []
    while True:
        given, rest = call.getopt(table, permute=False, argv=rest, code=255)
        found.append(given)
        if rest[:1] != [":"]:
            return found, rest
        rest = rest[1:]


def split(words, marks=(":",)):
    """Words -> lists of words, split at the marks."""
    parts = [[]]
    for word in words:
        if word in marks:
            parts.append([])
        else:
            parts[-1].append(word)
    return parts


def inherited(components, number):
    """The options of component `number`, with those that hold on from the ones before it."""
    found = []
    for given in components[:number]:
        found = [(o, v) for o, v in [*found, *given] if o.name not in OWN]
    return found + (components[number] if number < len(components) else [])
