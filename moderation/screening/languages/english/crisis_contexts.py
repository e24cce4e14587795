"""English: what changes the weight of words of danger.

Patterns run over the normal form: small letters, no apostrophes, one space between words, " . " between sentences.
`\\w+ ` steps over one word and never over the end of a sentence; `{drugs}` and its like stand for `WORDS`.
"""

# How somebody feels. Feelings weigh beside words of danger, and alone change nothing.
FEELINGS = {
    "hopeless": (
        r"hopeless\w*|no hope|lost (?:all )?hope|pointless|whats the point|no point|no future",
        "see (?:a|any|no) future",
        "nothing (?:matters|helps|works|changes|ever|will ever|is going)",
        "never (?:get|be|going to be|going to get|gets?) (?:better|happy|ok|okay|normal|loved)",
        "give up|giving up|given up|gave up|no way out|too late for me|doomed|meaningless|dont see (?:a|any|the)",
        "beyond (?:help|repair|saving)|ruined my life|life is over|no purpose",
    ),
    "burden": (
        "burden|better (?:off )?without me",
        "no one (?:would|will|cares?|loves?|likes|wants)",
        "nobody (?:would|will|cares?|loves?|likes|wants)",
        "useless|worthless",
        "waste of (?:space|life|air|time|oxygen)",
        "failure|disappointment",
        "hate (?:myself|my life|who i am|me)",
        r"disgust\w*|pathetic|dont deserve|i deserve|not good enough|i ruin|mess everything|everyone hates",
    ),
    "unbearable": (
        "cant (?:take|do|handle|bear|stand|cope|deal)",
        "cant go on|cant keep|unbearable|end (?:the|this|my) pain|make it stop|pain (?:to )?(?:stop|end|go away)",
        r"too much pain|so much pain|agony|torture|suffer\w*|breaking point|at my limit|had enough|so tired of",
        "sick of|exhausted|misery|miserable|hell|breaking down|falling apart|crying|cry|sobbing|numb|empty",
        "trapped|stuck|drowning|nothing left|rock bottom|desperate",
    ),
    "alone": (
        "alone|lonely|loneliness|no friends|no one to talk|nobody to talk|isolated|abandoned|dont have anyone",
        "have no one|have nobody|no family|left me|no one understands",
    ),
    "asks-for-help": (
        "(?:please )?help me|i need help|someone to talk to|please talk to me|dont know what to do(?: any more)?",
        "what (?:do|should) i do|need someone",
    ),
}

CONTEXTS = {
    "past": (
        r"(?:\w+ )?(?:years?|months|decades?) (?:ago|back|later|since)",
        "(?:a|last) (?:year|summer|winter|spring|fall|autumn)",
        "back (?:then|when|in)",
        "when i was(?! (?:alone|driving|home|about))",
        r"as a (?:kid|child|teen\w*)|used to|in (?:19|20)\d\d|at (?:age )?\d\d",
        "in (?:high school|college|middle school|my (?:teens|twenties))",
        r"in the past|at the time|once upon|i was \d+|formerly|previously|long time ago|at one point",
        "my younger self|years old",
    ),
    "recent": (
        "tonight|today|tomorrow|right now|now",
        "this (?:morning|week|weekend|evening|month)",
        "last (?:night|week)|yesterday|again|still|lately|recently|every (?:day|night)|constantly|all the time",
        "(?:days?|hours?|minutes?) ago|anymore|any more|soon|always",
    ),
    "soon": (
        "tonight|right now|tomorrow|today|this (?:weekend|evening|week|time)",
        "in (?:a|an|the next) (?:few )?(?:hours?|minutes?|days?)",
        "soon|in an hour|minutes from now|later today",
    ),
    "fiction": (
        "song|songs|lyrics?|album|movies?|films?|novel|book|character|characters|episode|season|series",
        r"video ?games?|the game|gameplay|scene|plot|poem|fanfic\w*|protagonist|villain|actor|actress|anime|manga",
        "netflix|role ?play|dnd|boss fight|level|respawn|minecraft|sims|joke|jokes|meme|comedian|sims",
    ),
    "figure": (
        "so (?:embarrassed|cringe)|(?:in|into) a (?:hole|corner)|(?:hole|corner) and",
        (
            r"\b(?:ironically|so embarrass\w+|of (?:embarrassment|shame|boredom|cringe)|cringe|homework|monday|mondays|"
            r"traffic|this meeting|the heat|spoilers?|hungover|hangover|my team|this team|referee|refs)\b"
        ),
    ),
    "laughs": (r"lol|lmao|lmfao|haha\w*|hehe\w*|jk|rofl|xd|kidding|sarcasm",),
    # Asleep; waking dreams are thoughts.
    "dream": (
        "nightmares?|bad dreams?|in (?:a|the|my) dreams?",
        r"(?:had|have|having|keep having|get) (?:a |an |this |these |the )?(?:\w+ )?dreams?",
    ),
    "art": (
        "lyrics",
        "my (?:novel|poem|story|script|screenplay|character|main character)",
        "this (?:song|poem)",
        "(?:song|book|movie|film) (?:review|recommendation)",
        r"fan ?fic\w*|short story|the chorus",
    ),
    "panic": (
        r"panic\w*|heart attack|anxiety|feels? like|felt like|thought|scared|afraid|terrified|fear|worried",
        "convinced|hospital|cancer|covid|disease|illness|everyone|everybody|we|all of us",
    ),
    "recovery": (
        "glad (?:that )?(?:i|im|it) (?:didnt|am|m|failed|survived|lived|still|stayed|here|alive|never)",
        "im glad",
        r"(?:much|so much|a lot|doing|feel\w*|im|getting|got|am) better(?! off)",
        "in recovery|recover(?:ed|ing|y)|years? clean",
        "(?:months?|days?|years?) (?:sober|clean|free)",
        "no longer (?:feel|want|think|suicidal|depressed)",
        "havent (?:felt|wanted|thought|cut|self)",
        (
            "things (?:got|have gotten|are|did get|do get|improved|changed) (?:so much |a lot |much |slowly "
            ")?(?:better|improving)"
        ),
        "today i|now i (?:am|have|feel|can|know)|happy (?:now|to be alive|i)|grateful|thankful|worth it",
        "therapy (?:helped|saved|has)|saved my life|turned (?:my life )?around|looking back|gets? better",
        "was a turning point|i survived|used to",
    ),
    "reasons": (
        "because of my (?:kids?|son|daughter|dog|cat|mom|mother|family|children|parents|sister|brother)",
        "for my (?:kids?|son|daughter|dog|cat|mom|mother|family|children)",
        "(?:cant|couldnt|wont|wouldnt|never) do (?:that|this|it) to",
        "dont want to (?:hurt|leave) (?:my|them|him|her)",
        "wont (?:actually )?(?:do it|act)|would never",
        "not going to (?:do it|act|do anything)",
        "safe (?:right )?now|im safe|no (?:plan|intention)s? (?:to|of)",
        "dont (?:actually )?(?:want|plan) to (?:die|do it|act)",
    ),
}
