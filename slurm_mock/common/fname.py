"""File name patterns of -o, -e and -i: %A %a %j %J %N %n %s %t %u %x %%, with zero padding.

Source: sbatch(1) and srun(1), "filename pattern".
"""

from .parse_time import is_number, whole

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Mapping

    from .records import Job


def fill(pattern: str, values: "Mapping[str, object]") -> str:
    """Replace %x by values["x"]; %5j pads numbers with zeros to that width.

    A letter that has no value stays as it is; a pattern with a backslash is taken
    literally, without it.
    """
    if "\\" in pattern:
        return pattern.replace("\\", "")
    out, i = [], 0
    while i < len(pattern):
        ch = pattern[i]
        if ch != "%":
            out.append(ch)
            i += 1
            continue
        j = i + 1
        while j < len(pattern) and is_number(pattern[j]):
            j += 1
        letter = pattern[j:j + 1]
        if letter == "%":
            out.append("%")
        elif letter in values:
            width = min(whole(pattern[i + 1:j] or "0"), 10)
            text = str(values[letter])
            out.append(text.zfill(width) if is_number(text) else text)
        else:
            out.append(pattern[i:j + 1])
        i = j + 1
    return "".join(out)


def of_task(pattern: str) -> bool:
    """Does a pattern of srun's mean files of the tasks' own, which their nodes open, and not one that srun
    opens itself?"""
    one, other = (fill(pattern, dict.fromkeys("tnN", text)) for text in "ab")
    return one != other


def job_values(job: "Job", host: str, step: "str | int" = "batch", node: int = 0,
               task: int = 0) -> "dict[str, object]":
    """The letters' values for a job (and a step and task of it), as `fill` takes them.

    host: the node's name, step: its number or "batch", node: the index of the node in the job's,
    task: the rank. %a of a job that is no array's task is NO_VAL (slurm.h)."""
    array = job.array_id if job.array_id else job.id
    return {
        "A": array, "a": 4294967294 if job.array_task is None else job.array_task,
        "j": job.id, "J": job.id if step == "batch" else f"{job.id}.{step}",
        "N": host.split(".")[0], "n": node, "s": step, "t": task, "u": job.user, "x": job.name,
    }
