"""slurm-mock: run, env, shell, admin, reset, status, clusters; exit codes and messages."""

import os
import shutil
import signal
import subprocess
import sys

import pytest

from slurm_mock import cli
from tests.clusters.living import CLEAN, CONF, processes_of, run_tool

SMALL = ("--cluster", "small", "--no-load", "--speed", "step")


@pytest.fixture
def tool(tmp_path, ended):
    """Run `slurm-mock ARGV...` in an empty directory with an empty HOME."""
    home, work = tmp_path / "home", tmp_path / "work"
    home.mkdir()
    work.mkdir()
    ended(home)

    def run(*argv, stdin="", cwd=work, without=(), **env):
        env = {**CLEAN, "HOME": str(home), **env}
        for name in without:
            del env[name]
        return run_tool(*argv, env=env, cwd=cwd, stdin=stdin)

    run.home, run.work = home, work
    return run


# ---- run ---------------------------------------------------------------------

@pytest.mark.parametrize("command, code", [
    (["true"], 0), (["bash", "-c", "exit 3"], 3), (["nosuchcommand"], 127), (["/etc"], 126),
    (["/etc/passwd"], 126), (["bash", "-c", "kill -TERM $$"], -signal.SIGTERM), (["squeue"], 0),
    (["squeue", "--nope"], 1), (["sbatch", "missing.sh"], 1)])
def test_run_exits_as_the_command_does(tool, command, code):
    done = tool("run", *SMALL, "--", *command)
    assert done.returncode == code and "Traceback" not in done.stderr
    if code in (126, 127):
        assert done.stderr.startswith(f"slurm-mock: error: {command[0]}: ")


def test_run_puts_the_mock_first_and_leaves_the_rest(tool):
    done = tool("run", *SMALL, "--", "bash", "-c",
                "command -v sbatch; command -v ls; echo $MINE; env | grep ^SLURM_; cat",
                stdin="typed", MINE="kept")
    state = tool.home / ".local/state/slurm_mock/small"
    assert done.stdout == f"{state}/bin/sbatch\n{shutil.which('ls', path=CLEAN['PATH'])}\nkept\ntyped"


def test_dashes_may_be_left_away(tool):
    assert tool("run", *SMALL, "echo", "-n", "x").stdout == "x"


@pytest.mark.parametrize("argv", [["run"], ["run", "--"], ["admin", *SMALL, "--"]])
def test_no_command(tool, argv):
    done = tool(*argv)
    assert (done.returncode, done.stdout) == (1, "") and "no command given" in done.stderr
    assert not (tool.home / ".local").exists()


@pytest.mark.parametrize("argv, says", [
    (["--speed", "0"], "give a number above 0, or `step`"), (["--speed", "-1"], "above 0"),
    (["--speed", "fast"], "above 0"), (["--speed", "nan"], "above 0"), (["--nope"], "--nope"),
    (["--load", "--no-load"], "not allowed with")])
def test_bad_options(tool, argv, says):
    done = tool("run", *argv, "--", "true")
    assert done.returncode == 2 and says in done.stderr and "Traceback" not in done.stderr
    assert not (tool.home / ".local").exists()


def test_help_and_no_command_at_all(tool):
    assert tool("--help").returncode == 0
    done = tool()
    assert done.returncode == 2 and "advance" in done.stdout
    assert tool("--version").stdout.startswith("slurm-mock ")


# ---- which cluster -------------------------------------------------------------

def test_unknown_cluster(tool):
    done = tool("run", "--cluster", "nowhere", "--", "true")
    assert done.returncode == 1 and done.stdout == ""
    assert done.stderr == (
        "slurm-mock: error: no cluster 'nowhere': the bundled ones are dardel, small, tegner; "
        "for another one give the path of its slurm.conf\n")
    assert not (tool.home / ".local").exists()


def test_the_lessons_cluster_is_the_default(tool):
    (tool.work / "_config.yml").write_text("lesson:\n  cluster: small\n")
    assert tool("run", "--no-load", "--", "sinfo", "-h", "-o", "%P").stdout == "debug*\nbatch\n"
    listed = tool("clusters").stdout
    assert listed == "dardel\nsmall  (the lesson's)\ntegner\n"


def test_tegner_where_there_is_no_lesson(tool):
    assert tool("run", "--no-load", "--", "scontrol", "show", "config").stdout.count("tegner")


