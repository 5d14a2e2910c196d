"""slurm_mock stands in parts: imports only go down, there are no circles, and the map is true."""

from __future__ import annotations

import ast
import sys

import pytest

from tools import draw_house, house

MODULES = house.files()
IMPORTS = list(house.imports(MODULES))
# Beside entry points and __init__.py no file lies directly in the package.
ENTRIES = 8


def test_imports_go_down():
    """Those inside of functions count, too."""
    up = [f"{each.file}:{each.line} imports {each.name} from {each.target}" for each in IMPORTS
          if house.place(each.target) > house.place(each.file)]
    assert not up, "\n".join(up)


def test_no_circle():
    graph = {module: {each.target for each in IMPORTS if each.file == module} for module in MODULES}
    found = house.circles(graph)
    assert not found, "\n".join(map(str, found))


def test_each_file_stands_in_a_part():
    entries = [module for module in MODULES if not house.part(module)]
    assert len(entries) <= ENTRIES, entries
    assert all(module.count(".") <= 1 for module in entries), "a folder that is no part"
    named = {f"{house.PACKAGE}.{part}.{name}" for part, steps in house.STEPS.items() for _, names in steps for name in names}
    assert named <= MODULES.keys(), f"steps name what is not there: {named - MODULES.keys()}"
    steps = {module for module in MODULES if module.startswith(f"{house.PACKAGE}.slurmctld.")}
    assert steps <= named, f"on no step of slurmctld: {steps - named}"


def test_posix_knows_only_itself():
    """Its own files, the standard library and, in one file, just-bash."""
    for module, path in MODULES.items():
        if house.part(module) != "posix":
            continue
        for node in ast.walk(house.tree(path)):
            if isinstance(node, ast.Import):
                tops = {alias.name.split(".")[0] for alias in node.names}
            elif isinstance(node, ast.ImportFrom) and not node.level:
                tops = {(node.module or "").split(".")[0]}
            else:
                continue
            allowed = set(sys.stdlib_module_names) | ({"just_bash"} if module.endswith(".borrowed") else set())
            assert tops <= allowed, f"{path}:{node.lineno}"
    beyond = [each for each in IMPORTS if house.part(each.file) == "posix" != house.part(each.target)]
    assert not beyond, beyond


def test_what_asks_the_controller_to_act_stands_above_it():
    """A call of one of the controller's verbs is an arrow, too, though no import shows it."""
    controller = house.tree(MODULES["slurm_mock.slurmctld.controller"])
    verbs = {node.name for node in ast.walk(controller) if isinstance(node, ast.FunctionDef) and node.name[0] != "_"}
    assert {"submit", "cancel", "moved", "tick"} <= verbs
    top = house.place("slurm_mock.slurmctld.controller")
    for module, path in MODULES.items():
        if house.place(module) >= top:
            continue
        for node in ast.walk(house.tree(path)):
            if isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute) and node.func.attr in verbs:
                assert getattr(node.func.value, "id", "") != "ctl", f"{path}:{node.lineno} calls ctl.{node.func.attr}"


def test_each_file_is_on_the_map():
    """`make house` writes the picture and the list; each file has a first line that says what it is."""
    for module, path in MODULES.items():
        assert house.first_line(path), f"{path}: no docstring"
    assert (house.ROOT / draw_house.PICTURE).read_text(encoding="utf-8") == draw_house.picture(MODULES), "make house"
    text = (house.ROOT / draw_house.MAP).read_text(encoding="utf-8")
    assert text == draw_house.filled(text, draw_house.listing(MODULES)), "make house"


def test_what_the_map_names_is_there():
    """The told part of the map, too: each path in it is a file or folder of the package."""
    told = (house.ROOT / draw_house.MAP).read_text(encoding="utf-8").partition(draw_house.BEGIN)[0]
    names = [word for word in told.split("`")[1::2] if word.endswith((".py", "/")) and " " not in word]
    assert len(names) > 20
    for name in names:
        assert (house.ROOT / name).exists() or any((house.ROOT / house.PACKAGE).rglob(name)), name


@pytest.mark.parametrize("module, place", [("slurm_mock.common.tres", (0, 0)), ("slurm_mock.cli", (len(house.PARTS), 0))])
def test_places(module, place):
    assert house.place(module) == place


def test_an_import_that_goes_up_would_be_seen(tmp_path):
    """The reader sees what stands in a function, and a module that is taken from a package."""
    package = tmp_path / "slurm_mock"
    for name, text in {"__init__": "", "common/__init__": "", "common/low": "def f():\n    from ..host import high\n",
                       "host/__init__": "", "host/high": "from ..common.low import f\n"}.items():
        (package / name).parent.mkdir(parents=True, exist_ok=True)
        (package / f"{name}.py").write_text(text)
    modules = house.files(tmp_path)
    found = list(house.imports(modules))
    assert [(each.file, each.target, each.late) for each in found if house.place(each.target) > house.place(each.file)] \
        == [("slurm_mock.common.low", "slurm_mock.host.high", True)]
    graph = {module: {each.target for each in found if each.file == module} for module in modules}
    assert house.circles(graph) == [["slurm_mock.common.low", "slurm_mock.host.high"]]
    assert 'class="up"' in draw_house.picture(modules)
