"""Batch jobs from their start to their end: files, environment, exit codes, signals."""

import os
import stat
import sys

import pytest

import slurm_mock
from slurm_mock.slurmd import slurmstepd
from tests.clusters.reading import Tiny


def run(cluster, script, options="", **env):
    """Submit a script and wait for its end; the Job."""
    cluster.script("job.sh", script)
    cluster.sh(f"sbatch -W -Q {options} job.sh", **env)
    return cluster.job()


@pytest.mark.parametrize("script, state, exit_code", [
    ("true", "COMPLETED", 0), ("exit 3", "FAILED", 3 << 8), ("kill -9 $$", "FAILED", 9),
    ("kill -SEGV $$", "FAILED", 11), ("exit 255", "FAILED", 255 << 8),
    ("exec /nowhere", "FAILED", 127 << 8)])
def test_how_a_job_ends(stepping, script, state, exit_code):
    job = run(stepping, script)
    assert (job.state, job.exit_code & 0xff7f) == (state, exit_code)


def test_a_missing_interpreter(stepping):
    (stepping.work / "job.sh").write_text("#!/bin/nosuchshell\n")
    stepping.sh("sbatch -W job.sh")
    assert (stepping.job().state, stepping.job().exit_code) == ("FAILED", 2 << 8)
    assert stepping.read("slurm-1.out") == (
        "slurmstepd-n1: error: execve(): bad interpreter(/bin/nosuchshell): "
        "No such file or directory\n")


@pytest.mark.parametrize("options", ["-o nofolder/out.txt", "-D /nowhere", "-e nofolder/err",
                                     "-i nofile"])
def test_files_that_cannot_be_opened(stepping, options):
    job = run(stepping, "echo ran > ran\n", options)
    assert (job.state, job.exit_code) == ("FAILED", 53)
    assert not os.path.exists(stepping.work / "ran")


def test_output_modes_follow_the_submitters_umask(stepping):
    stepping.script("job.sh", "umask; touch made\n")
    stepping.out("umask 027; sbatch -W -Q job.sh")
    assert stepping.read("slurm-1.out") == "0027\n"
    for name in ("slurm-1.out", "made"):
        assert stat.S_IMODE(os.stat(stepping.work / name).st_mode) == 0o640
    spooled = [os.path.join(folder, name) for folder, dirs, files in os.walk(stepping.state)
               for name in dirs + files if not os.path.islink(os.path.join(folder, name))]
    for path in spooled:
        mode = stat.S_IMODE(os.stat(path).st_mode)
        assert mode & 0o077 == 0, f"{path} has mode {mode:o}"


@pytest.mark.parametrize("option, kept", [("", False), ("--open-mode=append", True),
                                          ("--open-mode=truncate", False)])
def test_open_mode(stepping, option, kept):
    (stepping.work / "log.txt").write_text("before\n")
    run(stepping, "echo new", f"-o log.txt {option}")
    assert stepping.read("log.txt") == ("before\n" if kept else "") + "new\n"


def test_the_scripts_environment(stepping):
    run(stepping, "env -0 > env.bin", "-N 2 -n 3 -J my.name", MINE="a b\nc")
    pairs = dict(item.split("=", 1) for item in stepping.read("env.bin").split("\0") if item)
    wanted = {"MINE": "a b\nc", "SLURM_JOB_ID": "1", "SLURM_JOB_NAME": "my.name",
              "SLURM_JOB_NODELIST": "n[1-2]", "SLURM_NTASKS": "3", "SLURM_NNODES": "2",
              "SLURM_SUBMIT_DIR": str(stepping.work), "SLURMD_NODENAME": "n1",
              "SLURM_JOB_PARTITION": "main", "SLURM_CLUSTER_NAME": "mini", "SLURM_PROCID": "0",
              "ENVIRONMENT": "BATCH", "HOSTNAME": "n1", "SLURM_JOB_USER": "alice",
              "SLURM_TASKS_PER_NODE": "2,1", "SLURM_JOB_CPUS_PER_NODE": "2,1"}
    assert {k: pairs.get(k) for k in wanted} == wanted
    assert "SLURM_CPUS_PER_TASK" not in pairs


