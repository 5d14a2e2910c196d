"""Runs inside of Pyodide (compile.mjs): makes a wheel with compiled modules."""

import os
import py_compile
import sysconfig
import tempfile
import zipfile
from importlib.util import cache_from_source

SITE = sysconfig.get_path("purelib")
DATE = (2020, 1, 1, 0, 0, 0)
# What a kernel hardly ever imports stays a source, which is smaller.
SELDOM = ("pygments/lexers/", "pygments/styles/", "pygments/formatters/", "jedi/third_party/",
          "lesson_lab/files/", ".data/")


def compiled(old, new, beside):
    """Write the wheel `old` as `new`, with its modules compiled, beside their sources or instead of them."""
    with zipfile.ZipFile(old) as before, zipfile.ZipFile(new, "w", zipfile.ZIP_DEFLATED) as after:
        for entry in before.infolist():
            name, content = entry.filename, before.read(entry)
            often = name.endswith(".py") and not any(part in name for part in SELDOM)
            code = bytecode(content, os.path.join(SITE, name)) if often else b""
            if code:
                write(after, cache_from_source(name) if beside else name + "c", code)
            if beside or not code:
                write(after, name, content)


def write(archive, name, content):
    archive.writestr(zipfile.ZipInfo(name, DATE), content, zipfile.ZIP_DEFLATED)


def bytecode(source, path):
    """The content of a .pyc that is good whatever the source's date; b"" if it is no Python of today's."""
    with tempfile.TemporaryDirectory() as folder:
        file, target = os.path.join(folder, "a.py"), os.path.join(folder, "a.pyc")
        with open(file, "wb") as f:
            f.write(source)
        mode = py_compile.PycInvalidationMode.UNCHECKED_HASH
        if py_compile.compile(file, target, dfile=path, quiet=2, invalidation_mode=mode) is None:
            return b""
        with open(target, "rb") as f:
            return f.read()
