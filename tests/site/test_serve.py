"""tools/serve.py: the lab's files have the types and headers that browsers ask for."""

import threading
import urllib.request

import pytest

from tools import serve


@pytest.fixture
def get(tmp_path):
    """get(name) -> headers of a file that is served."""
    with serve.server(str(tmp_path), 0) as server:
        thread = threading.Thread(target=server.serve_forever)
        thread.start()
        opener = urllib.request.build_opener(urllib.request.ProxyHandler({}))

        def get(name):
            (tmp_path / name).write_bytes(b"content")
            with opener.open(f"http://127.0.0.1:{server.server_port}/{name}", timeout=30) as answer:
                assert answer.read() == b"content"
                return answer.headers

        yield get
        server.shutdown()
        thread.join()


@pytest.mark.parametrize(("name", "kind"), [
    ("a.wasm", "application/wasm"), ("a.mjs", "text/javascript"), ("a.js", "text/javascript"),
    ("a.whl", "application/zip"), ("a.data", "application/octet-stream"), ("a.json", "application/json"),
    ("a.ipynb", "application/json"), ("a.webmanifest", "application/manifest+json"), ("a.css", "text/css")])
def test_types(get, name, kind):
    headers = get(name)
    assert headers.get_content_type() == kind
    assert headers["Cache-Control"] == "no-cache"


def test_the_service_worker_may_answer_for_its_folder(get):
    assert get("service-worker.js")["Service-Worker-Allowed"] == "./"
    assert get("other.js")["Service-Worker-Allowed"] is None


def test_nobody_else_is_listened_to(tmp_path):
    with serve.server(str(tmp_path), 0) as server:
        assert server.server_address[0] == "127.0.0.1"
