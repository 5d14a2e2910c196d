"""--mpi: a kind that there is not ends srun (tests/conformance/cases/commands/84-bindings.sh)."""

from types import SimpleNamespace

import pytest

from slurm_mock.commands.shared.call import Fail
from slurm_mock.commands.srun.mpi import check_mpi


def asked(kind, said):
    return SimpleNamespace(given={"mpi": kind}, call=SimpleNamespace(error=said.append, print=lambda text, end: said.append(text)))


@pytest.mark.parametrize("kind", ["none", "openmpi", "pmi2", "pmix", "pmix_v4", "cray_shasta"])
def test_kinds(kind):
    said = []
    check_mpi(asked(kind, said))
    assert said == []


@pytest.mark.parametrize("kind", ["nope", "", "mpi/none", "0", "pmix_v"])
def test_a_kind_that_there_is_not(kind):
    said = []
    with pytest.raises(Fail) as wrong:
        check_mpi(asked(kind, said))
    assert wrong.value.text == f"Invalid MPI type '{kind}', --mpi=list for acceptable types" and wrong.value.code == 1
    assert said[0] == f"Couldn't find the specified plugin name for mpi/{kind} looking at all files" and len(said) == 4


def test_the_list():
    said = []
    with pytest.raises(Fail) as ended:
        check_mpi(asked("list", said))
    assert ended.value.code == 0 and "\tpmi2\n" in said[0]
