"""--help and --usage: our own words in the shape that programs look for: the line that begins with "Usage:", the groups
of options under their headings, and the order in which each command lists them.

Sources: what the commands of Slurm 22.05.8 print; tests/conformance/cases/commands/88-help-shape.sh.
"""

from ...common.getopt import NONE, OPTIONAL, REQUIRED, known, usage

FIRST = 2205                  # the release of which the shapes are
WIDTH = 80                    # of what --usage prints
USAGE_ONLY = {"sacct": "sacct [options]\n\tUse --help for help",
              "sstat": "sstat [options] -j <job(.stepid)>\n\tsstat --help lists the options"}


# What --usage names behind the options.
OPERANDS = {"sbatch": "script [args...]", "srun": "executable [args...]", "salloc": "[command [args...]]",
            "scancel": "[job_id[_array_id][.step_id]]", "sattach": "<jobid.stepid>", "sbcast": "SOURCE DEST"}


class Shape:
    """How a command's --help is built. synopsis: what follows its name; groups: ((heading, options: "a,array" with a letter and
    a long name, "begin" without a letter, "V," without a name)), the heading "" for none."""

    def __init__(self, synopsis, groups):
        self.synopsis, self.groups = synopsis, groups


SHAPES = {
    "sbatch": Shape("[OPTIONS(0)...] [ : [OPTIONS(N)...]] script(0) [args(0)...]", (
        ("Parallel run options",
         "a,array A,account bb bbf b,begin comment cpu-freq c,cpus-per-task d,dependency deadline delay-boot "
         "D,chdir e,error export export-file get-user-env gid gres gres-flags H,hold ignore-pbs i,input "
         "J,job-name k,no-kill L,licenses M,clusters container m,distribution mail-type mail-user mcs-label "
         "n,ntasks nice no-requeue ntasks-per-node N,nodes o,output O,overcommit p,partition parsable power "
         "priority profile propagate q,qos Q,quiet reboot requeue s,oversubscribe S,core-spec signal "
         "spread-job switches thread-spec t,time time-min uid use-min-nodes v,verbose W,wait wckey wrap"),
        ("Constraint options",
         "cluster-constraint contiguous C,constraint F,nodefile mem mincpus reservation tmp w,nodelist "
         "x,exclude"),
        ("Consumable resources related options",
         "exclusive exclusive mem-per-cpu sockets-per-node cores-per-socket threads-per-core B,extra-node-info "
         "ntasks-per-core ntasks-per-socket"),
        ("GPU scheduling options",
         "cpus-per-gpu G,gpus gpu-bind gpu-freq gpus-per-node gpus-per-socket gpus-per-task mem-per-gpu"),
        ("Help options",
         "h,help usage"),
        ("Other options",
         "V,version"),
    )),
    "srun": Shape("[OPTIONS(0)... [executable(0) [args(0)...]]] [ : [OPTIONS(N)...]] executable(N) [args(N)...]", (
        ("Parallel run options",
         "A,account acctg-freq bb bbf bcast bcast-exclude b,begin c,cpus-per-task comment compress container "
         "cpu-freq d,dependency deadline delay-boot D,chdir export e,error epilog E,preserve-env gres "
         "gres-flags H,hold i,input I,immediate jobid J,job-name k,no-kill K,kill-on-bad-exit l,label "
         "L,licenses M,clusters m,distribution mail-type mail-user mcs-label mpi multi-prog n,ntasks nice "
         "ntasks-per-node N,nodes o,output O,overcommit overlap het-group p,partition power priority prolog "
         "profile propagate pty quit-on-interrupt q,qos Q,quiet reboot r,relative s,oversubscribe S,core-spec "
         "send-libs signal slurmd-debug spread-job switches task-epilog task-prolog thread-spec T,threads "
         "t,time time-min u,unbuffered use-min-nodes v,verbose W,wait wckey X,disable-status"),
        ("Constraint options",
         "cluster-constraint contiguous C,constraint mem mincpus reservation tmp w,nodelist x,exclude "
         "Z,no-allocate"),
        ("Consumable resources related options",
         "exact exclusive exclusive mem-per-cpu resv-ports sockets-per-node cores-per-socket threads-per-core "
         "B,extra-node-info ntasks-per-core ntasks-per-socket"),
        ("GPU scheduling options",
         "cpus-per-gpu G,gpus gpu-bind gpu-freq gpus-per-node gpus-per-socket gpus-per-task mem-per-gpu"),
        ("Help options",
         "h,help usage"),
        ("Other options",
         "V,version"),
    )),
    "salloc": Shape("[OPTIONS(0)...] [ : [OPTIONS(N)]] [command(0) [args(0)...]]", (
        ("Parallel run options",
         "A,account b,begin bell bb bbf c,cpus-per-task comment container cpu-freq delay-boot d,dependency "
         "deadline D,chdir get-user-env gid gres gres-flags H,hold I,immediate J,job-name k,no-kill "
         "K,kill-command L,licenses M,clusters m,distribution mail-type mail-user mcs-label n,ntasks nice "
         "no-bell ntasks-per-node N,nodes O,overcommit power priority profile p,partition q,qos Q,quiet reboot "
         "s,oversubscribe signal spread-job switches S,core-spec thread-spec t,time time-min uid use-min-nodes "
         "v,verbose wckey"),
        ("Constraint options",
         "cluster-constraint contiguous C,constraint F,nodefile mem mincpus reservation tmp w,nodelist "
         "x,exclude"),
        ("Consumable resources related options",
         "exclusive exclusive mem-per-cpu sockets-per-node cores-per-socket threads-per-core B,extra-node-info "
         "ntasks-per-core ntasks-per-socket"),
        ("GPU scheduling options",
         "cpus-per-gpu G,gpus gpu-bind gpu-freq gpus-per-node gpus-per-socket gpus-per-task mem-per-gpu"),
        ("Help options",
         "h,help usage"),
        ("Other options",
         "V,version"),
    )),
    "squeue": Shape("[OPTIONS]", (
        ("",
         "A,account a,all array-unique federation h,noheader hide i,iterate j,job json local l,long L,licenses "
         "M,clusters n,name noconvert o,format O,Format p,partition q,qos R,reservation r,array sibling s,step "
         "S,sort start t,states u,user name v,verbose V,version w,nodelist yaml"),
        ("Help options",
         "help usage"),
    )),
    "sinfo": Shape("[OPTIONS]", (
        ("",
         "a,all d,dead e,exact federation h,noheader hide i,iterate json local l,long M,clusters n,nodes "
         "noconvert N,Node o,format O,Format p,partition r,responding R,list-reasons s,summarize S,sort "
         "t,states T,reservation v,verbose V,version yaml"),
        ("Help options",
         "help usage"),
    )),
    "scancel": Shape("[OPTIONS] [job_id[_array_id][.step_id]]", (
        ("",
         "A,account b,batch f,full H,hurry i,interactive M,clusters n,name p,partition Q,quiet q,qos "
         "R,reservation sibling s,signal t,state u,user V,version v,verbose w,nodelist wckey"),
        ("Help options",
         "help usage"),
    )),
    "sacct": Shape("[<OPTION>]", (
        ("",
         "a,allusers A,accounts b,brief B,batch-script c,completion delimiter D,duplicates e,helpformat "
         "E,endtime env-vars federation f,file g,gid h,help i,nnodes I,ncpus j,jobs json k,timelimit-min "
         "K,timelimit-max local l,long L,allclusters M,clusters n,noheader noconvert N,nodelist name o,format "
         "p,parsable P,parsable2 q,qos r,partition s,state S,starttime T,truncate u,uid units usage v,verbose "
         "V,version W,wckeys whole-hetjob x,associations X,allocations yaml"),
    )),
    "sstat": Shape("[<OPTION>] -j <job(.stepid)>", (
        ("",
         "a,allsteps e,helpformat h,help i,pidformat j,jobs n,noheader noconvert o,format p,parsable "
         "P,parsable2 usage v,verbose V,version"),
    )),
    "sprio": Shape("[OPTIONS]", (
        ("",
         "federation h,noheader j,jobs local l,long M,cluster n,norm o,format sibling p,partition u,user "
         "v,verbose V,version w,weights"),
        ("Help options",
         "help usage"),
    )),
    "sshare": Shape("[OPTION]", (
        ("",
         "a, A, e, l, m, M, n, o, p, P, u, U, v, V, help usage"),
    )),
    "sattach": Shape("[options] <jobid.stepid>", (
        ("",
         "input-filter output-filter error-filter l,label layout Q,quiet v,verbose V,version"),
        ("Help options",
         "h,help u,usage"),
    )),
    "sbcast": Shape("[OPTIONS] SOURCE DEST", (
        ("",
         "C,compress exclude f,force F,fanout j,jobid p,preserve send-libs s,size t,timeout v,verbose "
         "V,version"),
        ("Help options",
         "help usage"),
    )),
    "sdiag": Shape("[OPTIONS]", (
        ("",
         "a,all r,reset M,cluster i,sort-by-id t,sort-by-time T,sort-by-time2 V,version"),
        ("Help options",
         "help usage"),
    )),
    "strigger": Shape("[--set | --get | --clear] [OPTIONS]", (
        ("",
         "set get clear burst_buffer front_end a,primary_slurmctld_failure "
         "A,primary_slurmctld_resumed_operation b,primary_slurmctld_resumed_control B,backup_slurmctld_failure "
         "c,backup_slurmctld_resumed_operation C,backup_slurmctld_assumed_control d,down D,drained "
         "e,primary_slurmctld_acct_buffer_full F,fail f,fini flags g,primary_slurmdbd_failure "
         "G,primary_slurmdbd_resumed_operation h,primary_database_failure H,primary_database_resumed_operation "
         "i,id I,idle j,jobid M,cluster n,node N,noheader o,offset p,program Q,quiet r,reconfig t,time u,up "
         "user v,verbose V,version"),
        ("Help options",
         "help usage"),
    )),
}
# How a value stands behind a long name, and behind a letter.
VALUES = {NONE: "", REQUIRED: "=VALUE", OPTIONAL: "[=VALUE]"}
SHORT_VALUES = {NONE: "", REQUIRED: " VALUE", OPTIONAL: "[VALUE]"}
LISTED = ("sacct", "sstat")       # whose help says no "Usage:", and has a colon behind each option


