# Read by IPython when a kernel starts; data of the lab's wheel (see ../own_wheels.py).
import sys

if sys.platform == "emscripten":
    c = get_config()  # noqa: F821 (IPython's)
    c.InteractiveShellApp.extensions = ["lesson_lab"]
