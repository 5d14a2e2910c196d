"""posix/tools/grep.py, sed.py, sed_script.py, sorting.py: what the comparison with the real ones
(../shell/test_shell.py) does not reach: long options, mistakes, standard input, files left as they were."""

import sys

import pytest

from slurm_mock.host import browser
from tests.clusters.in_one_process import ENV

pytestmark = pytest.mark.skipif(sys.version_info < (3, 11), reason="just-bash needs Python 3.11")


@pytest.fixture
def tool(tmp_path, in_process):
    (tmp_path / "a.txt").write_text("one\nTwo\nthree\n")
    return lambda line: browser.run(line, ENV, str(tmp_path), shell=True)


@pytest.mark.parametrize("line, out", [
    ("grep --ignore-case --line-number two a.txt", b"2:Two\n"), ("grep --count --invert-match t a.txt", b"2\n"),
    ("grep --max-count=1 --only-matching '[a-z]*e' a.txt", b"one\n"), ("grep -rn --include='*.txt' One . || echo no", b"no\n"),
    ("grep -r Two", b"a.txt:Two\n"), ("echo x | grep -c x -", b"1\n"), ("grep -e one -e Two a.txt | wc -l", b"2\n"),
    ("fgrep . a.txt; egrep 'o|z' a.txt | head -1", b"one\n"), ("grep -F -x -e Two a.txt", b"Two\n"),
    ("grep -L nothing a.txt", b"a.txt\n"), ("grep -hc e a.txt a.txt", b"2\n2\n"),
    ("sort --reverse a.txt | head -1", b"three\n"), ("sort --key=1,1 --unique a.txt a.txt | wc -l", b"3\n"),
    ("printf 'x\\0' | sort | tr '\\0' n", b"xn\n"), ("sort --ignore-case --output=o a.txt; cat o", b"one\nthree\nTwo\n"),
    ("sed --quiet --expression=2p a.txt", b"Two\n"), ("echo 's/o/0/' > s; sed -f s a.txt", b"0ne\nTw0\nthree\n"),
    ("sed --in-place=.old 1d a.txt; cat a.txt.old | wc -l; cat a.txt", b"3\nTwo\nthree\n"),
    ("sed -n '/one/,+1{=;p}' a.txt", b"1\none\n2\nTwo\n"), ("sed 'n;d' a.txt", b"one\nthree\n"),
    ("sed '2q' a.txt; sed 2Q a.txt", b"one\nTwo\none\n"), ("sed -z q a.txt | wc -l", b"3\n"),
    ("sed ':x; s/e$/E/; tx' a.txt", b"onE\nTwo\nthreE\n"),
])
def test_options(tool, line, out):
    assert tool(line)[1:] == (out, b"")


@pytest.mark.parametrize("line, code, message", [
    ("grep --nosuch x a.txt", 2, b"grep: unrecognized option '--nosuch'\n"), ("grep -A x one a.txt", 2, b"grep: x: invalid context length argument\n"),
    ("grep -f nosuch a.txt", 2, b"grep: nosuch: No such file or directory\n"), ("grep -m", 2, b"grep: option requires an argument -- 'm'\n"),
    ("sort -t ab a.txt", 2, "sort: multi-character tab ‘ab’\n".encode()), ("sort --nosuch", 2, b"sort: unrecognized option '--nosuch'\n"),
    ("sort -o nosuch/x a.txt", 2, b"sort: open failed: nosuch/x: No such file or directory\n"),
    ("sed 's/a/b/w x' a.txt", 1, b"the flag w does not work in the browser lab\n"), ("sed 'r a.txt' a.txt", 1, b"the command r does not work"),
    ("sed b:x a.txt", 4, b"can't find label for jump to `:x'\n"), ("sed '{p' a.txt", 1, b"unmatched `{'\n"), ("sed '}' a.txt", 1, b"unexpected `}'\n"),
    ("sed 'y/ab/c/' a.txt", 1, b"strings for `y' command are different lengths\n"), ("sed pp a.txt", 1, b"extra characters after command\n"),
    ("sed 's/a/b/k' a.txt", 1, b"unknown option to `s'\n"), ("sed -i p .", 4, b"sed: couldn't edit .: not a regular file\n"),
    ("sed 's/(/x/' -E a.txt nosuch", 1, b"Unmatched ( or \\(\n"), ("sed -f nosuch a.txt", 4, b"sed: couldn't open file nosuch: No such file or directory\n"),
])
def test_mistakes(tool, line, code, message):
    got, _, err = tool(line)
    assert got == code and message in err and b"Traceback" not in err and b"mistake" not in err


def test_a_mistake_leaves_the_file_alone(tool, tmp_path):
    assert tool("sed -i 's/one' a.txt")[0] == 1
    assert (tmp_path / "a.txt").read_text() == "one\nTwo\nthree\n"
