"""A command's modules in one file.

To find, open and read a module takes longer than to run it, and a command has some fifty.  What a
command has imported is kept in __pycache__, beside Python's own byte code, and taken from there
the next time while its source is as it was (time and size, as Python judges a .pyc: PEP 3147).
So how many files slurm_mock stands in does not show in how fast a command starts.
"""

import marshal
import os
import sys
from _frozen_importlib import ModuleSpec
from _frozen_importlib_external import MAGIC_NUMBER

HERE = os.path.dirname(os.path.abspath(__file__))
PACKAGE = __name__.rpartition(".")[0]
CODE = type((lambda: None).__code__)
# With so many modules that came from elsewhere a pack is written anew: not for each rare option.
MANY = 6
# So much of a pack is read at first: mostly its whole table.
HEAD = 8_192


class Pack:
    """Finds and loads this package's modules from a pack. Stands in sys.meta_path.

    name: the command's. The file is MAGIC_NUMBER, the length of a table (4 bytes), the table {module: (is
    it a package?, file below this folder, the source's time (ns) and size, where its code begins, its
    length)}, marshalled, and the codes, marshalled each.  A code is read when it is wanted, and its memory
    taken for the next: to have the whole file in memory, twice for a moment, takes longer than all else.
    """

    def __init__(self, name):
        self.path = os.path.join(HERE, "__pycache__", f"{name}.{sys.implementation.cache_tag}.pack")
        self.fd, self.entries, self.begin = -1, {}, 0
        self.taken = set()
        try:
            self.fd = os.open(self.path, os.O_RDONLY)
            if self.fd < 3:                  # the caller closed a standard file: that place is not ours
                self.close()
                return
            head = os.pread(self.fd, HEAD, 0)
            length = int.from_bytes(head[4:8], "little")
            if length + 8 > len(head):
                head = os.pread(self.fd, length + 8, 0)
            if head.startswith(MAGIC_NUMBER):
                found = marshal.loads(memoryview(head)[8:length + 8])
                self.entries, self.begin = found if isinstance(found, dict) else {}, length + 8
        except (OSError, EOFError, ValueError, TypeError, MemoryError, OverflowError):
            pass                             # none, or not whole: modules come from their own files
        if self.fd >= 0:
            os.register_at_fork(after_in_child=self.close)

    def close(self):
        """Modules come from their own files from now on, as in a forked child: it closes what it has not opened."""
        if self.fd >= 0:
            os.close(self.fd)
        self.fd, self.entries = -1, {}

    # ---- what importlib asks for (importlib.abc.MetaPathFinder, Loader) ----------

    def find_spec(self, name, path=None, target=None):
        """The spec of a module whose source is as it was; None for any other."""
        entry = self.entries.get(name)
        if entry is None or not self._fresh(entry):
            return None
        code = self._code(entry)
        if code is None:
            return None
        spec = ModuleSpec(name, self, loader_state=(code, self._file(entry)), is_package=entry[0])
        if entry[0]:
            spec.submodule_search_locations.append(os.path.dirname(self._file(entry)))
        return spec

    def create_module(self, spec):
        """None: an ordinary module."""

    def exec_module(self, module):
        """Run the module's code."""
        spec = module.__spec__
        (code, module.__file__), spec.loader_state = spec.loader_state, None
        self.taken.add(module.__name__)
        exec(code, module.__dict__)

    def _code(self, entry):
        """A module's code; None where the file does not have it whole."""
        try:
            code = marshal.loads(os.pread(self.fd, entry[5], self.begin + entry[4]))
        except (OSError, EOFError, ValueError, TypeError):
            return None
        return code if isinstance(code, CODE) else None

    def _file(self, entry):
        return os.path.join(HERE, entry[1])

    def _fresh(self, entry):
        try:
            found = os.stat(self._file(entry))
        except OSError:
            return False
        return (found.st_mtime_ns, found.st_size) == entry[2:4]

    # ---- keeping ---------------------------------------------------------------

    def keep(self):
        """Write the pack anew where many modules were read from their own files. What cannot be written
        (a full disk, a folder of somebody else's) or read (the package is just changing) is tried again the
        next time."""
        others = [name for name in sys.modules if name.startswith(PACKAGE + ".") and name not in self.taken
                  and name != __name__]
        if len(others) < MANY or not os.access(os.path.dirname(self.path), os.W_OK):
            return
        codes = {name: (entry, code) for name, entry in self.entries.items()
                 if self._fresh(entry) and (code := self._code(entry))}
        beside = f"{self.path}.{os.getpid()}"
        try:
            for name in others:
                module = sys.modules[name]
                found = os.stat(module.__file__)
                codes[name] = ((hasattr(module, "__path__"), os.path.relpath(module.__file__, HERE),
                                found.st_mtime_ns, found.st_size), module.__spec__.loader.get_code(name))
            with open(beside, "wb") as file:
                file.write(_packed(codes))
            os.replace(beside, self.path)
        except (OSError, ImportError, SyntaxError):
            try:
                os.unlink(beside)
            except OSError:
                pass


def _packed(codes):
    """The bytes of a pack. codes: {module: (its row of the table, as far as it is known, its code)}."""
    table, parts, end = {}, [], 0
    for name, (entry, code) in codes.items():
        parts.append(marshal.dumps(code))
        table[name] = (*entry[:4], end, len(parts[-1]))
        end += len(parts[-1])
    table = marshal.dumps(table)
    return b"".join([MAGIC_NUMBER, len(table).to_bytes(4, "little"), table, *parts])


def use(name):
    """Take modules from a command's pack from now on; the Pack."""
    pack = Pack(name)
    sys.meta_path.insert(0, pack)
    return pack
