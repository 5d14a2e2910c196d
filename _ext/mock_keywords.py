"""``{mock-keywords}``: which keywords of slurm.conf and gres.conf the emulator heeds, of all that it knows.

Whether one is heeded is read in the emulator's own code: a keyword that no file asks for has no effect, whatever a page
says.  What is only asked for by the tables of keywords and by what `scontrol show config` prints does not count.
"""

from __future__ import annotations

import ast
import re
from pathlib import Path

from docutils import nodes
from mock_coverage import paragraph, table
from sphinx.util.docutils import SphinxDirective

from slurm_mock.conf import defaults, keywords

PACKAGE = Path(keywords.__file__).resolve().parent.parent
# (kind of keywords.KINDS, where such lines stand, in which files the emulator asks for them)
KINDS = (
    ("config", "on lines of their own in slurm.conf", ("common", "conf", "machine", "slurmdbd", "slurmctld", "slurmd", "commands", "site", "host")),
    ("node", "behind NodeName=", ("conf/read_config.py",)),
    ("partition", "behind PartitionName=", ("conf/params.py", "slurmctld", "commands/sinfo", "commands/scontrol")),
    ("gres", "in gres.conf", ("conf/read_config.py",)),
)
# Who names keywords without heeding them.
ONLY_NAMED = ("conf/keywords.py", "conf/defaults.py", "conf/import_cluster.py", "commands/scontrol/partition.py", "commands/sacctmgr/show.py")
STATUSES = ("heeded", "shown, without effect", "passed over")


def asked_for(places: tuple[str, ...]) -> tuple[set[str], list[re.Pattern[str]]]:
    """What the emulator's files in these places (folders, or single files) name: (whole texts, patterns of what is put
    together, such as f"{kind}MemPer{per}")."""
    found, composed = set(), []
    for place in places:
        path = PACKAGE / place
        for file in [path] if path.suffix else sorted(path.rglob("*.py")):
            if file.relative_to(PACKAGE).as_posix() not in ONLY_NAMED:
                for node in ast.walk(ast.parse(file.read_text(encoding="utf-8"))):
                    if isinstance(node, ast.Constant) and isinstance(node.value, str):
                        found.add(node.value)
                    elif isinstance(node, ast.JoinedStr) or isinstance(node, ast.BinOp) and isinstance(node.op, ast.Add):
                        values = node.values if isinstance(node, ast.JoinedStr) else [node.left, node.right]
                        parts = [str(part.value) if isinstance(part, ast.Constant) else "" for part in values]
                        if any(re.fullmatch(r"[A-Z]\w{5,}", part) for part in parts) and all(re.fullmatch(r"\w*", p) for p in parts):
                            composed.append(re.compile("".join(re.escape(part) or r"\w+" for part in parts)))
    return found, composed


def sorted_out(kind: str, places: tuple[str, ...]) -> dict[str, list[str]]:
    """{status: the keywords of a kind of which it holds}, all of STATUSES."""
    (asked, composed), shown = asked_for(places), set(defaults.table()) if kind == "config" else set()
    found: dict[str, list[str]] = {status: [] for status in STATUSES}
    for name in sorted(keywords.table(kind).values(), key=str.lower):
        heeded = name in asked or any(pattern.fullmatch(name) for pattern in composed)
        status = "heeded" if heeded else STATUSES[1] if name in shown else STATUSES[2]
        found[status].append(name)
    return found


class MockKeywords(SphinxDirective):
    """A table of counts, and a list of the keywords of each kind and status."""

    def run(self) -> list[nodes.Node]:
        self.env.note_reread()           # what is heeded may change with any of the emulator's files
        found = {where: sorted_out(kind, places) for kind, where, places in KINDS}
        rows = [(where, *(len(names) for names in by_status.values())) for where, by_status in found.items()]
        lists = nodes.definition_list()
        for where, by_status in found.items():
            for status, names in by_status.items():
                if names:
                    line = nodes.paragraph()
                    for number, name in enumerate(names):
                        line += nodes.Text(" · " if number else "")
                        line += nodes.literal("", name)
                    lists += nodes.definition_list_item(
                        "", nodes.term("", f"{status}, {where}"), nodes.definition("", line))
        return [
            table(("Keywords", *STATUSES), rows),
            paragraph("Scripts that a file names (Prolog, Epilog, TaskProlog, JobSubmitPlugins and their like) are never run. A "
                       "keyword that no release has is told of and passed over."),
            lists,
        ]


def setup(app):
    app.add_directive("mock-keywords", MockKeywords)
    return {"parallel_read_safe": True, "parallel_write_safe": True}
