"""setup/configure-jupyter: what it writes, what it leaves alone, what it refuses."""

from __future__ import annotations

import json
import os
import re
import subprocess

import pytest

from tests.setup import ages
from tests.setup.files import leftovers, mode, snapshot

CONFIG = ".jupyter/jupyter_notebook_config"
USERS_LINES = "# mine\r\nc.NotebookApp.notebook_dir = '/tmp'  # no newline follows"


def write(user, name, text):
    path = user.home / name
    path.parent.mkdir(exist_ok=True)
    path.write_bytes(text if isinstance(text, bytes) else text.encode())
    for one in (path.parent, path):
        os.chown(one, user.uid, user.gid)
    return path


def hashed(user):
    return json.loads((user.home / f"{CONFIG}.json").read_text())["NotebookApp"]["password"]


def verifies(env, password, hash_):
    """Return what this very Jupyter says of the password and the hash."""
    code = (
        "import sys\n"
        "try:\n    from notebook.auth.security import passwd_check\n"
        "except ImportError:\n    from jupyter_server.auth.security import passwd_check\n"
        "print(passwd_check(sys.argv[1], sys.stdin.buffer.read().decode('utf-8')))"
    )
    result = subprocess.run(
        [env.python, "-c", code, hash_], input=password.encode(), capture_output=True,
        env={"LC_ALL": "C.UTF-8", "PYTHONIOENCODING": "utf-8", **env.variables},
    )  # fmt: skip
    return result.stdout.strip() == b"True"


def refused(user, result, *words, code=2, before=None):
    """Check that a run was refused in one sentence, without a traceback and without a trace."""
    assert result.returncode == code, result.stderr
    lines = result.stderr.strip().splitlines()
    assert len(lines) == 1 and lines[0].startswith("configure-jupyter: "), result.stderr
    for word in words:
        assert word in lines[0]
    assert snapshot(user.home) == before


# --- what it writes ------------------------------------------------------------------------------


def test_first_run_writes_closed_files_and_tells_the_fingerprint(learner, env):
    result = learner.configure(env)
    assert (result.returncode, result.stderr) == (0, "")
    private = learner.home / "Private/jupyter"
    assert mode(private) == 0o700
    for path in (private / "mykey.key", private / "mycert.pem",
                 learner.home / f"{CONFIG}.py", learner.home / f"{CONFIG}.json"):  # fmt: skip
        assert mode(path) == 0o600
    told = re.search(r"SHA-256 fingerprint: (\S+)", result.stdout)[1]
    openssl = subprocess.run(
        ["openssl", "x509", "-noout", "-fingerprint", "-sha256", "-in", private / "mycert.pem"],
        capture_output=True, text=True,
    ).stdout  # fmt: skip
    assert openssl.strip().endswith("=" + told)
    assert re.fullmatch(r"sha512:[0-9a-f]{32}:[0-9a-f]{128}", hashed(learner))
    assert verifies(env, "correct horse", hashed(learner))
    assert not verifies(env, "correct horsf", hashed(learner))
    assert leftovers(learner.home) == []


def test_certificate_is_what_browsers_want(learner, new_env):
    learner.configure(new_env, "--days", "398")
    text = subprocess.run(
        ["openssl", "x509", "-noout", "-text", "-in", learner.home / "Private/jupyter/mycert.pem"],
        capture_output=True, text=True,
    ).stdout  # fmt: skip
    for words in ("DNS:localhost, IP Address:127.0.0.1, IP Address:0:0:0:0:0:0:0:1",
                  "TLS Web Server Authentication", "CA:FALSE", "Public-Key: (2048 bit)",
                  "sha256WithRSAEncryption"):  # fmt: skip
        assert words in text
    dates = re.findall(r"Not (?:Before|After ?) ?: (.*)", text)
    assert len(dates) == 2
    # Basic Constraints has to be critical, or some browsers take the certificate for an authority's.
    assert re.search(r"Basic Constraints: critical\s+CA:FALSE", text)


def test_second_run_changes_nothing_and_asks_nothing(learner, env):
    assert learner.configure(env).returncode == 0
    before = snapshot(learner.home)
    result = learner.run([learner.home / "configure-jupyter"], env)
    assert (result.returncode, result.stderr) == (0, "")
    assert "nothing to do" in result.stdout
    assert snapshot(learner.home) == before


