"""The tree of a shell script: words and their parts, commands."""


class Node:
    """A record of the names in __slots__."""

    __slots__ = ()

    def __init__(self, *values):
        for name, value in zip(self.__slots__, values, strict=True):
            setattr(self, name, value)

    def __repr__(self):
        return f"{type(self).__name__}({', '.join(repr(getattr(self, n)) for n in self.__slots__)})"


# ---- words: a list of parts ------------------------------------------------

class Text(Node):
    """Literal text; quoted text is taken as it stands."""
    __slots__ = ("text", "quoted")


class Parameter(Node):
    """${name[index]op word}: op is "" or one of :- - := = :? ? :+ + # ## % %% / // /# /% ^ ^^ , ,,
    : (substring) @ (transformation) prefix (${!name*}); `other` what / puts in, `length` for
    ${#name}, `indirect` for ${!name}, ${!name[@]} and ${!name*}."""
    __slots__ = ("name", "index", "op", "word", "other", "length", "indirect", "quoted")


class Substitution(Node):
    """$(script) or `script`."""
    __slots__ = ("script", "quoted")


class Arithmetic(Node):
    """$((expression)): `word` is expanded before it is computed."""
    __slots__ = ("word", "quoted")


class ProcessFile(Node):
    """<(script), or >(script) where it reads."""
    __slots__ = ("script", "reads")


class Word(Node):
    """A word: its parts, and the line it stands on."""
    __slots__ = ("parts", "line")

    def plain(self):
        """The text of a word without any quoting or expansion; None for others."""
        if len(self.parts) == 1 and isinstance(self.parts[0], Text) and not self.parts[0].quoted:
            return self.parts[0].text
        return None


# ---- commands --------------------------------------------------------------

class Redirection(Node):
    """fd op target: a Word; of a here-document the Word of its text. fd may be None or {name}."""
    __slots__ = ("fd", "op", "target", "line")


class Assignment(Node):
    """name[index]=value: value is a Word, or a list of (index Word or None, Word) for (...)."""
    __slots__ = ("name", "index", "append", "value")


class Simple(Node):
    """assignments, words (those of declare's kind may be Assignments), redirections."""
    __slots__ = ("assignments", "words", "redirections", "line")


class Redirected(Node):
    """A compound command with redirections."""
    __slots__ = ("command", "redirections", "line")


class Pipeline(Node):
    """commands joined by |; `both[i]` where it was |&."""
    __slots__ = ("commands", "both", "negated", "timed")


class AndOr(Node):
    """first, then (operator, pipeline) in turn."""
    __slots__ = ("first", "rest")


class Sequence(Node):
    """(AndOr, its text if it runs in the background, else "") in turn."""
    __slots__ = ("items",)


class If(Node):
    """branches: (condition, body) of if and elif; otherwise: the body of else, or None."""
    __slots__ = ("branches", "otherwise")


class For(Node):
    """for name in words; words is None for "$@"."""
    __slots__ = ("name", "words", "body", "line")


class Select(Node):
    """select name in words; words is None for "$@"."""
    __slots__ = ("name", "words", "body", "line")


class ForArithmetic(Node):
    """for ((start; test; step)): three Words."""
    __slots__ = ("start", "test", "step", "body", "line")


class While(Node):
    """while test, or until test."""
    __slots__ = ("test", "body", "until")


class Case(Node):
    """branches: (patterns, body, how it ends: ;; ;& ;;&)."""
    __slots__ = ("word", "branches", "line")


class Group(Node):
    """{ body }."""
    __slots__ = ("body",)


class Subshell(Node):
    """(body)."""
    __slots__ = ("body",)


class Function(Node):
    """name () body; source: bash's text of it, for declare -f and export -f."""
    __slots__ = ("name", "body", "source")


class Compute(Node):
    """((expression))"""
    __slots__ = ("word", "line")


class Condition(Node):
    """[[ expression ]]: ("and", a, b), ("or", a, b), ("not", a), ("word", w),
    ("unary", op, w), ("binary", op, w, w)."""
    __slots__ = ("expression", "line")
