"""Probes of 09-jupyter-on-a-compute-node: the script that starts the server, where it runs, the tunnel, its end."""

import re
import socket
from pathlib import Path

import checks_typed as typed
from checks_findings import blamed, open_task, probe, right, wrong
from checks_jobs import error_tail, text_of
from checks_script import commands, directive_mistake, directives, minutes_asked, not_a_script
from checks_slurm import elements, newest_job, own_jobs, run
from checks_writing import kept_number

ENDING = 90  # seconds that a cancelled job may take to end: it is asked first, and ended after KillWait (30)
START = re.compile(r"(^|[\s/])jupyter(-|\s+)(notebook|lab|server)\b")


@probe
def script_starts_server(expect):
    """Does a job script start a server as the task asks?  expect: file, output (file name), minutes, login_host."""
    name = expect["file"]
    if not Path(name).is_file():
        return open_task(f"there is no file `{name}` in this folder yet.")
    text = text_of(name)
    mistake = not_a_script(text) or directive_mistake(text)
    if mistake:
        return blamed(mistake)
    asked = directives(text)
    if minutes_asked(asked.get("time", "")) != expect["minutes"]:
        return wrong("limit-asked", f"the time limit is `{asked.get('time', 'not given')}`; the task wants {expect['minutes']} minutes.",
                     "a bare number behind `-t` counts minutes: a server that nobody uses any more should not have a node for days.")
    if asked.get("output") != expect["output"]:
        return wrong("log-without-number", f"the output goes to `{asked.get('output', 'slurm-%j.out')}`; the task wants `{expect['output']}`.",
                     "with `%j` each job has a log of its own: nobody reads the port of yesterday's server.")
    start = next((line for line in commands(text) if START.search(line) and not line.startswith("echo")), None)
    if start is None:
        return wrong("no-server", "the script has no line that starts the server.", "`./jupyter-notebook` with three options, on the last line.")
    return start_problem(start) or tunnel_line_problem(text, start, expect["login_host"]) or right(
        f"`{name}` starts a server at the node's own address, at a port of your own, and says how to get there.")


def start_problem(line):
    """The Finding for what is wrong with the line that starts the server, or None."""
    asked = dict(re.findall(r"--([\w.-]+)(?:[= ]+(?!-)([^\s&]*))?", line))
    address, port = (asked.get(key, "").strip("'\"") for key in ("ip", "port"))
    if re.search(r"token=(''|\"\"|\s|$)|password=(''|\"\"|\s|$)", line):
        return wrong("door-open", "the server is told to ask for no password: whoever reaches the port is you.",
                     "leave that option out. The password and the certificate are what keeps the door shut.")
    if address in ("0.0.0.0", "*", "::"):
        return wrong("listens-everywhere", f"`--ip={address}` lets the server listen at every address of the node, in every network that it is part of.",
                     "at the one address that the tunnel needs: `--ip=$node`.")
    if address in ("", "localhost", "127.0.0.1"):
        return wrong("listens-to-itself", "the server listens at the node's `localhost`: the login node, where the tunnel comes from, cannot reach it.",
                     "`--ip=` with the node's own name.")
    if not port or port.isdigit():
        return wrong("fixed-port", f"the port is {port or '8888, since none is given'}: on a shared node the second user finds it taken.",
                     "a port that follows from who you are: `--port=$port`.")
    if "no-browser" not in asked:
        return wrong("wants-browser", "the server will look for a browser on the compute node.", "`--no-browser`.")
    if line.rstrip().endswith("&"):
        return wrong("in-background", "`&` sends the server to the background; the script is over at once, and with it the job and the server.",
                     "without `&`, on the last line: the job lasts as long as the server.")
    return None


def tunnel_line_problem(text, start, login_host):
    """The Finding for the line that tells how to open the tunnel, or None."""
    lines = commands(text)
    told = next((line for line in lines if re.match(r"(echo|printf)\b.*\bssh\b.*-\w*L", line)), None)
    if told is None:
        return wrong("tunnel-not-told", "the script does not write down the line for the laptop.", "`echo` and the line, before the server starts.")
    if lines.index(told) > lines.index(start):
        return wrong("told-too-late", "the line for the laptop would be written when the server has ended.", "above the server's line.")
    if re.match(r"\w+\s+'[^']*\$", told):
        return wrong("single-quotes", "in single quotes the shell leaves `$node` and `$port` as they are.", "double quotes.")
    if login_host not in told:
        return wrong("no-login-host", f"the line for the laptop does not lead over {login_host}.", "its last word is your name, `@`, and the login node.")
    return None