@pytest.mark.parametrize("export, mine, other, home", [
    ("ALL", "1", "2", True), ("NONE", "", "", None), ("MINE", "1", "", None),
    ("ALL,MINE=new", "new", "2", True), ("MINE=x,OTHER", "x", "2", None)])
def test_export(stepping, export, mine, other, home):
    run(stepping, 'echo "${MINE-}|${OTHER-}|${SLURM_JOB_ID}"; test -z "$HOME" || echo home; sleep 1',
        f"--export={export}", MINE="1", OTHER="2")
    lines = stepping.read("slurm-1.out").splitlines()
    assert lines[0] == f"{mine}|{other}|1"
    if home is not None:
        assert ("home" in lines) is home
    assert stepping.job().end_time - stepping.job().start_time == 1, "the mock's sleep was found"


def test_what_a_job_leaves_in_the_background_is_ended(living):
    fast = living(50.0)
    fast.out("sbatch -W -Q --wrap 'setsid nohup /bin/sleep 1000 > /dev/null 2>&1 & "
             "trap \"\" TERM; /bin/sleep 1001 & sleep 1'")
    assert fast.gone() == {}


def test_hostname_and_node_commands(stepping):
    run(stepping, "hostname; hostname -s; type -p sbatch sleep hostname; date +%T\n", "-w n3")
    assert stepping.read("slurm-1.out").splitlines() == [
        "n3", "n3", f"{stepping.state}/bin/sbatch", f"{stepping.state}/bin/sleep",
        f"{stepping.state}/node/hostname", "09:00:00"]


def test_a_login_shells_script_finds_the_mock_first(stepping):
    (stepping.folder / "home" / ".bash_profile").write_text("PATH=/usr/bin:/bin\n")
    (stepping.work / "job.sh").write_text(
        "#!/bin/bash -l\ntype -p squeue sleep hostname\nhostname\nsqueue -h -o %i\nsleep 5\n")
    stepping.sh("sbatch -W -Q job.sh")
    assert stepping.read("slurm-1.out").splitlines() == [
        f"{stepping.state}/bin/squeue", f"{stepping.state}/bin/sleep",
        f"{stepping.state}/node/hostname", "n1", "1"]
    assert stepping.job().end_time - stepping.job().start_time == 5


def test_a_script_of_a_thousand_lines_and_odd_bytes(stepping):
    text = "#!/bin/bash\n" + "".join(f": {i}\n" for i in range(1000)) + "printf '\\xff\\xfe'\n# \xff"
    (stepping.work / "job.sh").write_bytes(text.encode("latin-1"))
    stepping.out("sbatch -W -Q job.sh")
    assert (stepping.work / "slurm-1.out").read_bytes() == b"\xff\xfe"


def test_names_with_blanks_quotes_and_unicode_reach_no_shell(stepping):
    name = "a b'c\"$(touch evil);`touch evil`;ü&|>evil"
    stepping.script("jöb $(touch evil).sh", "echo \"$SLURM_JOB_NAME\"\n")
    done = stepping.sh('sbatch -W -Q -J "$NAME" --comment "$NAME" -o "out $(echo x) ü.txt" '
                       '--mail-user "$NAME" "jöb \\$(touch evil).sh"', NAME=name)
    assert (done.returncode, done.stderr) == (0, "")
    assert stepping.read("out x ü.txt") == name + "\n"
    assert "evil" not in [f.name for f in stepping.work.iterdir()]


