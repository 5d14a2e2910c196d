"""``{terminal}``: commands run at build time against the mock, shown with their real output.

    ```{terminal}
    sbatch job.sh
    squeue -u $USER
    ```

All blocks of a page share one folder and one state of the mock, so a job that one block submits
is there in the next.  Front matter `terminal_files` lists files (relative to the page) that lie in
that folder, filled in with the lesson's facts.  Options of the directive:

`:cluster: NAME`    another cluster than the lesson's, with a state of its own
`:fresh:`           begin with a new folder and a new state
`:expect-fail:`     the block's last command must fail, and its failure is shown

A command that fails unannounced, a traceback, or a block that runs for over a minute ends the build.
"""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
import tempfile
from dataclasses import dataclass
from pathlib import Path

from docutils import nodes
from docutils.parsers.rst import directives
from sphinx.errors import ExtensionError
from sphinx.util.docutils import SphinxDirective

from lesson_facts import LessonError, fill

SECONDS = 60
# Starts COMMAND with the mock switched on; a test puts another program here.
LAUNCHER = [
    sys.executable, "-m", "slurm_mock", "run",
    "--cluster", "{cluster}", "--state", "{state}", "--speed", "step", "--",
]  # fmt: skip
PROMPT = "$ "
# Separates the outputs of a block's commands; no command prints it by itself.
MARK = "\x1e"


@dataclass(frozen=True)
class Step:
    """One command as typed (perhaps several lines), what it printed, and its exit code."""

    command: str
    output: str
    exit_code: int


class Session:
    """A page's shell: a folder to work in and a state of the mock, both thrown away at the end."""

    def __init__(self, launcher: list[str], cluster: str, home: str):
        self.root = Path(tempfile.mkdtemp(prefix="lesson-terminal-"))
        self.folder = self.root / "home"
        self.folder.mkdir()
        self.home = home
        facts = {"cluster": cluster, "state": str(self.root / "state")}
        self.launcher = [part.format(**facts) for part in launcher]

    def add_file(self, name: str, text: str, mode: int) -> None:
        target = self.folder / name
        target.write_text(text, encoding="utf-8")
        target.chmod(mode)

    def run(self, commands: list[str]) -> list[Step]:
        """Run the commands in one shell, one after the other, and return a Step for each.

        stdout and stderr are as mixed as on a terminal.  Raises LessonError when the shell does
        not end by itself, or ends before its last command.
        """
        script = "".join(f"{command}\nprintf '{MARK}%s{MARK}' $?\n" for command in commands)
        environ = os.environ | {
            "HOME": str(self.folder),
            "TZ": "UTC",
            "LC_ALL": "C.UTF-8",
            "COLUMNS": "100",
        }
        try:
            done = subprocess.run(
                [*self.launcher, "bash", "--noprofile", "--norc", "-c", script],
                cwd=self.folder,
                env=environ,
                stdin=subprocess.DEVNULL,
                stdout=subprocess.PIPE,
                stderr=subprocess.STDOUT,
                timeout=SECONDS,
                encoding="utf-8",
                errors="replace",
            )
        except subprocess.TimeoutExpired as error:
            raise LessonError(f"no end after {SECONDS} s: {(error.output or b'')[-500:]!r}") from None
        # Readers have their home on the cluster, not in this machine's folder for temporary files.
        parts = done.stdout.replace(str(self.folder), self.home).split(MARK)
        codes = parts[1::2]
        if len(codes) != len(commands):
            raise LessonError(f"the shell ended (exit code {done.returncode}) before: "
                              f"{commands[len(codes)]}\n{parts[-1]}")
        return [Step(*step) for step in zip(commands, parts[0::2], map(int, codes))]

    def close(self) -> None:
        shutil.rmtree(self.root, ignore_errors=True)


def split_commands(lines: list[str]) -> list[str]:
    """Group a block's lines into commands: a here-document or a loop is one, of several lines.

    bash itself says whether a command is complete.  Raises LessonError for one that never is.
    """
    commands, pending = [], []
    for line in lines:
        if not pending and not line.strip():
            continue
        pending.append(line)
        command = "\n".join(pending)
        if not line.endswith("\\") and _is_complete(command):
            commands.append(command)
            pending = []
    if pending:
        raise LessonError("a command without an end: " + "\n".join(pending))
    return commands


