"""What the kernel in a browser does first, so that notebooks run there as they are.

Programs run in this interpreter (slurm_mock.host.browser); a package that a cell loads by
`%load_ext` is fetched as one that it imports; where the browser shows the kernel no files,
the lesson's own are laid out.  What a first cell does not need (../trimmed.py) comes when it
is asked for.
"""

import asyncio
import importlib
import os
import re
import sys
import sysconfig
from importlib.machinery import PathFinder
from importlib.resources import files

LOAD = re.compile(r"^\s*%(?:re)?load_ext\s+([\w.]+)")
# The readers' files, as the browser shows them to the kernel; it keeps no modes.
DRIVE = "/drive"
USER = "learner"
PATH = "/usr/local/bin:/usr/bin:/bin"
# A module, or the package that it is in, and the package of pyodide-lock.json that brings it.
LATER = {"pygments.lexers": "pygments-lexers", "prompt_toolkit": "prompt-toolkit", "wcwidth": "wcwidth"}


def load_ipython_extension(ip):
    from slurm_mock.host.browser import notebook
    notebook.install(ip)
    ip.kernel.lite_transform_manager.line_transforms.append(fetch_extensions)
    sys.meta_path.insert(sys.meta_path.index(PathFinder) + 1, Later())
    complete_better_later(ip)
    # the browser's system has one user, root, to whom Slurm would show and allow everything
    os.environ.update(USER=USER, LOGNAME=USER, MOCK_SLURM_USER=USER, PATH=PATH)
    if readable(DRIVE):
        share_at_once()
    else:
        os.chdir(os.path.expanduser("~"))
        lay_out(os.getcwd())
    allow(os.getcwd())


async def fetch_extensions(lines):
    """Fetch what the %load_ext lines of a cell name; the kernel itself looks at imports only."""
    from pyodide_js import loadPackagesFromImports
    names = [found[1] for found in map(LOAD.match, lines) if found]
    if names:
        await loadPackagesFromImports("\n".join(f"import {name}" for name in names))
    return lines


class Later:
    """Finds modules that were left out of the kernel's first packages, by fetching them."""

    def __init__(self):
        self.fetched = set()

    def find_spec(self, name, path=None, target=None):
        package = LATER.get(name) or LATER.get(name.rpartition(".")[0])
        if package is None or package in self.fetched:
            return None
        self.fetched.add(package)
        fetch_now(package)
        importlib.invalidate_caches()
        return PathFinder.find_spec(name, path)


def fetch_now(package):
    """Fetch a package while Python waits, as an import must: a worker's XMLHttpRequest can."""
    import pyodide_js
    from js import XMLHttpRequest
    request = XMLHttpRequest.new()
    file = getattr(pyodide_js.lockfile.packages, package).file_name
    request.open("GET", pyodide_js.lockfileBaseUrl + file, False)
    request.responseType = "arraybuffer"
    request.send()
    if request.status != 200:
        raise ImportError(f"{file} cannot be fetched: {request.status} {request.statusText}")
    pyodide_js.unpackArchive(request.response, "wheel", extractDir=sysconfig.get_path("purelib"))


def complete_better_later(ip):
    """Complete names by what is in the kernel's memory, until jedi is there: the first Tab fetches it."""
    ip.Completer.use_jedi = False
    plain = ip.kernel.complete

    def complete(code, cursor_pos):
        ip.kernel.complete = plain
        asyncio.ensure_future(fetch_jedi(ip))
        return plain(code, cursor_pos)

    ip.kernel.complete = complete


async def fetch_jedi(ip):
    """Fetch jedi, and do what IPython does when it finds it at its start."""
    from IPython.core import completer
    from pyodide_js import loadPackage
    await loadPackage("jedi-itself")
    import jedi.api.classes
    import jedi.api.helpers
    jedi.settings.case_insensitive_completion = False
    completer.jedi, completer.JEDI_INSTALLED = jedi, True
    ip.Completer.use_jedi = True


def readable(folder):
    """Does the browser show the kernel its files? Not where it has no service workers."""
    try:
        os.listdir(folder)
    except OSError:
        return False
    return True


def share_at_once():
    """Let others see what is written to a file before it is closed, as on a disk: a job's output.

    The drive hands a file over when it is closed; here with each write, as long as the file is small.
    """
    import pyodide_js
    from pyodide.code import run_js
    run_js("""(FS, folder) => {
      const ops = FS.lookupPath(folder).node.stream_ops, write = ops.write;
      ops.write = (stream, ...rest) => {
        const count = write.call(ops, stream, ...rest), file = stream.file;
        if (file && file.data.length < 65536) {
          ops.close(stream);
          stream.file = file;
        }
        return count;
      };
    }""")(pyodide_js.FS, DRIVE)


def lay_out(folder):
    """Put the lesson's files into a folder; those that are there stay."""
    for file in files(__name__).joinpath("files").iterdir():
        path = os.path.join(folder, file.name)
        if not os.path.exists(path):
            with open(path, "wb") as new:
                new.write(file.read_bytes())


def allow(folder):
    """Make the lesson's programs executable."""
    for name in files(__name__).joinpath("programs").read_text().splitlines():
        path = os.path.join(folder, name)
        if os.path.exists(path):
            os.chmod(path, 0o755)
