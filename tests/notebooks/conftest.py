"""Challenges as the tests use them: made in a folder of their own, never in notebooks/learner."""

from __future__ import annotations

import copy
import functools
import shutil

import pytest
from lesson_facts import read_facts

from tests.notebooks.session import Challenge
from tools import make_notebooks, notebook_source


@pytest.fixture(scope="session")
def make_challenge(tmp_path_factory):
    """A function (name, cluster) -> Challenge with its own folder and its own, fresh cluster.

    Each is made once; a test gets a copy, with which it may do as it likes.
    """
    made = []

    @functools.cache
    def original(name: str, cluster: str | None):
        environ = {"LESSON_CLUSTER": cluster} if cluster else {}
        facts = read_facts(make_notebooks.ROOT / "_config.yml", environ)
        source = notebook_source.read_source(make_notebooks.NOTEBOOKS / f"{name}.ipynb", facts)
        record = notebook_source.read_record(make_notebooks.NOTEBOOKS / f"{name}.yaml", facts)
        folder = tmp_path_factory.mktemp(f"original-{name}") / "work"
        make_notebooks.write_companions(folder, {name: record}, facts)
        return source, record, facts, folder

    def make(name: str, cluster: str | None = None) -> Challenge:
        source, record, facts, folder = original(name, cluster)
        root = tmp_path_factory.mktemp(name)
        shutil.copytree(folder, root / "work")
        challenge = Challenge(name, copy.deepcopy(source), copy.deepcopy(record), facts, root / "work", root / "state")
        made.append(challenge)
        return challenge

    yield make
    for challenge in made:
        challenge.end()
