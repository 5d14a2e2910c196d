"""Programs that change or name files: what they do on disk, and what they refuse in coreutils' words."""

import os
import sys

import pytest

from slurm_mock.host import browser
from slurm_mock.posix.tools.file_tools import changed_mode
from tests.clusters.in_one_process import ENV

pytestmark = pytest.mark.skipif(sys.version_info < (3, 11), reason="just-bash needs Python 3.11")


@pytest.fixture
def sh(tmp_path, in_process):
    (tmp_path / "a").write_text("text\n")
    return lambda line: browser.run(line, ENV, str(tmp_path), shell=True)


def test_folders(sh, tmp_path):
    assert sh("mkdir -p x/y/z && rmdir x/y/z && ls x") == (0, b"y\n", b"")
    assert sh("mkdir x")[0::2] == (1, "mkdir: cannot create directory ‘x’: File exists\n".encode())
    assert sh("rmdir x")[0] == 1 and (tmp_path / "x/y").is_dir()


def test_copies_and_moves(sh, tmp_path):
    assert sh("mkdir d; cp a b; mv b d; cp -r d e; cat e/b d/b") == (0, b"text\ntext\n", b"")
    assert sh("cp d f")[0] == 1 and not (tmp_path / "f").exists()
    assert sh("cp nosuch f")[2] == "cp: cannot stat 'nosuch': No such file or directory\n".replace("'", "'").encode()
    assert sh("mv a b c")[0] == 1 and (tmp_path / "a").exists()


def test_removing(sh, tmp_path):
    assert sh("mkdir -p d/e; touch d/e/f; rm d")[0] == 1
    assert sh("rm -r d; rm -f nosuch; rm a") == (0, b"", b"") and not list(tmp_path.iterdir())
    assert sh("rm a")[0] == 1


def test_links_and_names(sh, tmp_path):
    assert sh("ln -s a link; readlink link; basename /x/y.txt .txt; dirname /x/y.txt") == (0, b"a\ny\n/x\n", b"")
    assert os.readlink(tmp_path / "link") == "a"
    assert sh("realpath link")[1] == f"{tmp_path}/a\n".encode()


def test_modes(sh, tmp_path):
    sh("chmod 640 a")
    assert (tmp_path / "a").stat().st_mode & 0o777 == 0o640
    sh("chmod +x a")
    assert (tmp_path / "a").stat().st_mode & 0o111
    assert changed_mode(0o644, "u+x") == 0o744 and changed_mode(0o777, "go-w") == 0o755
    assert changed_mode(0o640, "a=r") == 0o444 and changed_mode(0, "755") == 0o755


def test_new_files(sh, tmp_path):
    sh("touch -c none new")
    assert not (tmp_path / "none").exists()
    name = sh("touch new; mktemp -p .")[1].decode().strip()
    assert name.startswith("./") and (tmp_path / name[2:]).is_file() and sh("mktemp -d")[1].startswith(b"/tmp/")
