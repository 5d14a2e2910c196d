"""What the drivers share: they tell facts, one line each, and wait for conditions."""

import json
import subprocess
import time


def tell(name, value):
    """One fact, as a line that the test reads."""
    print(json.dumps([name, value]), flush=True)


def until(condition, seconds=120.0):
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
