"""What scontrol shows as rows of a table: labels, what is left out, and the releases of a row."""

import pytest

from slurm_mock.commands.scontrol.print_lines import joined, lines

TABLE = ((("Name", lambda it: it["name"]), ("Size", lambda it: it.get("size"))),
         (("Only", lambda it: it.get("only")),),
         (("", lambda it: "as it stands"),),
         (("", lambda it: it["many"]),),
         (("New", lambda it: 1, 2411), ("Old", lambda it: 2, 2205, 2411)))


@pytest.mark.parametrize("thing, release, found", [
    ({"name": "a", "many": []}, 2205, ["Name=a", "as it stands", "Old=2"]),
    ({"name": "a", "size": 0, "only": "", "many": ["x", "y"]}, 2411, ["Name=a Size=0", "Only=", "as it stands", "x", "y", "New=1"])])
def test_rows(thing, release, found):
    assert lines(TABLE, thing, release) == found


def test_a_record_of_lines_or_in_one():
    assert joined(["a=1 b=2", "c=3"], False) == "a=1 b=2\n   c=3\n\n"
    assert joined(["a=1 b=2", "c=3"], True) == "a=1 b=2 c=3\n"
