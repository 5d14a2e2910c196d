"""The site in headless Chromium, as a reader sees it: everything but 127.0.0.1 is out of reach."""

import functools
import threading
from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer

import pytest
from playwright.sync_api import sync_playwright

from tests.needs import need
from tools.lab_visit import FLAGS, Visit

from .conftest import toc_pages

EPISODE = "_episodes/11-jupyter.html"
SCHEDULING = "_episodes/10-scheduling.html"
CHALLENGE = "challenges/01-slurm-magics.html"
PAGES = [f"{name}.html" for name in toc_pages()]
DESKTOP, PHONE = 1280, 390


class QuietHandler(SimpleHTTPRequestHandler):
    def log_message(self, *_args):
        pass


@pytest.fixture(scope="module")
def address(site):
    """The site served on a free port of 127.0.0.1."""
    handler = functools.partial(QuietHandler, directory=site)
    with ThreadingHTTPServer(("127.0.0.1", 0), handler) as server:
        thread = threading.Thread(target=server.serve_forever)
        thread.start()
        yield f"http://127.0.0.1:{server.server_port}/"
        server.shutdown()
        thread.join()


@pytest.fixture(scope="module")
def browser():
    chromium = need("chromium")
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=chromium, args=FLAGS)
        yield browser
        browser.close()


@pytest.fixture
def visit(browser, address):
    visits = []

    def start(width=DESKTOP, scheme="light"):
        visits.append(Visit(browser, address, width, scheme))
        return visits[-1]

    yield start
    for one in visits:
        one.context.close()


def assert_reads_well(visit, name):
    visit.open(name)
    assert visit.complaints == []
    assert visit.overflow() <= 0
    assert visit.page.locator("article h1").first.is_visible()


# The contrast of a text with what lies behind it, as WCAG 2.2 (1.4.3) defines it.
CONTRAST = """node => {
  const numbers = colour => colour.match(/[\\d.]+/g).map(Number);
  const light = rgb => rgb.slice(0, 3).map(part => part / 255)
    .map(part => part <= 0.04045 ? part / 12.92 : ((part + 0.055) / 1.055) ** 2.4)
    .reduce((sum, part, i) => sum + part * [0.2126, 0.7152, 0.0722][i], 0);
  let behind = node, ground;
  do {
    ground = numbers(getComputedStyle(behind).backgroundColor);
    behind = behind.parentElement;
  } while (ground[3] === 0 && behind);
  const [a, b] = [light(numbers(getComputedStyle(node).color)), light(ground)];
  return (Math.max(a, b) + 0.05) / (Math.min(a, b) + 0.05);
}"""


def luminance(visit, selector, what):
    """Return how light (0 to 255) a colour of the first element that matches is."""
    colour = visit.page.locator(selector).first.evaluate(
        f"node => getComputedStyle(node).{what}.match(/[\\d.]+/g).map(Number)"
    )
    return sum(colour[:3]) / 3


def test_the_episode_reads_well_on_a_desktop(visit):
    assert_reads_well(visit(), EPISODE)


def test_the_challenge_reads_well_on_a_phone(visit):
    assert_reads_well(visit(PHONE), CHALLENGE)


@pytest.mark.slow
@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("width", [DESKTOP, PHONE])
@pytest.mark.parametrize("name", PAGES)
def test_every_page_reads_well(visit, name, width, scheme):
    assert_reads_well(visit(width, scheme), name)


@pytest.mark.slow
@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_colours_follow_the_readers_system(visit, scheme):
    reader = visit(scheme=scheme)
    reader.open(EPISODE)
    page, text = luminance(reader, "body", "backgroundColor"), luminance(reader, "main p", "color")
    assert (page > 200 and text < 100) if scheme == "light" else (page < 60 and text > 150)
    shown = reader.page.locator(f"img.only-{scheme}").first
    other = reader.page.locator("img.only-" + {"light": "dark", "dark": "light"}[scheme]).first
    assert shown.is_visible() and not other.is_visible()


