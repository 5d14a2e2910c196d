"""Build the lab in the browser: JupyterLab and a kernel as static files, with all challenges.

    python tools/build_lab.py FOLDER

FOLDER is replaced.  It is built clean each time: JupyterLite's incremental builds can lose settings.
What comes from package registries is kept below the Python environment.
"""

from __future__ import annotations

import argparse
import sys
import time
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
sys.path[:0] = [str(ROOT)]

from tools.lab import contents, downloads, site  # noqa: E402

CACHE = Path(sys.prefix, "lab-cache")


def main(argv: list[str] | None = None) -> int:
    parser = argparse.ArgumentParser(description="Build the lab in the browser.")
    parser.add_argument("folder", type=Path, help="where it shall lie, such as _build/html/lite")
    options = parser.parse_args(argv)
    begun = time.monotonic()
    try:
        files, programs = contents.read(sorted((ROOT / "challenges").glob("*.zip")))
        options.folder.parent.mkdir(parents=True, exist_ok=True)
        release = site.build(options.folder.absolute(), files, programs, CACHE)
    except (contents.ContentsError, downloads.DownloadError, site.BuildError) as error:
        print(f"build_lab: error: {error}", file=sys.stderr)
        return 1
    print(f"lab {release}: made in {time.monotonic() - begun:.0f} s: {options.folder}")
    return 0


if __name__ == "__main__":
    sys.exit(main())
