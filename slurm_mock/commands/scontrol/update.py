"""scontrol update: changes to jobs, nodes, partitions, reservations.

Words may be cut short to their first letters; which is meant is decided in the order
of the tables, as in Slurm (scontrol_update_job() and its like).
"""

from ...common import slurm_errno
from ...common.moment import BadTime, parse_when
from ...common.parse_time import BadValue, is_number, leading_number, parse_limit
from ...common.records import INFINITE, UNLIMITED
from ...common.slurm_errno import Refused
from ...store.store import within
from ..shared import job_targets
from .parse import INVALID_INPUT, NO_CHANGES, NOT_SUPPORTED, Bad
from .partition import update_partition
from .steer import apply

NICE_LIMIT = 2147483645
MOST_PRIORITY = 0xfffffffd


def update(session, tag, args):
    """scontrol update KEY=VALUE..."""
    kinds = {_entity(word.partition("=")[0]) for word in args}
    for kind, function in (("job", update_job), ("step", update_step),
                           ("reservation", update_reservation), ("node", update_node),
                           ("partition", update_partition), ("debug", update_debug)):
        if kind in kinds:
            function(session, args)
            return
    session.fail('No valid entity in update command\nInput line must include "NodeName", '
                 '"PartitionName", "Reservation", "JobId", or "SlurmctldDebug"')


def _entity(word):
    word = word.lower().rstrip("+-")
    for name, least, kind in (("nodename", 3, "node"), ("partitionname", 3, "partition"),
                              ("jobid", 3, "job"), ("jobname", 3, "job"), ("stepid", 4, "step"),
                              ("reservationname", 3, "reservation"),
                              ("slurmctlddebug", 2, "debug")):
        if len(word) >= least and name.startswith(word):
            return kind
    return None


# ---- how values are read ----------------------------------------------------

def _text(field):
    def read(value, key, now):
        return {field: value}
    return read


def _number(field, name):
    def read(value, key, now):
        if not is_number(value):
            raise Bad(f"Invalid {name} value: {value}")
        return {field: int(value)}
    return read


def _minutes(field, name):
    def read(value, key, now):
        try:
            return {field: parse_limit(value)}
        except BadValue:
            raise Bad(f"Invalid {name} value") from None
    return read


def _when(field):
    def read(value, key, now):
        try:
            moment = parse_when(value, now)
        except BadTime as error:
            raise Bad(str(error), log=None) from None
        if not moment:
            raise Bad("", log=None)
        return {field: max(moment, now)}
    return read


def _yes_no(field, name, yes=1, no=0):
    def read(value, key, now):
        word = value.lower()
        if word and ("yes".startswith(word) or word == "1"):
            return {field: yes}
        if word and ("no".startswith(word) or word == "0"):
            return {field: no}
        raise Bad(f"Invalid {name} value: {value}")
    return read


def _priority(value, key, now):
    if value and not is_number(value) or int(value or 0) > MOST_PRIORITY:
        raise Bad(f"Invalid Priority value: {value}")
    return {"priority": int(value or 0)}


def _nice(value, key, now):
    number = leading_number(value)[0]
    if abs(number) > NICE_LIMIT:
        raise Bad(f"Nice value out of range (+/- {NICE_LIMIT}). Value ignored")
    return {"nice": number}


def _nodes(value, key, now):
    low, dash, high = value.partition("-")
    if not is_number(low) or (dash and not is_number(high)):
        raise Bad(f'"{value}" is not a valid requested node count')
    most = int(high) if dash else 0
    return {"min_nodes": int(low), "max_nodes": most, "nodes_given": 1}


def _cpus(value, key, now):
    low, dash, high = value.partition("-")
    if not is_number(low) or not int(low) or (dash and not is_number(high)):
        raise Bad(f"Invalid NumCPUs value: {value}")
    return {"num_cpus": int(low)}


def _gres(value, key, now):
    items = [item.removeprefix("gres:") for item in value.split(",") if item]
    return {"gres": ",".join(items), "tres_per_node": ",".join("gres:" + i for i in items)}


def _memory(field, other, name):
    def read(value, key, now):
        if not is_number(value):
            raise Bad(f"Invalid {name} value: {value}")
        return {field: int(value), other: None}
    return read


def _mail_type(value, key, now):
    from ...slurmctld.mail import types
    known = types(value)
    if known is None:
        raise Bad(f"Invalid MailType: {value}", log=False)
    return {"mail_type": known}