@pytest.mark.slow
@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize(
    ("name", "selector"),
    [
        (EPISODE, "article p"),
        (EPISODE, "article p code"),
        (EPISODE, ".lesson-overview li"),
        (EPISODE, ".lesson-keypoints li"),
        (EPISODE, ".sd-tab-set pre"),
        (SCHEDULING, ".terminal-title"),
        (SCHEDULING, ".terminal-prompt"),
        (SCHEDULING, ".terminal-command"),
        (SCHEDULING, ".terminal-screen"),
        (
            CHALLENGE,
            ".cell_output .text_html:not(:has(table)) p, .cell_output .text_html:not(:has(table)) div",
        ),
        (CHALLENGE, ".cell_output .text_html:not(:has(table)) code"),
        (CHALLENGE, ".cell_output table.dataframe td"),
        (CHALLENGE, ".cell_output pre"),
        ("schedule.html", ".lesson-schedule td"),
    ],
)
def test_texts_can_be_read(visit, name, selector, scheme):
    page = visit(scheme=scheme).open(name)
    assert page.locator(selector).first.evaluate(CONTRAST) >= 4.5


@pytest.mark.slow
def test_tabs_of_one_cluster_change_together(visit):
    reader = visit()
    page = reader.open(EPISODE)
    dardel = page.get_by_text("ssh <username>@dardel.pdc.kth.se").first
    assert not dardel.is_visible()
    page.locator("label.sd-tab-label", has_text="Dardel").nth(1).click()
    dardel.wait_for(state="visible")
    assert page.locator("label.sd-tab-label", has_text="Dardel").count() > 3
    assert reader.complaints == []


@pytest.mark.slow
@pytest.mark.parametrize("name", [SCHEDULING, EPISODE])
def test_solutions_of_an_episode_open_on_a_click(visit, name):
    page = visit().open(name)
    solution = page.locator(".admonition.solution").first
    body = solution.locator("p, li").nth(1)
    assert not body.is_visible()
    solution.locator("button, summary").first.click()
    body.wait_for(state="visible")


def test_solutions_of_the_challenge_are_folded_and_open_on_a_click(visit):
    page = visit().open(CHALLENGE)
    solutions = page.locator(".cell.tag_solution")
    assert solutions.count() >= 3
    for number in range(solutions.count()):
        assert not solutions.nth(number).locator(".cell_input pre").first.is_visible()
    solutions.first.locator("summary").first.click()
    solutions.first.locator(".cell_input pre").first.wait_for(state="visible")


@pytest.mark.slow
def test_terminals_show_what_was_typed_and_what_came(visit):
    page = visit().open(SCHEDULING)
    first = page.locator(".terminal").first
    assert first.locator(".terminal-command").first.inner_text() == "sinfo"
    assert "PARTITION" in first.locator(".terminal-output").first.inner_text()


@pytest.mark.slow
def test_the_copy_button_of_a_terminal_copies_the_commands_only(visit):
    reader = visit()
    reader.context.grant_permissions(["clipboard-read", "clipboard-write"])
    page = reader.open(SCHEDULING)
    terminal = page.locator(".terminal").first
    terminal.hover()
    terminal.locator("button.copybtn").click()
    assert page.evaluate("navigator.clipboard.readText()").strip() == "sinfo"
    assert reader.complaints == []


@pytest.mark.slow
def test_search_finds_the_tunnel(visit):
    reader = visit()
    page = reader.open("search.html?q=tunnel")
    results = page.locator("#search-results li")
    results.first.wait_for()
    assert any("Jupyter" in text for text in results.all_inner_texts())
    assert reader.complaints == []


@pytest.mark.slow
def test_a_phone_reaches_the_other_pages(visit):
    page = visit(PHONE).open(EPISODE)
    link = page.locator("nav.bd-links a", has_text="Job scheduling").first
    assert not link.is_visible()
    page.locator("button.primary-toggle:visible").first.click()
    link.wait_for(state="visible")
    link.click()
    page.wait_for_url("**/10-scheduling.html")