def server_of(job):
    """(node, port) that the server in a job has said that it listens at, or None."""
    log = text_of(job.stdout) or text_of(f"jupyter-{job.id}.out")
    found = re.search(r"running at:?\s*\n.*?https?://([^:/\s]+):(\d+)", log)
    return (found.group(1), int(found.group(2))) if found else None


@probe
def server_found(expect):
    """Does the job run, and do variables say where?  expect: name, job, node, port (variables)."""
    job = newest_job(expect["name"])
    if job is None:
        return open_task(f"Slurm knows no job called {expect['name']} of yours from this folder.")
    if job.state in ("FAILED", "TIMEOUT", "COMPLETED"):
        return wrong("server-ended", f"job {job.id} has ended: {job.state}, exit code {job.exit}. {error_tail(job).strip()}".strip(),
                     f"`!cat jupyter-{job.id}.out` says why. Mend `jupyter.sh`, and submit it again.")
    if job.over:
        return open_task(f"job {job.id} has ended ({job.state}): to do this step again, submit `jupyter.sh` again.")
    problem = kept_number(expect["job"], job)
    if problem:
        return problem
    server = server_of(job)
    if server is None:
        return open_task(f"job {job.id} is {job.state}, and the server has not said yet where it listens: wait a little.")
    return node_problem(typed.variable(expect["node"]), job, expect["node"]) or port_problem(
        typed.variable(expect["port"]), server[1], expect["port"]) or right(
        f"job {job.id} runs on {job.nodes}, and you know at which port its server listens.", node=job.nodes)


def node_problem(value, job, variable):
    """The Finding for a variable that is not the name of the job's node, or None."""
    if value is None:
        return open_task(f"job {job.id} runs; there is no variable `{variable}` yet.")
    if isinstance(value, (list, tuple)):
        return wrong("list-of-lines", f"`{variable}` is a list: `!` gives the lines that a command has printed.", "take the one line out of it.")
    text = str(value).strip()
    if not text:
        return wrong("no-node-yet", f"`{variable}` is empty: when you asked, the job was waiting and had no node.", "ask again: now it has one.")
    if text.split(".")[0] == job.nodes:
        return None
    if text in {socket.gethostname(), run("hostname")[1].strip(), "localhost", "127.0.0.1"}:
        return wrong("login-node", f"`{variable}` is the computer that this notebook runs on.", "the job's node is in the queue's last column.")
    return wrong("other-node", f"`{variable}` is {text[:40]!r}, and job {job.id} runs elsewhere.", f"`!squeue --jobs={job.id} --format=%N`")


def port_problem(value, port, variable):
    """The Finding for a variable that is not the server's port, or None."""
    if value is None:
        return open_task(f"the node is right; there is no variable `{variable}` yet.")
    if str(value) == str(port):
        return None
    if str(value) == "8888":
        return wrong("laptop-port", "8888 is the tunnel's end on your laptop.", "the server's own port stands in its address, in the log.")
    return wrong("other-port", f"{str(value)[:40]!r} is not the port that the server has named.", "in the log, in the line below `running at`: behind the last colon.")


@probe
def way_told(expect):
    """Do variables hold the laptop's two lines?  expect: name (the job's), tunnel, address (variables), login_host."""
    job, host = newest_job(expect["name"]), expect["login_host"]
    server = server_of(job) if job else None
    if server is None:
        return open_task("there is no server yet that has said where it listens.")
    line, address = (typed.variable(expect[key]) for key in ("tunnel", "address"))
    if line is None:
        return open_task(f"there is no variable `{expect['tunnel']}` yet.")
    if not isinstance(line, str):
        return wrong("list-of-lines", f"`{expect['tunnel']}` is {type(line).__name__}, and not one line of text.", "take the one line out of it: `[0]`.")
    return tunnel_problem(line.split(), server, host) or address_problem(address, server, expect["address"]) or right(
        f"the tunnel leads from your laptop over {host} to the server on {server[0]}.", node=server[0])


