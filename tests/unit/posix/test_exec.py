"""posix/exec.py: PATH, what finders know, and the first line of a script."""

import errno

import pytest

from slurm_mock.posix.exec import NotRunnable, Programs

ENV = {"PATH": "/mine:/usr/bin", "WHERE": "/mine"}


async def tool(process, argv):
    return 0


def finder(path, env):
    """`tool` lies in the folder that the environment names, and in /usr/bin."""
    return tool if path in (env["WHERE"] + "/tool", "/usr/bin/tool") else None


def interpreter(name):
    return (lambda process, words, argv, title: (words, argv, title)) if name == "lisp" else None


PROGRAMS = Programs([lambda path, env: None, finder], [interpreter], {"gcc"})


@pytest.mark.parametrize("name, env, path", [
    ("tool", ENV, "/mine/tool"), ("tool", {**ENV, "WHERE": "/other"}, "/usr/bin/tool"), ("tool", {"WHERE": ""}, "/usr/bin/tool"),
    ("/mine/tool", ENV, "/mine/tool"), ("/mine/../mine/tool", ENV, "/mine/../mine/tool"), ("other", ENV, None), ("./tool", ENV, None)])
def test_which(name, env, path, tmp_path):
    assert PROGRAMS.which(name, env, str(tmp_path)) == path


def test_a_file_of_the_users_own(tmp_path):
    (tmp_path / "mine").mkdir()
    script = tmp_path / "mine" / "run"
    script.write_text("#!/usr/bin/env -S lisp --fast\n")
    env = {"PATH": "mine", "WHERE": "/mine"}
    assert PROGRAMS.which("run", env, str(tmp_path)) is None
    script.chmod(0o755)
    assert PROGRAMS.which("run", env, str(tmp_path)) == "mine/run"
    main = PROGRAMS.find(["run", "a", "b"], env, str(tmp_path))
    assert main(None) == (["lisp", "--fast"], [str(script), "a", "b"], "run")


@pytest.mark.parametrize("first, text, code, number", [
    ("#!/bin/nosuch -x", "./run: /bin/nosuch: bad interpreter: No such file or directory", 126, errno.ENOENT),
    ("no mark", "./run: /bin/sh: bad interpreter: No such file or directory", 126, errno.ENOENT),
    ("\x7fELF", "./run: a compiled program does not run in the browser lab", 126, errno.EACCES)])
def test_what_does_not_run_says_why_as_bash_and_as_execve(first, text, code, number, tmp_path):
    (tmp_path / "run").write_text(first + "\n")
    (tmp_path / "run").chmod(0o755)
    with pytest.raises(NotRunnable) as refused:
        PROGRAMS.find(["./run"], ENV, str(tmp_path))
    assert (refused.value.text, refused.value.code, refused.value.number) == (text, code, number)


def test_what_is_missing(tmp_path):
    for name, number, elsewhere in (("nosuch", errno.ENOENT, False), ("gcc", errno.ENOENT, True), (".", errno.ENOENT, False),
                                    ("./", errno.EACCES, False)):
        with pytest.raises(NotRunnable) as refused:
            PROGRAMS.find([name], ENV, str(tmp_path))
        assert (refused.value.number, refused.value.elsewhere) == (number, elsewhere), name
