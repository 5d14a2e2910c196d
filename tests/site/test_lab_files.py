"""The files of the built lab: whose Pyodide it names, where each package comes from, what readers find."""

import hashlib
import json
import zipfile

import pytest
from jupyterlite_pyodide_kernel.constants import PYODIDE_CDN_URL

from tools import make_notebooks
from tools.lab import lock
from tools.lab import site as lab_site
from tools.notebook_archive import INSTALLATION


@pytest.fixture(scope="module")
def lite(site):
    return site / "lite"


@pytest.fixture(scope="module")
def packages(lite):
    """The lock's packages by their names as PEP 503 writes them."""
    table = json.loads((lite / "static/pyodide/pyodide-lock.json").read_text())["packages"]
    return {lock.normal(name): entry for name, entry in table.items()}


def settings(path):
    return json.loads(path.read_text()).get("jupyter-config-data", {})


def closure(packages, names):
    found, todo = set(), list(names)
    while todo:
        name = lock.normal(todo.pop())
        if name not in found:
            found.add(name)
            todo += packages[name]["depends"]
    return found


def test_the_configuration_names_our_copy_of_pyodide(lite):
    kernel = settings(lite / "jupyter-lite.json")["litePluginSettings"][lab_site.PLUGIN]
    assert kernel["pyodideUrl"] == "./static/pyodide/pyodide.mjs"
    assert kernel["disablePyPIFallback"] is True
    assert (lite / kernel["pyodideUrl"]).is_file()
    for app in lab_site.APPS:
        assert lab_site.PLUGIN not in settings(lite / app / "jupyter-lite.json").get("litePluginSettings", {})


def test_the_first_cell_needs_nothing_from_elsewhere(packages):
    needed = closure(packages, [*lab_site.FIRST, "just-bash"])
    assert {name for name in needed if "://" in packages[name]["file_name"]} == set()


def test_each_wheel_that_lies_here_is_the_one_in_the_lock(lite, packages):
    folder = lite / "static/pyodide"
    ours = {entry["file_name"]: entry["sha256"] for entry in packages.values() if "://" not in entry["file_name"]}
    assert ours == {wheel.name: hashlib.sha256(wheel.read_bytes()).hexdigest() for wheel in folder.glob("*.whl")}


def test_compiled_packages_come_from_pyodides_makers(packages):
    for name in ("pandas", "numpy", "matplotlib"):
        assert packages[name]["file_name"].startswith(f"{PYODIDE_CDN_URL}/")
        assert len(packages[name]["sha256"]) == 64
    assert "pandas" in packages["slurm-magic"]["depends"], "`%load_ext slurm_magic` brings it along"


def test_readers_find_what_lies_beside_the_notebooks_on_the_desktop(lite):
    expected = set()
    for name in make_notebooks.names():
        with zipfile.ZipFile(make_notebooks.SOLVED / f"{name}.zip") as archive:
            for entry in archive.namelist():
                if (file := entry.split("/")[1]) in INSTALLATION:
                    continue
                expected.add(file)
                assert (lite / "files" / file).read_bytes() == archive.read(entry)
    assert {path.name for path in (lite / "files").iterdir()} == expected
    listed = json.loads((lite / "api/contents/all.json").read_text())["content"]
    assert {entry["name"] for entry in listed} == expected


def test_the_store_of_readers_files_is_the_releases_own(lite):
    release = json.loads((lite / "release.json").read_text())
    assert release["storage"].endswith(release["release"])
    assert settings(lite / "jupyter-lite.json")["contentsStorageName"] == release["storage"]
    assert release["notebooks"] == [f"{name}.ipynb" for name in make_notebooks.names()]


def test_nothing_of_this_machine_is_in_the_lab(lite):
    """Only the kernel's extension is there, whatever else is installed; no source maps."""
    assert [path.name for path in (lite / "extensions").glob("*/*")] == ["pyodide-kernel-extension"]
    assert not list(lite.rglob("*.map"))
