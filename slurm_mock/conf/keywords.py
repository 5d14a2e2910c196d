"""The keywords of slurm.conf(5), gres.conf(5), in their own spelling: those of Slurm 22.05, and
what came and went with each release after it.
"""

from ..common.release import CURRENT

CONFIG = """
AccountingStorageBackupHost AccountingStorageEnforce AccountingStorageExternalHost
AccountingStorageHost AccountingStorageParameters AccountingStoragePass AccountingStoragePort
AccountingStorageTRES AccountingStorageType AccountingStorageUser AccountingStoreFlags
AcctGatherEnergyType AcctGatherFilesystemType AcctGatherInterconnectType AcctGatherNodeFreq
AcctGatherProfileType AllowSpecResourcesUsage AuthAltParameters AuthAltTypes AuthInfo AuthType
BatchStartTimeout BcastExclude BcastParameters BurstBufferType CliFilterPlugins ClusterName
CommunicationParameters CompleteWait CoreSpecPlugin CpuFreqDef CpuFreqGovernors CredType
DebugFlags DefCpuPerGPU DefMemPerCPU DefMemPerGPU DefMemPerNode DependencyParameters
DisableRootJobs EioTimeout EnforcePartLimits Epilog EpilogMsgTime EpilogSlurmctld
ExtSensorsFreq ExtSensorsType FairShareDampeningFactor FederationParameters FirstJobId
GetEnvTimeout GpuFreqDef GresTypes GroupUpdateForce GroupUpdateTime HealthCheckInterval
HealthCheckNodeState HealthCheckProgram InactiveLimit InteractiveStepOptions
JobAcctGatherFrequency JobAcctGatherParams JobAcctGatherType JobCompHost JobCompLoc
JobCompParams JobCompPass JobCompPort JobCompType JobCompUser JobContainerType JobCredentialPrivateKey
JobCredentialPublicCertificate JobFileAppend JobRequeue JobSubmitPlugins KeepAliveTime
KillOnBadExit KillWait LaunchParameters LaunchType Licenses LogTimeFormat MailDomain MailProg
MaxArraySize MaxBatchRequeue MaxDBDMsgs MaxJobCount MaxJobId MaxMemPerCPU MaxMemPerNode
MaxNodeCount MaxStepCount MaxTasksPerNode MCSParameters MCSPlugin MessageTimeout MinJobAge
MpiDefault MpiParams NodeFeaturesPlugins OverTimeLimit PluginDir PlugStackConfig PowerParameters
PowerPlugin PreemptExemptTime PreemptMode PreemptParameters PreemptType PrEpParameters
PrEpPlugins PriorityCalcPeriod PriorityDecayHalfLife PriorityFavorSmall PriorityFlags
PriorityMaxAge PriorityParameters PrioritySiteFactorParameters PrioritySiteFactorPlugin
PriorityType PriorityUsageResetPeriod PriorityWeightAge PriorityWeightAssoc
PriorityWeightFairshare PriorityWeightJobSize PriorityWeightPartition PriorityWeightQOS
PriorityWeightTRES PrivateData ProctrackType Prolog PrologEpilogTimeout PrologFlags
PrologSlurmctld PropagatePrioProcess PropagateResourceLimits PropagateResourceLimitsExcept
RebootProgram ReconfigFlags RequeueExit RequeueExitHold ResumeFailProgram ResumeProgram
ResumeRate ResumeTimeout ResvEpilog ResvOverRun ResvProlog ReturnToService RoutePlugin
SchedulerParameters SchedulerTimeSlice SchedulerType ScronParameters SelectType
SelectTypeParameters SlurmctldAddr SlurmctldDebug SlurmctldHost SlurmctldLogFile
SlurmctldParameters SlurmctldPidFile SlurmctldPort SlurmctldPrimaryOffProg
SlurmctldPrimaryOnProg SlurmctldSyslogDebug SlurmctldTimeout SlurmdDebug SlurmdLogFile
SlurmdParameters SlurmdPidFile SlurmdPort SlurmdSpoolDir SlurmdSyslogDebug SlurmdTimeout
SlurmdUser SlurmSchedLogFile SlurmSchedLogLevel SlurmUser SrunEpilog SrunPortRange SrunProlog
StateSaveLocation SuspendExcNodes SuspendExcParts SuspendProgram SuspendRate SuspendTime
SuspendTimeout SwitchParameters SwitchType TaskEpilog TaskPlugin TaskPluginParam TaskProlog
TCPTimeout TmpFS TopologyParam TopologyPlugin TrackWCKey TreeWidth UnkillableStepProgram
UnkillableStepTimeout UsePAM VSizeFactor WaitTime X11Parameters
ControlMachine ControlAddr BackupController BackupAddr FastSchedule CryptoType DefaultStorageType
DefaultStorageHost DefaultStorageLoc DefaultStoragePass DefaultStoragePort DefaultStorageUser
CheckpointType JobCheckpointDir CacheGroups AccountingStorageLoc MemLimitEnforce SallocDefaultCommand
""".split()

