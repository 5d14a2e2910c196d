"""`python -m slurm_mock` is `slurm-mock`."""

import sys

from .cli import main

sys.exit(main())
