"""The site as it was built: complete, without a broken link, with every fact, without an answer."""

import html
import json
import re
import zipfile
from urllib.parse import unquote, urlsplit

import pytest
from episode_box import front_matter
from lesson_facts import read_facts

from . import brief_facts as brief
from .conftest import ROOT, toc_pages
from .html_page import FETCHED, read_page, squeeze


@pytest.fixture(scope="module")
def pages(site):
    """Every page that we wrote, by name; those of the theme in _static and of JupyterLab are none."""
    ours = (path for path in site.rglob("*.html") if path.relative_to(site).parts[0] != "lite")
    found = (path for path in ours if "_static" not in path.parts)
    return {str(path.relative_to(site).with_suffix("")): read_page(path) for path in found}


# ---- complete -------------------------------------------------------------------------------


@pytest.mark.parametrize("name", toc_pages())
def test_every_page_of_the_toc_was_built(pages, name):
    assert name in pages
    assert len(pages[name].text) > 300


def test_no_internal_link_or_image_is_broken(site, pages):
    broken = []
    for page in pages.values():
        for _tag, target in page.references:
            parts = urlsplit(target)
            if parts.scheme or target.startswith("//"):
                continue
            path = (page.path.parent / unquote(parts.path)).resolve() if parts.path else page.path
            if not path.is_file() or not path.is_relative_to(site):
                broken.append(f"{page.path.relative_to(site)}: {target}")
            elif parts.fragment and path.suffix == ".html":
                ids = pages[str(path.relative_to(site).with_suffix(""))].ids
                if unquote(parts.fragment) not in ids:
                    broken.append(f"{page.path.relative_to(site)}: {target} (no such anchor)")
    assert broken == []


def test_nothing_is_fetched_from_elsewhere(pages):
    elsewhere = [
        (name, target)
        for name, page in pages.items()
        for tag, target in page.references
        if tag in FETCHED and (urlsplit(target).netloc or target.startswith("//"))
    ]
    assert elsewhere == []


@pytest.mark.parametrize("trace", ["{{", "}}", "Traceback (most recent call last)"])
def test_nothing_was_left_unfilled_or_broken(pages, trace):
    assert [name for name, page in pages.items() if trace in page.text] == []


def test_no_terminal_shows_a_job_number_left_open(site):
    screens = [html.unescape(re.sub("<[^>]*>", "", screen)) for path in site.rglob("*.html")
               for screen in re.findall(r'<pre class="[^"]*terminal-screen[^"]*">(.*?)</pre>', path.read_text(), re.S)]
    assert len(screens) > 10
    assert [screen for screen in screens if "<job id>" in screen] == []


# ---- the brief's facts ----------------------------------------------------------------------


def flat(groups):
    return [(section, fact) for section, facts in groups.items() for fact in facts]


@pytest.mark.parametrize(("section", "fact"), flat(brief.LITERAL))
def test_commands_and_names_of_the_brief(pages, section, fact):
    assert fact in pages[brief.EPISODE].text


@pytest.mark.parametrize("link", brief.LINKS)
def test_links_of_the_brief(pages, link):
    targets = [target.rstrip("/") for _, target in pages[brief.EPISODE].references]
    assert link.rstrip("/") in targets


@pytest.mark.parametrize(("section", "words"), flat(brief.TOLD))
def test_what_the_brief_tells(pages, section, words):
    """All words of a group stand near each other: within 300 characters of the first."""
    text = pages[brief.EPISODE].text.lower()
    first, *others = [word.lower() for word in words]
    places = [match.start() for match in re.finditer(re.escape(first), text)]
    near = (text[max(0, place - 300) : place + 300] for place in places)
    assert any(all(word in around for word in others) for around in near), words


@pytest.mark.parametrize("magic", brief.MAGICS)
def test_table_of_magics(pages, magic):
    effects = [row[1] for row in pages[brief.EPISODE].rows if row[0] == magic and len(row) == 2]
    assert len(effects) == 1
    missing = [word for word in brief.MAGICS[magic] if word.lower() not in effects[0].lower()]
    assert missing == []


def test_front_matter_of_the_episode():
    meta = front_matter((ROOT / f"{brief.EPISODE}.md").read_text())
    assert {key: meta[key] for key in brief.FRONT_MATTER} == brief.FRONT_MATTER


def test_question_objective_and_key_point_of_the_brief(pages):
    text = pages[brief.EPISODE].text
    assert "I love Jupyter notebooks, can I use them at PDC?" in text
    assert "Learn how to use Jupyter notebooks in an HPC environment" in text
    assert "Jupyter offers an alternative way to interact with HPC systems" in text


