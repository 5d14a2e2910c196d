"""squeue on a hand-filled cluster. Expectations: Slurm 22.05.8 with the same jobs."""

import pytest

from tests.clusters.reading import NOW, Tiny

HEADER = "             JOBID PARTITION     NAME     USER ST       TIME  NODES NODELIST(REASON)\n"


@pytest.fixture
def tiny(tmp_path):
    return Tiny(tmp_path / "state")


def ids(result):
    return result.out.split()


def test_default_view(tiny):
    tiny.running("n[1-2]", since=3725, name="a name with blanks")
    tiny.job(name="short", reason="Resources")
    assert tiny.run("squeue").out == (
        HEADER
        + "                 2      main    short      ada PD       0:00      1 (Resources)\n"
        + "                 1      main a name w      ada  R    1:02:05      2 n[1-2]\n")


def test_long_view_tells_the_partitions_limit_of_a_job_without_one(tiny):
    tiny.job(time_limit=-1)
    tiny.job(time_limit=-1, partition="gpu")
    tiny.job(time_limit=5, partition="gpu")
    out = tiny.run("squeue", "-o", "%i %l", "-S", "i").out
    assert out == "JOBID TIME_LIMIT\n1 1:00:00\n2 12:00:00\n3 5:00\n"
    first = tiny.run("squeue", "-l").out.split("\n")[0]
    assert first == "Mon Mar 02 09:00:00 2026"


def test_no_job_is_in_an_empty_state(tiny):
    tiny.running("n1")
    tiny.ended(end_time=NOW - 10)
    assert tiny.run("squeue", "--states=").out == HEADER


def test_empty_queue(tiny):
    assert tiny.run("squeue").out == HEADER
    assert tiny.run("squeue", "-h").out == ""


def test_waiting_jobs_of_one_priority_stand_in_reversed_order(tiny):
    for _ in range(3):
        tiny.job()
    assert ids(tiny.run("squeue", "-h", "-o", "%i")) == ["3", "2", "1"]


def test_expected_starts_order_later_first_and_unknown_last(tiny):
    tiny.job(expected_start=NOW + 100)
    tiny.job()
    tiny.job(expected_start=NOW + 500)
    assert ids(tiny.run("squeue", "-h", "-o", "%i")) == ["3", "1", "2"]
    assert ids(tiny.run("squeue", "--start", "-h", "-o", "%i")) == ["1", "3", "2"]


def test_sort_orders(tiny):
    tiny.job("bob", name="c", priority=5)
    tiny.job("carol", name="a", priority=7)
    tiny.job("ada", name="b", priority=6)
    for order, expected in (("p", "132"), ("-p", "231"), ("j", "231"), ("u", "312"), ("-u", "213"),
                            ("i", "123"), ("-i", "321")):
        assert ids(tiny.run("squeue", "-h", "-o", "%i", "-S", order)) == list(expected), order


def test_bad_sort_letter_comes_after_the_title(tiny):
    result = tiny.run("squeue", "-S", "x")
    assert (result.out, result.err, result.code) == (
        HEADER, "squeue: error: Invalid sort specification: x\n", 1)


def test_array_rows(tiny):
    tiny.job(id=12, array_id=12, array_tasks="0-3,7", array_limit=2)
    tiny.running("n1", id=13, array_id=12, array_task=8)
    assert ids(tiny.run("squeue", "-h", "-o", "%i")) == ["12_[0-3,7%2]", "12_8"]
    assert ids(tiny.run("squeue", "-h", "-r", "-o", "%i")) == [
        "12_0", "12_1", "12_2", "12_3", "12_7", "12_8"]
    assert ids(tiny.run("squeue", "-h", "-o", "%K|%F|%A")) == ["0-3,7%2|12|12", "8|12|13"]


