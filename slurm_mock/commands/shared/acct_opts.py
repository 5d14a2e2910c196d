"""What sacct is asked and whom it answers: its options, and the view that its fields are read from.
"""

from ...common.getopt import OPTIONAL, REQUIRED, Option
from ...slurmctld.job_info import unit_text
from .view import View

UNITS = "KMGTP"


OPTIONS = (
    Option("allusers", "a", help="everybody's jobs"),
    Option("accounts", "A", REQUIRED, "only jobs of these accounts"),
    Option("brief", "b", help="only id, state and exit code"),
    Option("batch-script", "B", help="the batch script (with -j)"),
    Option("completion", "c", help="from job completion records", effect=False),
    Option("constraints", "C", REQUIRED, "only jobs with these constraints"),
    Option("delimiter", "", REQUIRED, "what stands between values with -p and -P"),
    Option("duplicates", "D", help="all records of an id"),
    Option("helpformat", "e", help="the names of all fields"),
    Option("endtime", "E", REQUIRED, "only jobs from before this time"),
    Option("env-vars", "", help="the environment of the batch script (with -j)"),
    Option("federation", "", help="all clusters of the federation", effect=False),
    Option("file", "f", REQUIRED, "read this file of job completion records", effect=False),
    Option("flags", "F", REQUIRED, "only jobs with these flags", effect=False),
    Option("fields", "", REQUIRED, "another name of --format", dest="format"),
    Option("format", "o", REQUIRED, "fields: jobid,state%20,...", env="SACCT_FORMAT"),
    Option("gid", "", REQUIRED, "another name of --group", dest="group"),
    Option("group", "g", REQUIRED, "only jobs of these groups"),
    Option("help", "h", help="this text"),
    Option("nnodes", "i", REQUIRED, "only jobs on so many nodes: MIN[-MAX]"),
    Option("ncpus", "I", REQUIRED, "only jobs on so many CPUs: MIN[-MAX]"),
    Option("jobs", "j", REQUIRED, "only these jobs and steps: 12,13_4,14.0,15.batch"),
    Option("json", "", help="as JSON"),
    Option("timelimit-min", "k", REQUIRED, "only jobs with at least this time limit"),
    Option("timelimit-max", "K", REQUIRED, "... and at most this one"),
    Option("local", "", help="only this cluster", effect=False),
    Option("long", "l", help="all common fields"),
    Option("allclusters", "L", help="jobs of all clusters"),
    Option("cluster", "", REQUIRED, "another name of --clusters", dest="clusters"),
    Option("clusters", "M", REQUIRED, "jobs of these clusters"),
    Option("name", "", REQUIRED, "only jobs of these names"),
    Option("noconvert", "", help="leave units as they are"),
    Option("noheader", "n", help="no title lines"),
    Option("nodelist", "N", REQUIRED, "only jobs on these nodes"),
    Option("parsable", "p", help="values with delimiters, one at the end too"),
    Option("parsable2", "P", help="values with delimiters between them"),
    Option("partition", "r", REQUIRED, "only jobs of these partitions"),
    Option("reason", "", REQUIRED, "read, and passed over as in the original", effect=False),
    Option("qos", "q", REQUIRED, "only jobs of these qualities of service"),
    Option("state", "s", REQUIRED, "only jobs in these states (in the time window)"),
    Option("starttime", "S", REQUIRED, "only jobs from after this time"),
    Option("truncate", "T", help="cut times to the window"),
    Option("uid", "", REQUIRED, "another name of --user", dest="user"),
    Option("units", "", REQUIRED, "show sizes in this unit: K, M, G, T, P"),
    Option("usage", "U", help="a short summary"),
    Option("use-local-uid", "", help="user ids of this machine", effect=False),
    Option("user", "u", REQUIRED, "only jobs of these users"),
    Option("verbose", "v", help="tell what was asked", effect=False),
    Option("version", "V", help="the version"),
    Option("wckeys", "W", REQUIRED, "only jobs with these keys"),
    Option("whole-hetjob", "", OPTIONAL, "all components of heterogeneous jobs"),
    Option("associations", "x", REQUIRED, "only jobs of these associations"),
    Option("allocations", "X", help="no steps"),
    Option("", "t", help="the same", dest="allocations"),
    Option("yaml", "", help="as YAML"),
)


class AccountView(View):
    """A view that also knows the unit asked for."""

    unit = None

    def size(self, number, unit):
        """A size -> text; `unit`: 0 bytes, 2 MiB."""
        if self.unit is not None and int(number):
            number /= 1024 ** (self.unit - unit)
            whole = number == int(number)
            return f"{int(number)}{UNITS[self.unit - 1]}" if whole else \
                f"{number:.2f}{UNITS[self.unit - 1]}"
        return unit_text(number, unit, self.convert)
