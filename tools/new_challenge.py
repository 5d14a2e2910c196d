"""Begin a new challenge: a source notebook with one step, and its record.

    python tools/new_challenge.py 10-something

What it writes can be built and opened at once; the tests say what an unfinished challenge lacks.
"""

from __future__ import annotations

import re
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
sys.path[:0] = [str(ROOT), str(ROOT / "_ext")]

import nbformat  # noqa: E402
from nbformat.v4 import new_code_cell, new_markdown_cell, new_notebook  # noqa: E402

from tools import make_notebooks  # noqa: E402

RECORD = """# The record of the challenge {name}; what its keys mean stands in 01-slurm-magics.yaml.
title: {title}
episode: 10-scheduling
objective: {objective}
minutes: 10

leaves:
  jobs: [first]
  files: []
  variables: []

checks:
  first:
    probe: jobs.job_ended
    expect: {{name: first}}
    why: TODO, why it was right.
    notice: TODO, what to notice.
    hints:
      - TODO, a question?
      - TODO, a direction.
      - "`TODO`, the command"
    wrong_answers: []      # at least three different mistakes
"""


def cells(name: str, title: str):
    def tagged(source, ident, tag):
        return new_code_cell(source, id=ident, metadata={"tags": [tag]})

    return [
        new_markdown_cell(f"# {title}\n\nA challenge of some ten minutes. At its end you can\n\n- TODO.", id="title"),
        new_markdown_cell(":::{note}\nThis page shows the notebook solved, with the solutions folded away. To work on it "
                          f"yourself, download {{download}}`the notebook and its files <{name}.zip>`, or type\n`make lab` in "
                          "a copy of the lesson.\n:::", id="on-this-page", metadata={"tags": ["page"]}),
        new_code_cell("%load_ext slurm_mock", id="switch-on"),
        new_code_cell(f'from checks import challenge, progress, wait\n\ncheck = challenge("{name}")\n%load_ext slurm_magic',
                      id="set-up"),
        new_markdown_cell("## 1. TODO\n\nTODO. **The task in one sentence.**", id="step-first"),
        tagged("!sbatch -A {{ allocation }} -p {{ partition }} -n 1 -t 1 -J first --wrap hostname", "solution-first", "solution"),
        tagged("# 1. TODO", "starter-first", "starter"),
        new_code_cell('check("first")', id="check-first"),
        new_markdown_cell("## Go further\n\n- TODO", id="further"),
    ]


def main(argv: list[str] | None = None) -> int:
    argv = sys.argv[1:] if argv is None else argv
    if len(argv) != 1 or not re.fullmatch(r"\d\d-[a-z0-9]+(-[a-z0-9]+)*", argv[0]):
        print("new_challenge: error: give it a name such as 10-something (make challenge NAME=10-something)", file=sys.stderr)
        return 1
    name = argv[0]
    notebook, record = make_notebooks.NOTEBOOKS / f"{name}.ipynb", make_notebooks.NOTEBOOKS / f"{name}.yaml"
    taken = [other for other in make_notebooks.names() if other[:2] == name[:2]]
    if taken:
        print(f"new_challenge: error: the number is taken by {taken[0]}", file=sys.stderr)
        return 1
    title = name[3:].replace("-", " ").capitalize()
    source = new_notebook(cells=cells(name, title), metadata={
        "kernelspec": {"display_name": "Python 3 (ipykernel)", "language": "python", "name": "python3"},
        "language_info": {"name": "python"}})
    record.write_text(RECORD.format(name=name, title=title, objective="Read every line of a job script, submit it, watch it, "
                                    "cancel it"), encoding="utf-8")
    nbformat.write(source, notebook)
    print(f"{notebook.relative_to(make_notebooks.ROOT)} and {record.name} are there. Next: a line in _toc.yml, the TODOs, at "
          f"least three wrong answers a check; then pytest tests/notebooks -k {name}")
    return 0


if __name__ == "__main__":
    sys.exit(main())
