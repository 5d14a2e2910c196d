"""sbcast: files for a job's nodes. Expectations: Slurm 22.05.8."""

import os


def test_a_copy_is_made_once_and_replaced_only_by_force(stepping):
    (stepping.work / "data").write_text("hello\n")
    stepping.script("job.sh", "sbcast data copy; echo $?; echo new > data; sbcast data copy; "
                              "echo $?; cat copy; sbcast -f data copy; cat copy")
    stepping.sh("sbatch -W -Q job.sh")
    assert stepping.read("slurm-1.out") == (
        "0\nsbcast: error: REQUEST_FILE_BCAST(n1): File exists\n17\nhello\nnew\n")


def test_preserve_keeps_mode_and_time(stepping):
    (stepping.work / "data").write_text("hello\n")
    os.chmod(stepping.work / "data", 0o750)
    os.utime(stepping.work / "data", (1, 1577923200))
    stepping.script("job.sh", "umask 077; sbcast data plain; sbcast -p data kept")
    stepping.sh("sbatch -W -Q job.sh")
    plain, kept = os.stat(stepping.work / "plain"), os.stat(stepping.work / "kept")
    assert (plain.st_mode & 0o777, kept.st_mode & 0o777) == (0o700, 0o750)
    assert kept.st_mtime == 1577923200 and plain.st_mtime != kept.st_mtime


def test_a_job_that_is_not_there(stepping):
    done = stepping.sh("sbcast -j 77 data copy")
    assert (done.returncode, done.stderr) == (255, "sbcast: error: Can't open `data`: No such file or directory\n")
    (stepping.work / "data").write_text("")
    done = stepping.sh("sbcast -j 77 data copy")
    assert (done.returncode, done.stderr) == (
        255, "sbcast: error: Slurm job 77 lookup error: Invalid job id specified\n")
    assert not os.path.exists(stepping.work / "copy")
