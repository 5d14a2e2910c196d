"""scontrol show node, partition and reservation.

Source: scontrol(1); lines in the order of slurm_sprint_node_table(),
slurm_sprint_partition_info() and slurm_sprint_reservation_info().
"""

from ...common import release
from ...common.hostlist import expand, fold
from ...common.parse_time import elapsed_text
from ...slurmctld import node_info
from ...slurmctld.job_info import unit_text
from ...slurmctld.node_info import _alloc_tres, _gpus, _os, _tracked
from ..sinfo import print as sinfo_print

NULL = "(null)"


def _join(lines, one_line):
    return (" " if one_line else "\n   ").join(lines) + ("\n" if one_line else "\n\n")


def node_text(node, view, one_line=False, detail=False):
    """A node -> the text of its record. detail: as with --details."""
    cluster = view.cluster
    base, flags = cluster.node_state(node)
    use = cluster.use.get(node.name)
    alloc = (node.cpus if use.exclusive else use.cpus) if use else 0
    memory = use.mem if use else 0
    up = node.state not in ("FUTURE", "UNKNOWN")
    lines = [f"NodeName={node.name} " + ("Arch=x86_64 " if up else "")
             + f"CoresPerSocket={node.cores} ",
             f"CPUAlloc={alloc} CPUEfctv={node.cpus - node.core_spec * node.threads} "
             f"CPUTot={node.cpus} CPULoad="
             + (f"{node.cpu_load / 100:.2f}" if up else "N/A"),
             f"AvailableFeatures={node.features or NULL}",
             f"ActiveFeatures={node.active_features or NULL}",
             f"Gres={node.gres or NULL}"]
    if detail:
        used = node_info.gres_used(node, cluster, view.config)
        if used:
            lines += ["GresDrain=N/A", f"GresUsed={used}"]
    port = int(view.config.get("SlurmdPort", 6818))
    lines.append(f"NodeAddr={node.addr} NodeHostName={node.hostname} "
                 + (f"Port={node.port} " if node.port != port else "")
                 + (f"Version={release.VERSION}" if up else ""))
    if up:
        lines.append(_os())
    lines.append(f"RealMemory={node.memory} AllocMem={memory} "
                 f"FreeMem={node.free_mem if up else 'N/A'} Sockets={node.sockets} "
                 f"Boards={node.boards}")
    if node.core_spec or node.mem_spec:
        lines.append((f"CoreSpecCount={node.core_spec} " if node.core_spec else "")
                     + (f"MemSpecLimit={node.mem_spec}" if node.mem_spec else ""))
    lines.append(f"State={node_info.complete(base, flags)} ThreadsPerCore={node.threads} "
                 f"TmpDisk={node.tmp_disk} Weight={node.weight} "
                 f"Owner={node.owner or _owner(use)} MCS_label=N/A")
    parts = ",".join(p.name for p in view.visible(view.all) if node.name in p.node_set)
    if parts:
        lines.append(f"Partitions={parts} ")
    lines.append(f"BootTime={view.stamp(node.boot_time, 'None')} "
                 f"SlurmdStartTime={view.stamp(node.slurmd_start, 'None')}")
    lines.append(f"LastBusyTime={view.stamp(node.last_busy, 'Unknown')}")
    lines.append(f"CfgTRES=cpu={node.cpus},mem={unit_text(node.memory, 2)},billing={node.cpus}"
                 + _tracked(_gpus(node.gres), view.config))
    lines.append("AllocTRES=" + _alloc_tres(alloc, memory, use, view.config))
    lines += ["CapWatts=n/a", "CurrentWatts=0 AveWatts=0",
              "ExtSensorsJoules=n/s ExtSensorsWatts=0 ExtSensorsTemp=n/s"]
    if node.reason:
        first, *more = node.reason.split("\n")
        who = ""
        if node.reason_time:
            who = (f" [{node.reason_user or node.reason_uid}"
                   f"@{view.stamp(node.reason_time, 'Unknown')}]")
        lines += [f"Reason={first}{who}", *[f"       {line}" for line in more]]
    if node.comment:
        lines.append(f"Comment={node.comment}")
    if node.extra:
        lines.append(f"Extra={node.extra}")
    return _join(lines, one_line)


def _yes(options, key):
    return "YES" if options.get(key, "NO").upper() == "YES" else "NO"


def _allow_deny(options, what):
    """AllowAccounts=ALL, or DenyAccounts=... where only that is set."""
    deny = options.get(f"Deny{what}", options.get(f"Deny{what.upper()}"))
    allow = options.get(f"Allow{what}", options.get(f"Allow{what.upper()}"))
    if allow or not deny:
        return f"Allow{what}={allow or 'ALL'}"
    return f"Deny{what}={deny}"


def _time(minutes, none):
    return none if minutes is None else elapsed_text(minutes * 60, True)


def _memory(options, kind):
    """DefMemPerCPU=500, DefMemPerNode=UNLIMITED, ..."""
    for per in ("CPU", "Node"):
        value = options.get(f"{kind}MemPer{per}")
        if value is not None and value.upper() == "UNLIMITED" and kind == "Max":
            return "MaxMemPerCPU=9223372036854775807"        # so Slurm shows its "no limit at all"
        if value is not None:
            return f"{kind}MemPer{per}={value if value.isdecimal() and int(value) else 'UNLIMITED'}"
    return f"{kind}MemPerNode=UNLIMITED"


