"""Probes of 07-parameter-scan: inputs, the scan, watching it, the run that failed, and the table of all."""

import csv
import json
import re
from numbers import Integral
from pathlib import Path

import checks_typed as typed
from checks_arrays import link_problem, refused_dependency
from checks_findings import blamed, open_task, probe, right, wrong
from checks_jobs import error_tail, finished, text_of
from checks_script import commands, directive_mistake, directives, not_a_script
from checks_slurm import elements, indices, newest_job, script_of
from checks_writing import kept_number


@probe
def inputs_written(expect):
    """Is there a folder with its input for each value?  expect: folder ("ball_"), input (file name),
    key, values, fixed ({key: value} that all inputs have)."""
    folder, name, key, values = expect["folder"], expect["input"], expect["key"], expect["values"]
    numbers = range(1, len(values) + 1)
    missing = [number for number in numbers if not Path(f"{folder}{number}", name).is_file()]
    if len(missing) == len(values):
        return open_task(f"there is no file `{folder}1/{name}` yet.")
    if Path(f"{folder}0").is_dir():
        return wrong("counted-from-zero", f"there is a folder `{folder}0`: Python counts from 0.",
                     f"`enumerate(..., start=1)` counts from 1. (Remove the folder: `!rm -r {folder}0`.)")
    if missing:
        return wrong("input-missing", f"there is no file `{folder}{missing[0]}/{name}`.", f"one for each of the {len(values)} values.")
    found = []
    for number in numbers:
        text = text_of(Path(f"{folder}{number}", name))
        try:
            found.append(json.loads(text))
        except ValueError:
            return wrong("not-json", f"`{folder}{number}/{name}` holds {text[:40]!r}, which JSON cannot read.",
                         "`json.dumps(...)` writes a dictionary as JSON has it; `str(...)` as Python has it, in other quotes.")
    for number, value, one in zip(numbers, values, found):
        wanted = dict(expect["fixed"], **{key: value})
        if one == wanted or solved_otherwise(one, wanted, key):
            continue
        if not isinstance(one, dict) or set(one) != set(wanted):
            return wrong("other-keys", f"`{folder}{number}/{name}` holds {text_of(Path(f'{folder}{number}', name))[:50]}.",
                         f"a dictionary with {' and '.join(map(repr, sorted(wanted)))}.")
        if len({repr(other[key]) for other in found if isinstance(other, dict) and key in other}) == 1:
            return wrong("all-alike", f"all inputs have the same {key}, {one[key]}.",
                         "the loop's own variable has to stand in the dictionary, not a value that never changes.")
        if isinstance(one[key], str):
            return wrong("text-in-input", f"the {key} in `{folder}{number}/{name}` is a piece of text, {one[key]!r}.",
                         "a number stands without quotes; the program wants to compute with it.")
        return wrong("other-input", f"`{folder}{number}/{name}` holds {json.dumps(one)}; the task wants {json.dumps(wanted)}.",
                     "compare the list of values, and which of them belongs to which number.")
    return right(f"the {len(values)} inputs are there, each in a folder of its own.")


def solved_otherwise(one, wanted, key):
    """Is it a later input of the same challenge: the same ball with a finer step?"""
    return (isinstance(one, dict) and set(one) == set(wanted) and one[key] == wanted[key]
            and all(isinstance(one[other], float) and 0 < one[other] < wanted[other] for other in wanted if other != key))


