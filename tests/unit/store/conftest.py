"""A store of its own for each test, to be filled by hand."""

import pytest

from slurm_mock.store.store import Store


@pytest.fixture
def store(tmp_path):
    one = Store(str(tmp_path), create=True)
    yield one
    one.close()
