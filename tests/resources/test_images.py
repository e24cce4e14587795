"""Pictures and films: what curators may upload, what becomes of it, and how it is served."""

import io

import PIL.Image
import pytest
from django.conf import settings
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from wagtail.documents.models import Document
from wagtail.images.models import Image

from resources.models import ArticlePage, VideoPage
from tests import pages
from tests.resources import library

SVG = b'<svg xmlns="http://www.w3.org/2000/svg"><script>steal()</script></svg>'
# Wagtail mails reviewers through a function that Django is about to retire.
pytestmark = pytest.mark.filterwarnings("ignore:get_connection")


@pytest.fixture
def curate(sign_in, author, shelf):
    return sign_in(author)


def upload(client, file, *, kind="images", title="A lamp"):
    """As the page for uploads sends each file."""
    return client.post(
        f"/curate/{kind}/multiple/add/",
        {"title": title, "files[]": file},
        headers={"X-Requested-With": "XMLHttpRequest"},
    )


def choose(client, file):
    """As the dialogue in an article's editor sends it."""
    fields = {"image-chooser-upload-title": "A lamp", "image-chooser-upload-file": file}
    return client.post("/curate/images/chooser/create/", fields)


def heavy(megabytes):
    """A picture that is valid, and as large as a camera makes it."""
    small = library.picture_file().read()
    return SimpleUploadedFile("camera.jpg", small + b"\0" * (megabytes * 1024 * 1024), content_type="image/jpeg")


def test_a_curator_uploads_a_picture(curate):
    assert upload(curate, library.picture_file()).json()["success"]
    assert Image.objects.get().width == 640


def test_a_picture_of_thirty_megabytes_is_refused_kindly_and_nothing_is_kept(curate):
    answer = upload(curate, heavy(30)).json()
    assert not answer["success"]
    for said in ("30.0", "10.0", "Nothing was saved", "A smaller copy works"):
        assert said in answer["error_message"]
    assert not Image.objects.exists()


def test_the_dialogue_in_the_editor_refuses_it_as_kindly(curate):
    assert "A smaller copy works" in choose(curate, heavy(30)).text
    assert not Image.objects.exists()


def test_a_small_file_that_unpacks_to_a_huge_picture_is_refused(curate):
    bomb = library.picture_file("bomb.png", size=(6000, 5000), kind="PNG")
    assert bomb.size < settings.WAGTAILIMAGES_MAX_UPLOAD_SIZE
    answer = upload(curate, bomb).json()
    assert not answer["success"]
    assert "pixels" in answer["error_message"]
    assert not Image.objects.exists()


@pytest.mark.parametrize("name", ["drawing.svg", "drawing.png", "drawing.jpg"])
def test_a_drawing_that_can_hold_a_program_is_refused_whatever_it_is_called(curate, name):
    answer = upload(curate, SimpleUploadedFile(name, SVG, content_type="image/svg+xml")).json()
    assert not answer["success"]
    assert "Nothing was saved" in answer["error_message"]
    assert not Image.objects.exists()


def test_members_upload_nothing(sign_in, member, shelf):
    assert upload(sign_in(member), library.picture_file()).status_code == 404
    assert not Image.objects.exists()


def shown(author, reviewer, image, **fields):
    body = [("picture", {"image": image, "text": "A lamp beside a chair", "caption": ""})]
    page = library.add(ArticlePage, author, body=body, **fields)
    step = library.submit(page, by=author)
    if step.comment:
        return step.comment
    library.approve(step, by=reviewer)
    return page


def test_readers_get_small_pictures_without_what_the_camera_wrote(author, reviewer, shelf, visitor):
    exif = PIL.Image.Exif()
    exif[0x010E] = "Taken at 12 Somewhere Street"
    image = library.picture(size=(3000, 2000), exif=exif)
    page = shown(author, reviewer, image)
    drawn = pages.soup(visitor.get(page.url)).find("img", alt="A lamp beside a chair")
    assert drawn["loading"] == "lazy"
    for address in [entry.split()[0] for entry in drawn["srcset"].split(",")]:
        answer = Client().get(address)
        assert answer.status_code == 200
        content = answer.getvalue()
        assert b"Somewhere Street" not in content
        found = PIL.Image.open(io.BytesIO(content))
        assert (found.format, found.width <= 960) == ("WEBP", True)


def test_the_original_is_never_served(author, reviewer, shelf, visitor):
    image = library.picture()
    shown(author, reviewer, image)
    name = image.file.name.rpartition("/")[2]
    for address in (image.file.url, f"/media/images/../{image.file.name}", f"/media/images/{name}"):
        assert visitor.get(address).status_code == 404


def test_a_picture_without_words_for_it_sends_a_page_back(author, shelf):
    for number, text in enumerate(("", "image.jpg", "IMG_2031", " picture ")):
        body = [("picture", {"image": library.picture(), "text": text, "caption": ""})]
        page = library.add(ArticlePage, author, title=f"Page {number}", body=body)
        assert "no text that says what it shows" in library.submit(page, by=author).comment, text


def test_a_picture_whose_file_is_gone_does_not_break_its_page(author, reviewer, shelf, visitor):
    image = library.picture()
    page = shown(author, reviewer, image)
    image.renditions.all().delete()
    image.file.storage.delete(image.file.name)
    assert visitor.get(page.url).status_code == 200


# --- how files are served


@pytest.fixture
def drawn(shelf):
    """The address of a picture as readers get it."""
    return library.picture().get_rendition("width-320").url


