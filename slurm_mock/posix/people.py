"""pwd and grp where Python has none (in a browser): one person, in a group of the same name.

The ids are what os says.
"""

import os
import sys
import types
from collections import namedtuple

Person = namedtuple("struct_passwd", "pw_name pw_passwd pw_uid pw_gid pw_gecos pw_dir pw_shell")
Group = namedtuple("struct_group", "gr_name gr_passwd gr_gid gr_mem")


def login_name():
    """The person's name: $USER, else "learner"."""
    return os.environ.get("USER") or "learner"


def person(name):
    """The person's entry in pwd."""
    home = os.environ.get("HOME") or "/home/" + name
    return Person(name, "x", os.getuid(), os.getgid(), "", home, "/bin/bash")


def group(name):
    """The entry of the person's group in grp."""
    return Group(name, "x", os.getgid(), [])


def group_name(gid):
    """The name of a group; its number as text where it has none."""
    import grp
    try:
        return grp.getgrgid(gid).gr_name
    except KeyError:
        return str(gid)


def lookup(found, field, wanted):
    """An entry, if the field is what is wanted. Raises KeyError, as pwd and grp do."""
    if getattr(found, field) != wanted:
        raise KeyError(f"{field}: not found: {wanted!r}")
    return found


def provide(name=login_name):
    """Put the modules in where they are missing. name(): the person's name to the system."""
    modules = {
        "pwd": {"getpwuid": lambda uid: lookup(person(name()), "pw_uid", uid),
                "getpwnam": lambda user: lookup(person(name()), "pw_name", user),
                "getpwall": lambda: [person(name())], "struct_passwd": Person},
        "grp": {"getgrgid": lambda gid: lookup(group(name()), "gr_gid", gid),
                "getgrnam": lambda user: lookup(group(name()), "gr_name", user),
                "getgrall": lambda: [group(name())], "struct_group": Group}}
    for module_name, content in modules.items():
        try:
            __import__(module_name)
        except ImportError:
            module = types.ModuleType(module_name, __doc__)
            module.__dict__.update(content)
            sys.modules[module_name] = module
