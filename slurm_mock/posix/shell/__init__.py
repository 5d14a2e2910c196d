"""A bash for scripts, written for the in-process machine: its commands are coroutines.

posix/shell/parser.py makes a tree (posix/shell/tree.py) of a text, posix/shell/words.py expands words, posix/shell/arithmetic.py computes,
posix/shell/interpreter.py walks the tree, posix/shell/builtins.py has what bash does itself.  The reference is
bash(1) 5.2; what is not there says so by name, and never does something else in silence.
"""
