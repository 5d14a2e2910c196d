"""JSON and YAML texts; their records are shown by commands/shared/test_data_parser.py."""

import json

import pytest

from slurm_mock.common import serializer


@pytest.mark.parametrize("value", [
    {}, [], {"a": []}, {"a": [1, 2.5, True, None, "x"]}, {"a": {"b": [{"c": "d"}]}},
    {"a": 'quote " slash / back \\ tab \t bell \x07 å'}])
def test_json_means_what_was_said(value):
    assert json.loads(serializer.write(value, "json")) == value


def test_json_is_written_as_json_c_writes_it():
    assert serializer.write({"a": [1], "b": {}, "c": "/tmp\x01"}, "json") == (
        '{\n  "a": [\n    1\n  ],\n  "b": {\n  },\n  "c": "\\/tmp\\u0001"\n}')


@pytest.mark.parametrize("text, scalar", [
    ("plain", "plain"), ("two words", "two words"), ("it's: so", "'it''s: so'"), ("-x", "'-x'"),
    ("~", "'~'"), ("null", "'null'"), ("a #b", "'a #b'"), ("end ", "'end '"), ("a\tb", '"a\\tb"'),
    ("/tmp\n", '"/tmp\\n"')])
def test_yaml_quotes_where_a_scalar_would_mean_something_else(text, scalar):
    assert serializer.write({"k": text}, "yaml") == f"%YAML 1.1\n--- !!map\n!!str k: !!str {scalar}\n...\n"


def test_yaml_of_nothing():
    assert serializer.write({"k": None, "m": {}, "n": False}, "yaml").splitlines()[2:-1] == [
        "!!str k: !!null null", "!!str m: !!map {}", "!!str n: !!bool false"]


def test_the_whole_answer():
    told = serializer.document("jobs", [{"job_id": 1}])
    assert list(told) == ["meta", "errors", "jobs"] and told["errors"] == []
    assert told["meta"]["plugin"] == {"type": "openapi/v0.0.38", "name": "Slurm OpenAPI v0.0.38"}
    assert told["meta"]["Slurm"]["release"] == "22.05.8"
    assert serializer.document("jobs", [{"job_id": 1}], database=True)["errors"] == []
    (error,) = serializer.document("jobs", [], database=True)["errors"]
    assert (error["error_number"], error["description"]) == (9003, "Nothing found")
