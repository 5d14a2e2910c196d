"""Strategies for command lines that a learner could type, right and wrong ones.

`$J1` is the id of the first job submitted.  What only time or chance tells is left
out: fields of times and of priorities, and what a running job measures.
"""

from __future__ import annotations

from hypothesis import strategies as st

from tests.conformance.pair import ENDS, NEVER_ENDS

PARTITIONS = ("main", "debug", "fat", "gpu", "ht", "all", "down", "staff", "main,debug",
              "debug,main", "fat,main", "nope", "main,nope")
NAMES = ("first", "second", "a-rather-long-name-of-a-job", "x", "two words")
STATES = ("PD", "R", "pending", "RUNNING", "CA", "all", "CD,F", "R,PD", "S", "nope")
NODES = ("c1", "c[1-2]", "c2,f1", "g1", "h1", "c5", "nope", "c[1-5],f[1-2]")

# Each stands for one option of sbatch with its values.
SUBMIT_OPTIONS = {
    "-p {}": PARTITIONS,
    "-t {}": ("10", "10:00", "1:30:00", "0-2", "2-0", "2-1:30", "1-02:03:04", "banana", "30:30",
              "UNLIMITED", "0", "45"),
    "-N {}": ("1", "2", "1-2", "3", "6", "0", "2-1", "x", "1-3", "12"),
    "-n {}": ("1", "2", "5", "8", "9", "20", "0", "100"),
    "-c {}": ("1", "2", "8", "9", "17", "0"),
    "--ntasks-per-node={}": ("1", "2", "4", "9"),
    "--mem={}": ("100", "1G", "16000", "17G", "2000K", "0", "900G", "lots"),
    "--mem-per-cpu={}": ("100", "1G", "4000", "5G", "0"),
    "-C {}": ("haswell", "ib", "fat", "gpu", "haswell\\&ib", "fat\\|gpu", "nope", "rome"),
    "--gres={}": ("gpu:1", "gpu:k80:2", "gpu:3", "gpu", "nope:1", "gpu:k20:1"),
    "-w {}": NODES,
    "-x {}": NODES,
    "--exclusive{}": ("", "=user"),
    "-H{}": ("",),
    "--begin={}": ("now+1hour", "now+2days", "2030-01-01", "2030-01-01T12:00", "nonsense", "now"),
    "--nice{}": ("", "=50", "=-5", "=0", "=100000"),
    "-J {}": ("first", "second", "a-rather-long-name-of-a-job", "x", "'two words'"),
    "--comment={}": ("short", "'of two words'"),
    "-a {}": ("1", "0-3", "1-5%2", "2,4,9", "0-8:4", "3-1", "x", "1-2000", "1,1,2", "5-6%0"),
    "--requeue{}": ("",),
    "--no-requeue{}": ("",),
    "--time-min={}": ("5", "10:00", "3-0"),
    "--deadline={}": ("2030-01-01", "2001-01-01"),
    "--mail-type={}": ("END", "ALL", "FAIL,BEGIN", "nope"),
    "-o {}": ("out-%j.txt", "/dev/null", "%x.%A.out"),
    "-e {}": ("err.txt",),
    "-D {}": (".",),
    "-A {}": ("physics",),
    "--reservation={}": ("nope",),
    "-L {}": ("matlab",),
    "--parsable{}": ("",),
    "-O{}": ("",),
    "--contiguous{}": ("",),
    "--tmp={}": ("1", "100G"),
    "--kill-on-invalid-dep={}": ("no", "yes"),
    "--wckey={}": ("key",),
    "--mincpus={}": ("1", "4", "9"),
    "--threads-per-core={}": ("1", "2"),
    "--spread-job{}": ("",),
    "--use-min-nodes{}": ("",),
    "--priority={}": ("100", "0"),
}
DEPENDENCIES = ("afterok", "afterany", "afternotok", "after", "aftercorr")