@pytest.mark.parametrize("text, says", [
    (CONF.replace("RealMemory=8000 Feature=ib", "RealMemory=lots"), ":12: realmemory='lots' is not"),
    (CONF.replace("n[1-4] CPUs", "n[1-4 CPUs"), ":12: 'n[1-4' is not a node list"),
    (CONF + "Include missing.conf\n", ":16: there is no file"),
    (CONF + "PartitionName=x Nodes=z9\n", "partition x names node z9"),
    (CONF + "what is this\n", ":16: cannot read"),
    (CONF.replace("ClusterName=mini\n", ""), "ClusterName is missing"),
    ("ClusterName=x\n", "no NodeName line"),
    (CONF + 'NodeName=q Reason="open\n', ":16: the quote of Reason does not close"),
    (CONF + "PartitionName=y Nodes=n1 MaxTime=tomorrow\n", ":16: MaxTime='tomorrow' is not a time"),
    (CONF + "PartitionName=y Nodes=n1 MaxNodes=few\n", ":16: MaxNodes='few' is not a whole number"),
    (CONF.replace("KillWait=30", "KillWait=soon"), ":8: KillWait='soon' is not a whole number"),
    (CONF + "PriorityMaxAge=old\n", ":16: PriorityMaxAge='old' is not a time"),
])
def test_a_broken_slurm_conf_is_named(tool, text, says):
    conf = tool.work / "slurm.conf"
    conf.write_text(text)
    done = tool("run", "--cluster", "slurm.conf", "--", "sinfo")
    assert done.returncode == 1 and done.stdout == ""
    assert done.stderr.startswith("slurm-mock: error: ") and "Traceback" not in done.stderr
    assert says in done.stderr and str(tool.work) in done.stderr


def test_a_conf_that_never_worked_leaves_no_half_cluster(tool):
    conf = tool.work / "slurm.conf"
    conf.write_text("ClusterName=x\n")
    assert tool("run", "--cluster", str(conf), "--", "true").returncode == 1
    conf.write_text(CONF)
    done = tool("run", "--cluster", str(conf), "--", "sinfo", "-h", "-o", "%P %D")
    assert (done.stdout, done.stderr, done.returncode) == ("main* 4\ngpu 1\n", "", 0)


def test_a_changed_slurm_conf_is_read_again_and_jobs_stay(tool):
    conf = tool.work / "slurm.conf"
    conf.write_text(CONF)
    here = ("--cluster", str(conf), "--speed", "step")
    tool("run", *here, "--", "sbatch", "-H", "--wrap", "true")
    tool("admin", *here, "--", "scontrol", "update", "nodename=n2", "state=drain", "reason=fan")
    conf.write_text(CONF.replace("n[1-4] ", "n[1-6] ").replace("Nodes=n[1-4]", "Nodes=n[1-6]"))
    done = tool("run", *here, "--", "bash", "-c", "sinfo -h -p main -o '%D %T'; squeue -h -o '%i %T'")
    assert done.stdout == "1 drained\n5 idle\n1 PENDING\n"
    conf.write_text("ClusterName=mini\nNodeName=n[1\n")
    done = tool("run", *here, "--", "squeue")
    assert done.returncode == 1 and ":2: 'n[1' is not a node list" in done.stderr
    conf.write_text(CONF)
    assert tool("run", *here, "--", "squeue", "-h", "-o", "%i").stdout == "1\n"


def test_clusters_side_by_side(tool):
    (tool.work / "slurm.conf").write_text(CONF)
    for cluster in ("small", "dardel", "slurm.conf"):
        tool("run", "--cluster", cluster, "--no-load", "--speed", "step", "--", "sbatch", "-H",
             *{"dardel": ["-p", "main"]}.get(cluster, ()), "-J", cluster, "--wrap", "true")
    for cluster in ("small", "dardel", "slurm.conf"):
        assert tool("run", "--cluster", cluster, "--", "squeue", "-h", "-u", "root,nobody,alice",
                    "-o", "%j").stdout in (f"{cluster}\n", "")
        assert tool("run", "--cluster", cluster, "--", "squeue", "-h", "--me", "-o", "%j").stdout == \
            f"{cluster}\n"


def test_inside_of_run_the_same_cluster_is_meant(tool):
    done = tool("run", *SMALL, "--", "bash", "-c",
                f"{sys.executable} -m slurm_mock status; {sys.executable} -m slurm_mock run sinfo -h "
                "-o %P -p debug; echo $PATH | tr : '\\n' | grep -c slurm_mock")
    assert done.stdout.splitlines()[0].startswith("cluster  small (")
    assert done.stdout.endswith("debug*\n1\n")


# ---- env, shell, admin, status, reset ---------------------------------------------

def test_env_is_for_eval(tool):
    lines = tool("env", *SMALL).stdout
    assert all(line.startswith(("export ", "unset ")) for line in lines.splitlines())
    done = subprocess.run(
        ["bash", "-c", 'eval "$LINES_"; sbatch -Q -H --wrap true; squeue -h --me -o %i; exit 4'],
        env={**CLEAN, "HOME": str(tool.home), "LINES_": lines}, cwd=tool.work, capture_output=True,
        text=True)
    assert (done.returncode, done.stdout, done.stderr) == (4, "101\n", "")


