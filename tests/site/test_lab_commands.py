"""Command lines typed into a notebook: the lab in the browser gives the bytes that the desktop gives."""

from __future__ import annotations

import pytest
from lesson_facts import read_facts
from nbformat.v4 import new_code_cell, new_notebook
from playwright.sync_api import sync_playwright

from slurm_mock.commands import SLURM
from tests.needs import need
from tools import make_notebooks, notebook_run
from tools.lab_visit import SECONDS, LabVisit, lab_server, lone_browser

from .conftest import ROOT
from .test_lab import HERE

# That one interpreter gives the desktop's bytes is what conformance/test_in_process.py shows, too, and
# that it does so in the browser the other tests of the lab.
pytestmark = [pytest.mark.slow, pytest.mark.nightly, pytest.mark.timeout(3 * SECONDS)]

# One after the other, on one cluster: what a line does the next ones see.
LINES = """\
sinfo
sinfo -s
sinfo -N -l
sinfo -R
sinfo -o "%P %a %l %D %t %N"
sinfo -o "%20P|%.5D|%C|%G"
sinfo -O nodehost:12,statelong,cpus,memory
sinfo -t idle -h -o %n
sinfo -p nope
sinfo --nope
squeue
squeue -l
squeue -r
squeue --start
squeue -o "%i %P %.8j %u %t %M %D %R"
squeue -O jobid:8,username:10,state,reasonlist:40
squeue -t PD -h -o "%i %r"
squeue -t R -S -M -o "%i %M"
squeue -u nobody-like-this
squeue -j 999999
squeue -o "%Z" -j 999999 -h
sbatch
sbatch nope.sh
sbatch -p nope --wrap true
sbatch -N 100000 --wrap true
sbatch -t soon --wrap true
sbatch --mem=lots --wrap true
sbatch --nope --wrap true
sbatch -A nope --wrap true
sbatch --begin=sometime --wrap true
sbatch --dependency=afterok:999999 --wrap true
sbatch -a 5-1 --wrap true
printf 'echo hello\\n' > bare.sh; sbatch bare.sh
printf '#!/bin/bash\\n#SBATCH -J named -t 5 -n 2\\nsrun hostname\\nexit 3\\n' > named.sh
sbatch --test-only named.sh 2>&1 | sed 's/at .* using/at T using/'
sbatch --parsable -W named.sh
cat slurm-*.out
sbatch -H -J held -t 10 --wrap true
squeue --me -o "%i %j %t %r %l"
squeue --me -h -o %i | xargs -n 1 scontrol show job | grep -vE "Time=|WorkDir|StdOut|StdErr|Command"
squeue --me --json | head -c 60
scontrol update jobid=$(squeue --me -h -o %i) timelimit=20 name=renamed
squeue --me -o "%i %j %l"
scontrol hold $(squeue --me -h -o %i)
scontrol release $(squeue --me -h -o %i)
sleep 60; sacct -X -n -o jobname,state,exitcode,elapsed
sacct -o jobid,jobname%12,state,exitcode
sacct -n -P -o jobid,state,derivedexitcode,nnodes,ntasks
sacct -s F -X -n -o jobname
sacct -j 999999
sacct -1
sacct -o nope
sbatch -J arr -a 0-3%2 -o arr-%a.out --wrap 'echo task $SLURM_ARRAY_TASK_ID of $SLURM_ARRAY_TASK_COUNT; sleep 30'
squeue --me -o "%i %K %t %r"
squeue --me -r -o "%i %K %t"
sleep 120; cat arr-*.out
sacct -X -n -n -o jobid%20,state --name arr
first=$(sbatch --parsable -J one --wrap "sleep 20"); sbatch -J two -d afterok:$first --wrap true
squeue --me -o "%j %t %r %E"
sleep 60; sacct -X -n --name one,two -o jobname,state
first=$(sbatch --parsable -J bad --wrap "exit 1"); sbatch -J never -d afterok:$first --wrap true; sleep 30
squeue --me -o "%j %t %r"
scancel --name never
scancel -v 999999
scancel -n nothing --me
scancel --me
scancel
scancel abc
sbatch -t 1 -J late --wrap "sleep 1000" -o late.out; sleep 180; cat late.out
sacct -n -X --name late -o jobname,state,elapsed
srun -n 3 -l hostname | sort
srun -N 2 bash -c 'echo $SLURM_NODEID $SLURM_PROCID $SLURM_NTASKS' | sort
srun -n 2 bash -c 'exit $((SLURM_PROCID * 4))'
srun nope-no-such-program
srun -A nope true
srun --nope true
srun -n 2 -o step-%t.out echo out; cat step-*.out
salloc -N 1 -t 5 bash -c 'echo $SLURM_JOB_NUM_NODES; srun hostname'
salloc -p nope true
salloc -n 2 srun -l echo here | sort
scontrol show partition
scontrol -o show partition | head -2
scontrol show node $(sinfo -h -N -o %N | head -1) | grep -vE "Time|OS=|Version"
scontrol show node nope
scontrol show job 999999
scontrol show hostnames a[1-3,7],b02
scontrol show hostlist a1,a2,a3,b7
scontrol ping | sed 's/ at [^ ]* / at HOST /'
scontrol show config | grep -E "^(ClusterName|PriorityType|SelectType|MaxArraySize|SLURM_VERSION)"
scontrol nope
scontrol update jobid=1 nodes=
scontrol show reservation
scontrol show licenses
sacctmgr -n -P show qos format=name
sacctmgr -n -P show assoc where user=$USER format=cluster,account,user
sacctmgr show nope
sacctmgr -i add account mine
sshare -n -P -U -o account,user,rawshares
sshare --nope
sprio -w
sprio -j 999999
sreport cluster utilization start=2000-01-01 end=2000-01-02 -n
sdiag | head -2 | cut -c1-30
sstat -j 999999
sbcast nope /tmp/nope
sattach 999999.0
strigger --get
sinfo -V; squeue -V; sbatch -V; srun -V
sbatch --wrap true -o /no/such/folder/out -W; echo ended
SQUEUE_FORMAT="%j %u" squeue | head -3
SINFO_FORMAT="%P %D" sinfo
SBATCH_TIMELIMIT=3 sbatch -H --wrap true; squeue --me -h -o %l; scancel -u $USER
sinfo | sort | uniq -c | sort -rn | head -4
squeue -h -o %u | sort | uniq -c | awk '{print $2, $1}'
for p in $(sinfo -h -o %R); do echo "$p: $(sinfo -h -p $p -t idle -o %D)"; done
""".splitlines()
# What can't be the same, with the words that the browser has instead.
DIFFERENT = {"sattach 999999.0": "sattach: this command does not work in the browser lab\nexit code 1\n"}
SLURM_LINES = 100  # at least so many of them are Slurm commands


