"""The command line of a heterogeneous job: components that a ":" parts, and what the later ones
inherit: the options that are not each component's own (table.Opt.own).
"""

from .table import named

MARKS = ("hetjob", "packjob")        # what separates components in a script


def options(call, table):
    """A command line with components between colons, as sbatch and salloc read it: ([[(option,
    value)] of each], the words behind). Raises Fail."""
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
        found = [(o, v) for o, v in [*found, *given] if not named(o).own]
    return found + (components[number] if number < len(components) else [])