def tunnel_problem(words, server, host):
    """The Finding for the words of a tunnel's command line, or None."""
    node, port = server
    forward = next((word.partition("L")[2] or words[number + 1] for number, word in enumerate(words[:-1])
                    if re.match(r"-[a-zA-Z]*L", word)), "")
    parts = forward.split(":")
    if words[:1] != ["ssh"] or len(parts) not in (3, 4):
        return wrong("no-tunnel", "that is no command line that opens a tunnel.", "`ssh`, with `-N` and `-L`; your script has written it into the log.")
    near, far, door = parts[-3:]
    if "$" in forward:
        return wrong("names-not-values", "the line holds names of variables, which your laptop does not know.", "the values have to stand there.")
    if far in ("localhost", "127.0.0.1"):
        return wrong("ends-at-login-node", "that tunnel ends at the login node itself: `localhost` is meant as seen from there.",
                     "the node's name in its place: the login node only passes on.")
    if (near, door) == (str(port), "8888"):
        return wrong("ends-swapped", f"that opens port {port} on the laptop, and knocks at port 8888 of {far}.", "first the laptop's port, then node and port of the server.")
    if (far, door) != (node, str(port)):
        return wrong("other-door", f"that tunnel ends at port {door} of {far}; the server listens at port {port} of {node}.", "the line in *this* job's log.")
    if words[-1].rpartition("@")[2] != host:
        return wrong("not-over-login-node", f"that connects to `{words[-1]}`: from your laptop only the login node can be reached.",
                     f"the last word is your name, `@`, and `{host}`.")
    if not any(re.match(r"-[a-zA-Z]*N", word) for word in words[1:-1]):
        return wrong("with-a-shell", "without `-N` the line opens a shell on the login node, too, which nobody asked for.", "`-N`: no command, the tunnel only.")
    return None


def address_problem(address, server, variable):
    """The Finding for what the laptop's browser would open, or None."""
    if address is None:
        return open_task(f"the tunnel is right; there is no variable `{variable}` yet.")
    text = str(address).strip()
    if re.match(rf"https?://({re.escape(server[0])}|[^/]*:{server[1]}\b)", text):
        return wrong("address-of-node", f"`{text}` is the server's address on the cluster, which your laptop does not reach.",
                     "the laptop's end of the tunnel: `localhost`, and the first port of `-L`.")
    if text.startswith("http:"):
        return wrong("plain-http", "the server speaks https: at `http:` it does not answer.", "an `s` more.")
    if not re.fullmatch(r"https://(localhost|127\.0\.0\.1):8888(/.*)?", text):
        return wrong("other-address", f"`{text[:60]}` is not where the tunnel begins.", "`https://`, the laptop's own name for itself, and the first port of `-L`.")
    return None


@probe
def server_gone(expect):
    """Has the learner ended the job, and is no other left?  expect: name."""
    job = newest_job(expect["name"])
    if job is None:
        return open_task(f"Slurm knows no job called {expect['name']} of yours from this folder.")
    for _ in range(ENDING):
        if job.state != "COMPLETING":
            break
        run("sleep", "1")
        job = newest_job(expect["name"])
    alive = [str(number) for number, name in own_jobs().items()
             if name == expect["name"] and any(not one.over for one in elements(number))]
    if alive and not job.over:
        if typed.last(r"\b(scancel|kill)\b"):
            return wrong("still-charged", f"job {job.id} is still {job.state}: what you have ended was something else.",
                         "`scancel` and its number, which is in the variable `job`; in braces behind `!`.")
        return open_task(f"job {job.id} is {job.state}, and its node is charged to you.")
    if alive:
        return wrong("older-one-left", f"job {job.id} has ended; job {', '.join(alive)}, an earlier one of the same name, still has its node.",
                     f"`scancel --me --name={expect['name']}` ends all of them.")
    if job.state == "TIMEOUT":
        return wrong("left-to-limit", f"job {job.id} has had its node until the time limit ended it.", "submit it once more, and end it yourself this time.")
    if job.state != "CANCELLED":
        return wrong("ended-itself", f"job {job.id} has ended as {job.state}, before you ended it.", f"`!cat jupyter-{job.id}.out` says why.")
    return right(f"job {job.id} is cancelled, and the node is free for others.", job=job.id)

