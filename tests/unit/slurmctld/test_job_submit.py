"""What a job must pass to be accepted, and which of two mistakes is named.  (Expectations: sbatch(1);
transcripts/sbatch/sbatch-errors.txt, submit-limits.txt, jobs/refused-jobs.txt.)"""

import pytest

from slurm_mock.common.records import Job, Node, Reservation
from slurm_mock.common.slurm_errno import Refused
from slurm_mock.slurmctld import job_submit
from tests.clusters.planned import ask, cluster
from tests.clusters.reading import NOW, Tiny

FAILED = "Batch job submission failed: "


@pytest.fixture
def tiny(tmp_path):
    return Tiny(tmp_path / "s", Licenses="ansys:3")


def refused(tiny, words, **env):
    done = tiny.run("sbatch", *words.split(), "--wrap", "true", **env)
    assert done.code == 1 and done.out == ""
    return done.err.replace("sbatch: error: ", "").splitlines()


@pytest.mark.parametrize("words, says", [
    ("-p nosuch", ["invalid partition specified: nosuch", FAILED + "Invalid partition name specified"]),
    ("-w n9", [FAILED + "Invalid node name specified"]), ("-w n1 -x n1", [FAILED + "Invalid node name specified"]),
    ("-C nosuch", [FAILED + "Invalid feature specification"]), ("-L nosuch", [FAILED + "Invalid license specification"]),
    ("-d afterok:1:x", [FAILED + "Job dependency problem"]), ("--reservation=x", [FAILED + "Requested reservation is invalid"]),
    ("-a 0-5000", [FAILED + "Invalid job array specification"]), ("--nice=-5", [FAILED + "Invalid --nice value"]),
    ("--reboot", ["rebooting of nodes is only allowed for admins", FAILED + "Access/permission denied"]),
    ("--mem=900G", ["Memory specification can not be satisfied", FAILED + "Requested node configuration is not available"]),
    ("--mincpus=99", ["CPU count per node can not be satisfied", FAILED + "Requested node configuration is not available"]),
    ("--tmp=1G", ["Temporary disk specification can not be satisfied", FAILED + "Requested node configuration is not available"]),
    ("-B 9:1:1", ["Socket, core and/or thread specification can not be satisfied", FAILED + "Requested node configuration is not available"]),
    ("--gres=gpu:1", [FAILED + "Requested node configuration is not available"]), ("-p gpu --gres=gpu:k80:3", [FAILED + "Requested node configuration is not available"]),
    ("--time-min=2-0", [FAILED + "Invalid time-min specification (exceeds job's time or other limits)"]),
    ("--acctg-freq=60", [FAILED + "Invalid accounting frequency requested"]), ("-C ib --batch=k80", [FAILED + "Job --batch option is invalid or not a subset of --constraints"])])
def test_refused(tiny, words, says):
    assert refused(tiny, words) == says


@pytest.mark.parametrize("words", ["-n 200", "-N 99", "-t 9-0", "-p short -N3", "-d afterok:99", "-a 0-1000", "-p gpu --gres=gpu:2", "-C ib&ib", "-L ansys:2",
                                   "-p main,short", "--mem=0"])
def test_what_may_wait_for_its_time_is_taken(tiny, words):
    assert tiny.run("sbatch", *words.split(), "--wrap", "true").code == 0


def test_the_default_partition_and_its_time(tiny):
    tiny.run("sbatch", "--wrap", "true")
    assert (tiny.store.job(1).partition, tiny.store.job(1).time_limit) == ("main", 60)


def test_without_one_there_must_be_a_name(tiny):
    tiny.run("scontrol", "update", "partition=main", "default=no", MOCK_SLURM_ADMIN="1")
    assert refused(tiny, "") == [FAILED + "No partition specified or system default partition"]


@pytest.mark.parametrize("options, says", [
    ({"State": "DRAIN"}, "Required partition not available (inactive or drain)"), ({"RootOnly": "YES"}, "Access/permission denied"),
    ({"AllowGroups": "nosuchgroup"}, "User's group not permitted to use this partition")])
