"""A command's modules in one file: what is taken from it, and what is not."""

import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from slurm_mock import pack as pack_module
from slurm_mock.pack import MANY

NAMES = [f"m{number}" for number in range(MANY + 2)]
RUN = f"""
import sys
sys.path.insert(0, {{folder!r}})
from small import pack
pack = pack.use("it")
said = []
from small.deep import inner
for name in {NAMES!r}:
    said.append(getattr(__import__("small." + name, fromlist=[name]), "VALUE"))
pack.keep()
print(len(pack.taken), inner.VALUE, inner.__file__, *said)
"""


@pytest.fixture
def small(tmp_path):
    """A package with pack.py, a folder in it and a few modules more than a pack is written for."""
    folder = tmp_path / "small"
    (folder / "deep").mkdir(parents=True)
    for name in ("__init__", "deep/__init__"):
        (folder / f"{name}.py").touch()
    shutil.copy(pack_module.__file__, folder)
    for name in (*NAMES, "deep/inner"):
        (folder / f"{name}.py").write_text(f'VALUE = "{name}"\n')
    return folder


def run(small):
    """(how many modules came from the pack, what the modules say)."""
    done = subprocess.run([sys.executable, "-IS", "-c", RUN.format(folder=str(small.parent))],
                          capture_output=True, text=True, check=True)
    assert done.stderr == ""
    taken, value, file, *said = done.stdout.split()
    assert (value, file) == ("deep/inner", str(small / "deep" / "inner.py"))
    return int(taken), said


def packs(small):
    return sorted(path.name for path in (small / "__pycache__").glob("*.pack*"))


def test_what_was_imported_once_comes_from_the_pack(small):
    assert run(small) == (0, NAMES)
    assert packs(small) == [f"it.{sys.implementation.cache_tag}.pack"]
    assert run(small) == (len(NAMES) + 2, NAMES)          # and the folder with its module


def test_a_changed_source_counts(small):
    run(small)
    (small / "m1.py").write_text('VALUE = "new"\n')
    assert run(small) == (len(NAMES) + 1, ["m0", "new", *NAMES[2:]])
    # the same size, another time
    (small / "m2.py").write_text('VALUE = "M2"\n')
    os.utime(small / "m2.py", (1, 1))
    assert run(small)[1][:3] == ["m0", "new", "M2"]


def test_few_modules_more_do_not_write_it_anew(small):
    run(small)
    before = (small / "__pycache__" / packs(small)[0]).read_bytes()
    for name in NAMES[:MANY - 1]:
        (small / f"{name}.py").write_text('VALUE = "changed"\n')
    assert run(small)[0] == len(NAMES) + 2 - (MANY - 1) and (small / "__pycache__" / packs(small)[0]).read_bytes() == before
    (small / f"{NAMES[MANY - 1]}.py").write_text('VALUE = "changed"\n')
    run(small)
    assert run(small)[0] == len(NAMES) + 2


@pytest.mark.parametrize("damage", [
    lambda whole: b"", lambda whole: whole[:100], lambda whole: b"rubbish",
    lambda whole: b"\0\0\r\n" + whole[4:],                # another Python's byte code
    lambda whole: whole[:4] + b"\5\0\0\0" + b"i\0\0\0\0",   # no table of modules
    lambda whole: whole[:4] + b"\xff\xff\xff\xff" + whole[8:],
], ids=["empty", "cut", "rubbish", "another-python", "a-number", "endless"])
def test_a_damaged_pack_is_none(small, damage):
    run(small)
    path = small / "__pycache__" / packs(small)[0]
    path.write_bytes(damage(path.read_bytes()))
    assert run(small) == (0, NAMES)
    assert run(small) == (len(NAMES) + 2, NAMES)          # it has been written anew


