"""A page may not show a command line that the emulator would refuse."""

import pytest
from command_lines import wrong_lines

from .conftest import BuildFailed


@pytest.mark.parametrize("line", [
    "squeue -u $USER", "$ squeue --me -o '%i %j'", "%sbatch job.sh", "!sinfo -N -l",
    "#SBATCH -t 10 --mem=2G", "#SBATCH --nodes 2   # two", "sbatch job.sh --no-option-of-sbatch",
    "srun -n 2 ./prog --whatever | sort --reverse", "scontrol show job <job id>",
    "SQUEUE_SORT=i squeue -h", "squeueing is a word", "see sbatch --nope in a sentence",
    "sacct -j 12 --format=jobid,state > out.txt",
])
def test_lines_that_the_mock_takes(line):
    assert wrong_lines(line) == []


@pytest.mark.parametrize(("line", "why"), [
    ("squeue --rainbow", "unrecognized option '--rainbow'"),
    ("$ sbatch -9 job.sh", "invalid option -- '9'"),
    ("%squeue -u", "option requires an argument -- 'u'"),
    ("!sinfo --summarize=yes", "doesn't allow an argument"),
    ("#SBATCH --tme=10", "unrecognized option '--tme=10'"),
    ("sbatch --nodes=2 \\\n    --tme=5 job.sh", "unrecognized option '--tme=5'"),
    ("A=1 B=2 scancel --nope 5", "unrecognized option '--nope'"),
    ("sattach --rainbow 1.0", "sattach"),
])
def test_lines_that_the_mock_refuses(line, why):
    (found,) = wrong_lines(line)
    assert why in found


def test_such_a_line_ends_the_build_and_names_the_page(mini_book):
    mini_book.write("index.md", "# Page\n\n```bash\nsqueue --rainbow\n```\n")
    with pytest.raises(BuildFailed, match=r"index.md:.*squeue: unrecognized option '--rainbow'"):
        mini_book.build()


def test_a_block_may_be_wrong_on_purpose(mini_book):
    mini_book.write("index.md", "# Page\n\n```{code-block} bash\n:class: wrong-on-purpose\n\n"
                                "squeue --rainbow\n```\n")
    assert mini_book.build() == ""
