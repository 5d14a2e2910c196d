"""The queue as the scheduler gets to see it, and what becomes of its decisions, on a store."""

import pytest

from slurm_mock.conf import params
from tests.clusters.living import CONF


@pytest.mark.parametrize("config, name, value", [
    ({}, "bf_window", 1440), ({}, "default_queue_depth", 100),
    ({"SchedulerParameters": "defer,bf_interval=3,bf_max_job_test=50"}, "bf_interval", 3),
    ({"SchedulerParameters": "bf_interval=3,bf_max_job_test=50"}, "bf_max_job_test", 50),
    ({"SchedulerParameters": "bf_interval"}, "bf_interval", 30)])
def test_parameters(config, name, value):
    assert params.parameter(config, name) == value


def test_array_tasks_give_their_nodes_back_when_hours_pass_at_once(stepping):
    stepping.script("task.sh", "sleep 60\n")
    stepping.out("sbatch --array=1-9 --exclusive -o /dev/null task.sh")
    stepping.out("sleep 400")
    assert stepping.out("sacct -n -X -o state | sort | uniq -c").split() == ["9", "COMPLETED"]


def test_a_long_queue_of_one_partition_does_not_hide_another(living):
    here = living(0.0, CONF + "SchedulerParameters=default_queue_depth=2,bf_max_job_test=2\n")
    here.script("long.sh", "sleep 3000\n")
    for _ in range(4):
        here.out("sbatch -N 4 --exclusive -t 60 -o /dev/null long.sh")
    here.out("sbatch -p gpu -t 60 -o /dev/null long.sh")
    states = here.out("squeue -h -S i -o '%P %t'").split("\n")
    assert states == ["main R", "main PD", "main PD", "main PD", "gpu R", ""]
    here.out("scancel -u alice")


def test_a_job_whose_dependency_ended_well_starts(stepping):
    first = stepping.out("sbatch --parsable -o /dev/null --wrap 'sleep 30'").strip()
    stepping.out(f"sbatch -d afterok:{first} -o /dev/null --wrap true")
    stepping.out(f"sbatch -d afternotok:{first} -o /dev/null --wrap true")
    assert stepping.out("squeue -h -t PD -o %r").split() == ["Dependency"] * 2
    stepping.out("sleep 60")
    assert stepping.out("squeue -h -o '%t %r'") == "PD DependencyNeverSatisfied\n"
    stepping.out("scancel -u alice")
