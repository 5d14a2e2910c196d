def preflight():
    """Return (jupyter, report, key, certificate), or refuse to start what would be an open server."""
    jupyter, python = find_jupyter()
    config = jupyter_config_dir()
    report = probe(jupyter, python, config)
    refuse_broken_config(report)
    passwords = passwords_in_use(report)
    if not passwords:
        raise Refused("no password is set: type  configure-jupyter  first")
    for row, _, _, hashed in passwords:
        if not can_verify(hashed, report):
            raise Refused(f"the password in {row['path']} ({hashed.partition(':')[0]}) is one that"
                          " this Jupyter can't verify: type  configure-jupyter --new-password")
    key, certificate = setting(report, "keyfile"), setting(report, "certfile")
    if not key or not certificate:
        raise Refused("no certificate is set, so passwords would travel unencrypted:"
                      " type  configure-jupyter  first")
    for path in (key, certificate):
        if not os.path.isfile(path):
            raise Refused(f"there is no {path}: type  configure-jupyter  first")
    private = os.path.dirname(key)
    refuse_public_folder(private)
    refuse_public_folder(config)
    why = key_is_closed(key)
    if why:
        raise Refused(f"others may read the key {key} ({why}): make a new one with"
                      "  configure-jupyter --renew")
    if shutil.which("openssl") and subprocess.run(
            ["openssl", "x509", "-noout", "-checkend", "0", "-in", certificate],
            stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL).returncode:
        raise Refused(f"the certificate {certificate} has ended: type  configure-jupyter")
    return jupyter, report, key, certificate


def is_free(address, port):
    with socket.socket() as trial:
        trial.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            trial.bind((address, port))
        except OSError:
            return False
    return True


def look(address, port, wanted):
    """Return the answer to a request for files without password, its head, "" while nothing answers.

    Raises Failed if what answers is not the server with the certificate `wanted` (a fingerprint).
    """
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
    context.check_hostname = False
    context.verify_mode = ssl.CERT_NONE  # the fingerprint is compared instead
    if hasattr(ssl, "TLSVersion"):
        context.minimum_version = ssl.TLSVersion.TLSv1_2
    else:  # Python 3.6
        context.options |= ssl.OP_NO_TLSv1 | ssl.OP_NO_TLSv1_1
    try:
        plain = socket.create_connection((address, port), timeout=10)
    except OSError:
        return ""
    with plain:
        try:
            with context.wrap_socket(plain) as secure:
                if colons(secure.getpeercert(True)) != wanted:
                    raise Failed("the server answers with another certificate than yours", 1)
                secure.sendall(b"GET /api/contents HTTP/1.0\r\nHost: localhost:8888\r\n\r\n")
                return secure.recv(4096).partition(b"\r\n\r\n")[0].decode("latin-1")
        except ssl.SSLError:
            raise Failed("the server does not speak TLS 1.2: type  configure-jupyter  and try again", 1)
        except OSError:
            return ""


class Server:
    """A Jupyter server: started with a private runtime folder, watched, ended, cleaned up after."""

    def __init__(self, folder, log):
        self.folder, self.log = folder, log
        self.process = None

    def start(self, jupyter, report, address, port):
        """Start Jupyter on this address and port, on TCP, and nowhere else."""
        new = is_server_2(report) and not (report["notebook"] or "7").startswith(("5", "6"))
        section = "ServerApp" if new else "NotebookApp"
        command = [jupyter, "notebook" if report["notebook"] else "lab", "--no-browser",
                   "--ip=" + address, "--port=" + str(port), "--port-retries=0",
                   f"--{section}.base_url=/"]
        if not (report["notebook"] or "7").startswith("5"):
            command.append(f"--{section}.sock=")
        environment = {name: value for name, value in os.environ.items()
                       if name not in ("JUPYTER_TOKEN", "JUPYTER_TOKEN_FILE", "XDG_RUNTIME_DIR")}
        runtime = os.environ.get("XDG_RUNTIME_DIR", "")
        if os.access(runtime, os.W_OK):
            environment["XDG_RUNTIME_DIR"] = runtime
        environment["JUPYTER_RUNTIME_DIR"] = self.folder
        self.process = subprocess.Popen(
            command, env=environment, stdin=subprocess.DEVNULL, stdout=self.log, stderr=self.log,
            start_new_session=True, preexec_fn=end_with_parent)

    def wait_until_ready(self, address, port, wanted):
        """Return when our own server answers on https, and only with the password."""
        limit = time.monotonic() + 120
        while time.monotonic() < limit:
            if self.process.poll() is not None:
                raise Failed("Jupyter did not start; its last words:\n" + self.last_words(), 1)
            if self.has_started(port):
                answer = look(address, port, wanted)
                # Newer servers forbid, notebook 5.0 sends us to its login page.
                if re.match(r"HTTP/1\.\d (40[13] |302 (?s:.*)\nLocation: /login\?)", answer):
                    return
                if answer:
                    raise Failed("Jupyter shows its files without the password"
                                 f" ({answer.splitlines()[0]}): look for your own settings that switch"
                                 " it off", 1)
            time.sleep(0.1)
        raise Failed("Jupyter does not answer after 2 minutes; its last words:\n" + self.last_words(), 1)

    def has_started(self, port):
        """True once the server's own runtime file names the port."""
        for name in os.listdir(self.folder):
            if re.match(r"(nb|jp)server-\d+\.json$", name):
                try:
                    with open(os.path.join(self.folder, name), encoding="utf-8") as file:
                        return json.load(file).get("port") == port
                except ValueError:
                    return False  # half written
        return False

    def last_words(self):
        try:
            with open(self.log.name, "rb") as file:
                lines = file.read().decode("utf-8", "replace").splitlines()
        except (OSError, TypeError):
            return "(see the job's log)"
        return "\n".join("    " + line for line in lines[-8:])

    def announce(self, **facts):
        """Leave ready.json in the runtime folder, for configure-jupyter --check and the like."""
        facts.update(machine=socket.gethostname(), pid=self.process.pid, started=time.time())
        path = os.path.join(self.folder, "ready.json")
        with open(path + ".new", "w", encoding="utf-8") as file:
            json.dump(facts, file)
        os.rename(path + ".new", path)

    def end(self):
        """End the server and its kernels, and leave nothing behind."""
        Signals.held = True
        if self.process and self.process.poll() is None:
            self.process.terminate()
            try:
                self.process.wait(15)
            except subprocess.TimeoutExpired:
                os.killpg(self.process.pid, signal.SIGKILL)
                self.process.wait()
        shutil.rmtree(self.folder, ignore_errors=True)


def end_with_parent():
    """In the server's process: have Linux end it if this script is killed."""
    try:
        ctypes.CDLL(None).prctl(1, signal.SIGTERM)  # PR_SET_PDEATHSIG, prctl(2)
    except (OSError, AttributeError):
        pass


def run_folder(private, kind):
    """Return a new folder for one server, beside the key, after sweeping up those of dead ones."""
    runs = os.path.join(private, "run")
    os.makedirs(runs, 0o700, exist_ok=True)
    for name in os.listdir(runs):
        path = os.path.join(runs, name)
        try:
            with open(os.path.join(path, "ready.json"), encoding="utf-8") as file:
                facts = json.load(file)
        except (OSError, ValueError):
            continue
        if facts["machine"] == socket.gethostname() and not os.path.exists(f"/proc/{facts['pid']}"):
            shutil.rmtree(path, ignore_errors=True)
    return tempfile.mkdtemp(prefix=kind + "-", dir=runs)
