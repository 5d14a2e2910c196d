"""The original seff, a script of Slurm's source package that Debian does not install: it is fetched from there, used
for the time of a test, and kept nowhere.
"""

from __future__ import annotations

import re
import shutil
import subprocess
import tarfile
from pathlib import Path

from tests import needs

SCRIPT = "contribs/seff/seff"
# Its warnings are Perl's, about the script, and not part of what it says: -X.
WRAPPER = "#!/bin/sh\nexec perl -X {script} \"$@\"\n"
APT = Path("/etc/apt")


def folder(base: Path) -> Path:
    """A folder with the program `seff` in it, of the release of the installed Slurm; made below `base` at the
    first call. The test ends where it can't be had."""
    found = base / "original-seff"
    if not (found / "seff").exists():
        needs.need("slurm-perl")
        shutil.rmtree(found, ignore_errors=True)
        found.mkdir()
        found.chmod(0o755)
        try:
            text = _fetch(found)
        except (subprocess.CalledProcessError, StopIteration, OSError) as error:
            needs.unavailable(f"the original seff is in Debian's source package: {error}")
        script = found / "seff.pl"
        script.write_bytes(text)
        script.chmod(0o644)
        (found / "seff").write_text(WRAPPER.format(script=script))
        (found / "seff").chmod(0o755)
    return found


def _fetch(work: Path) -> bytes:
    """The script's text. Source packages come from where this machine's other packages come from."""
    parts = work / "parts"
    (work / "lists" / "partial").mkdir(parents=True)
    parts.mkdir()
    for file in [*APT.glob("sources.list"), *(APT / "sources.list.d").glob("*")]:
        if file.suffix in (".list", ".sources"):
            text = re.sub(r"^deb(?= )|^(Types:).*", lambda m: "deb-src" if not m[1] else "Types: deb-src",
                          file.read_text(), flags=re.MULTILINE)
            (parts / file.name).write_text(text)
    options = ["-q", "-o", "Dir::Etc::sourcelist=/dev/null", "-o", f"Dir::Etc::sourceparts={parts}",
               "-o", f"Dir::State::lists={work}/lists", "-o", "APT::Sandbox::User=root"]
    version = subprocess.run(["dpkg-query", "-W", "-f", "${Version}", "slurm-client"], capture_output=True, text=True,
                             check=True).stdout
    for command in ("update",), ("source", "--download-only", f"slurm-wlm={version}"):
        subprocess.run(["apt-get", *options, *command], cwd=work, capture_output=True, check=True)
    with tarfile.open(next(work.glob("*.orig.tar.*"))) as archive:
        member = next(one for one in archive if one.name.partition("/")[2] == SCRIPT)
        text = archive.extractfile(member).read()
    for folder in (parts, work / "lists"):
        shutil.rmtree(folder)
    for file in work.glob("slurm-wlm_*"):
        file.unlink()
    return text