def _throttle(value, key, now):
    if leading_number(value)[0] < 0:
        raise Bad("Invalid ArrayTaskThrottle value")
    return {"array_limit": leading_number(value)[0]}


def _core_spec(value, key, now):
    if value in ("-1", "*"):
        return {"core_spec": None}
    if not is_number(value):
        raise Bad(f"Invalid CoreSpec value: {value}")
    return {"core_spec": int(value)}


def _ignored(value, key, now):
    """Taken, and without effect in the mock."""
    return {}


# (name, least letters, reader)
JOB_KEYS = (
    ("admincomment", 6, _text("admin_comment")), ("sitefactor", 5, _ignored),
    ("arraytaskthrottle", 10, _throttle), ("comment", 3, _text("comment")),
    ("clusters", 8, _ignored), ("clusterfeatures", 8, _text("cluster_features")),
    ("delayboot", 5, _minutes("", "DelayBoot")), ("timelimit", 5, None),
    ("timemin", 5, _minutes("time_min", "TimeMin")), ("priority", 2, _priority),
    ("nice", 2, _nice), ("cpuspertask", 9, _number("cpus_per_task", "CPUsPerTask")),
    ("cpuspertres", 9, _ignored), ("numcpus", 6, _cpus),
    ("numtasks", 8, _number("ntasks", "NumTasks")), ("reqprocs", 8, _number("ntasks", "NumTasks")),
    ("requeue", 4, _number("requeue", "Requeue")), ("reqnodes", 8, _nodes),
    ("numnodes", 8, _nodes), ("reqsockets", 4, _number("sockets_per_node", "ReqSockets")),
    ("reqcores", 4, _number("cores_per_socket", "ReqCores")),
    ("taskspernode", 2, _number("ntasks_per_node", "TasksPerNode")),
    ("reqthreads", 4, _number("threads_per_core", "ReqThreads")),
    ("mincpusnode", 4, _number("min_cpus_node", "MinCPUsNode")),
    ("minmemorynode", 10, _memory("mem_per_node", "mem_per_cpu", "MinMemoryNode")),
    ("minmemorycpu", 10, _memory("mem_per_cpu", "mem_per_node", "MinMemoryCPU")),
    ("mintmpdisknode", 5, _number("min_tmp_disk", "MinTmpDiskNode")),
    ("partition", 2, _text("partition")), ("qos", 2, _text("qos")),
    ("reservationname", 3, _text("reservation")), ("name", 2, _text("name")),
    ("jobname", 4, _text("name")), ("wckey", 1, _text("wckey")), ("stdout", 6, _text("std_out")),
    ("switches", 5, lambda value, key, now: {"switches": leading_number(value)[0]}),
    ("wait-for-switch", 5, _ignored),
    ("oversubscribe", 2, _yes_no("exclusive", "OverSubscribe", "shared", "exclusive")),
    ("shared", 2, _yes_no("exclusive", "OverSubscribe", "shared", "exclusive")),
    ("contiguous", 3, _yes_no("contiguous", "Contiguous")), ("corespec", 4, _core_spec),
    ("mempertres", 5, _ignored), ("threadspec", 4, _core_spec), ("tresbind", 5, _ignored),
    ("tresfreq", 5, _ignored), ("tresperjob", 8, _text("tres_per_job")),
    ("trespernode", 8, _text("tres_per_node")), ("trespersocket", 8, _text("tres_per_socket")),
    ("trespertask", 8, _text("tres_per_task")), ("excnodelist", 3, _text("exc_nodes")),
    ("nodelist", 8, _text("req_nodes")), ("reqnodelist", 8, _text("req_nodes")),
    ("features", 1, _text("features")), ("prefer", 3, _text("prefer")), ("gres", 2, _gres),
    ("account", 1, _text("account")), ("burstbuffer", 1, _text("burst_buffer")),
    ("dependency", 1, _text("dependency")), ("licenses", 1, _text("licenses")),
    ("eligibletime", 2, _when("begin_time")), ("starttime", 2, _when("begin_time")),
    ("endtime", 2, _when("end_time")), ("reboot", 3, _yes_no("reboot", "reboot")),
    ("userid", 3, None), ("deadline", 3, _when("deadline")), ("workdir", 2, _text("work_dir")),
    ("mailtype", 5, _mail_type), ("mailuser", 5, _text("mail_user")),
)


def _find(key, table):
    for name, least, *rest in table:
        if len(key) >= least and name.startswith(key.lower()):
            return name, rest[0]
    return None, None