# What the mock counts with: a text there would be found too late.
NUMBERS = set("""
DefCpuPerGPU DefMemPerGPU FairShareDampeningFactor FirstJobId GraceTime KillWait MaxArraySize MaxJobCount
MinJobAge MinNodes Priority PriorityJobFactor PriorityTier PriorityWeightAge PriorityWeightAssoc
PriorityWeightFairshare PriorityWeightJobSize PriorityWeightPartition PriorityWeightQOS SlurmdPort
""".split())
TIMES = set("DefaultTime MaxTime PriorityCalcPeriod PriorityDecayHalfLife PriorityMaxAge".split())

NODE = set("""
nodename nodehostname nodeaddr bcastaddr boards corespeccount corespersocket cpubind cpus
cpuspeclist features feature gres memspeclimit port procs realmemory reason sockets
socketsperboard state threadspercore tmpdisk weight
""".split())

PARTITION = {name.lower(): name for name in """
PartitionName AllocNodes AllowAccounts AllowGroups AllowQos Alternate CpuBind Default
DefaultTime DefCpuPerGPU DefMemPerCPU DefMemPerGPU DefMemPerNode DenyAccounts DenyQos
DisableRootJobs ExclusiveUser GraceTime Hidden LLN MaxCPUsPerNode MaxMemPerCPU MaxMemPerNode
MaxNodes MaxTime MinNodes Nodes OverSubscribe OverTimeLimit PowerDownOnIdle PreemptMode
PriorityJobFactor PriorityTier QOS ReqResv ResumeTimeout RootOnly SelectTypeParameters State
SuspendTime SuspendTimeout TRESBillingWeights Shared Priority
""".split()}

GRES = set("autodetect count cores cpus file flags links multiplefiles name nodename type".split())

# {keyword in small letters: its spelling} of each kind of lines in 22.05: what stands alone in
# slurm.conf, after NodeName= and after PartitionName=, and what stands in gres.conf.
KINDS = {"config": {name.lower(): name for name in CONFIG}, "node": {name: name for name in NODE},
         "partition": PARTITION, "gres": {name: name for name in GRES}}
# {release: {kind: ([keywords that came], [keywords that went])}}
CHANGES = {}


def table(kind, release=CURRENT):
    """{keyword in small letters: its spelling} of a kind of lines, in that release."""
    known = dict(KINDS[kind])
    for first in sorted(CHANGES):
        if first <= release:
            came, went = CHANGES[first].get(kind, ((), ()))
            known.update((name.lower(), name) for name in came)
            for name in went:
                known.pop(name.lower(), None)
    return known


def spelling(key, release=CURRENT):
    """A keyword in any case -> slurm.conf's spelling, or None if there is none such."""
    return table("config", release).get(key.lower())
