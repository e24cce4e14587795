"""What the machine looks for before a person reads a page."""

import socket
from types import SimpleNamespace

import pytest
from django.contrib.contenttypes.models import ContentType
from django.test import override_settings
from wagtail.models import TaskState
from wagtail.test.utils.form_data import rich_text, streamfield

from resources import checks
from resources.models import ArticlePage, MachineCheckTask, PeerReviewTask, Vetting
from resources.services import links
from resources.services.starter import load_starter_articles
from tests import factories, pages
from tests.resources import library
from tests.resources.test_vetting import form, fresh, press, write

# Wagtail mails reviewers through a function that Django is about to retire.
pytestmark = pytest.mark.filterwarnings("ignore:get_connection")

HARD = (
    "<p>Notwithstanding considerable heterogeneity across methodological approaches, contemporary epidemiological "
    "investigations consistently demonstrate statistically significant associations between comprehensive psychosocial "
    "interventions and subsequent symptomatological improvement, particularly among individuals experiencing "
    "debilitating interpersonal difficulties, although generalisability to underrepresented populations remains "
    "insufficiently established and necessitates additional rigorous longitudinal experimentation involving "
    "appropriately diversified participants. Furthermore, intervention fidelity considerations and organisational "
    "implementation characteristics substantially moderate therapeutic effectiveness, complicating straightforward "
    "interpretation of aggregated comparative evaluations across heterogeneous institutional environments.</p>"
) * 2


def said_of(article):
    """What the machine answers when the page is handed in."""
    step = library.submit(article, by=article.written_by)
    return step.comment if step.status == TaskState.STATUS_REJECTED else ""


# --- links


@pytest.mark.parametrize(
    ("link", "why"),
    [
        ("https://example.org/a?utm_source=news", "where readers come from"),
        ("https://example.org/a?x=1&fbclid=abc", "where readers come from"),
        ("https://example.org/a#utm_campaign=x", "where readers come from"),
        ("https://example.org/a?aff_id=12", "pay somebody"),
        ("https://example.org/a?tag=mysite-21", "pay somebody"),
        ("https://www.amazon.co.uk/dp/123", "leads to a shop"),
        ("https://AMAZON.com/dp/123", "leads to a shop"),
        ("https://amzn.to/3x", "leads to a shop"),
        ("https://shop.example.org/", "leads to a shop"),
        ("https://example.org/checkout/", "leads to a shop"),
        ("https://bit.ly/abc", "hides where it leads"),
        ("javascript:steal()", "no address"),
        ("data:text/html,x", "no address"),
        ("http://[broken", "no address"),
        ("/\\example.org/", "no address"),
        ("//amazon.com/dp/123", "no address"),
        ("https://bit.ly./abc", "hides where it leads"),
        ("https://amaz%6fn.com/dp/123", "leads to a shop"),
        ("https://\uff41mazon.com/dp/123", "leads to a shop"),
    ],
)
def test_a_link_that_sells_tracks_or_hides_is_named(link, why):
    assert why in checks.wrong_with_link(link)


@pytest.mark.parametrize(
    "link",
    [
        "https://doi.org/10.1000/1",
        "https://www.nice.org.uk/guidance/ng222?tab=history",
        "https://www.workshop.example.org/",
        "https://pubmed.ncbi.nlm.nih.gov/20668659/",
        "mailto:help@example.org",
        "/resources/forms-of-support/",
        "#sources",
    ],
)
def test_an_honest_link_passes(link):
    assert checks.wrong_with_link(link) == ""


@pytest.mark.parametrize(
    "body",
    [
        [("text", '<p>Read <a href="https://www.amazon.com/dp/1">this</a>.</p>')],
        [("callout", {"tone": "info", "text": "See https://www.amazon.com/dp/1"})],
        [("steps", {"title": "", "steps": [{"text": "Buy https://www.amazon.com/dp/1", "minutes": None}]})],
        [
            (
                "questions",
                {"questions": [{"question": "Where?", "answer": '<a href="https://www.amazon.com/dp/1">x</a>'}]},
            )
        ],
        [("quote", {"text": "https://www.amazon.com/dp/1", "who": ""})],
    ],
)
def test_a_shop_is_found_wherever_it_hides_in_a_page(author, shelf, body):
    article = library.add(ArticlePage, author, body=body)
    assert "leads to a shop" in said_of(article)


def test_a_source_that_tracks_is_found(author, shelf):
    source = library.SOURCE | {"url": "https://doi.org/1?utm_source=x"}
    assert "where readers come from" in said_of(library.add(ArticlePage, author, sources=[("source", source)]))


# --- words


@pytest.mark.parametrize(
    "words",
    ["She committed suicide.", "A failed attempt.", "It gets better.", "Stay strong.", "Don’t forget to rest."],
)
def test_words_that_are_never_said_here_send_a_page_back(author, shelf, words):
    assert "never said here" in said_of(library.draft(author, text=f"<p>{words}</p>"))


