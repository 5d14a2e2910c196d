"""What stands on PATH of a job's node beside Slurm's commands: its name, its clock, modules, MPI."""
