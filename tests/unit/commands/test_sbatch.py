"""sbatch: what it takes, what it refuses and in which words; a refusal changes nothing.

The messages and codes are those of Slurm 22.05.8 (tests/conformance/transcripts/sbatch/).
"""

import os

import pytest

HELP = 'Try "sbatch --help" for more information\n'
FAILED = "sbatch: error: Batch job submission failed: "
NO_SCRIPT = ("sbatch: error: This does not look like a batch script.  The first\n"
             "sbatch: error: line must start with #! followed by the path to an interpreter.\n"
             "sbatch: error: For instance: #!/bin/sh\n")


LATE = ("Requested node configuration", "Requested reservation is invalid", "Invalid feature",
        "Job dependency problem", "Node count specification invalid")


@pytest.fixture
def here(stepping):
    stepping.script("job.sh", "hostname\n")
    return stepping


def refused(cluster, argv, err, code, **env):
    before = cluster.contents()
    result = cluster.command("sbatch", *argv, **env)
    assert (result.err, result.code, result.out) == (err, code, "")
    after = cluster.contents()
    # what slurmctld finds late has used up a job id
    late = any(text in err for text in LATE)
    assert after.pop("next id") == before.pop("next id") + late
    assert after.pop("kept") == before.pop("kept") + ("Requested node configuration" in err)
    assert after == before


@pytest.mark.parametrize("argv, err, code", [
    (["--nope", "job.sh"], "sbatch: unrecognized option '--nope'\n" + HELP, 255),
    (["-Z", "job.sh"], "sbatch: invalid option -- 'Z'\n" + HELP, 255),
    (["-J"], "sbatch: option requires an argument -- 'J'\n" + HELP, 255),
    (["--hold=1", "job.sh"], "sbatch: option '--hold' doesn't allow an argument\n" + HELP, 255),
    (["-p", "nope", "job.sh"], "sbatch: error: invalid partition specified: nope\n" + FAILED
     + "Invalid partition name specified\n", 1),
    (["-N", "0", "job.sh"], FAILED + "Node count specification invalid\n", 1),
    (["-N", "x", "job.sh"], 'sbatch: error: "x" is not a valid node count\n', 255),
    (["-N", "3-2", "job.sh"],
     "sbatch: error: Maximum node count 2 is less than minimum node count 3\n", 255),
    (["-n", "0", "job.sh"], 'sbatch: error: Invalid numeric value "0" for --ntasks.\n', 1),
    (["-n", "-1", "job.sh"], 'sbatch: error: Invalid numeric value "-1" for --ntasks.\n', 1),
    (["-n", "²", "job.sh"], 'sbatch: error: Invalid numeric value "²" for --ntasks.\n', 1),
    (["-c", "x", "job.sh"], 'sbatch: error: Invalid numeric value "x" for --cpus-per-task.\n', 1),
    (["-t", "banana", "job.sh"], "sbatch: error: Invalid --time specification\n", 255),
    (["-t", "10m", "job.sh"], "sbatch: error: Invalid --time specification\n", 255),
    (["-t", "job.sh"], "sbatch: error: Invalid --time specification\n", 255),
    (["--mem=lots", "job.sh"], "sbatch: error: Invalid --mem specification\n", 255),
    (["--mem=900G", "job.sh"], "sbatch: error: Memory specification can not be satisfied\n" + FAILED
     + "Requested node configuration is not available\n", 1),
    (["--mem=1G", "--mem-per-cpu=1G", "job.sh"],
     "sbatch: fatal: --mem, --mem-per-cpu, and --mem-per-gpu are mutually exclusive.\n", 1),
    (["-d", "afterok:x", "job.sh"], FAILED + "Job dependency problem\n", 1),
    (["--begin=tomorow", "job.sh"], "Invalid time specification (pos=0): tomorow\n"
     "sbatch: error: Invalid --begin specification\n", 255),
    (["--array=5-1", "job.sh"], FAILED + "Invalid job array specification\n", 1),
    (["--array=1-99999", "job.sh"], FAILED + "Invalid job array specification\n", 1),
    (["--reservation=nope", "job.sh"], FAILED + "Requested reservation is invalid\n", 1),
    (["-C", "nope", "job.sh"], FAILED + "Invalid feature specification\n", 1),
    (["--gres=gpu:1", "job.sh"], FAILED + "Requested node configuration is not available\n", 1),
    (["-p", "gpu", "--gres=gpu:9", "job.sh"],
     FAILED + "Requested node configuration is not available\n", 1),
    (["-w", "nope", "job.sh"], FAILED + "Invalid node name specified\n", 1),
    (["-w", "g1", "job.sh"], FAILED + "Requested node configuration is not available\n", 1),
    (["-L", "matlab:1", "job.sh"], FAILED + "Invalid license specification\n", 1),
    (["--mail-type=SOMETIMES", "job.sh"], "sbatch: error: Invalid --mail-type specification\n", 255),
    (["--signal=NOPE", "job.sh"], "sbatch: error: Invalid --signal specification\n", 255),
    (["--open-mode=x", "job.sh"], "sbatch: error: Invalid --open-mode specification\n", 255),
    (["--uid=root", "job.sh"], "sbatch: error: --uid only permitted by root user\n", 255),
    (["--wrap=x", "job.sh"],
     "sbatch: error: Script arguments not permitted with --wrap option\n", 1),
    (["missing.sh"], "sbatch: error: Unable to open file missing.sh\n", 1),
    (["no/such/folder/job.sh"], "sbatch: error: Unable to open file no/such/folder/job.sh\n", 1),
    (["."], "sbatch: error: Batch script is empty!\n", 1),
    (["/bin/ls"], NO_SCRIPT, 1),
    ([], "sbatch: error: Batch script is empty!\n", 1),
])
def test_refused(here, argv, err, code):
    refused(here, argv, err, code)


