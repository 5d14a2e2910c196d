"""The environment of batch scripts, steps and tasks, name by name as Slurm 22.05.8 sets it.

The mock adds only names that begin with MOCK_SLURM_, and BASH_ENV, which keeps its
commands first on PATH where a script starts `bash -l` (see site/activate.py).
"""

import os

from ..common import release
from ..common.hostlist import expand
from ..common.parse_time import is_number
from ..common.records import Share, unpack_alloc
from ..conf.params import memory_setting
from ..slurmctld.job_mgr import components
from ..slurmctld.select_nodes import usable

GROUP = ("SLURM_CPUS_PER_TASK", "SLURM_JOB_CPUS_PER_NODE", "SLURM_JOB_ID", "SLURM_JOB_NAME",
         "SLURM_JOB_NODELIST", "SLURM_JOB_NUM_NODES", "SLURM_JOB_PARTITION", "SLURM_JOB_QOS",
         "SLURM_MEM_PER_CPU", "SLURM_MEM_PER_NODE", "SLURM_NPROCS", "SLURM_NTASKS",
         "SLURM_NTASKS_PER_NODE", "SLURM_TASKS_PER_NODE")
# salloc's command has these besides
ALLOC_GROUP = ("SLURM_JOBID", "SLURM_NNODES", "SLURM_NODELIST")


def counts_text(counts):
    """[24, 24, 8] -> "24(x2),8", the form of SLURM_TASKS_PER_NODE."""
    out, i = [], 0
    while i < len(counts):
        j = i
        while j + 1 < len(counts) and counts[j + 1] == counts[i]:
            j += 1
        out.append(f"{counts[i]}(x{j - i + 1})" if j > i else str(counts[i]))
        i = j + 1
    return ",".join(out)


def usable_cpus(ctl, job, shares):
    """How many CPUs of each share of a node the job may use."""
    if not job.threads_per_core:
        return [s.cpus for s in shares]
    nodes = {node.name: node for node in ctl.store.nodes()}
    return [usable(job, nodes[s.node], s.cpus) if s.node in nodes else s.cpus for s in shares]


def job_variables(ctl, job, alone=False):
    """What batch scripts, salloc's shell and steps share; alone: not of the other components."""
    shares = unpack_alloc(job.alloc)
    tasks = counts_text([s.tasks or 1 for s in shares])
    env = {
        "SLURM_CLUSTER_NAME": ctl.config.get("ClusterName", ""),
        "SLURM_JOB_ID": str(job.id),
        "SLURM_JOBID": str(job.id),
        "SLURM_JOB_NAME": job.name,
        "SLURM_JOB_NODELIST": job.nodelist,
        "SLURM_NODELIST": job.nodelist,
        "SLURM_JOB_NUM_NODES": str(job.num_nodes),
        "SLURM_NNODES": str(job.num_nodes),
        "SLURM_JOB_PARTITION": job.partition,
        "SLURM_JOB_CPUS_PER_NODE": counts_text(usable_cpus(ctl, job, shares)),
        "SLURM_TASKS_PER_NODE": tasks,
        "SLURM_SUBMIT_DIR": job.work_dir,
        "SLURM_SUBMIT_HOST": job.submit_host,
        "SLURM_CONF": ctl.store.meta("conf_path"),
    }
    if job.account:
        env["SLURM_JOB_ACCOUNT"] = job.account
    if job.qos:
        env["SLURM_JOB_QOS"] = job.qos
    if job.ntasks_given or job.nodes_given and job.ntasks_per_node or (
            job.threads_per_core and job.ntasks > job.min_nodes):
        env["SLURM_NTASKS"] = env["SLURM_NPROCS"] = str(job.ntasks)
    if job.cpus_per_task_given:
        env["SLURM_CPUS_PER_TASK"] = str(job.cpus_per_task)
    if job.ntasks_per_node:
        env["SLURM_NTASKS_PER_NODE"] = str(job.ntasks_per_node)
    if job.mem_per_node:
        env["SLURM_MEM_PER_NODE"] = str(job.mem_per_node)
    elif job.mem_per_cpu:
        env["SLURM_MEM_PER_CPU"] = str(job.mem_per_cpu)
    elif job.batch_flag and job.mem_per_node is None and not job.mem_per_gpu:
        part = ctl.part(job.partition)
        default, per_cpu = memory_setting("Def", part.options if part else {}, ctl.config)
        if default:
            env["SLURM_MEM_PER_CPU" if per_cpu else "SLURM_MEM_PER_NODE"] = str(default)
    if job.reservation:
        env["SLURM_JOB_RESERVATION"] = job.reservation
    if job.array_id and job.array_task is not None:
        env.update({
            "SLURM_ARRAY_JOB_ID": str(job.array_id),
            "SLURM_ARRAY_TASK_ID": str(job.array_task),
            "SLURM_ARRAY_TASK_COUNT": str(job.array_count),
            "SLURM_ARRAY_TASK_MIN": str(job.array_min),
            "SLURM_ARRAY_TASK_MAX": str(job.array_max),
            "SLURM_ARRAY_TASK_STEP": str(job.array_step)})
    if job.het_id and not alone:
        env.update(variables(ctl, job))
    return env