def update_job(session, args):
    """scontrol update JobId=... KEY=VALUE...: change jobs, or print why not."""
    ctl = session.call.controller
    ctl.settle()
    try:
        target, changes, count = _job_changes(session, ctl, list(args))
    except Bad as bad:
        if bad.log:
            session.error(bad.text)
        else:
            session.fail(bad.text)
        return
    if not count:
        session.fail(NO_CHANGES)
        return
    if target is None:
        session.error("No job ID specified")
        return
    if "nodes_given" in changes or "req_nodes" in changes:
        try:
            _looked_up(session.call, target, "Job resizing")
        except Bad as bad:
            session.error(bad.text)
            return
    apply(session, target, lambda job: ctl.update_job(job, changes))


def _job_changes(session, ctl, words):
    """Read the words -> (job list, {field: value}, number of changes)."""
    target, user, changes, count = None, None, {}, 0
    while words:
        word = words.pop(0)
        key, equals, value = word.partition("=")
        sign = ""
        if equals and key[-1:] in ("+", "-"):
            key, sign = key[:-1], key[-1]
        if not equals:
            lower = key.lower()
            if len(lower) >= 2 and "nice".startswith(lower):
                changes["nice"] = 100
                count += 1
                continue
            if len(lower) >= 3 and "resetaccruetime".startswith(lower):
                changes["accrue_time"] = ctl.now
                count += 1
                continue
            if not words:
                raise Bad(f"Invalid input: {word}\nRequest aborted", log=False)
            value = words.pop(0)
        if len(key) >= 3 and "jobid".startswith(key.lower()):
            target = value
            continue
        name, read = _find(key, JOB_KEYS)
        if name is None:
            raise Bad(NOT_SUPPORTED.format(word=word), log=False)
        if name == "userid":
            from ...slurmctld.uid import user_name
            user = user_name(ctl, value)
            if user is None:
                raise Bad(f"Invalid UserID: {value}\nRequest aborted", log=False)
            continue
        if name == "timelimit":
            changes["time_limit"] = _time_limit(session.call, target, value, sign)
            count += 1
            continue
        if sign and not (name == "admincomment" and sign == "+"):
            if name == "admincomment":
                raise Bad("Invalid syntax, AdminComment can not be subtracted from.")
            raise Bad(f"Option {key}{sign}={value} does not accept [+|-]= syntax")
        try:
            changes.update(read(value, key, ctl.now))
        except Bad as bad:
            if bad.log is not None:
                raise
            if bad.text:                   # a bad time is told and left out, an empty one only left out
                session.fail(bad.text)
            continue
        count += 1
    if target is None and "name" in changes:
        target = _named(session, ctl, changes["name"], user)
    return target, changes, count


def _looked_up(call, target, what):
    """The record of a job that scontrol looks at itself before it asks for `what`; None of a task
    that an array has not. Raises Bad."""
    number, rest = leading_number(target)
    mark, task = rest[:1] == "_", None
    if mark:
        task, rest = leading_number(rest[1:])
    if rest:
        raise Bad(f"Invalid job ID {target}")
    store = call.controller.store
    found = store.named(within(number)) if number > 0 else []
    if not found:
        raise Bad(f"Could not load state information for job {target}: "
                  + call.strerror(slurm_errno.ESLURM_INVALID_JOB_ID))
    if mark and found[0].array_id:
        found = (job_targets.matching(store, f"{number}_{max(task, 0)}")[0] or [(None, None)])[0]
    elif len(found) > 1:
        raise Bad(f"{what} not supported for job arrays")
    return found[0]


def _time_limit(call, target, value, sign):
    if value[:1] in ("+", "-"):
        if sign:
            raise Bad("Invalid syntax, variations of +=- are not accepted.")
        value, sign = value[1:], value[0]
    try:
        minutes = parse_limit(value)
    except BadValue:
        raise Bad("Invalid TimeLimit value") from None
    if not sign:
        return UNLIMITED if minutes == INFINITE else minutes
    if target is None:
        raise Bad("JobId must precede TimeLimit increment or decrement")
    job = _looked_up(call, target, "TimeLimit increment/decrement")
    if job is None:
        raise Bad("", log=False)         # Slurm says nothing either
    from ...slurmctld.acct_policy import Site
    from ...slurmctld.job_info import time_limit
    now = time_limit(job, Site(call.controller))
    if now == INFINITE:
        return UNLIMITED
    if sign == "+":
        return now + minutes
    if minutes > now:
        raise Bad(f"TimeLimit decrement larger than current time limit ({minutes} > {now})")
    return now - minutes


