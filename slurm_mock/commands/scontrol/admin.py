"""scontrol's verbs for administrators, which an ordinary user is refused in Slurm's words."""

from errno import EACCES

from ...common import slurm_errno
from ...common.parse_time import is_number, leading_number
from ...common.slurm_errno import Refused

LEVELS = ("quiet", "fatal", "error", "info", "verbose", "debug", "debug2", "debug3", "debug4",
          "debug5")
NOT_HERE = ("the mock's cluster is set up by its slurm.conf: change that file, or use "
            "`slurm-mock reset`")


def _denied(session, what, errno=slurm_errno.ESLURM_USER_ID_MISSING):
    """True (and the message) for an ordinary user."""
    if session.call.controller.caller.admin:
        return False
    session.perror(what, errno)
    return True


def _not_here(session, what):
    session.fail(f"{what}: {NOT_HERE}")


def shutdown(session, tag, args):
    """scontrol shutdown [slurmctld]: refused; an administrator is told that the mock does not do it."""
    if args and args[0] not in ("slurmctld", "controller"):
        session.fail(f"invalid shutdown argument:{args[0]}")
    elif not _denied(session, "slurm_shutdown error"):
        _not_here(session, "slurm_shutdown error")


def takeover(session, tag, args):
    """scontrol takeover: fails, for there is no second controller."""
    session.perror("slurm_takeover error", slurm_errno.SLURMCTLD_COMMUNICATIONS_CONNECTION_ERROR)


def reconfigure(session, tag, args):
    """scontrol reconfigure: slurmctld reads slurm.conf anew, or says why not."""
    try:
        session.call.controller.reconfigure()
    except Refused as refused:
        session.fail(f"slurm_reconfigure error: {refused.says(session.call.release)}")


def cancel_reboot(session, tag, args):
    """scontrol cancel_reboot NODES: refused; an administrator is told that the mock does not do it."""
    if not _denied(session, "slurm_update error"):
        _not_here(session, "slurm_update error")


def reboot(session, tag, args):
    """scontrol reboot NODES: fails, for slurm.conf names no RebootProgram."""
    if not args:
        session.fail("Missing node list. Specify ALL|<NodeList>")
        return
    session.error("RebootProgram isn't defined")
    session.perror("scontrol_reboot_nodes error", slurm_errno.SLURM_ERROR)


def set_debug(session, tag, args):
    """scontrol setdebug LEVEL: a name of LEVELS or its number. Refused to an ordinary user; without
    effect for an administrator."""
    level = args[0].lower()
    if level not in LEVELS and not (is_number(level) and int(level) < 10):
        session.fail(f"invalid debug level: {args[0]}")
    else:
        _denied(session, "slurm_set_debug_level error", EACCES)


def set_debug_flags(session, tag, args):
    """scontrol setdebugflags +FLAG or -FLAG. Refused to an ordinary user; without effect for an
    administrator."""
    flag = args[0]
    if flag[:1] not in ("+", "-"):
        session.fail(f"invalid debug flag: {flag}\nUsage: setdebugflags [+|-]NAME")
        return
    from ...conf.defaults import DEBUG_FLAGS
    if flag[1:].lower() not in DEBUG_FLAGS:
        session.error(f"Invalid DebugFlag: {flag[1:]}")
        session.fail(f"invalid debug flag: {flag}")
        return
    _denied(session, "slurm_set_debug_flags error", EACCES)


def set_schedlog(session, tag, args):
    """scontrol schedloglevel 0|1|enable|disable. Refused to an ordinary user; without effect for an
    administrator."""
    level = args[0].lower()
    if level not in ("enable", "disable", "0", "1"):
        session.fail(f"invalid schedlog level: {args[0]}")
    else:
        _denied(session, "slurm_set_schedlog_level error", EACCES)


def cluster(session, tag, args):
    """scontrol cluster NAME: is it one that the database knows? Raises Fail if not."""
    if args:
        from ..shared.clusters_opt import chosen
        chosen(session.call, args[0])


def callerid(session, tag, args):
    """scontrol callerid: fails, for no slurmd hears it."""
    session.perror("callerid failure", slurm_errno.SLURMCTLD_COMMUNICATIONS_CONNECTION_ERROR)


def errnumstr(session, tag, args):
    """scontrol errnumstr NUMBER: print the text of Slurm's error of this number."""
    if len(args) != 1:
        session.fail(f"one arguments required for keyword:{tag}")
        return
    number, rest = leading_number(args[0])
    if rest or not args[0]:
        session.fail(f"numeric arguments required for keyword:{tag}")
        return
    session.call.print(session.call.strerror(number))


def token(session, tag, args):
    """scontrol token [lifespan=...] [username=...]: fails, for there is nobody who signs tokens."""
    for word in args:
        if not word.lower().startswith(("lifespan=", "username=")):
            session.fail(f"Invalid option: `{word}`")
            return
    session.fail("Error fetching token")


def _entity(word):
    """NodeName, PartitionName or ReservationName, from three letters on."""
    for name in ("nodename", "partitionname", "reservationname"):
        if len(word) >= 3 and name.startswith(word.lower()):
            return name
    return None


def create(session, tag, args):
    """scontrol create: a reservation or a partition. Nodes are refused; an administrator is told that the mock does not
    make them."""
    for word in args:
        name = _entity(word.partition("=")[0])
        if name == "partitionname":
            from .partition import create_partition
            create_partition(session, args)
            return
        if name == "nodename":
            if not _denied(session, "Error creating node(s)"):
                _not_here(session, "Error creating node(s)")
            return
        if name == "reservationname":
            from .create_res import create as create_reservation
            create_reservation(session, args)
            return
    session.error(f"Invalid creation entity: {args[0]}")


def delete(session, tag, args):
    """scontrol delete: a reservation or a partition. Nodes are refused; an administrator is told that the mock does not
    delete them."""
    word, equals, value = args[0].partition("=")
    if len(args) > 2 or (len(args) == 1 and not equals):
        session.error("Proper format is 'delete <ENTITY>=<ID>' or 'delete <ENTITY> <ID>'")
        return
    value = value if equals else args[1]
    name = _entity(word)
    if name is None:
        session.fail(f"Invalid deletion entity: {args[0]}")
        return
    what = f"delete_{name.removesuffix('name')} {args[0]}"
    if name == "reservationname":
        from .create_res import delete as delete_reservation
        delete_reservation(session, what, value)
    elif name == "partitionname":
        try:
            session.call.controller.delete_partition(value)
        except Refused as refused:
            session.fail(f"{what}: {refused.says(session.call.release)}")
    elif not _denied(session, what):
        _not_here(session, what)
