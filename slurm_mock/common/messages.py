"""What the commands that read sbatch's options say of them (slurm_opt.c, opt.c).

Source: Slurm 22.05.8, as printed.
"""

FEWER_NODES = ("Warning: can't run {tasks} processes on {nodes} nodes, "
               "setting nnodes to {tasks}")
TOO_MANY_NAMED = ("Required nodelist includes more nodes than permitted by max-node count "
                  "({named} > {most}). Eliminating nodes from the nodelist.")
PLANE_TOO_LARGE = "Too few processes for the requested {plane,node} distribution"
NO_NODES_LISTED = ("With Arbitrary distribution you need to specify a nodelist or hostfile with "
                   "the -w option")
DEADLINE_BEFORE_BEGIN = "Incompatible begin and deadline time specification"
LOUD_AND_QUIET = "don't specify both --verbose (-v) and --quiet (-Q)"
NO_CORE_SPEC = ("Ignoring -S since it's not allowed by configuration "
                "(AllowSpecResourcesUsage = No)")
NO_THREAD_SPEC = ("Ignoring --thread-spec since it's not allowed by configuration "
                  "(AllowSpecResourcesUsage = No)")
BAD_TIME = "Invalid time specification (pos=0): {value}"
