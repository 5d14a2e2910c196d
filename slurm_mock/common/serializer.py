"""JSON and YAML as Slurm's data parser writes them: order kept, every YAML value tagged.

Source: the output of `squeue --json` and `--yaml` of Slurm 22.05 (json-c, libyaml).
"""

from . import release
from .slurm_errno import ESLURM_REST_EMPTY_RESULT, strerror

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping
    from typing import Any

_ESCAPES = {'"': '\\"', "\\": "\\\\", "/": "\\/", "\b": "\\b", "\f": "\\f", "\n": "\\n",
            "\r": "\\r", "\t": "\\t"}


class Empty(str):
    """Text that stays text in YAML when it is empty; elsewhere Slurm writes null."""


def document(key: str, records: "list[Any]", database: bool = False) -> "dict[str, Any]":
    """The whole answer of v0.0.38: what speaks, what went wrong, the records under `key`; database:
    of the plug-in that asks slurmdbd, for which no record is an error."""
    kind, name = ("dbv0.0.38", " DB") if database else ("v0.0.38", "")
    plugin = {"type": "openapi/" + kind, "name": f"Slurm OpenAPI{name} v0.0.38"}
    errors = []
    if database and not records:
        errors = [{"description": "Nothing found", "error_number": ESLURM_REST_EMPTY_RESULT,
                   "error": strerror(ESLURM_REST_EMPTY_RESULT), "source": "slurmdb_jobs_get"}]
    slurm = {"version": release.parts(), "release": release.version()}
    return {"meta": {"plugin": plugin, "Slurm": slurm}, "errors": errors, key: records}


def write(data: "dict[str, Any]", kind: str) -> str:
    """data: dicts, lists, text, numbers, None -> text in `kind` ("json" or "yaml")."""
    if kind == "json":
        return _json(data, "")
    return "%YAML 1.1\n--- !!map\n" + "".join(_yaml_map(data, "")) + "...\n"


def _quote(text: str) -> str:
    return '"' + "".join([_ESCAPES.get(c) or (c if c >= " " else f"\\u{ord(c):04x}")
                          for c in text]) + '"'


def _json(value: object, indent: str) -> str:
    if value is None:
        return "null"
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, str):
        return _quote(value)
    inner = indent + "  "
    if isinstance(value, dict):
        items = [f"{inner}{_quote(str(k))}: {_json(v, inner)}" for k, v in value.items()]
        ends = "{}"
    elif isinstance(value, list):
        items = [inner + _json(v, inner) for v in value]
        ends = "[]"
    else:
        return repr(value)
    body = ",\n".join(items) + ("\n" if items else "")
    return f"{ends[0]}\n{body}{indent}{ends[1]}"


def _yaml_map(data: "Mapping[str, object]", indent: str) -> "Iterator[str]":
    for key, value in data.items():
        yield from _yaml(value, f"{indent}!!str {key}: ", indent)


def _yaml(value: object, lead: str, indent: str) -> "Iterator[str]":
    """Lines of a value after `lead`."""
    if isinstance(value, dict):
        yield f"{lead}!!map{'' if value else ' {}'}\n"
        yield from _yaml_map(value, indent + "  ")
    elif isinstance(value, list):
        yield f"{lead}!!seq{'' if value else ' []'}\n"
        for item in value:
            yield from _yaml(item, f"{indent}- ", indent)
    elif value is None or value == "" and not isinstance(value, Empty):
        yield f"{lead}!!null null\n"
    elif isinstance(value, bool):
        yield f"{lead}!!bool {'true' if value else 'false'}\n"
    elif isinstance(value, float):
        yield f"{lead}!!float {value:f}\n"
    elif isinstance(value, int):
        yield f"{lead}!!int {value}\n"
    else:
        yield f"{lead}!!str {_yaml_text(str(value))}".rstrip() + "\n"


def _yaml_text(text: str) -> str:
    """A plain scalar where YAML allows one, else quoted."""
    if not text:
        return ""
    if any(c < " " or c > "~" for c in text):
        return _quote(text).replace("\\/", "/")
    if (text[0] in "-?:,[]{}#&*!|>'\"%@` " or text[-1] in " :" or ": " in text or " #" in text
            or text in ("~", "null")):
        return "'" + text.replace("'", "''") + "'"
    return text
