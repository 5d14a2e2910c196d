"""{terminal}: really run, shown as it came, and what fails ends the build."""

import html
import re

import pytest
from lesson_facts import LessonError
from terminal import Session, Step, split_commands, what_is_wrong

from .conftest import BuildFailed


def page(*blocks, front="", option=""):
    text = f"---\n{front}\n---\n" if front else ""
    return (
        text
        + "# Page\n\n"
        + "\n\n".join("```{terminal}\n" + option + block + "\n```" for block in blocks)
    )


def screens(book):
    found = re.findall(r'<pre class="[^"]*terminal-screen[^"]*">(.*?)</pre>', book.html(), re.S)
    return [html.unescape(re.sub("<[^>]*>", "", screen)).rstrip("\n") for screen in found]


@pytest.fixture
def session(tmp_path):
    session = Session(["env"], ["touch", str(tmp_path / "closed-{cluster}")], "tegner", "/home/me")
    yield session
    session.close()


def test_prompt_command_and_output(mini_book):
    mini_book.write("index.md", page("echo one\necho two >&2; echo three"))
    assert mini_book.build() == ""
    assert screens(mini_book) == ["$ echo one\none\n$ echo two >&2; echo three\ntwo\nthree"]
    assert "Tegner" in mini_book.html()


def test_output_is_text_not_markup(mini_book):
    mini_book.write("index.md", page("echo '<b>*x*</b> & #!/bin/bash'"))
    mini_book.build()
    assert screens(mini_book)[0].splitlines()[1] == "<b>*x*</b> & #!/bin/bash"


def test_blocks_of_a_page_share_a_folder(mini_book):
    mini_book.write("index.md", page("echo kept > f", "cat f"))
    mini_book.build()
    assert screens(mini_book)[1] == "$ cat f\nkept"


def test_fresh_begins_anew(mini_book):
    mini_book.write("index.md", page("echo kept > f") + "\n\n```{terminal}\n:fresh:\nls\n```\n")
    mini_book.build()
    assert screens(mini_book)[1] == "$ ls"


def test_another_cluster_has_a_state_of_its_own(mini_book):
    mini_book.write(
        "index.md",
        page("echo $CLUSTER > f; cat f")
        + "\n\n```{terminal}\n:cluster: small\ncat f; echo $CLUSTER; false\n```\n",
    )
    with pytest.raises(BuildFailed, match="No such file"):
        mini_book.build()
    mini_book.write("index.md", page("echo $CLUSTER", option=":cluster: small\n"))
    mini_book.build()
    assert screens(mini_book) == ["$ echo $CLUSTER\nsmall"]


def test_unknown_cluster_ends_the_build(mini_book):
    mini_book.write("index.md", page("true", option=":cluster: beskow\n"))
    with pytest.raises(BuildFailed, match="no such cluster in the lesson block: beskow"):
        mini_book.build()


def test_a_failing_command_ends_the_build(mini_book):
    mini_book.write("index.md", page("echo fine\ncat nowhere\necho later"))
    with pytest.raises(BuildFailed, match=r"index.md:3: terminal: `cat nowhere` exited with 1"):
        mini_book.build()


def test_an_announced_failure_is_shown(mini_book):
    mini_book.write("index.md", page("cat nowhere", option=":expect-fail:\n"))
    mini_book.build()
    assert screens(mini_book)[0].startswith("$ cat nowhere\ncat: nowhere: No such file")


def test_an_announced_failure_that_does_not_come_ends_the_build(mini_book):
    mini_book.write("index.md", page("true", option=":expect-fail:\n"))
    with pytest.raises(BuildFailed, match="nothing failed"):
        mini_book.build()


def test_job_id_stands_for_the_last_submitted_job(mini_book):
    mini_book.write(
        "index.md",
        page(
            "echo Submitted batch job 41\necho see <job id>",
            "echo Submitted batch job 42\necho also\necho <job id> is it\necho <job id>",
        ),
    )
    mini_book.build()
    first, second = screens(mini_book)
    assert first.endswith("$ echo see 41\nsee 41")
    assert second.endswith("$ echo 42 is it\n42 is it\n$ echo 42\n42")