def test_env_quotes_odd_paths(tool):
    odd = tool.work / "a b'c$(touch evil)"
    lines = tool("env", "--state", str(odd), *SMALL).stdout
    done = subprocess.run(["bash", "-c", 'eval "$LINES_"; sinfo -h -o %P'], cwd=tool.work,
                          env={**CLEAN, "HOME": str(tool.home), "LINES_": lines},
                          capture_output=True, text=True)
    assert (done.stdout, done.stderr) == ("debug*\nbatch\n", "")
    assert not (tool.work / "evil").exists()


def test_shell_names_the_cluster_in_its_prompt(tool):
    (tool.home / ".bashrc").write_text("alias mine=true\nPATH=/usr/bin:/bin\nPS1='old> '\n")
    done = tool("shell", *SMALL, SHELL="/bin/bash", stdin="echo \"prompt=$PS1\"; sinfo -h -o %P; exit 5\n")
    assert done.returncode == 5
    assert "prompt=(small) old> " in done.stdout and "debug*\nbatch\n" in done.stdout


def test_shell_quotes_odd_paths(tool):
    odd = str(tool.work / "a b'c$(touch evil)")
    done = tool("shell", "--state", odd, *SMALL, SHELL="/bin/bash", stdin="sinfo -h -o %P\n")
    assert "debug*\nbatch\n" in done.stdout and "No such file" not in done.stderr
    assert not (tool.work / "evil").exists()


def test_other_shells_have_the_prompt_too(tool):
    done = tool("shell", *SMALL, SHELL="/bin/sh", stdin="echo \"prompt=$PS1\"\nsinfo -h -o %P\n")
    assert "prompt=(small) $ " in done.stdout and "batch" in done.stdout


def test_admin_may_what_users_may_not(tool):
    drain = ("scontrol", "update", "nodename=n1", "state=drain", "reason=fan")
    done = tool("run", *SMALL, "--", *drain)
    assert (done.returncode, done.stderr) == (1, "slurm_update error: Invalid user id\n")
    assert tool("admin", *SMALL, "--", *drain).returncode == 0
    look = tool("run", *SMALL, "--", "sinfo", "-h", "-n", "n1", "-p", "debug", "-o", "%T %E")
    assert look.stdout == "drained fan\n"
    inside = tool("run", *SMALL, "--", sys.executable, "-m", "slurm_mock", "admin", "--",
                  "scontrol", "update", "nodename=n1", "state=resume")
    assert (inside.returncode, inside.stderr) == (0, "")


def test_admin_of_a_job_steers_other_peoples(tool):
    tool("run", *SMALL, "--", "sbatch", "-H", "--wrap", "true", MOCK_SLURM_USER="bin")
    refused = tool("run", *SMALL, "--", "scancel", "101", MOCK_SLURM_USER="daemon")
    assert "Access/permission denied" in refused.stderr
    assert tool("admin", *SMALL, "--", "scancel", "101", MOCK_SLURM_USER="daemon").returncode == 0


def test_status(tool):
    tool("run", *SMALL, "--", "sbatch", "-H", "--wrap", "true")
    lines = tool("status", *SMALL).stdout.splitlines()
    assert [line.split()[0] for line in lines] == ["cluster", "state", "clock", "jobs", "keeper"]
    assert lines[2] == "clock    2026-03-02T09:00:00 (speed step)"
    assert lines[3] == "jobs     0 of yours run, 1 wait; 0 of others run, 0 wait"


def test_reset_ends_all(tool):
    here = ("--cluster", "small", "--no-load", "--speed", "1")
    tool("run", *here, "--", "bash", "-c", "sbatch -Q --wrap 'setsid sleep 1000'; "
         "sbatch -Q --begin=now+1000 --wrap true; sleep 1; squeue")
    state = str(tool.home / ".local/state/slurm_mock/small")
    assert len(processes_of(state)) >= 3
    done = tool("reset", "--cluster", "small")
    assert (done.returncode, done.stderr) == (0, "") and processes_of(state) == {}
    assert not os.path.exists(state)
    assert tool("run", *SMALL, "--", "sbatch", "-H", "--wrap", "true").stdout.endswith(" 101\n")
    assert tool("reset", "--cluster", "dardel").returncode == 0, "there was nothing to end"


# ---- state and machine ---------------------------------------------------------------

def test_a_state_that_others_can_write_is_refused(tool):
    shared = tool.work / "shared"
    shared.mkdir()
    shared.chmod(0o777)
    done = tool("run", "--state", str(shared), *SMALL, "--", "true")
    assert (done.returncode, done.stderr) == (
        1, f"slurm-mock: error: {shared} can be written by others: chmod 700 {shared}, or choose "
           "another --state\n")
    assert os.listdir(shared) == []
    shared.chmod(0o755)
    assert tool("run", "--state", str(shared), *SMALL, "--", "true").returncode == 0
    assert os.stat(shared / "small").st_mode & 0o777 == 0o700
    (shared / "small").chmod(0o770)
    assert "can be written by others" in tool("run", "--state", str(shared), *SMALL, "true").stderr


