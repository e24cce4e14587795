"""What mails say. Unless a member chose otherwise, neither subject nor text tells what it is about, who wrote, or
where (M12): both stand in clear text on many servers, and on the lock screen of a phone that others see."""

from collections.abc import Mapping
from dataclasses import dataclass
from email import policy as policies
from email.message import EmailMessage as StandardMessage
from email.policy import Policy
from functools import cache
from typing import Any

import css_inline
from django.conf import settings
from django.core.mail import EmailMessage, EmailMultiAlternatives
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils import timezone, translation
from django.utils.crypto import salted_hmac
from django.utils.translation import gettext as _

from members.models import Member
from notifications import access, digest_mail, kinds, links
from notifications.models import Channel, Delivery, Digest, Notice, Sending

# As long as a line of mail may be (RFC 5322, 2.1.1).
LONGEST_LINE = 998


class Mail(EmailMultiAlternatives):
    """Django's, whose headers keep their addresses whole.

    Python makes coded words of what is longer than its usual line, so that it can break it. Nobody finds an address
    to unsubscribe at, or a mail's id, in that.
    """

    def message(self, *, policy: Policy | None = None) -> StandardMessage:
        return super().message(policy=(policy or policies.default).clone(max_line_length=LONGEST_LINE))


@dataclass(frozen=True, kw_only=True)
class Letter:
    """What a mail says, and how to have no more of its kind.

    template: rendered as .txt and as .html; both extend notifications/mail_base.
    why: one sentence on why it came.
    off_url, off_label: where news like this is turned off, and what that is called; "" where it cannot be by itself.
    thread: what belongs together in the recipient's list of mails; "" for a mail of its own.
    """

    subject: str
    template: str
    context: Mapping[str, Any]
    why: str
    off_url: str = ""
    off_label: str = ""
    thread: str = ""


def message(sending: Sending) -> EmailMessage | None:
    """The mail for `sending`; None when there is nothing to tell.

    Some three queries for a notice, of which two only for members who chose to read in mails what they are about;
    three or four for a digest in which every part is filled.
    """
    member = access.recipient_of(sending)
    with translation.override(settings.LANGUAGE_CODE), timezone.override(access.zone_of(member)):
        letter = _digest(sending, member) if isinstance(sending, Digest) else _update(sending, member)
        return _mail(sending, member, letter) if letter else None


# --- what it says


def _update(sending: Sending, member: Member) -> Letter:
    assert isinstance(sending, Delivery)  # noqa: S101 - the only other mail there is
    notice = sending.notice
    kind = kinds.get(notice.event.kind)
    told = bool(kind) and access.wishes_of(member).content_in_mail
    return Letter(
        subject=_("You have an update"),
        template="notifications/update",
        context={
            "line": (_line(kind, notice, member) if kind and told else "") or _usual_line(kind),
            "url": settings.SITE_URL + reverse("notice", args=[notice.public_id]),
        },
        why=_why(kind, named=told),
        off_url=links.off_url(member, kind) if kind and _can_be_turned_off(kind) else "",
        off_label=_("Turn off mails for this kind of news"),
        thread=f"{notice.event.kind}:{notice.event.group_id}" if notice.event.group_id else "",
    )


def _digest(digest: Digest, member: Member) -> Letter | None:
    """None where nothing is new, for who may not open the site now, and for who came back before the goodbye left."""
    wishes = access.wishes_for(digest)
    if member.suspended_until and member.suspended_until > timezone.now():
        return None
    context: Mapping[str, Any]
    if digest.is_goodbye:
        template, context = "notifications/goodbye", {"url": settings.SITE_URL + reverse("home")}
        is_empty = wishes.goodbye_at is None
    else:
        parts = digest_mail.parts(digest, member, told=wishes.content_in_mail)
        template, context, is_empty = "notifications/digest", {"parts": parts}, not parts
    if is_empty:
        return None
    return Letter(
        subject=_("Your digest"),
        template=template,
        context=context,
        why=_("You get this because you chose a digest."),
        off_url=links.digest_off_url(member),
        off_label=_("Turn off the digest"),
    )


def _line(kind: kinds.Kind, notice: Notice, member: Member) -> str:
    """The sentence of the page of updates, which folds what its author put a content note on."""
    target = notice.event.target_id
    return kind.lines(kind.visible([target], member)).get(target, "")


def _usual_line(kind: kinds.Kind | None) -> str:
    return str((kind.mail_line if kind else "") or kinds.USUAL_LINE)


def _why(kind: kinds.Kind | None, *, named: bool) -> str:
    if kind and kind.least == Channel.MAIL:
        return _("This kind of news always comes by mail.")
    label = _label(kind) if kind and named else ""
    if label:
        return _("You get this because mails are on for: %(kind)s.") % {"kind": label}
    return _("You get this because mails are on for this kind of news.")


def _label(kind: kinds.Kind) -> str:
    chosen_by = kinds.get(kind.choice) or kind
    return str(chosen_by.label)


def _can_be_turned_off(kind: kinds.Kind) -> bool:
    return kind.least != Channel.MAIL


# --- how it leaves


def _mail(sending: Sending, member: Member, letter: Letter) -> Mail:
    context = {
        **letter.context,
        "subject": letter.subject,
        "why": letter.why,
        "off_url": letter.off_url,
        "off_label": letter.off_label,
        "all_off_url": links.all_off_url(member),
        "choices_url": settings.SITE_URL + reverse("news_wishes"),
        "SITE_NAME": settings.SITE_NAME,
    }
    mail = Mail(
        subject=letter.subject,
        body=render_to_string(f"{letter.template}.txt", context),
        # To this address goes what cannot be delivered; people see the other one.
        from_email=settings.RETURNS_ADDRESS or settings.DEFAULT_FROM_EMAIL,
        to=[member.email],
        headers=_headers(sending, member, letter),
    )
    mail.attach_alternative(_inliner().inline(render_to_string(f"{letter.template}.html", context)), "text/html")
    return mail


def _headers(sending: Sending, member: Member, letter: Letter) -> dict[str, str]:
    domain = mail_domain()
    headers = {
        "From": settings.DEFAULT_FROM_EMAIL,
        # The same on every attempt, so that the recipient's server can drop a second copy.
        "Message-ID": f"<{sending.token.hex}@{domain}>",
        # One list for everything: what kind of news it is would be in clear text otherwise.
        "List-Id": f"<updates.{domain}>",
        # RFC 3834, and the same for Exchange, which does not read it: no holiday answers, please.
        "Auto-Submitted": "auto-generated",
        "X-Auto-Response-Suppress": "OOF, AutoReply",
    }
    if letter.off_url:
        # RFC 8058: the reader's mail program sends a POST there, and shows a button of its own.
        headers["List-Unsubscribe"] = f"<{letter.off_url}>"
        headers["List-Unsubscribe-Post"] = "List-Unsubscribe=One-Click"
    if letter.thread:
        root = salted_hmac("notifications.thread", f"{member.pk}:{letter.thread}", algorithm="sha256").hexdigest()[:32]
        headers["References"] = headers["In-Reply-To"] = f"<{root}@{domain}>"
    return headers


def mail_domain() -> str:
    return settings.DEFAULT_FROM_EMAIL.rpartition("@")[2].rstrip(">") or "localhost"


@cache
def _inliner() -> "css_inline.CSSInliner":
    """Reads no file and asks no server."""
    return css_inline.CSSInliner(keep_at_rules=True, load_remote_stylesheets=False)
