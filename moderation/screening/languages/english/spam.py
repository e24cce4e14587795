"""English: selling, baiting, promising.

A text is spam from a sum of 1: one sign that leaves no doubt, or several that do. The weights were set by hand after
how seldom honest posts have the sign, then compared with half of a public set of text messages and rounded.
"""

from moderation.screening.languages import Sign, Spam

WORDS = {
    "illness": (
        "depression|anxiety|ptsd|bipolar|ocd|adhd|insomnia|herpes|hiv|cancer|diabetes|addiction|panic attacks?",
        "mental illness|infertility|impotence|erectile dysfunction",
    ),
    "app": (
        "whats ?app|telegram|signal|kik|instagram|insta|ig|snapchat|snap|hangouts?|discord|skype|wechat|line",
        "viber|facebook|email|e mail|gmail",
    ),
}

SIGNS = {
    "prize": Sign(
        0.7,
        (
            r"(?:you(?:ve| have)?|u|has|been) (?:\w+ )?(?:won|win|awarded|selected)",
            (
                r"(?:won|win|winner|winning|winners) (?:a |an |the |of |our |up |to |\d+ )*(?:prize|cash|voucher|"
                r"holiday|iphone|ipod|trip|\d+|tickets?|draw|award|competition)"
            ),
            "prizes?|jackpot|lottery|winners?|awarded",
            "claim (?:your|ur|the|this|by|now|code|is|call|to)",
            "to claim|unclaimed|gift ?cards?|vouchers?|sweepstakes?|free entry|weekly draw|draw shows",
            "prize guaranteed",
            "lucky (?:winner|draw|number|customer)",
        ),
    ),
    "call-to-action": Sign(
        0.55,
        (
            (
                r"(?:call|txt|text|txting|ring|dial|sms|send|reply)(?: \w+){0,6} (?:to |on |at |2 |now |free |from "
                r")*\d{4,}"
            ),
            r"(?:txt|text|reply|send) (?:stop|yes|no|win|go|chat|claim|\w+ to|\w+ 2)(?= |$)",
            r"(?:text|txt)(?: me)? back|reply with (?:your|ur|the)|(?:text|txt|texting|txting) \w+ to|opt in|goto",
            "call (?:now|free|us|today)|(?:please|pls) call",
            (
                "(?:click|tap|visit|check out|go to|sign up|register|apply|order|subscribe|join|shop|download)(?: "
                r"\w+){0,2} (?:here|now|today|below|link|our|www|http\w*|the link|my (?:page|site|channel|website|"
                "shop|store|blog|profile|bio))"
            ),
        ),
    ),
    "number-to-call": Sign(
        0.5,
        (r"0[89]\d{6,}|0[789]\d{2} ?\d{3} ?\d{3,4}|8\d{4}|\d{2}p|\d+ ?ppm|\d+p ?(?:per|min|msg|meg|wk)",),
    ),
    "small-print": Sign(
        0.7,
        (
            "ts? cs?(?: apply)?|tcs|t s and c s|terms (?:and conditions )?apply|ts cs|tsandcs|tncs?|opt ?out",
            "unsubscribe|unsub|to stop (?:txt|text|reply|send)|(?:txt|text|send|reply) stop|stop to",
            r"(?:18|16) ?(?:\+|only|yrs|plus|or over)",
            "age ?1[68]|p min",
            "per (?:min|minute|msg|message|text|wk|week)",
            r"norm(?:al)? ?(?:rate|\d+)|std (?:txt )?rate|standard rates?|po ?box|pobox\w*|custcare",
            "customer (?:service|care|services)|valid (?:for|till|until|12)|sae|ltd|msg ?rcvd",
            "subscri(?:ption|bers?|be)(?= (?:now|to|fee|for|service))",
            "no catch|no obligation|not an? (?:scam|joke)",
        ),
    ),
    "free": Sign(
        0.35,
        (
            r"free|complimentary|no cost|half price|cheap(?:est)?|discount\w*|\d+ ?(?:percent )?off|best price",
            "bargain|save up to|special offer",
            "(?:our|this|new|exclusive|great|best|xmas|summer|amazing) offers?",
            "offer(?= ends| of the)|(?:great|best|hot|amazing) deals?|promo(?: code|tion)?|coupon",
        ),
    ),
    "urgent": Sign(
        0.35,
        (
            r"urgent\w*|act (?:now|fast)|hurry",
            "limited (?:time|offer|spots|slots|edition)",
            "expires?|last chance|today only|final (?:notice|attempt|chance)|dont miss(?: out)?",
            "while (?:stocks|supplies)|asap|(?:2nd|second|final|last) attempt",
            "important (?:message|info|notice|announcement)",
            "immediately",
            "account (?:statement|has been|is|was)",
            "trying to contact|tried to contact|attempt to contact",
        ),
    ),
    "money": Sign(
        0.35,
        (
            r"(?:earn|make|making|earning) (?:\w+ ){0,3}(?:money|cash|income|\d+ (?:a|per)|profit)",
            "passive income|cash|loans?|credit score|per (?:week|month|day)|work from home|from home|investors?",
            "profits?|financial freedom|payday|fast money|easy money|refund|pounds?(?= |$)|compensation",
            "debt (?:relief|help)",
        ),
    ),
    "get-rich": Sign(
        1.0,
        (
            (
                r"(?:forex|bitcoin|crypto\w*|binary|trading|investment) (?:trading|trader|signals?|investment|"
                "platform|expert|manager|mentor|account|company|opportunity|returns?|profits?)"
            ),
            "double your (?:money|investment|bitcoin)",
            "guaranteed (?:profit|returns?|income)",
            r"(?:invest|invested) (?:\w+ ){0,4}(?:and (?:got|earned|received)|with (?:mr|mrs|ms|dr|him|her))",
            "financial freedom",
        ),
    ),
    "gadgets": Sign(
        0.35,
        (
            "wap|service (?:msg|message)|the keyword|download (?:your|ur|content)|collect (?:your|ur)|ringtones?",
            "ring tones?|polyphonic|polys?|mono ?tones?|tones?(?= |$)|camcorder|video ?phone|camera phone",
            "handsets?",
            r"latest (?:\w+ )?(?:phone|mobile|nokia|colour|motorola|games?)",
            "nokia|motorola|sony ?ericsson|wallpapers?",
            "free (?:mins|minutes|texts|msgs?|txts?)",
            r"mobile (?:upd\w+|content|club|number|no)",
            "bluetooth|line rental|your mobile|landline|orange (?:customers?|network)|voicemail|double mins",
            "colour phone|sim ?only",
        ),
    ),
    "dating": Sign(
        0.55,
        (
            (
                r"(?:hot|sexy|horny|naughty|saucy|local|busty|mature|lonely|married|single) (?:\w+ )?(?:girls?|"
                "singles?|women|woman|babes?|chat|ladies|lady|housewives|pics?|guys|men|milfs?|teens?)"
            ),
            r"xxx\w*",
            "adult (?:content|chat|video|line|dating|services?|club)",
            "horny|sexy|dating(?: service| site| line)?|chat ?line|live chat|fantas(?:y|ies)|explicit|hardcore",
            r"porn\w*|nudes?|webcam|onlyfans|escorts?|secret admirer|fancies you",
            "fancy (?:a|some) (?:chat|fun|flirt)",
            r"flirt\w*|sum1 (?:special|fancies)|(?:u|you) no hu|guess who",
        ),
    ),
    "drugs-for-sale": Sign(
        1.0,
        (
            (
                r"(?:buy|order|cheap|discount|generic|purchase) (?:\w+ ){0,2}(?:viagra|cialis|xanax|adderall|"
                "oxycodone|percocet|tramadol|valium|ambien|klonopin|ritalin|modafinil|shrooms|lsd|cannabis oil|cbd "
                "(?:oil|gummies)|pain ?pills)(?: online| here| without| from| now| cheap)?"
            ),
            "no prescription (?:needed|required)",
            "without (?:a )?prescription (?:online|here)",
            "online pharmacy",
            "discreet (?:shipping|delivery|packaging)",
            "plug for",
        ),
    ),
    "contact-bait": Sign(
        1.0,
        (
            (
                "(?:message|msg|text|dm|pm|contact|write|reach|hit|add|inbox|email|find|call)(?: me| us| him| her| "
                r"dr \w+)(?: up| out)?(?: now| today| directly)? (?:on|via|through|at|thru) (?:my |his |her |our "
                r")?(?:\w+ )?{app}(?= (?:for|to|at|if|now|below|number|and (?:ill|i will|get|start))| \.|$| \w*\d)"
            ),
            (
                r"(?:dm|inbox|pm|message|text) (?:me |us )?(?:for|to get|to order|to buy) (?:\w+ )?(?:details|info|"
                "prices?|more|help with|orders?|promo|yours|rates)"
            ),
            "(?:singles|girls|women|moms|ladies) (?:in|near|around) (?:your area|you|ur area)",
            r"(?:contact|reach) (?:dr|doctor|prophet|priest|chief|baba|mr|mrs|coach) \w+",
            "(?:he|she) can help you too",
            (
                "(?:my|our) (?:coaching|online course|online program|program|programme|ebook|e book|webinar|"
                r"masterclass|newsletter)(?= (?:is|will|helps?|can|costs?|for|now|starts|has)| \.|$)"
            ),
            "(?:book|schedule) (?:a|your) (?:free )?(?:call|consultation|session) with (?:me|us)",
            "use (?:my )?(?:code|promo|discount code|referral)",
            "(?:my|with) (?:referral|affiliate) (?:link|code)",
        ),
    ),
    "miracle-cure": Sign(
        1.0,
        (
            (
                "(?:cured?|cures|curing|healed|heals|reversed|eliminated?|eliminates|got rid of|get rid of|beat) "
                r"(?:\w+ ){0,3}{illness}(?: \w+){0,6} (?:in (?:just |only |under )?(?:\d+|a few|two|three|one|seven|"
                "ten|thirty|minutes|days|weeks)|naturally|forever|permanently|for good|completely|overnight|without|"
                "with (?:this|herbal|herbs|natural|a simple|one simple|just|supplements?))"
            ),
            "miracle (?:cure|pill|supplement|drug|herb|oil)",
            "spell ?caster",
            (
                r"herbal (?:doctor|medicine|remedy|cure|mixture)s?(?= (?:that|who|which|from|for|cured|to|is|has)| \.|"
                "$)"
            ),
            "(?:doctors|big pharma|they) (?:dont|do not|doesnt) want you to know",
            "(?:one|this) (?:weird|simple|secret) trick",
            "secret (?:cure|remedy)",
            "(?:100|hundred) (?:percent )?(?:cure|guaranteed|effective|natural)",
            "permanent cure",
            "guaranteed (?:cure|results|to cure)",
            "changed my life and it (?:can|will) change yours",
            "natural supplement that",
        ),
    ),
}

TABLE = Spam(
    words=WORDS,
    signs=SIGNS,
    helplines=(
        "help ?lines?|hot ?lines?|life ?lines?|crisis (?:line|text line|team|service)|samaritans|shout|papyrus",
        "childline|befrienders|warm ?line|741741|85258|116 ?123|988|13 ?11 ?14|emergency (?:number|services?|line)",
    ),
)
