"""Waiting in a command that repeats itself (squeue -i, sinfo -i)."""

from ... import machine


def wait(ctl, seconds):
    """Sleep on the cluster's clock; on a stepping one this is what makes time pass. For
    `yield from`."""
    return machine.here.sleep(ctl, seconds)
