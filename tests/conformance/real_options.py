"""Which options, words and fields real Slurm's commands have: asked of the commands themselves.

    python -m tests.conformance.real_options     # writes slurm_options.txt anew

A command refuses what it does not know before it asks any daemon for anything, and says so by
getopt's own messages.  These tell names (an ambiguous beginning lists all that fit) and whether
a value is wanted.  The manual page and --help give candidates and say which letter and name
belong together; names are all that is taken from them.
"""

from __future__ import annotations

import datetime
import gzip
import os
import re
import string
import subprocess
import tempfile
from pathlib import Path

from tests.conformance.real_slurm import VERSION
from tests.conformance.transcript import COMMANDS

LISTED = Path(__file__).parent / "slurm_options.txt"
MANUALS = Path("/usr/share/man/man1")
# No daemon answers there, and none is wanted.
CONF = """ClusterName=none
SlurmctldHost=localhost
SlurmctldPort=1
AccountingStorageType=accounting_storage/slurmdbd
NodeName=localhost
PartitionName=none Nodes=localhost
"""
FIRST, SECOND = "--@first", "--@second"  # words that no command takes for an option
SHORT = re.compile(r"(?<![\w-])-(\w)(?:\s+\w+)?(?:\[?[=<\w>|]*\]?)?(?:,| or|\|)\s*--([A-Za-z][\w-]*)")
LONG = re.compile(r"--([A-Za-z][\w-]*)")
# The commands that take a command of their own, and where --help lists those.
WORDS = {"scontrol": "Valid <COMMAND> values are:", "sacctmgr": "Valid <COMMAND> values are:",
         "sreport": "Valid report types are:"}


class Probe:
    """Asks one command, with a slurm.conf of its own."""

    def __init__(self, command: str, folder: Path):
        (folder / "slurm.conf").write_text(CONF)
        self.command = command
        self.env = {"SLURM_CONF": str(folder / "slurm.conf"), "PATH": os.environ["PATH"],
                    "HOME": str(folder), "LANG": "C.UTF-8"}

    def told(self, *words: str) -> str:
        """What the command says to these words, on both streams."""
        done = subprocess.run([self.command, *words], env=self.env, stdin=subprocess.DEVNULL,
                              stdout=subprocess.PIPE, stderr=subprocess.STDOUT, timeout=60,
                              errors="replace", check=False)
        return done.stdout

    def long(self, name: str) -> str | None:
        """"none", "required" or "optional" as --name takes a value; None: no such option."""
        told = self.told(f"--{name}=@", FIRST)
        allows = re.search(r"option '--([\w-]+)' doesn't allow an argument", told)
        if allows:
            return "none" if allows[1] == name else None
        if f"unrecognized option '--{name}=@'" in told or f"option '--{name}=@' is ambig" in told:
            return None
        if f"unrecognized option '{FIRST}'" in self.told(f"--{name}", FIRST, SECOND):
            return "optional"
        missing = re.search(r"option '--([\w-]+)' requires an argument", self.told(f"--{name}"))
        return "required" if missing and missing[1] == name else None

    def letter(self, letter: str) -> str | None:
        """The same of -l."""
        told = self.told(f"-{letter}", FIRST, SECOND)
        if f"invalid option -- '{letter}'" in told or "getopt error" in told:
            return None  # sshare has letters that it takes and then does not know
        if f"unrecognized option '{FIRST}'" not in told:
            wants = f"requires an argument -- '{letter}'" in self.told(f"-{letter}")
            return "required" if wants else "none"
        return "none" if "invalid option -- '@'" in self.told(f"-{letter}@", FIRST) else "optional"

    def options(self) -> list[tuple[str, str, str]]:
        """All (name, letter, value); a name or a letter may be ""."""
        text = plain_manual(self.command) + "\n" + self.told("--help")
        candidates = set(LONG.findall(text))
        for start in string.ascii_letters:
            told = self.told(f"--{start}", FIRST, SECOND)
            if "is ambiguous; possibilities:" in told:
                candidates |= set(re.findall(r"'--([\w-]+)'", told.split("possibilities:")[1]))
            candidates |= set(re.findall(r"option '--([\w-]+)' doesn't allow an argument",
                                         self.told(f"--{start}=@", FIRST)))
        # other names that no manual tells: --cluster beside --clusters
        candidates |= {name + "s" for name in candidates} | {name.removesuffix("s")
                                                             for name in candidates}
        values = {name: value for name in sorted(candidates) if (value := self.long(name))}
        # An abbreviation that takes an optional value is refused nowhere: leave it out.
        values = {name: value for name, value in values.items() if value != "optional"
                  or not any(other != name and other.startswith(name) and values[other] == value
                             for other in values)}
        letters = {one: value for one in string.ascii_letters + string.digits
                   if (value := self.letter(one))}
        pairs: dict[str, str] = {}
        for letter, short in SHORT.findall(text):
            name = short if short in values else next(iter(
                [n for n in values if n.startswith(short)]), "")
            if values.get(name) and letters.get(letter) == values[name] \
                    and letter not in pairs.values():
                pairs.setdefault(name, letter)
        rows = [(name, pairs.get(name, ""), value) for name, value in values.items()]
        return rows + [("", one, value) for one, value in letters.items()
                       if one not in pairs.values()]

    def words(self) -> list[str]:
        """The words that the command takes as commands: `scontrol hold`."""
        if self.command not in WORDS:
            return []
        rest = self.told("--help").split(WORDS[self.command])[1]
        indent = re.search(r"\n( +)\w", rest)[1]
        found = re.findall(rf"^{indent}([a-z_]+)(?= |$)", rest.split("\n  <")[0], re.MULTILINE)
        return sorted(set(found))

    def fields(self) -> list[str]:
        """The columns that the command tells by itself (sacct would ask its database first)."""
        if self.command == "sacct":
            told = plain_manual("sacct").split("\nFields available:")[1].split("\n.")[0]
        elif self.command in ("sstat", "sshare"):
            told = self.told("--helpformat")
        else:
            return []
        return sorted(told.split())


