"""`scontrol show config`: what slurm.conf says, and Slurm 22.05's defaults for all else.
(Expectations: slurm.conf(5); transcripts scontrol-show, site, linear.)"""

import pytest

from slurm_mock.conf import defaults, keywords
from tests.clusters.reading import Tiny


@pytest.fixture
def shown(tmp_path):
    """A function of slurm.conf's keys -> {key: value} of `scontrol show config`."""
    def run(**config):
        told = Tiny(tmp_path / f"state{len(list(tmp_path.iterdir()))}", **config).run("scontrol", "show", "config")
        assert (told.code, told.err) == (0, "")
        pairs = (line.partition(" = ") for line in told.out.splitlines() if " = " in line)
        return {key.strip(): value for key, _, value in pairs}
    return run


def test_what_is_not_said_is_slurms_default(shown):
    config = shown()
    assert [config[key] for key in ("AuthType", "ClusterName", "KillWait", "MinJobAge", "ReturnToService",
                                    "SchedulerType", "SlurmctldPort", "SlurmdPort", "TreeWidth", "PriorityType")] == [
        "auth/munge", "tiny", "30 sec", "300 sec", "0", "sched/backfill", "6817", "6818", "50", "priority/basic"]
    assert config["SLURM_VERSION"] == "22.05.8" and config["MaxNodeCount"] == "7"
    assert config["SlurmctldHost[0]"] == "tinyhead" and config["NEXT_JOB_ID"] == "1"


def test_without_a_database(shown):
    config = shown()
    assert (config["AccountingStorageUser"], config["MaxDBDMsgs"]) == ("root", "0")
    config = shown(AccountingStorageType="accounting_storage/slurmdbd")
    assert (config["AccountingStorageUser"], config["MaxDBDMsgs"]) == ("N/A", "20028")   # 2 jobs + 4 nodes
    assert shown(MaxDBDMsgs="7")["MaxDBDMsgs"] == "7"


@pytest.mark.parametrize("key, value, told", [
    ("KillWait", "5", "5 sec"), ("EnforcePartLimits", "any", "ANY"), ("UsePAM", "1", "Yes"),
    ("TrackWCKey", "no", "No"), ("PreemptMode", "requeue", "REQUEUE"), ("SuspendTime", "600", "600 sec"),
    ("SuspendTime", "INFINITE", "INFINITE"), ("Licenses", "ansys:1", "ansys:1"),
    ("AccountingStorageTRES", "cpu,gres/gpu", "cpu,mem,energy,node,billing,fs/disk,vmem,pages,gres/gpu"),
    ("JobRequeue", "0", "0"), ("PreemptExemptTime", "1:00", "00:01:00")])
def test_a_key_is_shown_in_its_own_way(shown, key, value, told):
    config = {name.lower(): text for name, text in shown(**{key: value}).items()}
    assert config[key.lower()] == told


def test_the_memory_that_is_said(shown):
    config = shown()
    assert config["DefMemPerCPU"] == "500" and "DefMemPerNode" not in config
    assert config["MaxMemPerNode"] == "UNLIMITED"
    config = shown(DefMemPerCPU="0", DefMemPerNode="300", MaxMemPerCPU="4000")
    assert config["DefMemPerNode"] == "300" and config["MaxMemPerCPU"] == "4000"
    assert "DefMemPerCPU" not in config and "MaxMemPerNode" not in config


def test_only_multifactor_shows_its_weights(shown):
    assert not any(key.startswith("PriorityWeight") for key in shown())
    config = shown(PriorityType="priority/multifactor", PriorityWeightAge="1000", PriorityMaxAge="7-00:00:00")
    assert (config["PriorityWeightAge"], config["PriorityMaxAge"]) == ("1000", "7-00:00:00")


def test_each_line_is_a_keyword_or_told_by_the_controller():
    own = {"BOOT_TIME", "HASH_VAL", "JobDefaults", "MULTIPLE_SLURMD", "NEXT_JOB_ID", "SLURM_CONF",
           "SLURM_VERSION", "SlurmctldHost[0]", "SlurmctldPlugstack"}
    names = [line.partition(" =")[0] for line in defaults.DEFAULTS]
    assert {name for name in names if keywords.spelling(name) is None} <= own
    assert len(set(names)) == len(names)
