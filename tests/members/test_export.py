"""Taking everything along: one file, complete, readable, for its member only, and gone after a week."""

import datetime as dt
import io
import json
import os
import re
import tempfile
import zipfile
from pathlib import Path

import pytest
from django.db import connection
from django.urls import reverse
from django.utils import timezone

from forums.models import Bookmark, Post, PostRevision, Reaction, Thread, Visibility
from members import exports, tasks
from members.models import Export, Mute
from members.services import exports as making
from members.services import retention
from notifications.models import Notice
from tests import factories
from tests.at_once import at_once
from tests.members import relations
from tests.pages import words


@pytest.fixture(autouse=True)
def folder(settings, tmp_path) -> Path:
    settings.EXPORT_DIR = str(tmp_path / "exports")
    return Path(settings.EXPORT_DIR)


def made(member) -> Export:
    export, _is_new = making.ask_for_export(member=member)
    assert making.make_export(export_id=export.pk)
    export.refresh_from_db()
    return export


def opened(member) -> zipfile.ZipFile:
    file = io.BytesIO()
    making.write(member, file)
    return zipfile.ZipFile(file)


def rows(archive: zipfile.ZipFile, key: str) -> list[dict]:
    found = json.loads(archive.read(f"json/{key}.json"))
    assert isinstance(found, list)
    return found


def everything(archive: zipfile.ZipFile) -> str:
    return "\n".join(archive.read(name).decode() for name in archive.namelist())


def proved(browser):
    """The same browser, in which its member has just proved that it is them."""
    answer = browser.post(reverse("account_reauthenticate"), {"password": factories.PASSWORD})
    assert answer.status_code == 302
    return browser


# --- nothing is forgotten


@pytest.mark.parametrize("relation", relations.direct())
def test_every_column_that_names_a_member_is_in_the_export_or_left_out_for_a_reason(relation):
    covered = {name for section in exports.sections() for name in section.covers}
    assert (relation in covered) != (relation in exports.left_out()), "In one of the two, and not in both."


@pytest.mark.parametrize("label", sorted(relations.reaching() - relations.naming_members()))
def test_every_model_that_hangs_on_what_names_a_member_is_thought_about_too(label):
    if label.startswith("wagtail") or label in ("resources.Edition",):
        return  # pages: the site's own
    covered = {name for section in exports.sections() for name in section.covers}
    under = {name.rpartition(".")[0] for name in covered} | covered | set(exports.left_out())
    assert label in under or label.startswith("resources.")


def test_what_is_said_to_be_covered_is_there():
    known = set(relations.direct()) | relations.reaching()
    named = {name for section in exports.sections() for name in section.covers} | set(exports.left_out())
    assert named - known == set()


def test_the_file_has_what_somebody_wrote_and_chose(member, other_member, scene):
    Post.objects.filter(pk=scene.opening.pk).update(body="It has been a *long* week, <b>really</b>.")
    PostRevision.objects.create(
        post=scene.opening, version=1, body="A first try", is_public=True, written_at=timezone.now()
    )
    factories.DraftFactory(member=member, thread=scene.thread, body="Not said yet")
    Reaction.objects.create(member=member, post=scene.reply, kind="heard")
    Bookmark.objects.create(member=member, post=scene.reply, note="Read this when it is dark")
    factories.BlockFactory(blocker=member, blocked__username="thorn")
    archive = opened(member)
    assert rows(archive, "account")[0]["username"] == "alder"
    assert rows(archive, "account")[0]["email"] == member.email
    assert rows(archive, "posts")[0]["words"] == "It has been a *long* week, <b>really</b>."
    assert rows(archive, "earlier-versions")[0]["words"] == "A first try"
    assert rows(archive, "drafts")[0]["words"] == "Not said yet"
    assert rows(archive, "responses")[0]["reaction"] == "heard"
    assert rows(archive, "bookmarks")[0]["note"] == "Read this when it is dark"
    assert rows(archive, "boundaries")[0]["blocked"] == "thorn"
    page = archive.read("posts.html").decode()
    assert "It has been a *long* week, &lt;b&gt;really&lt;/b&gt;." in page
    assert "posts.html" in archive.read("index.html").decode()


def test_the_file_has_no_script_and_loads_nothing(member, scene):
    text = everything(opened(member))
    assert "<script" not in text
    assert "javascript:" not in text
    assert "http-equiv" not in text


def test_nothing_of_others_is_in_it(member, other_member, scene, moderator):
    factories.BlockFactory(blocker=other_member, blocked=member)
    factories.flag(scene.opening, reporter=other_member)
    text = everything(opened(member))
    assert scene.reply.body not in text
    assert "birch" not in text, "who answered, blocked or reported is somebody else's to tell"
    assert member.password not in text


def test_whom_one_muted_is_not_named_once_they_are_beyond_a_block(member, other_member):
    Mute.objects.create(muter=member, muted=other_member)
    assert rows(opened(member), "boundaries")[0]["muted"] == "birch"
    factories.BlockFactory(blocker=other_member, blocked=member)
    assert "birch" not in everything(opened(member))


