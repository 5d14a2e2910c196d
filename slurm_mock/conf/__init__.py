"""slurm.conf in and out: reading, what a key means, its defaults."""