def test_partitions_that_are_closed(tiny, options, says):
    tiny.partition("own", "n1", options.pop("State", "UP"), **options)
    assert refused(tiny, "-p own") == [FAILED + says]


@pytest.mark.parametrize("words, says", [
    ("-n 999", "More processors requested than permitted"), ("-p short -w n3", "Requested nodes not in this partition"),
    ("-p short -N3", "Node count specification invalid"), ("-p short -t 60", "Requested time limit is invalid (missing or exceeds some limit)"),
    ("-p main,short -t 60", "Requested time limit is invalid (missing or exceeds some limit)")])
def test_limits_that_are_enforced(tmp_path, words, says):
    assert refused(Tiny(tmp_path / "all", EnforcePartLimits="ALL"), words) == [FAILED + says]
    anyone = Tiny(tmp_path / "any", EnforcePartLimits="ANY").run("sbatch", *words.split(), "--wrap", "true")
    assert anyone.code == (0 if "main," in words else 1)


def test_memory_beyond_a_cpus_takes_more_cpus(tmp_path):
    tiny = Tiny(tmp_path / "t", MaxMemPerCPU="1000")
    tiny.run("sbatch", "--mem-per-cpu=2500", "--wrap", "true")
    tiny.run("sbatch", "--mem=3000", "--wrap", "true")
    assert (tiny.store.job(1).cpus_per_task, tiny.store.job(1).mem_per_cpu) == (3, 834)
    assert tiny.store.job(2).min_cpus_node == 3


def test_arrays(tiny):
    tiny.run("sbatch", "-a", "1-7:2%2", "--wrap", "true")
    job = tiny.store.job(1)
    assert (job.array_tasks, job.array_limit, job.array_count, job.array_min, job.array_max, job.array_step) == ("1-7:2", 2, 4, 1, 7, 2)


def test_a_reservation_must_have_room(tiny):
    tiny.store.insert(Reservation(name="r", start_time=NOW, end_time=NOW + 60, nodes="n1", accounts="edu"))
    assert refused(tiny, "--reservation=r -N2") == [FAILED + "Requested node configuration is not available"]


def test_a_dependency_in_slurmctlds_words(tiny):
    job = tiny.running("n1")
    assert job_submit.depends(tiny.controller(), Job(), f"afterok:{job.id}") == f"afterok:{job.id}(unfulfilled)"
    assert job_submit.depends(tiny.controller(), Job(), "0") == ""
    with pytest.raises(Refused, match="Job dependency problem"):
        job_submit.depends(tiny.controller(), job, f"afterok:{job.id}")


def test_letters_that_are_none_are_marked():
    job = Job(name="caf\udce9", comment="plain")
    job_submit.only_text(job)
    assert job.name == "caf\ufffd" and job.comment == "plain"


@pytest.mark.parametrize("options, lacks", [("-n1", ""), ("--mincpus=9", "CPU count"), ("--mem=17000", "Memory"), ("--mem-per-cpu=9000 -c2", "Memory"),
                                            ("--threads-per-core=2", "Socket")])
def test_what_a_node_lacks(options, lacks):
    node = Node(name="n", cpus=8, memory=16000, sockets=2, cores=4, threads=1)
    assert job_submit.lacking(node, ask(options)).startswith(lacks) and bool(job_submit.lacking(node, ask(options))) == bool(lacks)


def test_gres_and_features():
    here = cluster()
    g1, c1 = here.nodes["g1"], here.nodes["c1"]
    assert job_submit.gres_on(g1, ask("--gres=gpu:2")) and not job_submit.gres_on(g1, ask("--gres=gpu:3"))
    assert not job_submit.gres_on(c1, ask("--gres=gpu:1")) and job_submit.gres_on(c1, ask("-C ib")) and not job_submit.gres_on(c1, ask("-C fat"))
    assert job_submit.gpus_enough(here, ask("-G4"), here.parts["gpu"]) and not job_submit.gpus_enough(here, ask("-G5"), here.parts["gpu"])
    assert job_submit.features_exist(here, "[haswell*2&ib]|gpu") and not job_submit.features_exist(here, "haswell&nosuch")
