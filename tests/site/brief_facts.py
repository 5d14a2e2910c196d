"""What the original episode teaches, as data: each fact must be on the page that ought to have it.

Texts are looked for as they stand, after white space was squeezed; keywords regardless of case.
"""

EPISODE = "_episodes/11-jupyter"
SCHEDULING = "_episodes/10-scheduling"

FRONT_MATTER = {
    "title": "(Optional) Jupyter Notebooks",
    "teaching": 10,
    "exercises": 10,
}

LINKS = [
    "https://jupyter.readthedocs.io/en/latest",
    "https://www.kth.se/blogs/pdc/2019/01/using-jupyter-notebooks-to-manage-slurm-jobs/",
    "https://www.pdc.kth.se/software/software/Jupyter-Notebooks/index.html",
    "https://github.com/NERSC/slurm-magic",
]

# Section of the brief -> commands, names and settings, letter by letter.
LITERAL = {
    "2 configuration file": [
        "$HOME/.jupyter",
        "ssh <username>@tegner.pdc.kth.se",
        "module load anaconda/py36/5.0.1",
        "anaconda/py27/5.0.1",
        "jupyter notebook --generate-config",
        "jupyter_notebook_config.py",
    ],
    "2 password": [
        "jupyter notebook password",
        "$HOME/.jupyter/jupyter_notebook_config.json",
    ],
    "2 certificate": [
        "cd $HOME/Private",
        "openssl req -x509 -nodes -days 365 -newkey rsa:2048 -keyout mykey.key -out mycert.pem",
        "c.NotebookApp.certfile = u'/afs/pdc.kth.se/home/<initial>/<username>/Private/mycert.pem'",
        "c.NotebookApp.keyfile = u'/afs/pdc.kth.se/home/<initial>/<username>/Private/mykey.key'",
    ],
    "3 login node": [
        "jupyter-notebook --no-browser",
        "[I 14:16:11.737 NotebookApp] The Jupyter Notebook is running at:",
        "https://localhost:8888/",
        "ssh -N -L 8888:localhost:8888 <username>@tegner.pdc.kth.se",
    ],
    "4 magics": ["%load_ext slurm_magic", "%lsmagic"],
    "5 challenge": ["%load <filename>", "%squeue -u <username>"],
    "what has changed": [
        "jupyter_server_config.py",
        "jupyter_server_config.json",
        "c.ServerApp.certfile",
        "c.ServerApp.keyfile",
        "PasswordIdentityProvider.hashed_password",
        "localhost:8888",
    ],
}

# Section -> groups of words; the words of a group stand near each other (within 300 characters).
TOLD = {
    "1 Jupyter in HPC": [("ssh", "terminal", "UNIX"), ("scheduler", "batch job"), ("browser",)],
    "2 three steps": [
        ("configuration file", "$HOME/.jupyter"),
        ("strong", "password"),
        ("self-signed", "openssl"),
        ("hashed",),
        ("https", "unencrypted"),
    ],
    "3 login node": [
        ("managing Slurm jobs",),
        ("light-weight", "post-processing"),
        ("good manners",),
        ("shared",),
        ("heavy calculations", "compute node"),
        ("new terminal", "own machine"),
        ("-N", "no command"),
        ("-L", "port forwarding"),
        ("-f", "background"),
        ("browser", "complain", "not recognised"),
        ("self-signed",),
        ("proceed",),
        ("Jupyter password",),
    ],
    "4 slurm-magic": [
        ("Beskow", "Tegner"),
        ("on the fly",),
        ("submit", "monitor"),
    ],
    "5 challenge": [
        ("log in", "start a Jupyter server", "connect", "browser"),
        ("new notebook", "default", "kernel"),
        ("load", "slurm_magic"),
        ("%lsmagic", "new magics"),
        ("%sinfo", "%squeue"),
        ("job script", "scheduling episode"),
        ("cell magic", "monitor"),
    ],
    "6 discussion": [
        ("overhead", "security"),
        ("tunnel", "URL", "password"),
        ("automated",),
        ("pre-processing", "batch scripts", "monitoring", "post-processing"),
        ("reproducible", "share"),
        ("PhD student",),
        ("codes", "workflow"),
        ("like the interface", "don't"),
    ],
    "what has changed": [
        ("Tegner has retired",),
        ("notebook 7", "JupyterLab 4"),
        ("compute node", "Dardel"),
        ("every user of that node",),
        ("not optional",),
    ],
}

# Table of magics: first cell -> words of its second.
MAGICS = {
    "%salloc": ("allocation", "set of nodes", "command", "release"),
    "%sbatch": ("submit", "batch script"),
    "%scancel": ("signal", "jobs", "steps", "Slurm's control"),
    "%sinfo": ("nodes", "partitions"),
    "%squeue": ("jobs", "scheduling queue"),
    "%srun": ("parallel jobs",),
    "%%sbatch": ("submit", "batch script", "whole cell"),
}

# The job script, line by line as far as the course gave it, on the scheduling page.
JOB_SCRIPT = [
    "#!/bin/bash -l",
    "#SBATCH -A edu20.dd2443",
    "#SBATCH -J ",
    "#SBATCH -t 0:02:00",
    "#SBATCH --nodes=1",
    "#SBATCH -e ",
    "#SBATCH -o ",
    "module load gcc/7.2.0",
    "openmpi/3.0-gcc-7.2",
    "mpirun -n 24 ./hello_mpi",
    "srun -n 1 hostname",
    "sleep 60",
]

# Tegner's nodes and files, on the scheduling page.
TEGNER = [
    "-C Haswell",
    "--gres=gpu:K420:1",
    "--gres=gpu:K80:2",
    "--mem=1000000",
    "--mem=2000000",
    "/afs/pdc.kth.se/home/<initial>/<username>",
    "/cfs/klemming/nobackup/<initial>/<username>",
]

# What sinfo prints when the lesson's Tegner opens, on the scheduling page.
SINFO = [
    "PARTITION AVAIL TIMELIMIT NODES STATE NODELIST",
    "main* up infinite 2 down* t02n[07,33]",
    "main* up infinite 1 drain t03n08",
    "main* up infinite 1 resv t02n40",
    "main* up infinite 29 alloc t02n[01-05,08-09,13-20,30-32,34-36,45-46],t03n[02,13,15-16,18,28]",
    "main* up infinite 33 idle t01n[01,05,09,13,17,26,30,34,41,45],t02n[06,21,28-29,41-44,47-48],"
    "t03n[01,03-07,09,14,17,19-21,29]",
    "K80 up infinite 1 drain t03n08",
    "K80 up infinite 1 alloc t03n02",
    "K80 up infinite 7 idle t03n[01,03-07,09]",
    "1TB up infinite 5 idle t01n[26,30,34,41,45]",
    "2TB up infinite 5 idle t01n[01,05,09,13,17]",
    "Transfer up infinite 2 idle t04n[27-28]",
    "nbis up infinite 1 idle t04n03",
]
