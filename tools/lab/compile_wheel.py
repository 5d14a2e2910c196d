"""Runs inside of Pyodide (compile.mjs): makes a wheel, or the standard library, with compiled modules."""

import os
import py_compile
import re
import tempfile
import zipfile
from fnmatch import translate

DATE = (2020, 1, 1, 0, 0, 0)


def compiled(old, new, place, patterns):
    """Write an archive anew, the modules that fit a pattern compiled instead of their sources.

    place: the folder (or archive) in which a kernel finds what is in it; patterns: those of
    imported.txt, one a line.
    """
    lines = [line for line in patterns.splitlines() if line and not line.startswith("#")]
    wanted = re.compile("|".join(map(translate, lines))).match
    with zipfile.ZipFile(old) as before, zipfile.ZipFile(new, "w", zipfile.ZIP_DEFLATED) as after:
        for entry in before.infolist():
            name, content = entry.filename, before.read(entry)
            code = bytecode(content, os.path.join(place, name)) if name.endswith(".py") and wanted(name) else b""
            after.writestr(zipfile.ZipInfo(name + "c" if code else name, DATE), code or content,
                           zipfile.ZIP_DEFLATED, 9)


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
