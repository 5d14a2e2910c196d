"""``{terminal}``: commands run at build time against the mock, shown with their real output.

    ```{terminal}
    sbatch job.sh
    squeue -u $USER
    ```

All blocks of a page share one folder and one state of the mock, so a job that one block submits
is there in the next.  `<job id>` in a command stands for the id of the job submitted last.  In the
folder lie the files that the page shows by `{lesson-file}` above the block, and those that its
front matter lists as `terminal_files` (relative to the page).  Options of the directive:

`:cluster: NAME`    another cluster than the lesson's, with a state of its own
`:fresh:`           begin with a new folder and a new state
`:expect-fail:`     the block's last command must fail, and its failure is shown

A command that fails unannounced, a traceback, or a block that runs for over a minute ends the build.
"""

from __future__ import annotations

import os
import re
import shutil
import subprocess
import sys
import tempfile
from dataclasses import dataclass
from pathlib import Path

from docutils import nodes
from docutils.parsers.rst import directives
from lesson_facts import LessonError, complain
from lesson_file import FILES, listed_files, note_file
from sphinx.util.docutils import SphinxDirective

SECONDS = 60
MOCK = [sys.executable, "-m", "slurm_mock"]
WHERE = ["--cluster", "{cluster}", "--state", "{state}", "--speed", "step"]
# What starts a shell with the mock switched on, and what ends all that still runs there.  A test
# puts other programs here.
LAUNCHER = [*MOCK, "run", *WHERE, "--"]
CLOSER = [*MOCK, "reset", *WHERE]
PROMPT = "$ "
# Who types: the same on every machine that builds the book.
USER = "anna"
# Separates the outputs of a block's commands; no command prints it by itself.
MARK = "\x1e"
SUBMITTED = re.compile(r"Submitted batch job (\d+)")
JOB_ID = "<job id>"
# Where the page that is being read keeps its sessions, by cluster.
SESSIONS = "lesson_terminals"


@dataclass(frozen=True)
class Step:
    """One command as typed (perhaps several lines), what it printed, and its exit code."""

    command: str
    output: str
    exit_code: int


