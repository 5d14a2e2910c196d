"""A cell that holds a job script is highlighted as one."""

import pytest
from cell_languages import set_languages
from docutils import nodes
from docutils.utils import new_document


@pytest.mark.parametrize(("source", "language"), [
    ("%%sbatch -J x\n#!/bin/bash\necho $(( 1 + 1 ))", "bash"),
    ("%%writefile scan.sh\necho $x", "bash"),
    ("%%writefile points.txt\n1 2", "ipython3"),
    ("print('%%sbatch')", "ipython3"),
])
def test_language_of_a_cell(source, language):
    document = new_document("page")
    document += nodes.literal_block(source, source, language="ipython3")
    document += nodes.literal_block(source, source, language="python")
    set_languages(None, document)
    assert [block["language"] for block in document.findall(nodes.literal_block)] == [language, "python"]
