"""Every check fails when it should, says what is wrong, and passes when it should.

The answers are typed into a real kernel.  A check's wrong answers are given one after the other in
one session, as by a learner who tries and tries, and then comes the solution.
"""

from __future__ import annotations

import contextlib
import re

import pytest
import yaml
from lesson_facts import read_facts

from tests.notebooks.session import Walk
from tools import make_notebooks, notebook_source
from tools.notebook_session import session

FACTS = read_facts(make_notebooks.ROOT / "_config.yml", {})
RECORDS = {name: notebook_source.read_record(make_notebooks.NOTEBOOKS / f"{name}.yaml", FACTS)
           for name in make_notebooks.names()}
# Every commit proves these; the long tests prove the others as well.
QUICK = ("01-slurm-magics", "03-job-script")
CHECKS = [(name, check) for name, record in RECORDS.items() for check in record["checks"]]
ANSWERS = [(name, check, answer) for name, check in CHECKS
           for answer in [*RECORDS[name]["checks"][check]["wrong_answers"], "solution"]]


def marked(cases):
    """Parameters, those of the challenges that are not QUICK marked as slow."""
    return [pytest.param(*case, marks=[] if case[0] in QUICK else [pytest.mark.slow]) for case in cases]


def label(value):
    return value["mistake"] if isinstance(value, dict) else str(value)


@pytest.fixture(scope="module")
def walks(make_challenge):
    """A function (name, check) -> Walk: all steps before the check are done, the check's is not."""
    with contextlib.ExitStack() as stack:
        started = {}

        def walk_to(name, check):
            walk = started.get(name)
            if walk is None or walk.done > walk.challenge.first_solution(check):
                challenge = make_challenge(name)
                walk = started[name] = Walk(challenge, stack.enter_context(session(challenge.folder, challenge.environ)))
            walk.reach(check)
            return walk

        yield walk_to


@pytest.mark.parametrize(("name", "check", "answer"), marked(ANSWERS), ids=label)
def test_answer(walks, name, check, answer):
    """A wrong answer is called by its name, and the check says what to try; the solution passes."""
    walk = walks(name, check)
    if answer == "solution":
        shown, _ = walk.answer_rightly(check)
        assert "✓ Right" in shown.text, shown.text
        again, _ = walk.kernel.check(check)
        assert again.text == shown.text or again.text in shown.text, "a check may be run twice"
        return
    shown, mistake = walk.answer_wrongly(check, answer)
    assert not shown.error
    assert "✗ Not yet" in shown.text
    assert mistake == answer["mistake"], shown.text
    assert re.search(r"\n  Try: \S", shown.text), "names the mistake and not what to try"


@pytest.mark.parametrize("name", marked([(name,) for name in RECORDS]))
def test_learner_notebook_as_shipped(name, make_challenge):
    """Each check fails with its own first hint, and no cell ends in a traceback."""
    challenge = make_challenge(name)
    seen = []
    with session(challenge.folder, challenge.environ) as kernel:
        for cell in notebook_source.learner(challenge.source).cells:
            if cell.cell_type != "code":
                continue
            shown = kernel.run(cell.source)
            assert not shown.error, f"{cell.source}\n{shown.error}"
            check = notebook_source.checked(cell)
            if check:
                seen.append(check)
                hints = challenge.record["checks"][check]["hints"]
                assert "✗ Not yet" in shown.text
                assert f"Hint 1 of {len(hints)}: {hints[0]}" in shown.text
                for number, hint in list(enumerate(hints, 1))[1:]:
                    assert f"Hint {number} of {len(hints)}: {hint}" in kernel.run(cell.source).text
    assert seen == list(challenge.record["checks"])


@pytest.mark.parametrize("name", marked([(name,) for name in RECORDS]))
def test_come_back_tomorrow_and_start_again(name, make_challenge):
    """In a new session what Slurm and the files know is still right, and nothing is called wrong;
    after a new beginning each check gives its first hint again."""
    challenge = make_challenge(name)
    with session(challenge.folder, challenge.environ) as kernel:
        for cell in challenge.codes:
            shown = kernel.run(cell.source)
            assert not shown.error, f"{cell.source}\n{shown.error}"
        assert f"done   {len(challenge.checks)} of {len(challenge.checks)}" in kernel.run("from checks import progress\nprogress()").text
    with session(challenge.folder, challenge.environ) as kernel:
        for cell in challenge.codes[:challenge.solution(challenge.checks[0])]:
            kernel.run(cell.source)
        verdicts = {check: kernel.check(check) for check in challenge.checks}
        assert {mistake for _, mistake in verdicts.values()} == {""}, verdicts
        assert any("✓ Right" in shown.text for shown, _ in verdicts.values())
        assert "begins anew" in kernel.run("check.start_again()").text
        for check, entry in challenge.record["checks"].items():
            if entry["probe"] != "magics.magics_loaded":  # nothing unloads them
                shown, _ = kernel.check(check)
                assert not shown.error
                assert f"Hint 1 of {len(entry['hints'])}" in shown.text, shown.text
        for pattern in challenge.record["leaves"]["files"]:
            assert not list(challenge.folder.glob(pattern))


# ---- the records are complete ----------------------------------------------------------------


@pytest.mark.parametrize(("name", "check"), CHECKS)
def test_record_is_complete(name, check):
    entry = RECORDS[name]["checks"][check]
    assert set(entry) <= {*notebook_source.RECORD_KEYS, "wrong_answers", "again_from"}
    assert len(entry["hints"]) == 3
    assert entry["hints"][0].endswith("?"), "the first hint is a question"
    assert "`" in entry["hints"][2], "the last hint has the command"
    assert len(entry["wrong_answers"]) >= 3
    assert len({answer["mistake"] for answer in entry["wrong_answers"]}) >= 3, "three different mistakes"
    assert entry["why"] and entry["notice"]


@pytest.mark.parametrize("name", RECORDS)
def test_objective_is_one_of_its_episodes(name):
    """The record's objective stands, word for word, among those of the episode's front matter."""
    record = RECORDS[name]
    page = (make_notebooks.ROOT / "_episodes" / f"{record['episode']}.md").read_text(encoding="utf-8")
    front = yaml.safe_load(page.split("---")[1])
    assert record["objective"] in front["objectives"]
    assert 0 < record["minutes"] <= 60
    assert set(record["leaves"]) == {"jobs", "files", "variables"}


@pytest.mark.parametrize("name", RECORDS)
def test_record_and_notebook_have_the_same_checks(name, make_challenge):
    challenge = make_challenge(name)
    assert challenge.checks == list(challenge.record["checks"])


def test_every_mistake_that_a_check_can_name_is_provoked():
    """A mistake that no wrong answer provokes may be named wrongly, or never."""
    code = "".join(path.read_text() for path in make_notebooks.NOTEBOOKS.glob("checks_*.py"))
    known = set(re.findall(r'\b(?:wrong|Mistake)\(\s*"([a-z-]+)"', code))
    refusals = re.search(r"REFUSALS = \((.*?)\n\)", code, re.S).group(1)
    known |= set(re.findall(r'^\s*\("[^"]+", "([a-z-]+)"', refusals, re.M))
    provoked = {answer["mistake"] for *_, answer in ANSWERS if answer != "solution"}
    assert provoked <= known
    # Refusals that Slurm has no everyday cause for, and ends that need a broken node.
    assert known - provoked == {"refused", "ended-badly", "reservation"}