def _named(session, ctl, name, user):
    """The ids of the jobs that are called so."""
    found = [j for j in ctl.store.jobs() if j.name == name and user in (None, j.user)]
    if not found:
        raise Bad(f"No jobs with name '{name}'")
    return ",".join(f"{j.array_id}_{j.array_task}" if j.array_task is not None else str(j.id)
                    for j in found)


def update_step(session, args):
    """scontrol update StepId=...: always refused."""
    session.perror("slurm_update error", slurm_errno.ESLURM_ACCESS_DENIED)


def update_debug(session, args):
    """scontrol update SlurmctldDebug=LEVEL: as setdebug."""
    from .admin import set_debug
    for word in args:
        key, _, value = word.partition("=")
        if _entity(key) == "debug":
            set_debug(session, "setdebug", [value])


def update_reservation(session, args):
    """scontrol update ReservationName=... KEY=VALUE...: see create_res."""
    from .create_res import update as update_it
    update_it(session, args)


# ---- nodes and partitions ---------------------------------------------------

NODE_KEYS = (
    ("nodeaddr", 5, "addr"), ("nodehostname", 5, "hostname"), ("nodename", 1, ""),
    ("activefeatures", 3, "active_features"), ("cpubind", 7, None), ("extra", 1, "extra"),
    ("features", 1, "features"), ("availablefeatures", 3, "features"), ("gres", 1, "gres"),
    ("weight", 1, "weight"), ("comment", 2, "comment"), ("reason", 1, "reason"),
    ("state", 1, "state"),
)
NODE_STATES = (("NORESP", 3), ("CANCEL_REBOOT", 3), ("DRAIN", 3), ("FAIL", 3), ("FUTURE", 3),
               ("RESUME", 3), ("POWER_DOWN_ASAP", 12), ("POWER_DOWN_FORCE", 12),
               ("POWER_DOWN", 7), ("POWER_UP", 7), ("UNDRAIN", 3), ("UNKNOWN", 3), ("DOWN", 3),
               ("IDLE", 3), ("ALLOCATED", 3), ("MIXED", 3))


def _node_state(word):
    for name, least in NODE_STATES:
        if len(word) >= least and name.startswith(word.upper()):
            return name
    return None


def update_node(session, args):
    """scontrol update NodeName=LIST KEY=VALUE...: change nodes, or print why not. State is a word
    of NODE_STATES or its beginning; DOWN, DRAIN and FAIL need a Reason."""
    ctl = session.call.controller
    names, changes = None, {}
    for word in args:
        key, equals, value = word.partition("=")
        if not equals:
            session.error(INVALID_INPUT.format(word=word))
            return
        name, field = _find(key, NODE_KEYS)
        if name is None:
            session.fail(NOT_SUPPORTED.format(word=word))
            return
        if field == "":
            names = value
        elif field == "state":
            changes["state"] = _node_state(value)
            if changes["state"] is None:
                session.fail(f"Invalid input: {word}\nRequest aborted\nValid states are: NoResp "
                             "DRAIN FAIL FUTURE RESUME POWER_DOWN POWER_UP UNDRAIN\n"
                             "Not all states are valid given a node's prior state")
                return
        elif field == "weight":
            if not is_number(value):
                session.error(f"Weight value ({value}) is not a valid number")
                return
            changes["weight"] = int(value)
        elif field:
            changes[field] = value.strip('"') if field == "reason" else value
    if changes.get("state") in ("DOWN", "DRAIN", "FAIL") and not changes.get("reason"):
        session.fail("You must specify a reason when DOWNING or DRAINING a node. Request denied")
        return
    if not changes:
        session.fail(NO_CHANGES)
        return
    from ...common.hostlist import BadHostlist, typed
    try:
        if names is None:
            raise Refused(slurm_errno.ESLURM_INVALID_NODE_NAME)
        if names.upper() == "ALL":
            chosen = list(ctl.cluster().nodes)
        else:
            chosen = typed(names)
            if not chosen:
                raise Refused(slurm_errno.ESLURM_INVALID_NODE_NAME)
        ctl.update_node(chosen, changes)
    except BadHostlist:
        session.perror("slurm_update error", slurm_errno.ESLURM_INVALID_NODE_NAME)
    except Refused as refused:
        session.fail(f"slurm_update error: {refused.says(session.call.release)}")
