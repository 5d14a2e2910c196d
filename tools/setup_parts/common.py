class Refused(Exception):
    """A reason to do nothing, in a sentence that says what to do about it (exit code 2)."""


class Failed(Exception):
    """The disk or a server failed (exit code 3, or 1 for a server that does not start)."""

    def __init__(self, text, code=3):
        super().__init__(text)
        self.code = code


class Interrupted(BaseException):
    """Ctrl-C, a lost connection or a polite kill (exit code 130)."""

    def __init__(self, number):
        super().__init__(number)
        self.number = number


class Signals:
    """Turns SIGINT, SIGTERM and SIGHUP into Interrupted, but not while `held` is true."""

    held = False
    pending = 0

    @classmethod
    def install(cls):
        for number in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
            # Under nohup a hang-up is ignored, and stays so.
            if number != signal.SIGHUP or signal.getsignal(number) != signal.SIG_IGN:
                signal.signal(number, cls.arrived)

    @classmethod
    def arrived(cls, number, _frame):
        cls.pending = number
        if not cls.held:
            # Once is enough: a second Ctrl-C must not stop the cleaning up.
            cls.held = True
            raise Interrupted(number)


def say(text="", stream=1):
    """Write a line to stdout (or stderr: 2), whatever the locale: names of files are bytes."""
    data = text.encode("utf-8", "surrogateescape") + b"\n"
    while data:
        data = data[os.write(stream, data):]


def complain(text):
    say(os.path.basename(sys.argv[0]) + ": " + text, stream=2)


def jupyter_config_dir():
    """Return the folder of Jupyter's configuration, as Jupyter itself finds it."""
    return os.path.abspath(os.path.expanduser(os.environ.get("JUPYTER_CONFIG_DIR") or "~/.jupyter"))


def find_jupyter():
    """Return (path of `jupyter`, path of the Python that it runs with)."""
    jupyter = shutil.which("jupyter")
    if not jupyter:
        raise Refused(
            "jupyter is not on PATH: load the module that brings it, then try again:"
            f"  module load {JUPYTER_MODULE}")
    with open(jupyter, "rb") as file:
        head = file.read(1024)
    # An installer writes '#!/path/python', or for a long path "#!/bin/sh" and "'''exec' /path/python".
    found = (re.match(rb"#!\s*(/\S*python[\d.]*)\s*(?:-\w+\s*)*\n", head)
             or re.match(rb"#!/bin/sh\n'''exec' \"?(/[^\"\n]*?python[\d.]*)\"? ", head))
    beside = os.path.join(os.path.dirname(os.path.realpath(jupyter)), "python3")
    for python in ([os.fsdecode(found.group(1))] if found else []) + [beside]:
        if os.access(python, os.X_OK):
            return jupyter, python
    return jupyter, sys.executable


# The names that Jupyter's applications give to their files, least important first.
CONFIG_STEMS = ("jupyter_config", "jupyter_notebook_config", "jupyter_server_config",
                "jupyter_lab_config")
PASSWORD_KEYS = ("password", "hashed_password")

# Runs in Jupyter's own Python, which may be another one than ours: what is installed there, and
# what the configuration files say when its loader reads them.
PROBE = r"""
import json, os, sys, traceback
report = os.fdopen(os.dup(1), "w")
os.dup2(os.open(os.devnull, os.O_WRONLY), 1)  # a configuration file may print
directory, stems = sys.argv[1], sys.argv[2:]
try:
    from importlib.metadata import version as metadata_version  # quicker than importing
except ImportError:  # before Python 3.8
    metadata_version = None
def version(name):
    try:
        if metadata_version:
            return metadata_version(name)
    except ImportError:  # no such distribution, but perhaps such a module
        pass
    try:
        return str(getattr(__import__(name), "__version__", "?"))
    except ImportError:
        return None
out = {"python": list(sys.version_info[:3]), "files": []}
for name in ("notebook", "jupyter_server", "jupyterlab", "argon2"):
    out[name] = version(name)
try:
    from traitlets.config.loader import PyFileConfigLoader, JSONFileConfigLoader
except ImportError:
    # This is not Jupyter's own Python (a wrapper hides it): read the files as its loader would.
    class Section(dict):
        def __getattr__(self, name):
            if name.startswith("_"):
                raise AttributeError(name)
            return self.setdefault(name, Section())
        __setattr__ = dict.__setitem__
    class Loader:
        def __init__(self, name, path):
            self.path = os.path.join(path, name)
    class PyFileConfigLoader(Loader):
        def load_config(self):
            c = Section()
            with open(self.path, "rb") as file:
                code = compile(file.read(), self.path, "exec")
            exec(code, {"c": c, "get_config": lambda: c, "load_subconfig": lambda *a, **k: None,
                        "__file__": self.path})
            return c
    class JSONFileConfigLoader(Loader):
        def load_config(self):
            with open(self.path, "rb") as file:
                return json.loads(file.read().decode("utf-8"))
for stem in stems:
    for kind, loader in ((".py", PyFileConfigLoader), (".json", JSONFileConfigLoader)):
        path = os.path.join(directory, stem + kind)
        if not os.path.exists(path):
            continue
        row = {"path": path, "stem": stem, "kind": kind, "error": None, "values": {}}
        try:
            config = loader(stem + kind, path=directory).load_config()
            for section, keys in config.items():
                if isinstance(keys, dict):
                    kept = {k: v for k, v in keys.items() if isinstance(v, (str, bool, int))}
                    row["values"][section] = kept
        except BaseException as error:
            lines = [f[1] for f in traceback.extract_tb(sys.exc_info()[2]) if f[0] == path]
            line = getattr(error, "lineno", None) or (lines[-1] if lines else None)
            what = getattr(error, "msg", None) or str(error)
            row["error"] = "%s%s: %s" % ("line %d: " % line if line else "",
                                         type(error).__name__, what)
        out["files"].append(row)
json.dump(out, report)
"""


