"""What an error says that came from sending a mail."""

import re
import smtplib
import socket

from celery.exceptions import SoftTimeLimitExceeded
from django.db import InterfaceError, OperationalError

# Of a recipient, when there is no such mailbox (RFC 5321); 550 also stands for refusals of another kind.
_NO_MAILBOX = (550, 551, 553)
_FOR_GOOD = 500
_ENHANCED = re.compile(rb"\s*([245]\.\d{1,3}\.\d{1,3})\b")
# Rules of the other side about who may send what: nothing is wrong with the address (RFC 3463).
_POLICY = "5.7."


def address_is_gone(error: Exception) -> str:
    """The server's code where it says that there is no such address, such as 5.1.1 or 550; else ""."""
    if not isinstance(error, smtplib.SMTPRecipientsRefused) or not error.recipients:
        return ""
    code, words = next(iter(error.recipients.values()))
    found = _ENHANCED.match(words)
    enhanced = found[1].decode() if found else ""
    if code not in _NO_MAILBOX or enhanced.startswith(_POLICY):
        return ""
    return enhanced or str(code)


def is_about_this_mail(error: Exception) -> bool:
    """Whether it comes from this mail, and will come again. Not where the server is away, or asks to come later."""
    if isinstance(error, smtplib.SMTPRecipientsRefused):
        return any(code >= _FOR_GOOD for code, _words in error.recipients.values())
    if isinstance(error, smtplib.SMTPDataError):
        return error.smtp_code >= _FOR_GOOD
    return not isinstance(error, OSError | SoftTimeLimitExceeded | OperationalError | InterfaceError)


def was_surely_not_taken(error: Exception) -> bool:
    """Whether the server refused, or was never reached. A silence after the words were handed over tells nothing.

    `smtplib` says TimeoutError only while it connects; later ones are SMTPServerDisconnected.
    """
    if isinstance(error, smtplib.SMTPServerDisconnected):
        return False
    refused = smtplib.SMTPException | ConnectionRefusedError | TimeoutError | socket.gaierror
    return isinstance(error, refused | ValueError | TypeError)
