"""Waiting for jobs, with a bound, and with a display that changes in place.

It waits by the command `sleep`, which waits for the cluster's clock, whatever that is.
"""

from checks_slurm import elements, find_job, indices, one_moment, run

BOUND = 1200  # seconds: how long a check waits for a job
LONG = 300  # seconds in the queue after which it says that the queue is long
LONG_QUEUE = "The queue is long, which is not your fault: interrupt this cell (■), and run it again later."
# Reasons for which a job waits until somebody does something about it.
STUCK = ("JobHeldUser", "JobHeldAdmin", "DependencyNeverSatisfied", "PartitionTimeLimit", "PartitionNodeLimit",
         "BadConstraints")
WIDTH = 24  # of the bar, in characters


class Display:
    """What a wait shows: a line for each state there was, and, while it lasts, a bar of how long it has waited and how
    long it will at most.  In a notebook the bar changes in place, and is gone in the end; elsewhere there is none, and
    a long queue is told of once."""

    def __init__(self):
        self.seen, self.handle, self.told = None, None, False

    def state(self, line):
        """A state was seen; nothing is said of one that was seen last."""
        if self.seen != line:
            self.seen = line
            print(line, flush=True)

    def waited(self, seconds, bound, queued):
        """Draw the bar.  queued: is it for the queue that we wait?"""
        full = min(WIDTH, WIDTH * seconds // bound)
        bar = f"[{'#' * full}{'-' * (WIDTH - full)}] {clock(seconds)} waited, {clock(bound)} at most"
        long = queued and seconds >= LONG
        self._show(f"<pre>{bar}{chr(10) + LONG_QUEUE if long else ''}</pre>")
        if long and not self.handle and not self.told:
            self.told = True
            print(LONG_QUEUE, flush=True)

    def end(self):
        if self.handle:
            self._show("")

    def _show(self, text):
        # As plain text it is nothing: what is compared or saved is the same however long it took.
        data = {"text/plain": "", "text/html": text}
        if self.handle:
            self.handle.update(data, raw=True)
        elif in_notebook():
            from IPython.display import display
            self.handle = display(data, raw=True, display_id=True)


def in_notebook():
    """Is there a front end whose output can be changed?"""
    try:
        from IPython import get_ipython
    except ImportError:
        return False
    return hasattr(get_ipython(), "kernel")


def clock(seconds):
    return f"{seconds // 60}:{seconds % 60:02d}"


def until(look, bound):
    """Call look() until it says that the wait is over, or `bound` seconds have passed; what it gave last.

    look() returns (what it found, a line that describes it, over?, is it in the queue?).  The pauses grow
    with the time waited, from one second to fifteen.
    """
    shown, waited = Display(), 0
    while True:
        found, line, over, queued = look()
        shown.state(line)
        if over or waited >= bound:
            shown.end()
            if not over:
                print(f"{clock(waited)} waited, which is as long as this waits: run the cell again later.", flush=True)
            return found
        shown.waited(waited, bound, queued)
        pause = max(1, min(15, waited, bound - waited))
        run("sleep", str(pause))
        waited += pause


def wait_for(job, bound=BOUND):
    """Wait until `job` is over or `bound` seconds have passed; the Job as it is then.

    It does not wait for what cannot come.
    """
    def look():
        now = find_job(job.id) or job
        return now, described(now), now.over or now.reason in STUCK, now.state == "PENDING"
    return until(look, bound)


def wait_for_start(job, bound=BOUND):
    """Wait until `job` has begun (or ended, or never will); the Job as it is then."""
    def look():
        now = find_job(job.id) or job
        return now, described(now), now.state != "PENDING" or now.reason in STUCK, True
    return until(look, bound)


def described(job):
    line = f"job {job.id}: {job.state}"
    if job.state == "PENDING":
        return line + f" ({job.reason or 'None'})"
    return line + f" on {job.nodes}" if job.nodes and not job.over else line


def wait_for_all(job_id, bound=BOUND):
    """As wait_for, for all elements of an array; the Jobs of its elements as they are then."""
    first = elements(job_id)
    if len(first) == 1 and "_" not in first[0].id:
        return [wait_for(first[0], bound)]
    count = sum(len(indices(job.id)) for job in first)

    def look():
        found, states = elements(job_id, count), {}
        for job in found:
            states[job.state] = states.get(job.state, 0) + len(indices(job.id))
        line = f"array {job_id}: " + ", ".join(f"{count} {state}" for state, count in sorted(states.items()))
        return found, line, all(job.over for job in found), "RUNNING" not in states
    return until(look, bound)


def wait(job_id, bound=BOUND, start=False):
    """Wait until the job of that number is over (all elements, if it is an array); for a notebook's own use.

    start: only until it has begun.  Says what it waits for, and gives up after `bound` seconds.
    """
    number = str(job_id).split("_")[0]
    with one_moment():
        found = elements(number) if number.isdigit() else []
        if not found:
            print(f"there is no job {job_id!r} to wait for")
        elif start:
            wait_for_start(found[0], bound)
        else:
            wait_for_all(number, bound)
