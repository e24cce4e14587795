"""What members fill in about themselves."""

from members.forms.agreeing import AgreeForm
from members.forms.signup import AddEmailForm, SignupForm

__all__ = ["AddEmailForm", "AgreeForm", "SignupForm"]