def test_a_picture_can_do_nothing_but_be_seen(drawn):
    answer = Client().get(drawn)
    assert answer.headers["Content-Type"] == "image/webp"
    assert answer.headers["X-Content-Type-Options"] == "nosniff"
    assert answer.headers["Content-Security-Policy"].endswith("sandbox")
    assert answer.headers["Cross-Origin-Resource-Policy"] == "same-origin"


@pytest.mark.parametrize(
    "address",
    [
        "/media/images/nothing.webp",
        "/media/images/..%2f..%2fsecret_key",
        "/media/images/%2e%2e%2f%2e%2e%2fsecret_key",
        "/media/original_images/lamp.jpg",
        "/media/documents/lamp.jpg",
        "/media/images/",
        "/media/",
    ],
)
def test_nothing_else_is_found_there(address, drawn):
    assert Client().get(address).status_code == 404


def test_a_file_that_somebody_put_beside_pictures_is_not_served(drawn):
    from pathlib import Path

    for name in ("evil.svg", "evil.html", "evil.webp.html"):
        (Path(settings.MEDIA_ROOT) / "images" / name).write_bytes(SVG)
        assert Client().get(f"/media/images/{name}").status_code == 404


# --- films


def test_a_curator_uploads_a_film_and_nothing_that_only_looks_like_one(curate):
    good = b"\0\0\0\x18ftypmp42" + b"x" * 100
    refused = [
        ("page.mp4", b"<html><script>steal()</script>"),
        ("page.html", good),
        ("page.pdf", b"%PDF-1.4"),
        ("page.webm", good),
    ]
    for name, content in refused:
        assert not upload(curate, SimpleUploadedFile(name, content), kind="documents").json()["success"], name
    assert not Document.objects.exists()
    assert upload(curate, SimpleUploadedFile("hello.mp4", good), kind="documents").json()["success"]


def test_a_film_that_is_too_large_is_refused_kindly(curate, settings):
    settings.FILM_MAX_MB = 1
    film = SimpleUploadedFile("long.mp4", b"\0\0\0\x18ftypmp42" + b"x" * 1024 * 1024)
    answer = upload(curate, film, kind="documents").json()
    assert "larger than 1 MB" in answer["error_message"]
    assert not Document.objects.exists()


def test_a_film_of_ours_loads_only_when_somebody_presses_play(author, reviewer, shelf, visitor):
    page = library.add(VideoPage, author, file=library.film(), poster=library.picture(), transcript="Hello.")
    library.approve(library.submit(page, by=author), by=reviewer)
    read = visitor.get(page.url)
    player = pages.soup(read).find("video")
    assert player["preload"] == "none"
    assert "autoplay" not in player.attrs
    assert player["poster"].startswith("/media/images/")
    assert player.source["type"] == "video/mp4"
    film = Client().get(player.source["src"])
    assert film.headers["Content-Type"] == "video/mp4"


@pytest.mark.parametrize(
    ("asked", "status", "part", "said"),
    [
        ("", 200, slice(None), None),
        ("bytes=0-3", 206, slice(0, 4), "bytes 0-3/1012"),
        ("bytes=1000-", 206, slice(1000, None), "bytes 1000-1011/1012"),
        ("bytes=-12", 206, slice(1000, None), "bytes 1000-1011/1012"),
        ("bytes=0-999999", 200, slice(None), None),
        ("bytes=2000-", 416, slice(0, 0), "bytes */1012"),
        ("bytes=9-3", 416, slice(0, 0), "bytes */1012"),
        ("bytes=-0", 416, slice(0, 0), "bytes */1012"),
        ("bytes=0-1,5-6", 200, slice(None), None),
        ("rows=1-2", 200, slice(None), None),
        (f"bytes={'9' * 5000}-", 200, slice(None), None),
    ],
)
def test_a_player_gets_the_part_of_a_film_that_it_asks_for(shelf, asked, status, part, said):
    content = b"\0\0\0\x18ftypmp42" + bytes(range(250)) * 4
    film = library.film(content=content)
    answer = Client().get(film.url, headers={"Range": asked, "Accept-Encoding": "gzip"})
    got = answer.getvalue()
    assert (answer.status_code, got) == (status, content[part])
    assert answer.headers.get("Content-Range") == said
    if status != 416:
        assert answer.headers["Content-Length"] == str(len(got))


# --- what pages show is what their reviewer saw


def test_the_file_of_a_picture_is_not_changed_behind_a_reviewers_back(curate):
    upload(curate, library.picture_file())
    picture = Image.objects.get()
    fields = {"title": "Another name", "file": library.picture_file("other.jpg", size=(20, 20)), "tags": ""}
    page = curate.post(f"/curate/images/{picture.pk}/", fields)
    assert "A file that is kept stays as it is" in pages.words(page)
    assert Image.objects.get().width == 640
    curate.post(f"/curate/images/{picture.pk}/", {"title": "Another name", "tags": ""})
    assert Image.objects.get().title == "Another name"


def test_the_file_of_a_film_is_not_changed_behind_a_reviewers_back(curate):
    upload(curate, SimpleUploadedFile("hello.mp4", b"\0\0\0\x18ftypmp42"), kind="documents")
    film = Document.objects.get()
    other = SimpleUploadedFile("other.mp4", b"\0\0\0\x18ftypmp42" + b"x" * 9)
    page = curate.post(f"/curate/documents/edit/{film.pk}/", {"title": "A film", "file": other, "tags": ""})
    assert "A file that is kept stays as it is" in pages.words(page)
    assert Document.objects.get().file.name == film.file.name


def test_the_administration_has_no_other_door_for_files(sign_in, admin, shelf):
    client = sign_in(admin)
    for address in ("/admin/wagtailimages/image/add/", "/admin/wagtaildocs/document/add/"):
        assert client.get(address).status_code == 404, address