SQUEUE_LETTERS = "aABcCdDEfFgGhHiIjJkKlmnNOPqQrRtTuUvxXyzwW"
SQUEUE_NAMES = (
    "account", "arrayjobid", "arraytaskid", "batchflag", "batchhost", "boardspernode",
    "comment", "contiguous", "cores", "corespec", "cpus-per-task", "dependency", "exit_code",
    "feature", "groupid", "groupname", "jobarrayid", "jobid", "licenses", "maxcpus", "maxnodes",
    "mcslabel", "mincpus", "minmemory", "mintmpdisk", "name", "nice", "nodelist", "nodes",
    "ntperboard", "ntpercore", "ntpernode", "ntpersocket", "numcpus", "numnodes", "numtasks",
    "oversubscribe", "partition", "qos", "reason", "reasonlist", "reboot", "reqnodes", "requeue",
    "reservation", "restartcnt", "schednodes", "sct", "sockets", "state", "statecompact",
    "stdin", "threads", "timelimit", "tres-alloc", "tres-per-job",
    "tres-per-node", "tres-per-task", "userid", "username", "wckey", "delayboot",
    "deadline", "burstbuffer", "container", "network", "admin_comment",
    "cpus-per-tres", "mem-per-tres", "tres-bind", "origin", "clusterfeature")
SINFO_LETTERS = "aABcCdDfFgGhIlLmMnNpPrRsStTuwXYzZ"
SACCT_FIELDS = (
    "account", "alloccpus", "allocnodes", "alloctres", "cluster", "comment", "constraints",
    "derivedexitcode", "exitcode", "gid", "group", "jobid", "jobidraw", "jobname",
    "layout", "mcslabel", "ncpus", "nnodes", "nodelist", "ntasks", "partition", "qos", "reason",
    "reqcpus", "reqmem", "reqnodes", "reqtres", "reservation", "state", "submitline",
    "timelimit", "timelimitraw", "uid", "user", "wckey", "admincomment", "container",
    "associd", "consumedenergy")


def option(table) -> st.SearchStrategy[str]:
    """One option of a table with one of its values."""
    return st.sampled_from(sorted(table)).flatmap(
        lambda pattern: st.sampled_from(table[pattern]).map(pattern.format))


def job(submitted: int) -> st.SearchStrategy[str]:
    """A job that was submitted, a task of it, or (seldom) one that never was."""
    if not submitted:
        return st.just("999999")
    known = st.integers(1, submitted).map("$J{}".format)
    number = st.integers(1, submitted).map("${{J{}}}".format)
    task = st.tuples(number, st.sampled_from(("_1", "_2", "_[1-2]", "_0", "_77"))).map("".join)
    return st.one_of(known, known, known, known, task, st.just("999999"))


def dependency(submitted: int) -> st.SearchStrategy[str]:
    """--dependency on jobs that exist, or not."""
    one = st.tuples(st.sampled_from(DEPENDENCIES), job(submitted)).map(":".join)
    several = st.tuples(one, st.sampled_from((",", "\\?", ":")), job(submitted), one).map(
        lambda t: t[0] + (":" + t[2] if t[1] == ":" else t[1] + t[3]))
    return st.one_of(one, one, several, st.just("singleton"), st.just("nonsense:1")).map(
        "-d {}".format)


def submit(submitted: int) -> st.SearchStrategy[str]:
    """sbatch with up to five options and a script that ends at once or never."""
    options = st.lists(option(SUBMIT_OPTIONS), max_size=4)
    depends = st.one_of(st.just(""), st.just(""), dependency(submitted))
    script = st.sampled_from((NEVER_ENDS, NEVER_ENDS, NEVER_ENDS, ENDS, f"{ENDS} 3"))
    return st.tuples(options, depends, script).map(
        lambda t: " ".join(filter(None, ["sbatch", *t[0], t[1], t[2]])))


def steer(submitted: int) -> st.SearchStrategy[str]:
    """hold, release, requeue and the like, of one job or several."""
    verb = st.sampled_from(("hold", "uhold", "release", "requeue", "requeuehold", "suspend",
                            "resume", "top", "hold", "release"))
    which = st.lists(job(submitted), min_size=1, max_size=2, unique=True)
    return st.tuples(verb, which).map(lambda t: f"scontrol {t[0]} {','.join(t[1])}")


