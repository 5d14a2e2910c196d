"""Programs that are here in the place of what cannot run in one interpreter.

`declare-memory MIB COMMAND [ARG...]` runs a command and says that it uses so much memory:
no process can be measured here, so helper programs of a lesson declare what they use.
`jupyter-notebook` and its sisters print what they print when they start, and then wait.
"""

import os

from ...posix.tools.arguments import complain
from ...posix.wait import Wait

ENDED = 15                               # SIGTERM
LARGEST = 1 << 30                        # MiB


async def declare_memory(process, argv):
    """The exit code of the command; 2 for a mistake in the words."""
    from ...posix.tools import wrappers
    if len(argv) < 3 or not argv[1].isdecimal() or int(argv[1]) > LARGEST:
        await process.write("usage: declare-memory MIB COMMAND [ARG...]\n", 2)
        return 2
    kib = int(argv[1]) << 10
    before = process.amounts
    process.amounts = (0, kib, kib, 0, 0, 0)     # jobacct.FIELDS
    try:
        return await wrappers.run(process, argv[2:])
    except wrappers.Missing as problem:
        return await complain(process, argv, f"{argv[2]}: {problem.why}", problem.code)
    finally:
        process.amounts = before


async def jupyter(process, argv):
    """jupyter-notebook, jupyter-lab, `jupyter notebook`, `jupyter lab`: no server listens, it says so."""
    name, words = os.path.basename(argv[0]), list(argv[1:])
    if name == "jupyter":
        if not words or words[0] not in PAGES:
            return await complain(process, argv, "only `notebook` and `lab` have a stand-in in the browser lab")
        name = words.pop(0)
    page = PAGES[name.removeprefix("jupyter-")]
    given = options(words)
    if "list" in words or "stop" in words:
        await process.write("Currently running servers:\n", 2)
        return 0
    host, port = given.get("ip", "localhost"), given.get("port", "8888")
    if host in ("*", "0.0.0.0", "::"):
        host = process.env.get("SLURMD_NODENAME") or os.uname().nodename
    if not port.isdecimal() or int(port) > 65535:
        return await complain(process, argv, f"--port={port}: not a port")
    import hashlib
    seed = f"{process.env.get('SLURM_JOB_ID', '')}:{port}"
    token = given.get("token") or hashlib.sha256(seed.encode()).hexdigest()[:48]
    url = f"http://{host}:{port}/{page}?token={token}"
    ended = []
    process.handlers[ENDED] = ended.append
    await say(process, "I", f"Serving notebooks from local directory: {process.cwd}",
              "Jupyter Server is running at:", url,
              "Use Control-C to stop this server and shut down all kernels (twice to skip confirmation).")
    await say(process, "W", "this is a stand-in of the browser lab: nothing listens at that address")
    await say(process, "C", "\n    \n    To access the server, copy and paste this URL into a browser:\n"
                            f"        {url}")
    await Wait(lambda: ended)
    await say(process, "C", f"received signal {ENDED}, stopping")
    return 0


PAGES = {"notebook": "tree", "lab": "lab"}


def options(words):
    """{name: value} of --name=value, --Class.name=value and --name value."""
    found, rest = {}, list(words)
    while rest:
        word = rest.pop(0)
        if word.startswith("--"):
            name, equals, value = word[2:].partition("=")
            if not equals and name in ("ip", "port", "token") and rest:
                value = rest.pop(0)
            found[name.rpartition(".")[2]] = value
    return found


async def say(process, level, *lines):
    """Lines of the server's log on stderr, stamped by the cluster's clock."""
    import time
    for line in lines:
        stamp = time.strftime("%Y-%m-%d %H:%M:%S", time.localtime(process.world.now))
        await process.write(f"[{level} {stamp}.000 ServerApp] {line}\n", 2)


TABLE = {"declare-memory": declare_memory, "jupyter": jupyter, "jupyter-notebook": jupyter,
         "jupyter-lab": jupyter}
