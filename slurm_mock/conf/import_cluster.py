"""A cluster's slurm.conf from what `scontrol show config`, `partition` and `node` printed.

Who may not read a cluster's slurm.conf may still ask its scontrol.  The saved answers, with or
without --oneliner, in one file or several, are enough for the mock: nodes, partitions, limits and
what decides about priorities.  Files, programs and passwords of the cluster are left out.
"""

import os
import re

from ..common.hostlist import fold
from ..common.parse_time import is_number
from .keywords import spelling

LEFT_OUT = re.compile(r"(Program|Prolog|Epilog|Loc|Pass|LogFile|PidFile|Dir|Port|PortRange|Path|Plugstack"
                      r"|Key|Certificate|Addr|StorageHost|BackupHost|ExternalHost|MailProg|TmpFS"
                      r"|PlugStackConfig|BcastExclude|AuthInfo|HostFile)$|^(Prolog|Epilog)Slurmctld$")
NOTHING = ("", "(null)", "N/A", "n/a", "Unknown", "None", "NONE")
# scontrol's word: slurm.conf's
NODE = {"NodeAddr": "NodeAddr", "NodeHostName": "NodeHostName", "Port": "Port", "CPUTot": "CPUs",
        "Boards": "Boards", "Sockets": "Sockets", "CoresPerSocket": "CoresPerSocket",
        "ThreadsPerCore": "ThreadsPerCore", "RealMemory": "RealMemory", "TmpDisk": "TmpDisk",
        "Weight": "Weight", "AvailableFeatures": "Feature", "Gres": "Gres",
        "CoreSpecCount": "CoreSpecCount", "MemSpecLimit": "MemSpecLimit"}
PARTITION = {name: name for name in (
    "Nodes", "Default", "AllowGroups", "AllowAccounts", "AllowQos", "AllocNodes", "DefaultTime",
    "DenyAccounts", "DenyQos", "DisableRootJobs", "ExclusiveUser", "GraceTime", "Hidden", "LLN",
    "MaxCPUsPerNode", "MaxNodes", "MaxTime", "MinNodes", "OverSubscribe", "OverTimeLimit",
    "PreemptMode", "PriorityJobFactor", "PriorityTier", "ReqResv", "RootOnly",
    "SelectTypeParameters", "State", "DefMemPerNode", "DefMemPerCPU", "MaxMemPerNode",
    "MaxMemPerCPU", "TRESBillingWeights", "Alternate")} | {"QoS": "QOS"}
# What scontrol prints where slurm.conf says nothing.
DEFAULTS = {"AllowGroups": "ALL", "AllowAccounts": "ALL", "AllowQos": "ALL", "AllocNodes": "ALL",
            "Default": "NO", "DisableRootJobs": "NO", "ExclusiveUser": "NO", "GraceTime": "0",
            "Hidden": "NO", "LLN": "NO", "MaxCPUsPerNode": "UNLIMITED", "MaxNodes": "UNLIMITED",
            "MaxTime": "UNLIMITED", "MinNodes": "0", "OverSubscribe": "NO", "PriorityJobFactor": "1",
            "PriorityTier": "1", "ReqResv": "NO", "RootOnly": "NO", "State": "UP",
            "DefMemPerNode": "UNLIMITED", "MaxMemPerNode": "UNLIMITED", "TmpDisk": "0", "Weight": "1",
            "Boards": "1", "PreemptMode": "OFF"}


class ImportFailed(ValueError):
    """The text is not what scontrol prints; says what is missing."""


def convert(text):
    """What scontrol printed -> {"slurm.conf": text, "gres.conf": text}. Raises ImportFailed."""
    config, nodes, partitions = config_of(text), records(text, "NodeName"), \
        records(text, "PartitionName")
    missing = [words for found, words in ((config, "config"), (nodes, "node"),
                                          (partitions, "partition")) if not found]
    if missing:
        raise ImportFailed("nothing there of " + ", ".join(f"`scontrol show {w}`" for w in missing))
    lines = ["# Made by `slurm-mock import` from what scontrol told of the cluster."]
    lines += [f"{key}={value}" for key, value in config]
    lines += ["", *(f"NodeName={fold(names)} {words}".rstrip() for words, names in alike(nodes))]
    lines += [f"DownNodes={fold(names)} {words}" for words, names in down(nodes)]
    lines += ["", *(partition_line(record) for record in partitions)]
    gres = [f"NodeName={fold(names)} {words}" for words, names in gres_lines(nodes)]
    return {"slurm.conf": "\n".join(lines) + "\n", "gres.conf": "\n".join(["", *gres]).lstrip() + "\n"}


