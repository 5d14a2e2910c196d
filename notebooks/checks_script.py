"""Reading a job script as sbatch does, to tell what is wrong with it."""

import re
import shlex

DIRECTIVE = "#SBATCH"
# Meant as one, but something else: "# SBATCH -t 2", "#sbatch -t 2", "#SBACTH -t 2".
MISSPELT = re.compile(r"\s*#+\s*s[batch]{3,6}\s+-", re.I)


class Mistake:
    """name: for tests and records; found: what is wrong, a sentence; advice: what to try."""

    def __init__(self, name, found, advice):
        self.name, self.found, self.advice = name, found, advice


def not_a_script(text):
    """The Mistake for which sbatch refuses the script, or None."""
    lines = text.splitlines()
    if not any(line.strip() for line in lines):
        return Mistake("empty-script", "the script is empty.", "put the job script directly below `%%sbatch`.")
    if lines[0].startswith("#!"):
        return None
    first = next((number for number, line in enumerate(lines) if line.strip()), 0)
    if lines[first].lstrip().startswith("#!"):
        if first:
            return Mistake("blank-before-shebang", "there is an empty line before `#!/bin/bash -l`.",
                           "delete it: `#!` must be the very first characters of the script, right "
                           "below `%%sbatch`.")
        return Mistake("indented-shebang", "there are blanks before `#!/bin/bash -l`.",
                       "delete them: `#!` must be the very first characters of the script.")
    if lines[first].startswith("# %load"):
        return Mistake("load-comment", "`%load` left its comment at the top of the cell.",
                       "put `%%sbatch` in its place, so that `#!/bin/bash -l` is the script's first line.")
    return Mistake("no-shebang", "the script's first line does not say which program shall read it.",
                   "begin it with `#!/bin/bash -l`: without such a line Slurm refuses a script.")


def directive_mistake(text):
    """The Mistake in the way the options are written down, or None.  Slurm says nothing of these."""
    command = None
    for line in text.splitlines():
        bare = line.strip()
        if MISSPELT.match(line) and not line.startswith(DIRECTIVE):
            return Mistake("directive-misspelt", f"Slurm takes this line for a comment: `{bare}`.",
                           "write `#SBATCH` in capitals, at the beginning of the line and without a "
                           "blank after the `#`.")
        if bare.startswith(DIRECTIVE) and command:
            return Mistake("directive-after-command",
                           f"`{bare}` comes after the command `{command}`, and Slurm does not read it there.",
                           "move all `#SBATCH` lines up, before the first command.")
        if bare and not bare.startswith("#") and not command:
            command = bare
    return None


def commands(text):
    """The script's lines that are commands."""
    return [line.strip() for line in text.splitlines() if line.strip() and not line.strip().startswith("#")]


SHORT = {"A": "account", "J": "job-name", "p": "partition", "t": "time", "N": "nodes", "n": "ntasks", "c": "cpus-per-task",
         "o": "output", "e": "error", "d": "dependency", "a": "array", "C": "constraint", "D": "chdir", "H": "hold"}


def options(words):
    """{long name: value} of the options among the words of a command line; those without a value: ""."""
    found, rest = {}, list(words)
    while rest:
        word = rest.pop(0)
        if word.startswith("--"):
            name, equals, value = word[2:].partition("=")
            if not equals and rest and not rest[0].startswith("-") and name not in ("hold", "parsable", "wait", "exclusive"):
                value = rest.pop(0)
            found[name] = value
        elif len(word) > 1 and word[0] == "-" and word[1] in SHORT:
            value = word[2:]
            if not value and word[1] != "H" and rest:
                value = rest.pop(0)
            found[SHORT[word[1]]] = value
    return found


def directives(text):
    """{long name: value} of the options in a script's `#SBATCH` lines, as far down as Slurm reads them."""
    found = {}
    for line in text.splitlines():
        bare = line.strip()
        if line.startswith(DIRECTIVE):
            found.update(options(shlex.split(line[len(DIRECTIVE):], comments=True)))
        elif bare and not bare.startswith("#"):
            break
    return found


def asked_for(line, script):
    """{long name: value} of all that a job was asked with: the command line wins over the script."""
    return {**directives(script), **options(shlex.split(line)[1:])}


def minutes_asked(text):
    """A time limit as it is written for sbatch, in minutes; None when Slurm could not read it.

    "2", "2:00", "0:02:00" are two minutes; "1-12", "1-12:00", "1-12:00:00" a day and a half.
    """
    match = re.fullmatch(r"(?:(\d+)-)?(\d+)(?::(\d+))?(?::(\d+))?", text)
    if not match:
        return None
    days, *numbers = match.groups()
    first, second, third = (int(number) if number else 0 for number in numbers)
    if days is not None:
        return int(days) * 1440 + first * 60 + second + third / 60
    if numbers[2] is not None:
        return first * 60 + second + third / 60
    return first + second / 60
