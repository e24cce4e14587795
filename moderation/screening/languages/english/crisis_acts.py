"""English: what somebody may do to themselves, and the cues before it.

Patterns run over the normal form: small letters, no apostrophes, one space between words, " . " between sentences.
`\\w+ ` steps over one word and never over the end of a sentence; `{drugs}` and its like stand for `WORDS`.
"""

ACTS = {
    "end-life": (
        (
            "(?:kill|hang|shoot|drown|poison|off|neck|end|unalive|suffocate|electrocute|murder|stab|delete)(?:l?ing|"
            "ed|t?ing)? myself(?! {slaving})"
        ),
        "(?:hung|shot) myself",
        "(?:end|ending|ended|take|taking|took) {life}",
        "(?:end|ending|ended) it all",
        r"(?:end|ending) (?:it|this life|everything|things)(?= (?:{soon}|now|already|for good|once and))",
        r"commit\w* (?:a )?suicide|catch(?:ing)? the bus",
        "(?:slit|slitting|slash|slashed|slashing|cut|cutting) my (?:wrists?|throat|veins?)",
        r"(?:take|taking|swallow|swallowing) (?:a|the|my) (?:whole|entire|full) (?:bottle|box|pack)(?! {everyday})",
        (
            r"(?:take|taking|swallow|swallowing) all (?:of )?(?:my|the|these|those) (?:\w+ )?(?:pills|tablets|"
            r"painkillers)(?= \.|$| at once| and)"
        ),
        (
            "(?:jump|jumping|step|stepping|leap|leaping|walk|walking|throw myself|throwing myself) (?:off|from|in "
            r"front of|into|out of|under|over)(?: \w+){0,3} {high}"
        ),
        r"blow(?:ing)? my (?:\w+ )?(?:brains?|head) (?:out|off)",
        r"put(?:ting)? a (?:bullet|gun) (?:in|to|through) my \w+",
        "take an overdose|overdose(?! of (?:caffeine|coffee|sugar|vitamins?|information|news|love))|overdosing",
        "drink(?:ing)? (?:bleach|poison|antifreeze)",
        "do myself in|top myself",
        (
            r"(?:crash|drive|driving|crashing|swerve|swerving)(?: my car)?(?: \w+)? (?:off|into) (?:a|the|an)(?: "
            r"\w+)? (?:bridge|cliff|tree|wall|truck|pole|traffic)"
        ),
    ),
    "suicide": (
        (
            "(?<!mention of )(?<!mentions of )(?<!triggers . )(?<!trigger . )(?<!warning . )(?<!tw . )(?<!tw )(?<!cw "
            r". )(?<! a )suicide(?! (?:hotlines?|helplines?|lifelines?|lines?|prevention|awareness|squad|bomb\w*|"
            "survivors?|loss|rates?|of (?:my|a|his|her|our|the|their|someone|somebody)))"
        ),
        (
            r"(?:call|called|calling|text|texted|texting|rang|ring|ringing) (?:the|a|my) (?:\w+ )?suicide (?:hotline|"
            "helpline|lifeline|line|prevention)(?! (?:for|about) (?:my|a|him|her|them))"
        ),
        (
            "suicidal (?!people|person|patients?|folks|friends?|users?|teens?|individuals?|kids|person|man|woman|guy|"
            r"girl)\w+"
        ),
        r"self delet\w+|kermit|catching the bus",
    ),
    "die": (
        "(?<!when i )(?:die|dying|dead|be dead)(?! {thing})",
        "not exist(?:ing)?|stop existing|cease (?:to exist|existing|to be)|never existed|not wake up|never wake up",
        r"wont wake up(?! {elsewhere}\b)",
        "disappear (?:forever|for good|from (?:this|the) (?:world|earth))",
        "(?:go to )?(?:a?sleep|fall asleep) (?:forever|and (?:never|not) wake(?: up)?)",
        "kick the bucket|kicked the bucket",
        "be (?:buried|six feet under|in (?:a|the|my) (?:grave|ground|coffin))",
        "my own funeral|my funeral",
        "(?:not|stop) (?:be(?:ing)? alive|living|breathing)",
        "not be here any more",
        "leav(?:e|ing) this (?:world|earth|life|planet)",
    ),
    "harm-self": (
        "(?:cut|hurt|harm|burn|injure|mutilate|slice)(?:t?ing|ed)? myself(?! {accident})",
        r"self harm(?:ing|ed)?|self injur\w+",
        "cutting (?:again|my (?:arms?|legs?|thighs?|skin))",
        "cut my (?:arms?|legs?|thighs?|skin)",
        (
            "(?:start|started|stopped|stop|been|was|were|am|im|still|keep|kept|tried|quit|drinking and) cutting(?! "
            "{tailor})"
        ),
        "cutting (?:is|was|makes|made|helps|helped|because|since|for (?:years|months|weeks|a)|to (?:feel|cope|punish))",
        (
            r"(?<=i )(?:\w+ ){0,2}cut (?:(?:just |only )?because|deep|deeper|again|to (?:feel|cope|punish)|every "
            "(?:day|night)|last night|tonight|today)(?! {tailor})|urges? to cut(?! {tailor})|relapsed (?:and|by) cut"
        ),
        r"burn(?:ing|ed|t)? my (?:\w+ )?(?:arms?|legs?|skin|thighs?|wrists?)(?! {accident})",
        r"relaps\w+ (?:with |on |in |into )(?:self harm|cutting)",
    ),
}

