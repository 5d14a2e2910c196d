"""Jobs and nodes as `squeue --json` and `sinfo --json` tell them (OpenAPI v0.0.38)."""

from ...common import release
from ...common.hostlist import expand
from ...common.records import ACTIVE, INFINITE, STEP_NAMES, cpus_for_jobs, min_cpus, unpack_alloc
from ...common.serializer import Empty
from ...common.signals import TEXTS
from ...common.step_layout import shown
from ...slurmctld import job_info as values
from ...slurmctld import node_info
from ...slurmctld.cpu_ids import cpu_ids
from ...slurmctld.job_info import standard_files
from ...slurmctld.node_info import alloc_tres, os_text
from .data_parser_usage import step_tres


def _maybe(value):
    """Numbers that Slurm writes only when they are set."""
    return value or None


def job(record, view):
    """A job -> dict."""
    waiting = values.pending(record)
    memory, per_cpu = values.min_memory(record, view)
    limit = values.time_limit(record, view)
    std_in, _, _ = standard_files(record)
    started = record.start_time and not waiting
    out = {
        "account": record.account, "accrue_time": record.accrue_time,
        "admin_comment": record.admin_comment, "array_job_id": record.array_id,
        "array_task_id": record.array_task, "array_max_tasks": record.array_limit,
        "array_task_string": values.array_text(record, view.env)
        if record.array_id and record.array_task is None else "",
        "association_id": 0, "batch_features": "", "batch_flag": bool(record.batch_flag),
        "batch_host": record.batch_host,
        "flags": (["JOB_WAS_RUNNING"] if record.state == "RUNNING" else [])
        + (["JOB_MEM_SET"] if record.mem_per_node is not None or record.mem_per_cpu is not None
           else []),
        "burst_buffer": record.burst_buffer, "burst_buffer_state": "",
        "cluster": view.config["ClusterName"].lower(), "cluster_features": record.cluster_features,
        "command": record.command, "comment": record.comment or "", "container": "",
        "contiguous": bool(record.contiguous), "core_spec": record.core_spec, "thread_spec": None,
        "cores_per_socket": record.cores_per_socket,
        "billable_tres": float(values.cpus(record)) if started else None, "cpus_per_task": None,
        "cpu_frequency_minimum": None, "cpu_frequency_maximum": None,
        "cpu_frequency_governor": None,
        "cpus_per_tres": f"gres:gpu:{record.cpus_per_gpu}" if record.cpus_per_gpu else "",
        "deadline": record.deadline, "delay_boot": 0, "dependency": record.dependency,
        "derived_exit_code": record.derived_ec, "eligible_time": record.eligible_time,
        "end_time": values.end_time(record, view), "excluded_nodes": record.exc_nodes,
        "exit_code": record.exit_code, "features": record.features, "federation_origin": "",
        "federation_siblings_active": "", "federation_siblings_viable": "",
        "gres_detail": _gres_detail(record) if record.phase == ACTIVE else [],
        "group_id": record.gid, "group_name": record.group_name, "job_id": record.id,
    }
    if started and record.alloc:
        out["job_resources"] = _resources(record, view)
    out.update({
        "job_state": record.state, "last_sched_evaluation": record.last_sched_eval,
        "licenses": record.licenses, "max_cpus": 0,
        "max_nodes": record.max_nodes if waiting else 0, "mcs_label": record.mcs_label, "memory_per_tres": "",
        "name": record.name, "nodes": record.nodelist, "nice": _maybe(record.nice),
        "tasks_per_core": _maybe(record.ntasks_per_core),
        "tasks_per_node": record.ntasks_per_node,
        "tasks_per_socket": _maybe(record.ntasks_per_socket), "tasks_per_board": 0,
        "cpus": values.cpus(record), "node_count": values.nodes(record, view),
        "tasks": record.ntasks, "het_job_id": record.het_id, "het_job_id_set": record.het_set,
        "het_job_offset": record.het_offset or 0, "partition": record.partition,
        "prefer": record.prefer, "memory_per_node": None if per_cpu else memory,
        "memory_per_cpu": memory if per_cpu else None,
        "minimum_cpus_per_node": min_cpus(record),
        "minimum_tmp_disk_per_node": record.min_tmp_disk, "preempt_time": record.preempt_time,
        "pre_sus_time": record.pre_suspend, "priority": record.priority, "profile": None,
        "qos": record.qos, "reboot": bool(record.reboot), "required_nodes": record.req_nodes,
        "requeue": bool(record.requeue), "resize_time": 0, "restart_cnt": record.restarts,
        "resv_name": record.reservation,
        "shared": {"OK": None, "NO": "none", "YES": "oversubscribe", "USER": "user",
                   "MCS": "mcs"}[values.share_text(record, view)],
        "show_flags": ["SHOW_ALL", "SHOW_DETAIL", "SHOW_LOCAL"], "sockets_per_board": 0,
        "sockets_per_node": record.sockets_per_node,
        "start_time": values.start_time(record, view.now), "state_description": "",
        "state_reason": record.reason, "standard_error": record.std_err,
        "standard_input": std_in if record.batch_flag else "", "standard_output": record.std_out,
        "submit_time": record.submit_time, "suspend_time": record.suspend_time,
        "system_comment": record.system_comment, "time_limit": None if limit == INFINITE else limit,
        "time_minimum": record.time_min, "threads_per_core": record.threads_per_core,
        "tres_bind": "", "tres_freq": "", "tres_per_job": record.tres_per_job,
        "tres_per_node": record.tres_per_node, "tres_per_socket": record.tres_per_socket,
        "tres_per_task": record.tres_per_task,
        "tres_req_str": values.tres(record, view),
        "tres_alloc_str": record.alloc_tres if started else "", "user_id": record.uid,
        "user_name": record.user, "wckey": record.wckey,
        "current_working_directory": record.work_dir,
    })
    return out


