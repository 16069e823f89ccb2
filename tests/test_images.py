"""Photographs of places: who is shown them, in which form, and what a crafted file can do."""

from __future__ import annotations

import http.client
import io
import os
import struct
import threading
import zlib
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from PIL import Image, ImageCms, PngImagePlugin
from starlette.applications import Starlette
from starlette.testclient import TestClient

from regen_map.cli import main
from regen_map.intake import Issue, Limits, Options, Picture, Rule, Severity, read_catalogue
from regen_map.messages import LANGUAGES
from regen_map.messages.issues import describe
from regen_map.store import FolderPictures, FolderStore, readable_picture
from regen_map.web.images import image_routes
from tests.browser.conftest import serving

Rows = Callable[..., bytes]
Files = Callable[..., dict[str, bytes]]

CREDIT = {"image_credit": "Ada Neri", "image_licence": "CC BY 4.0"}
RED, GREEN, BLUE = (220, 30, 30), (30, 160, 60), (30, 60, 200)
BROWSER = {"Accept": "image/avif,image/webp,image/*,*/*;q=0.8"}


def encoded(picture: Image.Image, form: str = "PNG", **options: Any) -> bytes:
    written = io.BytesIO()
    picture.save(written, form, **options)
    return written.getvalue()


def halves(mode: str = "RGB", size: tuple[int, int] = (1200, 600)) -> Image.Image:
    """Paint a picture that is red on the left and blue on the right."""
    picture = Image.new("RGB", size, RED)
    picture.paste(BLUE, (size[0] // 2, 0, *size))
    return picture.convert(mode)


def received(content: bytes) -> Image.Image:
    return Image.open(io.BytesIO(content))


def near(found: Any, wanted: tuple[int, int, int]) -> bool:
    return all(abs(one - other) < 25 for one, other in zip(found, wanted, strict=True))


@pytest.fixture
def folder(tmp_path: Path, files: Files) -> Path:
    for name, content in files().items():
        (tmp_path / name).write_bytes(content)
    (tmp_path / "images").mkdir()
    return tmp_path


class Town:
    """A folder with pictures and the server that sends them."""

    def __init__(self, folder: Path, rows: Rows, base_path: str = "") -> None:
        self.folder = folder
        self._rows = rows
        self._base_path = base_path
        self.names: list[Mapping[str, str]] = []
        self.store = FolderStore(folder)
        routes = image_routes(
            base_path, catalogue=lambda: self.store.load().catalogue, stored=self.store.image
        )
        self.client = TestClient(Starlette(routes=routes))

    def show(self, name: str, content: bytes | None, **changes: str) -> str:
        """Put a picture into the folder and into a row; give its address."""
        if content is not None:
            (self.folder / "images" / name).write_bytes(content)
        self.names.append({"id": f"w-{len(self.names)}", "image": name, **CREDIT, **changes})
        (self.folder / "workshops.csv").write_bytes(self._rows("workshops", *self.names))
        return f"{self._base_path}/images/480/{name}"


@pytest.fixture
def town(folder: Path, rows: Rows) -> Town:
    return Town(folder, rows)


# ---------------------------------------------------------------- the right picture


@pytest.mark.parametrize("width", [480, 960])
def test_a_picture_is_as_wide_as_it_was_asked_for(town: Town, width: int) -> None:
    path = town.show("foto.jpg", encoded(halves(), "JPEG"))
    answer = town.client.get(path.replace("480", str(width)))
    assert answer.status_code == 200
    assert received(answer.content).size == (width, width // 2)


def test_a_small_picture_is_never_enlarged(town: Town) -> None:
    path = town.show("foto.png", encoded(halves(size=(200, 100))))
    assert received(town.client.get(path).content).size == (200, 100)


def test_a_very_high_picture_becomes_narrower(town: Town) -> None:
    path = town.show("foto.png", encoded(Image.new("L", (100, 9000))))
    assert received(town.client.get(path).content).size == (16, 1440)


@pytest.mark.parametrize(
    ("accept", "form"),
    [
        ("image/avif,image/webp,image/*,*/*;q=0.8", "webp"),
        ("image/png, image/webp;q=0.5", "webp"),
        ("image/webp;q=0,*/*", "jpeg"),
        ("image/webp; q=0.0", "jpeg"),
        ("*/*", "jpeg"),
        ("image/*", "jpeg"),
        (";;q,=", "jpeg"),
    ],
)
def test_a_picture_has_the_form_that_the_browser_takes(town: Town, accept: str, form: str) -> None:
    path = town.show("foto.png", encoded(halves()))
    answer = town.client.get(path, headers={"Accept": accept})
    assert answer.headers["content-type"] == f"image/{form}"
    assert answer.headers["vary"] == "Accept"
    assert str(received(answer.content).format).lower() == form


@pytest.mark.parametrize("form", ["JPEG", "PNG", "WEBP"])
@pytest.mark.parametrize("name", ["Città vecchia, n. 1.jpg", "a+b&c=d;'\" 9%.png", "<b>.webp"])
def test_a_file_of_any_name_and_form_is_shown(town: Town, name: str, form: str) -> None:
    town.show(name, encoded(halves(), form))
    path = f"/images/480/{bytes(name, 'utf-8').hex('%').join(['%', ''])}"
    assert town.client.get(path).status_code == 200


def test_a_picture_is_upright_and_tells_nothing_about_the_camera(town: Town) -> None:
    exif = Image.Exif()
    exif[0x0112] = 6
    exif[0x010F] = "Camera of Ada"
    exif.get_ifd(0x8825)[1] = "N"
    noted = encoded(halves(), "JPEG", exif=exif, comment=b"Secret of Ada")
    path = town.show("foto.jpg", noted)
    for headers in ({}, BROWSER):
        content = town.client.get(path, headers=headers).content
        picture = received(content)
        assert picture.size == (480, 960)
        assert near(picture.convert("RGB").getpixel((240, 100)), RED)
        assert near(picture.convert("RGB").getpixel((240, 860)), BLUE)
        assert not dict(picture.getexif())
        assert b"Ada" not in content


@pytest.mark.filterwarnings("ignore:Corrupt EXIF data")
def test_exif_that_cannot_be_read_does_not_hide_the_picture(town: Town) -> None:
    path = town.show("foto.jpg", encoded(halves(), "JPEG", exif=b"Exif\0\0MM\0*\xff\xff\xff\xff"))
    assert town.client.get(path).status_code == 200


@pytest.mark.parametrize("mode", ["RGB", "RGBA", "P", "CMYK"])
@pytest.mark.parametrize("headers", [{}, BROWSER])
def test_colours_stay_what_they_are(town: Town, mode: str, headers: dict[str, str]) -> None:
    path = town.show("foto", encoded(halves(mode), "JPEG" if mode == "CMYK" else "PNG"))
    picture = received(town.client.get(path, headers=headers).content).convert("RGB")
    assert near(picture.getpixel((100, 100)), RED)
    assert near(picture.getpixel((400, 100)), BLUE)


@pytest.mark.parametrize("mode", ["1", "L", "LA", "I;16"])
def test_grey_stays_grey(town: Town, mode: str) -> None:
    picture = Image.new("I;16", (600, 300), 40_000) if mode == "I;16" else halves("L")
    shown = 156 if mode == "I;16" else 0
    if mode not in ("L", "I;16"):
        picture = picture.convert(mode)
    path = town.show("foto.png", encoded(picture))
    answer = town.client.get(path)
    assert answer.status_code == 200
    if shown:
        found = received(answer.content).convert("RGB").getpixel((200, 100))
        assert near(found, (shown, shown, shown))


def test_a_wide_range_of_colours_is_brought_into_srgb(town: Town) -> None:
    lab = ImageCms.ImageCmsProfile(ImageCms.createProfile("sRGB")).tobytes()
    path = town.show("foto.jpg", encoded(halves(), "JPEG", icc_profile=lab))
    answer = town.client.get(path)
    assert "icc_profile" not in received(answer.content).info
    assert near(received(answer.content).getpixel((100, 100)), RED)


def test_a_broken_profile_of_colours_is_left_aside(town: Town) -> None:
    path = town.show("foto.jpg", encoded(halves(), "JPEG", icc_profile=b"nonsense" * 20))
    assert near(received(town.client.get(path).content).getpixel((100, 100)), RED)


def test_what_is_transparent_becomes_white(town: Town) -> None:
    path = town.show("foto.png", encoded(Image.new("RGBA", (500, 500), (0, 0, 0, 0))))
    for headers in ({}, BROWSER):
        picture = received(town.client.get(path, headers=headers).content).convert("RGB")
        assert near(picture.getpixel((200, 200)), (255, 255, 255))


@pytest.mark.parametrize("form", ["WEBP", "PNG"])
def test_of_a_film_the_first_picture_is_shown(town: Town, form: str) -> None:
    first, second = Image.new("RGB", (500, 300), GREEN), Image.new("RGB", (500, 300), BLUE)
    film = encoded(first, form, save_all=True, append_images=[second], duration=100)
    picture = received(town.client.get(town.show("foto", film)).content)
    assert getattr(picture, "n_frames", 1) == 1
    assert near(picture.convert("RGB").getpixel((100, 100)), GREEN)


# ---------------------------------------------------------------- caches


def test_a_picture_is_kept_for_a_day_and_not_sent_twice(town: Town) -> None:
    path = town.show("foto.png", encoded(halves()))
    first = town.client.get(path)
    assert first.headers["cache-control"] == "public, max-age=86400"
    again = town.client.get(path, headers={"If-None-Match": first.headers["etag"]})
    assert (again.status_code, again.content) == (304, b"")
    assert again.headers["etag"] == first.headers["etag"]
    assert again.headers["vary"] == "Accept"
    wider = town.client.get(
        path.replace("480", "960"), headers={"If-None-Match": "W/" + again.headers["etag"]}
    )
    assert wider.status_code == 200


def test_a_picture_that_is_written_anew_is_shown_anew(town: Town) -> None:
    path = town.show("foto.png", encoded(Image.new("RGB", (500, 500), RED)))
    before = town.client.get(path)
    (town.folder / "images" / "foto.png").write_bytes(encoded(Image.new("RGB", (500, 501), BLUE)))
    after = town.client.get(path)
    assert after.headers["etag"] != before.headers["etag"]
    assert near(received(after.content).getpixel((100, 100)), BLUE)


def test_a_picture_is_made_once(town: Town) -> None:
    path = town.show("foto.png", encoded(halves()))
    file = town.folder / "images" / "foto.png"
    status = file.stat()
    before = town.client.get(path).content
    file.write_bytes(b"\0" * status.st_size)
    os.utime(file, ns=(status.st_atime_ns, status.st_mtime_ns))
    assert town.client.get(path).content == before


# ---------------------------------------------------------------- what is not shown


def refused(town: Town, path: str) -> bool:
    answer = town.client.get(path)
    assert answer.status_code == 404
    assert answer.headers["content-type"].startswith("text/plain")
    assert answer.headers["cache-control"] == "no-store"
    return answer.text == "Not found"


@pytest.mark.parametrize("missing", ["image_credit", "image_licence"])
def test_a_picture_without_author_or_licence_is_not_shown(town: Town, missing: str) -> None:
    path = town.show("foto.png", encoded(halves()), **{missing: ""})
    assert refused(town, path)


def test_author_and_licence_of_another_place_do_not_count(town: Town) -> None:
    town.show("foto.png", encoded(halves()), image_credit="")
    assert refused(town, town.show("foto.png", encoded(halves()), image_licence=""))
    assert town.client.get(town.show("foto.png", encoded(halves()))).status_code == 200


def test_a_file_that_no_place_names_is_not_shown(town: Town) -> None:
    town.show("foto.png", encoded(halves()))
    (town.folder / "images" / "other.png").write_bytes(encoded(halves()))
    assert refused(town, "/images/480/other.png")


@pytest.mark.parametrize("width", ["", "0", "481", "1920", "0480", "+480", "480.0", "٤٨٠", "x"])
def test_other_widths_are_not_made(town: Town, width: str) -> None:
    town.show("foto.png", encoded(halves()))
    assert refused(town, f"/images/{width}/foto.png")


HOSTILE_NAMES = [
    "../workshops.csv",
    "..",
    ".",
    "../images/foto.png",
    "sub/foto.png",
    "sub\\foto.png",
    "/etc/passwd",
    "C:\\foto.png",
    ".hidden.png",
    "foto.png/",
    "foto.png/.",
    "a" * 5000,
]


@pytest.mark.parametrize("name", HOSTILE_NAMES)
def test_a_name_never_leads_out_of_the_folder(town: Town, name: str) -> None:
    images = town.folder / "images"
    (images / "sub").mkdir()
    for inside in ("foto.png", ".hidden.png", "sub/foto.png"):
        (images / inside).write_bytes(encoded(halves()))
    town.show(name, None)
    hidden = "".join(f"%{each:02x}" for each in name.encode())
    assert town.store.image(name) is None
    assert refused(town, f"/images/480/{hidden}")


@pytest.mark.parametrize("name", ["a\0.png", "foto.png\0", "\udce9.png"])
def test_a_name_that_no_file_can_have_is_no_picture(town: Town, name: str) -> None:
    assert town.store.image(name) is None


def test_an_address_in_place_of_a_name_is_never_followed(town: Town) -> None:
    town.show("https://example.org/foto.png", None)
    assert refused(town, "/images/480/https:%2f%2fexample.org%2ffoto.png")


def test_a_link_out_of_the_folder_is_not_followed_and_one_within_is(town: Town) -> None:
    (town.folder / "secret.png").write_bytes(encoded(halves()))
    images = town.folder / "images"
    (images / "out.png").symlink_to(town.folder / "secret.png")
    (images / "lost.png").symlink_to(images / "nowhere.png")
    (images / "loop.png").symlink_to(images / "loop.png")
    (images / "real.png").write_bytes(encoded(halves()))
    (images / "in.png").symlink_to(images / "real.png")
    assert refused(town, town.show("out.png", None))
    assert refused(town, town.show("lost.png", None))
    assert refused(town, town.show("loop.png", None))
    assert town.client.get(town.show("in.png", None)).status_code == 200


def test_folders_pipes_and_missing_files_are_no_pictures(town: Town) -> None:
    (town.folder / "images" / "folder.png").mkdir()
    os.mkfifo(town.folder / "images" / "pipe.png")
    for name in ("folder.png", "pipe.png", "missing.png"):
        assert refused(town, town.show(name, None))


def bomb(side: int) -> bytes:
    """Write the header of a PNG that says it is enormous."""

    def chunk(kind: bytes, body: bytes) -> bytes:
        return (
            struct.pack(">I", len(body)) + kind + body + struct.pack(">I", zlib.crc32(kind + body))
        )

    header = chunk(b"IHDR", struct.pack(">IIBBBBB", side, side, 1, 0, 0, 0, 0))
    rows = chunk(b"IDAT", zlib.compress(b"\0" * 100_000))
    return b"\x89PNG\r\n\x1a\n" + header + rows + chunk(b"IEND", b"")


NO_PICTURES: Mapping[str, bytes] = {
    "svg": b'<svg xmlns="http://www.w3.org/2000/svg"><script>alert(1)</script></svg>',
    "html": b"<!DOCTYPE html><script>alert(1)</script>",
    "gif": encoded(halves(size=(20, 20)), "GIF"),
    "tiff": encoded(halves(size=(20, 20)), "TIFF"),
    "empty": b"",
    "signature": b"\x89PNG\r\n\x1a\n",
    "riff": b"RIFF\xff\xff\xff\xffWAVEfmt ",
    "cut jpeg": encoded(halves(), "JPEG")[:2_000],
    "cut png": encoded(halves())[:1_000],
    "cut webp": encoded(halves(), "WEBP")[:400],
    "bomb of 100 megapixels": bomb(10_000),
    "bomb of 3600 megapixels": bomb(60_000),
}


@pytest.mark.parametrize("name", NO_PICTURES)
def test_what_is_no_picture_is_not_sent(town: Town, name: str) -> None:
    assert refused(town, town.show("foto.jpg", NO_PICTURES[name]))


def test_a_text_that_unpacks_to_gigabytes_is_not_unpacked(town: Town) -> None:
    noted = PngImagePlugin.PngInfo()
    noted.add_text("Comment", "0" * 80_000_000, zip=True)
    path = town.show("foto.png", encoded(halves(), pnginfo=noted))
    assert refused(town, path)


def test_a_file_larger_than_allowed_is_not_opened(
    town: Town, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = town.show("foto.png", encoded(halves()))
    town.store.load()
    monkeypatch.setenv("REGEN_MAP_LIMITS", "file_bytes=100")
    assert refused(town, path)


def test_pictures_move_with_the_base_path(folder: Path, rows: Rows) -> None:
    town = Town(folder, rows, "/town/map")
    path = town.show("foto.png", encoded(halves()))
    assert town.client.get(path).status_code == 200
    assert town.client.head(path).status_code == 200
    assert town.client.post(path).status_code == 405


class Slow:
    """Another kind of store, which takes its time."""

    version = "1"

    def __init__(self) -> None:
        self.begun = threading.Semaphore(0)
        self.go_on = threading.Event()
        self.now = self.most = 0
        self._lock = threading.Lock()

    def content(self) -> bytes:
        with self._lock:
            self.now += 1
            self.most = max(self.most, self.now)
        self.begun.release()
        assert self.go_on.wait(30)
        with self._lock:
            self.now -= 1
        return encoded(halves(size=(20, 10)))


def test_two_pictures_are_made_at_a_time_and_nobody_else_waits(files: Files, rows: Rows) -> None:
    names = [f"{each}.png" for each in "abcdef"]
    changes = ({"id": name[0], "image": name, **CREDIT} for name in names)
    catalogue = read_catalogue(files(workshops=rows("workshops", *changes))).catalogue
    assert catalogue is not None
    slow = Slow()
    routes = image_routes("", catalogue=lambda: catalogue, stored=lambda _name: slow)
    answers: list[int] = []
    with TestClient(Starlette(routes=routes)) as client:

        def ask(name: str) -> None:
            answers.append(client.get(f"/images/480/{name}").status_code)

        threads = [threading.Thread(target=ask, args=(name,)) for name in names]
        for thread in threads:
            thread.start()
        assert slow.begun.acquire(timeout=30)
        assert slow.begun.acquire(timeout=30)
        assert client.get("/images/480/other.png").status_code == 404
        slow.go_on.set()
        for thread in threads:
            thread.join()
    assert answers == [200] * len(names)
    assert slow.most == 2


def test_the_server_sends_pictures_and_never_another_file(folder: Path, rows: Rows) -> None:
    town = Town(folder, rows)
    town.show("foto.jpg", encoded(halves(), "JPEG"))
    town.show("../workshops.csv", None)
    with serving(folder, "--tiles", "none") as address:
        connection = http.client.HTTPConnection(urlsplit(address).netloc, timeout=30)

        def get(path: str) -> tuple[int, str | None]:
            connection.request("GET", path, headers=BROWSER)
            answer = connection.getresponse()
            answer.read()
            assert answer.getheader("X-Content-Type-Options") == "nosniff"
            return answer.status, answer.getheader("Content-Type")

        assert get("/images/480/foto.jpg") == (200, "image/webp")
        for path in (
            "/images/480/../workshops.csv",
            "/images/480/..%2fworkshops.csv",
            "/images/480/%2e%2e%2fworkshops.csv",
            "/images/480/foto.jpg%00",
            "/images/480/%ff%fe",
            "/images/",
        ):
            # Streamlit itself refuses some of them, with 400, before anybody is asked.
            assert get(path) in ((404, "text/plain; charset=utf-8"), (400, None))
        connection.close()


SOUND = [encoded(halves(size=(40, 30)), form) for form in ("JPEG", "PNG", "WEBP")]


@settings(max_examples=150, deadline=None, suppress_health_check=list(HealthCheck))
@given(
    content=st.sampled_from(SOUND),
    changes=st.lists(st.tuples(st.integers(0, 2_000), st.integers(0, 255)), max_size=8),
    cut=st.integers(0, 40),
)
def test_a_damaged_file_is_a_picture_or_none(
    content: bytes, changes: list[tuple[int, int]], cut: int
) -> None:
    damaged = bytearray(content[: len(content) - cut])
    for place, byte in changes:
        damaged[place % len(damaged)] = byte
    found = readable_picture(bytes(damaged))
    assert found is None or found.width * found.height <= 50_000_000


# ---------------------------------------------------------------- what the staff is told


def told(files: dict[str, bytes], pictures: Mapping[str, Picture] | None) -> list[Issue]:
    reading = read_catalogue(files, Options(images=pictures))
    assert reading.catalogue is not None
    assert len(reading.catalogue.place_ids) == 1
    return [issue for issue in reading.issues if issue.rule.startswith("image_")]


@pytest.mark.parametrize(
    ("name", "rule", "found", "suggestion"),
    [
        ("foto.jpg", None, "", ""),
        ("Foto.JPG", Rule.IMAGE_MISSING, "Foto.JPG", "foto.jpg"),
        ("images/foto.jpg", Rule.IMAGE_MISSING, "images/foto.jpg", "foto.jpg"),
        ("C:\\Ada\\foto.jpg", Rule.IMAGE_MISSING, "C:\\Ada\\foto.jpg", "foto.jpg"),
        ("altro.png", Rule.IMAGE_MISSING, "altro.png", ""),
        ("https://example.org/foto.jpg", Rule.IMAGE_ADDRESS, "https://example.org/foto.jpg", ""),
        ("//example.org/foto.jpg", Rule.IMAGE_ADDRESS, "//example.org/foto.jpg", ""),
        ("www.example.org/foto.jpg", Rule.IMAGE_ADDRESS, "www.example.org/foto.jpg", ""),
        ("page.html", Rule.IMAGE_UNREADABLE, "page.html", ""),
        ("huge.jpg", Rule.IMAGE_TOO_LARGE, "80 MB", ""),
        ("wide.jpg", Rule.IMAGE_TOO_LARGE, "100 MP", ""),
    ],
)
def test_a_picture_that_will_not_be_shown_is_told(  # noqa: PLR0913, PLR0917
    files: Files, rows: Rows, name: str, rule: Rule | None, found: str, suggestion: str
) -> None:
    pictures = {
        "foto.jpg": Picture(n_bytes=1_000, width=800, height=600),
        "page.html": Picture(n_bytes=1_000),
        "huge.jpg": Picture(n_bytes=80 * 2**20),
        "wide.jpg": Picture(n_bytes=1_000, width=10_000, height=10_000),
    }
    issues = told(files(workshops=rows("workshops", {"image": name, **CREDIT})), pictures)
    assert [(each.rule, each.found, each.suggestion) for each in issues] == (
        [(rule, found, suggestion)] if rule else []
    )
    for issue in issues:
        assert (issue.file, issue.line, issue.columns) == ("workshops.csv", 2, ("image",))
        assert issue.severity is Severity.WARNING
        assert all("{" not in describe(issue, language) for language in LANGUAGES)


@pytest.mark.parametrize(
    ("credit", "columns"),
    [
        ({"image_licence": "CC0"}, ("image_credit",)),
        ({"image_credit": "Ada"}, ("image_licence",)),
        ({}, ("image_credit", "image_licence")),
    ],
)
def test_a_picture_without_author_or_licence_is_told(
    files: Files, rows: Rows, credit: dict[str, str], columns: tuple[str, ...]
) -> None:
    pictures = {"a.png": Picture(n_bytes=1, width=1, height=1)}
    (issue,) = told(files(workshops=rows("workshops", {"image": "a.png", **credit})), pictures)
    assert (issue.rule, issue.columns) == (Rule.IMAGE_UNCREDITED, columns)
    assert "will not be shown" in describe(issue, "en")
    assert "non viene mostrata" in describe(issue, "it")


def test_where_nobody_has_looked_no_picture_is_missed(files: Files, rows: Rows) -> None:
    folder = files(workshops=rows("workshops", {"image": "a.png"}))
    assert told(folder, None) == []
    assert {issue.rule for issue in told(folder, {})} == {
        Rule.IMAGE_MISSING,
        Rule.IMAGE_UNCREDITED,
    }


def test_the_store_looks_at_headers_and_tells_what_is_wrong(town: Town) -> None:
    town.show("good.png", encoded(halves()))
    town.show("page.jpg", NO_PICTURES["html"])
    town.show("bomb.png", bomb(60_000))
    town.show("missing.png", None)
    told_now = {(issue.rule, issue.line) for issue in town.store.load().issues}
    assert told_now == {
        (Rule.IMAGE_UNREADABLE, 3),
        (Rule.IMAGE_TOO_LARGE, 4),
        (Rule.IMAGE_MISSING, 5),
    }


def test_check_of_a_folder_tells_of_its_pictures(
    town: Town, capsys: pytest.CaptureFixture[str]
) -> None:
    town.show("good.png", encoded(halves()))
    town.show("missing.png", None)
    assert main(["check", str(town.folder), "--format", "csv"]) == 0
    told_now = [row.split(",") for row in capsys.readouterr().out.splitlines() if "image_" in row]
    assert [(row[:4]) for row in told_now] == [["workshops.csv", "3", "image", "image_missing"]]


def test_a_picture_that_is_added_later_is_no_longer_missed(town: Town) -> None:
    town.show("later.png", None)
    assert town.store.load().issues
    (town.folder / "images" / "later.png").write_bytes(encoded(halves()))
    assert town.store.load().issues == ()


def test_pictures_of_a_folder_are_those_that_could_be_shown(town: Town) -> None:
    images = town.folder / "images"
    (images / "a.png").write_bytes(encoded(halves(size=(30, 20))))
    (images / "README.md").write_text("About this folder", "utf-8")
    (images / ".DS_Store").write_bytes(b"")
    (images / "big.png").write_bytes(b"\0" * 2_000)
    pictures = FolderPictures(town.folder, Limits(file_bytes=1_000))
    assert list(pictures) == ["a.png", "big.png"]
    assert pictures["a.png"].width == 30
    assert pictures["big.png"] == Picture(n_bytes=2_000)
    assert "b.png" not in pictures
    assert len(FolderPictures(town.folder / "nowhere", Limits())) == 0