def _is_complete(command: str) -> bool:
    check = subprocess.run(
        ["bash", "-n", "-c", command], capture_output=True, stdin=subprocess.DEVNULL, check=False
    )
    # An open here-document is only a warning to bash.
    return check.returncode == 0 and not check.stderr


def complaint(steps: list[Step], expect_fail: bool) -> str:
    """Return what is wrong with how a block went, or "" when it went as announced."""
    for number, step in enumerate(steps, 1):
        what = f"`{step.command}` exited with {step.exit_code}:\n{step.output}"
        if "Traceback (most recent call last)" in step.output:
            return what
        last = number == len(steps)
        if step.exit_code and not (expect_fail and last):
            return f"{what}\n(:expect-fail: announces that a block's last command fails)"
        if last and expect_fail and not step.exit_code:
            return f"{what}\n(the block says :expect-fail:, but nothing failed)"
    return ""


def terminal_nodes(steps: list[Step], title: str) -> nodes.container:
    """Return a terminal window with the steps as they would stand on a learner's screen."""
    # With no raw source the text counts as parsed already: no highlighter takes output for code.
    screen = nodes.literal_block("", "", classes=["terminal-screen"], language="none")
    for step in steps:
        for number, line in enumerate(step.command.split("\n")):
            prompt = PROMPT if number == 0 else "> "
            screen += nodes.inline(prompt, prompt, classes=["terminal-prompt"])
            screen += nodes.inline(line, line, classes=["terminal-command"])
            screen += nodes.Text("\n")
        if step.output:
            output = step.output if step.output.endswith("\n") else step.output + "\n"
            screen += nodes.inline(output, output, classes=["terminal-output"])
    window = nodes.container("", classes=["terminal"])
    window += nodes.paragraph("", title, classes=["terminal-title"])
    window += screen
    return window


class TerminalDirective(SphinxDirective):
    has_content = True
    option_spec = {
        "cluster": directives.unchanged_required,
        "fresh": directives.flag,
        "expect-fail": directives.flag,
    }

    def run(self) -> list[nodes.Node]:
        source, line = self.get_source_info()
        try:
            steps = self._session().run(split_commands(list(self.content)))
            wrong = complaint(steps, "expect-fail" in self.options)
        except LessonError as error:
            wrong = str(error)
        if wrong:
            raise ExtensionError(f"{source}:{line}: terminal: {wrong}")
        facts = self.config.lesson_facts
        return [terminal_nodes(steps, facts[f"{self._cluster()}.cluster_name"])]

    def _cluster(self) -> str:
        return self.options.get("cluster", self.config.lesson_facts["cluster"])

    def _session(self) -> Session:
        """Return the page's session on this cluster, made at its first block."""
        sessions = self.env.temp_data.setdefault("lesson_terminals", {})
        cluster = self._cluster()
        if "fresh" in self.options and cluster in sessions:
            sessions.pop(cluster).close()
        if cluster not in sessions:
            facts = self.config.lesson_facts
            if f"{cluster}.home" not in facts:
                raise LessonError(f"no such cluster in the lesson block: {cluster}")
            session = Session(self.config.terminal_launcher, cluster, facts[f"{cluster}.home"])
            self.env.app.lesson_sessions.append(session)
            self._lay_files(session, facts)
            sessions[cluster] = session
        return sessions[cluster]

    def _lay_files(self, session: Session, facts: dict[str, str]) -> None:
        for name in page_files(self.state.document):
            relative, path = self.env.relfn2path(name)
            self.env.note_dependency(relative)
            try:
                text = Path(path).read_text(encoding="utf-8")
            except OSError as error:
                raise LessonError(f"terminal_files: {error}") from None
            session.add_file(Path(path).name, fill(text, facts, relative), os.stat(path).st_mode)


def page_files(document: nodes.document) -> list[str]:
    """Return front matter's `terminal_files` of the page that is being read."""
    for field in document.findall(nodes.field):
        if field[0].astext() == "terminal_files":
            return json.loads(field[1].astext())
    return []


def _close_sessions(app, _exception):
    for session in app.lesson_sessions:
        session.close()


def setup(app):
    app.lesson_sessions = []
    app.add_config_value("terminal_launcher", LAUNCHER, "env", [list])
    app.add_directive("terminal", TerminalDirective)
    app.connect("build-finished", _close_sessions)
    return {"parallel_read_safe": False, "parallel_write_safe": True}
