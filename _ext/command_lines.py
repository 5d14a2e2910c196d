"""Slurm's command lines on the pages are parsed by the emulator's own option tables.

Every code block, and every line that a notebook's cell hands to a shell, is searched for lines that
begin with one of Slurm's commands (after a prompt, `%`, `!` or an assignment) and for `#SBATCH`
lines.  An option that the mock does not have, or a value that is missing, ends the build: a reader who
types it would learn the mock's gaps instead of Slurm.  A block whose class is `wrong-on-purpose` may
have what the text around it speaks of.
"""

from __future__ import annotations

import re
import shlex

from docutils import nodes
from lesson_facts import complain

from slurm_mock import commands
from slurm_mock.common.getopt import UsageError, getopt
from slurm_mock.site import coverage

ALLOWED = "wrong-on-purpose"
# `$ squeue`, `%squeue`, `!squeue`, `NAME=value squeue`; a word in angle brackets stands for another
START = re.compile(r"^\s*(?:[$>]\s+|%%?|!)?((?:[A-Z_][A-Z0-9_]*=\S*\s+)*)([a-z]+)(?=\s|$)(.*)")
PLACEHOLDER = re.compile(r"<[^<>]+>|\{\{[^}]*\}\}")
# Options stand before the first operand there; elsewhere they may follow it.
FIRST_OPERAND_ENDS = ("sbatch", "srun", "salloc", "sbcast")


def words_of(text: str) -> list[str]:
    """Return a command line's words up to a pipe, a redirection or another command.

    Raises ValueError where a quote does not close.
    """
    lexer = shlex.shlex(PLACEHOLDER.sub("X", text), posix=True, punctuation_chars="|&;<>()")
    lexer.whitespace_split = True
    words = []
    for word in lexer:
        if word and set(word) <= set("|&;<>()"):
            break
        words.append(word)
    return words


def refused(command: str, words: list[str]) -> str:
    """Return why the mock would refuse these words, or ""."""
    try:
        getopt(words, coverage.table(command), permute=command not in FIRST_OPERAND_ENDS)
    except LookupError:
        return f"slurm_mock has no {command}"
    except UsageError as error:
        return f"{command}: {error}"
    return ""


def wrong_lines(text: str) -> list[str]:
    """Return what is wrong with the command lines in a code block's text, one text a line."""
    found, lines = [], text.replace("\\\n", " ").splitlines()
    for line in lines:
        if line.startswith("#SBATCH"):
            command, rest = "sbatch", line.removeprefix("#SBATCH").split(" #")[0]
        else:
            match = START.match(line)
            if not match or match[2] not in commands.SLURM:
                continue
            command, rest = match[2], match[3]
        try:
            words = words_of(rest)
        except ValueError:
            continue  # a here-document's or a sentence's apostrophe
        why = refused(command, words)
        if why:
            found.append(f"{why}\n    {line.strip()}")
    return found


def _check_page(app, doctree):
    docname = app.env.docname
    for block in doctree.findall(nodes.literal_block):
        if ALLOWED in block.get("classes", ()):
            continue
        for wrong in wrong_lines(block.astext()):
            complain(app, f"{app.env.doc2path(docname)}:{block.line or ''}: {wrong}")


def setup(app):
    app.connect("doctree-read", _check_page)
    return {"parallel_read_safe": True, "parallel_write_safe": True}