def probe(jupyter, python, directory):
    """Return what PROBE reports, of the Jupyter of `python` and the files in `directory`."""
    try:
        result = subprocess.run(
            [python, "-c", PROBE, directory] + list(CONFIG_STEMS), cwd="/", timeout=120,
            stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, stderr=subprocess.PIPE)
        report = json.loads(result.stdout.decode("utf-8"))
    except subprocess.TimeoutExpired:
        raise Refused(f"the configuration files in {directory} take over 2 minutes to read:"
                      " look at what they do")
    except (OSError, ValueError):
        raise Refused(f"the Python of your jupyter, {python}, does not work: load the module again:"
                      f"  module load {JUPYTER_MODULE}")
    if not report["notebook"] and not report["jupyter_server"]:
        ask_for_versions(jupyter, report)
    return report


def ask_for_versions(jupyter, report):
    """Fill in the versions of a jupyter whose Python a wrapper hides: it knows them itself."""
    answers = 0
    for name, command in (("notebook", "notebook"), ("jupyter_server", "server"),
                          ("jupyterlab", "lab")):
        if command == "lab" and answers:
            continue  # each takes a second
        result = subprocess.run([jupyter, command, "--version"], cwd="/", stdin=subprocess.DEVNULL,
                                stdout=subprocess.PIPE, stderr=subprocess.DEVNULL)
        version = re.match(rb"\d+(\.\d+)+", result.stdout)
        if result.returncode == 0:
            answers += 1
            report[name] = version.group().decode() if version else None
    if not answers:
        raise Refused(f"{jupyter} has no notebook server: load another module:"
                      f"  module load {JUPYTER_MODULE}")
    report["argon2"] = "?"


def is_server_2(report):
    """True where Jupyter Server 2 or newer reads jupyter_server_config.*"""
    return int((report["jupyter_server"] or "0").split(".")[0]) >= 2


def refuse_broken_config(report):
    for row in report["files"]:
        if row["error"]:
            raise Refused(
                f"{row['path']} has an error ({row['error']}): with it Jupyter would start without"
                " https and password; mend that line or move the file away")


def standing_passwords(report):
    """Return [(row, section, key, hash)] for every password that a configuration file sets."""
    return [(row, section, key, value)
            for row in report["files"]
            for section, values in row["values"].items()
            for key, value in values.items()
            if key in PASSWORD_KEYS and isinstance(value, str) and value]


def passwords_in_use(report):
    """Return those of the standing passwords that the Jupyter of this report asks for."""
    if is_server_2(report):
        return standing_passwords(report)
    old = not report["jupyter_server"] or report["notebook"] and report["notebook"][0] < "7"
    stems = CONFIG_STEMS[:2] if old else CONFIG_STEMS
    return [found for found in standing_passwords(report)
            if found[0]["stem"] in stems and found[1] in ("NotebookApp", "ServerApp")]


def can_verify(hashed, report):
    """True if the Jupyter of this report can compare a password with this hash."""
    if hashed.startswith("argon2:"):
        return bool(report["argon2"]) and not (report["notebook"] or "9").startswith("5.")
    algorithm, _, rest = hashed.partition(":")
    return algorithm in hashlib.algorithms_available and rest.count(":") == 1


def setting(report, key):
    """Return what the files say for `key` (certfile, keyfile) where a server looks, the last wins."""
    value = ""
    for row in report["files"]:
        for section in ("NotebookApp", "ServerApp"):
            found = row["values"].get(section, {}).get(key)
            if isinstance(found, str) and found:
                value = found
    return value