def _gres_detail(record):
    return [values.gres_text(share) for share in unpack_alloc(record.alloc) if share.gres]


def _resources(record, view):
    shares = unpack_alloc(record.alloc)
    running = record.state in ("RUNNING", "SUSPENDED")
    nodes = []
    for share in shares:
        node = view.cluster.nodes.get(share.node)
        cores = node.cores if node else share.cpus
        sockets = {}
        threads = node.threads if node else 1
        for core in dict.fromkeys(cpu // threads for cpu in cpu_ids(record, share, view)):
            socket = sockets.setdefault(str(core // cores), {"cores": {}})
            socket["cores"][str(core % cores)] = "allocated"
        nodes.append({"sockets": sockets, "nodename": share.node,
                      "cpus_used": share.cpus if running else 0,
                      "memory_used": share.mem if running else 0, "memory_allocated": share.mem})
    return {"nodes": record.nodelist, "allocated_cores": sum(s.cpus for s in shares),
            "allocated_hosts": len(shares), "allocated_nodes": nodes}


def node(record, view):
    """A node -> dict."""
    cluster, config = view.cluster, view.config
    base, flags = cluster.node_state(record)
    use = cluster.use.get(record.name)
    alloc = (cpus_for_jobs(record) if use.exclusive else use.cpus) if use else 0
    memory = use.mem if use else 0
    tres = node_info.configured_tres(record, cluster)
    return {
        "architecture": "x86_64", "burstbuffer_network_address": "", "boards": record.boards,
        "boot_time": record.boot_time, "comment": record.comment, "cores": record.cores,
        "cpu_binding": 0, "cpu_load": record.cpu_load, "extra": record.extra,
        "free_memory": record.free_mem, "cpus": record.cpus, "last_busy": record.last_busy,
        "features": record.features, "active_features": record.active_features,
        "gres": record.gres, "gres_drained": "N/A",
        "gres_used": node_info.gres_used(record, cluster, config) or "", "mcs_label": "",
        "name": record.name, "next_state_after_reboot": "invalid", "address": record.addr,
        "hostname": record.hostname, "state": base.lower(),
        "state_flags": [{"NO_RESPOND": "NOT_RESPONDING"}.get(f, f) for f in flags],
        "next_state_after_reboot_flags": [],
        "operating_system": os_text().removeprefix("OS=").rstrip(), "owner": record.owner or None,
        "partitions": [p.name for p in view.visible(view.all) if record.name in p.node_set],
        "port": record.port, "real_memory": record.memory, "reason": record.reason,
        "reason_changed_at": record.reason_time if record.reason else 0,
        "reason_set_by_user": record.reason_user or None if record.reason else None,
        "slurmd_start_time": record.slurmd_start, "sockets": record.sockets,
        "threads": record.threads, "temporary_disk": record.tmp_disk, "weight": record.weight,
        "tres": tres, "slurmd_version": release.version(view.release), "alloc_memory": memory,
        "alloc_cpus": alloc, "idle_cpus": record.cpus - alloc,
        "tres_used": alloc_tres(alloc, memory, use, config) or None,
        "tres_weighted": float(alloc),
    }


def tres_list(text, energy=False):
    """"cpu=1,mem=500M,gres/gpu=2" -> sacct's list of TRES."""
    ids = {"cpu": 1, "mem": 2, "energy": 3, "node": 4, "billing": 5}
    found = []
    counts = dict(item.split("=") for item in text.split(",")) if text else {}
    if energy and counts:
        counts["energy"] = None
    for name, count in counts.items():
        kind, _, sub = name.partition("/")
        if name == "mem":
            count = _mebibytes(count)
        found.append({"type": kind, "name": sub or None, "id": ids.get(name, 1001),
                      "count": None if count is None else int(count)})
    return sorted(found, key=lambda t: t["id"])


def _mebibytes(text):
    number, unit = (text[:-1], text[-1]) if text[-1:].isalpha() else (text, "M")
    return int(float(number) * {"K": 1 / 1024, "M": 1, "G": 1024, "T": 1024 ** 2}[unit])


def _status(status):
    if status & 127:
        name = TEXTS.get(status & 127, f"Real-time signal {status & 127}")
        return {"status": "SIGNALED", "return_code": None,
                "signal": {"signal_id": status & 127, "name": name}}
    code = status >> 8 & 255
    return {"status": "ERROR" if code else "SUCCESS", "return_code": code}


def _cpu(usec):
    return {"seconds": usec // 1_000_000, "microseconds": usec % 1_000_000}


def account_job(row, steps, view):
    """sacct's job (a Row) and its steps (Rows) -> dict."""
    from .acct_fields import as_asked, eligible, state
    job_ = row.job
    limit = values.time_limit(job_, view)
    done = [s for s in row.steps if s.state != "RUNNING"]
    user, system = sum(s.user_usec for s in done), sum(s.sys_usec for s in done)
    memory, _ = values.min_memory(job_, view)
    return {
        "account": job_.account or None,
        "comment": {"administrator": job_.admin_comment or None,
                    "job": job_.comment or None if "job_comment" in view.config.get(
                        "AccountingStoreFlags", "").lower() else None,
                    "system": job_.system_comment or None},
        "allocation_nodes": job_.num_nodes if row.start else 0,
        "array": {"job_id": job_.array_id,
                  "limits": {"max": {"running": {"tasks": job_.array_limit}}},
                  "task": values.array_text(job_, view.env)
                  if job_.array_id and job_.array_task is None else None,
                  "task_id": job_.array_task},
        "association": None, "cluster": view.config["ClusterName"].lower(),
        "constraints": Empty(job_.features), "container": None,
        "derived_exit_code": _status(job_.derived_ec),
        "time": {"elapsed": row.elapsed, "eligible": eligible(job_), "end": row.end,
                 "start": row.start, "submission": job_.submit_time, "suspended": row.suspended,
                 "system": _cpu(system), "limit": None if limit == INFINITE else limit,
                 "total": _cpu(user + system), "user": _cpu(user)},
        "exit_code": _status(job_.exit_code),
        "flags": ["CLEAR_SCHEDULING", "STARTED_ON_SCHEDULE"] if row.start
        else ["CLEAR_SCHEDULING"],
        "group": job_.group_name, "het": {"job_id": job_.het_id, "job_offset": job_.het_offset},
        "job_id": job_.id, "name": job_.name, "mcs": {"label": Empty()},
        "nodes": job_.nodelist or "None assigned", "partition": job_.partition,
        "priority": job_.priority, "qos": job_.qos,
        "required": {"CPUs": values.cpus(as_asked(job_)),
                     "memory": memory},
        "kill_request_user": None if job_.cancelled_by is None else str(job_.cancelled_by),
        "reservation": {"id": 0, "name": job_.reservation or 0},
        "state": {"current": state(row), "reason": job_.reason if row.start == 0 else "None"},
        "steps": [account_step(step, view) for step in steps],
        # once a step has told what energy it used (none), the job's is not unknown any more
        "tres": {"allocated": tres_list(job_.alloc_tres, not any(s.step_id >= 0 for s in done))
                 if row.start else [],
                 "requested": tres_list(values.tres(as_asked(job_), view))},
        "user": job_.user if job_.account else None, "wckey": {"wckey": Empty(job_.wckey), "flags": []},
        "working_directory": job_.work_dir,
    }


def account_step(row, view):
    """sacct's step (a Row) -> dict."""
    from .acct_fields import alloc_tres as allocated
    step = row.step
    own = step.step_id >= 0
    return {
        "nodes": {"list": expand(step.nodelist), "count": step.num_nodes, "range": step.nodelist},
        "tres": {**step_tres(row), "allocated": tres_list(allocated(row, view))},
        "time": {"elapsed": row.elapsed, "end": row.end, "start": row.start,
                 "suspended": row.suspended, "system": _cpu(step.sys_usec),
                 "total": _cpu(step.user_usec + step.sys_usec), "user": _cpu(step.user_usec)},
        "exit_code": _status(step.exit_code), "tasks": {"count": step.ntasks}, "pid": None,
        "CPU": {"requested_frequency": {"min": None, "max": None} if own else {"min": 0, "max": 0},
                "governor": ["Conservative", "Performance", "PowerSave", "OnDemand", "UserSpace"]
                if own else []},
        "kill_request_user": None if step.cancelled_by is None else str(step.cancelled_by),
        "state": step.state,
        "statistics": {"CPU": {"actual_frequency": 0}, "energy": {"consumed": 0}},
        "step": {"job_id": step.job_id, "het": {"component": None},
                 "id": STEP_NAMES.get(step.step_id, step.step_id), "name": step.name},
        "task": {"distribution": (shown(step.layout) or "Block") if own else "Unknown"},
    }
