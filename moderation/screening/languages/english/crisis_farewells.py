"""English: goodbyes, methods, pacts and urging: what a person reads before others do.

Patterns run over the normal form: small letters, no apostrophes, one space between words, " . " between sentences.
`\\w+ ` steps over one word and never over the end of a sentence; `{drugs}` and its like stand for `WORDS`.
"""

FAREWELLS_AND_METHODS = {
    "goodbye": (
        (
            r"this is (?:my )?(?:goodbye|farewell)(?: (?!for now|to )[\w.]+){0,14} (?:forever|for good|everyone|"
            "everybody|world|all)"
        ),
        r"goodbye (?:cruel )?world(?: \.|$| and| im| i)",
        (
            r"goodbye (?:everyone|everybody|all|my (?:friends|family|love)|mom|forever)(?: \.)?(?: \w+){0,8} "
            "(?:forever|for good|sorry|love you|end|ending|die|dead|gone)"
        ),
        (
            r"by the time (?:you|anyone|someone|somebody|they|anybody|people|she|he) (?:\w+ )?(?:reads?|sees?|finds?|"
            r"gets?) (?:this|it|me)(?: \w+| \.){0,3} (?:ill|i will|i (?:shall|should|wont)|be (?:dead|gone)|its too "
            "late|it is too late)"
        ),
        (
            r"(?:ill|i will|i should|i shall) (?:\w+ )?(?:be|already be) (?:dead|gone forever|gone for good|no more|"
            "in a better place) (?:by|when|before|soon|tomorrow|tonight|in|at|and)"
        ),
        (
            "(?:i )?(?:wont|will not|not going to) be (?:(?:here|around) (?:tomorrow|after (?:tonight|today|this)|by "
            "tomorrow|to see)|alive (?:tomorrow|much longer|after|by|to see|next))"
        ),
        "(?:my|a) (?:final|last) goodbyes?(?! to)",
        "(?:say|saying|said|write|wrote|writing) (?:my (?:last |final )?|the (?:last|final) )goodbyes?(?! to)",
        "(?:here|just) to say goodbye(?! to)",
        (
            "(?:please )?(?:tell|let) my (?:mom|dad|family|kids|wife|husband|parents|sister|brother|children|son|"
            r"daughter|friends)(?: know)?(?: that)? i (?:\w+ )?(?:love|loved|am sorry|was sorry)(?: \w+){0,6} (?:gone|"
            "dead|sorry|goodbye|fault)"
        ),
        "farewell (?:everyone|world|all|my)",
        (
            r"(?:it|nobody|its|this|no one)(?: \w+){0,3} fault (?:that )?(?:i|im|ill)(?: \w+){0,3} (?:die|dead|gone|"
            "killed)"
        ),
    ),
    "farewell": (
        (
            "(?:i )?(?:wont|will not|not going to) be (?:here|around) (?:much longer|next year|by (?:next|"
            "the end))(?! {elsewhere})"
        ),
        "(?:last|final) (?:words|message|note|letter|post) (?:to|before|i|ill|for (?:my|every))",
        (
            "want(?:ed)? to say goodbye(?! to)|see you (?:all )?on the other side|this (?:is|will be) my last (?:post|"
            "message|words)(?! (?:in|about))"
        ),
        "you (?:wont|will never|will not) (?:ever )?(?:hear|see) (?:from )?me again",
        (
            r"(?:im|i am) (?:checking out for good|leaving (?:for good|forever)(?= \. (?:goodbye|sorry|i love|tell|"
            "please)))"
        ),
        "goodbye (?:everyone|everybody|all|my friends)",
        "(?:please )?forgive me|rest in peace me|remember me (?:as|when|for)|when im (?:gone|dead)",
        "after im (?:gone|dead)",
        "(?<!what )if i (?:die|dont make it)(?! (?:in|of|to))",
    ),
    "names-methods": (
        "suicide methods?|methods? of suicide|ways to (?:die|kill myself|end it)",
        "(?:noose|exit bag|helium|carbon monoxide)",
    ),
    "settles-affairs": (
        (
            "(?:gave|given|giving|give) (?:away )?(?:all |most of )?my (?:things|stuff|belongings|possessions|cat|"
            "dog|pets?)(?: away)?"
        ),
        (
            "(?:written|wrote|writing|made|making) (?:a |my |out )*(?:will|goodbye letters?|letters? to (?:my|"
            r"everyone))(?= (?:to|for|and|so)| \.|$)"
        ),
        (
            r"take care of my (?:dog|cat|kids|son|daughter|children|pets?|mom|family|sister|brother)(?: \w+){0,4} "
            "(?:when|after|once|gone)"
        ),
        "(?:funeral|will|affairs|everything) (?:is |are )?(?:planned|in order|sorted)",
    ),
    "asks-how": (
        (
            r"how (?:many|much|high|long)(?! (?:i|we|you|he|she|they|my|people|everyone|of a|it|this|that)\b)(?: "
            r"\w+){0,6} (?:to|would|will|does|do|can|should|until|before|kills?)(?: \w+){0,6} {dying}"
        ),
        (
            r"how (?:many|much) (?:\w+ )?{drugs} (?:\w+ )?(?:to|would|will|does|do i|can i take|is (?:lethal|fatal|"
            r"enough))(?: \w+){0,4} (?:kill|die|lethal|fatal|overdose|end|death|od)"
        ),
        (
            "(?<!no )(?:painless|easiest|quickest|fastest|best|least painful|quick|peaceful|surest|cheapest|most "
            "(?:painless|effective|peaceful|reliable)|effective|foolproof|good|less painful|cleanest|simplest|"
            r"efficient|reliable|certain) (?:and \w+ |\w+ )?(?:ways?|methods?|means|place|spot|form)(?: \w+){0,3} "
            r"(?:to |of |for )(?:go about )?(?:\w+ )?{dying}"
        ),
        (
            "(?:how|ways?|where|what) (?:do i|can i|to|would i|should i|could i|does one|do you|do people|can you|"
            r"would you|would one) (?:\w+ )?(?:kill myself|kill yourself|commit suicide|end my life|end it all|hang "
            "myself|overdose|tie a noose|make a noose|die (?:painlessly|peacefully|quickly|without)|slit|painlessly|"
            "get (?:a gun|nembutal|cyanide|helium))"
        ),
        "(?:lethal|fatal|deadly) (?:dose|amount|dosage|quantity)(?: of| for| is| to|s)?",
        "what (?:is|would be|are) (?:the|a) (?:lethal|fatal|deadly)",
        "ld50",
        (
            "(?:does|will|would|how much does) (?:hanging|drowning|overdosing|jumping|it|suicide|dying|bleeding "
            r"out)(?: \w+){0,4} hurt (?:to die|when you die|a lot|much|before you)"
        ),
        (
            r"(?:would|will|could|is|are|can) (?:\w+ )?(?:\d+|this many|that many|a bottle of|enough|these|this much|"
            r"\d+ ?mg)(?: \w+){0,5} (?:kill me|be (?:enough|lethal|fatal) to (?:kill|die)|lethal|fatal|do it)"
        ),
        r"painless (?:death|suicide|way (?:out|to (?:go|die)))|(?:least painful|peaceful) way to go(?= \.|$)",
        r"how (?:many|much) (?:\w+ )?{drugs} (?:would|will|does) it take(?= \.|$)",
        (
            "(?:is|would) (?:hanging|drowning|overdosing|suffocation|bleeding out) (?:really )?(?:painful|painless|"
            "quick|peaceful|hurt)|hurt to (?:bleed out|hang yourself|hang myself|drown|overdose)"
        ),
        "(?:will|would) this (?:dose|amount|much) (?:kill me|be (?:lethal|fatal))",
    ),
    "gives-method": (
        (
            "(?:you (?:can|could|should|need|need to|have to|just|only need)|just|try|simply) (?:to )?(?:take|"
            r"swallow|use|get|mix|buy|drink|inhale|tie)(?: \w+){0,8} (?:and )?(?:you(?:ll| will) (?:die|be dead|pass "
            "out and die|never wake up|not wake up)|(?:its|it is|is) (?:painless|lethal|fatal|enough to (?:kill|"
            "die)))"
        ),
        r"(?:is|are|was) (?:enough|sufficient) to kill (?:you|someone|an? \w+)",
        "(?:will|would) kill you (?:painlessly|quickly|peacefully|in)",
        (
            r"\d+ ?(?:mg|g|grams?|pills|tablets)(?: \w+){0,4} (?:will kill|would kill|kills you|is (?:lethal|fatal)|"
            "is a lethal)"
        ),
    ),
    "pact": (
        "(?<!about a )(?<!about the )(?<!in a )(?:suicide|death) (?:pact|partner|buddy)",
        (
            r"(?:anyone|anybody|someone|somebody|partner|people|who|friend|buddy|else)(?: \w+){0,4} (?:to )?(?:die|"
            "kill (?:ourselves|themselves|myself)|end it|catch the bus|commit suicide|do it|go) (?:together|with me|"
            "alongside me)(?! (?:to|for|on (?:a|the)))"
        ),
        (
            "(?:die|kill ourselves|end it all|end our lives|catch the bus|commit suicide) (?:together|with (?:me|"
            "someone|somebody|another))"
        ),
        "(?:lets|we (?:can|could|should|will)|want to) (?:all )?(?:die|kill ourselves|end it) together",
    ),
    "urges-another": (
        (
            r"(?:^|\. |just |go |go and |please |you should (?:just )?)(?:kill yourself|hang yourself|neck yourself|"
            "off yourself|end yourself|unalive yourself|drink bleach|slit your wrists|jump off a (?:bridge|cliff|"
            r"roof)|end your (?:life|own life|worthless life))(?= \.|$| you| and| already| now| please| bitch| idiot| "
            "loser| nobody| no one| the world| im| its)"
        ),
        r"(?:hope|wish) you (?:\w+ )?(?:die|kill yourself|commit suicide|killed yourself|get cancer)",
        (
            "(?:do|did) (?:us|everyone|the world|yourself|me) (?:all )?a favou?r and (?:die|kill yourself|end it|"
            "jump|disappear)"
        ),
        r"(?:go|just|fucking) die(?= \.|$| already| you| in)",
        "(?<!if )you (?:should|deserve to|need to) (?:just )?(?:die|be dead)(?! (?:in|for))",
        "(?:nobody|no one) would (?:miss you|care if you died)",
        (
            "(?:world|everyone) (?:would be|is|will be|be) (?:a )?better (?:off |place )?(?:without you|if you "
            "(?:died|were dead|killed yourself))"
        ),
        "what are you waiting for (?:just )?(?:do it|jump|die)",
    ),
}
