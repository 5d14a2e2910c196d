"""pwd and grp where Python has none (in a browser): one person, in a group of the same name.

The person is $USER, else "learner"; the ids are what os says.  Who plays somebody else to
Slurm (MOCK_SLURM_USER) is root here, as in a browser the ids say.
"""

import os
import sys
import types
from collections import namedtuple

Person = namedtuple("struct_passwd", "pw_name pw_passwd pw_uid pw_gid pw_gecos pw_dir pw_shell")
Group = namedtuple("struct_group", "gr_name gr_passwd gr_gid gr_mem")


def person():
    name = os.environ.get("USER") or "learner"
    if os.environ.get("MOCK_SLURM_USER"):
        name = "root"
    home = os.environ.get("HOME") or "/home/" + name
    return Person(name, "x", os.getuid(), os.getgid(), "", home, "/bin/bash")


def group():
    return Group(person().pw_name, "x", os.getgid(), [])


def lookup(make, field, wanted):
    found = make()
    if getattr(found, field) != wanted:
        raise KeyError(f"{field}: not found: {wanted!r}")
    return found


def provide():
    """Put the modules in where they are missing."""
    modules = {
        "pwd": {"getpwuid": lambda uid: lookup(person, "pw_uid", uid),
                "getpwnam": lambda name: lookup(person, "pw_name", name),
                "getpwall": lambda: [person()], "struct_passwd": Person},
        "grp": {"getgrgid": lambda gid: lookup(group, "gr_gid", gid),
                "getgrnam": lambda name: lookup(group, "gr_name", name),
                "getgrall": lambda: [group()], "struct_group": Group}}
    for name, content in modules.items():
        try:
            __import__(name)
        except ImportError:
            module = types.ModuleType(name, __doc__)
            module.__dict__.update(content)
            sys.modules[name] = module