def plain_manual(command: str) -> str:
    """The command's manual page without its typesetting.

    Small systems are installed without manuals: then what is listed here stands for it, and
    whether the command knows that, and what else it knows, is still asked.
    """
    if not (MANUALS / f"{command}.1.gz").exists():
        rows = [line.split()[1:] for line in LISTED.read_text().splitlines()
                if line.split()[0] == command]
        options = [", ".join(reversed(row[:-1])) for row in rows]
        fields = [row[0] for row in rows if row[-1] == "field"]
        return "\n".join([*options, "Fields available:", *fields, "."])
    page = gzip.decompress((MANUALS / f"{command}.1.gz").read_bytes()).decode()
    return re.sub(r"\\f.|\\&", "", page).replace("\\-", "-")


def lines(command: str) -> list[str]:
    """The lines of slurm_options.txt about a command."""
    with tempfile.TemporaryDirectory() as folder:
        probe = Probe(command, Path(folder))
        found = [f"{command} {' '.join(filter(None, _names(name, letter)))} {value}"
                 for name, letter, value in probe.options()]
        return [*sorted(found, key=str.casefold), *(f"{command} {word} word" for word in probe.words()),
                *(f"{command} {field} field" for field in probe.fields())]


def _names(name: str, letter: str) -> tuple[str, str]:
    return f"--{name}" if name else "", f"-{letter}" if letter else ""


def main() -> None:
    """Write the list anew."""
    head = [f"# What the commands of Slurm {VERSION} take, asked of them by real_options.py.",
            f"# date: {datetime.date.today()}",
            "# command, names of an option and its value (none, required, optional), or a word",
            "# that the command takes, or a field that it can show"]
    LISTED.write_text("\n".join([*head, *(line for c in COMMANDS for line in lines(c))]) + "\n")


if __name__ == "__main__":
    main()
