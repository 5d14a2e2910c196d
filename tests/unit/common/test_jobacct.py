"""What tasks used, as it is kept with their step."""

from slurm_mock.common.jobacct import FIELDS, Used, pack, unpack


def test_what_is_kept_comes_back():
    tasks = [Used(0, 0, 5, 2048, 4096, 1, 0, 7), Used(3, 1)]
    back = unpack(pack(tasks))
    assert [(t.rank, t.node, *(getattr(t, name) for name in FIELDS)) for t in back] == [
        (0, 0, 5, 2048, 4096, 1, 0, 7), (3, 1, 0, 0, 0, 0, 0, 0)]
    assert unpack("") == [] and pack([]) == ""


def test_the_most_of_each_amount_stays():
    task = Used(0, 0, 5, 2048, 4096, 1, 0, 7)
    task.top(Used(0, 0, 9, 1024, 8192, 0, 0, 7))
    task.top(None)                    # a sample that came too late
    assert [getattr(task, name) for name in FIELDS] == [9, 2048, 8192, 1, 0, 7]
