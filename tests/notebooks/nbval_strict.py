"""Closes what nbval lets through (nbval 0.11): a plugin, `-p tests.notebooks.nbval_strict`.

With it fail, too: a cell without its stored output; a cell that writes to stderr, as an unloaded
magic does; a cell tagged raises-exception that does not raise; a cell whose last `!command` ends
with an exit code other than 0.  An HTML table is compared by its plain text, and so is a picture, which
says its size; nbval sees the first state of one that is updated, and the page has the last.
"""

from __future__ import annotations

import re

import nbformat
import pytest
from nbval.plugin import IPyNbCell, IPyNbFile

from tools.notebook_run import problem

# Of `answer = !command` IPython keeps no exit code.
SHELL = re.compile(r"^\s*!", re.M)
NOT_COMPARED = ("stderr", "text/html", "application/json", "image/png")


def pytest_collectstart(collector):
    if isinstance(collector, IPyNbFile):
        collector.skip_compare += NOT_COMPARED


@pytest.hookimpl(wrapper=True)
def pytest_runtest_call(item):
    result = yield
    if isinstance(item, IPyNbCell):
        complaint = complaint_about(item)
        if complaint:
            pytest.fail(f"cell:\n{item.cell.source}\n{complaint}", pytrace=False)
    return result


def complaint_about(item) -> str | None:
    """Return what is wrong with a cell that nbval has passed, or None."""
    outputs = [output for output in item.test_outputs if output.output_type != "stream" or output.text]
    if outputs and not item.cell.outputs:
        return f"has no stored output, and gives: {outputs}"
    wrong = problem(nbformat.from_dict({"metadata": item.cell.metadata, "outputs": outputs}))
    if wrong:
        return wrong
    raises = "raises-exception" in item.cell.metadata.get("tags", [])
    if SHELL.search(item.cell.source) and not raises:
        code = exit_code(item.parent.kernel.kc)
        if code != "0":
            return f"its shell command ended with exit code {code}"
    return None


def exit_code(kernel_client) -> str:
    """Return the exit code of the kernel's last `!command`, as text; "0" when none has run yet."""
    reply = kernel_client.execute_interactive("", silent=True, store_history=False, timeout=30,
                                              user_expressions={"code": "globals().get('_exit_code', 0)"})
    return reply["content"]["user_expressions"]["code"]["data"]["text/plain"]
