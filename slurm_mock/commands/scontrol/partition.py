"""scontrol create and update partition: keys and values as in slurm.conf.  Source: scontrol(1), PARTITIONS; update_part.c.
"""

from ...common import slurm_errno
from ...common.parse_time import BadValue, is_number, parse_limit, whole
from ...common.slurm_errno import Refused
from .parse import INVALID_INPUT, NO_CHANGES, Bad

# A partition's numbers, and how wide Slurm keeps them (no memory here has more than 2^48 MiB).
PART_NUMBERS = {
    "DefMemPerCPU": 48, "DefMemPerNode": 48, "GraceTime": 32, "MaxCPUsPerNode": 32, "MaxMemPerCPU": 48,
    "MaxMemPerNode": 48, "MaxNodes": 32, "MinNodes": 32, "OverTimeLimit": 16, "Priority": 16,
    "PriorityJobFactor": 16, "PriorityTier": 16}


def _part_value(name, value, word):
    """The value of a partition's key as slurm.conf would have it. Raises Bad."""
    if name in ("MaxTime", "DefaultTime"):
        try:
            parse_limit(value)
        except BadValue:
            raise Bad(f"Invalid input {word}") from None
    elif name in PART_NUMBERS:
        if name != "MinNodes" and not value:
            return "0"
        if (name in ("MaxNodes", "MaxCPUsPerNode", "OverTimeLimit")
                and value.upper() in ("UNLIMITED", "INFINITE")):
            return "UNLIMITED"
        if not is_number(value) or whole(value) >= (1 << PART_NUMBERS[name]) - 1:
            raise Bad({"MaxNodes": f'Invalid numeric value "{value}" for MaxNodes.',
                       "MinNodes": f'"{value}" is not a valid node count'}.get(
                           name, f"Invalid {name} value: {value}"))
    return value


def words_of(session, args):
    """KEY=VALUE words about a partition -> (its name, {key of slurm.conf: text}); None, and a message, for what cannot
    be read."""
    from ...conf.keywords import table
    known = table("partition", session.call.release)
    part, changes = None, {}
    for word in args:
        key, equals, value = word.partition("=")
        name = known.get(key.lower())
        if equals and len(key) >= 3 and "partitionname".startswith(key.lower()):
            part = value
        elif not equals:
            session.error(INVALID_INPUT.format(word=word))
            return None
        elif name is None or name.endswith("PerGPU"):
            session.error(f"Update of this parameter is not supported: {word}\n")
            session.error("Request aborted")
            return None
        else:
            try:
                changes[name] = _part_value(name, value, word)
            except Bad as bad:
                session.error(bad.text)
                return None
    return part, changes


def create_partition(session, args):
    """scontrol create PartitionName=... KEY=VALUE...: make a partition, keys as in slurm.conf, or print why not."""
    read = words_of(session, args)
    if read is None:
        return
    try:
        session.call.controller.create_partition(*read)
    except Refused as refused:
        session.fail(f"Error creating the partition: {refused.says(session.call.release)}")


def update_partition(session, args):
    """scontrol update PartitionName=... KEY=VALUE...: change a partition, keys as in slurm.conf, or
    print why not."""
    ctl, read = session.call.controller, words_of(session, args)
    if read is None:
        session.perror("slurm_update error", slurm_errno.SLURM_SUCCESS)
        return
    part, changes = read
    if part is None:
        session.error("PartitionName must be given.")
    elif not changes:
        session.error(NO_CHANGES)
    else:
        try:
            ctl.update_partition(part, changes)
        except Refused as refused:
            session.fail(f"slurm_update error: {refused.says(session.call.release)}")
