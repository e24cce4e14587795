"""What happens to accounts."""

from members.services.accounts import CURATORS_GROUP, set_curator
from members.services.addresses import begin_change, new_mailbox_agrees, old_mailbox_agrees, stop_change
from members.services.boundaries import add_filter, block, mute, remove_filter, unblock, unmute
from members.services.devices import new_secret, remember_device
from members.services.joining import (
    InvitationUsedError,
    agree,
    finish_welcome,
    invite,
    join,
    let_in,
    revoke,
    set_country,
    turn_away,
    withdraw_consent,
)
from members.services.profile import clear_words, put_words_back, set_pages, set_profile
from members.services.reading import set_low_energy, set_reading, set_time_zone
from members.services.visits import note_visit

__all__ = [
    "CURATORS_GROUP",
    "InvitationUsedError",
    "add_filter",
    "agree",
    "begin_change",
    "block",
    "clear_words",
    "finish_welcome",
    "invite",
    "join",
    "let_in",
    "mute",
    "new_mailbox_agrees",
    "new_secret",
    "note_visit",
    "old_mailbox_agrees",
    "put_words_back",
    "remember_device",
    "remove_filter",
    "revoke",
    "set_country",
    "set_curator",
    "set_low_energy",
    "set_pages",
    "set_profile",
    "set_reading",
    "set_time_zone",
    "stop_change",
    "turn_away",
    "unblock",
    "unmute",
    "withdraw_consent",
]
