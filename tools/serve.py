"""Show the built site on 127.0.0.1.

    python tools/serve.py FOLDER PORT

Python's own server would do on most machines.  This one says what the lab's files are whatever
the machine's tables say (on Windows the registry does), and lets a browser keep nothing without
asking, so that a site that was built anew is what is shown.
"""

from __future__ import annotations

import argparse
import functools
from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer


class SiteHandler(SimpleHTTPRequestHandler):
    """A file, or the index of a folder, with its type and headers."""

    extensions_map = SimpleHTTPRequestHandler.extensions_map | {
        ".js": "text/javascript",
        ".mjs": "text/javascript",
        ".css": "text/css",
        ".html": "text/html",
        ".svg": "image/svg+xml",
        ".json": "application/json",
        ".ipynb": "application/json",
        ".webmanifest": "application/manifest+json",
        ".wasm": "application/wasm",
        ".whl": "application/zip",
        ".data": "application/octet-stream",
    }

    def end_headers(self):
        self.send_header("Cache-Control", "no-cache")
        if self.path.split("?")[0].endswith("/service-worker.js"):
            # It may answer for the lab's folder, wherever that lies in the site.
            self.send_header("Service-Worker-Allowed", "./")
        super().end_headers()

    def log_request(self, code="-", size="-"):
        """Only what went wrong is worth a line."""
        if str(code)[:1] in "45":
            super().log_request(code, size)


def server(folder: str, port: int) -> ThreadingHTTPServer:
    """Return a server of a folder, which listens on 127.0.0.1 and no other address."""
    return ThreadingHTTPServer(("127.0.0.1", port), functools.partial(SiteHandler, directory=folder))


def main(argv: list[str] | None = None) -> None:
    parser = argparse.ArgumentParser(description="Show the built site on 127.0.0.1.")
    parser.add_argument("folder")
    parser.add_argument("port", type=int)
    options = parser.parse_args(argv)
    with server(options.folder, options.port) as running:
        try:
            running.serve_forever()
        except KeyboardInterrupt:
            print()


if __name__ == "__main__":
    main()