def afs_listing(folder):
    """Return AFS's access list of a folder as text, or None where it does not lie in AFS."""
    path = os.pathsep.join([os.environ.get("PATH", ""), "/usr/bin", "/usr/afsws/bin"])
    fs = shutil.which("fs", path=path)
    in_afs = os.path.realpath(folder).startswith("/afs/")
    if not fs:
        if in_afs:
            raise Refused(f"{folder} lies in AFS, and there is no command `fs` to see who may read it")
        return None
    result = subprocess.run([fs, "listacl", "-path", folder], stdin=subprocess.DEVNULL,
                            stdout=subprocess.PIPE, stderr=subprocess.PIPE)
    text = result.stdout.decode("utf-8", "replace")
    if result.returncode == 0 and "Access list for" in text:
        return text
    if in_afs:
        raise Refused(f"AFS does not say who may read {folder}: your token may have ended;"
                      " type  kinit && aklog  and try again")
    return None


def afs_strangers(listing):
    """Return the groups of strangers that an AFS access list lets read, e.g. ["system:anyuser"]."""
    strangers = []
    normal = listing.partition("Normal rights:")[2].partition("Negative rights:")[0]
    for line in normal.splitlines():
        name, _, rights = line.strip().rpartition(" ")
        if name.startswith(("system:anyuser", "system:authuser")) and "r" in rights:
            strangers.append(name)
    return strangers


def existing(folder):
    """Return the folder, or the nearest one above it that exists."""
    while not os.path.isdir(folder):
        folder = os.path.dirname(folder)
    return folder


def refuse_public_folder(folder):
    """Refuse a folder whose files AFS shows to strangers, or where others may put theirs."""
    there = existing(folder)
    listing = afs_listing(there)
    if listing is None:
        info = os.stat(there)
        if info.st_mode & 0o1002 == 0o002:
            raise Refused(f"everybody may write in {there}: close it with  chmod o-w {quote(there)}")
        if there == folder and info.st_uid != os.geteuid():
            raise Refused(f"{folder} belongs to another user: choose a folder of your own")
        return
    strangers = afs_strangers(listing)
    if strangers:
        make = "" if there == folder else f"mkdir -p {quote(folder)} && "
        close = " ".join(name + " none" for name in strangers)
        raise Refused(f"AFS lets {' and '.join(strangers)} read {there}: close it with"
                      f"  {make}fs setacl -dir {quote(folder)} -acl {close}")


def fingerprint(path):
    """Return the SHA-256 fingerprint of a PEM certificate, AB:CD:... as openssl prints it."""
    with open(path, encoding="ascii", errors="replace") as file:
        text = file.read()
    start, end = "-----BEGIN CERTIFICATE-----", "-----END CERTIFICATE-----"
    if start not in text or end not in text:
        raise Refused(f"{path} holds no certificate: make one with  configure-jupyter --renew")
    body = text.partition(start)[2].partition(end)[0]
    return colons(base64.b64decode("".join(body.split())))


def colons(der):
    """Return the SHA-256 of a certificate in DER, as AB:CD:..."""
    digest = hashlib.sha256(der).hexdigest().upper()
    return ":".join(digest[i:i + 2] for i in range(0, 64, 2))


def key_is_closed(path):
    """Return "" if nobody else can read the key, else why not. (In AFS the folder decides.)"""
    listing = afs_listing(os.path.dirname(path))
    if listing is not None:
        strangers = afs_strangers(listing)
        return f"AFS lets {' and '.join(strangers)} read its folder" if strangers else ""
    info = os.stat(path)
    if info.st_uid != os.geteuid():
        return "it belongs to another user"
    if stat.S_IMODE(info.st_mode) & 0o077:
        return f"its mode is {stat.S_IMODE(info.st_mode):o}"
    return ""


def full_host_name():
    """Return this machine's own full name: an alias of the login nodes may lead to another one."""
    name = socket.gethostname()
    if "." in name:
        return name
    candidates = []
    try:
        candidates.append(socket.getaddrinfo(name, None, flags=socket.AI_CANONNAME)[0][3])
    except OSError:
        pass
    domain = LOGIN_HOST.partition(".")[2]
    try:
        socket.getaddrinfo(name + "." + domain, None)
        candidates.append(name + "." + domain)
    except (OSError, UnicodeError):
        pass
    full = [c for c in candidates if c.startswith(name + ".") and not c.endswith(".localdomain")]
    return full[0] if full else name


def user_name():
    try:
        return pwd.getpwuid(os.geteuid()).pw_name
    except KeyError:
        return os.environ.get("USER") or str(os.geteuid())


def quote(path):
    return shlex.quote(path)


def own_port():
    """Return the port on the login node that this user gets, outside of the range of outgoing ones."""
    return 10000 + os.geteuid() % 20000


def run(main):
    """Call main(argv), with one sentence and an exit code for whatever goes wrong."""
    Signals.install()
    try:
        code = main(sys.argv[1:])
    except Refused as error:
        complain(str(error))
        code = 2
    except Failed as error:
        complain(str(error))
        code = error.code
    except Interrupted:
        complain(INTERRUPTED)
        code = 130
    except BrokenPipeError:
        code = 1
    except OSError as error:
        complain(f"{error.strerror or error}"
                 + (f": {error.filename}" if error.filename else "") + f"; {UNCHANGED}")
        code = 3
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    sys.exit(code)
