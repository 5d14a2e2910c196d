"""Slurm's error numbers, as `scontrol errnumstr` tells them (slurm_errno.h, slurm_errno.c)."""

import ast
from pathlib import Path

import pytest

import slurm_mock
from slurm_mock.common import slurm_errno
from slurm_mock.common.slurm_errno import FailedJob, Refused, RefusedInWords, RefusedWithId
from tests.clusters.reading import Tiny


@pytest.fixture
def told(tmp_path):
    tiny = Tiny(tmp_path / "state")
    return lambda number: tiny.run("scontrol", "errnumstr", str(number)).out.strip()


@pytest.mark.parametrize("number, text", [
    (2000, "Invalid partition name specified"),                     # ESLURM_INVALID_PARTITION_NAME
    (2002, "Access/permission denied"),                             # ESLURM_ACCESS_DENIED
    (2010, "Invalid user id"),                                      # ESLURM_USER_ID_MISSING
    (2014, "Requested node configuration is not available"),        # ..._REQUESTED_NODE_CONFIG_UNAVAILABLE
    (2017, "Invalid job id specified"),                             # ESLURM_INVALID_JOB_ID
    (2021, "Job/step already completing or completed"),             # ESLURM_ALREADY_DONE
    (2045, "Invalid account or account/partition combination specified"),
    (2050, "Job violates accounting/QOS policy (job submit limit, user's size and/or time limits)"),
    (2066, "Invalid qos specification"),                            # ESLURM_INVALID_QOS
    (2108, "Operation not permitted on individual component of heterogeneous job"),
])
def test_texts(told, number, text):
    assert told(number) == text


def test_numbers_of_the_machine_and_of_nobody(told):
    assert told(2) == "No such file or directory"
    assert told(1999).startswith("Unknown error 1999") or told(1999) == "Unknown error 1999"


# ---- the table ---------------------------------------------------------------------

PACKAGE = Path(slurm_mock.__file__).parent
# Words of the commands' own that begin like an error's text.
OWN = {"Invalid user id: ", "Invalid group id: ",                   # sacct's options.c
       "Invalid --nice value, out of range (+/- 2147483645)"}                  # slurm_opt.c


def texts():
    """Every text of the table, those of each release."""
    return [text for value in slurm_errno.TEXTS.values()
            for text in (value.values() if isinstance(value, dict) else [value]) if text]


def literals(path):
    """(line, text) of the string literals of a file, those of f-strings piece by piece."""
    return [(node.lineno, node.value) for node in ast.walk(ast.parse(path.read_text(encoding="utf-8")))
            if isinstance(node, ast.Constant) and isinstance(node.value, str)]


def test_no_text_stands_a_second_time():
    """What slurm_strerror says is looked up by its number."""
    found, known = [], texts()
    for path in sorted(PACKAGE.rglob("*.py")):
        for line, text in literals(path) if path.name != "slurm_errno.py" else ():
            if text in known or text not in OWN and any(
                    len(told) > 14 and told in text and "\n\n" not in text for told in known):
                found.append(f"{path.relative_to(PACKAGE)}:{line}: {text}")
    assert found == []


def test_each_symbol_once_and_each_number():
    tree = ast.parse((PACKAGE / "common" / "slurm_errno.py").read_text(encoding="utf-8"))
    rows = [(node.target.id, node.value) for node in ast.walk(tree) if isinstance(node, ast.NamedExpr)]
    names, numbers = zip(*[(name, ast.literal_eval(value)) for name, value in rows])
    assert len(set(names)) == len(names) == len(slurm_errno.TEXTS)
    assert list(numbers) == list(slurm_errno.TEXTS)
    assert all(name.isupper() and name.startswith(("SLURM", "ESLURM", "ESPANK", "ESCRIPT"))
               for name in names)


def test_only_numbers_of_the_table_are_refused():
    """Refused(...), errno=... and the like name symbols, not numbers or texts."""
    for path in PACKAGE.rglob("*.py"):
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if isinstance(node, ast.Call) and getattr(node.func, "id", "") in (
                    "Refused", "RefusedWithId", "FailedJob"):
                assert not isinstance(node.args[0], (ast.Constant, ast.JoinedStr)), (path, node.lineno)


def test_numbers_that_commands_name():
    assert slurm_errno.ESLURM_INVALID_PARTITION_NAME == 2000
    assert slurm_errno.strerror(slurm_errno.SLURM_ERROR) == "Unspecified error"
    assert slurm_errno.strerror(slurm_errno.SLURM_SUCCESS) == "No error"


# ---- what is refused ---------------------------------------------------------------

def test_refused_carries_the_number():
    refused = Refused(slurm_errno.ESLURM_ACCESS_DENIED, "a line before")
    assert (refused.errno, refused.before, refused.job_id) == (2002, "a line before", None)
    assert refused.text == refused.says(2205) == str(refused) == "Access/permission denied"


def test_kinds_of_refusal():
    assert issubclass(FailedJob, RefusedWithId) and issubclass(RefusedWithId, Refused)
    assert RefusedInWords("not in the mock").says() == "not in the mock"