def rows(words, table, release):
    """[(option, letter, long name)] of words such as "a,array", "begin", "V,", in their order; a name may be another one, or
    cut short. Those that the table lacks are left out."""
    options = known(table, release)
    found = []
    for word in words.split():
        letter, _, name = word.rpartition(",")
        row = next((o for o in options if name and o.name == name or letter and o.letter == letter), None) or next(
            (o for o in options if name and o.name.startswith(name)), None)
        if row is not None:
            row = row if row.help else next((o for o in options if o.dest == row.dest and o.help), row)
            found.append((row, letter, name))
    return found


def with_later(shape, table, release):
    """The groups of a Shape; options that came after the release it is of follow the first group's."""
    later = [f"{o.letter},{o.name}" if o.letter else o.name for o in known(table, release) if o.since > FIRST and o.help]
    (heading, names), *others = shape.groups
    return [(heading, " ".join([names, *later])), *others]


def option_text(option, letter, name):
    """"-a, --array=VALUE", "    --begin=VALUE", "-V"."""
    long = f"--{name}{VALUES[option.arg]}" if name else ""
    return ", ".join(filter(None, [f"-{letter}", long])) if letter else "    " + long


def text(name, synopsis, table, release, brief):
    """What --help prints, or with `brief` --usage. synopsis: of a command without a Shape."""
    shape = SHAPES.get(name)
    if shape is None:
        return usage(name, synopsis, table, release)
    return (short if brief and name != "sshare" else full)(name, shape, table, release)


