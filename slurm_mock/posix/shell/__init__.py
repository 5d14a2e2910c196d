"""A bash for scripts whose commands are coroutines.

parser.py makes a tree (tree.py) of a text, with scanner.py for its words; words.py expands them,
arithmetic.py computes; interpreter.py walks the tree, builtins.py has what bash does itself;
bash.py is the program.  The reference is bash(1) 5.2; what is not there says so by name, and
never does something else in silence.
"""
