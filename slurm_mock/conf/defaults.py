"""`scontrol show config`: every parameter, set or not.

DEFAULTS is what Slurm 22.05 uses where slurm.conf says nothing, written as it is
shown, with its unit; CHANGES is what later releases have otherwise.
Source: slurm.conf(5), and the output of the original.
"""

from ..common import release
from ..common.parse_time import is_number
from ..common.records import INFINITE
from ..common.release import CURRENT
from .params import UNLIMITED_PERIOD, accounted

DEFAULTS = """
AccountingStorageBackupHost = (null)
AccountingStorageEnforce = none
AccountingStorageHost = localhost
AccountingStorageExternalHost = (null)
AccountingStorageParameters = (null)
AccountingStoragePort = 0
AccountingStorageTRES = cpu,mem,energy,node,billing,fs/disk,vmem,pages
AccountingStorageType = accounting_storage/none
AccountingStorageUser = N/A
AccountingStoreFlags = (null)
AcctGatherEnergyType = acct_gather_energy/none
AcctGatherFilesystemType = acct_gather_filesystem/none
AcctGatherInterconnectType = acct_gather_interconnect/none
AcctGatherNodeFreq = 0 sec
AcctGatherProfileType = acct_gather_profile/none
AllowSpecResourcesUsage = No
AuthAltTypes = (null)
AuthAltParameters = (null)
AuthInfo = (null)
AuthType = auth/munge
BatchStartTimeout = 10 sec
BcastExclude = /lib,/usr/lib,/lib64,/usr/lib64
BcastParameters = (null)
BOOT_TIME =
BurstBufferType = (null)
CliFilterPlugins = (null)
ClusterName =
CommunicationParameters = (null)
CompleteWait = 0 sec
CoreSpecPlugin = core_spec/none
CpuFreqDef = Unknown
CpuFreqGovernors = OnDemand,Performance,UserSpace
CredType = cred/munge
DebugFlags = (null)
DefMemPerCPU =
DependencyParameters = (null)
DisableRootJobs = No
EioTimeout = 60
EnforcePartLimits = NO
Epilog = (null)
EpilogMsgTime = 2000 usec
EpilogSlurmctld = (null)
ExtSensorsType = ext_sensors/none
ExtSensorsFreq = 0 sec
FairShareDampeningFactor = 1
FederationParameters = (null)
FirstJobId = 1
GetEnvTimeout = 2 sec
GresTypes = (null)
GpuFreqDef = high,memory=high
GroupUpdateForce = 1
GroupUpdateTime = 600 sec
HASH_VAL = Match
HealthCheckInterval = 0 sec
HealthCheckNodeState = ANY
HealthCheckProgram = (null)
InactiveLimit = 0 sec
InteractiveStepOptions = --interactive --preserve-env --pty $SHELL
JobAcctGatherFrequency = 30
JobAcctGatherType = jobacct_gather/none
JobAcctGatherParams = (null)
JobCompHost = localhost
JobCompLoc = /var/log/slurm_jobcomp.log
JobCompPort = 0
JobCompType = jobcomp/none
JobCompUser = root
JobContainerType = job_container/none
JobCredentialPrivateKey = (null)
JobCredentialPublicCertificate = (null)
JobDefaults = (null)
JobFileAppend = 0
JobRequeue = 1
JobSubmitPlugins = (null)
KillOnBadExit = 0
KillWait = 30 sec
LaunchParameters = (null)
LaunchType = launch/slurm
Licenses = (null)
LogTimeFormat = iso8601_ms
MailDomain = (null)
MailProg = /usr/bin/mail
MaxArraySize = 1001
MaxDBDMsgs = 10000
MaxJobCount = 10000
MaxJobId = 67043328
MaxMemPerNode = UNLIMITED
MaxNodeCount =
MaxStepCount = 40000
MaxTasksPerNode = 512
MCSPlugin = mcs/none
MCSParameters = (null)
MessageTimeout = 10 sec
MinJobAge = 300 sec
MpiDefault = none
MpiParams = (null)
MULTIPLE_SLURMD = Yes
NEXT_JOB_ID =
NodeFeaturesPlugins = (null)
OverTimeLimit = 0 min
PluginDir = /usr/lib/x86_64-linux-gnu/slurm-wlm
PlugStackConfig = (null)
PowerParameters = (null)
PowerPlugin =
PreemptMode = OFF
PreemptType = preempt/none
PreemptExemptTime = 00:00:00
PrEpParameters = (null)
PrEpPlugins = prep/script
PriorityParameters = (null)
PrioritySiteFactorParameters = (null)
PrioritySiteFactorPlugin = (null)
PriorityDecayHalfLife = 7-00:00:00
PriorityCalcPeriod = 00:05:00
PriorityFavorSmall = No
PriorityFlags =
PriorityMaxAge = 7-00:00:00
PriorityUsageResetPeriod = NONE
PriorityType = priority/basic
PriorityWeightAge = 0
PriorityWeightAssoc = 0
PriorityWeightFairShare = 0
PriorityWeightJobSize = 0
PriorityWeightPartition = 0
PriorityWeightQOS = 0
PriorityWeightTRES = (null)
PrivateData = none
ProctrackType = proctrack/cgroup
Prolog = (null)
PrologEpilogTimeout = 65534
PrologSlurmctld = (null)
PrologFlags = (null)
PropagatePrioProcess = 0
PropagateResourceLimits = ALL
PropagateResourceLimitsExcept = (null)
RebootProgram = (null)
ReconfigFlags = (null)
RequeueExit = (null)
RequeueExitHold = (null)
ResumeFailProgram = (null)
ResumeProgram = (null)
ResumeRate = 300 nodes/min
ResumeTimeout = 60 sec
ResvEpilog = (null)
ResvOverRun = 0 min
ResvProlog = (null)
ReturnToService = 0
RoutePlugin = route/default
SchedulerParameters = (null)
SchedulerTimeSlice = 30 sec
SchedulerType = sched/backfill
ScronParameters = (null)
SelectType = select/linear
SelectTypeParameters = NONE
SlurmUser = root
SlurmctldAddr = (null)
SlurmctldDebug = info
SlurmctldHost[0] =
SlurmctldLogFile = (null)
SlurmctldPort = 6817
SlurmctldSyslogDebug = (null)
SlurmctldPrimaryOffProg = (null)
SlurmctldPrimaryOnProg = (null)
SlurmctldTimeout = 120 sec
SlurmctldParameters = (null)
SlurmdDebug = info
SlurmdLogFile = (null)
SlurmdParameters = (null)
SlurmdPidFile = /var/run/slurmd.pid
SlurmdPort = 6818
SlurmdSpoolDir = /var/spool/slurmd
SlurmdSyslogDebug = (null)
SlurmdTimeout = 300 sec
SlurmdUser = root
SlurmSchedLogFile = (null)
SlurmSchedLogLevel = 0
SlurmctldPidFile = /var/run/slurmctld.pid
SlurmctldPlugstack = (null)
SLURM_CONF =
SLURM_VERSION =
SrunEpilog = (null)
SrunPortRange = 0-0
SrunProlog = (null)
StateSaveLocation = /var/spool
SuspendExcNodes = (null)
SuspendExcParts = (null)
SuspendProgram = (null)
SuspendRate = 60 nodes/min
SuspendTime = INFINITE
SuspendTimeout = 30 sec
SwitchParameters = (null)
SwitchType = switch/none
TaskEpilog = (null)
TaskPlugin = task/none
TaskPluginParam = (null type)
TaskProlog = (null)
TCPTimeout = 2 sec
TmpFS = /tmp
TopologyParam = (null)
TopologyPlugin = topology/none
TrackWCKey = No
TreeWidth = 50
UsePam = No
UnkillableStepProgram = (null)
UnkillableStepTimeout = 60 sec
VSizeFactor = 0 percent
WaitTime = 0 sec
X11Parameters = (null)
""".strip().split("\n")

