"""posix/shell/operands.py: the words of builtins."""

import pytest

from slurm_mock.posix.shell.errors import Failed
from slurm_mock.posix.shell.operands import is_target, options, usage, whole


@pytest.mark.parametrize("text, number", [
    ("12", 12), (" -3 ", -3), ("+4", 4), ("007", 7), ("9223372036854775807", (1 << 63) - 1),
    ("9223372036854775808", None), ("9" * 5000, None), ("1_0", None), ("²", None), ("٣", None), ("", None), ("--5", None)])
def test_whole_numbers_are_those_of_c(text, number):
    assert whole(text) == number


def test_options():
    assert options(["read", "-rn3", "-u", "4", "--", "-x"], "r", "nu") == ([("r", ""), ("n", "3"), ("u", "4")], ["-x"])
    for words, why in ((["unset", "-z"], "unset: -z: invalid option\nunset: usage: unset [-f] [-v] [-n] [name ...]"),
                       (["read", "-n"], f"read: -n: option requires an argument\n{usage('read')}")):
        with pytest.raises(Failed) as refused:
            options(words, "f", "n" if words[0] == "read" else "")
        assert (refused.value.text, refused.value.code) == (why, 2)


def test_what_can_be_assigned_to():
    assert is_target("a_1") and is_target("a[1]") and not is_target("1a") and not is_target("a[1") and not is_target("é")
