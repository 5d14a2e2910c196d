"""posix/tools/modes.py: modes as chmod(1) reads them."""

import pytest

from slurm_mock.posix.tools.modes import changed_mode


@pytest.mark.parametrize("before, text, after", [
    (0o644, "u+x", 0o744), (0o777, "go-w", 0o755), (0o640, "a=r", 0o444), (0, "755", 0o755), (0o755, "4755", 0o4755),
    (0o644, "u+s", 0o4644), (0o644, "g+s", 0o2644), (0o644, "+t", 0o1644), (0o644, "u+t", 0o644), (0o7644, "a-st", 0o644),
    (0o644, "u=rwx,g=u,o=g-x", 0o776), (0o200, "u+rw-x+x", 0o700), (0o600, "a+X", 0o600), (0o700, "a+X", 0o711), (0o777, "=", 0)])
def test_modes(before, text, after):
    assert changed_mode(before, text) == after


def test_a_folder_and_the_mask():
    assert changed_mode(0o600, "a+X", 0, True) == 0o711 and changed_mode(0o2700, "g=rx", 0, True) == 0o2750
    assert changed_mode(0o666, "+x", 0o077) == 0o766 and changed_mode(0o666, "a+x", 0o077) == 0o777


@pytest.mark.parametrize("text", ["", "999", "77777", "abc", "u+z", "b+x", "u", "u+rx,", "²", "1_0"])
def test_what_is_no_mode(text):
    with pytest.raises(ValueError):
        changed_mode(0o644, text)
