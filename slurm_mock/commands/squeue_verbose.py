"""squeue --verbose: what was asked for, as Slurm echoes it."""

from ..hostlist import fold


def echo(call, query):
    """Print the options in effect."""
    def flag(value):
        return "true" if value else "false"

    def text(value):
        return "(null)" if value is None else value

    def words(value):
        return "(null)" if value is None else ",".join(map(str, value))
    jobs = None if query.jobs is None else [f"{n}" if t is None else f"{n}_{t}"
                                            for n, t in query.jobs]
    steps = None if query.steps is None else [f"{n}.{s}" for n, _, s in query.steps]
    rows = (
        ("all         ", flag(query.all)), ("array       ", flag(query.array)),
        ("federation  ", "false"), ("format      ", text(query.format)),
        ("iterate     ", query.iterate), ("job_flag    ", int(query.jobs_flag)),
        ("jobs        ", words(jobs)), ("licenses    ", words(query.licenses)),
        ("local       ", "false"), ("names       ", words(query.names)),
        ("nodes       ", fold(query.nodes) if query.nodes else ""),
        ("partitions  ", words(query.partitions)), ("priority    ", flag(query.priority)),
        ("reservation ", text(query.reservation)), ("sibling      ", "false"),
        ("sort        ", text(query.sort)), ("start_flag  ", int(query.start)),
        ("states      ", words(query.states)), ("step_flag   ", int(query.steps_flag)),
        ("steps       ", words(steps)), ("users       ", words(query.users)),
        ("verbose     ", int(query.verbose)),
    )
    rule = "-" * 29
    call.print("\n".join([rule, *[f"{name}= {value}" for name, value in rows], rule, "", ""]))
