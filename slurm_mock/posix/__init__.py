"""A POSIX machine in one interpreter: processes, files, a shell, tools.  It knows nothing of Slurm."""