class Session:
    """A page's shell: a folder to work in and a state of the mock, both thrown away at the end."""

    def __init__(self, launcher: list[str], closer: list[str], cluster: str, home: str):
        self.root = Path(tempfile.mkdtemp(prefix="lesson-terminal-"))
        self.folder = self.root / "home"
        self.folder.mkdir()
        self.home = home.replace("<username>", USER).replace("<initial>", USER[0])
        self.job_id = ""
        facts = {"cluster": cluster, "state": str(self.root / "state")}
        self.launcher = [part.format(**facts) for part in launcher]
        self.closer = [part.format(**facts) for part in closer]

    def add_file(self, name: str, text: str, mode: int) -> None:
        """Lay a file into the folder, unless it lies there already."""
        target = self.folder / name
        if not target.exists():
            target.write_text(text, encoding="utf-8")
            target.chmod(mode)

    def run(self, commands: list[str]) -> list[Step]:
        """Run the commands one after the other and return a Step for each.

        `<job id>` in a command is the id of the job submitted last, by this block or before.
        Raises LessonError when there is no such job, or as `_run_shell` does.
        """
        steps, rest = [], list(commands)
        while rest:
            # Up to the next command that needs the id of a job which is still to be submitted.
            here = 1 + next((n for n, c in enumerate(rest[1:]) if JOB_ID in c), len(rest) - 1)
            if JOB_ID in rest[0] and not self.job_id:
                raise LessonError(f"no job was submitted yet: {rest[0]}")
            part = [command.replace(JOB_ID, self.job_id) for command in rest[:here]]
            steps += self._run_shell(part)
            submitted = [m for step in steps for m in SUBMITTED.findall(step.output)]
            self.job_id = submitted[-1] if submitted else self.job_id
            rest = rest[here:]
        return steps

    def _run_shell(self, commands: list[str]) -> list[Step]:
        """Run the commands in one shell, stdout and stderr mixed as on a terminal.

        Raises LessonError when the shell does not end by itself, or ends before its last command.
        """
        script = "".join(f"{command}\nprintf '{MARK}%s{MARK}' $?\n" for command in commands)
        environ = os.environ | {
            "HOME": str(self.folder),
            "USER": USER,
            "LOGNAME": USER,
            "MOCK_SLURM_USER": USER,
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
            raise LessonError(
                f"no end after {SECONDS} s: {(error.output or b'')[-500:]!r}"
            ) from None
        # Readers have their home on the cluster, not in this machine's folder for temporary files.
        parts = done.stdout.replace(str(self.folder), self.home).split(MARK)
        codes = parts[1::2]
        if len(codes) != len(commands):
            raise LessonError(
                f"the shell ended (exit code {done.returncode}) before: "
                f"{commands[len(codes)]}\n{parts[-1]}"
            )
        return [Step(*step) for step in zip(commands, parts[:-1:2], map(int, codes), strict=True)]

    def close(self) -> None:
        """End the jobs that still run, and remove the folder.

        Raises subprocess.CalledProcessError when the jobs can't be ended.
        """
        try:
            if self.closer:
                quiet = {"stdin": subprocess.DEVNULL, "capture_output": True}
                subprocess.run(self.closer, check=True, **quiet)
        finally:
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
    # To bash, <job id> would be a redirection.
    command = command.replace(JOB_ID, "1")
    check = subprocess.run(
        ["bash", "-n", "-c", command], capture_output=True, stdin=subprocess.DEVNULL, check=False
    )
    # An open here-document is only a warning to bash.
    return check.returncode == 0 and not check.stderr


def what_is_wrong(steps: list[Step], expect_fail: bool) -> str:
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
    screen = terminal_screen()
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


class terminal_screen(nodes.General, nodes.FixedTextElement):
    """Text as a terminal shows it.  A literal_block's highlighter would take output for code."""


def _visit_screen(translator, node):
    translator.body.append(translator.starttag(node, "pre", suffix="", CLASS="terminal-screen"))


def _depart_screen(translator, node):
    translator.body.append("</pre>\n")


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
            wrong = what_is_wrong(steps, "expect-fail" in self.options)
        except LessonError as error:
            wrong = str(error)
        if wrong:
            complain(self.env.app, f"{source}:{line}: terminal: {wrong}")
            return []
        facts = self.config.lesson_facts
        return [terminal_nodes(steps, facts[f"{self._cluster()}.cluster_name"])]

    def _cluster(self) -> str:
        return self.options.get("cluster", self.config.lesson_facts["cluster"])

    def _session(self) -> Session:
        """Return the page's session on this cluster, made at its first block."""
        sessions = self.env.temp_data.setdefault(SESSIONS, {})
        cluster = self._cluster()
        if "fresh" in self.options and cluster in sessions:
            sessions.pop(cluster).close()
        if cluster not in sessions:
            facts = self.config.lesson_facts
            if f"{cluster}.home" not in facts:
                raise LessonError(f"no such cluster in the lesson block: {cluster}")
            session = Session(
                self.config.terminal_launcher,
                self.config.terminal_closer,
                cluster,
                facts[f"{cluster}.home"],
            )
            self.env.app.lesson_sessions.append(session)
            sessions[cluster] = session
        for name in listed_files(self.state.document):
            note_file(self.env, name)
        for path, text in self.env.temp_data.get(FILES, {}).items():
            sessions[cluster].add_file(path.name, text, path.stat().st_mode)
        return sessions[cluster]


def _close_sessions(app, _exception):
    for session in app.lesson_sessions:
        session.close()


def setup(app):
    app.lesson_sessions = []
    app.add_config_value("terminal_launcher", LAUNCHER, "env", [list])
    app.add_config_value("terminal_closer", CLOSER, "env", [list])
    app.add_node(terminal_screen, html=(_visit_screen, _depart_screen))
    app.add_directive("terminal", TerminalDirective)
    app.connect("build-finished", _close_sessions)
    return {"parallel_read_safe": False, "parallel_write_safe": True}
