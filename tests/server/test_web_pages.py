"""The page's files: from memory, kept for good by browsers, and no other file of this machine."""

from __future__ import annotations

import gzip
from collections.abc import Callable
from importlib.resources import files

import pytest

from lanchat.protocol.web_wire import Request
from lanchat.server.web.pages import Pages, read, without_comments
from tests.server.serving import Serving
from tests.server.web import read_answer, request

INDEX = b'<title>lanchat</title><script src="/web/HASH/app.js"></script><!--lanchat:room-->'
SCRIPT = b"let a = 1\n" * 100
CONTENTS = {"index.html": INDEX, "app.js": SCRIPT, "view/rows.js": b"rows", "style.css": b"p{}"}


def get(**headers: str) -> Request:
    return Request("GET", "/", {name.replace("_", "-"): value for name, value in headers.items()})


def test_a_file_is_sent_compressed_to_who_takes_that_and_may_be_kept_for_good() -> None:
    pages = Pages(CONTENTS)
    answer = pages.file(get(accept_encoding="gzip, br"), pages.hash, "app.js")
    assert answer is not None
    headers = dict(answer.headers)
    assert gzip.decompress(answer.body) == SCRIPT
    assert answer.content_type == "text/javascript; charset=utf-8"
    assert headers["Content-Encoding"] == "gzip"
    assert headers["Cache-Control"] == "public, max-age=31536000, immutable"
    assert headers["Vary"] == "Accept-Encoding"


def test_who_takes_no_gzip_gets_it_as_it_is() -> None:
    pages = Pages(CONTENTS)
    answer = pages.file(get(), pages.hash, "app.js")
    assert answer is not None
    assert answer.body == SCRIPT
    assert "Content-Encoding" not in dict(answer.headers)


def test_a_browser_that_has_a_file_is_told_so() -> None:
    pages = Pages(CONTENTS)
    first = pages.file(get(), pages.hash, "view/rows.js")
    assert first is not None
    again = pages.file(get(if_none_match=dict(first.headers)["ETag"]), pages.hash, "view/rows.js")
    assert again is not None
    assert (again.status, again.body) == (304, b"")


@pytest.mark.parametrize(
    "name", ["other.js", "../server/server.py", "/etc/passwd", "view", "view/", "view/../app.js", "index.html", ""]
)
def test_a_name_that_was_none_at_the_start_is_none(name: str) -> None:
    pages = Pages(CONTENTS)
    assert pages.file(get(), pages.hash, name) is None


def test_a_file_under_the_hash_of_an_older_page_is_none() -> None:
    pages, older = Pages(CONTENTS), Pages({**CONTENTS, "style.css": b"p{color:red}"})
    assert pages.hash != older.hash
    assert pages.file(get(), older.hash, "app.js") is None


def test_the_hash_tells_contents_and_names_apart() -> None:
    hashes = [Pages(one).hash for one in ({"a.js": b"b"}, {"a.js": b"c"}, {"b.js": b"b"}, {"a.js": b"", "b.js": b"b"})]
    assert len(set(hashes)) == 4


def test_the_first_page_names_its_files_by_the_hash_and_the_room_escaped() -> None:
    pages = Pages(CONTENTS)
    body = pages.index(get(), "<Line> & 3", "<p>hello</p>").body.decode()
    assert f'src="/web/{pages.hash}/app.js"' in body
    assert "<title>&lt;Line&gt; &amp; 3 · lanchat</title>" in body
    assert "<p>hello</p>" in body


def test_the_first_page_is_asked_for_each_time_and_sent_only_where_it_has_changed() -> None:
    pages = Pages(CONTENTS)
    first = dict(pages.index(get(), "Line 3", "one").headers)
    assert first["Cache-Control"] == "no-cache"
    assert pages.index(get(if_none_match=first["ETag"]), "Line 3", "one").status == 304
    assert pages.index(get(if_none_match=first["ETag"]), "Line 3", "two").status == 200


def test_every_file_of_the_page_is_served_as_it_lies_in_the_package(room: Serving) -> None:
    pages, folder = read(), files("lanchat").joinpath("web")
    assert pages.is_there
    for name in pages.names:
        peer = room.peer()
        peer.send(request("GET", f"/web/{pages.hash}/{name}"))
        answer = read_answer(peer)
        whole = folder.joinpath(*name.split("/")).read_bytes()
        body = without_comments(whole) if name.endswith((".js", ".css")) else whole
        assert (answer.status, answer.body) == (200, body)


def test_the_page_is_served_under_its_policy(room: Serving) -> None:
    peer = room.peer()
    peer.send(request("GET", "/", Host="10.77.1.11:8100"))
    policy = read_answer(peer).headers["content-security-policy"]
    assert policy == (
        "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' blob: data:; media-src 'self'; "
        "connect-src 'self' ws://10.77.1.11:8100; form-action 'self'; base-uri 'none'; frame-ancestors 'none'"
    )


def test_a_host_without_a_page_says_how_else_to_join(serve: Callable[..., Serving]) -> None:
    room = serve(has_page=False)
    peer = room.peer()
    peer.send(request("GET", "/") + request("GET", f"/web/{read().hash}/app.js"))
    assert b"lanchat join" in read_answer(peer).body
    assert read_answer(peer).status == 404
