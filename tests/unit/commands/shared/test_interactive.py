"""Commands that are typed into sacctmgr, sreport and scontrol (commands/shared/interactive.py)."""

import io
from types import SimpleNamespace

import pytest

from slurm_mock.commands.shared.call import Call
from slurm_mock.commands.shared.interactive import typed


def session(text):
    stdin = None if text is None else io.BytesIO(text)
    call = Call("scontrol", [], {}, "/", stdin, io.BytesIO(), io.BytesIO(), "")
    return SimpleNamespace(call=call, ended=False)


@pytest.mark.parametrize("text, options, words, out", [
    (b"ping\n", {}, [["ping"]], b"scontrol: scontrol: \n"),
    (b"ping\n", {"echo": True}, [["ping"]], b"scontrol: ping\nscontrol: \n"),
    (b"a b\n!!\n", {"again": True}, [["a", "b"], ["a", "b"]], b"scontrol: " * 3 + b"\n"),
    (b"!!\n", {}, [["!!"]], b"scontrol: scontrol: \n"),
    (b"# no\n\nb c='d e'", {"comments": True}, [["b", "c='d e'"]], b"scontrol: " * 4 + b"\n"),
    (b"# no\n", {}, [["#", "no"]], b"scontrol: scontrol: \n"),
    (None, {"echo": True}, [], b"scontrol: \n")])
def test_lines_until_the_input_ends(text, options, words, out):
    mine = session(text)
    assert list(typed(mine, **options)) == words
    assert mine.call.out.getvalue() == out


def test_until_the_session_ends():
    mine, seen = session(b"a\nquit\nb\n"), []
    for words in typed(mine):
        seen.append(words)
        mine.ended = words == ["quit"]
    assert seen == [["a"], ["quit"]]
    assert mine.call.out.getvalue() == b"scontrol: " * 2