def full(name, shape, table, release):
    """The text of --help."""
    listed = name in LISTED
    lines = [f"{name} {shape.synopsis}", "     Valid <OPTION> values are:"] if listed else [f"Usage: {name} {shape.synopsis}"]
    for heading, names in with_later(shape, table, release):
        if heading:
            lines += ["", f"{heading}:"]
        for option, letter, long in rows(names, table, release):
            words = option_text(option, letter, long)
            if listed:
                lines.append(f"     {words.partition('=')[0].partition('[')[0]}: {option.help}")
            else:
                lines.append(f"  {words:<34} {option.help}")
    return "\n".join(lines) + "\n"


def short(name, shape, table, release):
    """The text of --usage: each option in brackets, as many in a line as it holds."""
    if name in USAGE_ONLY:
        return f"Usage: {USAGE_ONLY[name]}\n"
    words = []
    for _, names in with_later(shape, table, release):
        for option, letter, long in rows(names, table, release):
            values = SHORT_VALUES if letter else VALUES
            words.append(f"[{f'-{letter}' if letter else f'--{long}'}{values[option.arg]}]")
    words += filter(None, [OPERANDS.get(name)])
    lines = [f"Usage: {name}"]
    for word in words:
        if len(lines[-1]) + 1 + len(word) > WIDTH:
            lines.append(" " * len(f"Usage: {name}"))
        lines[-1] += f" {word}"
    return "\n".join(lines) + "\n"
