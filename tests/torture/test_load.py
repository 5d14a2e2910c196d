"""Many at once: processes that submit, hold, release, requeue, cancel and ask at random."""

from __future__ import annotations

import threading
import time

import pytest

from slurm_mock.common.records import ACTIVE, Job, Node
from slurm_mock.store.store import Store
from tests.torture import history
from tests.torture.test_kill import CONF, settled

# What one process does, over and over; $RANDOM is seeded, ids are chosen from what there is.
CLIENT = """\
RANDOM=%d
ids=()
for ((turn = 0; turn < %d; turn++)); do
    one=${ids[RANDOM %% (${#ids[@]} + 1)]}
    case $((RANDOM %% 12)) in
    0|1|2|3) ids+=($(sbatch --parsable --requeue -n $((RANDOM %% 6 + 1)) -o /dev/null \\
                     --wrap "sleep 0.$((RANDOM %% 4))")) ;;
    4) ids+=($(sbatch --parsable -a 0-3%%2 -o /dev/null --wrap "sleep 0.1")) ;;
    5) [ -z "$one" ] || ids+=($(sbatch --parsable -d afterany:$one -o /dev/null --wrap true)) ;;
    6) [ -z "$one" ] || scontrol hold $one ;;
    7) [ -z "$one" ] || scontrol release $one ;;
    8) [ -z "$one" ] || scontrol requeue $one ;;
    9) [ -z "$one" ] || scancel $one ;;
    10) squeue -r >/dev/null ;;
    11) sacct -X >/dev/null ;;
    esac
done
for one in ${ids[@]}; do echo $one; done
"""


class Watch(threading.Thread):
    """Looks at the store again and again: what must hold at every instant, and each job's states."""

    def __init__(self, state):
        super().__init__()
        self.state, self.stop = state, False
        self.seen, self.wrong, self.looks = {}, [], 0

    def run(self):
        store = Store(self.state)
        nodes = {node.name: node for node in store.select(Node)}
        while not self.stop:
            jobs = store.select(Job)            # one statement: one consistent picture
            self.looks += 1
            self.wrong += history.overbooked(nodes, [j for j in jobs if j.phase == ACTIVE])
            running = {}
            for job in jobs:
                states = self.seen.setdefault(job.id, [])
                if not states or states[-1] != (job.state, job.restarts):
                    states.append((job.state, job.restarts))
                # of an array only the record of tasks that never ran obeys the limit, in Slurm too
                if job.array_limit and job.phase == ACTIVE and not job.restarts:
                    running[job.array_id] = running.get(job.array_id, 0) + 1
            self.wrong += [f"{n} tasks of {i} at once" for i, n in running.items() if n > 2]
            time.sleep(0.01)
        store.close()


@pytest.mark.timeout(600)
@pytest.mark.parametrize("clients, turns", [
    (3, 12), pytest.param(8, 60, marks=pytest.mark.slow)])
def test_everything_at_once(living, seed, tally, clients, turns):
    cluster = living(100.0, CONF)
    watch = Watch(cluster.state)
    watch.start()
    try:
        running = [cluster.popen(CLIENT % (seed.randrange(1, 32768), turns))
                   for _ in range(clients)]
        told = [process.communicate(timeout=400) for process in running]
        # what is held or depends on what is held ends here
        cluster.sh("scontrol release $(squeue -h -o %A | sort -u | paste -sd,) 2>/dev/null")
        cluster.sh("scancel -t PD -u alice")
        settled(cluster, 200)
    finally:
        watch.stop = True
        watch.join()
    assert "Traceback" not in "".join(err for _, err in told)
    assert watch.looks > 10 and watch.wrong == []
    assert history.disorder(watch.seen) == []
    assert history.faults(cluster.state) == []
    promised = {int(line) for out, _ in told for line in out.split()}
    known = {job.array_id or job.id for job in history.jobs_of(cluster.state)}
    assert promised and promised == known
    check_dependencies(cluster)
    tally["commands of clients at once"] += clients * turns
    tally["looks at the store while they went on"] += watch.looks
    tally.update(f"jobs under load that ended {job.state}"
                 for job in history.jobs_of(cluster.state))


def check_dependencies(cluster):
    """Nobody began before whom he waited for had ended (a requeue afterwards aside)."""
    jobs = history.jobs_of(cluster.state)
    ends = {}
    for job in jobs:
        number = job.array_id or job.id
        ends.setdefault(number, []).append(job)
    for job in jobs:
        before = job.submit_line.partition("afterany:")[2].split(" ")[0]
        if before and job.start_time and not job.restarts:
            for other in ends[int(before)]:
                if other.start_time and not other.restarts:
                    assert other.end_time <= job.start_time, (other.id, job.id)
