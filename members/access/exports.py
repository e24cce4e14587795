"""Exports of one's own data."""

from collections.abc import Sequence
from pathlib import Path
from uuid import UUID

from django.conf import settings
from django.http import Http404

from members.models import Consent, Export, Member

SHOWN = 5


def latest(member: Member) -> Sequence[Export]:
    """The newest few, also those that were deleted. One query."""
    return list(Export.objects.filter(member=member).order_by("-id")[:SHOWN])


def get_export_for(member: Member, public_id: UUID) -> Export:
    """One that can be downloaded now. Raises Http404."""
    export = Export.objects.filter(member=member, public_id=public_id).exclude(file="").first()
    if export is None or not path_of(export).is_file():
        raise Http404
    return export


def folder() -> Path:
    return Path(settings.EXPORT_DIR)


def path_of(export: Export) -> Path:
    """Only a file of the folder, whatever stands in the row."""
    return folder() / Path(export.file).name


def consents_of(member: Member) -> Sequence[Consent]:
    """What they agreed to, the newest first. One query."""
    return list(Consent.objects.filter(member=member).order_by("-id"))