def test_what_a_killed_worker_leaves_lying_is_deleted(member, folder):
    """Its half-made pages, too: they hold everything that somebody wrote."""
    left = folder / "pages-abc"
    left.mkdir(parents=True)
    (left / "1").write_text("words")
    (folder / "x.part").write_text("words")
    making.forget_exports()
    assert left.exists(), "somebody may be writing it"
    for path in (left, folder / "x.part"):
        os.utime(path, (0, 0))
    making.forget_exports()
    assert list(folder.iterdir()) == []


def test_nothing_of_an_export_is_ever_outside_of_its_folder(member, scene, folder, monkeypatch):
    places = []
    made_by = tempfile.TemporaryDirectory

    def noted(*args, **kwargs):
        places.append(kwargs.get("dir"))
        return made_by(*args, **kwargs)

    monkeypatch.setattr(tempfile, "TemporaryDirectory", noted)
    made(member)
    assert set(map(str, places)) == {str(folder)}
    assert [path.suffix for path in folder.iterdir()] == [".zip"]


SCRIPT = "<script>alert(1)</script>\"'><img src=x onerror=alert(1)>"


def test_scripts_in_whatever_somebody_wrote_are_words(member, scene):
    Post.objects.filter(pk=scene.opening.pk).update(body=SCRIPT)
    Thread.objects.filter(pk=scene.thread.pk).update(title=SCRIPT[:60])
    factories.DraftFactory(member=member, thread=scene.thread, body=SCRIPT, fields={SCRIPT: [SCRIPT, {"a": SCRIPT}]})
    Bookmark.objects.create(member=member, post=scene.reply, note=SCRIPT)
    archive = opened(member)
    pages = "".join(archive.read(name).decode() for name in archive.namelist() if name.endswith(".html"))
    assert "<script" not in pages
    assert "<img" not in pages
    assert "&lt;script&gt;" in pages
    assert all(re.fullmatch(r"(json/)?[a-z0-9-]+\.(html|css|json)", name) for name in archive.namelist())


def test_words_that_were_taken_back_and_can_be_put_back_are_in_it(member, scene):
    Post.objects.filter(pk=scene.opening.pk).update(
        visibility=Visibility.WITHDRAWN, withdrawn_at=timezone.now(), body="Too much"
    )
    assert rows(opened(member), "posts")[0]["words"] == "Too much"


def test_long_lists_are_pages_that_lead_to_each_other(member, scene, monkeypatch):
    monkeypatch.setattr(making, "PAGE_ROWS", 2)
    for _n in range(4):
        factories.PostFactory(thread=scene.thread, author=member)
    archive = opened(member)
    assert {"posts.html", "posts-2.html", "posts-3.html"} <= set(archive.namelist())
    assert 'href="posts-3.html"' in archive.read("posts-2.html").decode()
    assert 'href="posts.html"' in archive.read("posts-2.html").decode()
    assert len(rows(archive, "posts")) == 5


def test_fifty_thousand_posts_need_no_more_memory_than_a_few_hundred(member, scene, tmp_path):
    with connection.cursor() as cursor:
        cursor.execute(
            "INSERT INTO forums_post (thread_id, number, author_id, body, body_html, visibility, created_at, version)"
            " SELECT %s, 10 + n, %s, repeat('I know that kind of week. ', 100) || n, '', 'visible', now(), 1"
            " FROM generate_series(1, 50000) AS n",
            [scene.thread.pk, member.pk],
        )
    before = forgotten_peak()
    with (tmp_path / "all.zip").open("wb") as file:
        making.write(member, file)
    needed = peak() - before
    with zipfile.ZipFile(tmp_path / "all.zip") as archive:
        assert archive.getinfo("json/posts.json").file_size > 130_000_000
        with archive.open("json/posts.json") as out:
            assert sum(line.startswith(b"{") for line in out) == 50_001
        assert f"posts-{50_001 // making.PAGE_ROWS + 1}.html" in archive.namelist()
    assert needed < 40_000_000


def forgotten_peak() -> int:
    """The most memory that this process ever had counts from now on; gives what it has."""
    try:
        Path("/proc/self/clear_refs").write_text("5")
    except OSError:
        pytest.skip("This system does not say how much memory was needed.")
    return peak()


def peak() -> int:
    found = re.search(r"VmHWM:\s+(\d+) kB", Path("/proc/self/status").read_text())
    assert found
    return int(found[1]) * 1024


# --- asking, waiting, downloading


def test_a_member_asks_for_it_hears_that_it_is_ready_and_downloads_it(member, sign_in, worker, folder):
    browser = proved(sign_in(member))
    with worker():
        answer = browser.post(reverse("export_ask"))
    assert answer.status_code == 302
    export = Export.objects.get()
    assert export.ready_at is not None
    notice = Notice.objects.get(recipient=member)
    assert notice.event.kind == "export_ready"
    page = browser.get(reverse("your_data"))
    assert reverse("export_file", args=[export.public_id]) in page.text
    file = browser.get(reverse("export_file", args=[export.public_id]))
    assert file.status_code == 200
    assert file.headers["Cache-Control"] == "private, no-store"
    assert file.headers["Content-Disposition"].startswith('attachment; filename="my-data-')
    archive = zipfile.ZipFile(io.BytesIO(b"".join(file.streaming_content)))
    assert rows(archive, "account")[0]["username"] == "alder"
    assert [path.stat().st_mode & 0o777 for path in folder.glob("*.zip")] == [0o600]


