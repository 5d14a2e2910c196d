"""Challenges as the tests use them: made in a folder of their own, never in notebooks/learner."""

from __future__ import annotations

import pytest
from lesson_facts import read_facts

from tests.notebooks.session import Challenge
from tools import make_notebooks, notebook_source


@pytest.fixture(scope="session")
def make_challenge(tmp_path_factory):
    """A function (name, cluster) -> Challenge with its own folder and its own, fresh cluster."""
    made = []

    def make(name: str, cluster: str | None = None) -> Challenge:
        environ = {"LESSON_CLUSTER": cluster} if cluster else {}
        facts = read_facts(make_notebooks.ROOT / "_config.yml", environ)
        root = tmp_path_factory.mktemp(name)
        source = notebook_source.read_source(make_notebooks.NOTEBOOKS / f"{name}.ipynb", facts)
        record = notebook_source.read_record(make_notebooks.NOTEBOOKS / f"{name}.yaml", facts)
        make_notebooks.write_companions(root / "work", {name: record}, facts)
        challenge = Challenge(name, source, record, facts, root / "work", root / "state")
        made.append(challenge)
        return challenge

    yield make
    for challenge in made:
        challenge.end()