def test_a_password_that_was_not_asked_for_is_not_set_in_silence(learner, new_env):
    learner.configure(new_env)
    before = snapshot(learner.home)
    result = learner.configure(new_env, password="another one")
    assert result.returncode == 0 and "--new-password" in result.stderr
    assert snapshot(learner.home) == before


def test_the_users_own_lines_and_keys_stay_and_are_backed_up(learner, env):
    script = write(learner, f"{CONFIG}.py", USERS_LINES)
    keys = {"NotebookApp": {"nbserver_extensions": {"mine": True}}, "Other": {"x": [1, "é"]}}
    tree = write(learner, f"{CONFIG}.json", json.dumps(keys))
    original = tree.read_bytes()
    assert learner.configure(env).returncode == 0
    assert script.read_bytes().startswith(USERS_LINES.encode() + b"\n# >>>")
    after = json.loads(tree.read_text())
    assert after["NotebookApp"].pop("password")
    assert after == keys
    backups = sorted(p.name for p in script.parent.iterdir() if ".bak-" in p.name)
    assert len(backups) == 2
    for name in backups:
        path = script.parent / name
        assert mode(path) == 0o600 and not name.endswith(("~", ".tmp"))
        assert path.read_bytes() == (USERS_LINES.encode() if ".py." in name else original)


def test_settings_hold_in_the_servers_own_eyes(learner, env):
    """The values that this age's loader reads, not the text of the file."""
    learner.configure(env)
    code = (
        "import json, ssl, sys\n"
        "from traitlets.config.loader import PyFileConfigLoader\n"
        "c = PyFileConfigLoader('jupyter_notebook_config.py', path=sys.argv[1]).load_config()\n"
        "print(json.dumps([c.NotebookApp.certfile, c.NotebookApp.keyfile,"
        " ssl.SSLContext(c.NotebookApp.ssl_options['ssl_version']).protocol.name,"
        " sys.version_info >= (3, 10)]))"
    )
    result = learner.run([env.python, "-W", "ignore", "-c", code, learner.home / ".jupyter"], env)
    folder = str(learner.home / "Private/jupyter")
    *settings, new_python = json.loads(result.stdout)
    protocol = "PROTOCOL_TLS_SERVER" if new_python else "PROTOCOL_TLSv1_2"
    assert settings == [f"{folder}/mycert.pem", f"{folder}/mykey.key", protocol]


def test_a_symbolic_link_stays_one(learner, new_env):
    for name in ("jupyter_notebook_config.py", "jupyter_notebook_config.json"):
        write(learner, f"dotfiles/{name}", "# mine\n" if name.endswith("py") else "{}")
        (learner.home / ".jupyter").mkdir(exist_ok=True)
        (learner.home / ".jupyter" / name).symlink_to(f"../dotfiles/{name}")
    os.chown(learner.home / ".jupyter", learner.uid, learner.gid)
    assert learner.configure(new_env).returncode == 0
    for name in ("jupyter_notebook_config.py", "jupyter_notebook_config.json"):
        assert (learner.home / ".jupyter" / name).is_symlink()
        assert not (learner.home / "dotfiles" / name).is_symlink()
    assert "password" in (learner.home / "dotfiles/jupyter_notebook_config.json").read_text()
    assert leftovers(learner.home) == []


def test_a_dangling_link_is_refused(learner, new_env):
    write(learner, ".jupyter/x", "")
    (learner.home / f"{CONFIG}.py").symlink_to("/nowhere/at/all.py")
    before = snapshot(learner.home)
    refused(learner, learner.configure(new_env), "symbolic link", before=before)


def test_home_with_spaces_and_utf8(learner, env):
    home = learner.home / "my höme of 'blanks'"
    home.mkdir()
    os.chown(home, learner.uid, learner.gid)
    result = learner.configure(env, more={"HOME": str(home)})
    assert result.returncode == 0, result.stderr
    assert (home / "Private/jupyter/mykey.key").exists()
    again = learner.run([learner.home / "configure-jupyter", "--check"], env,
                        more={"HOME": str(home), "LANG": "C.UTF-8"})  # fmt: skip
    assert again.returncode == 0, again.stdout


