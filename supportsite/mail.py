"""Mail of a laptop's copy of the site, in files that a person opens and copies a link from."""

import email.policy
from typing import IO, cast

from django.core.mail import EmailMessage
from django.core.mail.backends.filebased import EmailBackend

# Lines as long as mail allows (RFC 5322, 2.1.1) and no transfer encoding, so that a link stays in one piece.
READABLE = email.policy.default.clone(max_line_length=998, cte_type="8bit")


class ReadableFiles(EmailBackend):
    """Django's file backend, which would break long lines with “=” signs."""

    def write_message(self, message: EmailMessage) -> None:
        stream = cast("IO[bytes]", self.stream)  # the stubs have it for the console's backend, which writes text
        stream.write(message.message(policy=READABLE).as_bytes(policy=READABLE) + b"\n")
        stream.write(b"-" * 79 + b"\n")
