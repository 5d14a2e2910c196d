"""posix/tools/posix_regex.py: patterns of grep and sed for Python's re."""

import re

import pytest

from slurm_mock.posix.tools.posix_regex import BadPattern, compiled, translate


@pytest.mark.parametrize("pattern, extended, text, found", [
    ("a+", False, "aa+", "a+"), ("a+", True, "aa+", "aa"), (r"a\+", False, "aa+", "aa"),
    (r"\(a\)b\1", False, "abab", "aba"), ("(a|b)c", True, "xbc", "bc"), (r"a\|b", False, "b", "b"), ("a|b", False, "a|b", "a|b"),
    ("*a", False, "*a", "*a"), ("a^b", False, "a^b", "a^b"), ("a$b", False, "a$b", "a$b"), ("x{2}", False, "x{2}", "x{2}"),
    (r"x\{2\}", False, "xxx", "xx"), ("x{2,}", True, "xxx", "xxx"), ("{", True, "{", "{"), ("[]a]*", False, "a]b", "a]"),
    ("[[:digit:]_]*", False, "4_2x", "4_2"), ("[^[:space:]]*", False, "ab c", "ab"), (r"\<is\>", False, "this is", "is"),
    ("a**", True, "aa", "aa"), ("a+?b", True, "aab", "aab"), ("(a+)*b", True, "aab", "aab"), (r"\(a\)\+*", False, "aa", "aa"),
    (r"[\n]", False, "n", "n"), ("a.c", False, "abc", "abc"), (r"a\.c", False, "abc a.c", "a.c"),
])
def test_translated(pattern, extended, text, found):
    match = re.search(translate(pattern, extended), text)
    assert match and match.group() == found


@pytest.mark.parametrize("pattern, extended, why", [
    ("a\\", False, "Trailing backslash"), (r"\(a", False, r"Unmatched ( or \("), ("(a", True, r"Unmatched ( or \("),
    (r"a\)", False, r"Unmatched ) or \)"), ("[a", False, "Invalid regular expression"), ("[[:nosuch:]]", True, "Invalid character class name"),
    (r"a\{", False, r"Unmatched \{"), ("a{99999}", True, "Regular expression too big"), ("[[:space:]-z]", False, "Invalid range end"),
])
def test_refused_in_greps_words(pattern, extended, why):
    with pytest.raises(BadPattern) as refused:
        translate(pattern, extended)
    assert str(refused.value) == why


@pytest.mark.parametrize("pattern, why", [
    ("[z-a]", "Invalid range end"), ("a{2,1}", r"Invalid content of \{\}"), (r"(a)\2", "Invalid back reference")])
def test_refused_when_it_is_compiled(pattern, why):
    with pytest.raises(BadPattern) as refused:
        compiled(translate(pattern, True))
    assert str(refused.value) == why