def test_jupyter_config_dir_and_private_dir_are_honoured(learner, new_env):
    more = {"JUPYTER_CONFIG_DIR": str(learner.home / "cfg")}
    result = learner.configure(new_env, "--private-dir", learner.home / "secret", more=more)
    assert result.returncode == 0
    assert (learner.home / "cfg/jupyter_notebook_config.py").exists()
    assert (learner.home / "secret/mykey.key").exists()
    assert not (learner.home / ".jupyter").exists() and not (learner.home / "Private").exists()
    # The second run finds the folder by itself.
    again = learner.run([learner.home / "configure-jupyter"], new_env, more=more)
    assert again.returncode == 0 and not (learner.home / "Private").exists()


def test_python_files_beside_the_script_and_in_pythonpath_do_no_harm(learner, new_env):
    write(learner, "json.py", "raise SystemExit('hostile')")
    write(learner, "path/termios.py", "raise SystemExit('hostile')")
    result = learner.configure(new_env, more={"PYTHONPATH": str(learner.home / "path")})
    assert result.returncode == 0 and "hostile" not in result.stdout + result.stderr


WRAPPER = """\
#!/bin/sh
# As a container hides its Python: only the commands are to be had.
exec {jupyter} "$@"
"""


def hide_python(user, env):
    """Put a wrapper in front of the real jupyter; return the variables that make it the one."""
    wrapper = write(user, "wrap/jupyter", WRAPPER.format(jupyter=env.bin / "jupyter"))
    wrapper.chmod(0o755)
    return {"PATH": f"{wrapper.parent}:/usr/bin:/bin", "LD_LIBRARY_PATH": str(env.lib)}


def test_a_jupyter_behind_a_wrapper(learner, env):
    """Its Python can't be asked: versions come from the commands, settings from the files."""
    more = hide_python(learner, env)
    result = learner.configure(env, more=more)
    assert result.returncode == 0, result.stderr
    server = (learner.home / ".jupyter/jupyter_server_config.py").exists()
    assert server == (env.age in (ages.BETWEEN, ages.NEW)), "Jupyter Server 2 is there"
    assert learner.run([learner.home / "configure-jupyter", "--check"], env, more=more).returncode == 0
    # The real Python, asked directly, finds the same.
    before = snapshot(learner.home)
    assert learner.run([learner.home / "configure-jupyter"], env).returncode == 0
    assert snapshot(learner.home) == before
    script = learner.home / f"{CONFIG}.py"
    script.write_text(script.read_text() + "c.NotebookApp.x = undefined\n")
    refused(learner, learner.configure(env, more=more), "NameError", before=snapshot(learner.home))


def test_a_jupyter_without_a_server(learner, new_env):
    stub = write(learner, "wrap/jupyter", "#!/bin/sh\nexit 1\n")
    stub.chmod(0o755)
    before = snapshot(learner.home)
    result = learner.configure(new_env, more={"PATH": f"{stub.parent}:/usr/bin:/bin"})
    refused(learner, result, "no notebook server", "module load", before=before)


# --- the password --------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "typed, meant",
    [
        ("with blanks in it", "with blanks in it"),
        ("\"quo'tes` $HOME \\", "\"quo'tes` $HOME \\"),
        ("lösenord på åtta", "lösenord på åtta"),
        ("ends with CR\r", "ends with CR"),
        ("  the login page drops outer blanks ", "the login page drops outer blanks"),
        ("--new-password", "--new-password"),
    ],
)
def test_every_other_password_works_under_lang_c(learner, env, typed, meant):
    result = learner.configure(env, password=typed)
    assert result.returncode == 0, result.stderr
    assert verifies(env, meant, hashed(learner))


@pytest.mark.parametrize("typed", ["", "1234567", "         ", "   short   ", "åäöåäöå"])
def test_short_and_blank_passwords_are_refused(learner, new_env, typed):
    before = snapshot(learner.home)
    refused(learner, learner.configure(new_env, password=typed), "password", before=before)


def test_eight_letters_of_two_bytes_are_eight(learner, new_env):
    assert learner.configure(new_env, password="åäöåäöåä").returncode == 0


def test_old_hash_of_jupyters_own_stays(learner, env):
    old = "sha1:67c9e60bb8b6:9ffede0825894254b2e042ea597d771089e11aed"
    write(learner, f"{CONFIG}.json", json.dumps({"NotebookApp": {"password": old}}))
    result = learner.run([learner.home / "configure-jupyter"], env)
    assert result.returncode == 0 and hashed(learner) == old


