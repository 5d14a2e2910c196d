"""Which program a command's words mean, and how it runs in this interpreter.

Programs are coroutines of (process, argv); nothing of the machine's own is ever started.  What
lies where says the host: finders for paths, interpreters for the first line of a script.
Sources: execvp(3), execve(2), bash(1).
"""

import errno
import os
import sys

# Where a machine keeps its own programs; the folder of the interpreter's own is such a one.
SYSTEM = ("/usr/local/bin", "/usr/bin", "/bin", "/usr/local/sbin", "/usr/sbin", "/sbin",
          *([os.path.dirname(sys.executable)] if sys.executable else []))
# Where programs are looked for without a PATH.
PATH = "/usr/local/bin:/usr/bin:/bin"


class NotRunnable(Exception):
    """A command's words name no program that runs here.

    text: bash's words for it, after "bash: line 1: "; code: bash's exit code; number: the errno of
    execve; elsewhere: it is a program that other machines have, and text says so.
    """

    def __init__(self, text, code, number, elsewhere=False):
        super().__init__(text)
        self.text, self.code, self.number, self.elsewhere = text, code, number, elsewhere


class Programs:
    """The programs of a world.

    finders: functions(path, env) that give the program, a function(process, argv), which a process
    with this environment finds at an absolute path; None where there is none.  The first counts.
    interpreters: functions(name) that give what runs a script, a function(process, words, argv,
    title): words are those of the script's first line, argv the script's file and arguments, title
    the name by which it was called; None where that is no interpreter.
    elsewhere: names of programs that cannot be here, for a message that says so.
    """

    def __init__(self, finders=(), interpreters=(), elsewhere=frozenset()):
        self.finders, self.interpreters, self.elsewhere = finders, interpreters, elsewhere

    def which(self, name, env, cwd):
        """The file that a program's name means; None if there is none."""
        if "/" in name:
            path = os.path.join(cwd, name)
            return name if self._at(path, env) or _is_program(path) else None
        for folder in env.get("PATH", PATH).split(":"):
            path = os.path.join(cwd, folder or ".", name)
            if self._at(path, env):
                # where a system keeps it
                return path if folder not in SYSTEM else f"/usr/bin/{name}"
            if folder not in SYSTEM and _is_program(path):
                return os.path.join(folder, name)
        return None

    def find(self, argv, env, cwd):
        """main(process) -> coroutine for a command's words. Raises NotRunnable, and OSError for a
        file that cannot be read."""
        path = self.which(argv[0], env, cwd)
        if path is None:
            raise self._missing(argv[0], cwd)
        path = os.path.join(cwd, path)
        function = self._at(path, env)
        if function:
            return lambda process: function(process, argv)
        return self._script(path, argv)

    def _at(self, path, env):
        """The program at a path, None if no finder knows of one."""
        path = os.path.normpath(path)
        for find in self.finders:
            function = find(path, env)
            if function:
                return function
        return None

    def _missing(self, name, cwd):
        if "/" in name:
            path = os.path.join(cwd, name)
            if os.path.isdir(path):
                return NotRunnable(f"{name}: Is a directory", 126, errno.EACCES)
            if os.path.exists(path):
                return NotRunnable(f"{name}: Permission denied", 126, errno.EACCES)
            return NotRunnable(f"{name}: No such file or directory", 127, errno.ENOENT)
        if name in self.elsewhere:
            return NotRunnable(f"{name}: this program does not run in the browser lab", 127,
                               errno.ENOENT, True)
        return NotRunnable(f"{name}: command not found", 127, errno.ENOENT)

    def _script(self, path, argv):
        """main(process) for a file of the user's: its first line says what runs it."""
        with open(path, "rb") as f:
            head = f.read(256)
        if head.startswith(b"\x7fELF"):
            raise NotRunnable(f"{argv[0]}: a compiled program does not run in the browser lab", 126,
                              errno.EACCES, True)
        line = head.split(b"\n")[0].decode("utf-8", "replace")
        words = line[2:].split() if line.startswith("#!") else ["/bin/sh"]
        if words[:1] and os.path.basename(words[0]) == "env":
            words = [w for w in words[1:] if w != "-S"]
        name = os.path.basename(words[0]) if words else "sh"
        for find in self.interpreters:
            function = find(name)
            if function:
                return lambda process: function(process, [name, *words[1:]], [path, *argv[1:]],
                                                argv[0])
        raise NotRunnable(f"{argv[0]}: {words[0] if words else ''}: bad interpreter: No such file or "
                          "directory", 126, errno.ENOENT)


def _is_program(path):
    return os.path.isfile(path) and os.access(path, os.X_OK)
