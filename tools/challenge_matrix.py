"""Print all challenges, their checks, and how many wrong answers prove each check, as a Markdown table.

    python tools/challenge_matrix.py
"""

from __future__ import annotations

import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
sys.path.insert(0, str(ROOT / "_ext"))

from challenge_table import read_entries, table  # noqa: E402
from lesson_facts import LessonError, read_facts  # noqa: E402


def main() -> int:
    try:
        print(table(read_entries(ROOT / "notebooks", read_facts(ROOT / "_config.yml"))), end="")
    except LessonError as error:
        print(f"challenge_matrix: error: {error}", file=sys.stderr)
        return 1
    return 0


if __name__ == "__main__":
    sys.exit(main())