@pytest.mark.skipif(os.getuid() != 0, reason="only root can give a directory away")
def test_a_state_of_somebody_else_is_refused(tool):
    theirs = tool.work / "theirs"
    (theirs / "small").mkdir(parents=True, mode=0o700)
    os.chown(theirs / "small", 1, 1)
    done = tool("run", "--state", str(theirs), *SMALL, "--", "true")
    assert done.returncode == 1 and "belongs to another user" in done.stderr
    assert os.listdir(theirs / "small") == []


def test_all_files_are_the_owners_alone(tool):
    tool("run", *SMALL, "--", "bash", "-c", "sbatch -Q -W --wrap 'sleep 5'; srun true; squeue")
    found = 0
    for folder, dirs, files in os.walk(tool.home / ".local/state/slurm_mock"):
        for name in dirs + files:
            found += 1
            assert os.stat(os.path.join(folder, name)).st_mode & 0o077 == 0, (folder, name)
    assert found > 15


def test_a_state_that_is_a_file(tool):
    (tool.work / "file").write_text("x")
    done = tool("run", "--state", "file", *SMALL, "--", "true")
    assert done.returncode == 1 and "Traceback" not in done.stderr and "file" in done.stderr


def test_home_unset(tool):
    done = tool("run", "--state", str(tool.work / "s"), *SMALL, "--", "sinfo", "-h", "-o", "%P",
                without=["HOME"])
    assert (done.returncode, done.stdout, done.stderr) == (0, "debug*\nbatch\n", "")


def test_a_working_directory_that_is_gone(tool):
    done = subprocess.run(
        ["bash", "-c", f"mkdir gone && cd gone && rmdir ../gone && {sys.executable} -m slurm_mock run"
         f" --state {tool.work}/s --cluster small --no-load --speed step -- sinfo -h -o %P"],
        env={**CLEAN, "HOME": str(tool.home), "PYTHONPATH": os.getcwd()}, cwd=tool.work,
        capture_output=True, text=True)
    assert "Traceback" not in done.stderr
    assert (done.returncode, done.stdout) == (0, "debug*\nbatch\n") or done.returncode == 1


@pytest.mark.parametrize("words", [["clusters"], ["status"], ["reset"], ["run", "--", "true"]], ids=lambda w: w[0])
def test_a_working_directory_that_is_gone_is_named(tmp_path, monkeypatch, capsys, words):
    (tmp_path / "gone").mkdir()
    monkeypatch.chdir(tmp_path / "gone")
    (tmp_path / "gone").rmdir()
    monkeypatch.delenv("MOCK_SLURM_STATE", raising=False)
    assert cli.main(words) == 1
    assert capsys.readouterr() == ("", "slurm-mock: error: the working directory is gone: cd to one that is there\n")


def test_a_full_disk_is_named_without_a_file_where_there_is_none(monkeypatch, capsys):
    def full(*_):
        raise OSError(28, "No space left on device")
    monkeypatch.setattr(cli, "listing", full)
    assert cli.main(["clusters"]) == 1
    assert capsys.readouterr().err.startswith("slurm-mock: error: No space left on device: nothing was changed; ")


@pytest.mark.parametrize("locale", ["C", "POSIX", "C.UTF-8", "nonsense"])
def test_any_locale(tool, locale):
    done = tool("run", *SMALL, "--", "bash", "-c",
                "sbatch -Q -H -J 'ünï' --wrap true; squeue -h --me -o %j", LANG=locale, LC_ALL=locale)
    assert done.returncode == 0 and "ünï" in done.stdout


def test_reset_of_the_damaged_cluster_that_is_on(tool):
    done = tool("run", *SMALL, "--", "bash", "-c",
                f"echo poem > $MOCK_SLURM_STATE/store.db; {sys.executable} -m slurm_mock reset; ls -d $MOCK_SLURM_STATE")
    assert "starts afresh" in done.stdout and "No such file" in done.stderr, done
    assert tool("run", *SMALL, "--", "sinfo", "-h", "-o", "%P").stdout == "debug*\nbatch\n"


def test_the_clock_has_a_last_day(tool):
    done = tool("advance", "99999999999d", *SMALL)
    assert (done.returncode, done.stderr) == (0, "")
    look = tool("run", *SMALL, "--", "bash", "-c", "sbatch -Q -H --wrap true; squeue -h -o %V")
    assert look.stdout.startswith("9999-12-3") and look.stderr == ""
    done = tool("advance", "9" * 13, *SMALL)
    assert done.returncode == 1 and "the year 9999 is its last" in done.stderr
