"""sacct on a hand-filled cluster. Expectations: Slurm 22.05.8 with slurmdbd."""

import pytest

from slurm_mock.commands.shared import acct_fields
from tests.clusters.reading import NOW, Tiny

TITLE = ("JobID           JobName  Partition    Account  AllocCPUS      State ExitCode \n"
         "------------ ---------- ---------- ---------- ---------- ---------- -------- \n")
DAY = 86400


@pytest.fixture
def tiny(tmp_path):
    return Tiny(tmp_path / "state", AccountingStorageType="accounting_storage/slurmdbd")


def ended_step(tiny, job, step_id, **fields):
    tiny.step(job, step_id, **{**dict(
        state="COMPLETED", end_time=job.end_time, usage="0,0,3000,3164,5512,0,11083,0",
        user_usec=1000, sys_usec=2000, num_cpus=1,
        alloc_tres="cpu=1,mem=500M,node=1"), **fields})


@pytest.mark.parametrize("option, err, out, code", [
    ("--user", "", "", 1), ("--group", "", "", 1), ("--flags", "", TITLE, 0), ("--associations", "", TITLE, 0),
    ("--units", "sacct: error: Invalid unit type '\nsacct: fatal: Invalid unit type\n", "", 1)])
def test_empty_values(tiny, option, err, out, code):
    tiny.ended()
    done = tiny.run("sacct", f"{option}=")
    assert (done.out, done.err, done.code) == (out, err, code)
    assert tiny.run("sacct", "--starttime=", "--wckeys=").out == tiny.run("sacct").out != TITLE


def test_default_view(tiny):
    job = tiny.ended(account="")
    ended_step(tiny, job, -5, name="batch")
    ended_step(tiny, job, 0, state="FAILED", exit_code=7 << 8)
    tiny.ended("CANCELLED", name="averylongname", cancelled_by=1000)
    tiny.ended("FAILED", exit_code=130 << 8)
    tiny.ended("FAILED", exit_code=9)
    assert tiny.run("sacct").out == TITLE + (
        "1                   job       main                     1  COMPLETED      0:0 \n"
        "1.batch           batch                                1  COMPLETED      0:0 \n"
        "1.0            hostname                                1     FAILED      7:0 \n"
        "2            averylong+       main        edu          1 CANCELLED+      0:0 \n"
        "3                   job       main        edu          1     FAILED      2:0 \n"
        "4                   job       main        edu          1     FAILED      0:9 \n")


def test_nothing(tiny):
    assert tiny.run("sacct").out == TITLE
    assert tiny.run("sacct", "-n").out == ""
    result = tiny.run("sacct", "-j", "77")
    assert (result.out, result.code) == (TITLE, 0)


def test_root_sees_everybodys_jobs_where_root_is_the_administrator(tmp_path):
    tiny = Tiny(tmp_path / "state", user="root", AccountingStorageType="accounting_storage/slurmdbd")
    tiny.ended()
    assert tiny.run("sacct", "-n", "-P", "-o", "user").out == ""          # a bundled cluster: an ordinary user
    tiny.store.set_meta("own_conf", "1")
    assert tiny.run("sacct", "-n", "-P", "-o", "user").out == "ada\n"


def test_job_that_waits_and_one_cancelled_before_its_start(tiny):
    tiny.job(id=12, array_id=12, array_tasks="0-3,7", array_limit=2)
    tiny.ended("CANCELLED", id=30, cancelled_by=0, start_time=0, nodelist="", num_nodes=0)
    fields = "jobid%20,state%16,start,end,nodelist,elapsed,allocnodes"
    assert tiny.run("sacct", "-P", "-n", "-o", fields).out == (
        "30|CANCELLED by 0|None|2026-03-02T08:58:20|None assigned|00:00:00|0\n"
        "12_[0-3,7%2]|PENDING|Unknown|Unknown|None assigned|00:00:00|0\n")


