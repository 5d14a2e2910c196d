"""Third-party clients, unmodified, drive the mock and real Slurm: to both applies one expectation."""

from __future__ import annotations

import json
import shutil
from pathlib import Path

import pytest

DRIVERS = Path(__file__).parent / "drivers"
# Seconds for one client on a busy machine.
LIMIT = 500

# What each client's driver tells, in order. They submit, poll, cancel and read accounting.
EXPECTED = {
    "submitit": {
        "result": 42, "id": True, "accounting": "submitit|main|COMPLETED|0:0",
        "error": "FailedJobError", "array": [10, 20, 30], "one id": True,
        "ranks": [[2, 4, 0], [2, 4, 1], [2, 4, 2], [2, 4, 3]], "cancelled": "CANCELLED",
        "heard": True, "withdrawn": "CANCELLED"},
    "psij": {
        "echo": ["COMPLETED", 0], "output": "hello\n", "false": ["FAILED", 1],
        "parallel": ["COMPLETED", 0], "ranks": ["0", "1", "2", "3"], "nodes": "2|4",
        "came to run": "ACTIVE", "listed": True, "attached": "ACTIVE", "cancelled": "CANCELED"},
    "parsl": {
        "results": [[0, "2"], [1, "2"], [4, "2"], [9, "2"]], "pilot": "2|RUNNING",
        "pilot after the end": "CANCELLED",
        "states": {"good": "COMPLETED", "bad": "FAILED", "long": "RUNNING"},
        "output": "hello\n", "failed": "FAILED|3:0", "cancel": [True]},
    "dask": {
        "header": True, "results": [1, 2, 3, 4], "where": True,
        "jobs": ["worker|main|RUNNING|1", "worker|main|RUNNING|1"], "at the end": "CANCELLED"},
    "reframe": {
        "exit code": 1, "Blocked": ["fail", "sanity"], "Blocked in accounting": "CANCELLED",
        "Fails": ["fail", "sanity"], "Fails in accounting": "FAILED",
        "Ranks": ["pass", None], "Ranks in accounting": "COMPLETED", "nodes": "2"},
    "snakemake": {
        "sum": ["part", "main"], "ended well": False,
        "at the end": {"part": "COMPLETED", "sum": "COMPLETED", "fails": "FAILED",
                       "sleeps": "CANCELLED"}},
}


@pytest.mark.slow
@pytest.mark.timeout(LIMIT + 60)
@pytest.mark.parametrize("client", EXPECTED)
@pytest.mark.parametrize("side", ["mock", "real"], indirect=True)
def test_a_client_drives(side, client, clients_environment, default_configuration, base):
    folder = side.folder(base, client)
    for file in DRIVERS.glob("*.py"):
        side.write(folder / file.name, file.read_text())
    bin_folder = clients_environment(client) / "bin"
    try:
        # as in an activated environment: its programs stand before Slurm's on PATH
        told = side.run(f'PATH="{bin_folder}:$PATH" exec python {client}_driver.py', folder,
                        timeout=LIMIT)
    finally:
        side.run('scancel -u "$USER"', folder)
    assert told.code == 0, told.stderr[-4000:]
    facts = [json.loads(line) for line in told.stdout.splitlines() if line.startswith("[")]
    assert dict(facts) == EXPECTED[client]
    shutil.rmtree(folder, ignore_errors=True)