def test_array_is_written_with_a_stride_only_where_slurm_does(tiny):
    tiny.job(id=12, array_id=12, array_tasks="0-20:2", array_limit=3)
    tiny.job(id=30, array_id=30, array_tasks="0-8:2")
    assert ids(tiny.run("squeue", "-h", "-o", "%i", "-S", "i")) == ["12_[0-20:2%3]", "30_[0,2,4,6,8]"]


def test_long_array_is_cut_at_64_characters(tiny):
    tasks = ",".join(str(i) for i in (*range(0, 60, 3), 61, 62, 70))
    tiny.job(id=5, array_id=5, array_tasks=tasks)
    shown = tiny.run("squeue", "-h", "-o", "%K").out.rstrip("\n")
    assert len(shown) == 63 and shown.endswith("...") and tasks.startswith(shown[:60][:20])
    whole = tiny.run("squeue", "-h", "-o", "%K", SLURM_BITSTR_LEN="0").out.rstrip("\n")
    assert whole.startswith("0,3,6") and whole.endswith("61-62,70")


def test_tasks_with_records_of_their_own_join_their_waiting_array(tiny):
    tiny.job(id=12, array_id=12, array_tasks="0-3", array_limit=2, reason="Priority")
    tiny.job(id=13, array_id=12, array_task=5, reason="JobHeldUser")
    out = tiny.run("squeue", "-h", "-o", "%i %r").out
    assert out == "12_[0-3,5] Priority,JobHeldUser\n"
    assert len(tiny.run("squeue", "-h", "--array-unique", "-o", "%i").out.split()) == 2


def test_one_task_of_a_waiting_array(tiny):
    tiny.job(id=12, array_id=12, array_tasks="0-3", array_limit=2)
    assert ids(tiny.run("squeue", "-h", "-j", "12_2", "-o", "%i")) == ["12_2"]
    assert ids(tiny.run("squeue", "-h", "-j", "12_1,12_2,12_9", "-o", "%i")) == ["12_[1-2]"]


def test_states(tiny):
    tiny.running("n1")
    tiny.job()
    tiny.ended("FAILED", reason="NonZeroExitCode")
    assert tiny.run("squeue", "-h", "-t", "all", "-S", "i", "-o", "%i %t %T %R").out == (
        "1 R RUNNING n1\n2 PD PENDING (Priority)\n3 F FAILED (NonZeroExitCode)\n")
    assert ids(tiny.run("squeue", "-h", "-t", "pd,f", "-o", "%i", "-S", "i")) == ["2", "3"]
    bad = tiny.run("squeue", "-t", "foo")
    assert bad.code == 1 and bad.out == ""
    assert bad.err.startswith("squeue: error: Invalid job state specified: foo\n"
                              "squeue: error: Valid job states include: PENDING,RUNNING,")


def test_unknown_user_is_named_and_leaves_nothing(tiny):
    tiny.job()
    result = tiny.run("squeue", "-u", "nosuchuser")
    assert (result.out, result.err, result.code) == (
        HEADER, "squeue: error: Invalid user: nosuchuser\n\n", 0)
    assert ids(tiny.run("squeue", "-h", "-u", "nosuchuser,ada", "-o", "%i")) == ["1"]


def test_filters(tiny):
    tiny.running("n1", name="one", account="x", qos="high", partition="short")
    tiny.job("bob", name="two", reservation="course", licenses="matlab:2")
    for argv, expected in (
            (["-u", "bob"], ["2"]), (["--me"], ["1"]), (["-n", "ONE"], ["1"]),
            (["-A", "X"], ["1"]), (["-q", "HIGH"], ["1"]), (["-p", "short"], ["1"]),
            (["-p", "nosuch"], []), (["-R", "course"], ["2"]), (["-L", "matlab"], ["2"]),
            (["-w", "n[1-3]"], ["1"]), (["-j", "1,2"], ["2", "1"]), (["-j", "77,78"], [])):
        assert sorted(ids(tiny.run("squeue", "-h", "-o", "%i", *argv))) == sorted(expected), argv