@probe
def scan_submitted(expect):
    """Was the array submitted as the task asks?  Doesn't wait for it.

    expect: name, file, variable, indices, output ("ball_%a/job.log"), commands (as for jobs.job_submitted).
    """
    job = newest_job(expect["name"])
    text = text_of(expect["file"])
    mistake = text and (not_a_script(text) or directive_mistake(text))
    if mistake:
        return blamed(mistake)
    if job is None:
        return open_task(f"Slurm knows no job called {expect['name']} of yours from this folder.")
    script = script_of(job.id) or text
    number = job.id.split("_")[0]
    output = directives(script).get("output", "")
    if "$" in output:
        return wrong("variable-in-directive", f"`-o {output}`: Slurm reads `#SBATCH` lines itself, and puts nothing in the place of "
                     "the shell's variables.", "in the file name, `%a` stands for the index.")
    if not any("_" in element.id for element in elements(number)):
        return wrong("no-array", f"job {number} is a single job: nothing asks for an array.",
                     "an `#SBATCH` line with `--array=` and the indices.")
    has = sorted({index for element in elements(number) for index in indices(element.id)})
    if has != expect["indices"]:
        return wrong("other-indices", f"array {number} has the indices {', '.join(map(str, has))}; there are balls "
                     f"{expect['indices'][0]} to {expect['indices'][-1]}.", "`--array=FIRST-LAST`: both ends belong to it.")
    if output != expect["output"]:
        said = f"`-o {output}`" if output else "no `-o` at all"
        return wrong("log-elsewhere", f"in the script there is {said}; what the elements print goes elsewhere than into the balls' folders.",
                     "`%a` is the index, `%A` the array's number, `%j` the element's job number.")
    return (commands_problem(script, expect) or kept_number(expect["variable"], job)
            or right(f"array {number} has {len(has)} elements, and each writes into its own folder.", job=number))


def commands_problem(script, expect):
    """The Finding for a command that is missing, or whose failure would not be noticed, or None."""
    lines = commands(script)
    for pattern, purpose in expect["commands"]:
        if not any(re.search(pattern, line) for line in lines):
            return wrong("command-missing", f"the script has no line that {purpose}.",
                         "compare it with the script in the task, line by line.")
    if "|| exit" not in script and "set -e" not in script:
        return wrong("failure-hidden", "when `throw.py` fails, the script goes on, and its last command, `sleep`, succeeds: Slurm would "
                     "say COMPLETED.", "`|| exit 1` behind the command that may fail ends the script there.")
    return None


def ended_well(name):
    """(newest Job of that name, indices of its elements that COMPLETED, indices of those that FAILED, is it over?)"""
    job = newest_job(name)
    all_elements = elements(job.id.split("_")[0]) if job else []
    sets = [[i for element in all_elements if element.state == state for i in indices(element.id)]
            for state in ("COMPLETED", "FAILED")]
    return job, *sets, all(element.over for element in all_elements)


@probe
def watched(expect):
    """Does a list say what was seen while the scan ran?  expect: name, variable, tracks ("ball_{}/track.csv"), least (looks)."""
    looks, variable = typed.variable(expect["variable"]), expect["variable"]
    job, good, _, over = ended_well(expect["name"])
    if job is None:
        return open_task(f"Slurm knows no job called {expect['name']} of yours: submit the scan first.")
    if looks is None:
        return open_task(f"there is no list `{variable}` yet.")
    if not isinstance(looks, list) or not all(isinstance(look, Integral) for look in looks):
        return wrong("no-list-of-numbers", f"`{variable}` is {str(looks)[:40]}: wanted is a list of whole numbers.",
                     f"`{variable} = []` before the loop, `{variable}.append(...)` in it.")
    if len(looks) < expect["least"]:
        return wrong("looked-once", f"you have looked {len(looks)} times: that is a photograph, and not a film.",
                     "the reading, the picture and the waiting belong into a loop that goes on until the queue is empty.")
    if not over:
        return wrong("stopped-early", f"array {job.id.split('_')[0]} is still in the air.",
                     "the loop goes on as long as `queue` has elements.")
    written = sum(len(text_of(expect["tracks"].format(index)).splitlines()) for index in good)
    if max(looks) <= len(good):
        return wrong("counted-balls", f"`{variable}` has never more than {max(looks)}: that is how many balls there are.",
                     "`len` of a dictionary counts its keys: add up the lengths of its values.")
    if len(set(looks)) == 1:
        return wrong("looked-too-late", f"whenever you looked there were {looks[0]} points: nothing moved any more.",
                     "submit `scan.sh` once more, and start the loop directly after that.")
    if looks[-1] < written:
        return wrong("last-look-missing", f"when you looked last there were {looks[-1]} points; in the end there were {written}.",
                     "ask the queue, then read the files, and only then leave the loop if the queue was empty.")
    return right(f"you looked {len(looks)} times, and saw {looks[0]} points become {looks[-1]}.", looks=len(looks))