def write(text, folder):
    """Write the converted files into a folder that is made for them; returns slurm.conf's path.
    All or none: raises ImportFailed, FileExistsError, and OSError with what cannot be written."""
    files = convert(text)
    os.makedirs(folder, exist_ok=True)
    for name in files:
        if os.path.exists(os.path.join(folder, name)):
            raise FileExistsError(17, "is there already", os.path.join(folder, name))
    asides = {name: os.path.join(folder, f".{name}.{os.getpid()}") for name in files}
    try:
        for name, content in files.items():
            with open(asides[name], "w") as file:
                file.write(content)
        for name, aside in asides.items():
            os.replace(aside, os.path.join(folder, name))
    except OSError as error:
        for aside in asides.values():
            if os.path.exists(aside):
                os.unlink(aside)
        raise OSError(error.errno, error.strerror, folder) from None
    return os.path.join(folder, "slurm.conf")


def config_of(text):
    """The lines of `scontrol show config` that slurm.conf knows: [(key, value)]."""
    found = {}
    for line in text.splitlines():
        match = re.match(r"(\w+)(?:\[\d+\])? += (.*)$", line)
        key = match and spelling(match[1])
        if not key or LEFT_OUT.search(key) or key in found:
            continue
        value = match[2].strip()
        value = re.sub(r"^(-?\d+) (sec|min|usec|msec)$", r"\1", value)
        if key.endswith("User"):
            value = value.partition("(")[0]
        if value in NOTHING or (key.startswith(("DefMem", "MaxMem")) and value == "UNLIMITED"):
            continue
        found[key] = f'"{value}"' if " " in value or "#" in value else value
    return list(found.items())


def records(text, first):
    """The records that begin with the word `first`=: [{word: value}]."""
    found = []
    for block in re.split(rf"^(?={first}=)", text, flags=re.MULTILINE)[1:]:
        # up to an empty line, or in --oneliner's form the line's end
        block = re.split(r"\n\s*\n|\n(?=\S)", block)[0]
        pairs = re.findall(r"(?:^|\s)([A-Z][\w:]*)=(.*?)(?=\s+[A-Z][\w:/]*=|\s*$)", block, re.DOTALL)
        found.append({key: " ".join(value.split()) for key, value in pairs})
    return found


def settings(record, table):
    """The words of a line of slurm.conf."""
    words = []
    for told, name in table.items():
        value = record.get(told, "")
        if value in NOTHING or DEFAULTS.get(name) == value:
            continue
        if name == "Gres":
            value = re.sub(r"\([^)]*\)", "", value)
        words.append(f"{name}={value}")
    return words


def alike(nodes):
    """Nodes that one line can tell of: [(words, names)], in the order of the first of each."""
    groups = {}
    for node in nodes:
        table = dict(NODE)
        for word in ("NodeAddr", "NodeHostName"):
            if node.get(word) == node["NodeName"]:
                table.pop(word)
        if not node.get("Port") or len({n.get("Port") for n in nodes}) == 1:
            table.pop("Port")
        groups.setdefault(" ".join(settings(node, table)), []).append(node["NodeName"])
    return list(groups.items())


def down(nodes):
    """Nodes that take no work: [(words, names)] with state and reason."""
    groups = {}
    for node in nodes:
        state = node.get("State", "")
        word = "DOWN" if "DOWN" in state else "DRAIN" if "DRAIN" in state else ""
        if word:
            reason = node.get("Reason", "").partition(" [")[0].replace('"', "'") or "down at import"
            groups.setdefault(f'State={word} Reason="{reason}"', []).append(node["NodeName"])
    return list(groups.items())


def gres_lines(nodes):
    """gres.conf: [(words, names)]."""
    groups = {}
    for node in nodes:
        for item in re.sub(r"\([^)]*\)", "", node.get("Gres", "")).split(","):
            parts = item.split(":")
            if item in NOTHING or not is_number(parts[-1]):
                continue
            kind = f" Type={parts[1]}" if len(parts) > 2 else ""
            groups.setdefault(f"Name={parts[0]}{kind} Count={parts[-1]}", []).append(node["NodeName"])
    return list(groups.items())


def partition_line(record):
    """One PartitionName line."""
    return " ".join([f"PartitionName={record['PartitionName']}", *settings(record, PARTITION)])