def test_job_id_without_a_job_ends_the_build(mini_book):
    mini_book.write("index.md", page("echo <job id>"))
    with pytest.raises(BuildFailed, match="no job was submitted yet"):
        mini_book.build()


def test_listed_and_shown_files_lie_in_the_folder_filled_in(mini_book):
    mini_book.write("files/listed.sh", "echo on {{ cluster_name }}\n")
    mini_book.write("files/shown.sh", "echo of {{ cores }} cores\n")
    mini_book.write(
        "index.md",
        "---\nterminal_files: [files/listed.sh]\n---\n# Page\n\n"
        "```{lesson-file} files/shown.sh\n:language: bash\n:caption: shown.sh\n:linenos:\n```\n\n"
        "```{terminal}\nbash listed.sh\nbash shown.sh\n```\n",
    )
    assert mini_book.build() == ""
    assert screens(mini_book) == ["$ bash listed.sh\non Tegner\n$ bash shown.sh\nof 24 cores"]
    shown = html.unescape(re.sub("<[^>]*>", "", mini_book.html()))
    assert "echo of 24 cores" in shown and "{{" not in shown


@pytest.mark.parametrize("text", [
    "---\nterminal_files: [gone.sh]\n---\n# P\n\n```{terminal}\ntrue\n```\n",
    "# P\n\n```{lesson-file} gone.sh\n```\n",
])  # fmt: skip
def test_a_missing_file_ends_the_build(mini_book, text):
    mini_book.write("index.md", text)
    with pytest.raises(BuildFailed, match="no such file beside the page.*gone.sh"):
        mini_book.build()


def test_this_machines_folder_is_shown_as_the_learners_home(mini_book):
    mini_book.write("index.md", page("pwd; echo $HOME"))
    mini_book.build()
    assert screens(mini_book) == ["$ pwd; echo $HOME\n/afs/home\n/afs/home"]


def test_the_home_is_that_of_the_person_who_types():
    session = Session([], [], "tegner", "/afs/home/<initial>/<username>")
    session.close()
    assert session.home == "/afs/home/a/anna"


def test_the_same_person_types_on_every_machine(session):
    assert session.run(["echo $USER $LOGNAME $MOCK_SLURM_USER"])[0].output == "anna anna anna\n"


def test_a_here_document_is_one_command():
    lines = ["cat > job.sh <<'EOF'", "#!/bin/bash", "", "sleep 60", "EOF", "", "for i in 1 2", "do",
             "  echo $i", "done", "echo a \\", "  b"]  # fmt: skip
    assert split_commands(lines) == [
        "cat > job.sh <<'EOF'\n#!/bin/bash\n\nsleep 60\nEOF",
        "for i in 1 2\ndo\n  echo $i\ndone",
        "echo a \\\n  b",
    ]


def test_a_command_without_an_end():
    with pytest.raises(LessonError, match="without an end: for i in 1"):
        split_commands(["for i in 1", "do"])


def test_a_shell_that_ends_early_names_what_was_left(session):
    with pytest.raises(LessonError, match=r"the shell ended \(exit code 3\) before: exit 3"):
        session.run(["true", "exit 3", "true"])


def test_a_block_without_an_end_is_stopped(session, monkeypatch):
    monkeypatch.setattr("terminal.SECONDS", 0.3)
    with pytest.raises(LessonError, match="no end after 0.3 s"):
        session.run(["sleep 30"])


def test_a_session_leaves_nothing_behind(session, tmp_path):
    session.run(["echo x > f"])
    session.close()
    assert not session.root.exists()
    assert (tmp_path / "closed-tegner").exists(), "the closer was run"


@pytest.mark.parametrize(
    ("steps", "expect_fail", "words"),
    [
        ([Step("a", "", 0)], False, ""),
        ([Step("a", "", 1)], False, "`a` exited with 1"),
        ([Step("a", "", 0), Step("b", "", 1)], True, ""),
        ([Step("a", "", 1), Step("b", "", 1)], True, "`a` exited with 1"),
        ([Step("a", "Traceback (most recent call last):\n", 1)], True, "Traceback"),
    ],
)
def test_what_is_wrong(steps, expect_fail, words):
    wrong = what_is_wrong(steps, expect_fail)
    assert (words in wrong) if words else wrong == ""