def test_loud_words_send_a_page_back_unless_somebody_is_quoted(author, shelf):
    assert "quietly" in said_of(library.draft(author, text="<p>You can do it!</p>"))
    quoted = library.add(ArticlePage, author, title="Other", body=[("quote", {"text": "I did it!", "who": ""})])
    assert said_of(quoted) == ""


def test_hard_sentences_are_shown_to_their_author(author, shelf):
    said = said_of(library.draft(author, text=HARD))
    assert "years of school" in said
    assert "A long sentence: “Notwithstanding" in said


def test_a_page_without_a_source_goes_back_however_it_was_saved(author, shelf):
    assert "no source" in said_of(library.add(ArticlePage, author, sources=[]))


def test_the_grade_of_plain_words_is_lower_than_that_of_hard_ones():
    plain = "You can call a friend. It may help to talk. Some days are hard, and that is not your fault. " * 8
    assert (checks.reading_grade(plain) or 99) < 5
    assert (checks.reading_grade(HARD) or 0) > 15
    assert checks.reading_grade("Too short.") is None


def test_the_starter_articles_pass_the_checks_that_others_have_to_pass(shelf):
    load_starter_articles()
    assert {article.slug: found for article in ArticlePage.objects.all() if (found := article.findings())} == {}


# --- the step


def test_a_page_that_the_machine_would_mend_never_reaches_a_reviewer(sign_in, shelf, author, reviewer):
    body = streamfield([("text", rich_text("<p>It gets better.</p>"))])
    write(sign_in(author), shelf, body=body, **{"action-submit": "1"})
    article = ArticlePage.objects.get()
    state = article.current_workflow_state
    assert state.status == "needs_changes"
    address = f"/curate/pages/workflow/action/{article.pk}/approve/{state.current_task_state_id}/"
    sign_in(reviewer).post(address, library.answers())
    assert not fresh(article).live
    assert not Vetting.objects.exists()
    assert "“it gets better” is never said here" in pages.words(
        sign_in(author).get(f"/curate/pages/{article.pk}/edit/")
    )


def test_a_mended_page_is_handed_in_again_and_goes_on(sign_in, shelf, author, reviewer):
    client = sign_in(author)
    body = streamfield([("text", rich_text("<p>It gets better.</p>"))])
    write(client, shelf, body=body, **{"action-submit": "1"})
    article = ArticlePage.objects.get()
    client.post(f"/curate/pages/{article.pk}/edit/", form() | {"action-submit": "1"})
    assert isinstance(fresh(article).current_workflow_task.specific, PeerReviewTask)
    press(sign_in(reviewer), fresh(article))
    assert fresh(article).live


def test_what_somebody_writes_in_after_the_machine_has_looked_is_looked_at_again(sign_in, author, reviewer, draft):
    library.submit(draft, by=author)
    third = factories.CuratorFactory()
    late = fresh(draft).get_latest_revision_as_object()
    late.body = [("text", "<p>It gets better.</p>")]
    late.save_revision(user=third)
    press(sign_in(reviewer), fresh(draft))
    assert not fresh(draft).live


def test_the_editor_says_what_is_to_be_mended(sign_in, author, shelf):
    article = library.draft(author, text="<p>It gets better.</p>")
    assert "is never said here" in pages.words(sign_in(author).get(f"/curate/pages/{article.pk}/edit/"))


# --- whether links answer


@pytest.fixture
def asked(author, shelf):
    """A page that waits until its links were asked after."""
    with override_settings(CHECK_LINKS=True):
        article = library.draft(author, text='<p><a href="https://gone.example.org/a">Here</a></p>')
        library.submit(article, by=author)
        yield article


def step_of(article):
    return fresh(article).current_workflow_state.current_task_state


def test_no_server_is_asked_unless_an_operator_wants_it(author, draft):
    assert library.submit(draft, by=author).task.specific_class is PeerReviewTask
    assert links.finish_checks(ask=lambda _link: pytest.fail("asked")) == 0


def test_a_page_waits_until_its_links_were_asked_after_and_goes_on(asked):
    assert step_of(asked).task.specific_class is MachineCheckTask
    seen: list[str] = []

    def answers(link: str) -> int:
        seen.append(link)
        return 200

    links.finish_checks(ask=answers)
    assert sorted(seen) == ["https://doi.org/10.1000/1", "https://gone.example.org/a"]
    assert step_of(asked).task.specific_class is PeerReviewTask


def test_links_that_were_written_in_meanwhile_are_asked_after_too(asked, author):
    late = fresh(asked).get_latest_revision_as_object()
    late.body = [("text", '<p><a href="https://later.example.org/">Here</a></p>')]
    late.save_revision(user=author)
    links.finish_checks(ask=lambda link: 404 if "later" in link else 200)
    assert "https://later.example.org/" in step_of(asked).comment


