"""machine.py: commands that wait are generators; this computer waits at once."""

from slurm_mock import commands, machine
from slurm_mock.host import local
from slurm_mock.machine.proctrack import table


def test_finish_gives_what_the_generator_returns():
    def steps():
        got = yield from ()
        assert got is None
        return 7

    assert machine.here.finish(steps()) == 7


def test_finish_lets_errors_through():
    def steps():
        yield
        raise ValueError("broken")

    try:
        machine.here.finish(steps())
    except ValueError as error:
        assert str(error) == "broken"
    else:
        raise AssertionError("the error was swallowed")


def test_this_computer_knows_its_processes():
    me = table()[machine.here.pid()]
    assert me.pid == machine.here.pid() and me.parent in table()


def test_a_command_that_waits_gives_way_only_to_another_machine(monkeypatch):
    """Another machine's wait reaches whoever runs the generator; its value goes on."""
    class Patient(local.Local):
        def sleep(self, ctl, seconds):
            yield seconds

    class Call:
        argv, controller = ["90"], None

    monkeypatch.setattr(machine, "here", Patient())
    steps = commands.find("sleep")(Call())
    assert next(steps) == 90
    assert local.Local().finish(steps) == 0
