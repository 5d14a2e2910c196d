"""sstat's fields: sacct's of the same names, of steps that run, and two of its own.

Source: sstat(1), Job Status Fields; the widths as sstat prints them.
"""

from ...common import parse_time
from ...common.parse_time import width_of
from ...common.release import CURRENT, in_release
from ..shared import acct_fields

# In the order of `sstat --helpformat`.
NAMES = ("AveCPU", "AveCPUFreq", "AveDiskRead", "AveDiskWrite", "AvePages", "AveRSS", "AveVMSize",
         "ConsumedEnergy", "ConsumedEnergyRaw", "JobID", "MaxDiskRead", "MaxDiskReadNode",
         "MaxDiskReadTask", "MaxDiskWrite", "MaxDiskWriteNode", "MaxDiskWriteTask", "MaxPages",
         "MaxPagesNode", "MaxPagesTask", "MaxRSS", "MaxRSSNode", "MaxRSSTask", "MaxVMSize",
         "MaxVMSizeNode", "MaxVMSizeTask", "MinCPU", "MinCPUNode", "MinCPUTask", "Nodelist",
         "NTasks", "Pids", "ReqCPUFreq", "ReqCPUFreqMin", "ReqCPUFreqMax", "ReqCPUFreqGov",
         "TRESUsageInAve", "TRESUsageInMax", "TRESUsageInMaxNode", "TRESUsageInMaxTask",
         "TRESUsageInMin", "TRESUsageInMinNode", "TRESUsageInMinTask", "TRESUsageInTot",
         "TRESUsageOutAve", "TRESUsageOutMax", "TRESUsageOutMaxNode", "TRESUsageOutMaxTask",
         "TRESUsageOutMin", "TRESUsageOutMinNode", "TRESUsageOutMinTask", "TRESUsageOutTot")
WIDTHS = {"AveDiskRead": 12, "AveDiskWrite": 12, "Nodelist": 20}
# What is shown where nothing is asked for, and with --pidformat, by release.
DEFAULT = {
    2205: "jobid,maxvmsize,maxvmsizenode,maxvmsizetask,avevmsize,maxrss,maxrssnode,maxrsstask,"
          "averss,maxpages,maxpagesnode,maxpagestask,avepages,mincpu,mincpunode,mincputask,avecpu,"
          "ntasks,avecpufreq,reqcpufreqmin,reqcpufreqmax,reqcpufreqgov,consumedenergy,"
          "maxdiskread,maxdiskreadnode,maxdiskreadtask,avediskread,maxdiskwrite,"
          "maxdiskwritenode,maxdiskwritetask,avediskwrite,tresusageinave,tresusageinmax,"
          "tresusageinmaxnode,tresusageinmaxtask,tresusageinmin,tresusageinminnode,"
          "tresusageinmintask,tresusageintot,tresusageoutave,tresusageoutmax,"
          "tresusageoutmaxnode,tresusageoutmaxtask,tresusageoutmin,tresusageoutminnode,"
          "tresusageoutmintask,tresusageouttot"}
PIDS = {2205: "jobid,nodelist,pids"}


def _bytes(name, pick):
    """Bytes read or written: sacct tells them in MiB, sstat as they are."""
    def text(row, view):
        found = acct_fields.usage.tasks(row)
        return view.size(pick(found, name), 0) if found else None
    return text


def _cpu_tasks(text):
    """TRESUsageIn...Task: sstat writes the task of "cpu" as if it were a time."""
    def told(row, view):
        whole = text(row, view)
        if not whole:
            return whole
        first, _, rest = whole.partition(",")
        task = int(first.partition("=")[2])
        return f"cpu={parse_time.elapsed_text(task, True)},{rest}"
    return told


def _make():
    by_name = {field.name.lower(): field for field in acct_fields.FIELDS}
    usage = acct_fields.usage
    other = {"maxdiskread": _bytes("read", usage.top), "avediskread": _bytes("read", usage.mean),
             "maxdiskwrite": _bytes("write", usage.top),
             "avediskwrite": _bytes("write", usage.mean),
             "consumedenergy": lambda row, view: "0", "consumedenergyraw": lambda row, view: "0"}
    made = []
    for name in NAMES:
        if name == "Pids":
            made.append(acct_fields.AccountField(name, 20, "str", lambda row, view: row.pids))
            continue
        known = by_name[name.lower()]
        text = other.get(name.lower(), known.text)
        if name in ("TRESUsageInMaxTask", "TRESUsageInMinTask"):
            text = _cpu_tasks(text)
        made.append(acct_fields.AccountField(name, WIDTHS.get(name, known.width), known.kind, text,
                                             known.since, known.until))
    return made


FIELDS = _make()


def columns(text, release=CURRENT):
    """"jobid,maxrss%20" -> [(field, width)]. Raises acct_fields.BadField for one that the release
    has not."""
    chosen, widths, fields = [], {}, in_release(FIELDS, release)
    for token in text.split(","):
        name, percent, width = token.strip().partition("%")
        if not name:
            continue
        found = [f for f in fields if f.name.lower().startswith(name.lower())][:1]
        if not found:
            raise acct_fields.BadField(name)
        if percent:
            widths[found[0]] = width_of(width)
        chosen += found
    return [(field, widths.get(field, field.width)) for field in chosen]
