"""scontrol update: how its words are read, and what is refused before slurmctld is asked.
(Expectations: scontrol(1); transcripts/scontrol/update-looks.txt, scontrol-steer.txt, story-update.txt.)"""

import pytest

from tests.clusters.reading import NOW, Tiny

UNSUPPORTED = "Update of this parameter is not supported: {0}\nRequest aborted\n"


@pytest.fixture
def tiny(tmp_path):
    tiny = Tiny(tmp_path / "s")
    tiny.run("sbatch", "--wrap", "true", "-J", "mine", "-t", "60", "-H")
    return tiny


def update(tiny, *words, admin=True):
    return tiny.run("scontrol", "update", *words, **({"MOCK_SLURM_ADMIN": "1"} if admin else {}))


@pytest.mark.parametrize("word, field, value", [
    ("TimeLimit=90", "time_limit", 90), ("timelimit=+30", "time_limit", 90), ("TimeLimit-=10", "time_limit", 50),
    ("timelimit=UNLIMITED", "time_limit", -2), ("JobName=new", "name", "new"), ("name=new", "name", "new"), ("comment=x", "comment", "x"),
    ("nice", "nice", 100), ("nice=-5", "nice", -5), ("numnodes=2-4", "max_nodes", 4), ("numcpus=3", "num_cpus", 3),
    ("numtasks=4", "ntasks", 4), ("minmemorycpu=100", "mem_per_cpu", 100), ("partition=short", "partition", "short"),
    ("starttime=now+60", "begin_time", NOW + 60), ("deadline=now+3600", "deadline", NOW + 3600), ("requeue=0", "requeue", 0),
    ("contiguous=yes", "contiguous", 1), ("oversubscribe=no", "exclusive", "exclusive"), ("workdir=/tmp", "work_dir", "/tmp"),
    ("mailtype=END,FAIL", "mail_type", "END,FAIL"), ("excnodelist=n1", "exc_nodes", "n1"), ("corespec=-1", "core_spec", None),
    ("features=ib", "features", "ib"), ("timemin=5", "time_min", 5)])
def test_a_waiting_job(tiny, word, field, value):
    told = update(tiny, "jobid=1", word)
    assert (told.code, told.err) == (0, "")
    assert getattr(tiny.store.job(1), field) == value


def test_a_value_may_stand_alone_and_a_name_may_find_the_job(tiny):
    assert update(tiny, "job", "1", "comment", "two words").code == 0 and tiny.store.job(1).comment == "two words"
    assert update(tiny, "jobname=mine", "comment=b").code == 0 and tiny.store.job(1).comment == "b"
    told = update(tiny, "jobname=nosuch", "comment=b")
    assert told.code == 1 and told.err == "scontrol: error: No jobs with name 'nosuch'\n"


@pytest.mark.parametrize("word, says", [
    ("timelimit=odd", "scontrol: error: Invalid TimeLimit value\n"), ("colour=red", UNSUPPORTED.format("colour=red")),
    ("timelimit-=90", "scontrol: error: TimeLimit decrement larger than current time limit (90 > 60)\n"),
    ("timelimit+=+9", "scontrol: error: Invalid syntax, variations of +=- are not accepted.\n"),
    ("comment+=x", "scontrol: error: Option comment+=x does not accept [+|-]= syntax\n"),
    ("admincomment-=x", "scontrol: error: Invalid syntax, AdminComment can not be subtracted from.\n"),
    ("numnodes=x", 'scontrol: error: "x" is not a valid requested node count\n'), ("numtasks=x", "scontrol: error: Invalid NumTasks value: x\n"),
    ("numcpus=0", "scontrol: error: Invalid NumCPUs value: 0\n"), ("priority=x", "scontrol: error: Invalid Priority value: x\n"),
    ("nice=99999999999", "scontrol: error: Nice value out of range (+/- 2147483645). Value ignored\n"),
    ("contiguous=odd", "scontrol: error: Invalid Contiguous value: odd\n"), ("mailtype=odd", "Invalid MailType: odd\n"),
    ("timemin=odd", "scontrol: error: Invalid TimeMin value\n"), ("minmemorynode=x", "scontrol: error: Invalid MinMemoryNode value: x\n"),
    ("corespec=x", "scontrol: error: Invalid CoreSpec value: x\n"), ("userid=nobodyatall", "Invalid UserID: nobodyatall\nRequest aborted\n"),
    ("arraytaskthrottle=-1", "scontrol: error: Invalid ArrayTaskThrottle value\n"), ("alone", "Invalid input: alone\nRequest aborted\n")])
def test_what_cannot_be_read(tiny, word, says):
    before = tiny.store.job(1).row()
    told = update(tiny, "jobid=1", word)
    assert (told.code, told.err) == (1, says) and tiny.store.job(1).row() == before


@pytest.mark.parametrize("words, says", [
    (["x=1"], 'No valid entity in update command\nInput line must include "NodeName", "PartitionName", "Reservation", '
              '"JobId", or "SlurmctldDebug"\n'),
    (["jobid=1"], "No changes specified\n"), (["jobid=9", "comment=x"], "Invalid job id specified for job 9\n"),
    (["stepid=1.0", "timelimit=5"], "slurm_update error: Access/permission denied\n"), (["slurmctlddebug=odd"], "invalid debug level: odd\n"),
    (["jobid=9", "numnodes=2"], "scontrol: error: Could not load state information for job 9: Invalid job id specified\n"),
    (["jobid=x", "timelimit+=2"], "scontrol: error: Invalid job ID x\n"),
    (["timelimit+=2", "jobid=1"], "scontrol: error: JobId must precede TimeLimit increment or decrement\n")])
