"""The lesson's facts that matter to the mock: its cluster, allocation, reservation, modules.

They stand in the block `lesson:` of the nearest `_config.yml`, from the working
directory upwards.  Only that block is read, by a reader for nested `key: value` lines:
the mock depends on nothing but the standard library.
"""

import os


def find(folder):
    """Path of the lesson's _config.yml at or above `folder`, or None."""
    folder = os.path.abspath(folder)
    while True:
        path = os.path.join(folder, "_config.yml")
        if os.path.isfile(path):
            return path
        parent = os.path.dirname(folder)
        if parent == folder:
            return None
        folder = parent


def facts(folder, env):
    """{fact: text} of the lesson's cluster; {} when there is no lesson here.

    LESSON_CLUSTER in the environment chooses another cluster of the block.
    """
    path = find(folder)
    block = read(path).get("lesson", {}) if path else {}
    if not isinstance(block, dict):
        return {}
    name = env.get("LESSON_CLUSTER") or block.get("cluster", "")
    clusters = block.get("clusters", {})
    if not isinstance(name, str):
        return {}                        # `cluster:` with lines below it names none
    listed = clusters.get(name) if isinstance(clusters, dict) else None
    found = {} if not isinstance(listed, dict) else {
        fact: text for fact, text in listed.items() if isinstance(text, str)}
    if name:
        found["cluster"] = name
    return found


def read(path):
    """Nested `key: value` lines -> nested dicts; lists and other YAML are passed over."""
    root = {}
    levels = [(-1, root)]
    with open(path, encoding="utf-8", errors="replace") as f:
        for line in f:
            text = line.split(" #")[0].rstrip()
            bare = text.lstrip()
            if not bare or bare[0] in "#-" or ":" not in bare:
                continue
            indent = len(text) - len(bare)
            key, _, value = bare.partition(":")
            value = value.strip().strip("\"'")
            while levels[-1][0] >= indent:
                levels.pop()
            here = levels[-1][1]
            if value:
                here[key.strip()] = value
            else:
                here[key.strip()] = {}
                levels.append((indent, here[key.strip()]))
    return root
