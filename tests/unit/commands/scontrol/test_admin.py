"""scontrol's verbs for administrators.  (Expectations: transcripts/squeue/squeue-errors.txt, scontrol(1);
what needs another slurm.conf the mock says itself.)"""

import pytest

from tests.clusters.reading import Tiny

NOT_HERE = "the mock's cluster is set up by its slurm.conf: change that file, or use `slurm-mock reset`\n"


@pytest.fixture
def tiny(tmp_path):
    return Tiny(tmp_path / "s")


DENIED = [("shutdown", "slurm_shutdown error"), ("abort", "slurm_shutdown error"),
          ("reconfigure", "slurm_reconfigure error"), ("cancel_reboot n1", "slurm_update error"),
          ("create partition=x", "Error creating the partition"), ("create node=n9", "Error creating node(s)"),
          ("delete partition=main", "delete_partition partition=main"), ("delete nodename=n1", "delete_node nodename=n1")]


@pytest.mark.parametrize("words, what", DENIED)
def test_an_ordinary_user_may_not(tiny, words, what):
    told = tiny.run("scontrol", *words.split())
    assert (told.code, told.err) == (1, f"{what}: Invalid user id\n")


@pytest.mark.parametrize("words, what", [row for row in DENIED if "partition" not in row[0] and row[0] != "reconfigure"])
def test_the_administrator_is_told_what_to_do_instead(tiny, words, what):
    told = tiny.run("scontrol", *words.split(), MOCK_SLURM_ADMIN="1")
    assert (told.code, told.err) == (1, f"{what}: {NOT_HERE}")


@pytest.mark.parametrize("words, what", [
    ("setdebug 5", "slurm_set_debug_level error"), ("setdebug debug3", "slurm_set_debug_level error"),
    ("setdebugflags +gres", "slurm_set_debug_flags error"), ("schedloglevel enable", "slurm_set_schedlog_level error")])
def test_who_may_change_what_is_logged(tiny, words, what):
    assert tiny.run("scontrol", *words.split()).err == f"{what}: Permission denied\n"
    assert tiny.run("scontrol", *words.split(), MOCK_SLURM_ADMIN="1").err == ""


@pytest.mark.parametrize("words, says", [
    ("shutdown now", "invalid shutdown argument:now\n"), ("setdebug odd", "invalid debug level: odd\n"),
    ("setdebug 10", "invalid debug level: 10\n"), ("schedloglevel 2", "invalid schedlog level: 2\n"),
    ("setdebugflags gres", "invalid debug flag: gres\nUsage: setdebugflags [+|-]NAME\n"),
    ("setdebugflags -odd", "scontrol: error: Invalid DebugFlag: odd\ninvalid debug flag: -odd\n"),
    ("errnumstr", "one arguments required for keyword:errnumstr\n"), ("errnumstr x", "numeric arguments required for keyword:errnumstr\n"),
    ("create x=1", "scontrol: error: Invalid creation entity: x=1\n"), ("delete x=1", "Invalid deletion entity: x=1\n"),
    ("delete x", "scontrol: error: Proper format is 'delete <ENTITY>=<ID>' or 'delete <ENTITY> <ID>'\n"),
    ("reboot", "Missing node list. Specify ALL|<NodeList>\n"),
    ("reboot n1", "scontrol: error: RebootProgram isn't defined\nscontrol_reboot_nodes error: Unspecified error\n"),
    ("token x=1", "Invalid option: `x=1`\n"), ("token lifespan=5", "Error fetching token\n"),
    ("takeover", "slurm_takeover error: Unable to contact slurm controller (connect failure)\n"),
    ("callerid 1 2 3 4", "callerid failure: Unable to contact slurm controller (connect failure)\n")])
def test_mistakes_and_what_there_is_not(tiny, words, says):
    told = tiny.run("scontrol", *words.split())
    assert (told.code, told.err) == (1, says)


def test_error_numbers(tiny):
    assert tiny.run("scontrol", "errnumstr", "2017").out == "Invalid job id specified\n"
    assert tiny.run("scontrol", "errnumstr", "13").out == "Permission denied\n"


def test_the_cluster_by_name(tiny):
    assert tiny.run("scontrol", "cluster", "tiny").code == 0
    told = tiny.run("scontrol", "cluster", "x")
    assert told.code == 1 and told.err.startswith("scontrol: error: No cluster 'x' known by database.\n")


def test_reservations_are_made_and_removed(tiny):
    words = "create reservation=r starttime=now duration=60 accounts=edu nodecnt=1".split()
    assert tiny.run("scontrol", *words, MOCK_SLURM_ADMIN="1").out == "Reservation created: r\n"
    assert tiny.run("scontrol", "delete", "reservation", "r", MOCK_SLURM_ADMIN="1").code == 0
    assert tiny.run("scontrol", "delete", "res=r", MOCK_SLURM_ADMIN="1").err == (
        "delete_reservation res=r: Requested reservation is invalid\n")
