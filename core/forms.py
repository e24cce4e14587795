"""What our forms have in common."""

from crispy_forms.helper import FormHelper


def fields_only() -> FormHelper:
    """For `{% crispy form %}` inside a form element that the template writes itself, with its token and its buttons."""
    helper = FormHelper()
    helper.form_tag = False
    helper.disable_csrf = True
    return helper
