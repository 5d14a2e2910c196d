"""tools/offline.py: which wheels get into the zip, and what is said of those that don't."""

import json
import zipfile

import pytest

from tools import offline

CDN = "https://elsewhere.example/full/"


def entry(name, file, depends=()):
    return {"name": name, "version": "1.0", "file_name": file, "sha256": "0", "depends": list(depends), "imports": [name],
            "install_dir": "site", "package_type": "package", "unvendored_tests": False}


def wheel(folder, name):
    with zipfile.ZipFile(folder / name, "w") as archive:
        archive.writestr(f"{name.split('-')[0]}/__init__.py", f"# {name}")


@pytest.fixture
def site(tmp_path):
    """A site whose lab would fetch pandas and what that needs."""
    folder = tmp_path / "site"
    pyodide = folder / "lite/static/pyodide"
    pyodide.mkdir(parents=True)
    (folder / "index.html").write_text("<h1>The lesson</h1>")
    wheel(pyodide, "six-1.0-py3-none-any.whl")
    packages = [entry("six", "six-1.0-py3-none-any.whl"), entry("numpy", CDN + "numpy-1.0-cp314-x.whl"),
                entry("pandas", CDN + "pandas-1.0-cp314-x.whl", ["numpy", "six"]),
                entry("matplotlib", CDN + "matplotlib-1.0-cp314-x.whl", ["numpy"]), entry("scipy", CDN + "scipy.whl")]
    table = {"info": {}, "packages": {one["name"]: one for one in packages}}
    (pyodide / "pyodide-lock.json").write_text(json.dumps(table))
    return folder


def packed(site, wheels, capsys):
    """(names in the zip, its lock's packages, what was printed)"""
    target = site.parent / "out.zip"
    words = [str(site), str(target), *(["--wheels", str(wheels)] if wheels else [])]
    assert offline.main(words) == 0
    with zipfile.ZipFile(target) as archive:
        names = {name.removeprefix("hpc-notebooks/") for name in archive.namelist()}
        table = json.loads(archive.read(f"hpc-notebooks/{offline.LOCK}"))["packages"]
        for one in table.values():
            assert f"lite/static/pyodide/{one['file_name']}" in names
    return names, table, capsys.readouterr().out


def test_without_wheels_tables_are_plain_text(site, capsys):
    names, table, said = packed(site, None, capsys)
    assert {"index.html", "START.txt"} <= names
    assert set(table) == {"six", "pandas"}
    assert table["pandas"]["depends"] == [] and table["pandas"]["file_name"] == "pandas-1.0-py3-none-any.whl"
    assert "numpy-1.0-cp314-x.whl" in said and "tables are plain text" in said


def test_with_all_wheels_nothing_is_missing(site, tmp_path, capsys):
    wheels = tmp_path / "wheels"
    wheels.mkdir()
    for name in ("numpy", "pandas", "matplotlib"):
        wheel(wheels, f"{name}-1.0-cp314-x.whl")
    _, table, said = packed(site, wheels, capsys)
    assert set(table) == {"six", "pandas", "numpy", "matplotlib"}
    assert table["pandas"]["file_name"] == "pandas-1.0-cp314-x.whl"
    assert table["pandas"]["depends"] == ["numpy", "six"] and len(table["pandas"]["sha256"]) == 64
    assert "Not in it" not in said


def test_matplotlib_without_what_it_needs_is_no_use(site, tmp_path, capsys):
    wheels = tmp_path / "wheels"
    wheels.mkdir()
    wheel(wheels, "matplotlib-1.0-cp314-x.whl")
    names, table, said = packed(site, wheels, capsys)
    assert set(table) == {"six", "pandas"} and not [name for name in names if "matplotlib" in name]
    assert "numpy-1.0-cp314-x.whl" in said


def test_pandas_without_what_it_needs_is_no_use(site, tmp_path, capsys):
    wheels = tmp_path / "wheels"
    wheels.mkdir()
    wheel(wheels, "pandas-1.0-cp314-x.whl")
    names, table, said = packed(site, wheels, capsys)
    assert table["pandas"]["file_name"] == "pandas-1.0-py3-none-any.whl" and "numpy" not in table
    assert "lite/static/pyodide/pandas-1.0-cp314-x.whl" not in names
    assert "numpy-1.0-cp314-x.whl" in said


@pytest.mark.parametrize("spoil, said", [
    (lambda site: (site / offline.LOCK).unlink(), "has no lab: run `make book` first"),
    (lambda site: None, "no such folder")])
def test_what_cannot_be_packed(site, tmp_path, capsys, spoil, said):
    spoil(site)
    assert offline.main([str(site), str(tmp_path / "out.zip"), "--wheels", str(tmp_path / "none")]) == 1
    assert said in capsys.readouterr().err
    assert not list(tmp_path.glob("out.*"))


def test_plain_tables_are_text_with_a_note(tmp_path):
    import io

    from tools.lab import plain_pandas
    table = plain_pandas.read_table(io.StringIO("JOBID ST\n101 R\n2 PD\n"), sep=r"\s+", on_bad_lines="warn")
    assert table._repr_html_().startswith("<table")
    plain_pandas.NOTE = offline.NOTE
    try:
        assert table._repr_html_() is None
        assert repr(table) == "   JOBID  ST\n0    101   R\n1      2  PD\n" + offline.NOTE
    finally:
        plain_pandas.NOTE = ""
