"""What members may choose."""

from notifications.forms.wishes import AwayForm, DigestForm, WishesForm

__all__ = ["AwayForm", "DigestForm", "WishesForm"]
