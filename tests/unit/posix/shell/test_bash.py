"""posix/shell/bash.py: bash's own command line."""

import pytest

from slurm_mock.posix.shell.bash import Words


@pytest.mark.parametrize("line, settings, command, from_input, operands", [
    ("bash", [], False, False, []),
    ("bash file a -x", [], False, False, ["file", "a", "-x"]),
    ("bash -c text name", [], True, False, ["text", "name"]),
    ("bash -ec text", ["-e"], True, False, ["text"]),
    ("bash -euo pipefail +x file", ["-eu", "-o", "pipefail", "+x"], False, False, ["file"]),
    ("bash -o nounset -s one", ["-o", "nounset"], False, True, ["one"]),
    ("bash --norc --login -- -odd", [], False, False, ["-odd"])])
def test_words(line, settings, command, from_input, operands):
    words = Words(line.split())
    assert (words.settings, words.command, words.from_input, words.operands, words.version) == (
        settings, command, from_input, operands, False)


def test_version():
    assert Words(["bash", "--version", "-c"]).version
