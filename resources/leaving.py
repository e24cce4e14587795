"""Somebody leaves: what of it concerns the library and its curators."""

from members.leaving import Part, register
from resources.services import leaving

register(
    Part(
        "resources",
        begin=leaving.begin,
        hide=leaving.hide,
        restore=leaving.restore,
        finish=leaving.finish,
        says=leaving.says,
    )
)