def test_what_is_not_there(tiny, words, says):
    told = update(tiny, *words)
    assert (told.code, told.err) == (1, says)


def test_a_bad_time_is_told_and_left_out(tiny):
    told = update(tiny, "jobid=1", "starttime=odd", "comment=kept")
    assert told.err == "Invalid time specification (pos=0): odd\n" and tiny.store.job(1).comment == "kept"


def test_jobs_of_others_may_not_be_changed(tiny):
    job = tiny.job("bob")
    told = update(tiny, f"jobid={job.id}", "comment=x", admin=False)
    assert (told.code, told.err) == (1, f"Invalid user id for job {job.id}\n")


def test_whole_arrays_cannot_be_resized(tiny):
    tiny.job(id=20, array_id=20, array_tasks="1-3")
    tiny.job(id=21, array_id=20, array_task=0)
    assert update(tiny, "jobid=20", "numnodes=2").err == "scontrol: error: Job resizing not supported for job arrays\n"
    assert update(tiny, "jobid=20", "timelimit+=2").err == (
        "scontrol: error: TimeLimit increment/decrement not supported for job arrays\n")


def node(tiny, name="n1"):
    return tiny.controller().cluster().nodes[name]


@pytest.mark.parametrize("words, field, value", [
    (["weight=7"], "weight", 7), (["comment=x"], "comment", "x"), (["extra=x"], "extra", "x"), (["state=drain", 'reason="a b"'], "reason", "a b"),
    (["state=down", "reason=fan"], "state", "DOWN"), (["features=ib,new"], "features", "ib,new")])
def test_a_node(tiny, words, field, value):
    assert update(tiny, "nodename=n[1-2]", *words).err == ""
    assert getattr(node(tiny), field) == getattr(node(tiny, "n2"), field) == value != getattr(node(tiny, "n3"), field)


@pytest.mark.parametrize("words, says", [
    (["nodename=n1"], "No changes specified\n"), (["nodename=n1", "alone"], "scontrol: error: Invalid input: alone  Request aborted\n"),
    (["nodename=n1", "colour=red"], UNSUPPORTED.format("colour=red")),
    (["nodename=n1", "weight=x"], "scontrol: error: Weight value (x) is not a valid number\n"),
    (["nodename=n1", "state=drain"], "You must specify a reason when DOWNING or DRAINING a node. Request denied\n"),
    (["nodename=n9", "comment=x"], "slurm_update error: Invalid node name specified\n"),
    (["nodename=n[2-1]", "comment=x"], "slurm_update error: Invalid node name specified\n"),
    (["nodename=n1", "state=odd"], "Invalid input: state=odd\nRequest aborted\nValid states are: NoResp DRAIN FAIL FUTURE RESUME "
                                   "POWER_DOWN POWER_UP UNDRAIN\nNot all states are valid given a node's prior state\n")])
def test_nodes_that_stay_as_they_are(tiny, words, says):
    told = update(tiny, *words)
    assert (told.code, told.err) == (1, says)


def part(tiny, name="main"):
    return tiny.controller().part(name)


def test_a_partition(tiny):
    assert update(tiny, "partitionname=main", "state=drain", "maxtime=2:00:00", "maxnodes=UNLIMITED", "priorityjobfactor=5").err == ""
    assert (part(tiny).state, part(tiny).max_time, part(tiny).max_nodes, part(tiny).priority_factor) == ("DRAIN", 120, None, 5)


@pytest.mark.parametrize("words, says", [
    (["partition=main"], "scontrol: error: No changes specified\n"),
    (["partition=main", "alone"], "scontrol: error: Invalid input: alone  Request aborted\nslurm_update error: No error\n"),
    (["partition=main", "colour=red"], "scontrol: error: " + UNSUPPORTED.format("colour=red").replace(
        "\nRequest", "\n\nscontrol: error: Request") + "slurm_update error: No error\n"),
    (["partition=main", "maxtime=odd"], "scontrol: error: Invalid input maxtime=odd\nslurm_update error: No error\n"),
    (["partition=main", "maxnodes=x"], 'scontrol: error: Invalid numeric value "x" for MaxNodes.\nslurm_update error: No error\n'),
    (["partition=main", "minnodes=x"], 'scontrol: error: "x" is not a valid node count\nslurm_update error: No error\n'),
    (["partition=main", "prioritytier=99999"], "scontrol: error: Invalid PriorityTier value: 99999\nslurm_update error: No error\n"),
    (["partition=nosuch", "state=up"], "slurm_update error: Invalid partition name specified\n")])
def test_partitions_that_stay_as_they_are(tiny, words, says):
    told = update(tiny, *words)
    assert (told.code, told.err) == (1, says)


def test_reservations_are_changed_elsewhere(tiny):
    told = update(tiny, "reservation=r", "duration=5")
    assert told.err.startswith("Error updating the reservation: Requested reservation is invalid\n")
