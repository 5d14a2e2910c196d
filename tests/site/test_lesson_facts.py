"""{{ key }}: read from the lesson block, filled in everywhere, unknown keys refused."""

import re

import pytest
from lesson_facts import LessonError, fill, read_facts

from .conftest import LESSON, ROOT, BuildFailed


@pytest.fixture
def config(tmp_path):
    path = tmp_path / "_config.yml"
    path.write_text(LESSON)
    return path


def test_facts_are_those_of_the_chosen_cluster(config):
    facts = read_facts(config, environ={})
    assert facts["login_host"] == "tegner.example"
    assert facts["cores"] == "24"
    assert facts["cluster"] == "tegner"


def test_the_environment_chooses_another_cluster(config):
    facts = read_facts(config, environ={"LESSON_CLUSTER": "small"})
    assert (facts["cluster"], facts["login_host"]) == ("small", "small.example")


def test_an_empty_variable_chooses_nothing(config):
    assert read_facts(config, environ={"LESSON_CLUSTER": ""})["cluster"] == "tegner"


def test_every_clusters_facts_have_a_dotted_name(config):
    assert read_facts(config, environ={})["small.login_host"] == "small.example"


def test_a_cluster_without_a_tab_of_its_own_fills_the_tab_for_ones_own(config):
    facts = read_facts(config, environ={"LESSON_CLUSTER": "small"})
    assert (facts["tab"], facts["own.login_host"]) == ("own", "small.example")


def test_beside_a_cluster_with_a_tab_ones_own_is_left_to_the_reader(config):
    facts = read_facts(config, environ={})
    assert (facts["tab"], facts["own.login_host"]) == ("tegner", "<login host>")


def test_unknown_cluster_names_the_known_ones(config):
    with pytest.raises(LessonError, match="'beskow', which is none of: tegner, small"):
        read_facts(config, environ={"LESSON_CLUSTER": "beskow"})


def test_clusters_with_different_keys_are_refused(config):
    config.write_text(LESSON.replace("cores: 4", "nodes: 4"))
    with pytest.raises(LessonError, match="only one of them has: cores, nodes"):
        read_facts(config, environ={})


@pytest.mark.parametrize("text", ["", "title: x", "lesson: 3", "lesson: {cluster: tegner}"])
def test_a_config_without_lesson_says_what_is_needed(config, text):
    config.write_text(text)
    with pytest.raises(LessonError, match="needs `lesson:` with `cluster` and `clusters`"):
        read_facts(config, environ={})


def test_fill_replaces_with_and_without_blanks():
    assert fill("ssh {{ host }} {{host}}", {"host": "h"}, "page.md") == "ssh h h"


def test_fill_leaves_single_braces_alone():
    assert fill("%squeue -u {user} ${HOME}", {}, "page.md") == "%squeue -u {user} ${HOME}"


def test_fill_names_file_line_and_known_keys_of_every_unknown_key():
    with pytest.raises(LessonError) as error:
        fill("a\n{{ hots }}\nb {{ x.y }}", {"host": "h", "small.host": "s"}, "page.md")
    lines = str(error.value).splitlines()
    assert lines[0] == "page.md:2: no such key in the lesson block: 'hots'"
    assert lines[1] == "page.md:3: no such key in the lesson block: 'x.y'"
    assert lines[2].startswith("known keys: host;")


def test_pages_are_filled_in_prose_code_and_arguments(mini_book):
    mini_book.write(
        "index.md",
        "# On {{ cluster_name }}\n\n```bash\nssh {{ login_host }}\n```\n\n"
        "```{admonition} Log in to {{ small.login_host }}\ntext\n```\n",
    )
    assert mini_book.build() == ""
    text = re.sub("<[^>]*>", "", mini_book.html())
    assert "On Tegner" in text
    assert "ssh tegner.example" in text
    assert "Log in to small.example" in text


def test_an_unknown_key_ends_the_build(mini_book):
    mini_book.write("index.md", "# Page\n\n```bash\nssh {{ login }}\n```\n")
    with pytest.raises(BuildFailed, match=r"index.md:4: no such key in the lesson block: 'login'"):
        mini_book.build()


def test_a_changed_fact_reaches_pages_that_did_not_change(mini_book):
    mini_book.write("index.md", "# Page\n\n{{ login_host }}\n")
    mini_book.build()
    mini_book.write("_config.yml", LESSON.replace("tegner.example", "moved.example"))
    mini_book.build()
    assert "moved.example" in mini_book.html()


@pytest.mark.parametrize("cluster", ["tegner", "dardel", "small"])
def test_the_lessons_own_block_serves_each_cluster(cluster):
    facts = read_facts(ROOT / "_config.yml", environ={"LESSON_CLUSTER": cluster})
    assert facts["cluster_name"].lower() == cluster
    assert facts["launcher"] in ("mpirun", "srun")
    assert facts["jupyter_on"] in ("login", "compute")
    assert int(facts["cores_per_node"]) > 0
    assert facts["private_short"] == facts["private"].replace(facts["home"], "~")
    assert facts["own.private_short"] == ("~/private" if cluster == "small" else "~/Private")
