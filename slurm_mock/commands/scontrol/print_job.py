"""scontrol show job and show step: all that is known, a line for each theme.

Source: scontrol(1); the order of lines and the cases in which one is left out are
those of slurm_sprint_job_info() and slurm_sprint_job_step_info().
"""

from ...common.hostlist import fold
from ...common.parse_time import elapsed_text, limit_text
from ...common.records import (BAD_CONSTRAINTS, INFINITE, STEP_NAMES, exit_text, min_cpus,
                               unpack_alloc)
from ...common.step_layout import shown
from ...slurmctld import job_info as values
from ...slurmctld.job_info import _NO_TASK, node_list, standard_files

NULL = "(null)"


def _range(low, high):
    return f"{low}-{high}" if high else str(low)


def _star(value):
    return "*" if not value else value


def _any(value):
    return "*" if value is None else value


def job_text(job, view, one_line=False, detail=False):
    """A job -> the text of its record, line ends included.

    one_line: as with --oneliner; detail: as with --details.
    """
    lines = _identity(job, view) + _state(job, view, detail) + _times(job, view)
    lines += _where(job, view) + _size(job, view)
    if detail:
        lines += _cores(job, view)
    lines += _asked(job, view) + _program(job, view)
    return (" " if one_line else "\n   ").join([*lines, ""]) + ("\n" if one_line else "\n\n")


def _identity(job, view):
    first = f"JobId={job.id} "
    if job.array_id:
        if job.array_task is not None:
            first += f"ArrayJobId={job.array_id} ArrayTaskId={job.array_task} "
        else:
            # Slurm shows its "not set" where all tasks were cancelled, one by one
            tasks = values.array_text(job, view.env) if job.array_tasks else _NO_TASK
            first += f"ArrayJobId={job.array_id} ArrayTaskId={tasks} "
        if job.array_limit:
            first += f"ArrayTaskThrottle={job.array_limit} "
    elif job.het_offset is not None:
        first += f"HetJobId={job.het_id} HetJobOffset={job.het_offset} "
    lines = [first + f"JobName={job.name}"]
    if job.het_set:
        lines.append(f"HetJobIdSet={job.het_set}")
    lines.append(f"UserId={job.user}({job.uid}) GroupId={job.group_name or job.gid}({job.gid}) "
                 "MCS_label=N/A")
    wckey = f" WCKey={job.wckey or NULL}" if view.config.get("TrackWCKey", "no").lower() == "yes" \
        else ""
    lines.append(f"Priority={job.priority} Nice={job.nice} Account={job.account or NULL} "
                 f"QOS={job.qos or NULL}{wckey}")
    return lines


def _state(job, view, detail):
    lines = [f"JobState={job.state} Reason={'_'.join(job.reason.split(' '))} "
             f"Dependency={job.dependency or NULL}",
             f"Requeue={job.requeue} Restarts={job.restarts} BatchFlag={job.batch_flag} "
             f"Reboot={job.reboot} ExitCode={exit_text(job.exit_code)}"]
    if detail:
        lines.append(f"DerivedExitCode={exit_text(job.derived_ec)}")
    return lines


def _times(job, view):
    def stamp(when):
        return view.stamp(when, "Unknown")
    minutes = values.time_limit(job, view)
    limit = limit_text(minutes, hours=True)
    least = limit_text(job.time_min, hours=True) if job.time_min else "N/A"
    eligible = job.begin_time if job.begin_time > view.now else job.eligible_time
    accrue = job.accrue_time
    if job.array_tasks and job.array_task is None and values.pending(job):
        accrue = 0
    elif job.begin_time > view.now and values.pending(job):
        accrue = job.begin_time
    end = values.end_time(job, view)
    if minutes == INFINITE and end > view.now:
        end = 0
    suspended = view.stamp(job.suspend_time, "None")
    preempt = []
    preempts = not view.config.get("PreemptType", "preempt/none").endswith("none")
    if job.preempt_time or preempts and job.start_time and not values.pending(job):
        from ...common.parse_time import BadValue, parse_duration
        try:
            since = job.start_time + max(0, parse_duration(view.config.get("PreemptExemptTime", "0")))
        except BadValue:
            since = job.start_time
        preempt = [f"PreemptEligibleTime={stamp(since)} "
                   f"PreemptTime={view.stamp(job.preempt_time, 'None')}"]
    return [
        f"RunTime={elapsed_text(values.time_used(job, view.now), True)} TimeLimit={limit} "
        f"TimeMin={least}",
        f"SubmitTime={stamp(job.submit_time)} EligibleTime={stamp(eligible)}",
        f"AccrueTime={stamp(accrue)}",
        f"StartTime={stamp(values.start_time(job, view.now))} EndTime={stamp(end)} "
        f"Deadline={view.stamp(job.deadline, 'N/A')}",
        *preempt,
        f"SuspendTime={suspended} SecsPreSuspend={job.pre_suspend} "
        f"LastSchedEval={stamp(job.last_sched_eval)} Scheduler=Main",
    ]


