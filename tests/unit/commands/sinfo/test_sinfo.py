"""sinfo on a hand-filled cluster. Expectations: Slurm 22.05.8 with the same nodes."""

import pytest

from slurm_mock.commands.sinfo import print as sinfo_print
from slurm_mock.common.records import Reservation
from slurm_mock.slurmctld import node_info
from tests.clusters.reading import NOW, Tiny

HEADER = "PARTITION AVAIL  TIMELIMIT  NODES  STATE NODELIST\n"


@pytest.fixture
def tiny(tmp_path):
    return Tiny(tmp_path / "state")


@pytest.fixture
def busy(tiny):
    """n1 full, n2-3 half, n4 draining away, n5 down and silent, n6 reserved."""
    tiny.running("n1")
    tiny.running("n[2-3]", cpus=3)
    tiny.node("n4", flags="DRAIN", reason="bad disk", reason_user="root", reason_time=NOW - 99)
    tiny.node("n5", state="DOWN", flags="NO_RESPOND", reason="Not responding", reason_uid=64030,
              reason_user="slurm", reason_time=NOW - 999)
    tiny.store.insert(Reservation(name="course", start_time=NOW - 5, end_time=NOW + 3600,
                                  nodes="n6"))
    return tiny


def test_idle_cluster(tiny):
    assert tiny.run("sinfo").out == (
        HEADER
        + "main*        up 1-00:00:00      6   idle n[1-6]\n"
        + "short        up      30:00      2   idle n[1-2]\n"
        + "gpu          up   12:00:00      1   idle g1\n")


def test_states_and_their_order(busy):
    assert busy.run("sinfo", "-p", "main").out == (
        HEADER
        + "main*        up 1-00:00:00      1  down* n5\n"
        + "main*        up 1-00:00:00      1  drain n4\n"
        + "main*        up 1-00:00:00      1   resv n6\n"
        + "main*        up 1-00:00:00      2    mix n[2-3]\n"
        + "main*        up 1-00:00:00      1  alloc n1\n")


def test_long_view(tiny):
    lines = tiny.run("sinfo", "-l").out.split("\n")
    assert lines[0] == "Mon Mar 02 09:00:00 2026"
    assert lines[1] == ("PARTITION AVAIL  TIMELIMIT   JOB_SIZE ROOT OVERSUBS     GROUPS  NODES"
                        "       STATE NODELIST")
    assert lines[3] == ("short        up      30:00        1-2   no       NO        all      2"
                        "        idle n[1-2]")
    assert lines[4] == ("gpu          up   12:00:00 1-infinite   no EXCLUSIV        all      1"
                        "        idle g1")


def test_node_view(busy):
    assert busy.run("sinfo", "-N", "-n", "n1,n4").out == (
        "NODELIST   NODES PARTITION STATE \n"
        "n1             1     main* alloc \n"
        "n1             1     short alloc \n"
        "n4             1     main* drain \n")


def test_summary_and_reasons(busy):
    assert busy.run("sinfo", "-s", "-p", "main").out == (
        "PARTITION AVAIL  TIMELIMIT   NODES(A/I/O/T) NODELIST\n"
        "main*        up 1-00:00:00          3/1/2/6 n[1-6]\n")
    assert busy.run("sinfo", "-R").out == (
        "REASON               USER      TIMESTAMP           NODELIST\n"
        "Not responding       slurm     2026-03-02T08:43:21 n5\n"
        "bad disk             root      2026-03-02T08:58:21 n4\n")


def test_reservations(tiny, busy):
    assert busy.run("sinfo", "-T").out == (
        "RESV_NAME     STATE           START_TIME             END_TIME     DURATION  NODELIST\n"
        "course       ACTIVE  2026-03-02T08:59:55  2026-03-02T10:00:00     01:00:05  n6\n")


def test_an_empty_list_of_states_fits_no_node(busy):
    rows = busy.run("sinfo", "-h", "-o", "%P %D %t", "--states=").out.splitlines()
    assert rows and all(row.endswith(" 0 n/a") for row in rows)


def test_no_reservations(tiny):
    assert tiny.run("sinfo", "-T").out == "No reservations in the system\n"


@pytest.mark.parametrize("asked, nodes", [
    ("idle", "g1,n[4,6]"), ("drain", "n4"), ("drained", "n4"), ("drng", ""), ("alloc", "n[1-3]"),
    ("mix", "n[2-3]"), ("down", "n5"), ("no_respond", "n5"), ("resv", "n6"), ("drain&idle", "n4"),
    ("idle,down", "g1,n[4-6]"), ("all", "g1,n[1-6]"), ("i", "g1,n[4,6]"),
])
def test_state_filter(busy, asked, nodes):
    assert busy.run("sinfo", "-h", "-o", "%N", "-t", asked).out == (f"{nodes}\n" if nodes else "")


def test_bad_state(tiny):
    result = tiny.run("sinfo", "-t", "foo")
    assert result.code == 1 and result.err == (
        'sinfo: error: Bad state string: "foo"\n'
        "sinfo: error: valid states: unknown,down,idle,allocated,?,mixed,future,drain,drained,"
        "draining,no_respond,reserved,perfctrs,cloud,completing,powering_down,powered_down,"
        "power_down,powering_up,fail,maint,reboot,reboot^,unknown\n")


