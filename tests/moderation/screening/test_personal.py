"""Personal data. Every number, name and address was made up."""

import pytest

from moderation import screening
from moderation.models import Priority
from moderation.screening import PERSONAL, Action, numbers

FOUND = [
    ("write to robin.wren@example.org please", "e-mail", "robin.wren@example.org"),
    ("robin (at) gmail (dot) com", "e-mail", "robin (at) gmail (dot) com"),
    ("robin [at] example [dot] org", "e-mail", "robin [at] example [dot] org"),
    ("mail me: wren at gmail dot com", "e-mail", "wren at gmail dot com"),
    ("ｒｏｂｉｎ＠ｅｘａｍｐｌｅ．ｏｒｇ", "e-mail", "ｒｏｂｉｎ＠ｅｘａｍｐｌｅ．ｏｒｇ"),
    ("call me on 020 7946 0018", "phone", "020 7946 0018"),
    ("+44 20 7946 0018 any time", "phone", "+44 20 7946 0018"),
    ("text (212) 555-0147", "phone", "(212) 555-0147"),
    ("you get me at 212-736-5000", "phone", "212-736-5000"),
    ("my number is 0171 5550 123", "phone", "0171 5550 123"),
    ("phone: 555 0147", "phone", "555 0147"),
    ("pay with 4111 1111 1111 1111", "card", "4111 1111 1111 1111"),
    ("amex 378282246310005", "card", "378282246310005"),
    ("IBAN GB82 WEST 1234 5698 7654 32", "bank-account", "GB82 WEST 1234 5698 7654 32"),
    ("de89370400440532013000 is it", "bank-account", "de89370400440532013000"),
    ("the server at 203.0.113.77", "ip-address", "203.0.113.77"),
    ("from 2001:db8::8a2e:370:7334", "ip-address", "2001:db8::8a2e:370:7334"),
    ("it is 219-09-9999", "identity-number", "219-09-9999"),
    ("my ssn is 219099999", "identity-number", "219099999"),
    ("ssn: 219 09 9999.", "identity-number", "219 09 9999"),
    ("SSN#219.09.9999", "identity-number", "219.09.9999"),
    ("219 - 09 - 9999 on file", "identity-number", "219 - 09 - 9999"),
    ("219\u201309\u20139999", "identity-number", "219\u201309\u20139999"),
    ("what's my social? 219\u201109\u20119999", "identity-number", "219\u201109\u20119999"),
    ("my social is 219099999", "identity-number", "219099999"),
    ("social-security-number:219-09-9999", "identity-number", "219-09-9999"),
    ("taxpayer id 912-70-1234", "identity-number", "912-70-1234"),
    ("NHS number 943 476 5919", "identity-number", "943 476 5919"),
    ("Aadhaar 2345 6789 0123", "identity-number", "2345 6789 0123"),
    ("CPF 111.444.777-35", "identity-number", "111.444.777-35"),
    ("my driver license is D123-4567-8901", "identity-number", "D123-4567-8901"),
    ("NI number QQ 12 34 56 C no, AB 12 34 56 C", "identity-number", "AB 12 34 56 C"),
    ("driver's license number is D4471190", "identity-number", "D4471190"),
    ("we are at 14 Lantern Street", "street-address", "14 Lantern Street"),
    ("221 Old Mill Drive", "street-address", "221 Old Mill Drive"),
    ("Lindenstraße 12", "street-address", "Lindenstraße 12"),
    ("PO Box 4471", "street-address", "PO Box 4471"),
    ("near SW1A 2AB", "street-address", "SW1A 2AB"),
    ("https://www.instagram.com/quiet.wren", "profile-link", "https://www.instagram.com/quiet.wren"),
    ("join discord.gg/abcdef", "profile-link", "discord.gg/abcdef"),
    ("quietwren#4471 on there", "messenger-handle", "quietwren#4471"),
    ("my insta is quiet_wren", "messenger-handle", "insta is quiet_wren"),
    ("telegram: @quietwren", "messenger-handle", "telegram: @quietwren"),
    ("my name is Robin Wren", "name", "Robin Wren"),
    ("I saw Dr. Wren today", "name", "Dr. Wren"),
    ("signed, Robin T. Wren", "name", "Robin T. Wren"),
]