# {release: {parameter: its default}} where a release has another, or a parameter more; None where
# it has none any more.
CHANGES = {}

# These are shown with the priority plugin that uses them only
MULTIFACTOR = ("FairShareDampeningFactor", "PriorityDecayHalfLife", "PriorityCalcPeriod", "PriorityFavorSmall", "PriorityFlags",
               "PriorityMaxAge", "PriorityUsageResetPeriod", "PriorityWeightAge",
               "PriorityWeightAssoc", "PriorityWeightFairShare", "PriorityWeightJobSize",
               "PriorityWeightPartition", "PriorityWeightQOS", "PriorityWeightTRES")
DURATIONS = ("PriorityDecayHalfLife", "PriorityCalcPeriod", "PriorityMaxAge", "PreemptExemptTime")
UPPER = ("EnforcePartLimits", "SelectTypeParameters", "PreemptMode", "PropagateResourceLimits")
YES_NO = ("AllowSpecResourcesUsage", "DisableRootJobs", "PriorityFavorSmall", "TrackWCKey", "UsePam")
DEBUG_FLAGS = frozenset("""
accrue agent backfill backfillmap burstbuffer cgroup cpu_bind cpufrequency data dependency elasticsearch
energy extsensors federation frontend gang gres hetjob interconnect influxdb jobcontainer license
network networkraw nodefeatures no_conf_hash power powersave priority protocol profile reservation
route script selecttype steps switch timecray tracejobs triggers workqueue
""".split())


def table(release=CURRENT):
    """{parameter: default} of a release, in the order in which they are shown: what came later
    stands where the alphabet has it."""
    found = {}
    for line in DEFAULTS:
        key, _, default = line.partition(" =")
        found[key] = default[1:]
    for first in sorted(CHANGES):
        for key, default in CHANGES[first].items() if first <= release else ():
            if default is None:
                found.pop(key, None)
            elif key in found:
                found[key] = default
            else:
                found = _inserted(found, key, default)
    return found