def test_argon2_is_no_password_for_notebook_5(learner, env):
    """Newer servers keep it; notebook 5.0 can't verify it, so there a new one is asked for."""
    argon2 = "argon2:$argon2id$v=19$m=10240,t=10,p=8$OYeVdLWoMnkHMmRVNEFQZQ$c2FsdHNhbHRzYWx0"
    write(learner, f"{CONFIG}.json", json.dumps({"NotebookApp": {"password": argon2}}))
    assert learner.configure(env).returncode == 0
    assert hashed(learner).startswith("sha512:" if env.age.name == "notebook-5.0" else "argon2:")


def test_new_password_goes_everywhere_an_old_one_stands(learner, new_env):
    old = "sha1:67c9e60bb8b6:9ffede0825894254b2e042ea597d771089e11aed"
    write(learner, f"{CONFIG}.json", json.dumps({"NotebookApp": {"password": old}}))
    write(learner, ".jupyter/jupyter_server_config.json", json.dumps(
        {"ServerApp": {"password": old}, "IdentityProvider": {"hashed_password": old}}))  # fmt: skip
    write(learner, ".jupyter/jupyter_server_config.py", f"c.ServerApp.password = '{old}'\n")
    write(learner, ".jupyter/jupyter_lab_config.py", f"c.ServerApp.password = '{old}'\n")
    assert learner.configure(new_env, "--new-password").returncode == 0
    new = hashed(learner)
    assert verifies(new_env, "correct horse", new)
    server = json.loads((learner.home / ".jupyter/jupyter_server_config.json").read_text())
    assert server["ServerApp"]["password"] == new
    assert server["IdentityProvider"]["hashed_password"] == new
    assert server["PasswordIdentityProvider"]["hashed_password"] == new
    lab = json.loads((learner.home / ".jupyter/jupyter_lab_config.json").read_text())
    assert lab["ServerApp"]["password"] == new


# --- the certificate's life ----------------------------------------------------------------------


def pair(user):
    folder = user.home / "Private/jupyter"
    return (folder / "mykey.key").read_bytes(), (folder / "mycert.pem").read_bytes()


@pytest.mark.parametrize("days, renewed", [("13", True), ("15", False)])
def test_a_certificate_is_renewed_in_its_last_14_days(learner, new_env, days, renewed):
    learner.configure(new_env, "--days", days)
    first = pair(learner)
    result = learner.run([learner.home / "configure-jupyter"], new_env)
    assert result.returncode == 0 and (pair(learner) != first) == renewed
    old = [p for p in (learner.home / "Private/jupyter").iterdir() if ".bak-" in p.name]
    assert sorted(p.read_bytes() for p in old) == (sorted(first) if renewed else [])
    assert all(mode(p) == 0o600 for p in old)


def test_renew_makes_a_new_pair_and_keeps_the_password(learner, new_env):
    learner.configure(new_env)
    first, password = pair(learner), hashed(learner)
    assert learner.run([learner.home / "configure-jupyter", "--renew"], new_env).returncode == 0
    assert pair(learner)[0] != first[0] and pair(learner)[1] != first[1]
    assert hashed(learner) == password


@pytest.mark.parametrize("harm", ["loose key", "other key", "no certificate", "loose folder"])
def test_what_is_wrong_with_key_and_certificate_is_mended(learner, new_env, harm):
    learner.configure(new_env)
    first = pair(learner)
    folder = learner.home / "Private/jupyter"
    if harm == "loose key":
        (folder / "mykey.key").chmod(0o644)
    elif harm == "other key":
        subprocess.run(["openssl", "genrsa", "-out", folder / "mykey.key", "2048"], check=True,
                       capture_output=True)  # fmt: skip
    elif harm == "no certificate":
        (folder / "mycert.pem").unlink()
    else:
        folder.chmod(0o755)
    assert learner.run([learner.home / "configure-jupyter"], new_env).returncode == 0
    assert mode(folder) == 0o700 and mode(folder / "mykey.key") == 0o600
    assert (pair(learner)[0] == first[0]) == (harm == "loose folder")
    check = learner.run([learner.home / "configure-jupyter", "--check"], new_env)
    assert check.returncode == 0, check.stdout


@pytest.mark.parametrize("days", ["0", "399", "-1", "x", "1e2"])
def test_days_that_browsers_refuse_are_refused(learner, new_env, days):
    before = snapshot(learner.home)
    refused(learner, learner.configure(new_env, "--days=" + days), "398", before=before)


