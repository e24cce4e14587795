"""English: words around personal data."""

from moderation.screening.languages import Personal

TABLE = Personal(
    says_phone=(
        "phone|phones|tel|telephone|mobile|cell|fax|call|call me|ring|text|text me|txt|whatsapp|number|reach me",
        "answering at|contact|sms|dial|registered|messages to",
    ),
    says_card=("card|visa|mastercard|amex|credit|debit|cc",),
    says_identity=(
        "ssn|social security|national insurance|national id|identity number|id number|id card",
        "passport|driver'?s? licen[cs]e|driving licen[cs]e|licen[cs]e number|licen[cs]e plate|nhs number|medicare",
        "medicaid|tax id|taxpayer id|itin|nino|bsn|aadhaar|insurance number|member id|policy number|soc sec",
        r"my social(?=:| ?#| is\b| number| \d)",
        (
            "social insurance|identification number|tax number|dl number|driver'?s? lic|sin number|codice fiscale|dni|"
            "cpf|pesel"
        ),
        "curp|personalausweis\\w*|ausweis\\w*|steuer-?id",
    ),
    says_handle=(
        "insta|instagram|ig|snap|snapchat|discord|telegram|kik|whatsapp|skype|wechat|twitter|tiktok|tumblr",
        "facebook|fb|threema|viber|mastodon|bluesky|linkedin|onlyfans|cashapp|venmo|paypal",
        "my (?:signal|line|steam|xbox|psn|reddit|messenger|sc|tg)|(?:on|add me on) (?:signal|line|steam|messenger)",
    ),
    between_handle=("is|me|name|id|user|username|handle|acc|account|at|on|my|tag|under",),
    says_name=(
        "my (?:real |full |legal |actual )?name(?:'s| is| was)?|i am called|i'm called",
        "(?:her|his|their) (?:real |full )?name is|name on the account|real name|full name|named|name",
        "signed|sincerely|best regards|regards",
    ),
    speaker=("user|me|answer|bot",),
    of_another=(
        r"his|her|their|(?:he|she|they) (?:\w+ )?(?:lives?|lived|works?|stays?) (?:at|in|on)",
        "my (?:ex|boss|neighbou?r|therapist|doctor|teacher|landlord|manager|abuser|stalker)'?s?",
        "my (?:girlfriend|boyfriend|roommate|flatmate|colleague)'?s?|this is (?:him|her)|the (?:guy|man|woman) who",
    ),
    titles=("mr|mrs|ms|mx|dr|prof|rev",),
    streets=("street|st|road|rd|avenue|ave|av|boulevard|blvd|lane|ln",),
    # Also everyday words: only with a capital, after a name with a capital.
    ambiguous_streets=(
        "Drive|Dr|Court|Ct|Place|Pl|Square|Sq|Terrace|Ter|Close|Crescent|Way|Highway|Hwy|Parkway|Pkwy|Circle|Cir",
        "Trail|Row|Mews|Gardens|Grove|Hill|Park",
    ),
    not_after_street=("of|to|in the|ago|long",),
    foreign_streets=(
        "rue|via|calle|rua|avenida|ulica|ul|plaza|piazza|viale|corso|chemin|allée|allee|place|paseo|carrera|rruga",
        "ulitsa|camino|estrada|largo",
    ),
    foreign_endings=(
        "straße|strasse|str|gasse|weg|platz|allee|ring|damm|ufer|straat|laan|plein|gade|gata|gatan|vägen|vagen|vej",
        "veien|vei|katu|tie|utca|utja|gränd|stien|ulice|kuja",
    ),
    units=("apt|apartment|suite|unit|flat|floor|fl|ste|room|box",),
    boxes=(r"p\.? ?o\.? box|post office box|postbus|postfach|psc|apartado",),
    lives=("live at|living at|lives at|address is|address:|my address|home address|moved to|staying at",),
    not_surnames=frozenset(
        {
            *("january", "february", "march", "april", "may", "june", "july", "august", "september", "october"),
            *("november", "december", "monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday"),
            *("english", "german", "french", "spanish", "american", "british", "god", "jesus", "christmas", "easter"),
            *("reddit", "google", "facebook", "instagram", "discord"),
        }
    ),
)
