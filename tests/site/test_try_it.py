"""{try-it}: what a console on a page is made of."""

import json

import pytest

from .conftest import BuildFailed

PAGE = """# Page

```{{lesson-file}} above.sh
```

```{{try-it}}
:files: hello.sh
{options}
squeue
echo "<b>" | cat
```
"""


def console(mini_book):
    text = mini_book.html()
    inside = text.split('<script type="application/json">')[1].split("</script>")[0]
    return json.loads(inside)


@pytest.fixture
def book(mini_book):
    mini_book.write("above.sh", "#!/bin/bash\necho {{ cores }}\n")
    mini_book.write("hello.sh", "#!/bin/bash\n#SBATCH -n {{ cores }}\n")
    (mini_book.folder / "hello.sh").chmod(0o755)
    mini_book.write("index.md", PAGE.format(options=""))
    return mini_book


def test_it_gets_the_pages_files_and_the_lessons_facts(book):
    assert book.build() == ""
    told = console(book)
    assert told["cluster"] == "tegner" and told["user"] == "anna" and told["home"] == "/afs/home"
    assert told["files"]["hello.sh"] == ["#!/bin/bash\n#SBATCH -n 24\n", 0o755]
    assert told["files"]["above.sh"][0] == "#!/bin/bash\necho 24\n"
    assert told["suggestions"] == ["squeue", 'echo "<b>" | cat']
    assert "      login_host: tegner.example\n" in told["facts"]


def test_another_cluster(book):
    book.write("index.md", PAGE.format(options=":cluster: small"))
    book.build()
    assert console(book)["cluster"] == "small" and console(book)["home"] == "/home/me"


def test_scripts_only_where_they_are_needed(book):
    book.write("other.md", "---\norphan: true\n---\n# Other\n")
    book.build()
    assert book.html().count("try_it/console.js") == 1
    assert "try_it/" not in book.html("other")
    assert (book.folder / "out/_static/try_it/worker.js").is_file()


@pytest.mark.parametrize(("block", "said"), [
    ("```{try-it}\n```", "no line for the reader to try"),
    ("```{try-it}\n:cluster: none\n\nls\n```", "no such cluster in the lesson block: none"),
    ("```{try-it}\n:files: missing.sh\n\nls\n```", "no such file beside the page")])
def test_mistakes_end_the_build(book, block, said):
    book.write("index.md", f"# Page\n\n{block}\n")
    with pytest.raises(BuildFailed, match=said):
        book.build()