def _where(job, view):
    nodes = node_list(job.nodelist)
    if job.sched_nodes and values.pending(job):
        nodes += f" SchedNodeList={job.sched_nodes}"
    lines = [f"Partition={job.partition} AllocNode:Sid={job.alloc_node}:{job.alloc_sid}",
             f"ReqNodeList={job.req_nodes or NULL} ExcNodeList={job.exc_nodes or NULL}",
             f"NodeList={nodes}"]
    if job.batch_host and not values.pending(job):
        lines.append(f"BatchHost={job.batch_host}")
    if job.batch_features:
        lines.append(f"BatchFeatures={job.batch_features}")
    return lines


def _size(job, view):
    nodes, most = values.nodes(job, view), 0
    if values.pending(job):
        most = job.max_nodes
        if most:
            nodes = min(nodes, most)
    core_spec = "*" if job.core_spec is None else job.core_spec
    tasks = "N/A" if job.reason == BAD_CONSTRAINTS else job.ntasks
    return [
        f"NumNodes={_range(nodes, most)} NumCPUs={values.cpus(job)} NumTasks={tasks} "
        f"CPUs/Task={job.cpus_per_task} ReqB:S:C:T=0:0:{_any(job.cores_per_socket)}:"
        f"{_any(job.threads_per_core)}",
        f"TRES={values.tres(job, view)}",
        f"Socks/Node={_any(job.sockets_per_node)} NtasksPerN:B:S:C={job.ntasks_per_node}:0:"
        f"{_star(job.ntasks_per_socket)}:{_star(job.ntasks_per_core)} CoreSpec={core_spec}",
    ]


def _cores(job, view):
    """--details: which CPUs of which nodes a job has, or had."""
    from ...slurmctld.cpu_ids import cpu_ids
    shares = unpack_alloc(job.alloc) if not values.pending(job) else []
    if not shares:
        return []
    total, lines, last = {}, [], None
    for share in shares:
        for kind, index in share.gres.items():
            total[kind] = total.get(kind, 0) + len(index)
        cpus = _ids(cpu_ids(job, share, view))
        gres = ",".join(f"{kind}:{len(index)}(IDX:{_ids(index)})"
                        for kind, index in sorted(share.gres.items()))
        key = (cpus, share.mem, gres)
        if last is not None and last[0] == key:
            last[1].append(share.node)
        else:
            last = (key, [share.node])
            lines.append(last)
    grand = ",".join(f"{kind}:{n}" for kind, n in sorted(total.items())) or NULL
    return [f"JOB_GRES={grand}"] + [
        f"  Nodes={fold(names)} CPU_IDs={cpus} Mem={mem} GRES={gres}"
        for (cpus, mem, gres), names in lines]


def _ids(numbers):
    from ...common.hostlist import ranges
    return ranges(sorted(numbers))


def _asked(job, view):
    memory, per_cpu = values.min_memory(job, view)
    lines = [
        f"MinCPUsNode={min_cpus(job)} MinMemory{'CPU' if per_cpu else 'Node'}="
        f"{values.unit_text(memory, 2)} MinTmpDiskNode={values.unit_text(job.min_tmp_disk, 2)}",
        f"Features={job.features or NULL} DelayBoot={elapsed_text(job.delay_boot * 60, True)}",
    ]
    for word, value in (("ClusterFeatures", job.cluster_features), ("Prefer", job.prefer),
                        ("Reservation", job.reservation)):
        if value:
            lines.append(f"{word}={value}")
    lines.append(f"OverSubscribe={values.share_text(job, view)} Contiguous={job.contiguous} "
                 f"Licenses={job.licenses or NULL} Network={job.network or NULL}")
    return lines