def test_of_a_pack_that_was_cut_what_is_whole_is_taken(small):
    run(small)
    path = small / "__pycache__" / packs(small)[0]
    whole = path.read_bytes()
    path.write_bytes(whole[:len(whole) // 2])
    taken, said = run(small)
    assert 0 < taken < len(NAMES) and said == NAMES
    assert run(small) == (len(NAMES) + 2, NAMES) and len(path.read_bytes()) == len(whole)


def test_a_child_that_closes_all_files_reads_modules_from_their_own(small):
    """A daemon does that (machine/daemonize.py); another file may have the pack's number by then."""
    run(small)
    body = RUN.replace("said = []", "import os\nif os.fork():\n    sys.exit(os.waitstatus_to_exitcode(os.wait()[1]))\n"
                       "os.closerange(3, 256)\nwhile os.open(pack.path, os.O_RDONLY) < 20:\n    pass\nsaid = []")
    done = subprocess.run([sys.executable, "-IS", "-c", body.format(folder=str(small.parent))],
                          capture_output=True, text=True, check=True)
    assert (done.stdout.split()[0], done.stdout.split()[3:], done.stderr) == ("0", NAMES, "")


@pytest.mark.parametrize("closed", [0, 1, 2])
def test_the_place_of_a_closed_standard_file_stays_free(small, closed):
    run(small)
    body = RUN.replace("pack.keep()", "import os\ntry:\n    os.fstat(%d)\nexcept OSError:\n    sys.exit(len(pack.taken))\n"
                       "sys.exit(99)" % closed)
    command = [sys.executable, "-IS", "-c", body.format(folder=str(small.parent))]
    assert subprocess.run(["bash", "-c", f'exec "$@" {closed}>&-', "bash", *command], check=False).returncode == 0


def test_what_cannot_be_written_leaves_nothing(small):
    (small / "__pycache__").mkdir()
    (small / "__pycache__" / f"it.{sys.implementation.cache_tag}.pack").mkdir()
    assert run(small) == (0, NAMES)
    assert packs(small) == [f"it.{sys.implementation.cache_tag}.pack"]


@pytest.mark.parametrize("spoil", ["os.unlink(name)", "open(name, 'w').write('VALUE = (')"], ids=["gone", "half-written"])
def test_a_source_that_changes_meanwhile_leaves_nothing(small, spoil):
    """Somebody updates the package while a command of it runs: no traceback, and no pack."""
    (small / "__pycache__").mkdir()
    spoiled = RUN.replace("pack.keep()", f"import os\nname = {str(small / 'm3.py')!r}\n{spoil}\npack.keep()")
    done = subprocess.run([sys.executable, "-ISB", "-c", spoiled.format(folder=str(small.parent))],
                          capture_output=True, text=True, check=True)
    assert (done.stderr, packs(small)) == ("", [])


def test_a_launcher_takes_its_modules_from_its_pack(tmp_path):
    folder, state = tmp_path / "copy", tmp_path / "state"
    package = shutil.copytree(Path(pack_module.__file__).parent, folder / "slurm_mock",
                              ignore=shutil.ignore_patterns("__pycache__"))
    subprocess.run([sys.executable, "-m", "slurm_mock", "env", "--cluster", "tegner", "--state", str(state)],
                   cwd=folder, capture_output=True, check=True)
    launcher = next(state.rglob("bin/squeue"))
    listing = subprocess.run([launcher, "-h", "-o", "%i %P"], capture_output=True, text=True, check=True).stdout
    assert "main" in listing
    # only the pack still knows what squeue does
    for source in (package / "commands" / "squeue").glob("*.py"):
        found = source.stat()
        source.write_bytes(b"!" * found.st_size)
        os.utime(source, ns=(found.st_atime_ns, found.st_mtime_ns))
    shutil.rmtree(package / "commands" / "squeue" / "__pycache__")
    again = subprocess.run([launcher, "-h", "-o", "%i %P"], capture_output=True, text=True, check=True)
    assert (again.stdout, again.stderr) == (listing, "")
