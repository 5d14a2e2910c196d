"""sacctmgr's words: each is said, and each gap of a text has a name."""

import re
import string
from pathlib import Path

from slurm_mock.commands import sacctmgr
from slurm_mock.commands.sacctmgr import messages

NAMES = [name for name in vars(messages) if name.isupper()]
# sreport has some of them, too.
SAID = [path for folder in ("sacctmgr", "sreport") for path in
        (Path(sacctmgr.__file__).parents[1] / folder).glob("*.py") if path.name != "messages.py"]


def test_nothing_is_kept_that_nobody_says():
    said = set(re.findall(r"messages\.([A-Z_]+)", "".join(path.read_text(encoding="utf-8") for path in SAID)))
    assert set(NAMES) == said


def test_gaps_have_names():
    for name in NAMES:
        value = getattr(messages, name)
        for text in value.values() if isinstance(value, dict) else [value]:
            assert all(gap is None or gap.isidentifier() for _, gap, _, _ in string.Formatter().parse(text)), name


def test_a_verb_without_an_entity_says_which_there_are():
    """sacctmgr(1), ENTITIES."""
    assert set(messages.NO_ENTITY) == {"add", "list", "modify", "delete", "clear", "archive"}
    assert all(word in messages.NO_ENTITY["add"] for word in ("Account", "Cluster", "Coordinator", "QOS", "User"))
