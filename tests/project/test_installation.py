"""slurm_mock installs by itself, brings one command and needs nothing; requirements have reasons."""

import re
import subprocess
import sys

import pytest

from tests.site.conftest import ROOT

if sys.version_info >= (3, 11):
    import tomllib
else:
    import tomli as tomllib

PROJECT = tomllib.loads((ROOT / "pyproject.toml").read_text())["project"]
REQUIREMENT = re.compile(r'[a-z0-9-]+==[\w.]+( ; python_version [<>=]+ "[\d.*]+")? +# \S.*')


def test_the_only_command_is_slurm_mock():
    assert PROJECT["scripts"] == {"slurm-mock": "slurm_mock.cli:main"}


def test_the_package_depends_on_nothing():
    assert PROJECT["dependencies"] == []


@pytest.mark.parametrize(
    "line",
    [
        line
        for line in (ROOT / "requirements.txt").read_text().splitlines()
        if line and line[0] != "#"
    ],
)
def test_every_requirement_is_pinned_and_has_its_reason(line):
    assert REQUIREMENT.fullmatch(line)


def test_the_constraints_agree_with_the_requirements():
    """Made anew after each change of requirements.txt: `make lock`."""
    constraints = (ROOT / "constraints.txt").read_text().splitlines()
    pinned = {line.split(";")[0].strip() for line in constraints}
    wanted = re.findall(r"^([a-z0-9-]+==[\w.]+)", (ROOT / "requirements.txt").read_text(), re.M)
    assert wanted
    assert [requirement for requirement in wanted if requirement not in pinned] == []


@pytest.mark.slow
def test_pip_install_brings_the_mock_alone(tmp_path):
    """Into an empty environment, from a copy: building leaves files beside the sources."""
    venv, home = tmp_path / "venv", tmp_path / "home"
    home.mkdir()
    tracked = subprocess.run(
        ["git", "ls-files", "-z"], cwd=ROOT, check=True, capture_output=True, text=True
    ).stdout.split("\0")
    for name in filter(None, tracked):
        if name.startswith("slurm_mock/") or "/" not in name:
            target = tmp_path / "copy" / name
            target.parent.mkdir(parents=True, exist_ok=True)
            target.write_bytes((ROOT / name).read_bytes())
    subprocess.run([sys.executable, "-m", "venv", venv], check=True)
    before = {path.name for path in (venv / "bin").iterdir()}
    subprocess.run(
        [venv / "bin/python", "-m", "pip", "install", "-q", tmp_path / "copy"], check=True
    )
    assert {path.name for path in (venv / "bin").iterdir()} - before == {"slurm-mock"}

    listed = subprocess.run(
        [venv / "bin/python", "-m", "pip", "list", "--format=freeze"],
        check=True, capture_output=True, text=True,
    ).stdout  # fmt: skip
    names = {line.split("==")[0] for line in listed.split()}
    assert names - {"pip", "setuptools"} == {"slurm-mock"}

    said = subprocess.run(
        [venv / "bin/slurm-mock", "run", "--cluster", "tegner", "--speed", "step", "--", "sinfo", "-h"],
        check=True, capture_output=True, text=True, cwd=home,
        env={"PATH": "/usr/bin:/bin", "HOME": str(home)},
    ).stdout  # fmt: skip
    assert "main*" in said
