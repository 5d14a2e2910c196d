"""slurm.conf as Slurm reads it: what is obeyed, what is named, what is refused with file and line."""

import pytest

from slurm_mock.conf import read_config

HEAD = "ClusterName=x\nSlurmctldHost=head\n"
TAIL = "NodeName=a[1-2] CPUs=4\nPartitionName=p Nodes=ALL\n"


@pytest.fixture
def read(tmp_path):
    """Write a slurm.conf (and other files beside it) and read it."""
    def run(text, **others):
        for name, content in others.items():
            (tmp_path / f"{name}.conf").write_text(content)
        path = tmp_path / "slurm.conf"
        path.write_text(HEAD + text)
        return read_config.read(str(path))
    return run


def partitions(read_conf):
    return {name: words["Nodes"] for name, words in read_conf.partitions}


def test_unknown_keywords_are_told_with_their_lines_and_passed_over(read):
    found = read("Wibble=3\nFoo=4\n" + TAIL)
    assert [text.rpartition("/")[2] for text in found.unknown] == ["slurm.conf:3: Wibble",
                                                                   "slurm.conf:4: Foo"]
    assert [node.name for node in found.nodes] == ["a1", "a2"]


def test_letters_that_are_not_utf_8(read, tmp_path):
    """A remark may have them."""
    path = tmp_path / "slurm.conf"
    path.write_bytes((HEAD + TAIL).encode() + b"# caf\xe9\n")
    assert partitions(read_config.read(str(path))) == {"p": "a1,a2"}
    path.write_bytes((HEAD + TAIL).encode() + b"PartitionName=caf\xe9 Nodes=ALL\n")
    with pytest.raises(read_config.ConfError, match="slurm.conf:5: a letter that is not UTF-8"):
        read_config.read(str(path))


def test_defaults_continued_lines_node_sets_and_down_nodes(read):
    found = read("NodeName=DEFAULT \\\n  CPUs=4 RealMemory=100   # a remark\nNodeName=a[1-3]\n"
                 "NodeName=b1 Feature=fast\nDownNodes=a2 State=DRAIN Reason=\"bad fan\"\n"
                 "NodeSet=quick Feature=fast\nPartitionName=DEFAULT MaxTime=60\n"
                 "PartitionName=p Nodes=a1,quick\nPartitionName=q Nodes=ALL MaxTime=5\n")
    assert {(node.cpus, node.memory) for node in found.nodes} == {(4, 100)}
    assert found.down == [(["a2"], "IDLE", "DRAIN", "bad fan")]
    assert partitions(found) == {"p": "a1,b1", "q": "a1,a2,a3,b1"}
    assert [words["MaxTime"] for _, words in found.partitions] == ["60", "5"]


def test_included_files_and_gres(read):
    found = read("GresTypes=gpu\nInclude nodes.conf\nPartitionName=p Nodes=ALL\n",
                 nodes="NodeName=g1 CPUs=2 Gres=gpu:k80:2\n",
                 gres="NodeName=g1 Name=gpu Type=k80 File=/dev/nothing[0-1]\n")
    assert [(node.name, node.gres) for node in found.nodes] == [("g1", "gpu:k80:2")]


def test_files_that_include_others(read, tmp_path):
    """As real Slurm: each path is seen from the file that it stands in; twice is not too often."""
    (tmp_path / "sub").mkdir()
    (tmp_path / "sub" / "inner.conf").write_text("NodeName=a1\n")
    (tmp_path / "sub" / "none.conf").write_text("# nothing\n")
    found = read("include\tsub.conf\nINCLUDE   sub/none.conf   # a remark\nInclude sub/none.conf\n"
                 "Include %c.conf\nPartitionName=p Nodes=ALL\n", sub="Include sub/inner.conf\n", x="KillWait=7\n")
    assert [node.name for node in found.nodes] == ["a1"] and found.config["KillWait"] == "7"


@pytest.mark.parametrize(("text", "files", "why"), [
    ("Include slurm.conf\n", {}, "slurm.conf:3: .*slurm.conf would include itself without end"),
    ("Include a.conf\n", {"a": "Include b.conf\n", "b": "KillWait=3\nInclude ./a.conf\n"},
     "b.conf:2: .*a.conf would include itself without end"),
    ("  Include a.conf\n", {"a": "KillWait=3\n"}, "slurm.conf:3: blanks before Include")])
def test_includes_that_cannot_be(read, text, files, why):
    with pytest.raises(read_config.ConfError, match=why):
        read(text + TAIL, **files)


def test_cgroup_conf_may_be_there(read):
    assert read(TAIL, cgroup="ConstrainCores=yes\n").nodes


