"""Each solved challenge in one interpreter, as in the browser: cell by cell what the desktop shows.

The desktop has real processes and the clock that steps; the other machine has neither processes
nor another clock.  What may differ stands in ALLOWED, with its reason.
"""

from __future__ import annotations

import difflib
import re
import sys

import pytest
from nbformat.v4 import new_code_cell

from tools import make_notebooks, notebook_source
from tools.notebook_session import session

pytestmark = pytest.mark.skipif(sys.version_info < (3, 11), reason="just-bash needs Python 3.11")

# (what it looks like, what stands for it, why the two machines may differ in it)
ALLOWED = [
    (r"\r\n", "\n", "on the desktop IPython runs `!command` on a terminal, which ends lines by CR LF"),
]

QUICK = "03-job-script"


def outputs(challenge, **more) -> list[tuple[str, str]]:
    """[(the cell's id and source, what it shows)] of the solved notebook, what is printed in one piece."""
    found = []
    with session(challenge.folder, challenge.environ | more) as kernel:
        for source in (c for c in notebook_source.solved(challenge.source).cells if c.cell_type == "code"):
            cell = new_code_cell(source.source)
            kernel.client.nb.cells.append(cell)
            kernel.client.execute_cell(cell, len(kernel.client.nb.cells) - 1)
            found.append((f"{source.id}\n{source.source}", normal(shown(cell), challenge)))
    return found


def shown(cell) -> str:
    parts = []
    for output in cell.outputs:
        kind = output.output_type        # "stream" is both: a terminal has but one
        text = (f"{output.ename}: {output.evalue}" if kind == "error"
                else output.get("text") or output.get("data", {}).get("text/plain", ""))
        if parts and kind == parts[-1][0] == "stream":
            parts[-1][1] += text
        else:
            parts.append([kind, text])
    return "\n".join(f"[{kind}]\n{text}" for kind, text in parts)


def normal(text: str, challenge) -> str:
    text = text.replace(str(challenge.folder.parent), "ROOT")
    for pattern, stands_for, _ in ALLOWED:
        text = re.sub(pattern, stands_for, text)
    return text


def differences(desktop, browser) -> str:
    """For a person: the cells that differ, and how."""
    told = []
    for (cell, one), (_, other) in zip(desktop, browser, strict=True):
        if one != other:
            lines = difflib.ndiff(one.splitlines(), other.splitlines())
            told.append("\n".join([f"cell {cell}", *(line for line in lines if line[0] in "+-")]))
    return "\n\n".join(told)


@pytest.mark.timeout(300)
@pytest.mark.parametrize("name", [pytest.param(name, marks=[] if name == QUICK else [pytest.mark.slow])
                                  for name in make_notebooks.names()])
def test_the_same_outputs_as_on_the_desktop(name, make_challenge):
    desktop = outputs(make_challenge(name))
    browser = outputs(make_challenge(name), MOCK_SLURM_MACHINE="inprocess")
    told = differences(desktop, browser)
    assert not told, told
    assert any("✓ Right" in text for _, text in browser)


def test_a_difference_is_seen():
    one, other = [("a\nx", "[stdout]\n1\n2")], [("a\nx", "[stdout]\n1\n3")]
    assert differences(one, one) == ""
    assert differences(one, other) == "cell a\nx\n- 2\n+ 3"


def test_what_is_allowed_has_a_reason():
    assert len(ALLOWED) <= 6 and all(len(reason) > 20 for *_, reason in ALLOWED)
