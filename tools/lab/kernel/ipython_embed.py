"""In the lab in the browser this takes the place of IPython's own module of this name.

IPython imports that one whenever it starts, and with it all that draws a prompt in a terminal,
which a page is not: a tenth of what a kernel would load, and a tenth of its start.
"""


def embed(*_args, **_options):
    raise NotImplementedError("IPython.embed() asks for input in a terminal, and a browser has none")