def _inserted(found, key, default):
    """The parameters with one more, before the first that comes after it."""
    names = list(found)
    place = next((i for i, name in enumerate(names) if name.lower() > key.lower()), len(names))
    return dict([*list(found.items())[:place], (key, default), *list(found.items())[place:]])


def lines(view):
    """The lines of `scontrol show config` between its title and the ping."""
    config = view.config
    shown = []
    spelled = {key.lower(): value for key, value in config.items()}
    multifactor = config.get("PriorityType", "priority/basic").endswith("multifactor")
    for key, default in table(view.release).items():
        if key in MULTIFACTOR and not multifactor:
            continue
        special = SPECIAL.get(key)
        if special:
            key, value = special(view, key, spelled.get(key.lower()), default)
        elif key.lower() in spelled:
            value = _value(key, spelled[key.lower()], default)
        else:
            value = default
        if value is None:
            continue
        shown.append(f"{key:<23} = {value}")
    return shown


def _value(key, value, default):
    """A value as slurm.conf has it -> as it is shown."""
    if key in DURATIONS:
        from ..common.parse_time import BadValue, elapsed_text, parse_duration
        try:
            seconds = parse_duration(value)
            if seconds == INFINITE and key.startswith("Priority"):
                seconds = UNLIMITED_PERIOD
            return elapsed_text(seconds, True)
        except BadValue:
            return value
    if key in UPPER:
        return value.upper()
    if key in YES_NO:
        return "Yes" if value.lower() in ("yes", "1", "true") else "No"
    number, _, unit = default.partition(" ")
    return f"{value} {unit}" if unit and is_number(value) and is_number(number) else value


# ---- parameters that are not simply written down -----------------------------

def _boot_time(view, key, value, default):
    return key, view.stamp(view.controller.store.meta("boot_time") or view.now)


def _default_memory(view, key, value, default):
    for name in ("DefMemPerCPU", "DefMemPerNode"):
        if view.config.get(name, "0") not in ("0", "UNLIMITED"):
            return name, view.config[name]
    return "DefMemPerNode", "UNLIMITED"


def _max_memory(view, key, value, default):
    for name in ("MaxMemPerCPU", "MaxMemPerNode"):
        if view.config.get(name, "0") not in ("0", "UNLIMITED"):
            return name, view.config[name]
    return "MaxMemPerNode", "UNLIMITED"


def _user(view, key, value, default):
    import pwd

    from ..common.records import SLURM_UID
    name = (value or default).partition("(")[0]
    try:
        return key, f"{name}({pwd.getpwnam(name).pw_uid})"
    except KeyError:
        return key, f"{name}({SLURM_UID})" if name == "slurm" else name


def _tracked(view, key, value, default):
    more = [t for t in (value or "").split(",") if t and t.lower() not in default.split(",")]
    return key, ",".join([default, *more])


def _storage_user(view, key, value, default):
    """Without a database it is the user who runs slurmctld's plugins that is named."""
    return key, value or (default if accounted(view.config) else "root")


def _messages_kept(view, key, value, default):
    """How many messages slurmctld keeps for a database that is away."""
    if not accounted(view.config):
        return key, value or 0
    jobs = int(view.config.get("MaxJobCount", 10000))
    return key, value or max(int(default), 2 * jobs + 4 * len(view.cluster.nodes))


def _suspend_time(view, key, value, default):
    if value and is_number(value):
        return key, f"{value} sec"
    return key, "INFINITE"


def _select_parameters(view, key, value, default):
    """Only what selects by parts of nodes has parameters of its own accord."""
    linear = view.config.get("SelectType", "").endswith("linear")
    return key, value.upper() if value else None if linear else default


SPECIAL = {
    "AccountingStorageTRES": _tracked,
    "SelectTypeParameters": _select_parameters,
    "AccountingStorageUser": _storage_user,
    "BOOT_TIME": _boot_time,
    "DefMemPerCPU": _default_memory,
    "MaxDBDMsgs": _messages_kept,
    "MaxMemPerNode": _max_memory,
    "MaxNodeCount": lambda v, k, value, d: (k, value or len(v.cluster.nodes)),
    "NEXT_JOB_ID": lambda v, k, value, d: (k, v.controller.store.meta("next_job_id", 1)),
    "SLURM_CONF": lambda v, k, value, d: (k, v.env.get("SLURM_CONF")
                                          or v.controller.store.meta("conf_path")
                                          or "/etc/slurm/slurm.conf"),
    "SLURM_VERSION": lambda v, k, value, d: (k, release.version(v.release)),
    "SlurmUser": _user,
    "SlurmdUser": _user,
    "SlurmctldHost[0]": lambda v, k, value, d: (k, v.config.get("SlurmctldHost", "localhost")),
    "SuspendTime": _suspend_time,
}
