"""A bash for scripts, written for the in-process machine: its commands are coroutines.

parser.py makes a tree (tree.py) of a text, words.py expands words, arithmetic.py computes,
interpreter.py walks the tree, builtins.py has what bash does itself.  The reference is
bash(1) 5.2; what is not there says so by name, and never does something else in silence.
"""
