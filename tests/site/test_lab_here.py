"""The lab on the pages of challenges, and on no others."""

import re



def test_a_challenge_has_its_notebook_and_no_other_page_has(mini_book):
    mini_book.write("index.md", "# Start\n\n```{toctree}\nchallenges/10-one\n```\n")
    mini_book.write("challenges/10-one.md", "# One\n\nText.\n")
    mini_book.build()
    page = mini_book.html("challenges/10-one")
    assert page.count('id="lab-here"') == 1 and 'data-notebook="10-one.ipynb"' in page
    assert page.index("<h1") < page.index('id="lab-here"') < page.index("Text.")
    assert 'href="../lite/lab/index.html?path=10-one.ipynb"' in page
    assert 'href="../index.html#in-the-browser"' in page
    assert page.count("lab_here/lab.js") == 1 and 'type="module"' in page
    assert "lab_here" not in mini_book.html() and 'id="lab-here"' not in mini_book.html()
    assert (mini_book.folder / "out/_static/lab_here/store.js").is_file()


def test_every_challenge_of_the_site_names_a_notebook_of_the_lab(site):
    pages = sorted((site / "challenges").glob("*.html"))
    assert pages
    for page in pages:
        assert (site / "lite/files" / f"{page.stem}.ipynb").is_file()
        assert any(f"/lite/lab/index.html?path={page.stem}.ipynb" in link for link in links(page))


def links(page):
    return re.findall(r'href="([^"]*)"', page.read_text(encoding="utf-8"))
