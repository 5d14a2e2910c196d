"""All figures of issue 4, written into benchmarks/RESULTS.md.

    python benchmarks/results.py [--real] [--quick] [--out FILE]

--real: against the real Slurm 22.05.8 of this machine, which is started for it (as root, on
Debian).  The medians are of 9 rounds; of the rows that take minutes (1,000 jobs) of 3.  --quick
is for looking whether it all works: tenth parts, one round each, nothing worth keeping.
"""

from __future__ import annotations

import argparse
import os
import platform
import shutil
import sys
import time
from contextlib import ExitStack
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
sys.path.insert(0, str(ROOT))

from benchmarks import bench, scale, whole  # noqa: E402
from benchmarks.bench import Side, switched_on, tell  # noqa: E402

RESULTS = Path(__file__).parent / "RESULTS.md"
HEAD = """\
# How fast the emulator is

Written by `{command}` on {date}, in {minutes:.0f} minutes.

- Machine: {machine}
- Load before it began: {load}
- Compared with: {real}

Each figure is a ratio of medians taken in one run, in which the things compared take turns; `n`
says of how many rounds. What is compared with real Slurm has the same `slurm.conf` on both
sides (ten nodes, {conf}).

| what | takes | ratio | to | at most | kept | n |
| --- | --- | --- | --- | --- | --- | --- |
"""
NOTES = Path(__file__).parent / "notes.md"


def rows(stack, folder, real_too, quick):
    """All rows, in the order of the table in issue 4."""
    rounds, few, tenth = (1, 1, 10) if quick else (9, 3, 1)
    yield from bench.commands(rounds, "small", folder)
    yield from bench.commands(rounds, "tegner", folder)
    real, conf = None, "small"
    if real_too:
        from tests.conformance.real_slurm import RealSlurm
        slurm = RealSlurm(folder / "slurm")
        slurm.variant = "scale"
        stack.enter_context(slurm)
        real, conf = Side({**os.environ, **slurm.environment()}, folder), slurm.conf
    yield from scale.queue(folder, conf, real, rounds, 10_000 // tenth)
    mock = Side(switched_on(folder / "mock", conf, "--no-load"), folder)
    yield from scale.throughput(mock, real, rounds, few, 1000 // tenth)
    bench.end(mock.env)
    stack.close()                            # real Slurm is not needed any more
    yield from whole.ci_round(folder, real_too, rounds)
    yield from scale.history(folder, rounds, 100_000 // tenth)
    yield from scale.nodes(folder, rounds, 10_000 // tenth)
    yield from whole.memory(folder)
    yield from whole.month(30 / tenth)
    if not quick:                            # the book alone takes minutes
        from benchmarks import notebooks
        yield from notebooks.challenges(folder, few)
        yield from notebooks.book(folder, few)


def processor():
    """The name of the processor, as /proc/cpuinfo has it."""
    try:
        with open("/proc/cpuinfo") as file:
            return next(line.partition(":")[2].strip() for line in file
                        if line.startswith("model name"))
    except (OSError, StopIteration):
        return platform.machine()


def table(found, began, load, command, real):
    """The text of RESULTS.md."""
    head = HEAD.format(
        command=command, date=time.strftime("%Y-%m-%d"), minutes=(time.time() - began) / 60,
        machine=f"{os.cpu_count()} x {processor()}, {platform.system()} {platform.release()}, "
                f"Python {platform.python_version()}",
        load=load, real="Slurm 22.05.8 on the same machine" if real else "nothing",
        conf="`tests/conformance/cluster`, variant `scale`")
    lines = [f"| {r.what} | {r.mine} | {r.shown} | {r.against} | {r.most:g} | {r.verdict} | {r.rounds} |\n"
             for r in found]
    return head + "".join(lines) + "\n" + NOTES.read_text()


def main():
    """Measure, print, write."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--real", action="store_true")
    parser.add_argument("--quick", action="store_true")
    parser.add_argument("--out", type=Path, default=RESULTS)
    asked = parser.parse_args()
    folder, began = bench.workplace(), time.time()
    load = ", ".join(f"{number:.1f}" for number in os.getloadavg())
    try:
        with ExitStack() as stack:
            found = [tell(row) for row in rows(stack, folder, asked.real, asked.quick)]
    finally:
        shutil.rmtree(folder, ignore_errors=True)
    command = " ".join(["make bench-results", *(["ARGS=--real"] if asked.real else [])])
    asked.out.write_text(table(found, began, load, command, asked.real))
    print(f"{asked.out}: {sum(r.verdict == 'yes' for r in found)} of {len(found)} rows kept, "
          f"{(time.time() - began) / 60:.1f} minutes")


if __name__ == "__main__":
    main()
