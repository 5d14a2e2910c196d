"""How sacct prints: columns that are cut, or values between delimiters (sacct(1), -p, -P)."""

from slurm_mock.commands.shared.acct_fields import AccountField
from slurm_mock.commands.shared.acct_print import header, printer

COLS = [(AccountField("JobID", 5, "str", lambda row, view: row["id"]), -5),
        (AccountField("Start", 6, "date", lambda row, view: row["start"]), 6),
        (AccountField("NCPUS", 3, "num", lambda row, view: row["cpus"]), 3)]
ROW = {"id": "123456", "start": "2026-03-02", "cpus": "1234"}
NONE = {"id": "7", "start": None, "cpus": None}


def test_the_title():
    assert header(COLS, "", "|") == ["JobID  Start NCP ", "----- ------ --- "]
    assert header(COLS, "p", "|") == ["JobID|Start|NCPUS|"]
    assert header(COLS, "P", ";;") == ["JobID;;Start;;NCPUS"]


def test_a_table_cuts_text_with_a_mark_dates_without_and_numbers_never():
    line = printer(COLS, None, "", "|")
    assert line(ROW) == "1234+ 2026-0 1234 "
    assert line(NONE) == "7                "


def test_values_between_delimiters_are_whole_but_dates():
    assert printer(COLS, None, "P", "|")(ROW) == "123456|2026-0|1234"
    assert printer(COLS, None, "p", "|")(NONE) == "7|||"
