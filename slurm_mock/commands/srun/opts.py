"""srun's options.
"""

from ..slurm_opt.table import SRUN, table

# Input environment variables (srun(1)) -> option.
# The job's own layout, which a step inside it inherits.
LAYOUT = {"SLURM_NTASKS": "ntasks", "SLURM_NTASKS_PER_NODE": "ntasks-per-node",
          "SLURM_GPUS_PER_NODE": "gpus-per-node",
          "SLURM_GPUS_PER_TASK": "gpus-per-task",
          "SLURM_THREADS_PER_CORE": "threads-per-core"}


TABLE = table(SRUN)