UPDATES = {
    "TimeLimit={}": ("5", "20:00", "2-0", "UNLIMITED", "banana", "+10", "-5"),
    "Partition={}": PARTITIONS,
    "Name={}": NAMES[:4],
    "JobName={}": NAMES[:4],
    "Nice={}": ("10", "0", "-10", "2000"),
    "Comment={}": ("changed",),
    "StartTime={}": ("now+1hour", "now", "2030-01-01", "nonsense"),
    "NumNodes={}": ("1", "2", "1-2", "6", "x"),
    "NumCPUs={}": ("1", "4", "2-4"),
    "NumTasks={}": ("1", "3"),
    "Features={}": ("ib", "nope", "fat", ""),
    "ReqNodeList={}": NODES,
    "ExcNodeList={}": NODES,
    "MinMemoryNode={}": ("200", "1G", "900G", "x"),
    "MinMemoryCPU={}": ("200", "1G"),
    "MinCPUsNode={}": ("2", "9"),
    "Requeue={}": ("0", "1"),
    "Dependency={}": ("singleton", "", "nonsense", "afterok:$J1"),
    "Account={}": ("physics",),
    "QOS={}": ("normal", "nope"),
    "Priority={}": ("0", "100", "4000000"),
    "ArrayTaskThrottle={}": ("1", "3", "0"),
    "Deadline={}": ("2030-01-01", "2001-01-01"),
    "OverSubscribe={}": ("yes", "no"),
    "TimeMin={}": ("1", "3-0"),
    "WCKey={}": ("key",),
    "Gres={}": ("gpu:1", "nope:1"),
    "Licenses={}": ("matlab",),
    "CPUsPerTask={}": ("2",),
    "Contiguous={}": ("yes", "no"),
    "StdOut={}": ("other.txt",),
    "Nonsense={}": ("1",),
    "ReservationName={}": ("nope",),
    "AdminComment={}": ("mine",),
    "UserID={}": ("root",),
}


def update(submitted: int) -> st.SearchStrategy[str]:
    """scontrol update of a job's fields."""
    fields = st.lists(option(UPDATES), min_size=1, max_size=2)
    return st.tuples(job(submitted), fields).map(
        lambda t: f"scontrol update job={t[0]} {' '.join(t[1])}")


def cancel(submitted: int) -> st.SearchStrategy[str]:
    """scancel of jobs, by filters, or with a signal."""
    filters = st.lists(option({
        "-n {}": NAMES[:4], "-p {}": ("main", "debug", "nope"), "-u {}": ("alice", "nobody"),
        "-t {}": ("PD", "PENDING", "R", "S", "CA"), "-w {}": ("c1", "c[1-2]", "f1", "nope"),
        "-q {}": ("normal",), "-A {}": ("physics",), "--me{}": ("",), "-R {}": ("nope",),
        "--wckey={}": ("key",)}), min_size=1, max_size=2).map(" ".join)
    jobs = st.lists(job(submitted), min_size=1, max_size=2).map(" ".join)
    signal = st.sampled_from(("", "", "", "-s USR1 ", "-s 9 ", "-b ", "-s nope ", "-f ", "-Q ",
                              "-s TERM "))
    return st.one_of(jobs, jobs, st.tuples(jobs, filters).map(" ".join), filters).flatmap(
        lambda text: signal.map(lambda s: f"scancel {s}{text}"))


def _jobs(submitted: int) -> st.SearchStrategy[str]:
    return st.lists(job(submitted), min_size=1, max_size=3).map(lambda js: "-j " + ",".join(js))


def look(submitted: int) -> st.SearchStrategy[str]:
    """A query of jobs, nodes, partitions or accounts."""
    return st.one_of(squeue(submitted), squeue(submitted), show(submitted), sacct(submitted),
                     sinfo())


