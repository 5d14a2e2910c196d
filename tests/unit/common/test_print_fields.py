"""Formats of squeue and sinfo: parsing, widths, cuts. Expectations: what Slurm 22.05.8 prints."""

import pytest

from slurm_mock.common import parse_time, print_fields
from slurm_mock.common.print_fields import Field


class Thing:
    def __init__(self, **values):
        self.__dict__.update(values)


FIELDS = {"n": Field("NAME", attr="name"), "t": Field("TIME", lambda r, v: r.time, cut=False)}


def show(text, record, fields=FIELDS):
    bad = []
    cols = print_fields.letters(text, fields, bad.append)
    line = print_fields.printer(cols, None)(record)
    return print_fields.header(cols), print_fields.to_bytes(line).decode("utf-8", "replace"), bad


@pytest.mark.parametrize("form, value, line", [
    ("%n", "abc", "abc"), ("%5n|", "abc", "abc  |"), ("%.5n|", "abc", "  abc|"),
    ("%2n|", "abc", "ab|"), ("%.2n|", "abc", "ab|"), ("%.2t|", "abc", "abc|"),
    ("%2t|", "abc", "ab|"), ("x%n", "a", "xa"), ("100%%n", "a", "100a"), ("%n%%", "a", "a"),
])
def test_letters(form, value, line):
    assert show(form, Thing(name=value, time=value))[1] == line


def test_unknown_letter_is_reported_and_printed_as_it_stands():
    header, line, bad = show("%n %Q", Thing(name="a"))
    assert (header, line, bad) == ("NAME %Q", "a %Q", ["Q"])


def test_missing_value_prints_as_c_does():
    record = Thing(name="")
    assert show("%n|%10n|%.10n|%4n|%.4n|", record)[1] == "(null)|(null)    |    (null)|    |(nul|"


def test_width_counts_bytes():
    assert show("%4n|", Thing(name="åäö"))[1] == "åä|"
    assert show("%.8n|", Thing(name="åäö"))[1] == "  åäö|"


def test_percent_all():
    fields = {"a": Field("A", attr="name"), "Z": Field("Z", attr="name")}
    assert show("%all", Thing(name="x"), fields) == ("A|Z", "x|x", [])


def names(text, record):
    bad = []
    cols = print_fields.names(text, {"name": FIELDS["n"]}.get, bad.append)
    return print_fields.header(cols), print_fields.printer(cols, None)(record), bad


@pytest.mark.parametrize("form, line", [
    ("name", "abc                 "), ("NAME:5", "abc  "), ("name:.5", "  abc"),
    ("name:5 ,name:.4", "abc   " + " abc"), ("name:0x", "abcx"), ("name:-5", "abc "),
    ("name:###", "abc###"),
])
def test_names(form, line):
    assert names(form, Thing(name="abc"))[1] == line


def test_unknown_name_prints_only_its_suffix():
    assert names("foo:5|,name:3", Thing(name="abc")) == ("|NAM", "|abc", ["foo"])


@pytest.mark.parametrize("text, number, rest", [
    ("12ab", 12, "ab"), ("-3", -3, ""), ("+4", 4, ""), ("x", 0, "x"), ("", 0, ""), ("²", 0, "²"),
])
def test_leading_number(text, number, rest):
    assert parse_time.leading_number(text) == (number, rest)