def _job_defaults(options):
    """What a partition gives to jobs with GPUs: "DefCpuPerGPU=2,DefMemPerGPU=1000"."""
    found = [f"{key}={options[key]}" for key in ("DefCpuPerGPU", "DefMemPerGPU") if key in options]
    return ",".join(found) or options.get("JobDefaults", NULL)


def partition_text(part, view, one_line=False):
    """A partition -> the text of its record."""
    options, cluster = part.options, view.cluster
    nodes = [cluster.nodes[name] for name in part.node_names if name in cluster.nodes]
    cpus = sum(n.cpus for n in nodes)
    gres = {}
    for node in nodes:
        for name, count in _gpus(node.gres).items():
            gres[name] = gres.get(name, 0) + count
    default_time = ("NONE" if options.get("DefaultTime", "NONE").upper() == "NONE"
                    else _time(part.default_time, "UNLIMITED"))
    alternate = f" Alternate={options['Alternate']}" if "Alternate" in options else ""
    lines = [
        f"PartitionName={part.name}",
        f"AllowGroups={options.get('AllowGroups', 'ALL')} {_allow_deny(options, 'Accounts')} "
        f"{_allow_deny(options, 'Qos')}",
        f"AllocNodes={options.get('AllocNodes', 'ALL')}{alternate} "
        f"Default={'YES' if part.default else 'NO'} QoS={options.get('QOS', 'N/A')}",
        f"DefaultTime={default_time} DisableRootJobs={_yes(options, 'DisableRootJobs')} "
        f"ExclusiveUser={_yes(options, 'ExclusiveUser')} GraceTime={options.get('GraceTime', 0)} "
        f"Hidden={'YES' if part.hidden else 'NO'}",
        f"MaxNodes={'UNLIMITED' if part.max_nodes is None else part.max_nodes} "
        f"MaxTime={_time(part.max_time, 'UNLIMITED')} MinNodes={options.get('MinNodes', 0)} "
        f"LLN={_yes(options, 'LLN')} "
        f"MaxCPUsPerNode={options.get('MaxCPUsPerNode', 'UNLIMITED').upper()}",
        f"Nodes={fold(part.node_names) or NULL}",
        f"PriorityJobFactor={part.priority_factor} PriorityTier={part.priority_tier} "
        f"RootOnly={_yes(options, 'RootOnly')} ReqResv={_yes(options, 'ReqResv')} "
        f"OverSubscribe={sinfo_print.share_text(part)}",
        f"OverTimeLimit={options.get('OverTimeLimit', 'NONE').upper()} "
        f"PreemptMode={sinfo_print.preempt_mode(part, view.config)}",
        f"State={part.state} TotalCPUs={cpus} TotalNodes={len(nodes)} "
        f"SelectTypeParameters={options.get('SelectTypeParameters', 'NONE').upper()}",
        f"JobDefaults={_job_defaults(options)}",
        f"{_memory(options, 'Def')} {_memory(options, 'Max')}",
        f"TRES=cpu={cpus},mem={unit_text(sum(n.memory for n in nodes), 2)},node={len(nodes)},"
        f"billing={cpus}" + _tracked(gres, view.config) if nodes else f"TRES={NULL}",
    ]
    if "TRESBillingWeights" in options:
        lines.append(f"TRESBillingWeights={options['TRESBillingWeights']}")
    return _join(lines, one_line)


def reservation_text(res, view, one_line=False):
    """A reservation -> the text of its record."""
    names = [n for n in expand(res.nodes) if n in view.cluster.nodes]
    cores = sum(view.cluster.nodes[n].sockets * view.cluster.nodes[n].cores for n in names)
    cpus = sum(view.cluster.nodes[n].cpus for n in names)
    active = res.start_time <= view.now <= res.end_time
    lines = [
        f"ReservationName={res.name} StartTime={view.stamp(res.start_time, 'Unknown')} "
        f"EndTime={view.stamp(res.end_time, 'Unknown')} "
        f"Duration={elapsed_text(res.end_time - res.start_time, True)}",
        f"Nodes={res.nodes or NULL} NodeCnt={len(names)} CoreCnt={res.core_cnt or cores} "
        f"Features={res.features or NULL} PartitionName={res.partition or NULL} Flags={res.flags}",
        f"TRES=cpu={cpus}",
        f"Users={res.users or NULL} Groups={NULL} Accounts={res.accounts or NULL} "
        f"Licenses={res.licenses or NULL} State={'ACTIVE' if active else 'INACTIVE'} "
        f"BurstBuffer={NULL} Watts=n/a",
        "MaxStartDelay=(null)",
    ]
    return _join(lines, one_line)


def _owner(use):
    """Whose node it is while a job with --exclusive=user runs there."""
    jobs = [job for job in use.jobs if job.exclusive == "user"] if use else ()
    return f"{jobs[0].user}({jobs[0].uid})" if jobs else "N/A"
