"""What a program waits for."""

from slurm_mock.posix.wait import Signalled, Wait


def test_a_wait_gives_itself_to_the_world():
    wait = Wait(until=5.0)
    asked = wait.__await__()
    assert next(asked) is wait and (wait.until, wait.done, wait.breath) == (5.0, None, False)


def test_a_signal_is_no_mistake_that_a_program_catches():
    assert Signalled(15).signum == 15 and not issubclass(Signalled, Exception)
