"""Who waits for the cluster's clock, or on it for something else.

A sleeper has a number (its lock goes by it: machine/locks.py, SLEEPER), the job it belongs to, its
process, and the moment at which it wakes: seconds since the epoch on the cluster's clock, None
where it waits for something else.  Each function takes the store first.
"""

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable, Iterable

    from .store import Store

# job_id of a sleeper that is no job's: a command of the user's that waits for the clock
OUTSIDE = -1


def register(store: "Store", hold: "Callable[[int], bool]", job_id: int, wake_at: "float | None",
             pid: int) -> int:
    """Enter a process among those that wait; its number. hold(number) takes the lock of a number:
    false where another still has it."""
    with store:
        number: int = store.ask("SELECT coalesce(MAX(id), 0) + 1 FROM sleepers")[0][0]
        while not hold(number):
            number += 1                  # who had that number has not yet let go of its lock
        store.change("INSERT INTO sleepers (id, job_id, wake_at, pid) VALUES (?, ?, ?, ?)",
                     (number, job_id, wake_at, pid))
    return number


def forget(store: "Store", numbers: "Iterable[int]") -> None:
    """Take sleepers from the list."""
    with store:
        for number in numbers:
            store.change("DELETE FROM sleepers WHERE id=?", (number,))


def forget_job(store: "Store", job_id: int) -> None:
    """Take all that belong to a job from the list, in a transaction of the caller's."""
    store.change("DELETE FROM sleepers WHERE job_id=?", (job_id,))


def everybody(store: "Store") -> "list[tuple[int, int]]":
    """(number, job id) of all."""
    return [(number, job_id) for number, job_id in store.ask("SELECT id, job_id FROM sleepers")]


def of_job(store: "Store", job_id: int) -> "list[tuple[int, float | None, int]]":
    """(number, moment at which it wakes, process id) of all that belong to a job."""
    return [(number, wake_at, pid) for number, wake_at, pid in store.ask(
        "SELECT id, wake_at, pid FROM sleepers WHERE job_id=?", (job_id,))]


def waiting(store: "Store", job_id: int) -> "list[int]":
    """Numbers of a job's that wait for something else than the clock."""
    return [number for number, in store.ask(
        "SELECT id FROM sleepers WHERE job_id=? AND wake_at IS NULL", (job_id,))]


def due(store: "Store", now: float) -> "list[int]":
    """Numbers of jobs' sleepers whose time has come."""
    return [number for number, in store.ask(
        "SELECT id FROM sleepers WHERE wake_at<=? AND job_id<>?", (now, OUTSIDE))]


def next_wake(store: "Store", now: float) -> "float | None":
    """When the next one after `now` wakes; None if nobody sleeps."""
    moment: "float | None" = store.ask("SELECT MIN(wake_at) FROM sleepers WHERE wake_at>?",
                                       (now,))[0][0]
    return moment
