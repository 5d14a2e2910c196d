"""Probes of the output of 01-slurm-magics' job: the greetings, and the name of its node."""

import re
import socket
from pathlib import Path

import checks_typed as typed
from checks_findings import open_task, probe, right, wrong
from checks_jobs import error_tail
from checks_slurm import newest_job, run


@probe
def node_read(expect):
    """Does the output have a greeting of each rank, and a variable the node's name?

    expect: variable, job (its name), output, error (file names), greeting (regular expression
    with groups `rank` and `size`), ranks (how many).
    """
    job = newest_job(expect["job"])
    if job is None:
        return open_task(f"Slurm knows no job called {expect['job']} of yours from this folder: there is no output "
                         "to read.")
    if not job.over:
        return wrong("not-ended", f"job {job.id} is still {job.state}: its output is not complete.",
                     "let the step before this one wait for its end.")
    try:
        output = Path(expect["output"]).read_text(errors="replace")
    except OSError:
        return wrong("no-output", f"there is no file `{expect['output']}` in this folder.",
                     "look at the lines with `-o` and `-e` in your script, and at the files here: `!ls`.")
    problem = output_problem(output, job, expect)
    if problem:
        return problem
    value = typed.variable(expect["variable"])
    if value is None:
        return open_task(f"the output is complete; there is no variable `{expect['variable']}` yet.")
    return node_answer(value, job.nodes or output.split()[-1], expect)


def output_problem(output, job, expect):
    """A Finding of what is wrong with the text of the job's output, or None."""
    greetings = list(re.finditer(expect["greeting"], output, re.M))
    ranks = {int(match["rank"]) for match in greetings}
    if ranks == set(range(expect["ranks"])):
        return None
    if not greetings:
        return wrong("no-greeting", f"`{expect['output']}` has no greeting of hello_mpi.{error_tail(job)}",
                     f"`{expect['error']}` says why. Is `hello_mpi` in this folder, and is its name spelt so in "
                     "the script?")
    return wrong("rank-count", f"{len(ranks)} different ranks have said hello, not {expect['ranks']}.",
                 f"the number behind `-n` is how many processes to start: {expect['ranks']}, one for each core.")


def node_answer(value, node, expect):
    """Finding: is the value the name of the node?"""
    variable = expect["variable"]
    here = {socket.gethostname(), run("hostname")[1].strip()}
    if isinstance(value, (list, tuple)):
        return wrong("list", f"`{variable}` is a list.", "take the one line out of it: `[-1]` is the last.")
    if not isinstance(value, str):
        return wrong("no-text", f"`{variable}` is {type(value).__name__}, not a piece of text.",
                     "call what reads the file, with `()`, and take the last line of what it gives.")
    text = value.strip()
    if text == node or text.split(".")[0] == node:
        return right(f"the job ran on {node}, and {expect['ranks']} ranks said hello.", node=node,
                     ranks=expect["ranks"])
    if re.match(expect["greeting"], text) and "\n" not in text:
        return wrong("greeting", f"`{variable}` is a line of hello_mpi.",
                     "the name that `srun -n 1 hostname` has written stands by itself, on the last line.")
    if text in here:
        return wrong("login-node", f"`{variable}` is the computer that this notebook runs on, and the job ran on "
                     "another one.", "take the name from the job's output.")
    return wrong("other-text", f"`{variable}` is {text[:40]!r}, which is not the node that the job ran on.",
                 f"take the last line of `{expect['output']}`.")
