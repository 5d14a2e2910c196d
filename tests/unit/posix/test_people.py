"""posix/people.py: pwd and grp for a Python that has none."""

import subprocess
import sys

PROGRAM = """
import sys
class Missing:
    def find_spec(self, name, path=None, target=None):
        if name in ("pwd", "grp"):
            raise ModuleNotFoundError(name, name=name)
sys.meta_path.insert(0, Missing())
for name in ("pwd", "grp"):
    sys.modules.pop(name, None)
from slurm_mock.host.browser import missing
missing.provide()
import grp, os, pwd
print(pwd.getpwuid(os.getuid()).pw_name, pwd.getpwnam("anna").pw_dir, grp.getgrgid(os.getgid()).gr_name)
try:
    pwd.getpwnam("bert")
except KeyError as error:
    print("no", error)
"""


def test_one_person_where_python_knows_none():
    done = subprocess.run([sys.executable, "-c", PROGRAM], env={"USER": "anna", "HOME": "/home/a"},
                          capture_output=True, text=True, timeout=60)
    assert done.stdout.startswith("anna /home/a anna\nno ") and not done.stderr


def test_who_plays_somebody_else_is_not_that_person():
    """To Slurm the learner in a browser is an ordinary user, though the ids there are root's."""
    program = PROGRAM.replace("import grp, os, pwd", """import grp, os, pwd
from slurm_mock.slurmctld.state import account_of
print(account_of("anna", 1000))""").replace('pwd.getpwnam("anna").pw_dir', "1")
    done = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, timeout=60,
                          env={"USER": "anna", "HOME": "/home/a", "MOCK_SLURM_USER": "anna"})
    assert done.stdout.startswith("('anna', 1000, 'anna', 1000)\nroot 1 root\n"), done.stderr


def test_what_python_has_stays():
    import pwd

    from slurm_mock.posix import people
    people.provide()
    assert pwd is sys.modules["pwd"] and not hasattr(pwd, "Person") and pwd.getpwall()


def test_whoami_is_the_learner():
    program = PROGRAM.replace("import grp, os, pwd", """import grp, os, pwd
from slurm_mock.posix.tools.utilities import user_name
print(user_name())""")
    done = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, timeout=60,
                          env={"USER": "anna", "HOME": "/home/a", "MOCK_SLURM_USER": "anna"})
    assert done.stdout.startswith("anna\n"), done.stderr