@probe
def failed_found(expect):
    """Does a list have the indices of the elements that failed?  expect: name, variable."""
    value, variable = typed.variable(expect["variable"]), expect["variable"]
    job, _, failed, over = ended_well(expect["name"])
    if job is None:
        return open_task(f"Slurm knows no job called {expect['name']} of yours: submit the scan first.")
    if value is None:
        return open_task(f"there is no list `{variable}` yet.")
    if not over:
        return open_task(f"array {job.id.split('_')[0]} is still in the air: more elements may fail.")
    if isinstance(value, int) or isinstance(value, str) and value.isdigit():
        return wrong("one-for-list", f"`{variable}` is {value!r}; next time two may have failed.", "a list, if only with one element.")
    value = list(value)
    if any(isinstance(one, str) for one in value):
        if any("_" in one for one in value):
            return wrong("number-for-index", f"`{variable}` holds {value[0]!r}: the number of the array comes before the underscore.",
                         "only what stands behind it is the index.")
        return wrong("index-as-text", f"`{variable}` holds text, {value!r}.", "`int(...)` makes a number of each.")
    if sorted(value) != failed:
        return wrong("others-failed", f"you say {value}; Slurm says otherwise.", f"`!sacct -X -j {job.id.split('_')[0]} --format=JobID,State,ExitCode`")
    return right(f"of array {job.id.split('_')[0]}, element {', '.join(map(str, failed))} has failed, and no other.", failed=failed[0])


@probe
def mended_alone(expect):
    """Was the failed element alone submitted again, with the input that it needs?  Waits for it.

    expect: name, index, variable, input, result (files), ball ({key: value} that may not change), most (the coarsest step).
    """
    job = newest_job(expect["name"])
    if job is None:
        return open_task(f"Slurm knows no job called {expect['name']} of yours from this folder.")
    number, index = job.id.split("_")[0], expect["index"]
    has = sorted({i for element in elements(number) for i in indices(element.id)})
    if not any("_" in element.id for element in elements(number)):
        return wrong("no-array-again", f"job {number} is not an array: its script has no index to go by.",
                     "submit `scan.sh`, as an array of one element.")
    if len(has) > 1:
        return wrong("all-again", f"job {number} runs {len(has)} elements again; one had failed.",
                     "`--array=` with the one index, on the command line.")
    if has != [index]:
        return wrong("other-again", f"job {number} runs element {has[0]} again, and that one had not failed.",
                     "its index is in your list `failed`.")
    try:
        one = json.loads(text_of(expect["input"]))
    except ValueError:
        return wrong("not-json", f"JSON cannot read `{expect['input']}`.", "write it with `json.dumps(...)`, as in step 1.")
    if not isinstance(one, dict) or any(one.get(key) != value for key, value in expect["ball"].items()):
        return wrong("other-ball", f"`{expect['input']}` holds {json.dumps(one)}: that is another ball, and the result of another question.",
                     "only the step becomes finer; the drag stays.")
    problem = kept_number(expect["variable"], job)
    if problem:
        return problem
    job, problem = finished(expect["name"])
    if problem and job.state == "FAILED":
        return wrong("failed-again", f"job {number} has failed as before.{error_tail(job)}",
                     f"write the new `{expect['input']}` before you submit the element.")
    return problem or right(f"element {index} alone has run again, and its result is there.", job=number)


