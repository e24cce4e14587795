"""Reports that come back by mail: that a mail could not be delivered (RFC 3464), or is unwanted (RFC 5965).

Anybody can send one here. So nothing in it is believed but the id of a mail of ours, which was made by chance and is
known to the servers on its way and to its recipient only.
"""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from email import message_from_bytes
from email.message import Message
from email.utils import getaddresses
from uuid import UUID

from notifications.models import Return

# Mails of ours have some ten thousand bytes, and a report has little more.
LARGEST = 256 * 1024
# Reports hold one or two mails with parts of their own. Made-up ones hold hundreds inside each other, and each line of
# such a mail is compared with the end of every one of them.
MOST_MULTIPARTS = 10
# So many ids of mails are looked up for one report.
MOST_IDS = 20

_ID = re.compile(r"<([0-9a-f]{32})@")
_STATUS = re.compile(r"\b([245]\.\d{1,3}\.\d{1,3})\b")
_CODE = re.compile(r"\b([45]\d\d)\b")
# RFC 5965, 7.3; "not-spam" is the opposite.
_UNWANTED = ("abuse", "fraud", "opt-out")


@dataclass(frozen=True, slots=True)
class Report:
    """kind: what it says, None where nothing follows from it (a mail is late, or has arrived).
    mails: what may be the tokens of mails of ours, the likeliest first.
    to: whom the mail was for, as it says itself; "" where the report does not bring it along."""

    kind: Return.Kind | None
    status: str
    mails: Sequence[UUID]
    to: str = ""


def read(raw: bytes) -> Report | None:
    """None for what is no report, or cannot be read. Never raises."""
    if len(raw) > LARGEST or raw.lower().count(b"multipart/") > MOST_MULTIPARTS:
        return None
    try:
        return _read(message_from_bytes(raw))
    except Exception:  # noqa: BLE001 - written by anybody, and the parser fails in many ways; it is left where it is
        return None


def is_lasting(status: str) -> bool:
    """Whether a status (RFC 3463), or a plain code of SMTP, says that the address is no good, and will not be.

    Not where a rule of the other side is in the way (5.7), the mailbox is full (5.2.2), or the fault is on the way:
    that ends, and says nothing of the address. Many servers say 5.0.0, and some 5.4.1, of people they do not know.
    """
    if "." not in status:
        return status in ("550", "551", "553")
    return status.startswith("5.1.") or status in ("5.0.0", "5.2.0", "5.2.1", "5.4.1", "5.4.4")


def _read(report: "Message[str, str]") -> Report | None:
    parts = report.get_payload()
    if report.get_content_type() != "multipart/report" or not isinstance(parts, list):
        return None
    by_type = {part.get_content_type(): part for part in reversed(parts) if isinstance(part, Message)}
    mail = _mail_in(by_type)
    ids = list(_ids(report, mail))
    to = _addressee(mail)
    if (delivery := by_type.get("message/delivery-status")) is not None:
        return Report(*_of_delivery(delivery), ids, to)
    if (feedback := by_type.get("message/feedback-report")) is not None:
        return Report(_of_feedback(feedback), "", ids, to)
    return None


def _mail_in(by_type: "dict[str, Message[str, str]]") -> "Message[str, str] | None":
    """The mail that it is about, whole or only its headers."""
    for name in ("message/rfc822", "message/global", "message/global-headers"):
        whole = by_type[name].get_payload() if name in by_type else None
        if isinstance(whole, list) and whole and isinstance(whole[0], Message):
            return whole[0]
    headers = by_type["text/rfc822-headers"].get_payload(decode=True) if "text/rfc822-headers" in by_type else None
    return message_from_bytes(headers) if isinstance(headers, bytes) else None


def _ids(report: "Message[str, str]", mail: "Message[str, str] | None") -> Iterator[UUID]:
    """Where servers repeat the id of the mail: in its own headers, or as that which the report answers."""
    said = [str(mail.get("Message-ID", ""))] if mail is not None else []
    said += [str(report.get(name, "")) for name in ("X-Original-Message-ID", "In-Reply-To", "References")]
    found = dict.fromkeys(_ID.findall(" ".join(said)))
    yield from [UUID(hex=one) for one in found][:MOST_IDS]


def _addressee(mail: "Message[str, str] | None") -> str:
    addresses = getaddresses([str(mail.get("To", ""))]) if mail is not None else []
    return addresses[0][1] if addresses else ""


def _of_delivery(part: "Message[str, str]") -> tuple[Return.Kind | None, str]:
    """The first recipient whom the mail did not reach for good; mails of ours have one."""
    blocks = part.get_payload()
    for block in blocks if isinstance(blocks, list) else []:
        if isinstance(block, Message) and str(block.get("Action", "")).strip().lower() == "failed":
            status = _status(block)
            return Return.Kind.HARD if is_lasting(status) else Return.Kind.SOFT, status
    return None, ""


def _status(block: "Message[str, str]") -> str:
    said = str(block.get("Status", "")), str(block.get("Diagnostic-Code", ""))
    exact = [found[1] for one in said if (found := _STATUS.search(one))]
    # Servers that know nothing better say 5.0.0 and quote the other one, which may.
    exact.sort(key=lambda status: status.endswith(".0.0"))
    if exact:
        return exact[0]
    code = _CODE.search(said[1])
    return code[1] if code else ""


def _of_feedback(part: "Message[str, str]") -> Return.Kind | None:
    fields = part.get_payload()
    fields = fields[0] if isinstance(fields, list) and fields else part
    said = str(fields.get("Feedback-Type", "")) if isinstance(fields, Message) else ""
    return Return.Kind.COMPLAINT if said.strip().lower() in _UNWANTED else None
