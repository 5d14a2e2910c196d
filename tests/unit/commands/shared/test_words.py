"""Words typed into scontrol and sacctmgr, and those of #SBATCH lines."""

import pytest

from slurm_mock.commands.shared import words
from slurm_mock.commands.shared.call import Fail


@pytest.mark.parametrize("line, found", [
    ("show  job 5\n", ["show", "job", "5"]), ("", []), ("update Comment='a b' x=1", ["update", "Comment='a b'", "x=1"]),
    ('set x="a \'b" c', ["set", 'x="a \'b"', "c"]), ("it's here", ["it's here"]), ("add \"a b", ["add", "\"a", "b"])])
def test_a_line_of_commands(line, found):
    """A quote that begins a word is passed over: _get_command() of scontrol.c."""
    assert words.split(line) == found


@pytest.mark.parametrize("text, found", [
    ("'A B'", "a b"), ('"x"y', "x"), ("Plain", "plain"), ("'open", "open"), ("", "")])
def test_strip_quotes(text, found):
    assert words.unquoted(text) == found
    assert words.unquoted("'A B'", lower=False) == "A B"


def test_lists_of_names():
    assert words.names("'A,b,a,,B'") == ["a", "b"] and words.names("A,a", lower=False) == ["A", "a"]


@pytest.mark.parametrize("text, found", [
    (" -J 'two words' -n 2 # five", ["-J", "two words", "-n", "2"]), ('--comment="a#b"', ["--comment=a#b"]),
    (r"-J a\ b \"c", ["-J", "a", "b", "\"c"]), ("", []), ("''", [""]), ("-n2#x", ["-n2"])])
def test_words_of_sbatch_lines(text, found):
    assert words.split_words(text) == found


def test_a_quote_that_does_not_close():
    with pytest.raises(words.UnmatchedQuote) as told:
        words.split_words("-n 2 -J'a b")
    assert (told.value.quote, told.value.word) == ("'", "-J'a b")


def test_options_of_a_script_end_at_its_first_command():
    script = b"#!/bin/bash\n# SBATCH -n 9\n#SBATCH -n 2\n\n#SBATCH -J a\n  # x\necho\n#SBATCH -n 5\n"
    assert words.script_options(script, "job.sh") == ["-n", "2", "-J", "a"]
    with pytest.raises(Fail) as told:
        words.script_options(b"#!/bin/sh\n\n#SBATCH -J 'a\n", "job.sh")
    assert (told.value.level, told.value.text) == ("fatal", "job.sh: line 3: Unmatched `'` in ['a]")