@probe
def collected(expect):
    """Has a job that waited for another one made the table?  Waits for it.

    expect: name, after, variable, failed (name of the array that it must not wait for), results
    (pattern of the files that it reads), result, head, keys (of the table's first column).
    """
    job, bad = newest_job(expect["name"]), newest_job(expect["failed"])
    if job is None:
        return refused_dependency(expect)
    number = bad.id.split("_")[0] if bad else "none"
    if re.search(rf"afterok:{number}(?!\d)", job.dependency):
        return wrong("waits-for-failed", f"job {job.id} waits for array {number}, of which an element has failed: it will wait for ever.",
                     "`scancel` it, and let the new one wait for the job that has mended the matter.")
    problem = link_problem(job, expect)
    if problem:
        return problem
    job, problem = finished(expect["name"])
    if problem:
        return problem
    rows = [line.split(",") for line in text_of(expect["result"]).splitlines()]
    if not rows or ",".join(rows[0]) != expect["head"]:
        return wrong("head-missing", f"`{expect['result']}` does not begin with the line `{expect['head']}`.",
                     "a table without names for its columns is a riddle for whoever finds it.")
    missing = [key for key in expect["keys"] if not any(row[0] == str(key) for row in rows[1:])]
    if missing:
        there = len(list(Path().glob(expect["results"])))
        return wrong("rows-missing", f"`{expect['result']}` has no row for {', '.join(map(str, missing))}.",
                     f"there are {there} files `{expect['results']}`: "
                     + ("the job does not read all of them." if there == len(expect["keys"]) else
                        "submit the elements again whose folder has none (one that was cancelled leaves none, either)."))
    told = told_by(expect)
    wrong_row = next((row for row in rows[1:] if any(row) and as_numbers(row) not in told), None)
    if wrong_row:
        return wrong("not-its-range", f"`{expect['result']}` has the line `{','.join(wrong_row)}`, which no `{expect['results']}` says.",
                     "both numbers of a line come from the same file: `drag` and `range`.")
    return right(f"job {job.id} has waited for job {newest_job(expect['after']).id}, and made a table of {len(rows) - 1} results.", job=job.id)


def told_by(expect):
    """The rows that the files of the results stand for, in the order of the table's head."""
    files = [json.loads(text_of(path)) for path in Path().glob(expect["results"])]
    return [as_numbers([one[word] for word in expect["head"].split(",")]) for one in files]


def as_numbers(row):
    """The cells of a row as numbers; None when one is not."""
    try:
        return [float(cell) for cell in row]
    except ValueError:
        return None


@probe
def share_told(expect):
    """Is the share that a variable tells that of the table?  expect: variable, result (the table), of, whole (keys)."""
    value, variable = typed.variable(expect["variable"]), expect["variable"]
    try:
        with open(expect["result"], newline="") as table:
            ranges = {float(row["drag"]): float(row["range"]) for row in csv.DictReader(table)}
        part, whole = ranges[expect["of"]], ranges[expect["whole"]]
        share = part / whole
    except (OSError, KeyError, TypeError, ValueError, ZeroDivisionError):
        return open_task(f"there is no complete table `{expect['result']}` yet.")
    if value is None:
        return open_task(f"the table is there; there is no variable `{variable}` yet.")
    try:
        value = float(value)
    except (TypeError, ValueError):
        return wrong("column-for-number", f"`{variable}` is {type(value).__name__}, and not a single number.",
                     "take one cell of the table, not a column: `.iloc[0]`, or an index such as `ranges[0.02]`.")
    if near(value, share):
        return right(f"at a drag of {expect['of']} the ball flies {part:g} metres of {whole:g}.", share=f"{share:.0%}")
    if near(value, 100 * share):
        return wrong("percent", f"{value:.4g} is a number of percent.", "as a share of 1: it lies between 0 and 1.")
    if near(value, whole / part):
        return wrong("upside-down", f"{value:.4g} says how many times farther the ball flies without air.", "the other way round.")
    if near(value, part):
        return wrong("part-for-share", f"{value:.4g} is the range itself, in metres.", "divide it by the range without drag.")
    return wrong("other-share", f"{value:.4g} is not the range at {expect['of']} over that at {expect['whole']}.",
                 f"`!cat {expect['result']}` shows which row is which.")


def near(one, other):
    return abs(one - other) < 0.01 * abs(other)
