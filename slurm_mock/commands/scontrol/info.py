"""scontrol show, ping, completing."""

from ...common import slurm_errno
from ...common.hostlist import BadHostlist, fold, order
from ...common.parse_time import atoi, leading_number
from ...common.records import ACTIVE
from ...slurmctld.job_info import StepRow
from . import print_job
from .opts import begins

def show(session, tag, args):
    """scontrol show ENTITY [ID]"""
    if len(args) > 2 and not begins(args[0], "assoc_mgr", 2):
        session.fail(f"too many arguments for keyword:{tag}")
        return
    word, equals, value = args[0].partition("=")
    value = value if equals else args[1] if len(args) > 1 else None
    for name, least, function in ENTITIES:
        if begins(word, name, least):
            if function is assoc_mgr:
                assoc_mgr(session, args[1:])
            elif function:
                function(session, value)
            return
    session.fail(f"invalid entity:{args[0]} for keyword:{tag} ")


def _put(session, text):
    session.call.out.write(text.encode("utf-8", "surrogateescape"))


# ---- jobs and steps ---------------------------------------------------------

def jobs(session, value):
    """scontrol show job [12, 12_3 or 12+1]: the records of these jobs, or of all that the caller
    may see."""
    number, task, offset = 0, None, None
    if value is not None:
        if not all(c in "0123456789_+" for c in value):
            session.perror("scontrol_print_job error", slurm_errno.ESLURM_INVALID_JOB_ID)
            return
        number, rest = leading_number(value)
        if rest[:1] == "_":
            task, rest = leading_number(rest[1:])
        if rest[:1] == "+":
            offset, rest = leading_number(rest[1:])
    view = session.open()
    store = view.controller.store
    if number:
        found = store.named(number)
        if not found:
            session.perror("slurm_load_jobs error", slurm_errno.ESLURM_INVALID_JOB_ID)
            return
    else:
        found = store.jobs()
        hidden = {p.name for p in view.cluster.parts.values()} - {
            p.name for p in view.visible(session.all)}
        if hidden and not view.caller.admin:
            found = [j for j in found if j.user == view.caller.user
                     or not set(j.partition.split(",")) <= hidden]
    from ...slurmctld.job_info import listed
    shown = 0
    for job in listed(found):
        if offset is not None and (job.het_offset or 0) != offset:
            continue
        if task is not None and job.array_task != task:
            from ...slurmctld.job_info import task_numbers
            if job.array_task is not None or task not in task_numbers(job.array_tasks):
                continue
            job = job.copy(array_task=task)
        _put(session, print_job.job_text(job, view, session.one_line, session.detail))
        shown += 1
    if shown:
        return
    if value is None:
        if not session.quiet:
            session.call.print("No jobs in the system")
        return
    session.code = 1
    if not session.quiet:
        what = f"{number}_{task}" if task is not None else (
            f"{number}+{offset}" if offset is not None else str(number))
        session.call.print(f"Job {what} not found")


# A job's number that stands for every job (NO_VAL).
ANY = 0xFFFFFFFE


def steps(session, value):
    """scontrol show step [12, 12_3 or 12.0]: the records of these running steps, or of all."""
    view = session.open()
    store = view.controller.store
    number, task, step_id = 0, None, None
    if value is not None:
        number, rest = atoi(value), leading_number(value)[1]
        if rest[:1] == "_":
            task = atoi(rest[1:])
        elif rest[:1] == ".":
            step_id = atoi(rest[1:])
    if number and number != ANY:
        found = [j for j in store.named(number) if j.phase == ACTIVE and number in (j.id, j.array_id)]
    else:
        found = store.jobs(ACTIVE)
    shown = 0
    for job in found:
        if task is not None and job.array_task != task:
            continue
        for step in store.steps(job.id):
            if step.end_time or (step_id is not None and step.step_id != step_id):
                continue
            _put(session, print_job.step_text(StepRow(step, job), view, session.one_line))
            shown += 1
    if shown:
        return
    if value is None:
        if not session.quiet:
            session.call.print("No job steps in the system")
        return
    known = store.named(number) if number and number != ANY else store.jobs()
    if number != ANY and not any(number in (j.id, j.array_id) for j in known) and store.has_jobs():
        session.perror("slurm_get_job_steps error", slurm_errno.ESLURM_INVALID_JOB_ID)
        return
    session.code = 1
    if not session.quiet:
        label = str(number) if task is None else f"{number}_{task}"
        step = "" if step_id is None else step_id
        session.call.print(f"Job step {label}.{step if number else 'Invalid'} not found")


