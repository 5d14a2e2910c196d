"""strigger: set, list and clear triggers.

Only the SlurmUser may set triggers, so for everybody else there is nothing to list or
clear.  The mock keeps none for the SlurmUser either.  Source: strigger(1).
"""

import errno
import os

from ..common import slurm_errno
from ..common.getopt import NONE, OPTIONAL, REQUIRED, Option
from ..common.parse_time import is_number, leading_number
from ..slurmctld.uid import user_name
from .shared.call import Fail

EVENTS = (
    ("down", "d", "a node goes down"), ("drained", "D", "a node is drained"),
    ("fail", "F", "a node is expected to fail"), ("fini", "f", "the job ends"),
    ("idle", "I", "nodes idle for longer than --offset"), ("reconfig", "r", "Slurm is reconfigured"),
    ("time", "t", "the job's time limit is reached"), ("up", "u", "a node comes back"),
    ("burst_buffer", "", "a burst buffer fails"),
    ("front_end", "", "a front end changes"),
    ("primary_slurmctld_failure", "a", "slurmctld fails"),
    ("primary_slurmctld_resumed_operation", "b", "slurmctld is back"),
    ("primary_slurmctld_resumed_control", "c", "slurmctld has taken control again"),
    ("primary_slurmctld_acct_buffer_full", "e", "slurmctld's buffer of accounts is full"),
    ("backup_slurmctld_failure", "A", "the backup slurmctld fails"),
    ("backup_slurmctld_resumed_operation", "B", "the backup slurmctld is back"),
    ("backup_slurmctld_assumed_control", "C", "the backup slurmctld takes control"),
    ("primary_slurmdbd_failure", "g", "slurmdbd fails"),
    ("primary_slurmdbd_resumed_operation", "h", "slurmdbd is back"),
    ("primary_database_failure", "G", "the database fails"),
    ("primary_database_resumed_operation", "H", "the database is back"),
)
TABLE = [
    *(Option(name, letter, NONE, text) for name, letter, text in EVENTS),
    Option("clear", "", NONE, "remove triggers"),
    Option("flags", "", REQUIRED, "PERM: the trigger stays after it has fired"),
    Option("get", "", NONE, "list triggers"),
    Option("id", "i", REQUIRED, "the trigger of this number"),
    Option("jobid", "j", REQUIRED, "triggers of this job"),
    Option("cluster", "", REQUIRED, "another name of --clusters", dest="clusters"),
    Option("clusters", "M", REQUIRED, "cluster to ask"),
    Option("node", "n", OPTIONAL, "of these nodes, else of all"),
    Option("noheader", "N", NONE, "no title line"),
    Option("offset", "o", REQUIRED, "seconds after (or before) the event"),
    Option("program", "p", REQUIRED, "what is run when the event comes"),
    Option("quiet", "Q", NONE, "do not complain of a trigger that is not there"),
    Option("set", "", NONE, "make a trigger"),
    Option("user", "", REQUIRED, "triggers of this user"),
    Option("verbose", "v", NONE, "say more"),
    Option("version", "V", NONE, "print the version"),
    Option("help", "", NONE, "print this list"),
    Option("usage", "", NONE, "print a short form"),
]
MODES = "You must use exactly one of the following options: --set, --get or --clear"
NO_EVENT = """You must specify a trigger (--down, --up, --reconfig, --time, --fini, --burst_buffer,
--primary_slurmctld_failure,
--primary_slurmctld_resumed_operation,
--primary_slurmctld_resumed_control,
--primary_slurmctld_acct_buffer_full,
--backup_slurmctld_failure,
--backup_slurmctld_resumed_operation,
--backup_slurmctld_as_ctrl,
--primary_slurmdbd_failure,
--primary_slurmdbd_resumed_operation,
--primary_database_failure, or 
--primary_database_resumed_operation)
"""


def main(call):
    """Set, list or clear triggers; what is refused is refused in Slurm's order. The exit code.
    Raises Fail."""
    found, _ = call.getopt(TABLE)
    given = {option.dest: value for option, value in found}
    if call.informs(given, "--set | --get | --clear [OPTIONS...]", TABLE):
        return 0
    check_values(call, given)
    if len(given.keys() & {"set", "get", "clear"}) != 1:
        raise Fail.error(f"{MODES}")
    if "set" in given and not given.keys() & {name for name, *_ in EVENTS}:
        raise Fail.error(f"{NO_EVENT}")
    if given.keys() & {"time", "fini"} and "jobid" not in given:
        raise Fail.error("You must specify a --jobid value")
    if "program" in given:
        check_program(given["program"])
    if "set" in given:
        if "program" not in given:
            raise Fail.error("You must specify a --program value")
        why = (slurm_errno.ESLURM_NOT_SUPPORTED if call.controller.caller.admin
               else slurm_errno.ESLURM_ACCESS_DENIED)
        raise Fail.bare("slurm_set_trigger", errno=why)
    if "clear" in given:
        if not given.keys() & {"id", "jobid", "user"}:
            raise Fail.error("You must specify a --id, --jobid, or --user to clear")
        if "quiet" in given:
            return 0
        raise Fail.bare("slurm_clear_trigger", errno=errno.ESRCH)
    if "verbose" in given:
        call.log("Read 0 trigger records")
    return 0


def check_values(call, given):
    """The options whose values are looked at while they are read. given: {option: value}. Raises Fail."""
    job = given.get("jobid")
    if job is not None and (leading_number(job)[1] or not job or int(job) < 1):
        raise Fail.error(f"Invalid jobid {job}")
    flags = given.get("flags")
    if flags is not None and flags.upper() != "PERM":
        raise Fail.error(f"Invalid flags {flags}")
    user = given.get("user")
    if user is not None and not is_number(user) and user_name(call.controller, user) is None:
        raise Fail.error(f"Invalid user {user}")


def check_program(program):
    """The program that an event starts has to be a file. Raises Fail."""
    name = program.split(" ")[0]
    if not name.startswith("/"):
        raise Fail.error('The --program value must start with "/"')
    if not os.path.exists(name):
        raise Fail.error("Invalid --program value, file not found")
    if not os.path.isfile(name):
        raise Fail.error("Invalid --program value, not regular file")
