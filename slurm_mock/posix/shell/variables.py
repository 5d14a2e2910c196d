"""A shell's variables: scalars, arrays, what is exported, what is local to a function."""

import os
import random

from .arithmetic import ArithmeticProblem, wrap
from .operands import whole


class ReadOnly(Exception):
    """An assignment to a variable that is readonly."""

    def __init__(self, name):
        super().__init__(name)
        self.text, self.code = f"{name}: readonly variable", 1


class Variable:
    """value: text, a dict {int: text} (array), a dict {text: text} with `keyed`; None: declared only."""

    __slots__ = ("value", "exported", "readonly", "integer", "keyed", "case", "reference")

    def __init__(self, value=None, exported=False):
        self.value, self.exported = value, exported
        self.readonly = self.integer = self.keyed = self.reference = False
        self.case = ""

    def letters(self):
        """Its attributes as the letters of `declare`."""
        return "".join(letter for letter, on in (
            ("A", self.keyed), ("a", isinstance(self.value, dict) and not self.keyed), ("i", self.integer),
            ("n", self.reference), ("r", self.readonly), ("x", self.exported), (self.case, self.case)) if on)

    def copy(self):
        """The same with a value of its own."""
        other = Variable(dict(self.value) if isinstance(self.value, dict) else self.value,
                         self.exported)
        other.readonly, other.integer, other.keyed = self.readonly, self.integer, self.keyed
        other.case, other.reference = self.case, self.reference
        return other


