"""What scontrol says of words that it cannot take."""

from slurm_mock.commands.scontrol.parse import INVALID_INPUT, NOT_SUPPORTED, Bad


def test_a_bad_word_is_told_in_slurms_log_unless_it_is_not():
    assert (str(Bad("no")), Bad("no").log, Bad("no", log=False).log) == ("no", True, False)
    assert INVALID_INPUT.format(word="x") == "Invalid input: x  Request aborted"
    assert NOT_SUPPORTED.format(word="x=1").splitlines() == ["Update of this parameter is not supported: x=1", "Request aborted"]
