"""What weighs in slurm.conf.  (Expectations: slurm.conf(5), real slurmctld.)"""

from slurm_mock.common import tres
from slurm_mock.conf.weights import uncounted, weights


def test_weights():
    config = {"PriorityWeightAge": "1000", "PriorityWeightTRES": "CPU=10,Mem=0.25G"}
    found = weights(config)
    assert (found["Age"], found["QOS"]) == (1000, 0)
    # memory is counted in MiB: a quarter for each GiB
    assert found["TRES"] == {"cpu": 10.0, "mem": 0.25 / 1024}
    assert tres.weight_of("gres/gpu", "2K") == 2 / 1024


def test_what_is_not_counted():
    config = {"AccountingStorageTRES": "gres/gpu,gres/gpu:A100"}
    given = tres.tres_weights("CPU=1,Mem=0.5G,GRES/gpu=2,gres/gpu:a100=3")
    assert uncounted(given, config) == [] and uncounted(given, {}) == ["gres/gpu", "gres/gpu:a100"]
