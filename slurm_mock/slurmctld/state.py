"""What slurmctld knows, as one caller sees it: what is read of a cluster.  Who acts is controller.py.
"""

import os


class Caller:
    """Who asks. admin: may steer other people's jobs and the nodes (SlurmUser, root)."""

    __slots__ = ("user", "uid", "group", "gid", "admin")

    def __init__(self, user, uid, group, gid, admin):
        self.user, self.uid, self.group, self.gid, self.admin = user, uid, group, gid, admin


def identify(store, env):
    """The caller: the machine's user, or MOCK_SLURM_USER where a test sets another; the
    cluster's SlurmUser under `slurm-mock admin`."""
    slurm_user = (store.data("config") or {}).get("SlurmUser", "root").split("(")[0]
    if env.get("MOCK_SLURM_ADMIN"):
        return Caller(*account_of(slurm_user, 0), True)
    import pwd
    uid, gid = os.getuid(), os.getgid()
    try:
        user = pwd.getpwuid(uid).pw_name
    except KeyError:
        user = str(uid)
    other = env.get("MOCK_SLURM_USER")
    if other and other != user:
        user, uid, group, gid = account_of(other, 1000)
    else:
        group = group_name(gid)
    # with a slurm.conf of his own the caller has the rights that his uid has in Slurm
    admin = bool(store.meta("own_conf")) and (uid == 0 or user == slurm_user)
    return Caller(user, uid, group, gid, admin)


def account_of(user, otherwise):
    """(user, uid, group, gid) of a name; `otherwise` is the id when the machine has no such user."""
    import pwd
    try:
        entry = pwd.getpwnam(user)
    except KeyError:
        return user, otherwise, user, otherwise
    return user, entry.pw_uid, group_name(entry.pw_gid), entry.pw_gid


def group_name(gid):
    import grp
    try:
        return grp.getgrgid(gid).gr_name
    except KeyError:
        return str(gid)