@pytest.mark.parametrize("line", brief.JOB_SCRIPT)
def test_job_script_of_the_brief(pages, line):
    assert line.strip() in pages[brief.SCHEDULING].text


@pytest.mark.parametrize("fact", brief.TEGNER)
def test_tegner_of_the_brief(pages, fact):
    assert fact in pages[brief.SCHEDULING].text


@pytest.mark.parametrize("line", brief.SINFO)
def test_sinfo_shows_tegner_as_the_course_did(pages, line):
    assert line in pages[brief.SCHEDULING].text


# ---- what the pages offer to take away ---------------------------------------------------------


def test_setup_scripts_are_ready_for_the_lessons_cluster(site):
    facts = read_facts(ROOT / "_config.yml")
    offered = {path.name: path.read_text() for path in (site / "downloads/setup").iterdir()}
    configure = offered["configure-jupyter"]
    assert f'CLUSTER = "{facts["cluster_name"]}"' in configure
    assert f'JUPYTER_MODULE = "{facts["module_jupyter"]}"' in configure
    assert {"start-jupyter-login", "start-jupyter-compute", "tunnel"} <= set(offered)
    assert [name for name, text in offered.items() if facts["allocation"] in text] == []


# ---- the front page's promises --------------------------------------------------------------


def test_schedule_adds_up_the_episodes(pages):
    metas = [
        front_matter((ROOT / f"{n}.md").read_text())
        for n in toc_pages()
        if (ROOT / f"{n}.md").exists()
    ]
    episodes = [meta for meta in metas if "teaching" in meta]
    end = pages["schedule"].rows[-1]
    assert end[2:] == [
        f"{sum(meta[key] for meta in episodes)} min" for key in ("teaching", "exercises")
    ]
    titles = [row[1] for row in pages["schedule"].rows]
    assert len(titles) > 2 + len(episodes), "each exercise has a row of its own"


# ---- no answers where a learner meets them unasked --------------------------------------------


def challenge_lines():
    """Return (lines of solution cells, all other text) of the challenge notebooks' sources."""
    solutions, others = set(), []
    for source in sorted((ROOT / "notebooks").glob("*.ipynb")):
        for cell in json.loads(source.read_text())["cells"]:
            text = "".join(cell["source"])
            if "solution" in cell["metadata"].get("tags", []):
                solutions.update(line.strip() for line in text.splitlines())
            else:
                others.append(text)
    return solutions, "\n".join(others)


def solution_lines():
    """Return the lines, long enough to recognise, that stand in solutions and nowhere else."""
    solutions, others = challenge_lines()
    return [line for line in solutions if len(line) > 8 and line not in others and "{{" not in line]


def test_there_are_solutions_to_look_for():
    assert len(solution_lines()) >= 3


def test_the_site_offers_no_source_of_a_challenge(site):
    assert not (site / "_sources").exists()


def notebooks_offered(site):
    """Yield (name, text) of the notebooks that a reader can take away, in archives too.

    What lies beside them may say more: job.sh is given, and the last hint is the command.
    """
    for path in site.rglob("*"):
        if path.suffix in (".zip", ".whl"):
            with zipfile.ZipFile(path) as archive:
                for name in archive.namelist():
                    if name.endswith(".ipynb"):
                        yield f"{path.name}/{name}", archive.read(name).decode()
        elif path.suffix == ".ipynb":
            yield path.name, path.read_text()


def test_no_notebook_that_is_offered_holds_a_solution(site):
    found = dict(notebooks_offered(site))
    assert found, "the learner's notebook is offered"
    leaks = [
        (name, line)
        for name, text in found.items()
        for line in solution_lines()
        if line in text.replace('\\"', '"')
    ]
    assert leaks == []


def test_search_does_not_find_solutions(site, pages):
    index = (site / "searchindex.js").read_text()
    terms = set(json.loads(index[index.index("(") + 1 : index.rindex(")")])["terms"])
    elsewhere = challenge_lines()[1].lower()
    elsewhere += "".join(p.text.lower() for name, p in pages.items() if "challenges" not in name)
    only_in_solutions = {
        word
        for line in solution_lines()
        for word in re.findall(r"[a-z_]{6,}", line.lower())
        if word not in elsewhere
    }
    assert not only_in_solutions & terms


def test_squeeze_makes_quotes_plain():
    assert squeeze("don’t \n “x”") == 'don\'t "x"'
