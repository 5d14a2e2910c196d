"""scontrol's command line: its options, and the words that it takes for commands.
"""

from ...common.getopt import REQUIRED, Option

SYNOPSIS = "[OPTION]... [COMMAND [ARGUMENT]...]"
# command: (least letters, module, function, least and most arguments, one line of help)
# A message about the number of arguments names the command as typed.
COMMANDS = (
    ("all", 2, None, None, 0, 9, "show hidden partitions too"),
    ("cancel_reboot", 3, "admin", "cancel_reboot", 1, 1, "NODES: call a reboot off"),
    ("callerid", 3, "admin", "callerid", 4, 5, ""),
    ("cluster", 2, "admin", "cluster", 0, 9, "NAME: the cluster to ask"),
    ("completing", 2, "info", "completing", 0, 0, "jobs that are completing"),
    ("create", 2, "admin", "create", 1, 99, "KEY=VALUE...: a new partition, reservation"),
    ("details", 1, None, None, 0, 0, "more in show"),
    ("errnumstr", 2, "admin", "errnumstr", 0, 99, "NUMBER: what an error number means"),
    ("exit", 2, None, None, 0, 0, "end"),
    ("getent", 6, None, None, 0, 9, ""),
    ("help", 2, None, None, 0, 0, "this text"),
    ("hide", 2, None, None, 0, 9, "no hidden partitions"),
    ("oneliner", 1, None, None, 0, 0, "one line for each record"),
    ("pidinfo", 3, "listpids", "pidinfo", 1, 1, "PID: the job of a process"),
    ("ping", 3, "info", "ping", 0, 0, "is the controller there?"),
    ("quiet", 4, None, None, 0, 0, "no messages but errors"),
    ("quit", 4, None, None, 0, 0, "end"),
    ("reboot_nodes", 3, "admin", "reboot", 0, 99, "NODES: reboot when idle"),
    ("reconfigure", 3, "admin", "reconfigure", 0, 1, "read slurm.conf again"),
    ("requeue", 3, "steer", "requeue", 1, 99, "JOBS: back into the queue"),
    ("requeuehold", 11, "steer", "requeue_hold", 1, 99, "JOBS: back, and held"),
    ("hold", 4, "steer", "hold", 1, 99, "JOBS: do not start them"),
    ("holdu", 5, "steer", "hold", 1, 99, ""),
    ("uhold", 5, "steer", "hold", 1, 99, "JOBS: the same, their owner may release them"),
    ("release", 3, "steer", "release", 1, 99, "JOBS: let them start again"),
    ("suspend", 2, "steer", "suspend", 1, 99, "JOBS: stop their processes"),
    ("resume", 3, "steer", "suspend", 1, 99, "JOBS: let them go on"),
    ("top", 3, "steer", "top", 1, 1, "JOBS: the first of yours"),
    ("token", 3, "admin", "token", 0, 99, "a token for slurmrestd"),
    ("wait_job", 2, "steer", "wait_job", 1, 1, "JOB: until its nodes are up"),
    ("setdebugflags", 9, "admin", "set_debug_flags", 1, 1, "[+|-]FLAG"),
    ("setdebug", 2, "admin", "set_debug", 1, 1, "LEVEL: slurmctld's messages"),
    ("schedloglevel", 3, "admin", "set_schedlog", 1, 1, "LEVEL"),
    ("show", 3, "info", "show", 0, 99, "ENTITY [ID]: job, node, partition, config, ..."),
    ("write", 5, "steer", "write", 1, 3, "batch_script JOB [FILE]: a job's script"),
    ("takeover", 8, "admin", "takeover", 0, 1, "by the backup controller"),
    ("shutdown", 8, "admin", "shutdown", 0, 1, "end the daemons"),
    ("abort", 5, "admin", "shutdown", 0, 1, "end the controller"),
    ("update", 1, "update", "update", 1, 99, "KEY=VALUE...: change job, node, partition"),
    ("delete", 1, "admin", "delete", 1, 99, "a partition or reservation"),
    ("verbose", 4, None, None, 0, 0, "tell more"),
    ("version", 4, None, None, 0, 0, "the version"),
    ("listpids", 1, "listpids", "listpids", 0, 2, "[JOB[.STEP] [NODE]]: processes of jobs"),
    ("notify", 1, "steer", "notify", 2, 99, "JOB MESSAGE: write into its output"),
)


OPTIONS = (
    Option("all", "a", help="hidden partitions too", env="SCONTROL_ALL"),
    Option("cluster", "", REQUIRED, "another name of --clusters", dest="clusters"),
    Option("clusters", "M", REQUIRED, "ask this cluster", env="SLURM_CLUSTERS"),
    Option("details", "d", help="more in \"show\""),
    Option("federation", help="all clusters of the federation", effect=False),
    Option("future", "F", help="nodes in state FUTURE too", env="SCONTROL_FUTURE"),
    Option("help", "h", help="this text"),
    Option("hide", help="no hidden partitions"),
    Option("local", help="only this cluster", effect=False),
    Option("oneliner", "o", help="one line for each record"),
    Option("quiet", "Q", help="no messages but errors"),
    Option("sibling", help="all siblings of federated jobs", effect=False),
    Option("uid", "u", REQUIRED, "update as this user", effect=False),
    Option("usage", "", help="this text", dest="help"),
    Option("verbose", "v", help="tell more", effect=False),
    Option("version", "V", help="the version"),
)


def begins(word, name, least):
    """Is `word` the beginning of `name`, with at least `least` letters? Case does not matter."""
    return len(word) >= least and name.startswith(word.lower())


def print_help(call):
    """scontrol --help: the options, then the commands, a line each, on stdout."""
    call.informs(["help"], SYNOPSIS, OPTIONS)
    lines = ["Commands:\n"] + [f"  {name:<16} {text}\n" for name, *_, text in COMMANDS if text]
    call.print("".join(lines), end="")
