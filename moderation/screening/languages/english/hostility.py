"""English: insults, threats, slurs, contempt, and replies that deny what somebody feels."""

from moderation.screening.languages import Hostility

WORDS = {
    "insult": (
        r"idiots?|idiotic|morons?|moronic|imbeciles?|fools?|foolish|dumb\w*|stupid\w*|losers?|pathetic|trash",
        r"garbage|scum\w*|filth|assholes?|arseholes?|dickheads?|dicks?|pricks?|bastards?|bitch\w*|cunts?|twats?",
        r"wankers?|douche\w*|jerks?|pigs?|worthless|useless|disgusting|vile|gross|freaks?|psychos?|lunatics?",
        "nutcases?|nutjobs?|insane|deranged|delusional|mental|sick in the head|crazy|ignorant|ignoramus|clueless",
        "brainless|brainwashed|dense|dimwits?|halfwits?|dunces?|clowns?|cowards?|weaklings?|crybab(?:y|ies)",
        "snowflakes?|drama queens?|attention seekers?|attention whores?|whiners?|liars?|hypocrites?|hypocritical",
        r"trolls?|bigots?|bigoted|racists?|fascists?|nazis?|parasites?|leech\w*|lazy|fat|ugly|creeps?|manipulative",
        "narcissists?|selfish|spoiled|arrogant|bitter|hateful|ridiculous|a joke|an embarrassment|a disgrace",
        "libtards?|sheep|shills?",
    ),
    "name": (
        "idiots?|morons?|imbeciles?|loser|asshole|arsehole|dickhead|prick|bastard|bitch|cunt|twat|wanker|scum",
        r"scumbag|cockroach\w*|vermin|rats?|weasel|swine|hack|simpleton|dingbat|dimwit|nitwit|halfwit|twit|buffoon",
        "oaf|cretin|blockhead|airhead|degenerate|nutbar|nutjob|nutcase|clown|chimp|ape|slug|parasite|leech",
        "crybaby|snowflake|troll|hypocrite|liar|coward|fool|freak|creep",
    ),
    "how": (
        (
            "(?:a|an|the|such|so|really|just|all|absolute|absolutely|complete|completely|total|totally|fucking|"
            "bloody|damn|little|bunch of|pack of|bit|obviously|clearly|truly|very|too|being|sound like|look like|"
            "must be|are|as|either|nothing but|still|pretty|incredibly|extremely|one|some|kind of|real|poor|sad|old|"
            "piece of|most|beyond|or) "
        ),
    ),
    "person": (
        "you|him|her|them|everyone|everybody|you all|y all",
        (
            "my (?:boss|husband|wife|ex|mother|mom|father|dad|brother|sister|neighbou?r|landlord|roommate|flatmate|"
            "therapist|teacher|girlfriend|boyfriend|kids|family|parents|coworkers?)"
        ),
        "that (?:bitch|bastard|man|woman|guy)",
        "those people|these people",
    ),
    "harm": (
        (
            r"kill|murder|shoot|stab|strangle|hurt(?! \w+ (?:when|by|if|feelings|with))|beat up|beat|smash|find and "
            "(?:kill|hurt)|hunt down"
        ),
        "rape|punch|burn|poison|slit|destroy|attack|break (?:the neck|the legs|every bone)",
    ),
}

