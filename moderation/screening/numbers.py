"""Numbers that check themselves: cards, bank accounts, addresses of computers, identity numbers."""

import ipaddress
import re

A_DIGIT, _NOT_DIGIT = re.compile(r"\d"), re.compile(r"\D")
# ISO 13616: how long an account number is in each country that has them.
_IBAN_LENGTHS = {
    country: int(length)
    for length, countries in {
        "15": "NO",
        "16": "BE",
        "18": "DK FI FO GL NL SD",
        "19": "MK SI",
        "20": "AT BA EE KZ LT LU XK MN",
        "21": "CH HR LI LV",
        "22": "BG BH CR DE GB GE IE ME RS",
        "23": "AE GI IL IQ TL OM SO",
        "24": "AD CZ ES MD PK RO SA SE SK TN VG",
        "25": "LY PT ST",
        "26": "IS TR",
        "27": "FR GR IT MC MR SM BI DJ",
        "28": "AL AZ BY CY DO GT HU LB PL SV NI",
        "29": "BR EG PS QA UA",
        "30": "JO KW MU YE",
        "31": "MT SC",
        "32": "LC",
        "33": "RU",
    }.items()
    for country in countries.split()
}


def digits(text: str) -> str:
    return _NOT_DIGIT.sub("", text)


def is_card(text: str) -> bool:
    """12 to 19 digits with a right last digit (Luhn) that begin as card numbers do (ISO/IEC 7812)."""
    number = digits(text)
    if not 12 <= len(number) <= 19 or number[0] not in "123456" or len(set(number)) == 1:
        return False
    doubled = (sum(divmod(2 * int(digit), 10)) for digit in number[-2::-2])
    return (sum(int(digit) for digit in number[-1::-2]) + sum(doubled)) % 10 == 0


def iban_length(country: str) -> int:
    """How long account numbers of `country` are; 0 where there are none."""
    return _IBAN_LENGTHS.get(country.upper(), 0)


def is_iban(text: str) -> bool:
    """Right length for its country and right check digits (ISO 7064, mod 97)."""
    number = re.sub(r"[\s\-]", "", text).upper()
    if not number.isalnum() or not number.isascii() or iban_length(number[:2]) != len(number):
        return False
    turned = number[4:] + number[:4]
    return int("".join(str(int(character, 36)) for character in turned)) % 97 == 1


def is_ip(text: str) -> bool:
    """An address of one computer on the internet, version 4 or 6; not "this very computer" or "none"."""
    try:
        address = ipaddress.ip_address(text)
    except ValueError:
        return False
    return not (address.is_unspecified or address.is_loopback)


def is_us_social_security(text: str) -> bool:
    area, group, serial = digits(text)[:3], digits(text)[3:5], digits(text)[5:]
    return area not in ("000", "666") and area < "900" and group != "00" and serial != "0000"


def is_uk_national_insurance(text: str) -> bool:
    prefix = text[:2].upper()
    return (
        prefix not in ("BG", "GB", "KN", "NK", "NT", "TN", "ZZ")
        and not set(prefix) & set("DFIQUV")
        and prefix[1] != "O"
    )
