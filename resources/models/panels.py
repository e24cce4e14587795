"""What the editor shows beside the fields of a page."""

from typing import Any

from django.utils.translation import gettext as _
from wagtail.admin.panels import HelpPanel


class ChecksPanel(HelpPanel):  # type: ignore[misc]  # Wagtail carries no types
    """What the machine would say of the draft as it was last saved, before its author hands it in."""

    def __init__(self, template: str = "resources/curate/checks_panel.html", **kwargs: Any) -> None:
        super().__init__(template=template, **kwargs)

    class BoundPanel(HelpPanel.BoundPanel):  # type: ignore[misc]
        def get_context_data(self, parent_context: Any = None) -> dict[str, Any]:
            context: dict[str, Any] = super().get_context_data(parent_context)
            is_saved = self.instance is not None and self.instance.pk is not None
            context["is_saved"] = is_saved
            context["findings"] = self.instance.findings() if is_saved else []
            if is_saved and self.instance.is_changed_in_review:
                changed = _(
                    "It was changed since it was handed in, so it cannot be approved like this. Send it back, or take "
                    "it out of review. Once it is handed in again, it goes on."
                )
                context["findings"] = [*context["findings"], changed]
            return context