def completing(session, tag, args):
    """scontrol completing: a line for each job that is about to end, with how long that takes already."""
    view = session.open()
    from ...common.parse_time import elapsed_text
    for job in [j for j in view.controller.store.jobs(ACTIVE) if j.state == "COMPLETING"]:
        end = job.end_time or view.now
        session.call.print(
            f"JobId={job.id} EndTime={view.stamp(end, 'Unknown')} "
            f"CompletingTime={elapsed_text(view.now - end, True)} "
            f"Nodes(COMPLETING)={job.nodelist} ")


# ---- nodes, partitions, reservations ----------------------------------------

def nodes(session, value):
    """scontrol show node [LIST]: the records of these nodes, or of all."""
    from . import print_node
    view = session.open()
    known = view.cluster.nodes
    if value is None:
        names = [n.name for n in known.values() if session.future or n.state != "FUTURE"]
    else:
        try:
            names = session.call.node_names(value)
        except BadHostlist:
            session.fail(f"unable to parse node list {value}")
            return
    for name in names:
        if name in known:
            _put(session, print_node.node_text(known[name], view, session.one_line,
                                              session.detail))
        else:
            session.code = 1
            if not session.quiet:
                session.call.print(f"Node {name} not found")


def partitions(session, value):
    """scontrol show partition [NAME]: its record, or those of all that are not hidden."""
    from . import print_node
    view = session.open()
    parts = view.visible(session.all or value is not None)
    if value is not None:
        parts = [p for p in parts if p.name == value]
    for part in parts:
        _put(session, print_node.partition_text(part, view, session.one_line))
    if parts or session.quiet:
        session.code = session.code if parts else int(value is not None)
    elif value is not None:
        session.code = 1
        session.call.print(f"Partition {value} not found")
    else:
        session.call.print("No partitions in the system")


def reservations(session, value):
    """scontrol show reservation [NAME]: its record, or those of all."""
    from . import print_node
    view = session.open()
    found = view.controller.store.reservations()
    if value is not None:
        found = [r for r in found if r.name == value]
    for res in found:
        _put(session, print_node.reservation_text(res, view, session.one_line))
    if found:
        return
    if value is not None:
        session.code = 1
    if not session.quiet:
        session.call.print("No reservations in the system" if value is None
                           else f"Reservation {value} not found")


# ---- host lists -------------------------------------------------------------

def hostnames(session, value):
    """scontrol show hostnames [LIST]: its names, a line each. Without a list that of SLURM_NODELIST."""
    text = session.call.env.get("SLURM_NODELIST", "") if value is None else value
    if not text and value is None and "SLURM_NODELIST" in session.call.env:
        return
    if value is None and not text:
        session.call.error("host list is empty")
        return
    names = _hosts(session, text, session.code)
    if names:
        session.call.print("\n".join(names))


def hostlist(session, value, ordered=False):
    """scontrol show hostlist NAMES: the names folded into a list. NAMES may be the path of a file;
    ordered: sort them first."""
    if value is None:
        session.fail("invalid encode argument")
        from .opts import print_help
        print_help(session.call)
        return
    if value.startswith("/"):
        value = _file(session, value)
        if value is None:
            return
    names = _hosts(session, value)
    if names is not None:
        session.call.print(fold(sorted(names, key=order) if ordered else names, sort=False))


def hostlist_sorted(session, value):
    """scontrol show hostlistsorted NAMES: as hostlist, in order."""
    hostlist(session, value, True)


def _hosts(session, text, code=1):
    try:
        return session.call.node_names(text)
    except BadHostlist:
        session.fail(f"Invalid hostlist: {text}", code)
        return None