def test_usage_of_steps(tiny):
    job = tiny.ended()
    ended_step(tiny, job, -5, name="batch")
    tiny.step(tiny.running("n2"), -5, name="batch")
    rows = tiny.run("sacct", "-n", "-P", "-o",
                    "jobid,maxrss,maxvmsize,averss,totalcpu,usercpu,systemcpu,maxdiskread,maxrssnode,"
                    "maxrsstask,ntasks,layout").out.split("\n")
    assert rows[:2] == ["1|||||||||||".replace("|||||||||||", "||||00:00.003|00:00.001|00:00.002|||||"),
                        "1.batch|3164K|5512K|3164K|00:00.003|00:00.001|00:00.002|0.01M|n1|0|1|Unknown"]
    assert rows[3] == "2.batch||||00:00:00|00:00:00|00:00:00||||1|Unknown"


def test_resources(tiny):
    tiny.running("n[1-2]", cpus=4, min_nodes=2, ntasks=8, mem_per_cpu=1024)
    assert tiny.run("sacct", "-n", "-P", "-o", "reqtres,alloctres,reqmem,ncpus,nnodes,cputime").out == (
        "billing=8,cpu=8,mem=8G,node=2|billing=8,cpu=8,mem=4000M,node=2|8G|8|2|00:08:00\n")
    assert tiny.run("sacct", "-n", "-P", "--units", "G", "-o", "reqmem").out == "8G\n"
    assert tiny.run("sacct", "-n", "-P", "--noconvert", "-o", "reqmem").out == "8192M\n"


def test_widths_and_delimiters(tiny):
    tiny.ended()
    assert tiny.run("sacct", "-o", "jobid%-5,jobname%2,state%3,exitcode%-4").out == (
        "JobID Jo Sta Exit \n----- -- --- ---- \n1     j+ CO+ 0:0  \n")
    assert tiny.run("sacct", "-p", "-o", "jobid,state").out == "JobID|State|\n1|COMPLETED|\n"
    assert tiny.run("sacct", "-P", "--delimiter", ", ", "-o", "jobid,state").out == (
        "JobID, State\n1, COMPLETED\n")
    assert tiny.run("sacct", "-n", "-o", "end%5").out == "2026- \n"


def test_short_field_names_and_format_variable(tiny):
    tiny.ended()
    assert tiny.run("sacct", "-n", "-P", "-o", "jobi,st,elapsedr").out == "1|2026-03-02T08:56:40|100\n"
    assert tiny.run("sacct", "-n", SACCT_FORMAT="jobid%-4").out == "1    \n"
    assert tiny.run("sacct", "-n", "-b").out == "1             COMPLETED      0:0 \n"


def test_selection(tiny):
    job = tiny.ended()
    ended_step(tiny, job, -5, name="batch")
    ended_step(tiny, job, 0)
    for task in (1, 2):
        tiny.ended(id=20 + task, array_id=20, array_task=task)
    def run(*argv):
        return tiny.run("sacct", "-n", "-P", "-o", "jobid", *argv).out.split()
    assert run("-j", "1") == ["1", "1.batch", "1.0"]
    assert run("-j", "1.batch") == ["1.batch"] and run("-j", "1.0") == ["1.0"]
    assert run("-X", "-j", "1,20") == ["1", "20_1", "20_2"]
    assert run("-j", "20_2") == ["20_2"] and run("-j", "20_7") == []
    assert run("-X", "-N", "n1") == ["1", "20_1", "20_2"] and run("-N", "n5") == []
    assert run("-r", "main", "-X", "--name", "nosuch") == []


def test_time_window(tiny):
    tiny.ended(id=1)
    tiny.ended(id=2, submit_time=NOW - 3 * DAY, eligible_time=NOW - 3 * DAY,
               start_time=NOW - 3 * DAY, end_time=NOW - 3 * DAY + 60)
    tiny.running("n1", id=3)
    tiny.job(id=4, hold="user", eligible_time=0)
    def run(*argv):
        return tiny.run("sacct", "-n", "-X", "-P", "-o", "jobid", *argv).out.split()
    assert run() == ["1", "3"]                 # today's; a held job is not eligible yet
    assert run("-S", "2026-02-01") == ["2", "1", "3"]
    assert run("-S", "2026-02-01", "-E", "2026-03-01") == ["2"]
    assert run("-j", "2") == ["2"] and run("-j", "4") == ["4"]
    # by its id a held job counts from its submission
    assert run("-j", "4", "-S", "2026-02-01") == ["4"]
    assert run("-j", "4", "-S", "2026-02-01", "-E", "2026-03-01") == []
    assert run("-S", "08:59") == ["3"]
    assert run("-s", "R") == ["3"] and run("-s", "CD") == []
    assert run("-s", "CD", "-S", "00:00", "-E", "now") == ["1"]


