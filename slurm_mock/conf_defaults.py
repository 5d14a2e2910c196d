"""What slurmctld takes for the slurm.conf keys that a file leaves out."""

DEFAULTS = {
    "KillWait": "30", "MinJobAge": "300", "MaxArraySize": "1001", "MaxJobCount": "10000",
    "FirstJobId": "1", "SchedulerType": "sched/backfill", "SelectType": "select/cons_tres",
    "PriorityType": "priority/basic", "EnforcePartLimits": "NO", "SlurmUser": "root",
}


def complete(config):
    """slurm.conf as read -> with the defaults of what it does not say (a new dict)."""
    return {**DEFAULTS, **config}