def test_empty_partitions_are_shown(busy):
    assert busy.run("sinfo", "-n", "n4").out == (
        HEADER
        + "main*        up 1-00:00:00      1  drain n4\n"
        + "short        up      30:00      0    n/a \n"
        + "gpu          up   12:00:00      0    n/a \n")
    assert busy.run("sinfo", "-p", "nosuch").out == HEADER


def test_hidden_partition(tiny):
    assert "secret" not in tiny.run("sinfo").out
    assert "secret" in tiny.run("sinfo", "-a").out
    assert "secret" in tiny.run("sinfo", "-p", "secret").out


def test_columns(busy):
    assert busy.run("sinfo", "-h", "-p", "main", "-o", "%C %A %F").out == "14/18/16/48 3/1 3/1/2/6\n"
    assert busy.run("sinfo", "-h", "-o", "%D %c %m %w").out == "7 8 16000+ 1+\n"
    assert busy.run("sinfo", "-h", "-e", "-o", "%D %m", "-S", "m").out == "6 16000\n1 32000\n"
    assert busy.run("sinfo", "-h", "-p", "main", "-o", "%5P|%3P|%R").out == "main*|ma*|main\n"
    assert busy.run("sinfo", "-h", "-p", "gpu", "-O", "gresused:25,gres:12,port:6").out == (
        "gpu:k80:0(IDX:N/A)       gpu:k80:2   6818  \n")


def test_bad_columns(tiny):
    result = tiny.run("sinfo", "-o", "%Q")
    assert (result.out, result.err, result.code) == (
        "%Q\n%Q\n", "Invalid node format specification: Q\n", 0)
    assert tiny.run("sinfo", "-O", "foo").err == (
        "sinfo: error: Invalid job format specification: foo\n")


@pytest.mark.parametrize("argv, error", [
    (["--foo"], "sinfo: unrecognized option '--foo'\nTry \"sinfo --help\" for more information\n"),
    (["-i", "0"], "sinfo: error: Error: invalid entry for --iterate=0\n"),
    (["-a", "-p", "main"],
     "sinfo: error: Conflicting options, -a and -p, specified. Please choose one or the other.\n"),
    (["-l", "-o", "%P"], "sinfo: fatal: Options -o(--format) and -l(--long) are mutually exclusive."
                         " Please remove one and retry.\n"),
])
def test_bad_command_lines(tiny, argv, error):
    result = tiny.run("sinfo", *argv)
    assert (result.out, result.err, result.code) == ("", error, 1)


def test_every_letter_and_name_prints(busy):
    result = busy.run("sinfo", "-o", "%all")
    assert result.err == "" and result.out.split("\n")[0].startswith("AVAIL|ACTIVE_FEATURES|CPUS|")
    assert len({line.count("|") for line in result.out.rstrip("\n").split("\n")}) == 1
    for name in sinfo_print.NAMES:
        result = busy.run("sinfo", "-O", f"{name}:60")
        assert result.err == "" and len(result.out.split("\n")[1]) == 60, name


@pytest.mark.parametrize("base, flags, long, short, whole", [
    ("IDLE", (), "IDLE", "IDLE", "IDLE"),
    ("ALLOCATED", ("COMPLETING",), "ALLOCATED+", "ALLOC+", "ALLOCATED+COMPLETING"),
    ("IDLE", ("COMPLETING",), "COMPLETING", "COMP", "IDLE+COMPLETING"),
    ("MIXED", ("DRAIN",), "DRAINING", "DRNG", "MIXED+DRAIN"),
    ("IDLE", ("DRAIN", "NO_RESPOND"), "DRAINED*", "DRAIN*", "IDLE+DRAIN+NOT_RESPONDING"),
    ("DOWN", ("NO_RESPOND",), "DOWN*", "DOWN*", "DOWN+NOT_RESPONDING"),
    ("IDLE", ("RESERVED",), "RESERVED", "RESV", "IDLE+RESERVED"),
    ("MIXED", ("RESERVED",), "MIXED", "MIX", "MIXED+RESERVED"),
    ("IDLE", ("PLANNED",), "PLANNED", "PLND", "IDLE+PLANNED"),
    ("MIXED", ("PLANNED",), "MIXED-", "MIX-", "MIXED+PLANNED"),
    ("IDLE", ("MAINT",), "MAINT", "MAINT", "IDLE+MAINTENANCE"),
    ("DOWN", ("MAINT",), "DOWN$", "DOWN$", "DOWN+MAINTENANCE"),
    ("IDLE", ("REBOOT",), "REBOOT", "BOOT", "IDLE+REBOOT_REQUESTED"),
    ("ALLOCATED", ("FAIL",), "FAILING", "FAILG", "ALLOCATED+FAIL"),
    ("FUTURE", (), "FUTURE", "FUTR", "FUTURE"), ("UNKNOWN", (), "UNKNOWN", "UNK", "UNKNOWN"),
])
def test_node_state_words(base, flags, long, short, whole):
    assert node_info.text(base, flags) == long
    assert node_info.text(base, flags, True) == short
    assert node_info.complete(base, flags) == whole
