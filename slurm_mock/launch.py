"""A process of the mock's own, on this computer: a command's, which the launchers in <state>/bin
start, and a daemon's in an interpreter of its own.
"""

import os
import sys

from .commands.shared.call import Call, run
from .common.release import CURRENT


def launch(name, state, release=CURRENT, pack=None):
    """The whole life of a command's process; called by the launchers in <state>/bin, which know the
    cluster's release of Slurm: options are read by it before the store is opened. pack: the pack.Pack
    that the command's modules come from."""
    import gc
    # So short a life needs no collector of garbage: while modules are read it would look again
    # and again at all that there is.
    gc.set_threshold(50_000)
    from . import commands
    from .host import local
    local.install(sole_connection=True)
    _standard_files()
    call = Call(name, sys.argv[1:], dict(os.environ), _cwd(), _binary(sys.stdin),
                _binary(sys.stdout), _binary(sys.stderr), state, release)
    main = commands.find(name)
    import _signal
    if _signal.getsignal(_signal.SIGINT) == _signal.SIG_DFL:
        _signal.signal(_signal.SIGINT, _signal.default_int_handler)
    try:
        code = run(main, call)
    except BrokenPipeError:
        code = 141                       # as if SIGPIPE had ended it
    except OSError as error:
        # say so where that is still possible
        try:
            from .common import log
            os.write(2, log.line(name, _reason(error), "error").encode("utf-8", "surrogateescape"))
        except OSError:
            pass
        code = 1
    if pack:
        pack.keep()
    if call.interrupted:
        # end by the signal itself: only then does a shell stop its script, too
        _signal.signal(_signal.SIGINT, _signal.SIG_DFL)
        os.kill(os.getpid(), _signal.SIGINT)
    # No clean-up at exit is wanted: threads, atexit and garbage cost milliseconds.
    os._exit(code)


def daemon(module, name, state, args):
    """The life of a daemon: the module's function `name`, called with the state directory and
    `args`."""
    from .host import local
    local.install(sole_connection=True)
    getattr(__import__(module, fromlist=[name]), name)(state, *args)


def _reason(error):
    """What an OSError that nobody caught is told as: a full disk behind > or 2>, or the file's name."""
    import errno
    why = error.strerror or str(error)
    if error.filename is not None:
        return f"{os.fsdecode(error.filename)}: {why}"
    lost = (errno.EPIPE, errno.ENOSPC, errno.EIO, errno.EDQUOT, errno.EBADF)
    return f"write error: {why}" if error.errno in lost else why


def _standard_files():
    """Fill file descriptors 0 to 2 where the caller closed them: no file of ours may get them, and
    what we start has them, too."""
    for fd in (0, 1, 2):
        try:
            os.fstat(fd)
        except OSError:
            os.set_inheritable(os.open(os.devnull, os.O_RDWR), True)


def _binary(stream):
    """A standard stream's binary side; nowhere when the caller closed it."""
    return stream.buffer if stream else open(os.devnull, "r+b", buffering=0)


def _cwd():
    try:
        return os.getcwd()
    except FileNotFoundError:
        return os.environ.get("PWD", "/")