def _program(job, view):
    lines = [f"Command={job.command or NULL}", f"WorkDir={job.work_dir}"]
    for word, value in (("AdminComment", job.admin_comment), ("SystemComment", job.system_comment),
                        ("Comment", job.comment)):
        if value:
            lines.append(f"{word}={value} ")
    if job.batch_flag:
        std_in, std_out, std_err = standard_files(job)
        lines += [f"StdErr={std_err}", f"StdIn={std_in}", f"StdOut={std_out}"]
    if job.switches:
        lines.append(f"Switches={job.switches}@{elapsed_text(values.switch_wait(job), True)}")
    if job.burst_buffer:
        lines.append(f"BurstBuffer={job.burst_buffer}")
    if job.cpu_freq:
        from ...common.cpu_frequency import freq_text
        lines.append(freq_text(job.cpu_freq))
    lines.append(f"Power={job.power}")
    # the original puts no line break between these
    flags = [f"GresEnforceBind={job.gres_binding}"] if job.gres_binding else []
    if job.kill_invalid_dep:
        flags.append("KillOInInvalidDependent="
                     + ("Yes" if job.kill_invalid_dep.lower() in ("yes", "1") else "No"))
    if job.spread_job:
        flags.append("SpreadJob=Yes")
    if flags:
        lines.append("".join(flags))
    if job.cpus_per_gpu:
        lines.append(f"CpusPerTres=gres:gpu:{job.cpus_per_gpu}")
    if job.mem_per_gpu:
        lines.append(f"MemPerTres=gres:gpu:{job.mem_per_gpu}")
    for word, value in (("TresBind", job.gpu_bind), ("TresFreq", job.gpu_freq)):
        if value:
            lines.append(f"{word}=gpu:{value}")
    for word, value in (("TresPerJob", job.tres_per_job), ("TresPerNode", job.tres_per_node),
                        ("TresPerSocket", job.tres_per_socket), ("TresPerTask", job.tres_per_task)):
        if value:
            lines.append(f"{word}={value}")
    if job.mail_type and job.mail_type.upper() != "NONE":
        lines.append(f"MailUser={job.mail_user or job.user} MailType={job.mail_type}")
    if job.ntasks_per_tres:
        lines.append(f"NtasksPerTRES={job.ntasks_per_tres}")
    if job.container:
        lines.append(f"Container={job.container}")
    return lines


def step_text(row, view, one_line=False):
    """A running step (squeue's StepRow) -> the text of its record."""
    step, job = row.step, row.job
    name = STEP_NAMES.get(step.step_id, str(step.step_id))
    if job.array_id and job.array_task is not None:
        label = f"{job.array_id}_{job.array_task}.{name}"
    else:
        label = f"{job.id}.{name}"
    limit = limit_text(step.time_limit, hours=True)
    cpus = step.num_cpus if step.step_id >= 0 else 0     # the batch step asks for none
    layout = f" Dist={shown(step.layout)}" if step.step_id >= 0 and step.layout else ""
    lines = [
        f"StepId={label} UserId={job.uid} StartTime={view.stamp(step.start_time, 'Unknown')} "
        f"TimeLimit={limit}",
        f"State={step.state} Partition={job.partition} NodeList={node_list(step.nodelist)}",
        f"Nodes={values.unit_text(step.num_nodes)} CPUs={cpus} Tasks={step.ntasks} "
        f"Name={step.name} Network={NULL}",
        f"TRES={step.alloc_tres or NULL}",
        f"ResvPorts={NULL}",
        f"CPUFreqReq=Default{layout}",
        f"SrunHost:Pid={step.host or NULL}:{step.pid if step.step_id >= 0 else 0}",
    ]
    return (" " if one_line else "\n   ").join(lines) + ("\n" if one_line else "\n\n")