def test_users(tiny):
    tiny.ended()
    tiny.ended(user="bob")
    def run(*argv):
        return tiny.run("sacct", "-n", "-X", "-P", "-o", "user", *argv).out.split()
    assert run() == ["ada"] and run("-a") == ["ada", "bob"]
    assert run("-u", "bob") == ["bob"] and run("-j", "2") == ["bob"]


@pytest.mark.parametrize("argv, error", [
    (["--foo"], "sacct: unrecognized option '--foo'\n"),
    (["-1"], "sacct: invalid option -- '1'\n"),
    (["-o", "jobid,foo"], 'sacct: error: Invalid field requested: "foo"\n'),
    (["-s", "foo"], "sacct: fatal: unrecognized job state value 'foo'\n"),
    (["-s", "CG"], "sacct: fatal: job state CG is not supported / accounted\n"),
    (["-S", "foo"], "Invalid time specification (pos=0): foo\n"),
    (["-S", "now", "-E", "00:00"], "sacct: error: Start time (2026-03-02T09:00:00) requested is "
                                   "after end time (2026-03-02T00:00:00).\n"),
    (["-u", "nosuchuser"], "sacct: error: Invalid user id: nosuchuser\n"),
    (["-j", "foo"], "sacct: fatal: Bad job/step specified: foo\n"),
    (["-j", "1.foo"], "sacct: fatal: Bad step specified: 1\n"),
    (["-j", "1_[1-2]"], "sacct: fatal: Bad job array element specified: 1\n"),
    (["-i", "x"], 'sacct: error: Invalid numeric value "x" for requested node range.\n'),
    (["-k", "x"], "sacct: fatal: Invalid time limit specification\n"),
    (["-B"], "sacct: fatal: When requesting job scripts you must also request specific jobs with "
             "the '-j' option.\n"),
    (["-l", "-o", "jobid"], "sacct: fatal: Options -o(--format) and -l(--long) are mutually "
                            "exclusive. Please remove one and retry.\n"),
    (["--units", "X"], "sacct: error: Invalid unit type 'X'. Possible options are 'KMGTP'\n"
                       "sacct: fatal: Invalid unit type\n"),
    (["-c"], "Slurm job completion is disabled\n"),
    (["foo"], "sacct: error: Unknown arguments:\nsacct: error:  foo\n"),
    (["--whole-hetjob=foo"],
     'sacct: error: Invalid --whole-hetjob value "foo". Valid values: [yes|no].\n'),
])
def test_mistakes(tiny, argv, error):
    result = tiny.run("sacct", *argv)
    assert (result.out, result.err, result.code) == ("", error, 1)


def test_cluster_without_accounting(tmp_path):
    result = Tiny(tmp_path / "state").run("sacct")
    assert (result.out, result.err, result.code) == ("", "Slurm accounting storage is disabled\n", 1)


def test_every_field_prints_in_both_forms(tiny):
    job = tiny.ended()
    ended_step(tiny, job, -5, name="batch")
    tiny.job()
    rows = tiny.run("sacct", "-P", "-o", "ALL").out.rstrip("\n").split("\n")
    assert len(rows) == 4 and {r.count("|") for r in rows} == {len(acct_fields.FIELDS) - 1}
    table = tiny.run("sacct", "-l").out.rstrip("\n").split("\n")
    assert len({len(line) for line in table}) == 1


def test_help_lists_every_field(tiny):
    names = tiny.run("sacct", "-e").out.split()
    assert names == [field.name for field in acct_fields.FIELDS]
