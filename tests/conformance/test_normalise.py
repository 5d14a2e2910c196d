"""The comparison itself: what differs by chance is taken out, and nothing else."""

from __future__ import annotations

import pwd
import re
from pathlib import Path

import pytest

from tests.conformance.compare import Deviation, Tally, difference, tomllib
from tests.conformance.normalise import Normaliser
from tests.conformance.transcript import Malformed, Result, Step, read, write

SQUEUE = """\
             JOBID PARTITION     NAME     USER ST       TIME  NODES NODELIST(REASON)
             70007      main   job.sh    alice  R       0:03      1 c1
             70009      main   job.sh    alice PD       0:00      6 (Resources)
"""
NODE = """\
NodeName=c1 Arch=x86_64 CoresPerSocket=4
   CPUAlloc=2 CPUEfctv=8 CPUTot=8 CPULoad=0.41
   RealMemory=16000 AllocMem=0 FreeMem=21976 Sockets=2 Boards=1
   BootTime=2026-11-22T21:09:27 SlurmdStartTime=2026-11-22T21:32:52
"""


def lines(text: str, code: int = 0, command: str = "squeue") -> list[str]:
    """The text as lines of a transcript, normalised."""
    return Result(Normaliser()(text, command), "", code).lines()


def test_same_queue_at_another_time_is_equal():
    later = SQUEUE.replace("0:03", "0:41").replace("70007", "70107").replace("70009", "70111")
    assert lines(SQUEUE) == lines(later)


def test_same_node_at_another_time_is_equal():
    later = NODE.replace("0.41", "1.07").replace("21976", "310").replace("21:09", "20:58")
    assert lines(NODE) == lines(later)


@pytest.mark.parametrize("text", [SQUEUE, NODE])
def test_each_changed_character_is_seen(text):
    """A blank more, a letter else, a character less: at any place that no rule covers."""
    covered = Normaliser()(text, "squeue")
    for place, letter in enumerate(covered):
        if letter == "\n":
            continue
        for changed in (text_with(covered, place, " " + letter), text_with(covered, place, ""),
                        text_with(covered, place, "x" if letter != "x" else "y")):
            assert lines(changed) != lines(covered), (place, changed)


def text_with(text: str, place: int, letter: str) -> str:
    """The text with another letter at a place."""
    return text[:place] + letter + text[place + 1:]


@pytest.mark.parametrize(("one", "other"), [
    ("0:15|CANCELLED", "0:09|CANCELLED"),
    ("TimeLimit=00:10:00", "TimeLimit=00:11:00"),
    ("1:00:00", "2:00:00"),
    ("70001 70002 70001", "70001 70002 70002"),
    ("a\n", "a"),
    ("a\n", "a \n"),
    ("a\n", "a\n\n"),
])
def test_facts_are_not_taken_out(one, other):
    assert lines(one, command="sacct") != lines(other, command="sacct")


def test_exit_code_and_stream_are_seen():
    assert lines("x\n", 1) != lines("x\n", 0) != lines("x\n", 255)
    assert Result("x\n", "", 0).lines() != Result("", "x\n", 0).lines()


def test_ids_of_another_machines_users_become_those_recorded():
    """Also of one that has no user slurm, or gave it another id; other numbers are no ids."""
    assert Normaliser(slurm_uid=60001)("slurm(60001) n60001 ada(60001)") == "slurm(64030) n60001 ada(60001)"
    assert Normaliser(uid=1000)("alice(1000)") == "alice(1001)"


@pytest.mark.parametrize(("known", "uid"), [({}, 64030), ({"slurm": 64030}, 64030), ({"slurm": 60001}, 60001)])
def test_slurm_is_looked_for_on_this_machine(monkeypatch, known, uid):
    def entry(name):
        return pwd.struct_passwd((name, "x", known[name], known[name], "", "/", "/bin/sh"))
    monkeypatch.setattr(pwd, "getpwnam", entry)
    assert Normaliser()(f"SlurmUser = slurm({uid})") == "SlurmUser = slurm(64030)"


def test_widths_stay():
    for before in ("70001", "2026-11-22T21:09:27", "00:00:07", "0:07"):
        assert len(Normaliser()(before, "squeue")) == len(before)


def test_transcript_survives_reading_and_writing(tmp_path):
    path = tmp_path / "t.txt"
    text = "# remark\n% file a\n| x \n$ cat a\n> x ¶\n! y¬\n= 3\n"
    path.write_text(text)
    write(path, read(path))
    assert path.read_text() == text


def test_malformed_transcript_names_its_line(tmp_path):
    (tmp_path / "t.txt").write_text("$ true\n\nnonsense\n")
    with pytest.raises(Malformed, match="t.txt:3"):
        read(tmp_path / "t.txt")


def test_deviation_explains_its_lines_alone():
    deviation = Deviation("t", "cmd", "why", ("> b",))
    assert deviation.explains(["> a", "> b"], ["> a", "> other"])
    assert not deviation.explains(["> a", "> b"], ["> other", "> b"])
    assert not deviation.explains(["> a", "> b"], ["> a", "> b", "> more"])


def test_tally_counts_by_command():
    tally = Tally()
    tally.add(Step("$", "squeue -l | head"), "identical")
    tally.add(Step("$", "cat x; squeue"), "different")
    assert tally.table().splitlines()[1].split() == ["squeue", "2", "1", "0", "1"]


def test_difference_shows_both_sides():
    told = difference(Step("$", "squeue", body=["> a b"]), ["> a  b"])
    assert "- > a b" in told and "+ > a  b" in told


def test_record_of_a_full_comparison():
    tally = Tally()
    tally.add(Step("$", "squeue"), "identical")
    tally.add(Step("$", "squeue -l"), "deviating")
    tally.add(Step("$", "ls"), "identical")
    tally.played = {("mock", "a"), ("mock", "b"), ("real", "a")}
    told = tomllib.loads(tally.record("22.05.8", "2026-01-02", {"a", "b"}))
    assert (told["date"], told["slurm"], told["real"]) == ("2026-01-02", "22.05.8", False)
    assert (told["compared"], told["identical"], told["deviating"], told["different"]) == (3, 2, 1, 0)
    assert told["commands"]["squeue"]["compared"] == 2 and told["commands"]["shell"]["identical"] == 1
    tally.played.add(("real", "b"))
    assert tomllib.loads(tally.record("22.05.8", "2026-01-02", {"a", "b"}))["real"] is True


def test_part_of_a_comparison_is_not_recorded():
    tally = Tally(played={("mock", "a"), ("real", "b")})
    with pytest.raises(ValueError, match="not compared in this run: b"):
        tally.record("22.05.8", "2026-01-02", {"a", "b"})


def test_no_recorded_output_holds_a_part_of_a_date():
    """Whole times are normalised; one that a column cuts short would be right for a day only."""
    cut = re.compile(r"^[>!].*(?<!\d)20\d\d-\d", re.MULTILINE)
    paths = sorted(Path(__file__).parent.glob("transcripts/**/*.txt"))
    assert paths and [path.stem for path in paths if cut.search(path.read_text())] == []
