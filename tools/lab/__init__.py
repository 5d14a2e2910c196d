"""The parts of tools/build_lab.py, which builds the lab in the browser."""
