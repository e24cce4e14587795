"""What this site never says."""

from core.wording import NEVER


def never_said(text: str) -> list[str]:
    return [found[0] for found in NEVER.finditer(" ".join(text.split()))]