def gpu_variables(config, gpus, mine):
    """What a program is told of its GPUs. gpus: indices of those that the job has of the node,
    mine: of those that are meant for it.

    Where cgroups keep the others away (TaskPlugin) the ones that are left are numbered anew.
    """
    if not gpus:
        return {}
    anew = "cgroup" in config.get("TaskPlugin", "")
    seen = ",".join(str(gpus.index(i) if anew else i) for i in mine)
    return {"SLURM_GPUS_ON_NODE": str(len(gpus)), "CUDA_VISIBLE_DEVICES": seen,
            "GPU_DEVICE_ORDINAL": seen, "ROCR_VISIBLE_DEVICES": seen, "ZE_AFFINITY_MASK": seen}


def asks_for_gres(job):
    """Does the job ask for GRES? One that has whole nodes has theirs, but gives none to its
    steps."""
    return (job.gres or job.tres_per_job or job.tres_per_task or job.tres_per_socket
            or job.gpus_implied)


def gpu_ids(share):
    """Indices of the GPUs in a share of a node, those included of which it has only a part."""
    return sorted([i for kind, idx in share.gres.items() if kind.split(":")[0] == "gpu" for i in idx]
                  + [int(kind.partition("@")[2]) for kind in share.gres if "@" in kind])


def batch_variables(ctl, job, pid):
    """What a batch script has besides. SLURM_SUBMIT_DIR is not among it: sbatch says where it was."""
    shares = unpack_alloc(job.alloc)
    env = job_variables(ctl, job)
    del env["SLURM_SUBMIT_DIR"]
    env.update({
        "ENVIRONMENT": "BATCH",
        "HOSTNAME": job.batch_host,
        "SLURMD_NODENAME": job.batch_host,
        "SLURM_CPUS_ON_NODE": str(usable_cpus(ctl, job, shares[:1])[0] if shares else 1),
        "SLURM_GTIDS": "0", "SLURM_LOCALID": "0", "SLURM_NODEID": "0", "SLURM_PROCID": "0",
        "SLURM_JOB_GID": str(job.gid), "SLURM_JOB_UID": str(job.uid),
        "SLURM_JOB_USER": job.user,
        "SLURM_NODE_ALIASES": "(null)",
        "SLURM_PRIO_PROCESS": "0",
        "SLURM_TASK_PID": str(pid),
        "SLURM_TOPOLOGY_ADDR": job.batch_host,
        "SLURM_TOPOLOGY_ADDR_PATTERN": "node",
        "SLURM_WORKING_CLUSTER": working_cluster(ctl),
    })
    gpus = gpu_ids(shares[0]) if shares else []
    env.update(gpu_variables(ctl.config, gpus, gpus))
    if gpus:
        env["SLURM_JOB_GPUS"] = ",".join(map(str, gpus))
    if job.restarts:
        env["SLURM_RESTART_COUNT"] = str(job.restarts)
    return env