def test_nobody_downloads_it_with_a_session_alone(member, sign_in):
    export = made(member)
    browser = sign_in(member)
    answer = browser.get(reverse("export_file", args=[export.public_id]))
    assert answer.status_code == 302
    assert answer.url.startswith(reverse("account_reauthenticate"))
    assert browser.post(reverse("export_ask")).url.startswith(reverse("account_reauthenticate"))
    assert Export.objects.count() == 1


def test_it_is_nobody_elses(member, other_member, admin, sign_in):
    export = made(member)
    for other in (other_member, admin):
        browser = proved(sign_in(other))
        assert browser.get(reverse("export_file", args=[export.public_id])).status_code == 404
        assert reverse("export_file", args=[export.public_id]) not in browser.get(reverse("your_data")).text


@pytest.mark.usefixtures("shared_database")
def test_two_wishes_at_the_same_time_are_one_export():
    member = factories.MemberFactory()
    answers = at_once(
        lambda: making.ask_for_export(member=member),
        lambda: making.ask_for_export(member=member),
        lambda: making.ask_for_export(member=member),
    )
    assert len({export.pk for export, _new in answers}) == 1
    assert sorted(new for _export, new in answers) == [False, False, True]


def test_two_workers_leave_one_file_and_tell_once(member, folder):
    export, _new = making.ask_for_export(member=member)
    assert making.make_export(export_id=export.pk)
    assert not making.make_export(export_id=export.pk)
    assert len(list(folder.iterdir())) == 1


def test_a_worker_that_dies_leaves_nothing_behind_and_another_one_makes_it(member, folder, monkeypatch):
    export, _new = making.ask_for_export(member=member)

    def dies(*_args):
        raise OSError("no space left")

    with monkeypatch.context() as patch:
        patch.setattr(making, "write", dies)
        with pytest.raises(OSError, match="no space"):
            making.make_export(export_id=export.pk)
    assert list(folder.iterdir()) == []
    later = timezone.now() + dt.timedelta(minutes=20)
    assert making.lost(now=later) == [export.pk]
    assert making.make_export(export_id=export.pk)


def test_what_nobody_made_in_a_day_can_be_asked_for_anew(member):
    first, _new = making.ask_for_export(member=member)
    assert making.lost(now=timezone.now() + dt.timedelta(days=2)) == []
    second, is_new = making.ask_for_export(member=member)
    assert is_new
    assert second.pk != first.pk


def test_after_a_week_the_file_is_gone_and_the_page_says_so(member, sign_in, folder):
    export = made(member)
    now = timezone.now()
    assert making.forget_exports(now=now + dt.timedelta(days=6)) == 0
    assert len(list(folder.glob("*.zip"))) == 1
    assert making.forget_exports(now=now + dt.timedelta(days=8)) == 1
    assert list(folder.glob("*.zip")) == []
    browser = proved(sign_in(member))
    assert browser.get(reverse("export_file", args=[export.public_id])).status_code == 404
    assert "Deleted on" in words(browser.get(reverse("your_data")))


def test_files_that_nobody_knows_of_go_too(member, folder):
    made(member)
    lost = folder / "lost.part"
    lost.write_bytes(b"half")
    assert making.forget_exports(now=timezone.now() + dt.timedelta(days=2)) == 0
    assert not lost.exists()
    assert len(list(folder.glob("*.zip"))) == 1


def test_a_suspended_member_takes_their_data_along(member, sign_in):
    member.suspended_until = timezone.now() + dt.timedelta(days=3)
    member.save(update_fields=["suspended_until"])
    export = made(member)
    browser = proved(sign_in(member))
    assert browser.get(reverse("your_data")).status_code == 200
    file = browser.get(reverse("export_file", args=[export.public_id]))
    file.close()
    assert file.status_code == 200


def test_asking_all_day_long_makes_no_more_than_three(member, sign_in):
    browser = proved(sign_in(member))
    for _n in range(5):
        browser.post(reverse("export_ask"))
        Export.objects.update(ready_at=timezone.now())
    assert Export.objects.count() == 3


def test_the_sweep_begins_again_what_was_lost(member, worker):
    making.ask_for_export(member=member)
    Export.objects.update(asked_at=timezone.now() - dt.timedelta(hours=1))
    with worker():
        tasks.look_after_leavings()
    assert Export.objects.get().ready_at is not None


def test_purge_counts_the_export_files(member):
    made(member)
    soon = timezone.now() + dt.timedelta(days=8)
    assert retention.purge(dry_run=True, now=soon)["exports"] == 1
