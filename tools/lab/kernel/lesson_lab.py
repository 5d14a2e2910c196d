"""What the kernel in a browser does first, so that notebooks run there as they are.

Programs run in this interpreter (slurm_mock.inprocess); a package that a cell loads by
`%load_ext` is fetched as one that it imports; where the browser shows the kernel no files,
the lesson's own are laid out.
"""

import os
import re
from importlib.resources import files

LOAD = re.compile(r"^\s*%(?:re)?load_ext\s+([\w.]+)")
# The readers' files, as the browser shows them to the kernel; it keeps no modes.
DRIVE = "/drive"
USER = "learner"
PATH = "/usr/local/bin:/usr/bin:/bin"


def load_ipython_extension(ip):
    from slurm_mock.inprocess import notebook
    notebook.install(ip)
    ip.kernel.lite_transform_manager.line_transforms.append(fetch_extensions)
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