def test_unknown_job_and_node(tiny):
    one = tiny.run("squeue", "-j", "77")
    assert (one.out, one.err, one.code) == (
        "", "slurm_load_jobs error: Invalid job id specified\n", 1)
    node = tiny.run("squeue", "-w", "n1,zz")
    assert (node.err, node.code) == ("squeue: error: Invalid node name zz\n", 1)
    assert tiny.run("squeue", "-j", "abc").err == "squeue: error: Invalid job id: abc\n"


@pytest.mark.parametrize("argv, error", [
    (["--foo"], "squeue: unrecognized option '--foo'\nTry \"squeue --help\" for more information\n"),
    (["-i"], "squeue: option requires an argument -- 'i'\n"
             "Try \"squeue --help\" for more information\n"),
    (["-i", "0"], "squeue: error: --iterate=0\n\n"),
    (["-s", "foo"], "squeue: error: Invalid job_step id: foo.??\n"),
    (["-o", "%i", "-O", "jobid"],
     "squeue: error: -O (--Format) is incompatible with -o (--format)\n"),
    (["-l", "-o", "%i"], "squeue: fatal: Options -o(--format) and -l(--long) are mutually exclusive."
                         " Please remove one and retry.\n"),
])
def test_bad_command_lines(tiny, argv, error):
    result = tiny.run("squeue", *argv)
    assert (result.out, result.err, result.code) == ("", error, 1)


def test_hidden_partitions(tiny):
    tiny.job("bob", partition="secret")
    assert tiny.run("squeue", "-h").out == ""
    assert ids(tiny.run("squeue", "-h", "-a", "-o", "%i")) == ["1"]
    assert ids(tiny.run("squeue", "-h", "-p", "secret", "-o", "%i")) == ["1"]


def test_one_line_for_each_partition(tiny):
    tiny.job(partition="main,short")
    assert tiny.run("squeue", "-h", "-P", "-o", "%P").out == "main\nshort\n"
    assert tiny.run("squeue", "-h", "-P", "-p", "short", "-o", "%P").out == "short\n"
    assert tiny.run("squeue", "-h", "-o", "%P").out == "main,short\n"


def test_steps(tiny):
    job = tiny.running("n1", since=61)
    tiny.step(job, -5, name="batch")
    tiny.step(job, 0)
    tiny.step(job, 1, end_time=NOW)
    assert tiny.run("squeue", "-s").out == (
        "         STEPID     NAME PARTITION     USER      TIME NODELIST\n"
        "            1.0 hostname      main      ada      1:01 n1\n"
        "        1.batch    batch      main      ada      1:01 n1\n")
    assert tiny.run("squeue", "-h", "-s", "1.0", "-o", "%i %A").out == "1.0 1\n"


def test_environment(tiny):
    tiny.job(name="x")
    assert tiny.run("squeue", SQUEUE_FORMAT="%j").out == "NAME\nx\n"
    assert tiny.run("squeue", "-o", "%i", SQUEUE_FORMAT="%j").out == "JOBID\n1\n"
    assert tiny.run("squeue", "-h", SQUEUE_FORMAT2="name:3").out == "x  \n"
    assert tiny.run("squeue", "-h", "-o", "%V", SLURM_TIME_FORMAT="%H.%M").out == "08.55\n"
    assert tiny.run("squeue", "-h", "-o", "%V", SLURM_TIME_FORMAT="relative").out == "08:55:00\n"
    assert tiny.run("squeue", "-h", SQUEUE_STATES="R").out == ""


def test_every_letter_and_name_prints(tiny):
    tiny.running("n1")
    tiny.job(id=12, array_id=12, array_tasks="0-3")
    from slurm_mock.commands.squeue import print as squeue_print
    result = tiny.run("squeue", "-o", "%all")
    assert result.err == "" and len(result.out.split("\n")) == 4
    assert result.out.split("\n")[0].count("|") == 51
    for name in squeue_print.NAMES:
        result = tiny.run("squeue", "-h", "-O", f"{name}:100")
        assert result.err == "" and len(result.out) == 2 * 101, name
