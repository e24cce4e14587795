"""English: groups of words that stand in the tables of danger as `{name}`."""

WORDS = {
    "everyday": (
        r"(?:for|to|from) (?:the|my|a|our|his|her|clim\w+|fish\w+|camp\w+|shav\w+|cook\w+|garden\w*|protect\w*)",
        (
            r"(?:for|to) (?:hunt\w*|pain|sleep|make|fix|hold|tie|secure|protect\w*|defend|feel safe|safety|"
            r"self defen\w+|home|work)"
        ),
        "because (?:my|he|she|they|of my)|since (?:the|my|he|she|they)|after (?:he|she|they|the|my)",
        (
            "(?:that|which) (?:he|she|they|does|do|did|helps?|dont|doesnt|didnt|my|the|was|were|i (?:take|was|am|got|"
            "get))|in case"
        ),
    ),
    # "Killing myself" with work, and with laughing.
    "slaving": (
        (
            "(?:at|with) (?:work|this|that|the gym|the office|a job|my job|school)|over (?:this|that|it|a|the)|trying|"
            "working"
        ),
        (
            "to (?:get|make|finish|pay|please|keep|meet|be|do|earn|provide)|for (?:this|that|a|minimum|them|him|her|"
            "people)"
        ),
        (
            "laughing|(?:on|tripping|falling|slipping) (?:that|the|a|this|over|on|down|off) (?!(?:bridge|roof|tracks|"
            "rope))"
        ),
    ),
    "tailor": (
        (
            r"back|down|off|out|it (?:close|out|short|down|up|off|fine)|corners|class\w*|ties|(?:my |the |his |her "
            ")?(?:hair|grass|lawn|onions?|vegetables?|wood|fabric|costs?|hours|spending|sugar|carbs|caffeine|calories|"
            "paper|cake)|them|him|her|people|contact|through|a (?!few|couple|lot|bit)|on (?!my)|into|up|short"
        ),
    ),
    "accident": (
        (
            "(?:at|doing) (?:work|school|the|my|a|sports?)|on (?:the|a) (?!arms?|legs?|thighs?|wrists?|stomach|hips?|"
            "inside)"
        ),
        (
            r"by (?:\w+ing|mistake|accident)|while|when i (?:fell|was|slipped|tripped)|(?:chopp|cook|shav|play|fall|"
            r"lift|gard)\w*ing"
        ),
        (
            "more (?:by|than)|with (?:my own|all|this|these|that|too)|running|walking|skiing|dancing|moving|carrying|"
            "accidentally|badly (?:at|when|on|while)"
        ),
    ),
    "drugs": (
        r"\w*pills?|tablets?|capsules?|painkillers?|medication|antidepressants?|tylenol|paracetamol|acetaminophen",
        "ibuprofen|advil|aspirin|xanax|valium|ambien|benadryl|insulin|morphine|fentanyl|heroin|codeine|tramadol",
        r"oxy\w*|amitriptyline|quetiapine|seroquel|prozac|sertraline|zoloft|lithium|propranolol|opioids?|opiates?",
        r"benzos?|sleeping \w+|poison|bleach|antifreeze",
    ),
    "weapon": (
        (
            "gun|pistol|handgun|revolver|shotgun|rifle|rope(?! (?:ladder|swing))|noose|razors?|blades?|knife|helium|"
            "charcoal|nitrogen"
        ),
        "exit bag",
    ),
    "life": (r"my (?:own |\w+ )?life|my existence|my suffering|my misery",),
    "soon": (
        "tonight|today|tomorrow|soon",
        "this (?:week|weekend|morning|evening|month)",
        "right now",
    ),
    "high": (
        "bridge|building|roof|rooftop|balcony|cliff|window|overpass|ledge|tower|train|traffic|truck|bus|car",
        "tracks|subway",
    ),
    # Not to live, but: with them, there, so early.
    "elsewhere": (
        (
            "in(?! (?:this (?:world|body|hell)|pain|misery|agony))|with(?! (?:this (?:pain|depression)|the pain|myself|"
            "it))"
        ),
        "on(?! (?:this|earth))|here|there|at|near|off|out|together|apart|alone|under|around|next|beside|paycheck|being",
        r"like \w+|this way|a lie|hand to mouth|for someone|as (?:a|an|if|though)|from|before|early|so early|to",
    ),
    "dying": (
        r"(?:die|dying)(?! (?:down|off|out|hard|in (?:the|this|a) (?:game|level|film|movie)|(?:of|from) \w+))",
        "kill (?:me|myself|yourself|you|somebody|someone|a person)",
        "end it|end my life|suicide|overdose|hang myself|od|be (?:fatal|lethal|deadly)|never wake up|not wake up",
        "(?:cause|causes|causing|for|to|until|before|quick|painless|peaceful|certain|sure) death|go peacefully",
    ),
    "thing": (
        r"inside|tired|serious|sure|set|weight|line|end|last|wrong|right|batter\w*|phone|laughing|laughter|boredom",
        "embarrassment|cringe|shame|to know|to see|to hear",
        r"for (?:a|an|some|this|that|one|you)\b",
        "out|down|off|hard|on the|my hair",
        "in (?:the |this )?(?:game|movie|film|dream)",
        "if i (?:dont|cant)|than (?!live|living|be alive|keep|go on|continue|wake|exist|face)",
        "of (?:curiosity|thirst|hunger|heat|cuteness)",
    ),
}
