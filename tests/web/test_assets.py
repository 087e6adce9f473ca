"""Static files: their addresses, and that the files of others are what their authors sent out."""

import gzip
import hashlib
import json
import re
from pathlib import Path

import pytest

from mainstem.web.assets import SPRITE, STYLES, Assets
from mainstem.web.frame import HERE

PARTS = json.loads((HERE / "static/vendor/vendor.json").read_text(encoding="utf-8"))
LISTED = {file: digest for part in PARTS for file, digest in part["files"].items()}
OF_OTHERS = ("static/vendor/*.js", "static/fonts/*", "icons/*")


@pytest.fixture(scope="module")
def assets() -> Assets:
    return Assets(HERE / "static", HERE / "icons")


def words_in_code() -> set[str]:
    """Every quoted word of pages, templates and scripts, among which the icons are named."""
    files = [*HERE.glob("**/*.py"), *HERE.glob("templates/**/*.html"), *HERE.glob("static/js/*.js")]
    return {word for file in files for word in re.findall(r'"([a-z0-9-]+)"', file.read_text(encoding="utf-8"))}


@pytest.mark.parametrize("name", sorted(LISTED))
def test_a_file_of_others_is_what_they_sent_out(name: str) -> None:
    assert hashlib.sha256((HERE / name).read_bytes()).hexdigest() == LISTED[name]


def test_every_file_of_others_is_listed() -> None:
    found = {path.relative_to(HERE).as_posix() for pattern in OF_OTHERS for path in HERE.glob(pattern)}
    assert found == set(LISTED)


def test_every_package_is_named_with_its_licence() -> None:
    text = (HERE / "static/vendor/LICENSES.txt").read_text(encoding="utf-8")
    assert [part["name"] for part in PARTS if f"{part['name']} {part['version']}" not in text] == []
    assert all(part["licence"] in {"0BSD", "ISC", "OFL-1.1"} for part in PARTS)


def test_every_icon_is_used_somewhere() -> None:
    assert {path.stem for path in HERE.glob("icons/*.svg")} - words_in_code() == set()


def test_every_icon_that_is_named_is_there(assets: Assets) -> None:
    templates = "".join(file.read_text(encoding="utf-8") for file in HERE.glob("templates/**/*.html"))
    named = set(re.findall(r'icon\("([a-z0-9-]+)"', templates))
    there = set(re.findall(r'<symbol id="([^"]+)"', assets.files[SPRITE].decode()))
    assert named
    assert named - there == set()


def test_styles_are_one_file_whose_layers_come_first(assets: Assets) -> None:
    assert assets.files[STYLES].startswith(b"@layer reset, tokens, base, layout, components, prose, utilities;")
    assert [name for name in assets.files if name.endswith(".css")] == [STYLES]


def test_every_address_in_the_styles_leads_to_a_file(assets: Assets) -> None:
    named = re.findall(r'url\("\.\./([^"]+)"\)', assets.files[STYLES].decode())
    assert named
    assert [name for name in named if name not in assets.files] == []


def test_a_file_is_kept_for_ever_under_its_own_hash_and_asked_for_again_under_another(assets: Assets) -> None:
    own, other = assets.response(assets.hash, STYLES, packed=False), assets.response("0123", STYLES, packed=False)
    assert own is not None
    assert other is not None
    assert own.headers["cache-control"] == "public, max-age=31536000, immutable"
    assert other.headers["cache-control"] == "no-cache"
    assert own.headers["content-type"] == "text/css; charset=utf-8"


def test_another_content_has_another_address(tmp_path: Path) -> None:
    def at(text: str) -> Assets:
        (tmp_path / "js").mkdir(exist_ok=True)
        (tmp_path / "js/x.js").write_text(text)
        return Assets(tmp_path, HERE / "icons")

    assert at("one")("js/x.js") != at("two")("js/x.js")


def test_a_name_without_a_file_is_found_when_the_page_is_made(assets: Assets) -> None:
    with pytest.raises(KeyError):
        assets("js/none.js")
    assert assets.response(assets.hash, "../app.py", packed=False) is None


def test_who_takes_gzip_gets_the_same_file_in_less(assets: Assets) -> None:
    plain = assets.response(assets.hash, STYLES, packed=False)
    packed = assets.response(assets.hash, STYLES, packed=True)
    assert plain is not None
    assert packed is not None
    assert packed.headers["content-encoding"] == "gzip"
    assert packed.headers["vary"] == plain.headers["vary"] == "Accept-Encoding"
    assert gzip.decompress(packed.body) == plain.body
    assert len(packed.body) < len(plain.body) / 3


def test_no_style_of_the_hub_s_own_pages_falls_on_what_a_document_brings() -> None:
    brought = re.findall(r'class="([a-z -]+)', (HERE.parent / "convert/html.py").read_text(encoding="utf-8"))
    classes = {word for each in brought for word in each.split()}
    styles = [file.read_text(encoding="utf-8") for file in sorted(HERE.glob("static/css/*.css"))[:-1]]
    alone = {word for text in styles for word in re.findall(r"(?:^|[{},])\s*\.([a-z-]+)\s*[,{]", text)}
    assert {"bare", "listing"} <= classes
    assert classes & alone == set()
