from django import template

from members import devices

register = template.Library()


@register.filter
def browser(user_agent: str) -> str:
    """“Firefox on Android”, for a browser's own long name."""
    return devices.in_words(user_agent)