NOTHING = [
    "I have 2 cats, 3 plants and 17 unread books.",
    "It was 12.30 and I had slept from 3:15 to 4:45.",
    "On 12/05/2024 and again in 2019-2020.",
    "I was born in 1987 and moved in 2004.",
    "He earns 1,250,000 a year.",
    "Version 10.4.2 of the app, page 1.2.3.",
    "I take 20 mg in the morning and 10 mg at night, 7 days a week.",
    "The card game lasted four hours.",
    "I went for a walk down the street.",
    "12 steps is a long way for me.",
    "It took 15 to 25 minutes in a row.",
    "my name is not important",
    "I am so tired today, Monday again.",
    "I use reddit, discord and a paper diary.",
    "Meet me at the usual place in this thread.",
    "order number 0000",
    "192 people came",
    "@willow thank you",
    "The helpline is 0800 1111 000 or 1-800-273-8255, call them.",
    "Samaritans: 116 123",
    "half past 10, 20 30 40 pages",
    "My passport expires on 12-05-2027.",
    "My social anxiety went from 10000 to 9999.",
    "The score was 219-09.",
    "Look at page 12 - 14 - 2020.",
]


@pytest.mark.parametrize(("text", "rule", "words"), FOUND)
def test_personal_data_is_found_where_it_stands(text, rule, words):
    found = [(signal.rule, text[signal.start : signal.end]) for signal in screening.screen(text).of_kind(PERSONAL)]
    assert (rule, words) in found


@pytest.mark.parametrize("text", NOTHING)
def test_other_numbers_and_words_are_not(text):
    assert screening.screen(text).of_kind(PERSONAL) == ()


@pytest.mark.parametrize(
    ("text", "action"),
    [
        ("write to robin.wren@example.org", Action.ASK),
        ("call me on 020 7946 0018", Action.ASK),
        ("we live at 14 Lantern Street", Action.ASK),
        ("IBAN GB82 WEST 1234 5698 7654 32", Action.ASK),
        ("my ssn is 219099999", Action.HOLD),
        ("pay with 4111 1111 1111 1111", Action.HOLD),
        ("her phone is 020 7946 0018", Action.HOLD),
        ("my ex lives, he lives at 14 Lantern Street", Action.HOLD),
        ("his mail is robin.wren@example.org", Action.HOLD),
    ],
)
def test_ones_own_is_asked_about_and_what_is_not_to_be_shared_is_held(text, action):
    verdict = screening.screen(text)
    found = verdict.of_kind(PERSONAL)
    assert [signal.action for signal in found] == [action]
    assert verdict.holds is (action is Action.HOLD)
    assert verdict.priority == (Priority.ABUSE if verdict.holds else None)


def test_data_of_somebody_else_says_so():
    found = screening.screen("her phone is 020 7946 0018").of_kind(PERSONAL)
    assert [signal.rule for signal in found] == ["phone-of-another"]


@pytest.mark.parametrize("number", ["4111111111111112", "0000000000000000", "1234567890123456", "41111111", "9" * 16])
def test_a_card_has_the_right_last_digit(number):
    assert not numbers.is_card(number)


@pytest.mark.parametrize("number", ["GB82WEST12345698765433", "GB82WEST1234569876543", "XX82WEST12345698765432", "GB"])
def test_an_account_has_the_right_check_digits_and_length(number):
    assert not numbers.is_iban(number)


@pytest.mark.parametrize("address", ["256.1.1.1", "127.0.0.1", "0.0.0.0", "1.2.3", "::", "12:30:45"])
def test_not_everything_with_dots_is_an_address(address):
    assert not numbers.is_ip(address)


@pytest.mark.parametrize("number", ["000-12-3456", "666-12-3456", "900-12-3456", "219-00-9999", "219-09-0000"])
def test_numbers_that_were_never_given_out_are_no_identity(number):
    rules = {signal.rule for signal in screening.screen(f"it is {number}").of_kind(PERSONAL)}
    assert "identity-number" not in rules
