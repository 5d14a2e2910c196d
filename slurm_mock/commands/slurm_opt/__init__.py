"""The options that sbatch, salloc and srun share.  Source: slurm_opt.c."""