def working_cluster(ctl):
    """cluster:address:port:protocol:plugin; 109 is cons_tres."""
    host = ctl.config.get("SlurmctldHost", ctl.config.get("ControlMachine", "localhost"))
    if "(" in host:
        host = host.partition("(")[2].rstrip(")")
    plugin = "102" if ctl.config.get("SelectType", "").endswith("linear") else "109"
    port, protocol = ctl.config.get("SlurmctldPort", "6817"), release.protocol(ctl.slurm_release)
    return f"{ctl.config.get('ClusterName', '')}:{host}:{port}:{protocol}:{plugin}"


def step_variables(ctl, job, step, counts, debug=3):
    """What all tasks of a step share. counts: tasks on each node; debug: how loud srun is, from 0 on.

    srun's port is named as Slurm names it; nothing listens there, tasks are srun's children.
    """
    port = 32768 + step.pid % 28000
    env = {
        "SLURM_STEP_ID": str(step.step_id), "SLURM_STEPID": str(step.step_id),
        "SLURM_STEP_NODELIST": step.nodelist,
        "SLURM_STEP_NUM_NODES": str(step.num_nodes),
        "SLURM_STEP_NUM_TASKS": str(step.ntasks),
        "SLURM_STEP_TASKS_PER_NODE": counts_text(counts),
        "SLURM_TASKS_PER_NODE": counts_text(counts),
        "SLURM_NTASKS": str(step.ntasks), "SLURM_NPROCS": str(step.ntasks),
        "SLURM_NNODES": str(step.num_nodes),
        "SLURM_SRUN_COMM_PORT": str(port), "SLURM_STEP_LAUNCHER_PORT": str(port),
        "SLURM_JOB_GID": str(job.gid), "SLURM_JOB_UID": str(job.uid),
        "SLURM_JOB_USER": job.user,
        "SLURM_LAUNCH_NODE_IPADDR": "127.0.0.1", "SLURM_SRUN_COMM_HOST": "127.0.0.1",
        "SLURM_UMASK": f"{_umask():04o}",
        "SRUN_DEBUG": str(debug),
        "SLURM_WORKING_CLUSTER": working_cluster(ctl),
    }
    return env


def _umask():
    mask = os.umask(0)
    os.umask(mask)
    return mask


def without_gpus(job, env):
    """An environment but for what it says of GPUs that the program does not have, of a step in a Job or of a batch
    script that was submitted by another."""
    gone = {"SLURM_STEP_GPUS", "SLURM_GPUS_ON_NODE"}
    if any(gpu_ids(share) for share in unpack_alloc(job.alloc)):
        gone |= gpu_variables({}, [0], [0]).keys()
    return {name: value for name, value in env.items() if name not in gone}