# What stands between the beginning of the sentence and the act. Where two could begin at one word, the first kind
# is taken; what they mean is told in `moderation.screening.stance`.
CUES = {
    "idiom": (
        "not sure|dont know|not only|not just|dont care|not like|dont get me wrong|not long|not going to lie",
        "cant take|cant do|cant go on|cant handle|cant cope|cant live|cant stand|cant deal|cant even|dont see",
        "not because|dont understand|no longer|why not|never know|dont feel|no one|not worth|never be",
        (
            "dont have(?! (?:any |a |the |such |actual |active |real )*(?:plans?|intentions?|desires?|thoughts?|urges?|"
            "wish))"
        ),
        "thought (?:that )?(?:i|we) (?:was|were)",
        "why dont|im not ok|im not okay|dont matter|doesnt matter|havent slept|dont tell|cant sleep|dont deserve",
        "if i dont|if i cant",
    ),
    "fate": (
        (
            "(?:hope|hoping|wish|want|wants|wanted) (?:the|he|she|they|this|that|these|those|all|every|his|her|their|"
            "its|people|both|you)|(?:wants|wishes|hopes)(?: to)?(?! me)|(?:hope|hoping|wish|want) my "
            r"(?!life|own|heart|existence|body|story|time|death|end|suffering|pain)\w+"
        ),
    ),
    "held": (
        "(?:only|main|one|sole) (?:reason|thing)s?",
        r"too (?:\w+ )?(?:scared|afraid|weak|cowardly|chicken) (?:to|of)",
        r"too much of a (?:coward|\w+) to",
        "(?:guts|balls|courage|nerve|strength|bravery|willpower) to",
        r"brave enough to|strong enough to|trying (?:\w+ )?not to|try not to|fighting not to|cant bring myself to",
        "couldnt bring myself to|keeps? me from|stops? me from|stopping me from",
        "(?:scared|afraid|terrified|worried) (?:that )?(?:i|im|ill)",
        r"if it (?:wasnt|werent) for|because of my \w+ i|wish i had the \w+ to",
    ),
    "pressed": (
        r"cant (?:seem to )?stop|cant help(?: but)?|cant resist|cant shake|nothing (?:is )?stop\w* me from",
        "whats? stopping me from|why shouldnt i|why dont i just|why havent i|no reason (?:for me )?not to",
        "reasons? not to|might as well",
        "(?:so|very|really|this|how) close to",
        "on the verge of|on the edge of",
        "only (?:option|way out|way|solution|choice|answer) (?:left )?(?:is )?(?:to)?",
        "nothing left (?:but )?to",
        "no (?:other )?(?:choice|option) but to",
        "every (?:day|night) i|all i (?:can )?think about|nothing to lose",
        "the best (?:option|thing) (?:is )?to",
    ),
    "told": (
        (
            "(?:told|tells?|telling|asked|begged|wants?|wanted|dared|encouraged|forced) (?:me|us)(?: that i should| "
            "i should)?(?: to)?(?: just| go| go and)?"
        ),
        (
            "(?:he|she|they|someone|somebody|people|friend|mom|dad|mother|father|brother|sister|wife|husband|"
            r"girlfriend|boyfriend|partner|ex|who) (?:\w+ )?(?:said|says|texted|wrote|posted|sings|sang|screamed|"
            "yelled|threatened|threatens|keeps saying|claims|claimed)"
        ),
    ),
    "plan": (
        "going to|about to|planning (?:to|on|for|out|my|how)|planned (?:to|on|out|my|how)",
        "plans? (?:to|on|for|of|out)|plans|planning|intend(?:ing)? (?:to|on)|intention of|decided (?:to|on)",
        "ready to|determined to|made (?:up )?my mind|the decision to|set a date|preparing (?:to|for)",
        "getting ready to|prepared to|have to|got to|how (?:im going )?to|ways? to|method to|by the time i",
        "before i|after i|when i|once i|until i|the day i|the night i",
    ),
    "will": ("ill|i will|i shall|will i|ill just|will",),
    "want": (
        (
            "want(?:ing)?(?: to)?|wish (?:that )?i could|wish(?:ing)?|hop(?:e|ing)|would love to|would like to|"
            "id love to|id like to"
        ),
        r"need to|longing|pray(?:ing)?|crav\w+|deserve to|desire|tempt\w+|urges? to|urge|waiting to|wait to|rather",
        (
            "better off|feel(?:ing)? like(?! (?:i|im|ive|it|its|he|she|they|we|my|a|the) )|should just|id just|"
            "supposed to|meant to|impulses? to|dying to"
        ),
    ),
    "think": (
        r"think(?:ing|s)? (?:of|about|that)|thoughts?(?: of| about)?|thought (?:of|about)|consider\w*",
        r"contemplat\w*|fantas\w*|daydream\w*|dream\w*|imagin\w*|obsess\w*|idea of|ideas of|ideations?|ponder\w*",
        r"googl\w*|research\w*|looking (?:up|into)|flirt\w*|think|toy\w* with|been feeling|feelings of|comfort\w*",
    ),
    "tried": (
        "tried(?: to)?|attempted(?: to)?|attempts?(?: at| to)?|attempting(?: to)?|trying to|almost|nearly",
        "came close to|failed(?: at| to)?|failing to|survived(?: a| my)?|been hospitali[sz]ed for",
    ),
    "was_going": (
        "was (?:so |very |really )?(?:going to|about to|planning (?:to|on)|close to|ready to)",
        "were going to|had (?:plans|decided|planned) to",
    ),
    "wanted": (
        "used to (?:want(?: to)?|think (?:of|about))|wanted(?: to)?|was thinking (?:of|about)",
        "used to|wished|hoped|would have",
    ),
    "may": ("might|could|would|may|should|if|maybe|id|let me|perhaps",),
    "not": (
        r"(?:no|not|never|nor|neither|without|against)(?! (?:i|im|ive)\b)",
        "dont|doesnt|didnt|wont|wouldnt|couldnt|cant|shouldnt|isnt|arent|wasnt|havent|hasnt|hadnt|aint",
        "stopped|instead of|rather than|avoid|refuse to",
        # Asked, or said by others: not what the author says.
        "(?:asked|asks|asking|wondered|wonders|thinks|thought|worried) (?:me )?(?:if|whether)",
        (
            r"(?:he|she|they|who|ex|exs|mom|dad|boss|husband|wife|sister|brother) (?:\w+ )?(?:told|tells?|claims|"
            r"claimed|says|said) (?:(?!i |im |me )\w+ ){0,3}(?:that|how)(?= )"
        ),
    ),
    "first": ("i|im|ive|me",),
    "other": (
        r"lost (?:\w+ ){1,5}to",
        "he|she|they|his|their|hes|shes|theyre|you|your|youre|youve|youd|youll|we|who|women|men|others|girls|boys",
        "someone|somebody|people|everyone|anyone|friends?|brothers?|sisters?|moms?|dads?|mothers?|fathers?|ex|exs|exes",
        "stepdads?|stepfathers?|stepmoms?|stepmothers?|boss|parents?|uncles?|aunts?|cousins?|girlfriends?|boyfriends?",
        "wifes?|husbands?|partners?|spouses?|fiances?|fiancees?|sons?|daughters?|guy|girl|kids?|childs?|childrens?",
        "siblings?|grand(?:mother|father|ma|pa)s?|nephews?|nieces?|roommates?|flatmates?|housemates?|coworkers?",
        "colleagues?|classmates?|teachers?|students?|clients?|neighbou?rs?|cops?|police|bf|gf|bfs|gfs",
        r"man|woman|patients?|bullies|celebrit\w+|teens|veterans?|victims?",
    ),
}
