"""sinfo --verbose: what was asked for, as Slurm echoes it."""

from .print import LETTERS, NAMES

# Slurm's names of what the columns make it compare, and the columns that do
FLAGS = (
    ("alloc_mem_flag  =", (NAMES["allocmem"],)), ("avail_flag      =", (LETTERS["a"],)),
    ("comment_flag    =", (NAMES["comment"],)), ("cpus_flag       =", (LETTERS["c"], LETTERS["C"])),
    ("default_time_flag =", (LETTERS["L"],)), ("disk_flag       =", (LETTERS["d"],)),
    ("extra_flag      =", (NAMES["extra"],)), ("features_flag   =", (LETTERS["f"],)),
    ("features_flag_act =", (LETTERS["b"],)), ("groups_flag     =", (LETTERS["g"],)),
    ("gres_flag       =", (LETTERS["G"],)), ("gres_used_flag  =", (NAMES["gresused"],)),
    ("job_size_flag   =", (LETTERS["s"],)), ("max_time_flag   =", (LETTERS["l"],)),
    ("memory_flag     =", (LETTERS["m"],)), ("partition_flag  =", (LETTERS["P"], LETTERS["R"])),
    ("port_flag       =", (NAMES["port"],)), ("priority_job_factor_flag   =", (LETTERS["I"],)),
    ("priority_tier_flag   =", (LETTERS["p"],)), ("reason_flag     =", (LETTERS["E"],)),
    ("reason_timestamp_flag =", (LETTERS["H"],)),
    ("reason_user_flag =", (LETTERS["u"], LETTERS["U"])), ("reservation_flag =", None),
    ("root_flag       =", (LETTERS["r"],)), ("oversubscribe_flag      =", (LETTERS["h"],)),
    ("state_flag      =", (LETTERS["t"], LETTERS["T"])),
    ("statecomplete_flag =", (NAMES["statecomplete"],)), ("weight_flag     =", (LETTERS["w"],)),
)


def echo(call, query, cols):
    """Print the options in effect."""
    def flag(value):
        return "true" if value else "false"

    def text(value, empty):
        return empty if value is None else value
    fields = [c.field for c in cols]
    filtering = (query.dead or query.nodes is not None or query.partitions is not None
                 or query.responding or query.states is not None)
    rule = "-" * 29
    lines = [
        rule, f"dead        = {flag(query.dead)}", f"exact       = {int(query.exact)}",
        f"filtering   = {flag(filtering)}", f"format      = {query.format}",
        f"iterate     = {query.iterate}", f"long        = {flag(query.long)}",
        f"no_header   = {flag(query.noheader)}", f"node_field  = {flag(query.fit_nodes)}",
        f"node_format = {flag(query.node)}", f"nodes       = {text(query.nodes_text, 'n/a')}",
        f"part_field  = {flag(query.fit_part)}",
        f"partition   = {text(query.partition_text, 'n/a')}",
        f"responding  = {flag(query.responding)}",
        f"states      = {text(query.states_text, '(null)')}",
        f"sort        = {text(query.sort, '(null)')}", f"summarize   = {flag(query.summarize)}",
        f"verbose     = {int(query.verbose)}", rule, f"all_flag        = {flag(query.all)}"]
    for name, wanted in FLAGS:
        on = query.reservation if wanted is None else any(f in fields for f in wanted)
        gap = "" if name == "default_time_flag =" else " "
        lines.append(name + gap + flag(on))
    call.print("\n".join([*lines, rule, ""]))