def cells():
    lines = [f"%%bash --no-raise-error\n{{ {line}\n}} 2>&1; echo \"exit code $?\"" for line in LINES]
    return new_notebook(cells=[new_code_cell(text) for text in ("%load_ext slurm_mock", *lines)])


def texts(notebook, folder):
    """What each line gave, without the names of its folder and of the computer."""
    return [HERE.sub("HERE", "".join(output.get("text", "") for output in cell.outputs)).replace(folder, "FOLDER")
            for cell in notebook.cells[1:]]


def on_the_desktop(tmp_path):
    facts = read_facts(ROOT / "_config.yml", {})
    folder, state = tmp_path / "work", tmp_path / "state"
    make_notebooks.write_companions(folder, {}, facts)
    notebook = cells()
    try:
        notebook_run.execute(notebook, folder, notebook_run.mock_environment(state, facts["cluster"]))
    finally:
        notebook_run.end_cluster(state, facts["cluster"])
    return texts(notebook, str(folder))


def in_the_browser(site, chromium):
    with sync_playwright() as playwright, lone_browser(playwright, chromium) as browser, lab_server(site) as server:
        visit = LabVisit(browser, server, make_notebooks.names()[0])
        notebook, seconds = visit.run_all(cells())
    return texts(notebook, "/drive"), seconds


def test_a_hundred_command_lines(site, tmp_path, capsys):
    commands = [line for line in LINES if any(word in line for word in SLURM)]
    assert len(commands) >= SLURM_LINES
    desktop = on_the_desktop(tmp_path)
    browser, seconds = in_the_browser(site, need("chromium"))
    different = [f"$ {line}\n- {one}\n+ {other}"
                 for line, one, other in zip(LINES, desktop, browser, strict=True) if other != DIFFERENT.get(line, one)]
    with capsys.disabled():
        print(f"\n{len(LINES)} command lines in Chromium: {seconds} s, {len(different)} different")
    assert not different, "\n\n".join(different)
