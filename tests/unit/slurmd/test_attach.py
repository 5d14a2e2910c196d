"""What srun hands to sattach: frames of output and ends, the last ones for who comes later."""

import io
import os

import pytest

from slurm_mock.slurmd import attach


@pytest.fixture
def stage(tmp_path):
    made = attach.Stage(attach.folder(str(tmp_path), 12, 0))
    yield made
    made.close()


def look(stage, name):
    """Make oneself known as sattach does; the reading end."""
    os.makedirs(stage.path, exist_ok=True)
    path = os.path.join(stage.path, name)
    os.mkfifo(path)
    return open(os.open(path, os.O_RDONLY | os.O_NONBLOCK), "rb")


def read(file):
    return list(attach.frames(io.BytesIO(file.read() or b"")))


def test_each_step_has_a_folder():
    assert attach.folder("/s", 12, 0) == "/s/attach/12.0"
    assert attach.folder("/s", 12, 1) != attach.folder("/s", 12, 0) != attach.folder("/s", 120, 0)


def test_who_looks_on_sees_what_was_and_what_comes(stage):
    stage.write(0, 1, b"early\n")
    with look(stage, "a") as file:
        stage.admit()
        stage.write(1, 2, b"x 1 2\nlate")
        stage.ended(1, 256)
        assert read(file) == [(1, 0, b"early\n"), (2, 1, b"x 1 2\nlate"), ("x", 1, 256)]


def test_nobody_is_let_in_twice(stage):
    stage.admit()                        # there is not even a folder
    stage.write(0, 1, b"one")
    with look(stage, "a") as first:
        stage.admit()
        with look(stage, "b") as second:
            stage.admit()
            stage.write(0, 1, b"two")
            assert read(first) == read(second) == [(1, 0, b"one"), (1, 0, b"two")]


def test_only_the_latest_pieces_are_kept(stage):
    for number in range(attach.KEPT + 5):
        stage.write(0, 1, b"%d" % number)
    with look(stage, "a") as file:
        stage.admit()
        found = read(file)
    assert (len(found), found[0][2], found[-1][2]) == (attach.KEPT, b"5", b"%d" % (attach.KEPT + 4))


def test_who_leaves_or_does_not_read_holds_nobody_up(stage):
    with look(stage, "idle"), look(stage, "good") as good:
        look(stage, "gone").close()
        stage.admit()
        for _ in range(20):
            stage.write(0, 1, b"x" * 10_000)
            assert len(read(good)) == 1


def test_a_frame_cut_off_is_none():
    assert list(attach.frames(io.BytesIO(b"1 0 2\nhi1 0"))) == [(1, 0, b"hi")]
