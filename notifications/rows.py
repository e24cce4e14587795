"""Updates as rows of their page: components/notice_row.html."""

from collections.abc import Mapping, Sequence
from typing import Any

from django.template.loader import render_to_string
from django.utils import timezone
from django.utils.dateformat import format as date_format
from django.utils.safestring import SafeString
from django.utils.translation import get_language

from core.ago import time_ago
from core.stencils import Stencils
from notifications.access.notices import Row


def notice_list(rows: Sequence[Row], *, after: str = "", token: str = "") -> SafeString:
    """`after`: where in the list of what is new they stand. `token`: against forged requests; for what is new."""
    language = get_language()
    return SafeString("".join([_filled(row, after, token, language) for row in rows]))


def _filled(row: Row, after: str, token: str, language: str | None) -> str:
    shape = {"new": row.new, "together": row.together}
    values: dict[str, Any] = {
        "public_id": row.public_id,
        "line": row.line,
        "at": date_format(timezone.localtime(row.at), "c"),
        "ago": time_ago(row.at),
        "after": after,
        "csrf_token": token,
    }
    return _ROWS.fill(shape, values, language=language)


def _rendered(context: Mapping[str, Any]) -> str:
    return render_to_string("notifications/_notice.html", {"notice": context, **context})


_ROWS = Stencils(_rendered, kept=50)
