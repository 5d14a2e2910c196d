"""What sbatch, salloc and srun do alike when they submit: where a job comes from, what it is refused
for, what of the environment goes along, --test-only and --wait.
"""

import os

from ... import machine
from ...common import slurm_errno
from ...common.records import ENDED, gave_empty
from ...common.slurm_errno import Refused
from .call import Fail

# What a job is told of GPUs.
GPUS = ("SLURM_JOB_GPUS", "SLURM_STEP_GPUS", "SLURM_GPUS_ON_NODE", "CUDA_VISIBLE_DEVICES", "GPU_DEVICE_ORDINAL",
        "ROCR_VISIBLE_DEVICES", "ZE_AFFINITY_MASK")
# Mistakes in GRES the command finds itself: it does not say what it was doing (gres.c).
FOUND_BY_COMMAND = (slurm_errno.ESLURM_INVALID_GRES, slurm_errno.ESLURM_INVALID_GRES_TYPE, slurm_errno.ESLURM_UNSUPPORTED_GRES)


def refusal(call, refused, doing):
    """The Fail for what the controller refused, in sbatch's, srun's or salloc's words; the line
    that comes before is written here."""
    if refused.before:
        call.error(refused.before)
    text = refused.says(call.release)
    return Fail.error(text if refused.errno in FOUND_BY_COMMAND else f"{doing}: {text}")


def come_from(call, job):
    """Where a job is submitted, and is to run: the login node, the session there, its folder."""
    job.work_dir = call.path(job.work_dir) if job.work_dir or gave_empty(job, "work_dir") else call.cwd
    job.submit_host = job.alloc_node = host(call)
    # the stepping clock's world is the same in every run, so its login session is, too
    job.alloc_sid = 1 if call.controller.clock.stepping else os.getsid(0)
    job.submit_line = " ".join([call.name, *call.argv])


def host(call):
    """The name of the login node: a bundled cluster has one, else it is this machine."""
    return call.controller.store.meta("login_node") or os.uname().nodename


def pack_environment(call, job, arguments, given, told):
    """Environment, arguments and umask of the script, as the store keeps them. told: variables that
    tell of the options. Raises Fail."""
    import marshal
    env = exported(call, job.export or "ALL")
    if "export-file" in given:
        env = from_file(call, given["export-file"])
        if "export" in given:
            env = {**login(call), **env}
    elif "ALL" not in (job.export or "ALL").split(","):
        # then sbatch asks for the environment of a fresh login (--get-user-env)
        env = {**login(call), **env}
    env.update(told)
    env["SLURM_SUBMIT_DIR"] = call.cwd
    if "SLURM_JOB_GPUS" in env:
        for name in GPUS:                # those of the job in which sbatch stands
            env.pop(name, None)
    mask = umask(env.pop("SLURM_UMASK", None))
    return marshal.dumps({
        "env": [f"{k}={v}".encode("utf-8", "surrogateescape") for k, v in env.items()],
        "args": arguments, "umask": mask}, 4)


def umask(text):
    """The umask that SLURM_UMASK says, octal, 0 for what is no number; None: this process'."""
    if text is None:
        mask = os.umask(0)
        os.umask(mask)
        return mask
    digits = text.strip()
    while digits.strip("01234567"):
        digits = digits[:-1]
    return int(digits or "0", 8) & 0o777


def from_file(call, name):
    """--export-file: {name: value} of the variables that stand in a file, each ended by a zero
    byte, and of the mock's own. Raises Fail."""
    try:
        with open(call.path(name), "rb") as file:
            text = file.read().decode("utf-8", "surrogateescape")
    except OSError:
        raise Fail.error(f"Could not open user environment file {name}") from None
    kept = {k: v for k, v in call.env.items() if k.startswith("MOCK_SLURM_")}
    return kept | dict(word.split("=", 1) for word in text.split("\0") if "=" in word)


def login(call):
    """The variables that a login sets."""
    import pwd
    user = call.controller.caller.user
    try:
        entry = pwd.getpwnam(user)
        home, shell = entry.pw_dir, entry.pw_shell
    except KeyError:
        home, shell = call.env.get("HOME", "/"), "/bin/sh"
    return {"HOME": home, "LOGNAME": user, "USER": user, "SHELL": shell,
            "MAIL": f"/var/mail/{user}"}


def exported(call, export):
    """What --export lets through: ALL, NONE (only Slurm's own), names, name=value."""
    mine = {k: v for k, v in call.env.items() if not k.startswith("MOCK_SLURM_DRIVEN")}
    words = [w for w in _exports(export) if w]
    if words == ["ALL"] or not words:
        return mine
    env = dict(mine) if "ALL" in words else {
        k: v for k, v in mine.items() if k.startswith(("SLURM_", "MOCK_SLURM_"))}
    for word in words:
        name, equals, value = word.partition("=")
        if equals:
            env[name] = value
        elif name in mine:
            env[name] = mine[name]
    return env


def _exports(export):
    """The words of --export: commas part them, but for those in quotes, which stay."""
    words, quote = [""], ""
    for letter in export:
        if quote or letter != ",":
            words[-1] += letter
        else:
            words.append("")
        if letter == quote:
            quote = ""
        elif letter in "'\"" and not quote:
            quote = letter
    return words


def test_only(call, ctl, job):
    """--test-only: when and where the job would start, on stderr; the exit code 0. Raises Fail
    where it never would."""
    from ...common.hostlist import fold
    from ...common.parse_time import stamp
    from ...slurmctld.backfill import foretell
    try:
        ctl.submit(job, will_start=True)
    except Refused as refused:
        if refused.errno in FOUND_BY_COMMAND:
            raise refusal(call, refused, "") from None
        # of the two lines that some refusals have, a trial prints the partition's only
        if refused.errno == slurm_errno.ESLURM_INVALID_PARTITION_NAME:
            call.error(refused.before)
        raise Fail.bare(f"allocation failure: {refused.says(call.release)}") from None
    cluster = ctl.cluster()
    when, names = foretell(cluster, job)
    if not names:
        raise Fail.bare("allocation failure",
                        errno=slurm_errno.ESLURM_REQUESTED_NODE_CONFIG_UNAVAILABLE)
    with ctl.store:
        job_id = ctl.store.next_job_id()     # slurmctld uses one up for the trial
    call.log(f"Job {job_id} to start at {stamp(when)} using "
             f"{job.num_cpus} processors on nodes {fold(names)} in partition {job.partition.split(',')[0]}")
    return 0


def wait(ctl, job_id):
    """--wait: return when the job has ended, with its exit code."""
    yield from machine.here.watch(ctl, lambda: all(j.phase >= ENDED for j in jobs(ctl, job_id)))
    codes = [j.exit_code for j in jobs(ctl, job_id)]
    worst = max(codes, default=0)
    return worst >> 8 & 255 or (1 if worst & 127 else 0)


def jobs(ctl, job_id):
    """The records of a job: those of all its tasks for an array, else its own."""
    return ctl.store.array_jobs(job_id) or [ctl.store.job(job_id)]
