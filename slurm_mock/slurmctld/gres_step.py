"""The GRES of a step: which of its job's it gets on each node, and what it cannot have.

A step that asks for none has all that the job has on its nodes; either way no other step has them meanwhile, unless it
overlaps.  Source: srun(1), --gres, --gpus and their like; tests/conformance/cases/commands/94-steps-gres.sh.
"""

from ..common import slurm_errno
from ..common.records import unpack_alloc
from ..common.slurm_errno import Refused
from ..common.tres import parse_gres

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

    from ..common.records import Held, Job, Step

    Kind = tuple[str, str]

NOT_IN_JOB = "Step requested GRES but job doesn't have GRES"
NOT_FOUND = "Step requested GRES ({kind}) not found in the job"
MORE = "Step requested {what}={asked} is more than the job's {what}={has}"
FEWER = "Step requested gres={asked} is less than the requested min nodes={nodes}"
# (an option of srun, what of the job says how much it has, how the message calls it)
SAYS = (("gres", "gres", "gres_per_node"), ("gpus-per-node", "gres", "gres_per_node"),
        ("gpus", "tres_per_job", "gres"), ("gpus-per-task", "tres_per_task", "gres_per_task"))


def _typed(option: str, value: str) -> "dict[Kind, int]":
    """What an option asks for; of the GPUs' own options only a type and a count are said."""
    if option == "gres":
        return parse_gres(value)
    return parse_gres(",".join(f"gpu:{word}" for word in value.split(",")))


def _spelled(kind: "Kind", count: int) -> str:
    return ":".join([*filter(None, kind), str(count)])


class Asked:
    """What srun's options ask for: of each node, of the step in all, of each task; said: does any of them stand there?"""

    def __init__(self, given: "Mapping[str, str]") -> None:
        asked = {option: _typed(option, given[option]) for option, _, _ in SAYS if given.get(option)}
        self.by_option = asked
        self.said = bool(asked)
        self.node = asked.get("gres", {}) | asked.get("gpus-per-node", {})
        self.all = {} if self.node else asked.get("gpus", {})
        self.task = {} if self.node or self.all else asked.get("gpus-per-task", {})


def _refuse(line: str = "") -> "Refused":
    return Refused(slurm_errno.ESLURM_INVALID_GRES, line)


def _look_over(asked: "Asked", job: "Job", has: "Mapping[str, Mapping[Kind, Sequence[int]]]", nodes: int) -> None:
    """Is it in the job at all? Raises Refused."""
    names = {name for held in has.values() for name, _ in held}
    counted = {kind.partition(":")[0] for share in unpack_alloc(job.alloc) for kind, held in share.gres.items()
               if isinstance(held, int)}
    typed = {kind for text in (job.gres, job.tres_per_job, job.tres_per_task) for kind in parse_gres(text) if kind[1]}
    for option, field, what in SAYS:
        for kind, count in asked.by_option.get(option, {}).items():
            if not count or kind[0] in counted:
                continue
            if not names:
                raise _refuse(NOT_IN_JOB)
            if kind[0] not in names or kind[1] and kind not in typed:
                raise _refuse(NOT_FOUND.format(kind=":".join(filter(None, kind))))
            own = [(k, n) for k, n in parse_gres(getattr(job, field)).items() if k[0] == kind[0]]
            if own and count > sum(n for _, n in own):
                raise _refuse(MORE.format(what=what, asked=_spelled(kind, count), has=_spelled(*own[0])))
            most = [len(_of_kind(held, kind)) for held in has.values()]
            if count > (sum(most) if option == "gpus" else max(most)):
                raise _refuse()
            if option == "gpus" and asked.all and count < nodes:
                raise _refuse(FEWER.format(asked=_spelled(kind, count), nodes=nodes))


def _of_kind(held: "Mapping[Kind, Sequence[int]]", kind: "Kind") -> "list[int]":
    return sorted(i for (name, word), indices in held.items() if name == kind[0] and kind[1] in ("", word) for i in indices)


def _indices(gres: "Mapping[str, Held]") -> "dict[Kind, Sequence[int]]":
    """A share's GRES of which single ones are told apart."""
    return {(name, word): held for kind, held in gres.items() if not isinstance(held, int) and "@" not in kind
            for name, _, word in [kind.partition(":")]}


def of_step(given: "Mapping[str, str]", job: "Job", running: "Iterable[Step]", tasks: "Mapping[str, int]",
            inherits: bool) -> "dict[str, dict[str, list[int]]] | None":
    """{node: {"gpu:K80": [indices]}} of a step, or None while other steps have them.

    given: srun's options; running: the job's other steps, that count; tasks: {node: how many of the step's}; inherits: may
    the step have what the job has, without asking? Raises Refused for what the job does not have.
    """
    asked = Asked(given)
    has = {share.node: _indices(share.gres) for share in unpack_alloc(job.alloc)}
    _look_over(asked, job, has, len(tasks))
    taken = [(share.node, kind, i) for step in running for share in unpack_alloc(step.alloc)
             for kind, held in _indices(share.gres).items() for i in held]
    found: "dict[str, dict[str, list[int]]]" = {}
    left = dict(asked.all)
    for number, (node, count) in enumerate(tasks.items()):
        there = has.get(node, {})
        names = {name for name, _ in there}
        want = dict(asked.node) or {kind: each * count for kind, each in asked.task.items()}
        for kind in asked.all:
            later = len(tasks) - number - 1
            want[kind] = min(left[kind] - later, len(_of_kind(there, kind)))
            left[kind] -= want[kind]
        if not asked.said and inherits:
            want = {kind: len(indices) for kind, indices in there.items()}
        for kind, number_of in want.items():
            if kind[0] not in names:     # only counted, or none is wanted
                continue
            if number_of > len(_of_kind(there, kind)):
                raise Refused(slurm_errno.ESLURM_TOO_MANY_REQUESTED_CPUS)
            free = [(i, full) for full, indices in there.items() if full[0] == kind[0] and kind[1] in ("", full[1])
                    for i in indices if (node, full, i) not in taken]
            if len(free) < number_of:
                return None
            for i, full in sorted(free)[:number_of]:
                found.setdefault(node, {}).setdefault(":".join(filter(None, full)), []).append(i)
    return found