def _file(session, path):
    """A file of host names -> a comma list."""
    try:
        with open(path, encoding="utf-8", errors="surrogateescape") as f:
            return ",".join(f.read().split())
    except OSError:
        session.fail(f"Can not open {path}")
        return None


# ---- the cluster ------------------------------------------------------------

def config(session, value):
    """scontrol show config: slurm.conf with all its defaults, then ping."""
    from ...conf.defaults import lines
    view = session.open()
    session.call.print(f"Configuration data as of {view.stamp(view.now)}")
    session.call.print("\n".join(lines(view)) + "\n")
    ping(session, "ping", [])


def controller_host(config):
    """SlurmctldHost without its address."""
    return config.get("SlurmctldHost", "localhost").partition("(")[0]


def ping(session, tag, args):
    """scontrol ping: the controller is always up."""
    config = session.call.controller.config
    session.call.print(f"Slurmctld(primary) at {controller_host(config)} is UP")


def daemons(session, value):
    """scontrol show daemons: which daemons slurm.conf places on this machine."""
    if value is not None:
        session.fail("too many arguments for keyword:show")
        return
    import os
    view = session.open()
    here = os.uname().nodename.partition(".")[0]
    found = ""
    if here == controller_host(view.config):
        found += "slurmctld "
    if any(n.hostname == here for n in view.cluster.nodes.values()):
        found += "slurmd"
    session.call.print(found or print_job.NULL)


def aliases(session, value):
    """scontrol show aliases [HOST]: the nodes whose NodeHostname it is; without a name this machine's."""
    import os
    host = value or os.uname().nodename.partition(".")[0]
    names = [n.name for n in session.call.controller.store.nodes() if n.hostname == host]
    if names:
        session.call.print(" ".join(names))


def licenses(session, value):
    """scontrol show licenses [NAME]: how many there are, are in use and are free."""
    view = session.open()
    have = sorted(item for item in view.config.get("Licenses", "").split(",") if item)
    if not have:
        session.call.print("No licenses configured in Slurm.")
        return
    used = {}
    for job in view.cluster.active:
        for item in job.licenses.split(",") if job.licenses else ():
            name, _, count = item.partition(":")
            used[name] = used.get(name, 0) + int(count or 1)
    found = False
    for item in have:
        name, _, count = item.partition(":")
        if value is not None and name != value:
            continue
        found = True
        total = int(count or 1)
        line = " " if session.one_line else "\n    "
        session.call.print(f"LicenseName={name}{line}Total={total} Used={used.get(name, 0)} "
                           f"Free={total - used.get(name, 0)} Reserved=0 Remote=no")
    if not found:
        session.call.print(f"License {value} not found")


def assoc_mgr(session, words):
    """scontrol show assoc_mgr [WORDS]: see info_assoc_mgr."""
    from .info_assoc_mgr import assoc_mgr as show_assoc_mgr
    show_assoc_mgr(session, words)


def topology(session, value):
    """scontrol show topology: there is none."""
    session.call.error("No topology information available")


def slurmd(session, value):
    """scontrol show slurmd: fails, for no slurmd answers."""
    session.call.error("slurm_slurmd_info: Connection refused")
    session.fail("slurm_load_slurmd_status: Connection refused")


# entity: (least letters, function); the order decides what a short word means
ENTITIES = (
    ("aliases", 1, aliases), ("bbstat", 2, None), ("dwstat", 2, None), ("burstbuffer", 2, None),
    ("assoc_mgr", 2, assoc_mgr), ("cache", 2, assoc_mgr), ("config", 1, config),
    ("daemons", 1, daemons), ("federations", 1, None), ("frontendname", 1, None),
    ("hostnames", 5, hostnames), ("hostlist", 5, hostlist),
    ("hostlistsorted", 9, hostlist_sorted), ("jobs", 1, jobs), ("jobid", 1, jobs),
    ("licenses", 2, licenses), ("nodes", 1, nodes), ("partitions", 2, partitions),
    ("partitionname", 2, partitions), ("reservations", 1, reservations),
    ("reservationname", 1, reservations), ("slurmd", 2, slurmd), ("steps", 2, steps),
    ("topology", 1, topology),
)
