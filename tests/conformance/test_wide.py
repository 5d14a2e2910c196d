"""The generator of command lines: the same for a seed, all options and kinds among them; and what differs is told."""

from __future__ import annotations

import itertools

import pytest

from tests.conformance import wide
from tests.conformance.transcript import Result

SINGLE = list(itertools.takewhile(lambda line: line.kind != "pair", wide.generate(1)))


def test_a_seed_gives_the_same_lines_again_and_another_others():
    first, again, other = (list(itertools.islice(wide.generate(seed), 9000)) for seed in (1, 1, 2))
    assert first == again != other
    assert len({line.text for line in first}) > 8000


def test_every_option_is_tried_with_each_kind_of_value():
    tried = {(line.command, line.option, line.kind) for line in SINGLE}
    for command, known in wide.options().items():
        assert known, command
        for option in known:
            kinds = {"nothing", *wide.VALUES} if option.value == "required" else {"plain", "repeat"}
            if option.value != "optional":
                assert {kind for name, word, kind in tried if (name, word) == (command, option.name)} >= kinds, option
    assert {line.kind for line in SINGLE} == {*wide.VALUES, "nothing", "plain", "repeat", "variable", "directive"}


@pytest.mark.parametrize("text", [
    "s --account=''", "squeue --states=nope", "SBATCH_PARTITION='' s ", "timeout 10 salloc --mem=4294967296 true",
    "printf '#!/bin/sh\\n#SBATCH %s\\ntrue\\n' --qos=nope > d.sh; s d.sh"])
def test_among_them_are_lines_such_as(text):
    assert text in {line.text for line in SINGLE}


def test_only_what_was_asked_for():
    lines = list(wide.generate(1, "sbatch,empty"))
    assert 60 < len(lines) < 120 and {(line.command, line.kind) for line in lines} == {("sbatch", "empty")}


class Canned:
    """A side that says these answers, one a line of the script."""

    def __init__(self, name, *answers):
        self.name, self.answers = name, answers

    def write(self, path, text):
        self.asked = text.count("@@@")

    user = None

    def run(self, line, folder, timeout):
        return Result("".join(f"@@@ {n}\n{text}" for n, text in enumerate(self.answers[:self.asked])), "", 0)


def test_what_differs_is_told_with_both_answers(tmp_path, monkeypatch):
    monkeypatch.setattr(wide.time, "sleep", lambda seconds: None)
    monkeypatch.setattr(wide.cases, "here", lambda text, side, folder, case: text)
    lines = [wide.Line("sbatch", "qos", "empty", "s --qos=''"), wide.Line("sbatch", "qos", "word", "s --qos=nope")]
    real, mock = Canned("real", "> a\n= 0\n", "! b\n= 1\n"), Canned("mock", "> a\n= 1\n", "! b\n= 1\n")
    folders = {"real": tmp_path, "mock": tmp_path}
    assert wide.compared(lines, folders, [real, mock]) == [(lines[0], "> a\n= 0\n", "> a\n= 1\n")]
    assert wide.compared(lines, folders, [real, real]) == []


def test_the_report_counts_by_kind(capsys):
    line = wide.Line("sbatch", "qos", "empty", "s --qos=''")
    wide.report({line.text: line, "x": wide.Line("squeue", "me", "plain", "squeue --me")}, [(line, "a", "b")])
    told = capsys.readouterr().out
    assert "empty           1      1" in told and "plain           1      0" in told and "all             2      1" in told
    assert told.endswith("sbatch qos\n  empty      s --qos=''\n")