@pytest.mark.parametrize("argv, err", [
    (["-N", "2", "-n", "4", "-m", "plane=8"],
     "Too few processes for the requested {plane,node} distribution"),
    (["-m", "arbitrary"], "With Arbitrary distribution you need to specify a nodelist or hostfile "
     "with the -w option"),
    (["--hint=compute_bound,Nope"], 'unrecognized --hint argument "Nope", see --hint=help')])
def test_what_several_options_do_not_allow(here, argv, err):
    refused(here, [*argv, "job.sh"], f"sbatch: error: {err}\n", 1)


@pytest.mark.parametrize("argv, env, threads", [
    (["--hint=nomultithread"], {}, 1), (["--hint=NoMultithread,multithread"], {}, None),
    (["--hint=nope", "--threads-per-core=1"], {}, 1),
    (["--threads-per-core=1"], {"SBATCH_HINT": "nope"}, 1),
    (["--hint=multithread"], {"SBATCH_THREADS_PER_CORE": "1"}, None)])
def test_a_hint_and_what_goes_before_it(here, argv, env, threads):
    assert here.command("sbatch", "-H", *argv, "job.sh", **env).code == 0
    assert here.job(1).threads_per_core == threads


@pytest.mark.parametrize("value", ["plane", "plane=", "plane=0", "plane=-1", "plane=x", "plane=1x",
                                   "plane=2 ", "plane=2,pack", "plane=2:block", "plane=4294967297"])
def test_a_plane_without_a_size(here, value):
    refused(here, ["-m", value, "job.sh"],
            "sbatch: error: Invalid plane size or size not specified\n"
            "sbatch: error: Invalid --distribution specification\n", 255)


@pytest.mark.parametrize("value, size, kept", [
    ("plane=2", "x", 2), ("PLANE=2", "", 2), ("plane= +02", "", 2), ("plane", "3", 3)])
def test_a_plane_with_a_size(here, value, size, kept):
    here.command("sbatch", "-H", "-m", value, "job.sh", SLURM_DIST_PLANESIZE=size)
    assert here.job(1).distribution == f"plane={kept}"


@pytest.mark.parametrize("content, err", [
    (b"", "sbatch: error: Batch script is empty!\n"),
    (b" \n\t\n", "sbatch: error: Batch script contains only whitespace!\n"),
    (b"echo no shebang\n", NO_SCRIPT), (b"\n#!/bin/bash\n", NO_SCRIPT), (b"\xff\xfe#!", NO_SCRIPT),
    (b"\x7fELF\0\0", NO_SCRIPT),
    (b"#!/bin/bash\r\necho\r\n", "sbatch: error: Batch script contains DOS line breaks (\\r\\n)\n"
     "sbatch: error: instead of expected UNIX line breaks (\\n).\n"),
    (b"#!/bin/bash\n\0", "sbatch: error: The SLURM controller does not allow scripts that\n"
     "sbatch: error: contain a NULL character '\\0'.\n"),
    (b"#!/bin/bash\n#SBATCH --nope\n", "sbatch: unrecognized option '--nope'\n" + HELP),
    (b"#!/bin/bash\n#SBATCH -t ten\n", "sbatch: error: Invalid --time specification\n"),
    (b"#!/bin/bash\n#SBATCH word -t 3\n",
     "sbatch: error: Invalid directive found in batch script: word\n"),
])
def test_scripts_that_are_none(here, content, err):
    (here.work / "bad.sh").write_bytes(content)
    refused(here, ["bad.sh"], err, 255 if b"#SBATCH" in content else 1)


