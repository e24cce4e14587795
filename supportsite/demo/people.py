"""The people of the demo community. None of them exists."""

from dataclasses import dataclass

PASSWORD = "a-lamp-in-the-window"  # noqa: S105 - printed at every start, for a copy that only this machine reaches
PSEUDONYMS = [
    "willow",
    "quiet_harbour",
    "mossandtea",
    "paperboat",
    "slow_river",
    "greycardigan",
    "tuesday_rain",
    "lamplighter",
    "nightbus",
    "saltmarsh",
    "windowseat",
    "half_awake",
    "tinroof",
    "fernleaf",
    "blue_kettle",
    "oldbicycle",
    "small_hours",
    "wintercoat",
    "copperkey",
    "driftwood",
    "lowtide",
    "patchwork",
    "pebble",
    "softlanding",
    "sundaybread",
    "thimble",
    "toomanytabs",
    "undertow",
    "velvetmoss",
    "wednesdayish",
    "woollysocks",
    "yellowdoor",
    "zigzag",
    "kitchenradio",
    "longway",
    "inkwell",
]


@dataclass(frozen=True)
class SignIn:
    username: str
    role: str


SIGN_INS = (
    SignIn("willow", "member"),
    SignIn("juniper", "moderator"),
    SignIn("linden", "curator"),
    SignIn("rowan", "administrator, and the second curator"),
)
