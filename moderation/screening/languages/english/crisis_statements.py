"""English: danger to oneself, in statements that are whole by themselves.

Patterns run over the normal form: small letters, no apostrophes, one space between words, " . " between sentences.
`\\w+ ` steps over one word and never over the end of a sentence; `{drugs}` and its like stand for `WORDS`.
"""

STATEMENTS = {
    "wants-not-to-live": (
        (
            "(?:dont|do not|no longer|not|never|didnt|dont even) (?:really |even |just |actually |ever )?(?:want|"
            "wish|care|feel like)(?:ed|ing)? (?:to )?(?:live|living|exist|existing|be alive|being alive|wake up|go "
            "on living|keep living|continue living|be here any more|be on this (?:earth|planet)|live any more|be "
            r"around any more|keep going any more|go on any more|survive|be a part of this world)(?! {elsewhere}\b)"
        ),
        (
            r"(?:wish(?:ed)?|wishing|hope|hoping|pray\w*|prayed|hoped)(?: \w+){0,3} i (?:was|were|could be|would be|"
            r"wasnt|werent|never|would|could|had|hadnt|dont|wont|will|just|never even)(?: \w+){0,3} (?:dead(?! "
            "{thing})|die|died|born|alive|exist|existed|existing|wake up|gone forever|be here any more)(?! "
            r"{elsewhere}\b)"
        ),
        (
            "(?:hope|wish|hoping|wishing|waiting for|pray|wait for|want)(?: that)? (?:a|an|some|my|the|something|"
            r"someone|somebody|god|anything)(?: \w+){0,6} (?:kills?|killing|kill|would kill|to kill|takes?|take|hits?|"
            r"hit|murders?|shoots?|shoot|runs?|run|would take) (?:me\b|over me)"
        ),
        (
            r"(?:get|be) (?:hit|run over|struck|killed) by (?:a|the|some) (?:\w+ )?(?:bus|car|truck|train|"
            "lightning)"
        ),
        "(?:put|putting) me out of my misery",
        "end (?:my|this) misery",
        (
            "(?:hope|wish|pray) (?:that )?(?:i|to) (?:get|had|have|got) (?:cancer|terminal|a (?:heart attack|"
            "terminal|fatal|brain))"
        ),
        "better off dead|rather be dead",
        "(?:prefer|rather)(?: to)? (?:(?:have )?never (?:have )?been|not (?:have been|be)) born",
        "(?:prepare|preparing) for my (?:own )?death",
        "(?:should|shouldnt) (?:be dead|be alive|have been born|be here any more)",
        "deserve to die|ready to die",
        "(?:want|waiting|excited) to be dead",
        (
            "(?:tired|sick|done|exhausted) (?:of|with) (?:living|being alive|life|existing|this life|my life)"
            r"(?! {elsewhere}\b)"
        ),
        "want (?:my life|my existence|it all|life) to (?:end|be over|stop)",
        (
            r"want everything to (?:end|be over)|want to (?:just )?end it(?= \.|$| now)|tried to end it(?= \.|$| "
            "(?:last|two|a few|again|when|and))"
        ),
        r"cant (?:keep )?(?:go on )?liv(?:e|ing) any more(?! {elsewhere}\b)",
        r"(?:done|over) living(?! {elsewhere}\b)",
        "(?:im|i am) (?:just )?(?:waiting|ready) (?:to die|for death|for it to end)",
        (
            "(?:welcome|crave|craving|embrace|long for|longing for|beg for|begging for|pray for|praying for|"
            "wish for) death"
        ),
        (
            "(?:death|dying|being dead) (?:would be|is|seems|sounds|feels like|looks) (?:a |the |so |my |much |like a "
            r")*(?:only|better|easier|relief|peace\w*|comfort\w*|escape|answer|way out|release)"
        ),
        "(?:not|no longer|never) (?:even )?(?:afraid|scared) (?:of (?:death|dying)|to die)",
        r"(?:please|god|lord|just)(?: \w+){0,2} let me (?:die|not wake up)|take me in my sleep",
        "(?:i )?should(?:ve| have) died(?! {thing})",
        (
            "(?:dont|cant|do not|never) (?:even )?(?:see|think|believe|imagine|picture) (?:myself |i |ill |im |i will "
            r"|ill be )*(?:\w+ )?(?:alive|mak(?:e|ing) it|liv(?:e|ing)|be(?:ing)? (?:here|around)) (?:to |through |"
            r"past |till |until |by |in )?(?:the night|next year|christmas|new year\w*|tomorrow|thirty|forty|\d\d|"
            "(?:my |the )?(?:next )?birthday|much longer)"
        ),
        (
            "wont (?:make it|live|last) (?:to |through |past |till |until )?(?:the night|next year|christmas|thirty|"
            r"forty|\d\d|my (?:next )?birthday|much longer)(?! {elsewhere}\b)"
        ),
    ),
    "no-reason-to-live": (
        (
            r"(?:no|any|one|single|any good|only) (?:\w+ )?(?:reasons?|point|will|desire|purpose|motivation|wish)(?: "
            "left)?(?: for me)? (?:to|in|for) (?:keep |keep on |go on |continue |continuing )?(?:live|living|be "
            "alive|being alive|exist|existing|life|my life|stay alive|staying alive|be here|going on|carry on)"
            r"(?! {elsewhere}\b)"
        ),
        "(?:nothing|not much|anything) (?:left )?to live for",
        (
            "life (?:isnt|is not|just isnt|wasnt|not) (?:really |even )?worth(?! (?:all )?(?:this|the) (?:stress|drama|"
            "money|work))"
        ),
        "(?:life|living) is (?:so |just )?(?:pointless|meaningless|not worth)",
        "lost (?:the|my|all|any) will to (?:live|go on|keep)|not worth living",
        (
            "why (?:am i|i am|im|should i) (?:even |still |be )*(?:alive|here any more|live|living|"
            r"exist)(?! {elsewhere}\b)"
        ),
        (
            "(?:dont|cant|do not|never) (?:even |really )?see (?:the|a|any|much) (?:point|reason|purpose) (?:of|in|to|"
            r"for) (?:living|life|being alive|go on|going on|keep going|keep living|existing|it all)(?! {elsewhere}\b)"
        ),
        (
            "give me (?:a|one|any) (?:good |single )?reason (?:not to (?:do it|die|kill|end)|to (?:live|stay alive|"
            "keep living))"
        ),
        (
            "why shouldnt i (?:just )?(?:end it|die|do it)|cant do (?:life|living|this life)(?: any more)?"
            r"(?! {elsewhere}\b)"
        ),
        (
            "(?:keeping|keeps|kept|keep) me (?:alive|on this earth)|(?:only|one) (?:thing|reason|person)s? (?:that "
            ")?(?:is |thats )?(?:keeping|stopping|stops|keeps|holding) me (?:alive|here(?= is| are)|from (?:doing it|"
            "ending it))"
        ),
        (
            "(?:everyone|everybody|they|world|family|kids|people|he|she|parents|mom|dad|husband|wife|friends|all)(?: "
            r"\w+){0,2} (?:would|will|might|may) (?:\w+ )?be (?:\w+ ){0,2}(?:better|happier|easier)(?: off)? "
            r"(?:without me(?! {elsewhere}\b)|if i (?:was|were) (?:dead|gone|not here|not around)|if i (?:died|wasnt "
            "here|werent here|didnt exist|never existed))"
        ),
        (
            "(?:no one|nobody|anyone|anybody) (?:would |will |is going to )?(?:even |really )?(?:care|notice|miss me|"
            "be sad|cry|mourn) if i (?:died|die|was dead|were dead|was gone|were gone|killed myself|wasnt alive|didnt "
            "exist)"
        ),
        r"(?:no one|nobody) would (?:even |really )?(?:miss me|cry for me)",
        r"if i (?:died|die|was dead|killed myself|was gone)(?: \w+){0,2} (?:no one|nobody) would",
    ),
    "is-suicidal": (
        r"(?:im|i am|me|as)(?: just)? (?:a|some|another) (?:\w+ ){0,2}suicidal|suicidal (?:myself|too|as well)",
        (
            "(?:im|i am|i was|feel|feeling|felt|been|being|me|get|getting|become|becoming|still|so|very|extremely|"
            "actively|severely|highly|really|constantly|passively) suicidal"
        ),
        "my suicidal",
        "suicidal (?:thoughts|ideation|ideations|urges|impulses|tendencies|feelings|intent)",
    ),
    "suicide-is-the-way-out": (
        (
            "suicide (?:is|seems|looks|feels like|sounds|would be|might be|was|as) (?:like )?(?:the |my |a |an |more "
            r"|so |very )?(?:\w+ )?(?:only|best|option|answer|way|solution|appealing|good|escape|choice|tempting|"
            "logical|right|inevitable|better|plan)"
        ),
        (
            r"(?:only|best|easiest) (?:way out|option|answer|solution|escape|choice)(?: left)?(?: \w+){0,3} "
            "(?:suicide|death|dying|die|kill myself)"
        ),
        r"no (?:other )?way out(?! of)|commit\w* to suicide",
    ),
    "plans": (
        (
            "(?:my|a|the|have|suicide|got a|ive a) (?:suicide |exit |detailed |whole |solid )?plan (?:to (?:die|kill|"
            "end|hang|jump|overdose)|is (?:set|ready|in place|made)|all (?:set|ready|made))"
        ),
        "suicide plan",
        (
            r"(?:have|got|made|with) (?:a|my|the) (?:\w+ )?plans?(?: for it)?(?: and| \.)? (?:i know )?(?:exactly "
            ")?(?:the means|the pills|the rope|how and when|when and how|where and how|how and where|a date)"
        ),
        (
            "know (?:exactly )?(?:how|when|where) (?:im going to|i am going to|ill|i will|i would|id|i want to) "
            "(?:do it|die|end it|kill)"
        ),
        "(?:im|i am|ill be|i will be|going to be) leaving this (?:world|earth|life|planet)",
        "time (?:for me )?to (?:end it(?! (?:with|between))|die(?! {thing})|leave this (?:world|life)|kill)",
        r"plann\w+ (?:my|a) (?:own )?(?:suicide|death|exit)",
        "my suicide (?:date|plan|method)|set a date(?! for (?:the|my|our))",
        "picked (?:a|the|my) (?:date|day|spot|bridge|method)",
        (
            r"(?:tonight|today|tomorrow|this weekend)(?: \w+){0,3} (?:is the (?:night|day)(?! (?:i|we|to|that|when|"
            "for))|ill (?:do it|be gone|die|end))"
        ),
        (
            "(?:im|i am|ill|i will|going to|about to) (?:just |finally |actually |really )?(?:do(?:ing)? it|go "
            "through with it) (?:tonight|today|tomorrow|this weekend|soon|now|right now|this time)"
        ),
        (
            r"(?:i|ill|im|i am|my)(?: \w+){0,6} my last (?:day|night|week|birthday|christmas) (?:alive|on earth|here|"
            "on this)"
        ),
        "(?:last|final) (?:day|night)s? (?:alive|on earth|of my life(?! (?:with|in|as|at)))",
    ),
    "means-at-hand": (
        (
            r"(?:put|had|held|hold|holding|with|point\w*|stick|stuck|putting) (?:\w+ ){0,3}(?:{weapon}|barrel|bag|"
            r"belt|plastic bag) (?:\w+ )?(?:to|in|into|against|around|over|on) my (?:head|mouth|temple|chin|neck|"
            "throat|wrists?|heart|chest)"
        ),
        r"pull(?:ed|ing)? the trigger|squeez\w+ the trigger",
        "(?:tied|made|making|tying|hung|hanging) (?:a|the|my) (?:noose|rope)",
        r"bought (?:\w+ ){0,4}(?:gun|rope|pistol|handgun|shotgun|rifle|noose|helium|razors?)(?! {everyday})",
        (
            r"i (?:do |now |still )?(?:have|own|got|keep) (?:a|my|the|some) (?:\w+ )?(?:gun|pistol|handgun|shotgun|"
            "rifle|rope|noose)"
        ),
        r"{weapon} (?:as|is|was) (?:an|my|the) (?:\w+ )?(?:option|way out|plan|exit)",
        (
            r"(?:have|got|bought|buy|ordered|loaded|holding|get|getting|own|buying|grabbed) (?:\w+ )?(?:a|the|"
            r"my|some|an|enough|all the|this)(?: \w+){0,2} (?:{weapon}|pills|poison)(?! {everyday})"
        ),
        (
            r"(?:a|the|my) (?:\w+ )?(?:{weapon}) (?:is |was |are )?(?:\w+ )?(?:ready|loaded|tied|next to me|in my "
            "(?:hands?|mouth|lap|bed|drawer|room)|beside me|to my head|in front of me|around my neck|against my|on "
            "my lap|set up|hanging)"
        ),
        "gun (?:to|in|against) my (?:head|mouth|temple|chin)",
        "noose (?:a)?round|tied (?:a|the) noose|(?:belt|rope|cord|scarf) (?:a)?round my neck",
        (
            r"(?:saving|saved|stockpil\w+|hoard\w+|collect\w+|enough|bottle of|handful of|stash of|bunch of|pile of|"
            "counting out) (?:up )?(?:my |the |all my |of )*{drugs}(?! {everyday})"
        ),
        "{drugs} (?:are )?(?:in front of me|next to me|in my hand|lined up|counted|on the table|ready)",
        (
            r"(?:standing|sitting|im) (?:on|at|by) (?:the|a) (?:edge(?= \.|$| of (?:the|a) (?:bridge|roof|rooftop|"
            r"cliff|building|platform|tracks|balcony))|ledge|(?:bridge|roof|tracks)(?= \.|$| and| now| right now| "
            "waiting| about| ready| thinking| alone| tonight))"
        ),
    ),
    "took-overdose": (
        (
            r"(?:just |ive |i |already )(?:\w+ )?(?:took|taken|swallowed|overdosed|downed|popped)(?: (?:on|about|"
            "around|like|over|nearly|almost|up to|an?|the|my|of|whole|entire|full))* (?:all|every|bottles?|handfuls?|"
            r"box|boxes|packs?|packets?|strips?|lot|bunch|too many|\d\d+|fifteen|twenty|thirty|forty|fifty|sixty|"
            r"seventy|eighty|ninety|hundred|dozens?)(?: (?:of|the|my|those|these|a|full|whole|entire|them|to|or|\d+))* "
            r"(?:(?!(?:mg|milligrams?|minutes|hours|days|weeks|years)\b)\w+ ){0,3}{drugs}"
        ),
        (
            r"(?:just |ive |i |already )(?:\w+ )?(?:took|taken|swallowed) (?:way |far )?too many (?:of )?(?:my |the )?"
            r"(?:\w+ )?{drugs}"
        ),
        (
            r"(?:just |ive |i |already )(?:\w+ )?(?:took|taken|swallowed|downed) (?:the|a|my) (?:whole|entire|full) "
            "(?:bottle|box|packet|strip)(?! of (?!{drugs}))"
        ),
        "i(?:ve)? (?:just )?overdosed",
    ),
    "attempted": (
        (
            r"my (?:\w+ )?(?:suicide )?attempts?(?= (?:on my|at my|at suicide|to (?:kill|end|commit|take my)|when i|"
            r"failed|was (?:\w+ )?(?:days|weeks|months|years|yesterday|in|on|last|when)|last|in (?:\w+|\d+) (?:and|i)))"
        ),
        "suicide attempts?|attempted suicide|attempt(?:ed)? (?:on )?my life",
        (
            r"survived (?:my|a|an) (?:\w+ )?(?:attempt|overdose)|(?:a|another|my) failed (?:suicide|attempt)(?! (?:to|"
            r"at)\b)"
        ),
        (
            r"(?:hospital\w*|ward|psych|inpatient|icu|sectioned|committed)(?: \w+){0,4} (?:for|after|following|from) "
            r"(?:an?|my) (?:\w+ )?(?:attempt|overdose)(?! (?:to|at)\b)"
        ),
        (
            r"(?:i )?(?:wrote|written|writing|have|left) (?:\w+ )?my (?:suicide |goodbye |last |"
            r"final )?note(?: written)?(?= \.|$| last| to (?:everyone|my|them))"
        ),
        "(?:my )?stomach pumped(?! after (?:food|eating))|(?:on|under) suicide watch(?! duty)",
        "wrote (?:a|my|the|out) (?:suicide|goodbye) (?:note|letter)s?",
        "suicide (?:note|letter)s?",
    ),
    "has-attempted": (
        (
            r"(?:i|ive|i have|having|who has) (?:\w+ )?attempted(?: (?:it|before|twice|once|again|three|multiple|"
            r"several|many|a few|last|and (?:failed|survived)|in)\b|(?= \.|$))"
        ),
        (
            r"(?:ive|i have|i) (?:\w+ ){0,3}(?:been hospitali[sz]ed|been committed|been institutionali[sz]ed) (?:\w+ "
            r"){0,5}(?:attempt\w*|suicid\w*|overdos\w*)"
        ),
        r"(?:since|after|before|from|survived) my (?:\w+ )?attempt(?! (?:at|to)\b)",
    ),
    "speaks-of-means": ("(?:the|that|my|this|own|loaded) (?:gun|9mm|pistol|handgun|shotgun|revolver|noose)",),
    "close-to-it": (
        r"(?:want|going|about|ready|tempted|urge|decided) to jump(?= \.|$| off| in front| and)",
        (
            r"(?:think\w*|thought\w*|imagin\w*|fantasi\w*|pictur\w*|dream\w*) (?:about |of )?(?:\w+ )?jumping(?= \.|$| "
            "off| from| in front| every time| when)"
        ),
        (
            r"(?:almost|nearly) (?:did it|jumped)(?= \.|$)|(?:almost|nearly) did it (?:last night|again|today|"
            "yesterday|tonight|this morning)"
        ),
        r"fantasi\w* about (?:my (?:own )?(?:death|funeral)|crash\w+ my car)|thoughts? of my own death",
        (
            "(?:close to|verge of|edge of|ready to|planning on|thinking of|thinking about|plan on|might just|might "
            r"as well|scared ill|afraid ill) (?:just |actually |finally )?(?:do|doing) it(?= too| \.|$| again| "
            "tonight| soon| right now| now)"
        ),
    ),
}
