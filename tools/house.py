"""How slurm_mock stands in parts: which file imports which, and where each stands.

The rule: an import only goes down, at any depth of nesting.  The parts in their order are PARTS,
the lowest first; STEPS are the floors inside of some.  tests/project/test_parts.py holds it,
draw_house.py draws it.
"""

from __future__ import annotations

import ast
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
PACKAGE = "slurm_mock"

# What each part is for, the lowest first; posix stands apart, and knows only itself.
PARTS = {
    "common": "words that every part speaks: records, errors, releases, times, host lists, columns",
    "conf": "slurm.conf in and out: reading, what a key means, defaults",
    "machine": "what is asked of a machine (the interface and its slot), locks, processes",
    "store": "the only SQL: connection and transactions, records, questions by name",
    "slurmdbd": "the accounting database: accounts, associations, QOS, usage, fair share",
    "slurmctld": "the controller: what a cluster knows, and all that changes it",
    "slurmd": "on the node: slurmstepd, the batch step, tasks, environment, usage",
    "commands": "Slurm's commands, a file or folder each; shared/ and slurm_opt/ for several",
    "site": "which cluster is on here: switching on, a lesson's facts, bundled clusters",
    "posix": "a POSIX machine in one interpreter: kernel, shell, tools; knows nothing of Slurm",
    "host": "where it all runs: this computer, the stepping clock, one interpreter (a browser)",
}
# Entry points, above all parts: the files that lie directly in the package.
ABOVE = len(PARTS)

# The floors inside of a part, the lowest first: what it is, and its files and folders. What is named
# nowhere stands on the highest.
STEPS = {
    "slurmctld": (
        ("what is read", ("state", "clock", "cluster", "uid", "read_config")),
        ("looking at jobs and nodes", ("select_nodes", "eval_nodes", "gres_select", "gres_validate", "gres_step", "dependency", "licenses", "mail",
                                       "agent", "job_info", "node_info", "cpu_ids", "cluster_tres")),
        ("planning", ("backfill", "timeline", "preempt", "priority", "acct_policy", "limits")),
        ("the life of a job and of a step", ("job_mgr", "step_mgr")),
        ("what is asked for", ("job_submit", "job_update", "node_mgr", "partition_mgr", "reservation")),
        ("the queue, and others who submit", ("job_scheduler", "het_job", "load", "other_users")),
        ("the loop", ("background",)),
        ("the verbs", ("controller", "keeper")),
    ),
    "commands": (
        ("for several commands", ("shared",)),
        ("options of sbatch, salloc and srun", ("slurm_opt",)),
        ("the commands", ()),
    ),
}


@dataclass(frozen=True)
class Import:
    """One name that a file imports. file, target: modules (slurm_mock.common.tres)."""

    file: str
    target: str
    name: str
    line: int
    late: bool


@cache
def tree(path: Path) -> ast.Module:
    """A file, parsed once."""
    return ast.parse(path.read_text(encoding="utf-8"))


def files(root: Path = ROOT) -> dict[str, Path]:
    """The package's modules and their files."""
    found = {}
    for path in sorted((root / PACKAGE).rglob("*.py")):
        parts = path.relative_to(root).with_suffix("").parts
        found[".".join(parts[:-1] if parts[-1] == "__init__" else parts)] = path
    return found


def imports(modules: dict[str, Path]) -> Iterator[Import]:
    """All imports of one of these modules by another, those inside of functions, too."""
    for module, path in modules.items():
        package = module.split(".") if path.name == "__init__.py" else module.split(".")[:-1]
        for node in ast.walk(tree(path)):
            if isinstance(node, ast.ImportFrom):
                base = ".".join([*package[:len(package) - node.level + 1], *filter(None, [node.module])]) \
                    if node.level else node.module or ""
                named = [(f"{base}.{alias.name}" if f"{base}.{alias.name}" in modules else base, alias.name)
                         for alias in node.names]
            elif isinstance(node, ast.Import):
                named = [(alias.name, alias.name) for alias in node.names]
            else:
                continue
            for target, name in named:
                if target in modules and target != module:
                    yield Import(module, target, name, node.lineno, node.col_offset > 0)


def part(module: str) -> str:
    """The part that a module belongs to; "" for an entry point."""
    words = module.split(".")
    return words[1] if len(words) > 1 and words[1] in PARTS else ""


def place(module: str) -> tuple[int, int]:
    """How high a module stands: (part, step inside of it). An import must not go to a higher place."""
    name = part(module)
    if not name:
        return ABOVE, 0
    steps = STEPS.get(name, ())
    word = module.split(".")[2] if module.count(".") > 1 else ""
    highest = max(0, len(steps) - 1)
    step = next((number for number, (_, names) in enumerate(steps) if word in names), highest)
    # the part's own __init__.py is read before all that lies in it
    return list(PARTS).index(name), step if word else 0


def circles(graph: dict[str, set[str]]) -> list[list[str]]:
    """Groups of modules that import each other, directly or through others."""
    def reach(start: str) -> set[str]:
        seen: set[str] = set()
        ways = [start]
        while ways:
            for other in graph.get(ways.pop(), ()):
                if other not in seen:
                    seen.add(other)
                    ways.append(other)
        return seen

    reached = {module: reach(module) for module in graph}
    groups = {tuple(sorted(other for other in graph if other in reached[module] and module in reached[other]))
              for module in graph if module in reached[module]}
    return [list(group) for group in sorted(groups)]


def first_line(path: Path) -> str:
    """What a file says of itself first: its docstring's first sentence or line, without the full stop."""
    told = (ast.get_docstring(tree(path)) or "").split("\n\n")[0]
    return " ".join(told.split()).split(".  ")[0].removesuffix(".")
