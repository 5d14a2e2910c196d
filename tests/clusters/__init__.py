"""The makers of clusters for tests, one a file; their fixtures are known in every test folder
(tests/conftest.py).

| I need ...                                              | use ...                               |
| ------------------------------------------------------- | ------------------------------------- |
| what a scheduler's part decides: nodes, jobs as sbatch's | `planned.cluster`, `planned.ask`      |
| options make them, in memory, no store                  |                                       |
| what a command prints of records that I write by hand:  | `reading.Tiny`                        |
| a store, no processes, the clock stands at `NOW`        |                                       |
| processes, their owners and signals that I write by     | fixture `staged`, with `reading.Tiny` |
| hand, where a command or slurmctld asks for them        |                                       |
| jobs that really run: processes, files, shell scripts,  | fixture `living` (speed, conf, user); |
| signals; on the stepping clock, or in real time         | `stepping`: with the stepping clock   |
| the same without processes: the machine of the browser, | fixtures `in_process`, `small`        |
| all in this interpreter, time jumps                     | (in_one_process.py)                   |
| a bundled cluster as it is when it opens, no store      | `bundled.opened`                      |
| real Slurm beside the mock, on the same slurm.conf      | fixtures `real`, `mock` of            |
|                                                         | tests/conformance (sides.py)          |

The further down, the slower: from milliseconds (planned, reading) to seconds (living, real). A test
that only needs to end what an own state directory runs takes the fixture `ended`.
"""
