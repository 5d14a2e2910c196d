"""Small cases that others chose, with real Slurm's answers, on the mock and, in turns, on real Slurm."""

from __future__ import annotations

import os
import sys

import pytest

from tests.conformance import any_site, cases

ALL = cases.all_cases()
# Lines of answers that the mock may lack, and why; all others must be the same.
OPEN: dict[str, list[str]] = {
    # which CPUs an ended job had is worked out of those that run
    "sites/25-gres-kinds": ["     Nodes=n1 CPU_IDs=1 Mem=10 GRES="],
    # an array of one task that could not be launched is told of without its task
    "commands/74-unopened": ["  out| J0004|FAILED|0:53|0:0", "  out| J0004.batch|CANCELLED|0:53|"],
}
# Lines that are chance, on real Slurm, too: on which node a job starts while others end, and how many CPUs it
# finds there.
CHANCE = {"sites/13-cpus-are-cores": ["   NodeList=n1", "   NodeList=n2", "SLURM_CPUS_ON_NODE=8",
                                      "SLURM_JOB_CPUS_PER_NODE=8,1", "SLURM_TASKS_PER_NODE=8,1"]}
# What races in real time may be played again.
TRIES = 3


@pytest.fixture(scope="module")
def mock_site(base):
    if not sys.platform.startswith("linux"):
        pytest.skip("recorded with Linux's sort, sed and stat")
    with any_site.opened("mock", base) as side:
        yield side


@pytest.fixture(scope="module")
def real_site(base, request):
    request.getfixturevalue("real_packages")
    with any_site.opened("real", base) as side:
        yield side


def played(case, side, base):
    """How the last try differs."""
    for _ in range(TRIES):
        told = cases.differences(case, cases.play(case, side, base))
        if not told:
            break
    return told


def explained(told, lines):
    """Are all lines of the answer that are not given among these?"""
    lacking = {line[1:] for line in told if line.startswith("-")}
    return not told or bool(lacking) and lacking <= set(lines)


@pytest.mark.slow
@pytest.mark.share(2)
@pytest.mark.timeout(TRIES * cases.TIMEOUT)
@pytest.mark.parametrize("case", ALL, ids=lambda case: case.name)
def test_on_the_mock(case, mock_site, base):
    if case.user == "root" and os.geteuid() != 0:
        pytest.skip("root's case")
    told = played(case, mock_site, base)
    assert explained(told, [*OPEN.get(case.name, ()), *CHANCE.get(case.name, ())]), "\n".join(told)


@pytest.mark.slow
@pytest.mark.share(7)
@pytest.mark.timeout(TRIES * cases.TIMEOUT)
@pytest.mark.parametrize("case", ALL, ids=lambda case: case.name)
def test_on_real_slurm(case, real_site, base):
    told = played(case, real_site, base)
    assert explained(told, CHANCE.get(case.name, ())), "\n".join(told)


def test_each_case_says_what_it_is_about_and_has_an_answer():
    for case in ALL:
        first = next(line for line in case.path.read_text().splitlines() if not line.startswith("# user:"))
        assert first.startswith("# ") and len(first) > 20, case.name
        assert case.answer(), case.name
    assert set(OPEN) <= {case.name for case in ALL}


@pytest.mark.parametrize("text, told", [
    ("ClusterName=x\nNodeName=n1 CPUs=2\n", ["ClusterName=x", "SelectType=select/cons_tres"]),
    ("SelectType=select/linear\nNodeName=n[1-2] CPUs=2\n", ["SelectType=select/linear"]),
])
def test_the_ground_of_a_case_gives_way_to_its_own_lines(tmp_path, text, told):
    written = any_site.write(any_site.Conf(text), tmp_path).read_text()
    for line in told:
        key = line.partition("=")[0]
        assert [found for found in written.splitlines() if found.startswith(key + "=")] == [line]
    ports = [word for line in written.splitlines() if line.startswith("NodeName=") for word in line.split()
             if word.startswith("Port=")]
    assert len(ports) == 1 and ("[" in ports[0]) == ("n[1-2]" in text)


def test_a_changed_word_is_seen():
    case = next(case for case in ALL if case.name == "sites/05-two-defaults")
    answer = case.answer()
    assert cases.differences(case, answer) == []
    assert cases.differences(case, [line.replace("b*", "b") for line in answer])