def test_openssl_1_0_2_is_enough(learner, new_env):
    """A stand-in that refuses what CentOS 7's openssl does not know, and hands on the rest."""
    fake = write(learner, "bin/openssl", (
        "#!/bin/sh\nfor word; do case $word in -addext|-noenc|-ext|-quiet|-copy_extensions)\n"
        'echo "unknown option $word" >&2; exit 1;; esac; done\n'
        'exec /usr/bin/openssl "$@"\n'))  # fmt: skip
    fake.chmod(0o755)
    path = f"{learner.home}/bin:{new_env.variables['PATH']}"
    assert learner.configure(new_env, more={"PATH": path}).returncode == 0
    assert not (learner.home / ".rnd").exists()


# --- what it refuses -----------------------------------------------------------------------------


def test_without_jupyter_it_names_the_module(learner):
    before = snapshot(learner.home)
    result = learner.configure(None)
    refused(learner, result, "module load anaconda/py36/5.0.1", before=before)


def test_without_openssl(learner, new_env):
    links = learner.home / "bin"
    links.mkdir()
    for name in ("env", "python3"):
        source = new_env.python if name == "python3" else "/usr/bin/env"
        (links / name).symlink_to(source)
    (links / "jupyter").symlink_to(new_env.bin / "jupyter")
    before = snapshot(learner.home)
    result = learner.configure(new_env, more={"PATH": str(links)})
    refused(learner, result, "openssl", before=before)


@pytest.mark.parametrize(
    "name, text, word",
    [
        ("jupyter_notebook_config.py", "c.NotebookApp.port = 1\nc.(", "line 2"),
        ("jupyter_notebook_config.py", "c.NotebookApp.x = undefined\n", "line 1"),
        ("jupyter_notebook_config.py", "# >>> configure-jupyter >>>\n", "delete them"),
        ("jupyter_notebook_config.json", '{"NotebookApp": {', "jupyter_notebook_config.json"),
        ("jupyter_notebook_config.json", '["a list"]', "jupyter_notebook_config.json"),
        ("jupyter_notebook_config.json", "", "jupyter_notebook_config.json"),
    ],
)
def test_a_broken_config_is_named_and_left(learner, env, name, text, word):
    write(learner, f".jupyter/{name}", text)
    before = snapshot(learner.home)
    refused(learner, learner.configure(env), word, before=before)


@pytest.mark.parametrize("options", [["--bogus"], ["word"], ["--check", "--remove"], ["--days"],
                                     ["--pass=secret"]])  # fmt: skip
def test_wrong_options_are_refused(learner, new_env, options):
    before = snapshot(learner.home)
    refused(learner, learner.configure(new_env, *options), before=before)


def test_without_a_terminal_it_says_how(learner, new_env):
    before = snapshot(learner.home)
    result = learner.run([learner.home / "configure-jupyter"], new_env)
    refused(learner, result, "ssh -t", "--password-stdin", before=before)


def test_private_folder_of_another_user(learner, other, new_env):
    before = snapshot(learner.home)
    other.home.chmod(0o755)
    result = learner.configure(new_env, "--private-dir", other.home)
    refused(learner, result, "another user", before=before)


# --- AFS -----------------------------------------------------------------------------------------

LISTING = """Access list for {folder} is
Normal rights:
  system:administrators rlidwka
{lines}
  learner rlidwka
"""


def fake_fs(user, lines, code=0, error=""):
    """A stand-in for AFS's `fs listacl -path DIR`."""
    script = (
        "#!/bin/sh\n"
        f"[ {code} = 0 ] || {{ echo '{error}' >&2; exit {code}; }}\n"
        f"cat <<EOF\n{LISTING.format(folder='$3', lines=lines)}EOF\n"
    )
    path = write(user, "bin/fs", script)
    path.chmod(0o755)


@pytest.mark.parametrize(
    "lines, stranger",
    [
        ("  system:anyuser rl", "system:anyuser"),
        ("  system:authuser rlk", "system:authuser"),
        ("  system:anyuser l", ""),
        ("  staff rl\nNegative rights:\n  system:anyuser rl", ""),
    ],
)
def test_afs_folders_that_strangers_read_are_refused(learner, new_env, lines, stranger):
    fake_fs(learner, lines)
    before = snapshot(learner.home)
    path = {"PATH": f"{learner.home}/bin:{new_env.variables['PATH']}"}
    result = learner.configure(new_env, more=path)
    if stranger:
        refused(learner, result, stranger, "fs setacl", before=before)
    else:
        assert result.returncode == 0, result.stderr


