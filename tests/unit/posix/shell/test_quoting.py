"""posix/shell/quoting.py: texts as the shell would read them back."""

import pytest

from slurm_mock.posix.shell.quoting import quote, shown
from slurm_mock.posix.shell.variables import Variable, Variables


@pytest.mark.parametrize("text, short, always", [
    ("abc", "abc", "'abc'"), ("a b", "a\\ b", "'a b'"), ("", "''", "''"), ("it's", "it\\'s", "'it'\\''s'"),
    ("a\nb", "$'a\\nb'", "$'a\\nb'")])
def test_quote(text, short, always):
    assert quote(text) == short and quote(text, True) == always


def test_shown():
    array = Variable({1: "b", 0: "a $x"})
    assert shown(Variables({}), Variable('"q"')) == '="\\"q\\""' and shown(Variables({}), Variable()) == ""
    assert shown(Variables({}), array) == '=([0]="a \\$x" [1]="b")'
