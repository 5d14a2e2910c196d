"""The file of srun --multi-prog, and one that is none."""

from slurm_mock.commands.srun.multi_prog import lines


def test_lines():
    assert lines("0-1,3 echo %t 'a b' # here\n\n* hostname\n") == [
        ([0, 1, 3], ["echo", "%t", "a b"]), (None, ["hostname"])]


def test_lines_that_cannot_be_read_are_no_tasks():
    assert lines("x echo\n5-2 echo\n0\n1 echo 'open\n2 hostname\n") == [([2], ["hostname"])]


def test_a_program_is_no_such_file(stepping):
    # Not one of this machine's: what a line of it reads like would be chance.
    (stepping.work / "program").write_bytes(b"\x7fELF\2\1\1\0" + bytes(range(256)) * 400)
    done = stepping.sh("srun --multi-prog program </dev/null")
    assert done.returncode == 1 and "Traceback" not in done.stderr
    assert done.stderr.endswith("invalid, no record for task id 0\n")


def test_what_is_not_utf_8_goes_to_the_program_as_it_is(stepping):
    (stepping.work / "m.conf").write_bytes(b"0 echo caf\xe9\n")
    assert stepping.out("srun --multi-prog m.conf | od -An -c").split()[-3:] == ["f", "351", "\\n"]