def test_a_requeued_job_runs_again(stepping):
    stepping.script("job.sh", "echo run ${SLURM_RESTART_COUNT-first}; sleep 100\n")
    stepping.out("sbatch -Q -t 10 job.sh; sleep 10; scontrol requeue 1; sleep 5; squeue -h -o '%T %r'")
    assert stepping.read("slurm-1.out").count("run first") == 1
    stepping.out("sleep 300")
    job = stepping.job()
    assert (job.state, job.restarts, job.end_time - job.start_time) == ("COMPLETED", 1, 100)
    assert "run 1" in stepping.read("slurm-1.out")
    assert "CANCELLED AT 2026-03-02T09:00:10 DUE TO JOB REQUEUE" in stepping.read("slurm-1.out")


def test_the_folder_of_the_output_may_come_a_moment_later(living):
    cluster = living(1.0)
    cluster.out("sbatch -Q -o later/%j.out --wrap 'echo there'; mkdir later")
    cluster.until(lambda: cluster.job().state == "COMPLETED")
    assert cluster.read("later/1.out") == "there\n"


@pytest.mark.parametrize("line, minutes, state", [
    ("", 1, "TIMEOUT"), ("OverTimeLimit=2", 3, "TIMEOUT"), ("OverTimeLimit=UNLIMITED", 10, "COMPLETED")])
def test_over_time_limit(living, line, minutes, state):
    from tests.clusters.living import CONF
    cluster = living(conf=f"{CONF}{line}\n")
    cluster.sh("sbatch -W -Q -t 1 --wrap 'sleep 600'")
    job = cluster.job()
    assert (job.state, job.end_time - job.start_time) == (state, 60 * minutes)


def test_memory_limits_are_enforced_where_slurm_conf_says_so(living):
    from tests.clusters.living import CONF
    cluster = living(1.0, conf=f"{CONF}JobAcctGatherType=jobacct_gather/linux\n"
                               "JobAcctGatherParams=OverMemoryKill\nJobAcctGatherFrequency=1\n")
    cluster.sh("sbatch -W -Q --mem=50 --wrap 'python3 -c \""
               "import time; x = bytearray(b\\\"x\\\") * (200 << 20); time.sleep(60)\"'")
    job = cluster.job()
    assert (job.state, job.exit_code, job.reason) == ("FAILED", 9, "JobLaunchFailure")
    lines = cluster.read("slurm-1.out").splitlines()
    assert [line.partition("(")[0] for line in lines[:2]] == [
        "slurmstepd-n1: error: StepId=1.batch exceeded memory limit ",
        "slurmstepd-n1: error: Exceeded job memory limit"]
    assert "> 52428800), being killed" in lines[0]


def test_an_earlier_run_stays_in_accounting(stepping):
    stepping.sh("sbatch -Q -J again --wrap 'sleep 600'; sleep 60; scontrol requeue 1; sleep 1")
    told = "sacct -n -P -o jobid,state,exitcode,elapsed -j 1"
    assert stepping.out(f"{told} -D") == (
        "1|REQUEUED|0:0|00:01:00\n1.batch|CANCELLED|0:15|00:01:00\n1|PENDING|0:0|00:00:00\n")
    assert stepping.out(told) == "1|PENDING|0:0|00:00:00\n"
    stepping.sh("scancel 1")


def test_where_jobs_are_over_at_once_few_supervisors_are_made():
    known, waiting = slurmstepd.SentFor(), list(range(100))
    first = known.choose(waiting, waiting, 0.0)
    assert first == waiting[:slurmstepd.AT_ONCE]
    # within a moment no more are made, whoever looks how often
    assert known.choose(waiting, waiting, slurmstepd.WITHIN / 2) == []
    moment = 0.0
    for _ in range(5):
        # those made before and the others take jobs: they keep up
        moment += slurmstepd.WITHIN
        waiting = waiting[2 * slurmstepd.AT_ONCE:]
        assert known.choose(waiting, waiting, moment) == []


