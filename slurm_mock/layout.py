"""On which node each task of a step runs. Source: srun(1), --distribution."""


def layout(counts, distribution):
    """The node index of each rank, in the order of ranks.

    counts: tasks on each node. block (the default) fills a node before the next; cyclic deals
    one to each in turn, plane=SIZE so many to each.
    """
    first = distribution.split(":")[0].split(",")[0].lower()
    if not first.startswith(("cyclic", "plane")):
        return [i for i, count in enumerate(counts) for _ in range(count)]
    size = int(first.partition("=")[2] or 1) if first.startswith("plane") else 1
    left, order = list(counts), []
    while any(left):
        for i in range(len(left)):
            take = min(size, left[i])
            order += [i] * take
            left[i] -= take
    return order


def named(distribution):
    """The part of --distribution that says so, to be kept: "Block", "Cyclic", "Plane=2"."""
    first = distribution.split(":")[0].split(",")[0]
    known = first.lower().startswith(("cyclic", "plane"))
    return first.capitalize() if known else "Block"


def of_step(step):
    """The node index of each rank of a Step."""
    if not step.tasks_per_node:
        return [0] * step.ntasks
    return layout([int(n) for n in step.tasks_per_node.split(",")], step.layout)