def bound_gpus(gpus, bound, local, tasks):
    """Which of a step's GPUs on a node (indices) its task number `local` there gets, of `tasks`. bound: "per_task:2",
    "single:2" (tasks of one GPU), "map_gpu:0,1", "mask_gpu:0x1,0x2"; with any other it sees all."""
    kind, _, value = bound.removeprefix("verbose,").removeprefix("v,").partition(":")
    if not gpus or tasks < 2 or not value:
        return gpus
    if kind == "per_task" and is_number(value):
        return gpus[local * int(value):(local + 1) * int(value)]
    if kind == "single" and is_number(value):
        return [gpus[local // max(1, int(value)) % len(gpus)]]
    words = value.split(",")
    if kind == "map_gpu":
        return [gpu for gpu in gpus if str(gpu) == words[local % len(words)].partition("*")[0]]
    if kind == "mask_gpu":
        mask = _hexadecimal(words[local % len(words)].partition("*")[0])
        return [gpu for gpu in gpus if mask >> gpu & 1]
    return gpus


def _hexadecimal(text):
    try:
        return int(text, 16)
    except ValueError:
        return 0


def task_variables(ctl, job, step, rank, node_index, local, gtids, pid, bound="", gres=None):
    """What one task has of its own. gtids: the ranks on its node; bound: see bound_gpus; gres: what the step has,
    {node: {kind: indices}}, None for all that the job has."""
    node = expand(step.nodelist)[node_index]
    share = next((s for s in unpack_alloc(job.alloc) if s.node == node), None)
    held = next((s for s in unpack_alloc(step.alloc) if s.node == node), share)
    env = {
        "SLURM_PROCID": str(rank), "SLURM_LOCALID": str(local),
        "SLURM_NODEID": str(node_index), "SLURMD_NODENAME": node, "HOSTNAME": node,
        "SLURM_GTIDS": ",".join(map(str, gtids)), "SLURM_TASK_PID": str(pid),
        "SLURM_CPUS_ON_NODE": str(held.cpus if held else 1),
        "SLURM_TOPOLOGY_ADDR": node, "SLURM_TOPOLOGY_ADDR_PATTERN": "node",
        "SLURM_PRIO_PROCESS": "0",
    }
    if gres is not None:
        gpus = gpu_ids(Share(node, 0, gres=gres.get(node)))
    else:
        gpus = gpu_ids(share) if share and asks_for_gres(job) else []
    mine = bound_gpus(gpus, bound, local, len(gtids))
    if not bound and job.tres_per_task and gtids:
        each = len(gpus) // len(gtids)
        mine = gpus[local * each:(local + 1) * each]
    env.update(gpu_variables(ctl.config, gpus, mine if bound else gpus))
    if mine:
        env["SLURM_STEP_GPUS"] = ",".join(map(str, mine))
    return env


def own_variables(state, driven=True):
    """The mock's own: where the cluster is, and that its clock is moved from outside."""
    env = {"MOCK_SLURM_STATE": state, "BASH_ENV": os.path.join(state, "etc", "bashenv")}
    if driven:
        env["MOCK_SLURM_DRIVEN"] = "1"
    return env


def node_path(state, path):
    """PATH on a node: the mock's commands and the node's (hostname, sleep, mpirun) first."""
    mine = [os.path.join(state, "bin"), os.path.join(state, "node")]
    rest = [p for p in path.split(":") if p not in mine]
    return ":".join(mine + rest)


def variables(ctl, job):
    """What a batch script or salloc's command is told of all components."""
    env = {}
    jobs = components(ctl, job.het_id)
    env["SLURM_HET_SIZE"] = env["SLURM_PACK_SIZE"] = str(len(jobs))
    for component in jobs:
        for name, value in _of_group(ctl, component).items():
            env[f"{name}_HET_GROUP_{component.het_offset}"] = value
            env[f"{name}_PACK_GROUP_{component.het_offset}"] = value
    return env


def _of_group(ctl, job):
    known = job_variables(ctl, job, alone=True)
    names = GROUP if job.batch_flag else (*GROUP, *ALLOC_GROUP)
    env = {name: known[name] for name in names if name in known}
    if not job.batch_flag:
        env["SLURM_NODE_ALIASES"] = "(null)"
    return env


def alloc_variables(ctl, job):
    """The environment of salloc's command: little of the leader's, all of the groups'."""
    env = {k: v for k, v in job_variables(ctl, job).items()
           if k in ("SLURM_CLUSTER_NAME", "SLURM_CONF", "SLURM_JOB_ID", "SLURM_SUBMIT_DIR",
                    "SLURM_SUBMIT_HOST") or "_GROUP_" in k or k.endswith(("HET_SIZE", "PACK_SIZE"))}
    total = sum(component.ntasks for component in components(ctl, job.het_id))
    env["SLURM_NTASKS"] = env["SLURM_NPROCS"] = str(total)
    return env
