"""Waiting in a command that repeats itself (squeue -i, sinfo -i)."""

from .world import sleep


def wait(ctl, seconds):
    """Sleep on the cluster's clock; on a stepping one this is what makes time pass."""
    sleep(ctl, seconds)