@pytest.mark.parametrize(
    ("status", "why"), [(None, "Nobody answers at"), (404, "no such page any more"), (410, "any more")]
)
def test_a_dead_link_sends_a_page_back(asked, status, why):
    links.finish_checks(ask=lambda link: status if "gone" in link else 200)
    assert fresh(asked).current_workflow_state.status == "needs_changes"
    assert why in step_of(asked).comment
    assert "https://gone.example.org/a" in step_of(asked).comment


@pytest.mark.parametrize("status", [200, 301, 401, 403, 405, 429, 500])
def test_a_server_that_only_refuses_a_program_is_not_dead(asked, status):
    links.finish_checks(ask=lambda _link: status)
    assert step_of(asked).task.specific_class is PeerReviewTask


def test_when_the_operator_changes_their_mind_nothing_is_stuck(asked):
    with override_settings(CHECK_LINKS=False):
        links.finish_checks(ask=lambda _link: pytest.fail("asked"))
    assert step_of(asked).task.specific_class is PeerReviewTask


def test_the_step_is_done_once_when_two_workers_take_it(asked):
    def other_worker_first(_link):
        TaskState.objects.filter(pk=step_of(asked).pk).update(status=TaskState.STATUS_CANCELLED)
        return 200

    links.finish_checks(ask=other_worker_first)
    assert step_of(asked).status == TaskState.STATUS_CANCELLED


@pytest.mark.parametrize(
    "link",
    [
        "http://127.0.0.1/",
        "http://localhost:1/",
        "http://[::1]/",
        "http://169.254.169.254/",
        "http://[::ffff:10.0.0.1]/",
        "http://[64:ff9b::7f00:1]/",
        "http://[::7f00:1]/",
        "http://[fec0::1]/",
        "http://224.0.0.1/",
    ],
)
def test_what_stands_beside_this_server_is_never_asked(link, monkeypatch):
    monkeypatch.setattr("socket.create_connection", lambda *_args, **_kwargs: pytest.fail("connected"))
    assert links.answer(link) is None


@pytest.fixture
def server(monkeypatch):
    """Answers what `server.says` says, in this order, to whoever connects."""
    ours, theirs = socket.socketpair()
    answers = SimpleNamespace(says=[b"HTTP/1.1 404 Not Found\r\n\r\n"], end=theirs)

    def connect(*_args, **_kwargs):
        for part in answers.says:
            theirs.sendall(part)
        return ours

    monkeypatch.setattr("socket.getaddrinfo", lambda *_args, **_kwargs: [(0, 0, 0, "", ("93.184.215.14", 80))])
    monkeypatch.setattr("socket.create_connection", connect)
    yield answers
    theirs.close()


def test_a_link_in_another_script_is_asked_as_a_browser_asks(server):
    assert links.answer("http://example.org/müde?q=schläft") == 404
    asked = server.end.recv(1000).decode("ascii")
    assert asked.startswith("HEAD /m%C3%BCde?q=schl%C3%A4ft HTTP/1.1\r\nHost: example.org\r\n")


@pytest.mark.parametrize("says", [[b"SSH-2.0\r\n"], [b"x" * 5000], [b"HTTP/1.1 ", b"2"]])
def test_what_is_no_answer_is_none_and_holds_nobody_up(server, monkeypatch, says):
    monkeypatch.setattr(links, "TIMEOUT_SECONDS", 0.05)
    server.says = says
    assert links.answer("http://example.org/") is None


def test_no_line_can_be_slipped_into_what_is_asked(server):
    links.answer("http://example.org/a\r\nX-Evil: 1")
    assert "Evil" not in server.end.recv(1000).decode().partition("\r\n")[2]


def test_only_the_doors_of_pages_are_tried(author, reviewer, shelf):
    with override_settings(CHECK_LINKS=True):
        article = library.draft(author, text='<p><a href="https://example.org:5432/">Here</a></p>')
        library.submit(article, by=author)
        links.finish_checks(ask=lambda link: 200 if ":5432" not in link else pytest.fail("asked"))
    assert step_of(article).task.specific_class is PeerReviewTask


def test_a_page_full_of_links_that_hang_waits_no_longer_than_one_run(asked, monkeypatch):
    """The worker ends a task that goes on for too long, and the page would wait for ever."""
    monkeypatch.setattr(links, "PAGE_SECONDS", -1)
    links.finish_checks(ask=lambda _link: pytest.fail("asked"))
    assert step_of(asked).task.specific_class is PeerReviewTask


def test_no_curator_can_pass_the_step_of_the_machine_by_hand(sign_in, asked, reviewer):
    assert step_of(asked).task.content_type == ContentType.objects.get_for_model(MachineCheckTask)
    press(sign_in(reviewer), fresh(asked))
    assert step_of(asked).status == TaskState.STATUS_IN_PROGRESS