RULES = {
    "threat": (
        (
            "(?:im going to|i am going to|ill|i will|im about to|im planning to|i plan to|ive decided to|i swear ill|"
            "we will|were going to) (?:fucking |really |just |actually |come and |come |find you and |have to "
            ")*{harm} {person}(?! (?:with kindness|in (?:the|this|a) (?:game|match)|at (?:chess|cards)|to it|some|a "
            "(?:favou?r|drink|coffee)|off|an? ))"
        ),
        "i (?:really |just |so |fucking )*want to (?:kill|murder|shoot|stab|strangle) you",
        "i (?:seriously|actually|genuinely) want to (?:kill|murder|shoot|stab|strangle) {person}",
        "(?:i|we) know where you (?:live|work|sleep)(?! so| and (?:ill|can) (?:come|drive|bring))",
        "watch your back",
        (
            "(?:youll|you will|youre going to) (?:pay for (?:this|what)|regret (?:this|that you|crossing|messing|the "
            "day))"
        ),
        "(?:youre|you are) (?:a )?dead (?:man|meat|woman)",
        (
            "(?:hope|pray|wish) (?:that )?(?:you|he|she|they) (?:all )?(?:get|gets|are|is) (?:raped|killed|shot|"
            "stabbed|murdered|beaten|hit by)"
        ),
        r"shoot up (?:the|my|this|a|that) \w+",
        "(?:bring|bringing) a (?:gun|knife|bomb) to (?:school|work|the)",
        r"(?:ill|i will) (?:find|come for|hunt|get|end) you(?= \.|$| and| one day| for this| soon)",
    ),
    "slur": (
        "n[i]gg(?:er|a|ers|as)|fagg?(?:ot|ots|s)|faggots?|k[i]kes?|ch[i]nks?|sp[i]cs?|wetbacks?|pakis?|gooks?",
        "towelheads?|ragheads?|coons?(?! (?:cat|hound))|trann(?:y|ies)|shemales?|retards?|retarded|spastics?|spaz",
        r"mongoloids?|libtards?|subhumans?|untermensch\w*",
    ),
    "insult": (
        (
            r"(?:you|youre|yall|u) {how}{0,5}{insult}(?= (?:\.|and|you|or|for|but|who|if|piece|man|woman|person|"
            "people|person|excuse|thing|little|like|to|enough|troll|liberals?|conservatives?|comments?|post|opinion|"
            r"mind|brain|ass|one|all|because|that|if|hypocrite)\b|$)"
        ),
        r"(?:you|youre|u) (?:\w+ ){0,3}{name}(?= \.|$)",
        r"(?:you|youre) (?:\w+ )?(?:unhinged|deluded|demented|brain dead|braindead|nuts|mad)(?= \.|$)",
        (
            "you (?:fucking |stupid |dumb |pathetic |little |absolute )+(?:idiot|moron|loser|asshole|arsehole|"
            r"dickhead|bitch|cunt|twat|wanker|fool|scumbag|clown|crybaby|coward|freak)s?(?= \.|$| you)"
        ),
        "(?:fuck|screw) (?:you|off|yourself)(?! (?:up|over|all|about))",
        r"damn you(?= \.|$)|go (?:fuck|screw) yourself",
        r"shut (?:the (?:fuck|hell) )?up(?= \.|$| you| already| and| about)",
        r"piss off|stfu|gtfo|get lost(?= \.|$| you)|kiss my ass|eat shit|drop dead|rot in hell|go to hell",
        "burn in hell|nobody (?:likes|wants|asked) you|no one (?:likes|wants|asked) you|everyone hates you",
        "you disgust me|you make me sick",
    ),
    "contempt": (
        # Mostly of somebody who is not there.
        (
            r"(?:what an? ?|such an? ?|(?:^|\. )(?:fucking |stupid |dumb |pathetic |little |absolute )*)(?:idiot|moron|"
            "loser|asshole|arsehole|dickhead|bitch|cunt|twat|wanker|fool|scumbag|clown|crybaby|coward|freak)s?"
            r"(?= \.|$| you)"
        ),
        "you people(?! are (?:so |all )?(?:great|amazing|wonderful|kind|lovely|the best|good|awesome))",
        (
            "(?:people like you|your (?:kind|ilk|type|lot))(?= (?:are|is) (?:the|a|why|what|so|always|just|nothing|"
            "all)| (?:should|make|always|never|ruin|disgust|need to))"
        ),
        r"you (?:\w+ )?know nothing",
        "you dont (?:have a clue|know what youre talking|know shit|know the first)",
        (
            "you (?:cant|are unable to|seem unable to|need to learn to|should learn to) (?:even )?(?:read|comprehend|"
            "spell|think for yourself)"
        ),
        (
            r"your (?:\w+ )?(?:ignorance|stupidity|delusions?|drivel|hateful?|bigotry|hypocrisy|idiocy|arrogance|"
            r"childish|pea brain|tiny (?:mind|brain)|little mind|so called|narrow mind\w*|victimhood|self "
            r"righteous\w*)"
        ),
        "get (?:yourself )?a (?:life|grip|clue|brain|spine)",
        "you have no (?:shame|brain|clue|argument|credibility|business (?:being|posting|commenting))",
        (
            "(?:go back to|crawl back (?:to|under)|back under) (?:school|kindergarten|where you came from|(?:your|the|"
            "whatever) (?:cave|hole|rock|bridge|basement|swamp|country|echo chamber|mothers?))"
        ),
        "educate yourself|(?:who|nobody|no one) asked for your",
        "buy a clue",
        r"grow up(?= \.|$| and stop| already)",
        "do (?:your|some|a little|a bit of) (?:own |basic |actual |more |fact )?(?:research|homework|reading)",
        r"try (?:reading|thinking)(?= \.|$| before| for)",
        "learn (?:to|how to) (?:read|spell|think)",
        "(?:what|are) (?:are )?you (?:seriously |really )?(?:smoking|drinking|drunk|high|on drugs)",
        "(?:time for|forgot|forgot to take|forget|off|skipped) your (?:meds|medication)",
        "spare (?:me|us) (?:the|your)|cry me a river|boo hoo",
        "keep (?:telling yourself|deluding yourself|kidding yourself|drinking the)",
        (
            r"(?:you|youve) (?:obviously|clearly|evidently|apparently) (?:\w+ ){0,2}(?:dont|didnt|cant|havent|never|"
            "know nothing|know little|have no|lack|missed|hate|think youre|believe everything)"
        ),
        "your head (?:is )?(?:up|in the sand)",
        "(?:take|pull|get) your head out|whats wrong with you|what is wrong with you",
        (
            "are you (?:really |just |actually )?(?:stupid|dumb|dense|blind|an idiot|that (?:stupid|dumb|dense|naive|"
            "gullible|desperate|ignorant)|so (?:naive|stupid|dense|ignorant|gullible))"
        ),
        (
            r"(?:you are|youre|you must be) (?:that|really|so|too|very) (?:\w+ )?(?:naive|gullible|blind|desperate|"
            "jealous|thick|dense|full of (?:it|yourself|crap|shit))"
        ),
        "(?:youre|you are) full of (?:it|yourself|crap|shit|nonsense|hate|lies)",
        "shame on you|you should be ashamed",
        (
            r"you sound (?:\w+ )?(?:pathetic|stupid|ridiculous|jealous|bitter|(?:like an? (?:idiot|fool|loser|baby|"
            "child|moron|nazi|racist|fascist)))"
        ),
        "the only (?:idiot|fool|troll|racist|liar|one) (?:here )?is you",
        r"(?:nice|good|typical) (?:\w+ )?(?:trolling|troll)",
        "(?:dont|do not) feed the troll|bless your (?:little )?heart",
        "you poor (?:little |old )?(?:thing|dear|baby|man|soul)(?= you)",
        r"are you (?:\w+ )?(?:dumb|stupid|naive|blind|ignorant|gullible|thick|old) enough",
        r"can you (?:even )?read(?= \.|$| and)",
        r"did you (?:even )?(?:bother to )?read(?= \.| and| the (?:article|post|story|thread|title)|$)",
        "stop making (?:it|stuff|things|this) up",
        (
            "what (?:utter |a load of |absolute )?(?:drivel|rubbish|nonsense|garbage|crap|tripe|rot|bs|bullshit)(?= "
            r"\.|$| and)"
        ),
        "playing the (?:victim|martyr)",
        "(?:no one|nobody) cares (?:what|who|about what|if|how) you",
        (
            "(?:stupid|idiotic|moronic|ignorant|asinine|inane) (?:comment|post|remark|question|response|statement|"
            r"reply)(?= \.|$)"
        ),
    ),
    "invalidates": (
        "(?:just |please )?(?:snap|snapping) out of it",
        "(?:just )?get over (?:it|yourself)",
        (
            "(?:other|others|some|plenty of|many|lots of)(?: people)?(?: out there)? (?:have|has|had|got) (?:it "
            ")?(?:so much |much |far |way |a lot |it )*(?:worse|real problems)"
        ),
        r"(?:people|kids|children) (?:in \w+ )?(?:are )?(?:starving|dying)(?: in)?",
        "there are (?:starving|people (?:dying|starving|with real))",
        "first world problems?",
        "(?:its|it is) (?:all |just |only )+in your (?:head|mind)",
        (
            "(?:youre|you are) (?:just |only |always |clearly |probably |being )*(?:so |too |overly |a bit "
            ")*(?:dramatic|overreacting|attention seeking|lazy|ungrateful|oversensitive|sensitive|self centered|self "
            "pitying|playing the victim|making excuses|feeling sorry for yourself|looking for (?:attention|sympathy|"
            "pity)|fishing for|faking)"
        ),
        (
            "(?:stop|quit|enough with)(?: all)?(?: the| this| your)? (?:feeling sorry for yourself|whining|moaning|"
            "complaining|wallowing|crying|the pity party|self pity|drama|pity party|victim)(?! (?:to|because i|and "
            "i))"
        ),
        "man up|suck it up|toughen up|buck up|pull yourself together|get a grip|cheer up",
        r"just (?:be (?:happy|positive)|smile|think positive\w*)(?= \.|$| and (?:youll|it|you|move))",
        "just (?:stop being (?:sad|depressed|anxious)|get on with it|try harder)",
        r"(?:it|thats) (?:cant be|isnt) (?:really )?that bad(?= \.|$| come on| stop)",
        (
            "you (?:have|ve|got) (?:nothing|no reason|no right) to (?:be (?:sad|depressed|upset|unhappy|anxious)|"
            "complain|cry)"
        ),
        "nothing to be (?:sad|depressed) about",
        (
            "(?:depression|anxiety|ptsd|it|adhd|mental illness) (?:isnt|is not|isnt even) (?:a )?(?:real|thing)(?: "
            "(?:illness|disease|thing|problem))?"
        ),
        (
            "(?:depression|happiness|being (?:sad|depressed)|its) is (?:just )?(?:a|your) (?:choice|excuse|mindset|"
            "phase|weakness)"
        ),
        "you (?:chose|choose|are choosing) (?:to be (?:sad|depressed|unhappy|this way)|this)",
        "everyone (?:gets|feels) (?:sad|depressed|down|tired|anxious|like that)(?: sometimes)?",
        "weve all (?:been there|got problems|had bad)",
        (
            "you (?:just )?(?:need|have) to (?:want to get better|stop thinking|get out more|pray more|have more "
            "faith|stop being)"
        ),
        "what do you have to be (?:sad|depressed)",
        "you(?:re| are)? (?:just )?want(?:ing)? attention",
        "your (?:own|all your) fault|its your fault",
        "you brought (?:it|this) on yourself",
        "count your blessings|be grateful for what you have",
        "dont be (?:so |such a )?(?:negative|dramatic|sensitive|silly|baby|ridiculous|weak)",
    ),
}