def test_where_all_supervisors_are_busy_more_are_made():
    known, waiting, made = slurmstepd.SentFor(), list(range(20)), []
    for turn in range(40):
        found = known.choose(waiting, waiting, 2 * turn * slurmstepd.WITHIN)
        assert len(found) <= slurmstepd.AT_ONCE and not set(found) & set(made)
        made += found
        waiting = [job_id for job_id in waiting if job_id not in found]
    assert made == list(range(20))


def test_a_supervisor_that_did_not_take_its_job_is_missed():
    known = slurmstepd.SentFor()
    assert known.choose([7], [7], 0.0) == [7]
    assert known.choose([7], [7], slurmstepd.MISSED / 2) == []
    assert known.choose([7], [7], slurmstepd.MISSED + 0.1) == [7]


HOLDS_THE_STORE = """\
import os, sys, time
sys.path.insert(0, {package!r})
from slurm_mock.store.store import Store
store = Store(os.environ["MOCK_SLURM_STATE"])
open("holding", "w").close()
while True:
    with store:
        time.sleep(0.05)
    time.sleep(0.001)
"""


@pytest.mark.parametrize("stop, go_on", [("scontrol suspend 1", "scontrol resume 1"),
                                         ("scancel -f -s STOP 1", "scancel -f -s CONT 1"),
                                         ("scancel -s STOP 1.0", "scancel -s CONT 1.0")])
def test_a_job_is_never_stopped_inside_of_a_transaction(living, stop, go_on):
    cluster = living(1.0, user="slurm")
    package = os.path.dirname(os.path.dirname(slurm_mock.__file__))
    (cluster.work / "holds.py").write_text(HOLDS_THE_STORE.format(package=package))
    cluster.script("job.sh", f"{'srun' if '1.0' in stop else 'exec'} {sys.executable} holds.py\n")
    cluster.out("sbatch -Q job.sh")
    cluster.until(lambda: (cluster.work / "holding").exists())
    for _ in range(3):
        cluster.out(f"{stop}; timeout 30 sbatch -Q -H --wrap true; {go_on}")
    cluster.out("scancel -u slurm")


def test_what_cannot_be_said_of_a_job_stops_nothing_else(living):
    cluster = living(1.0)
    cluster.script("job.sh", "trap 'echo heard > told; exit 0' TERM\necho > ready\nsleep 60 & wait\n")
    cluster.out("sbatch -Q -o /dev/full job.sh")
    cluster.until(lambda: (cluster.work / "ready").exists())
    cluster.out("scancel 1")
    cluster.until(lambda: (cluster.work / "told").exists() and cluster.job().state == "CANCELLED")
    assert cluster.read("told") == "heard\n"


@pytest.mark.parametrize("command", ["sbatch -Q -W --export=ALL,=x --wrap 'echo ran'; cat slurm-1.out",
                                     "srun --export=ALL,=x echo ran", "srun --export==x /bin/echo ran"])
def test_a_variable_without_a_name_is_dropped(stepping, command):
    assert stepping.out(command) == "ran\n"


@pytest.mark.parametrize("error, kept", [(TypeError("odd"), True), (OSError(28, "No space left on device"), False)])
def test_a_job_that_has_run_has_its_end_whatever_keeps_the_next_one(tmp_path, monkeypatch, capfd, error, kept):
    tiny = Tiny(tmp_path / "s")
    tiny.run("sbatch", "-Q", "--wrap", "true")
    tiny.pass_time()
    ctl, times = tiny.controller(), []

    def take(*_, **__):
        times.append(ctl.store.job(1).state)
        if len(times) == 1:
            raise error
        return None, None

    monkeypatch.setattr(slurmstepd, "take", take)
    job, step = slurmstepd.begin(ctl, 1)
    for _ in slurmstepd.end_and_take(ctl, job.id, step, 0):
        pass
    assert times == ["COMPLETED", "COMPLETED"] and ctl.store.job(1).state == "COMPLETED"
    said = capfd.readouterr().err
    assert ("Traceback" in said and said.endswith("TypeError: odd\n")) if kept else said == ""
