"""What curators may upload: pictures and films, of a size that readers on slow lines can live with."""

from typing import Any

from django import forms
from django.conf import settings
from django.utils.translation import gettext_lazy as _
from wagtail.documents.forms import BaseDocumentForm
from wagtail.images.forms import BaseImageForm

# How files of these kinds begin, whatever they are called: at which byte, with what.
_BEGINS = {"mp4": (4, b"ftyp"), "webm": (0, b"\x1a\x45\xdf\xa3")}


# A page shows the file that its reviewer saw.
_STAYS = _(
    "A file that is kept stays as it is, because pages may show it. Nothing was changed. Add the new one beside it and "
    "choose it in the page; then it is reviewed with the page."
)


class PictureForm(BaseImageForm):  # type: ignore[misc]  # Wagtail carries no types
    """Wagtail looks at kind, size and number of pixels before anything is drawn; here it says so kindly."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if "file" in self.fields:
            self.fields["file"].error_messages |= {
                "file_too_large": _(
                    "This picture is %(file_size)s. Up to %(max_filesize)s can be kept, so that pages open on slow "
                    "lines. Nothing was saved. A smaller copy works: most picture programs can resize."
                ),
                "file_too_many_pixels": _(
                    "This picture has %(num_pixels)s pixels, and up to %(max_pixels_count)s can be drawn. Nothing was "
                    "saved. A smaller copy works: most picture programs can resize."
                ),
                "invalid_image_extension": _(
                    "Pictures of this kind are not kept here. JPEG, PNG and WebP are. Drawings (SVG) can hold "
                    "programs; a PNG of it works. Nothing was saved."
                ),
                "invalid_image_known_format": _(
                    "This file is called .%(extension)s and is %(image_format)s inside. JPEG, PNG and WebP are kept "
                    "here, under their own names. Nothing was saved."
                ),
                "invalid_image": _(
                    "This file is no picture that can be read: JPEG, PNG and WebP work. Nothing was saved."
                ),
            }

    def clean_file(self) -> Any:
        if self.instance.pk and "file" in self.changed_data:
            raise forms.ValidationError(_STAYS)
        return self.cleaned_data["file"]


class FilmForm(BaseDocumentForm):  # type: ignore[misc]
    def clean_file(self) -> Any:
        film = self.cleaned_data["file"]
        if film is None or "file" not in self.changed_data:
            return film
        if self.instance.pk:
            raise forms.ValidationError(_STAYS)
        if film.size > settings.FILM_MAX_MB * 1024 * 1024:
            raise forms.ValidationError(
                _("This film is larger than %(most)d MB. Nothing was saved. A smaller copy works: 720 lines do."),
                params={"most": settings.FILM_MAX_MB},
            )
        at, mark = _BEGINS.get(film.name.rpartition(".")[2].lower(), (0, b"?"))
        film.seek(0)
        begins = film.read(at + len(mark))
        film.seek(0)
        if begins[at:] != mark:
            raise forms.ValidationError(_("This file is no film: MP4 and WebM work. Nothing was saved."))
        return film
