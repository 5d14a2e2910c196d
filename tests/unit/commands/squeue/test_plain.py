"""Jobs that SQLite prints must look and stand as if squeue had printed them itself."""

import pytest

from slurm_mock import api
from slurm_mock.commands import squeue
from slurm_mock.commands.squeue import plain
from tests.clusters.reading import NOW, Tiny

NAMES = ("job", "åäö", "en lång rad med ö i", "x" * 40, "", "50%d", "数値計算の仕事", "it's",
         "a|b")


@pytest.fixture(scope="module")
def tiny(tmp_path_factory):
    """Of every kind of job some, among plain ones."""
    one = Tiny(tmp_path_factory.mktemp("plain") / "state")
    with one.store:
        fill(one)
    return one


def fill(one):
    for i in range(60):
        one.job(("ada", "bob", "carol")[i % 3], name=NAMES[i % len(NAMES)], priority=100 + i % 7,
                partition=("main", "short", "gpu")[i % 5 % 3], num_nodes=1 + i % 4,
                reason=("Priority", "Resources", "JobHeldUser")[i % 3], account="åäö" * (i % 2))
    one.job(priority=0, reason="JobHeldAdmin")
    one.job(partition="main,short")
    one.job("bob", partition="secret")
    one.job(partition="secret")
    one.job(expected_start=NOW + 100, priority=103)
    one.job(begin_time=NOW + 100, priority=103)
    one.job(begin_time=NOW - 100, priority=103)
    one.job(begin_time=NOW - 100, expected_start=NOW - 50, priority=103)
    for start in (50, 100, 100, 70, 0, 100):
        one.job(expected_start=start and NOW + start, priority=103, name="known")
    one.job(num_nodes=0, min_nodes=2, priority=104)
    one.job(num_nodes=0, priority=103, expected_start=NOW + 100)
    one.job(state="REQUEUED", priority=104)
    head = one.job(array_tasks="2-5", array_limit=2, priority=103)
    head.array_id = head.id
    one.store.update(head)
    one.job(array_id=head.id, array_task=0, priority=103)
    one.job(priority=103)
    one.job(array_id=head.id, array_task=1, priority=103, reason="JobHeldUser")
    leader = one.job(priority=103, het_offset=0)
    leader.het_id = leader.id
    one.store.update(leader)
    one.job(priority=103, het_id=leader.id, het_offset=1)
    one.running("n[1-2]", name="läuft")
    one.running("g1", partition="gpu", state="COMPLETING")
    one.running("n3", array_id=head.id, array_task=6)
    one.ended()
    one.ended("FAILED", partition="short")
    for i in range(10):
        one.job(name="later", priority=100 + i)


@pytest.fixture
def split(monkeypatch):
    """Counts the answers that were split; split.off() makes squeue print all jobs itself."""
    real = plain.split

    def counting(*args):
        found = real(*args)
        counting.plain += bool(found[1])
        return found

    counting.plain, counting.off = 0, lambda: monkeypatch.setattr(squeue, "MANY", 10 ** 6)
    monkeypatch.setattr(plain, "split", counting)
    monkeypatch.setattr(squeue, "MANY", 1)
    return counting


SPLIT = [(), ("-h",), ("-a",), ("-u", "ada,carol"), ("--me",), ("-u", "root"), ("-t", "all"),
         ("-t", "PD,CG"), ("-o", "%i %j %t %M"), ("-o", "|%.5j|%7j|%-3u %a%%%D %R ende"),
         ("-o", "%.7F%5j%2r%k%T"), ("-O", "jobid:7,name:.12,reasonlist:9,username,comment:4"),
         ("-O", "jobarrayid:.6 ,account:.7_,account:7")]
# A filter, an order or a column that asks more of a job
WHOLE = [("-S", "i"), ("-p", "short"), ("-A", "edu"), ("-n", "job"), ("-r",), ("-P",), ("-j", "3"),
         ("-t", "R"), ("-l",), ("-o", "%l"), ("-o", "%.9R"), ("-o", "%iå"), ("--array-unique",)]


def answer(tiny, *argv, **env):
    """(exit code, output, messages); not decoded: a name may be cut within a letter."""
    done = api.run("squeue", argv, env={"MOCK_SLURM_DRIVEN": "1", "MOCK_SLURM_USER": "ada",
                                             **env}, state=tiny.state)
    return done.code, done.out, done.err


@pytest.mark.parametrize("argv", SPLIT + WHOLE, ids=" ".join)
def test_one_answer_both_ways(tiny, split, argv):
    quick = answer(tiny, *argv)
    assert split.plain == (argv in SPLIT)
    split.off()
    assert answer(tiny, *argv) == quick and quick[1]
    assert split.plain == (argv in SPLIT)


def test_an_administrator_sees_hidden_partitions(tiny, split):
    quick = answer(tiny, MOCK_SLURM_ADMIN="1")
    assert split.plain and b" secret " in quick[1]
    split.off()
    assert answer(tiny, MOCK_SLURM_ADMIN="1") == quick


def test_an_order_of_the_environment_counts(tiny, split):
    sorted_by_id = answer(tiny, "-S", "i")
    assert answer(tiny, SQUEUE_SORT="i") == sorted_by_id != answer(tiny, SQUEUE_SORT="")
    assert split.plain == 1


def test_few_plain_jobs_are_not_worth_it(tmp_path, split):
    one = Tiny(tmp_path / "state")
    one.job()
    for _ in range(3):
        one.job(num_nodes=0)
    assert len(one.run("squeue", "-h").out.splitlines()) == 4
    assert not split.plain


def test_few_waiting_jobs_are_not_looked_at(tiny, split, monkeypatch):
    monkeypatch.setattr(squeue, "MANY", 200)
    answer(tiny)
    assert not split.plain
