"""Tables of sacctmgr, sreport and sshare. Expectations: print_fields.c, and sacctmgr of Slurm 22.05.8
(tests/conformance/transcripts/sacctmgr/)."""

import pytest

from slurm_mock.common.print_table import (DATE, DOUBLE, MINUTES, SECONDS, TEXT, UINT, Column,
                                           Table, UnknownField, cell, columns, fits, told)

KNOWN = [((("Account", 3),), "account", "Account", 10, TEXT), ((("Flags", 1),), "flags", "Flags", 5, TEXT),
         ((("MaxWall", 4), ("Wall", 2)), "wall", "MaxWall", -11, MINUTES)]
VALUES = {"account": lambda row: row[0], "wall": lambda row: row[1]}


def table(words="acc maxw", **how):
    return Table(columns(words.split(), KNOWN, VALUES), **how)


def test_columns_under_a_title_and_dashes():
    assert list(table().lines([("physics", 90), ("a-very-long-account", None)])) == [
        "   Account MaxWall     ",
        "---------- ----------- ",
        "   physics 01:30:00    ",
        "a-very-lo+             "]


def test_parsable():
    assert list(table(parsable="ending").lines([("a", 1)])) == ["Account|MaxWall|", "a|00:01:00|"]
    assert list(table(parsable="bare", delimiter=";").lines([("a", 1)])) == ["Account;MaxWall", "a;00:01:00"]
    assert list(table(header=False, parsable="bare").lines([("a", None)])) == ["a|"]


def test_only_text_shows_that_it_was_cut():
    assert cell("abcdef", 5) == "abcd+" and cell("abcdef", -5, "") == "abcde"
    wide = Table([Column("Jobs", 3, UINT, lambda row: row), Column("Name", 3, TEXT, lambda row: row)])
    assert list(wide.lines([12345])) == ["Job Nam ", "--- --- ", "123 12+ "]


def test_names_may_be_cut_short_and_have_a_width():
    assert [(c.title, c.width) for c in columns(["ACC%5", "Wall%-20", "fl"], KNOWN, VALUES)] == [
        ("Account", 5), ("MaxWall", -20), ("Flags", 5)]
    assert fits("acc", "Account", 3) and not fits("ac", "Account", 3) and not fits("accx", "Account", 3)
    with pytest.raises(UnknownField, match="^ac$"):
        columns(["ac"], KNOWN, VALUES)


def test_a_column_without_a_value_prints_nothing():
    assert list(table("flags", parsable="bare").lines([("a", 1)])) == ["Flags", ""]


@pytest.mark.parametrize("kind, value, text", [
    (MINUTES, 1440 + 61, "1-01:01:00"), (SECONDS, 59, "00:00:59"), (DOUBLE, 0.5, "0.500000"),
    (UINT, 7, "7"), (TEXT, "x", "x"), (TEXT, None, ""), (MINUTES, None, "")])
def test_kinds(kind, value, text):
    assert told(Column("T", 10, kind, None), value) == text


def test_times():
    assert told(Column("T", 10, DATE, None), 1772442000).startswith("2026-03-02T")
