"""A notebook kernel whose programs run in its interpreter: !cmd, %%bash, subprocess, time.sleep.

What runs programs is replaced where others look it up, so slurm_magic and the checks need
not know.  `install(ip)` must come before they are imported.
"""

import os
import subprocess
import threading
import time

from . import install as install_machine
from . import popen
from .world import world

_kept = {}


def install(ip):
    """Let an IPython shell run its programs in this interpreter."""
    install_machine()
    if _kept:
        return
    _kept.update(Popen=subprocess.Popen, system=os.system, sleep=time.sleep)
    subprocess.Popen, os.system, time.sleep = popen.Popen, popen.system, sleep
    ip.system = lambda command: system(ip, command)
    ip.getoutput = lambda command, split=True, depth=0: getoutput(ip, command, split, depth)
    for name in ("bash", "sh"):
        ip.register_magic_function(lambda line, cell, name=name: script(ip, name, line, cell),
                                   "cell", name)


def uninstall(ip):
    """Put the module functions back (the shell's own come back with a new shell)."""
    from . import uninstall as uninstall_machine
    if _kept:
        subprocess.Popen, os.system, time.sleep = _kept["Popen"], _kept["system"], _kept["sleep"]
        _kept.clear()
    uninstall_machine()


def expanded(ip, command):
    """The command with IPython's {NAME} and $NAME filled in from the cell's variables."""
    return ip.var_expand(command, depth=2)


def system(ip, command):
    """!command: run it; its exit code goes to _exit_code. Raises OSError for one that ends with &."""
    if command.rstrip().endswith("&"):
        raise OSError("Background processes not supported.")
    # On the desktop the command has a terminal, which makes one stream of its two.
    code = popen.Popen(["bash", "-c", expanded(ip, command)], stderr=subprocess.STDOUT).wait()
    # as IPython notes it: 128 + the signal's number
    ip.user_ns["_exit_code"] = 128 - code if code < 0 else code


def getoutput(ip, command, split=True, depth=0):
    """files = !ls"""
    from IPython.utils.text import LSString, SList
    done = popen.Popen(["bash", "-c", expanded(ip, command)], stdout=subprocess.PIPE,
                       stderr=subprocess.STDOUT, text=True)
    text, _ = done.communicate()
    return SList(text.splitlines()) if split else LSString(text)


def script(ip, name, line, cell):
    """%%bash and %%sh, with --out, --err and --no-raise-error as IPython has them."""
    words = line.split()
    given = {w for w in words if w.startswith("--") and w not in ("--out", "--err")}
    kept = {option: words[words.index(option) + 1] for option in ("--out", "--err") if option in words}
    arguments = [w for w in words if w not in given and w not in kept and w not in kept.values()]
    done = popen.Popen([name, "-s", *arguments] if arguments else [name], stdin=subprocess.PIPE,
                       stdout=subprocess.PIPE if "--out" in kept else None,
                       stderr=subprocess.PIPE if "--err" in kept else None, text=True)
    out, err = done.communicate(cell)
    for option, text in (("--out", out), ("--err", err)):
        if option in kept:
            ip.user_ns[kept[option]] = text
    if done.returncode and "--no-raise-error" not in given:
        raise subprocess.CalledProcessError(done.returncode, cell)


def sleep(seconds):
    """time.sleep: on the cluster's clock, which this moves; a kernel's other threads really sleep."""
    if threading.current_thread() is not threading.main_thread():
        _kept["sleep"](seconds)
        return
    with world.clock.followed(os.environ):
        world.drive(lambda: False, world.now + seconds)
