"""Texts as the shell would read them back: printf %q, ${x@Q}, declare -p."""

import re


def quote(value, always=False):
    """A text as the shell would read it back (printf %q, ${x@Q}, declare -p)."""
    if any(ord(c) < 32 for c in value):
        body = "".join({"\n": "\\n", "\t": "\\t", "'": "\\'", "\\": "\\\\", "\r": "\\r",
                        "\033": "\\E"}.get(c, c) for c in value)
        return f"$'{body}'"
    if always:
        return "'" + value.replace("'", "'\\''") + "'"
    if value and re.fullmatch(r"[\w@%+=:,./-]+", value):
        return value
    return re.sub(r"([^\w@%+=:,./-])", r"\\\1", value) or "''"


def shown(shell, variable):
    """What `declare -p` prints behind a variable's name: ="text", =([key]="text" ...), nothing
    without a value."""
    def double(value):
        if any(ord(c) < 32 for c in value):
            return quote(value)
        return '"' + "".join("\\" + c if c in '"\\$`' else c for c in value) + '"'
    if variable.value is None:
        return ""
    if isinstance(variable.value, dict):
        inner = " ".join(f"[{k}]={double(variable.value[k])}" for k in shell.order(variable))
        return f"=({inner}{' ' if variable.keyed and inner else ''})"
    return "=" + double(variable.value)
