"""Run transcripts on a real Slurm and write its answers into them.

    python -m tests.conformance.record [--dir /tmp/real] [NAME...]

With --dir the cluster that real_slurm.py started there is used, else one is
started for this run.  Answers are never edited by hand: record them.
"""

from __future__ import annotations

import argparse
import tempfile
from pathlib import Path

from tests.conformance import transcript
from tests.conformance.real_slurm import RealSlurm
from tests.conformance.sides import Real


def record(path: Path, side: Real, base: Path) -> None:
    """Play one transcript and write it anew."""
    steps = transcript.read(path)
    side.settle(transcript.variant(steps))
    try:
        for step, lines in transcript.play(steps, side, side.folder(base, path.stem), True):
            step.body = lines
    finally:
        transcript.write(path, steps)


def main() -> None:
    parser = argparse.ArgumentParser(description="Record transcripts from a real Slurm.")
    parser.add_argument("--dir", type=Path, help="folder of a running cluster")
    parser.add_argument("names", nargs="*", help="transcripts, all if none is named")
    asked = parser.parse_args()
    known = transcript.paths()
    if unknown := set(asked.names) - known.keys():
        parser.error(f"no such transcript: {', '.join(sorted(unknown))}")
    paths = [known[name] for name in asked.names or known]
    with tempfile.TemporaryDirectory() as base:
        Path(base).chmod(0o755)
        if asked.dir:
            _record_all(paths, RealSlurm(asked.dir, lasting=True), Path(base))
        else:
            with RealSlurm() as cluster:
                _record_all(paths, cluster, Path(base))


def _record_all(paths: list[Path], cluster: RealSlurm, base: Path) -> None:
    side = Real(cluster)
    for path in paths:
        print(path.stem, flush=True)
        try:
            record(path, side, base)
        except (TimeoutError, transcript.Malformed) as error:
            print(f"  {error}", flush=True)


if __name__ == "__main__":
    main()
