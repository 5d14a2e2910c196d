"""A command's modules in one file, read at once.

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
# With so many modules that came from elsewhere a pack is written anew: not for each rare option.
MANY = 6


class Pack:
    """Finds and loads this package's modules from a pack. Stands in sys.meta_path.

    name: the command's. entries: {module: (is it a package?, file below this folder, the source's time
    (ns) and size, its code, marshalled)}; the code is unmarshalled when it is wanted.
    """

    def __init__(self, name):
        self.path = os.path.join(HERE, "__pycache__", f"{name}.{sys.implementation.cache_tag}.pack")
        self.entries = {}
        self.taken = set()
        try:
            with open(self.path, "rb", buffering=0) as file:
                data = file.read()
            if data.startswith(MAGIC_NUMBER):
                found = marshal.loads(memoryview(data)[len(MAGIC_NUMBER):])
                self.entries = found if isinstance(found, dict) else {}
        except (OSError, EOFError, ValueError, TypeError):
            pass                             # none, or not whole: modules come from their own files

    # ---- what importlib asks for (importlib.abc.MetaPathFinder, Loader) ----------

    def find_spec(self, name, path=None, target=None):
        """The spec of a module whose source is as it was; None for any other."""
        entry = self.entries.get(name)
        if entry is None or not self._fresh(entry):
            return None
        spec = ModuleSpec(name, self, is_package=entry[0])
        if entry[0]:
            spec.submodule_search_locations.append(os.path.dirname(self._file(entry)))
        return spec

    def create_module(self, spec):
        """None: an ordinary module."""

    def exec_module(self, module):
        """Run the module's code."""
        entry = self.entries[module.__name__]
        module.__file__ = self._file(entry)
        self.taken.add(module.__name__)
        exec(marshal.loads(entry[4]), module.__dict__)

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
        entries = {name: entry for name, entry in self.entries.items() if self._fresh(entry)}
        beside = f"{self.path}.{os.getpid()}"
        try:
            for name in others:
                module = sys.modules[name]
                found = os.stat(module.__file__)
                code = module.__spec__.loader.get_code(name)
                entries[name] = (hasattr(module, "__path__"), os.path.relpath(module.__file__, HERE),
                                 found.st_mtime_ns, found.st_size, marshal.dumps(code))
            with open(beside, "wb") as file:
                file.write(MAGIC_NUMBER + marshal.dumps(entries))
            os.replace(beside, self.path)
        except (OSError, ImportError, SyntaxError):
            try:
                os.unlink(beside)
            except OSError:
                pass


def use(name):
    """Take modules from a command's pack from now on; the Pack."""
    pack = Pack(name)
    sys.meta_path.insert(0, pack)
    return pack
