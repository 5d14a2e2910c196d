"""On the node: slurmstepd, the batch step, tasks, their environment and what they use."""
