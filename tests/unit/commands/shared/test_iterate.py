"""squeue -i and sinfo -i wait on the cluster's clock."""

from slurm_mock import machine
from slurm_mock.commands.shared import iterate
from slurm_mock.host import local


def test_the_machine_is_asked_to_wait(monkeypatch):
    waited = []

    class Patient(local.Local):
        def sleep(self, ctl, seconds):
            waited.append((ctl, seconds))
            yield seconds

    monkeypatch.setattr(machine, "here", Patient())
    assert next(iterate.wait("cluster", 5)) == 5 and waited == [("cluster", 5)]