@pytest.mark.parametrize(("text", "why"), [
    ("NodeName=a[1-2 CPUs=4\n", "slurm.conf:3: 'a\\[1-2' is not a node list"),
    ("NodeName=a1 CPUs=x\n", "slurm.conf:3: cpus='x' is not a whole number"),
    ("NodeName=a1\nNodeName=a1\n", "slurm.conf:4: node a1 is defined twice"),
    ("\nInclude gone.conf\n", "slurm.conf:4: there is no file .*gone.conf to include"),
    ("just words\n", "slurm.conf:3: cannot read 'just words'"),
    ("NodeName=a1\nPartitionName=p Nodes=b1\n", "partition p names node b1"),
    ("NodeName=a1\nPartitionName=p Nodes=a1 MaxTime=soon\n", "slurm.conf:4: MaxTime='soon'"),
    ("NodeName=a1\nKillWait=long\n", "slurm.conf:4: .*KillWait"),
    *[(f"{key}={value}\n" + TAIL, f"slurm.conf:3: {key}=.*{why}") for key, value, why in [
        ("OverTimeLimit", "", "is not a whole number"), ("OverTimeLimit", "soon", "is not a whole number"),
        ("JobAcctGatherFrequency", "task=x", "'x' is not a whole number"),
        ("JobAcctGatherFrequency", "energy=30,30", "'' is not a whole number"),
        ("PriorityWeightTRES", "cpu=x", "'cpu=x' is not a weight"),
        ("PriorityWeightTRES", "cpu=1,mem", "'mem' is not a weight"),
        ("PriorityWeightQOS", "x", "is not a whole number"), ("PriorityDecayHalfLife", "x", "is not a time"),
        ("FirstJobId", 1 << 63, "4294967295 at most"), ("MinJobAge", 1 << 63, "4294967295 at most"),
        ("SlurmdPort", "x", "is not a whole number"), ("SlurmctldPort", "6817-x", "is not a whole number"),
        ("DefMemPerCPU", "9" * 30, "at most")]],
    (TAIL + "PartitionName=q Nodes=ALL TRESBillingWeights=CPU=1,GRES/gpu=2\n",
     "TRESBillingWeights names gres/gpu, which is not counted: add it to AccountingStorageTRES"),
    (TAIL + "PriorityType=priority/multifactor\nPriorityWeightTRES=gres/no=1\n", "PriorityWeightTRES names gres/no, which is not counted"),
    *[(f"NodeName=a1 {words}\n", f"slurm.conf:3: {why}") for words, why in [
        ("Port=" + "9" * 20, "port='9+' is too large: 65535"),
        ("CPUs=" + "9" * 20, "cpus='9+' is too large: 65535"),
        ("Sockets=999 CoresPerSocket=999", "cpus=998001 is too large"),
        ("RealMemory=" + "9" * 20, "realmemory='9+' is too large"), ("Weight=" + "9" * 20, "weight=")]],
    *[(TAIL + f"PartitionName=q Nodes=ALL {words}\n", f"slurm.conf:5: {why}") for words, why in [
        ("TRESBillingWeights=CPU=1,Mem", "TRESBillingWeights='Mem' is not a weight: give TYPE=NUMBER"),
        ("OverTimeLimit=x", "OverTimeLimit='x' is not"), ("GraceTime=x", "GraceTime='x' is not"),
        ("MaxNodes=" + "9" * 20, "MaxNodes=.* is too large"), ("DefCpuPerGPU=x", "DefCpuPerGPU='x'")]],
])
def test_malformed_is_refused_with_file_and_line(read, text, why):
    with pytest.raises(read_config.ConfError, match=why):
        read(text)


@pytest.mark.parametrize("line", [
    "OverTimeLimit=UNLIMITED", 'OverTimeLimit="0 min"', "JobAcctGatherFrequency=30,energy=60",
    "DefMemPerCPU=",
    "JobAcctGatherFrequency=task=15,network=0", "PriorityWeightTRES=cpu=1000,Mem=0.25G,GRES/gpu=0.5",
    "MaxMemPerCPU=UNLIMITED",
    "SlurmctldPort=6817-6820", "PriorityDecayHalfLife=7-0", "JobAcctGatherFrequency="])
def test_numbers_in_their_other_forms(read, line):
    assert read(f"{line}\n{TAIL}").config[line.partition("=")[0]] == line.partition("=")[2].strip('"')


def test_gres_name_the_sockets_that_they_are_near(read):
    """As real sinfo -o %G shows them where gres.conf has Cores=."""
    found = read("NodeName=g1 Sockets=2 CoresPerSocket=4 Gres=gpu:a:2,gpu:b:1,shm:4\n"
                 "NodeName=g2 CPUs=4 Gres=gpu:a:2\nPartitionName=p Nodes=ALL\n",
                 gres="NodeName=g1 Name=gpu Type=a File=/dev/g[0-1] Cores=0-1,4\n"
                      "NodeName=g1 Name=gpu Type=b File=/dev/g2 Cores=5\nNodeName=g1 Name=shm Count=4\n")
    assert [node.gres for node in found.nodes] == ["gpu:a:2(S:0-1),gpu:b:1(S:1),shm:4", "gpu:a:2"]


def test_cores_of_gres_that_are_no_numbers(read):
    with pytest.raises(read_config.ConfError, match="node list"):
        read("NodeName=g1 CPUs=4 Gres=gpu:1\nPartitionName=p Nodes=g1\n",
             gres="NodeName=g1 Name=gpu File=/dev/g0 Cores=x\n")


def test_the_cluster_is_called_in_small_letters_and_nodes_are_sorted(tmp_path):
    path = tmp_path / "slurm.conf"
    path.write_text("ClusterName=Big-One\nSlurmctldHost=head\nNodeName=n10\nNodeName=n9\n"
                    "PartitionName=p Nodes=ALL\n")
    found = read_config.read(str(path))
    assert found.config["ClusterName"] == "big-one"
    assert [(node.name, node.idx) for node in found.nodes] == [("n9", 0), ("n10", 1)]
