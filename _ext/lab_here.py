"""Puts the lab on the pages of the challenges: "Run it here" and "Open in the lab".

The lab lies in the site's folder `lite` (tools/build_lab.py).  A page has a link to its notebook
there, which works everywhere; all else is done by _ext/browser/lab_here/lab.js.
"""

from __future__ import annotations

import html

from browser_files import bring
from docutils import nodes
from sphinx.util.osutil import relative_uri

FOLDER = "challenges/"
SCRIPT, STYLE = "lab_here/lab.js", "lab_here/lab.css"

BOX = """<section class="lab-here" id="lab-here" tabindex="-1" aria-label="This notebook in your browser" data-notebook="{notebook}">
<p>This challenge runs in your browser, on a cluster of your own, with nothing to install. It loads about 12 MB at the first time.
Memory is declared there, not measured, and pandas comes from another server: <a href="{differs}">what is different in the browser</a>.</p>
<p class="lab-here-buttons">
<button type="button" class="lab-here-run" hidden>Run it here</button>
<a class="lab-here-open" href="{address}" target="_blank" rel="noopener">Open in the lab</a>
<button type="button" class="lab-here-reset" hidden>Reset this notebook</button>
<button type="button" class="lab-here-close" hidden>Close the notebook</button>
</p>
<p class="lab-here-status" role="status"></p>
<div class="lab-here-older" role="status"></div>
</section>
"""


def box(page: str, own_address: str) -> nodes.raw:
    """Return what stands under the title of a challenge's page."""
    notebook = page.removeprefix(FOLDER) + ".ipynb"
    address = relative_uri(own_address, f"lite/lab/index.html?path={notebook}")
    differs = relative_uri(own_address, "index.html") + "#in-the-browser"
    text = BOX.format(notebook=html.escape(notebook), address=html.escape(address), differs=html.escape(differs))
    return nodes.raw("", text, format="html")


def _is_challenge(page: str) -> bool:
    return page.startswith(FOLDER)


def _place(app, doctree):
    page = app.env.docname
    if _is_challenge(page) and app.builder.format == "html":
        title = next(iter(doctree.findall(nodes.title)))
        own = app.builder.get_target_uri(page)
        title.parent.insert(title.parent.index(title) + 1, box(page, own))


def _add_assets(app, pagename, _templatename, _context, doctree):
    if doctree and _is_challenge(pagename):
        app.add_js_file(SCRIPT, type="module")
        app.add_css_file(STYLE)


def setup(app):
    bring(app)
    app.connect("doctree-read", _place)
    app.connect("html-page-context", _add_assets)
    return {"parallel_read_safe": True, "parallel_write_safe": True}