def squeue(submitted: int) -> st.SearchStrategy[str]:
    letter = st.tuples(st.sampled_from(("", "", "8", ".12", "30", ".6")),
                       st.sampled_from(SQUEUE_LETTERS)).map(lambda t: f"%{t[0]}{t[1]}")
    short = st.lists(letter, min_size=1, max_size=8).flatmap(
        lambda ls: st.sampled_from((" ", "|", ":")).map(lambda s: f"-o '{s.join(ls)}'"))
    field = st.tuples(st.sampled_from(SQUEUE_NAMES), st.sampled_from(("", "", ":8", ":30"))).map(
        "".join)
    long = st.lists(field, min_size=1, max_size=6).map(lambda fs: f"-O '{','.join(fs)}'")
    filters = st.lists(st.one_of(option({
        "-p {}": ("main", "debug,fat", "nope"), "-u {}": ("alice", "root", "nobody,alice", "nosuch"),
        "-n {}": ("first", "x,second", "none"), "-w {}": NODES, "-q {}": ("normal",),
        "-A {}": ("physics",), "--me{}": ("",), "-R {}": ("nope",), "-L {}": ("matlab",)}),
        st.sampled_from(("-h", "-r", "-l", "-a", "--array-unique"))), max_size=2).map(" ".join)
    # every job that ever was: asked for by its id, since real Slurm remembers other sequences
    which = st.one_of(st.just(""), st.just('-t all -j "$JOBS"'), _jobs(submitted),
                      st.sampled_from(STATES).map("-j \"$JOBS\" -t {}".format))
    sort = st.one_of(st.just("-S i"), option({"-S {}": ("-i", "P,i", "j,-i", "T,i", "t,i", "D,i",
                                                        "u,-i", "-P,i", "N,i", "C,i", "v,i")}))
    return st.tuples(which, filters, st.one_of(short, short, long, st.just("")), sort).map(
        lambda t: " ".join(filter(None, ["squeue", *t])))


def show(submitted: int) -> st.SearchStrategy[str]:
    """scontrol show of a job (most often), a node or a partition."""
    of_job = st.tuples(st.sampled_from(("", "", "-o ", "-d ", "-dd ")), job(submitted)).map(
        lambda t: f"scontrol {t[0]}show job {t[1]}")
    other = st.sampled_from(("node c1", "node f1", "node g1", "node h1", "partition debug",
                             "partition main", "partition nope", "node nope", "step $J1",
                             "hostnames c[1-3],f1", "hostlist c1,c2,c4"))
    return st.one_of(of_job, of_job, of_job, other.map("scontrol show {}".format))


def sacct(submitted: int) -> st.SearchStrategy[str]:
    fields = st.lists(st.tuples(st.sampled_from(SACCT_FIELDS),
                                st.sampled_from(("", "", "%20", "%-15", "%4"))).map("".join),
                      min_size=1, max_size=7).map(lambda fs: f"-o {','.join(fs)}")
    flags = st.lists(st.sampled_from(("-X", "-P", "-p", "-n", "-b", "--delimiter=%", "-D")),
                     max_size=3, unique=True).map(" ".join)
    which = st.one_of(st.just('-j "$JOBS"'), _jobs(submitted))
    return st.tuples(which, flags, fields).map(
        lambda t: " ".join(filter(None, ["sacct", *t])))


def sinfo() -> st.SearchStrategy[str]:
    letter = st.tuples(st.sampled_from(("", "", "6", ".12", "30")),
                       st.sampled_from(SINFO_LETTERS)).map(lambda t: f"%{t[0]}{t[1]}")
    form = st.lists(letter, min_size=1, max_size=6).map(lambda ls: f"-o '{' '.join(ls)}'")
    options = st.lists(option({
        "-p {}": ("main", "debug", "fat,gpu", "all", "down"), "-n {}": NODES[:6],
        "-t {}": ("idle", "alloc", "mix", "idle,mix", "down", "nope"), "-N{}": ("",),
        "-s{}": ("",), "-l{}": ("",), "-h{}": ("",), "-e{}": ("",), "-r{}": ("",)}),
        max_size=2).map(" ".join)
    # real sinfo asks for each partition in a thread of its own: ties come in any order
    return st.tuples(options, st.one_of(form, form, st.just(""))).map(
        lambda t: " ".join(filter(None, ["sinfo", *t])) + " | tail -n +2 | sort")
