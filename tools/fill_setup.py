"""Make the setup scripts ready: their shared parts in step, their defaults those of a cluster.

The scripts in ``setup/`` stand alone, because a learner copies one file to the cluster.  What they
have in common lies once in ``tools/setup_parts/`` and is written into each of them::

    python tools/fill_setup.py --sync      # after a change in tools/setup_parts

The site offers them for download with the chosen cluster's facts filled in: see `filled`.
"""

from __future__ import annotations

import argparse
import re
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
sys.path.insert(0, str(ROOT / "_ext"))

from lesson_facts import derived  # noqa: E402

SETUP = ROOT / "setup"
PARTS = Path(__file__).resolve().parent / "setup_parts"

DEFAULTS = re.compile(r"(?m)^# >>> defaults of the cluster.*\n(?P<body>(?:.*\n)*?)# <<< defaults of the cluster <<<\n")
SHARED = re.compile(r"(?m)^# >>> shared: (?P<name>\S+) .*\n(?P<body>(?:.*\n)*?)# <<< shared: (?P=name) <<<\n")


def defaults(facts: dict) -> dict[str, str]:
    """Return the scripts' defaults for the facts of one cluster of _config.yml's `lesson:` block.

    An allocation is never among them: each learner has another one.
    Raises KeyError for a fact that is missing.
    """
    return {
        "CLUSTER": str(facts["cluster_name"]),
        "LOGIN_HOST": str(facts["login_host"]),
        "JUPYTER_MODULE": str(facts["module_jupyter"]),
        "PRIVATE_DIR": derived(facts)["private_short"] + "/jupyter",
    }


def filled(text: str, facts: dict) -> str:
    """Return a script's text with the values of its marked block taken from `facts`.

    A text without the block (the tunnel's) comes back as it is.
    Raises ValueError where the block has a line that is no default, or a value can't stand there.
    """
    block = DEFAULTS.search(text)
    if not block:
        return text
    values = defaults(facts)
    lines = []
    for line in block["body"].splitlines():
        name = line.partition(" = ")[0]
        if name not in values:
            raise ValueError(f"no fact of the lesson fills this default: {line}")
        if re.search(r'["\\\n]', values[name]):
            raise ValueError(f"{name} can't be {values[name]!r}: no quotes, backslashes, line ends")
        lines.append(f'{name} = "{values[name]}"\n')
    return text[: block.start("body")] + "".join(lines) + text[block.end("body") :]


def with_shared_parts(text: str) -> str:
    """Return a script's text with each shared part as it stands in tools/setup_parts."""
    return SHARED.sub(
        lambda part: (
            part[0][: part.start("body") - part.start()]
            + (PARTS / part["name"]).read_text(encoding="utf-8")
            + part[0][part.end("body") - part.start() :]
        ),
        text,
    )


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    parser.add_argument("--sync", action="store_true", help="write the shared parts into setup/")
    if not parser.parse_args().sync:
        parser.print_help()
        return 2
    for path in sorted(SETUP.iterdir()):
        text = path.read_text(encoding="utf-8")
        new = with_shared_parts(text)
        if new != text:
            path.write_text(new, encoding="utf-8")
            print(f"in step again: setup/{path.name}")
    return 0


if __name__ == "__main__":
    sys.exit(main())