TABLE = Hostility(
    words=WORDS,
    rules=RULES,
    harsh={
        "mind": (
            (
                r"(?<!thing )stupid\w*|dumb\w*|foolish\w*|idiotic|moronic|imbecilic|ignoran\w*|clueless|naive\w*|dense|"
                "gullible|uneducated"
            ),
            r"uninformed|misinformed|brainwashed|mindless\w*|brainless|delusion\w*|deluded|childish\w*",
            "juvenile|immature|simplistic|(?:simple|narrow|small|closed) minded|obtuse|illiterate|senseless|witless",
            "inane|asinine|half baked|thick headed",
        ),
        "name": (
            (
                "idiots?|morons?|imbeciles?|fools?|losers?|liars?|trolls?|trolling|bigots?|hypocrites?|cowards?|"
                r"clowns?|scum\w*"
            ),
            "assholes?|bastards?|haters?|simpletons?|sheep|sheeple|snowflakes?|cretins?|buffoons?|nazis?|racists?",
            "dimwits?|nitwits?|halfwits?|twits?|jerks?|dopes?|lunatics?|nutjobs?|nutcases?|wackos?|whiners?",
            "crybab(?:y|ies)|shills?|parasites?|creeps?",
        ),
        "scorn": (
            r"nonsense|nonsensical|drivel|crap|crappy|bs|bull|bullshit|rubbish|garbage|trash|rants?|ranting",
            r"whin(?:e|ing)|hogwash|baloney|tripe|twaddle|gibberish|babble|blather|hot air|ridiculous\w*|absurd\w*",
            r"laughable|silly|lame|tiresome|pathetic\w*|insane|lazy|duh|pitiful|hysterical|unhinged|deranged|paranoid",
        ),
        "blame": (
            (
                r"disgust\w*|shame\w*|asham\w*|vile|nasty|hate|hateful|hatred|hypocri(?:sy|tical)|lying|lies|useless|"
                "worthless"
            ),
            r"incompetent|fuck\w*|hell|bitch\w*|damn\w*|ass|selfish|arrogant|greedy|corrupt",
        ),
    },
    mocking=(
        "duh",
        (
            r"(?:(?<=\. )|(?<!.))(?:oh|gee|geez|sheesh|yawn|wow|lol|haha\w*|boo|aw+|sigh|bla+h?|dear|sweetie|buddy|"
            "pal|nice try|yeah right|typical)"
        ),
    ),
    unaddressed=(
        "i|im|ive|id|ill|me|my|myself|mine|we|us|our|feel|feels|feeling|felt|feelings|they|theyre|he|she|hes|shes",
    ),
    addressed=("you|your|youre|youve|youll|youd|yourself|yours|yourselves",),
    not_meant=(
        "i|im|ive|id|ill|me|my|myself|we|us|he|she|hes|shes|they|them|theyre|people|someone|somebody|everyone",
        "anyone|nobody|told|tells?|said|says|saying|call(?:ed|s|ing)?|hear(?:ing|d)?|mom|dad|mother|father|boss",
        "parents|friend|friends|family|doctor|feel|feels|feeling|felt|think|thinks|thought|made|makes|voice|brain",
        "depression|never|not|dont|cant|without|song|lyrics",
    ),
    reported=(
        (
            r"(?:he|she|they|who|ex|somebody|someone|mom|dad|mother|father|my \w+) (?:\w+ ){0,2}(?:said|says|saying|"
            "told|tells|texted|texts|wrote|writes|screamed|screams|yelled|yells|shouted|threatened|threatens|sent|"
            "like|shout|scream|yell)"
        ),
        "afraid|scared|terrified|worried|fear",
    ),
    denied=(
        "not|never|arent|isnt|dont|doesnt|wont|no|nor|neither|if|whether|why|how|that|when|because|feel|feeling",
        "think|thinking|believe",
    ),
    playful=(
        r"lol|lmao|haha\w*|hehe|jk|kidding|joking|love you|just teasing|in the game|in game|minecraft|team|match",
        "tournament",
    ),
)
