"""What the drivers share: they tell facts, one line each, and wait for conditions."""

import json
import subprocess
import time


def tell(name, value):
    """One fact, as a line that the test reads."""
    print(json.dumps([name, value]), flush=True)


def until(condition, seconds=200.0):
    """Wait until the condition's value is true; that value. TimeoutError after `seconds`."""
    end = time.monotonic() + seconds
    while not (value := condition()):
        if time.monotonic() > end:
            raise TimeoutError("it did not come about in time")
        time.sleep(0.2)
    return value


def accounted(job, fields):
    """What sacct knows of one job (no steps), fields with | in between."""
    command = ["sacct", "-n", "-X", "-P", "-j", str(job), "-o", fields]
    return subprocess.run(command, check=True, capture_output=True, text=True).stdout.strip()


def once(job, state, fields="state"):
    """What sacct knows of a job once its state begins so.

    Accounting may be behind the queue, and of a short job it knows the end before the name and
    the partition.
    """
    until(lambda: accounted(job, "state,partition").startswith(state)
          and accounted(job, "partition"))
    return accounted(job, fields)


def ended(job):
    """The state in accounting of a job that has ended, once accounting knows of its end."""
    until(lambda: accounted(job, "state") not in ("", "PENDING", "RUNNING", "COMPLETING"))
    return accounted(job, "state")


def states(jobs):
    """The jobs' states in accounting, sorted, without who cancelled; "" of one not known yet."""
    return sorted((accounted(job, "state").split() or [""])[0] for job in jobs)