def test_a_script_that_may_not_be_read(here):
    # a file in the place of a folder stops root, too; the mode stops everybody else
    refused(here, ["job.sh/inner.sh"], "sbatch: error: Unable to open file job.sh/inner.sh\n", 1)
    if os.getuid():
        (here.work / "job.sh").chmod(0)
        refused(here, ["job.sh"], "sbatch: error: Unable to open file job.sh\n", 1)


def test_bad_variables(here):
    refused(here, ["job.sh"], "sbatch: error: Invalid --time specification\n", 255,
            SBATCH_TIMELIMIT="ten")
    refused(here, ["job.sh"], "sbatch: error: invalid partition specified: nope\n" + FAILED
            + "Invalid partition name specified\n", 1, SBATCH_PARTITION="nope")


def test_the_command_line_wins_over_variables_over_the_script(here):
    here.script("many.sh", "#SBATCH -J script -t 5\n#SBATCH --comment='two words' # remark\n"
                           "##SBATCH -J no\necho\n#SBATCH -J late\n")
    here.command("sbatch", "many.sh")
    here.command("sbatch", "many.sh", SBATCH_JOB_NAME="variable")
    here.command("sbatch", "-J", "typed", "-t", "7", "many.sh", SBATCH_JOB_NAME="variable")
    jobs = [here.job(i) for i in (1, 2, 3)]
    assert [(j.name, j.time_limit, j.comment) for j in jobs] == [
        ("script", 5, "two words"), ("variable", 5, "two words"), ("typed", 7, "two words")]
    here.out("sleep 5")


def test_what_is_printed(here):
    assert here.command("sbatch", "-H", "job.sh").out == "Submitted batch job 1\n"
    assert here.command("sbatch", "-H", "--parsable", "job.sh").out == "2\n"
    quiet = here.command("sbatch", "-H", "-Q", "job.sh")
    assert (quiet.out, quiet.err, quiet.code) == ("", "", 0)
    assert here.command("sbatch", "-V").out == "slurm-wlm 22.05.8\n"
    assert "--begin" in here.command("sbatch", "--help").out


def test_test_only_keeps_nothing(here):
    before = here.contents()
    done = here.command("sbatch", "--test-only", "-N2", "job.sh")
    assert (done.code, done.out) == (0, "") and done.err == (
        "sbatch: Job 1 to start at 2026-03-02T09:00:00 using 2 processors on nodes n[1-2] in "
        "partition main\n")
    # but for the id that slurmctld, too, uses up for the trial
    assert here.contents() == {**before, "next id": 2}


@pytest.mark.parametrize("stdin, code", [(b"#!/bin/bash\necho typed\n", 0), (b"", 1), (b"no\n", 1)])
def test_a_script_from_stdin(here, stdin, code):
    done = here.command("sbatch", stdin=stdin)
    assert done.code == code
    if not code:
        here.out("sleep 5")
        assert (here.job().name, here.read("slurm-1.out")) == ("sbatch", "typed\n")


def test_arguments_reach_the_script(here):
    here.script("args.sh", 'printf "%s|" "$#" "$@"\n')
    here.out("sbatch -Q -W args.sh one 'two three' --four -J five '$(x)'")
    assert here.read("slurm-1.out") == "6|one|two three|--four|-J|five|$(x)|"


def test_paths_with_blanks_and_unicode(here):
    folder = here.work / "a folder ü"
    folder.mkdir()
    (folder / "my job.sh").write_text("#!/bin/bash\npwd\n")
    here.out(f'cd "{folder}" && sbatch -Q -W "{folder}/my job.sh"')
    assert (folder / "slurm-1.out").read_text() == f"{folder}\n"


def test_an_array_of_many_ends_as_its_worst_task(here):
    done = here.sh("sbatch --wait -Q -a 0-3 --wrap 'sleep $SLURM_ARRAY_TASK_ID; "
                   "exit $SLURM_ARRAY_TASK_ID'")
    assert done.returncode == 3
    assert sorted(f.name for f in here.work.glob("slurm*")) == [f"slurm-1_{i}.out" for i in range(4)]


def test_eight_submitters_get_distinct_ids(here):
    done = here.out("for i in 1 2 3 4 5 6 7 8; do (for j in 1 2 3; do sbatch -H --parsable job.sh;"
                    " done) & done; wait")
    assert sorted(map(int, done.split())) == list(range(1, 25))


def test_a_nodefile_that_is_not_text(here):
    (here.work / "nodes").write_bytes(b"n1 \xff\x00n2\n")
    refused(here, ["-F", "nodes", "job.sh"], FAILED + "Invalid node name specified\n", 1)