def test_afs_mode_bits_mean_nothing(learner, new_env):
    """In AFS a key of mode 644 in a closed folder is no reason to make a new one."""
    fake_fs(learner, "  system:anyuser l")
    path = {"PATH": f"{learner.home}/bin:{new_env.variables['PATH']}"}
    learner.configure(new_env, more=path)
    first = pair(learner)
    (learner.home / "Private/jupyter/mykey.key").chmod(0o644)
    assert learner.configure(new_env, more=path).returncode == 0
    assert pair(learner) == first


# --- --remove ------------------------------------------------------------------------------------


def test_remove_takes_all_back(learner, env):
    before = snapshot(learner.home)
    learner.configure(env)
    result = learner.run([learner.home / "configure-jupyter", "--remove"], env)
    assert result.returncode == 0
    after = snapshot(learner.home)
    assert after.pop("Private", None)  # it may be the centre's, with rights of its own
    assert after == before


def test_remove_leaves_the_users_own(learner, new_env):
    write(learner, f"{CONFIG}.py", "c.NotebookApp.notebook_dir = '/tmp'\n")
    old = "sha1:67c9e60bb8b6:9ffede0825894254b2e042ea597d771089e11aed"
    write(learner, f"{CONFIG}.json", json.dumps({"NotebookApp": {"password": old}}))
    learner.run([learner.home / "configure-jupyter"], new_env)
    assert learner.run([learner.home / "configure-jupyter", "--remove"], new_env).returncode == 0
    assert (learner.home / f"{CONFIG}.py").read_text() == "c.NotebookApp.notebook_dir = '/tmp'\n"
    assert hashed(learner) == old


# --- the doctor ----------------------------------------------------------------------------------


def check(user, env, **more):
    before = snapshot(user.home)
    result = user.run([user.home / "configure-jupyter", "--check"], env, **more)
    assert snapshot(user.home) == before
    assert result.stderr == ""
    return result


def test_check_before_and_after(learner, env):
    before = check(learner, env)
    assert before.returncode == 2
    assert "there is no password" in before.stdout and "type  configure-jupyter" in before.stdout
    learner.configure(env)
    after = check(learner, env)
    assert after.returncode == 0 and "MEND" not in after.stdout and "all is in order" in after.stdout


@pytest.mark.parametrize(
    "harm, words",
    [
        ("loose key", "others may read"),
        ("loose hash", "can read the password's hash"),
        ("own line after", "your own line in"),
        ("broken", "SyntaxError"),
        ("two passwords", "two different passwords"),
        ("no block", "has no block"),
        ("ends soon", "ends within 14 days"),
    ],
)
def test_check_names_what_is_wrong(learner, new_env, harm, words):
    learner.configure(new_env, "--days", "13" if harm == "ends soon" else "365")
    script, tree = learner.home / f"{CONFIG}.py", learner.home / f"{CONFIG}.json"
    if harm == "loose key":
        (learner.home / "Private/jupyter/mykey.key").chmod(0o640)
    elif harm == "loose hash":
        tree.chmod(0o644)
    elif harm == "own line after":
        script.write_text(script.read_text() + "c.NotebookApp.certfile = '/x'\n")
    elif harm == "broken":
        script.write_text(script.read_text() + "c.(\n")
    elif harm == "two passwords":
        tree.write_text(json.dumps({"NotebookApp": {"password": "sha1:a:b"}}))
    elif harm == "no block":
        script.write_text("")
    result = check(learner, new_env)
    assert result.returncode == 2 and words in result.stdout
    assert result.stdout.count("      -> ") == result.stdout.count("MEND  ")


def test_check_of_an_afs_token_that_has_ended(learner, new_env):
    fake_fs(learner, "  system:anyuser l")
    path = {"PATH": f"{learner.home}/bin:{new_env.variables['PATH']}"}
    learner.configure(new_env, more=path)
    tokens = write(learner, "bin/tokens", "#!/bin/sh\necho 'User tokens for afs@x [>> Expired <<]'\n")
    tokens.chmod(0o755)
    result = check(learner, new_env, more=path)
    assert result.returncode == 2 and "aklog" in result.stdout