class Variables:
    """The variables of one shell; `env` is the environment that its children get."""

    def __init__(self, env):
        self.env = env
        self.variables = {name: Variable(value, True) for name, value in env.items()
                          if name.replace("_", "a").isalnum() and not name[0].isdecimal()}
        self.scopes = []
        for name, value in (("IFS", " \t\n"), ("OPTIND", "1"), ("PS4", "+ "), ("BASH_VERSION", "5.2.15(1)-release"),
                            ("HOSTTYPE", "x86_64"), ("OSTYPE", "linux-gnu"),
                            ("BASH", "/bin/bash"), ("SHELL", env.get("SHELL", "/bin/bash"))):
            if name not in self.variables or name == "IFS":
                self.variables[name] = Variable(value)
        self.env.pop("IFS", None)
        self.variables["SHLVL"] = Variable(str(max(0, (whole(env.get("SHLVL", "")) or 0) + 1)), True)
        self.publish("SHLVL")

    def copy_variables(self, env):
        """Variables of its own for a shell that began as a copy; env: its children's environment."""
        self.variables = {name: v.copy() for name, v in self.variables.items()}
        self.scopes = [{n: v.copy() if v else None for n, v in s.items()} for s in self.scopes]
        self.env = env

    @property
    def ifs_first(self):
        """What stands between the values of "$*": the first character of IFS."""
        ifs = self.get("IFS")
        return " " if ifs is None else ifs[:1]

    # ---- reading ------------------------------------------------------------

    def get(self, name):
        """The text of a variable; None when it is not set."""
        return self.value(name)

    def resolve(self, name):
        """The name that a name means in the end, through references (declare -n); of those that go
        round in a circle, the last one."""
        variable, passed = self.variables.get(name), set()
        while variable is not None and variable.reference and variable.value and name not in passed:
            passed.add(name)
            name = variable.value
            variable = self.variables.get(name)
        return name

    def value(self, name, index=None):
        """The text of a parameter or of an element; None when it is not set. Raises
        ArithmeticProblem for a bad subscript."""
        special = self.special(name, index)
        if special is not None:
            return special
        name = self.resolve(name)
        variable = self.variables.get(name)
        if variable is None or variable.value is None:
            return None
        if isinstance(variable.value, dict):
            return variable.value.get(self.key(variable, "0" if index is None else index, name))
        return variable.value if index is None or self.evaluate(index) in (0, -1) else None

    def special(self, name, index):
        """The text of a parameter that the shell itself sets ($? $1 LINENO RANDOM ...); None for
        any other, and where it is not set. bash(1), PARAMETERS."""
        if name.isdecimal():
            number = int(name)
            if not number:
                return self.name
            return self.params[number - 1] if number <= len(self.params) else None
        if name == "?":
            return str(self.status)
        if name == "#":
            return str(len(self.params))
        if name == "$":
            return str(self.pid)
        if name == "!":
            return str(self.background) if self.background else None
        if name == "-":
            letters = {"errexit": "e", "nounset": "u", "xtrace": "x", "noglob": "f"}
            return "hB" + "".join(v for k, v in letters.items() if self.options[k])
        if name in ("@", "*"):
            return " ".join(self.params)
        if name == "LINENO":
            return str(self.line)
        if name == "RANDOM":
            return str(random.randrange(32768))
        if name == "SECONDS" and name not in self.variables:
            return str(int(self.now() - (self.begun if self.begun is not None else self.now())))
        if name == "EPOCHSECONDS":
            return str(int(self.now()))
        if name == "BASHPID":
            return str(self.process.pid)
        if name == "PPID":
            return str(self.process.parent)
        if name == "UID" or name == "EUID":
            return str(os.getuid())
        if name == "BASH_SOURCE":
            return self.name
        if name == "HOSTNAME" and name not in self.variables:
            return os.uname().nodename
        if name == "PIPESTATUS":
            number = self.evaluate(index) if index else 0
            return str(self.pipestatus[number]) if 0 <= number < len(self.pipestatus) else None
        if name == "FUNCNAME" and self.calls:
            number = self.evaluate(index) if index else 0
            return self.calls[-1 - number] if 0 <= number < len(self.calls) else None
        return None

    def elements(self, name):
        """The values of an array, in order; of a scalar, its only one."""
        if name == "PIPESTATUS":
            return [str(code) for code in self.pipestatus]
        if name == "FUNCNAME":
            return [*reversed(self.calls), "main"] if self.calls else []
        variable = self.variables.get(self.resolve(name))
        if variable is None or variable.value is None:
            return []
        if isinstance(variable.value, dict):
            return [variable.value[k] for k in self.order(variable)]
        return [variable.value]

    def keys(self, name):
        """The subscripts of an array as text, in order; of a scalar, "0"; [] when it is not set."""
        variable = self.variables.get(self.resolve(name))
        if variable is None or variable.value is None:
            return []
        if isinstance(variable.value, dict):
            return [str(k) for k in self.order(variable)]
        return ["0"]

    @staticmethod
    def order(variable):
        """The keys of an array in bash's order: indices as numbers, names as they came."""
        return list(variable.value) if variable.keyed else sorted(variable.value)

    def key(self, variable, index, name):
        """A subscript's text -> the key: an index from 0, from the end if negative; with `keyed`
        the text. name: the variable's, for ArithmeticProblem, which it raises."""
        if variable.keyed:
            return index
        number = self.evaluate(index)
        if number < 0:
            number += max(variable.value, default=-1) + 1
            if number < 0:
                raise ArithmeticProblem(f"{name}[{index}]: bad array subscript")
        return number

    # ---- writing ----------------------------------------------------------------

    def assign(self, name, value, index=None, append=False):
        """name[index]=value, or += with `append`. Raises ReadOnly, ArithmeticProblem."""
        name = self.resolve(name)
        variable = self.variables.get(name)
        if variable is None:
            variable = self.variables[name] = Variable()
            variable.exported = bool(getattr(self, "options", {}).get("allexport"))
        if variable.readonly:
            raise ReadOnly(name)
        if variable.integer:
            value = str(self.evaluate(value))
        value = {"l": value.lower, "u": value.upper}.get(variable.case, lambda: value)()
        if index is not None or isinstance(variable.value, dict):
            if not isinstance(variable.value, dict):
                variable.value = {} if variable.value is None else {0: variable.value}
            key = self.key(variable, "0" if index is None else index, name)
            before = variable.value.get(key, "")
            variable.value[key] = self.joined(variable, before, value) if append else value
        else:
            variable.value = self.joined(variable, variable.value or "", value) if append else value
        self.publish(name)

    def joined(self, variable, before, value):
        """What += makes of an element: a sum with `integer`, else one text behind the other."""
        return str(wrap(self.evaluate(before) + int(value))) if variable.integer else before + value

    def assign_array(self, name, values, append=False):
        """name=(...), or += with `append`: values are (index or None, text). Raises ReadOnly,
        ArithmeticProblem."""
        name = self.resolve(name)
        variable = self.variables.get(name)
        if variable is None:
            variable = self.variables[name] = Variable()
        if variable.readonly:
            raise ReadOnly(name)
        if not append or variable.value is None:
            variable.value = {}
        elif not isinstance(variable.value, dict):
            variable.value = {0: variable.value}
        at = max(variable.value, default=-1) + 1 if not variable.keyed else 0
        for index, value in values:
            if index is not None:
                key = self.key(variable, index, name)
                variable.value[key] = value
                at = key + 1 if not variable.keyed else 0
            else:
                variable.value[at] = value
                at += 1
        self.publish(name)

    def unset(self, name, index=None):
        """Unset a variable, or one element; a function's own stays, without a value. Raises
        ReadOnly, ArithmeticProblem."""
        variable = self.variables.get(name)
        if variable is None:
            return
        if variable.readonly:
            raise ReadOnly(name)
        if index is not None and isinstance(variable.value, dict):
            variable.value.pop(self.key(variable, index, name), None)
            return
        for scope in reversed(self.scopes):
            if name in scope:
                variable.value = None
                variable.exported = False
                self.publish(name)
                return
        del self.variables[name]
        self.publish(name)

    def publish(self, name):
        """Let the children's environment follow a variable."""
        variable = self.variables.get(name)
        if variable is not None and variable.exported and isinstance(variable.value, str):
            self.env[name] = variable.value
        else:
            self.env.pop(name, None)

    # ---- functions' own ----------------------------------------------------------

    def open_scope(self):
        """A function begins: what it makes local will be its own."""
        self.scopes.append({})

    def make_local(self, name):
        """The Variable of the innermost function by this name, new and empty if it had none."""
        scope = self.scopes[-1]
        if name not in scope:
            old = self.variables.get(name)
            scope[name] = old
            new = Variable()
            new.exported = bool(old and old.exported)
            self.variables[name] = new
        return self.variables[name]

    def close_scope(self):
        """A function ends: its variables go, those of before come back."""
        for name, old in self.scopes.pop().items():
            if old is None:
                self.variables.pop(name, None)
            else:
                self.variables[name] = old
            self.publish(name)
