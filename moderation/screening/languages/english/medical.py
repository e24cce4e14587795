"""English: advice about treatment, and claims of cures."""

from moderation.screening.languages import Medical

WORDS = {
    "medicine": (
        "medication|medicine|meds?|antidepressants?|anti depressants?|ssris?|snris?|pills?|tablets?|benzos?",
        "mood stabili[sz]ers?|antipsychotics?|sertraline|zoloft|fluoxetine|prozac|citalopram|celexa|escitalopram",
        "lexapro|paroxetine|paxil|venlafaxine|effexor|duloxetine|cymbalta|mirtazapine|remeron|bupropion",
        "wellbutrin|trazodone|amitriptyline|lithium|lamotrigine|lamictal|quetiapine|seroquel|aripiprazole|abilify",
        "olanzapine|risperidone|xanax|alprazolam|valium|diazepam|klonopin|clonazepam|ativan|lorazepam|buspirone",
        "propranolol|adderall|ritalin|vyvanse|zopiclone|ambien|melatonin|treatment|therapy|prescription",
    ),
    "remedy": (
        r"st johns? wort|5 ?htp|same|sam e|magnesium|vitamin \w+|ashwagandha|saffron|turmeric|kratom|kava",
        r"cbd(?: oil)?|cannabis|weed|marijuana|psilocybin|mushrooms|shrooms|microdos\w+|ketamine|lsd|mdma",
        "ayahuasca|keto(?: diet)?|fasting|essential oils?|homeopathy|tianeptine|phenibut|nicotine|cold showers?",
        "ice baths?|omega 3|fish oil|prayer|crystals|supplements?",
    ),
    "illness": (
        "depression|anxiety|ptsd|bipolar(?: disorder)?|ocd|adhd|insomnia|panic attacks?|mental illness",
        "schizophrenia|borderline",
    ),
    "amount": (r"\d+(?: \d+)? ?(?:mg|mgs|milligrams?|mcg|g|grams?|ml|drops|iu|tablets?|pills?|capsules?)",),
}

RULES = {
    "stop-or-start-treatment": (
        (
            "(?:(?:you (?:should|could|can|need to|must|have to|ought to|dont need(?: to)?|shouldnt|better|might want "
            r"to)|just|please|simply|go ahead and|id|i would|consider|try) |^|\. )(?:really |just |probably |"
            "definitely |also |even |be )?(?:stop|quit|come off|get off|go off|drop|skip|ditch|throw (?:away|out)|"
            "flush|bin|wean off|taper off|lower|reduce|cut|double|increase|raise|halve|start|switch|swap|mix|combine|"
            "stopping|quitting|coming off|getting off) (?:taking |on |using |with )?(?:(?:your|the|those|that|all|"
            "these|any|half|of|from|to|down) ){0,3}{medicine}"
        ),
        (
            "you (?:dont|do not|never|shouldnt) (?:really |actually |even )?(?:need|have to take|take|be taking|be "
            "on) (?:(?:your|the|those|that|any|these|more) ){0,2}{medicine}"
        ),
        (
            r"(?:^|\. )(?:dont|do not|never) (?:take|start|touch|trust) (?:(?:your|the|those|that|any|these) "
            "){0,2}{medicine}"
        ),
        "cold turkey is (?:fine|ok|okay|safe|the best|better)",
        "(?:you can|just|go) (?:stop |quit )?(?:it |them )?cold turkey",
    ),
    "dose": (
        (
            "(?:(?:you (?:should|could|can|need to|must|have to|might)|just|start with|i recommend|id recommend|"
            "i suggest|up to|go up to) (?:try |safely |always |only )?(?:take|taking|use|using|double|have|with|to|"
            r"go to|increase (?:it )?to|raise (?:it )?to|up to)?|(?:^|\. |just )(?:take|use|try)) ?(?:about |around |"
            r"at least |like |up to |another |an extra |\w+ )?{amount}(?= |$)(?! (?:of water|of sugar|of protein))"
        ),
        "(?:double|triple|halve|increase|raise|up|lower|skip|split) (?:your|the) (?:dose|dosage|intake)",
        r"take (?:an extra|more than|two|three|twice) (?:\w+ )?(?:pills?|tablets?|doses?|than prescribed)",
        "(?:safe|right|best|correct|normal|usual|max|maximum) (?:dose|dosage) (?:is|of|would be|for)",
    ),
    "claims-a-cure": (
        (
            "(?:cures?|cured|will cure|can cure|heals?|healed|will heal|reverses?|fixes|eliminates?|gets? rid of) "
            r"(?:\w+ ){0,2}{illness}"
        ),
        r"(?:a|the|only|real|natural|proven) (?:\w+ )?cure for (?:\w+ )?{illness}",
        (
            "{illness} (?:is|can be) (?:easily |completely |fully |permanently )?(?:cured|curable|healed|"
            r"reversed)(?: by| with| through| if|\b)"
        ),
        (
            r"{remedy} (?:\w+ )?(?:cures?|cured|heals?|is better than|works? better than|works? as well as|beats|"
            "replaces?|is (?:safer|the answer|all you need))"
        ),
        r"(?:works?|better|safer|more effective) (?:\w+ )?than (?:any |your |most |all )?(?:{medicine})",
    ),
    "against-treatment": (
        (
            r"{medicine} (?:are|is|will|only|just|do|does|dont|doesnt) (?:\w+ )?(?:poison\w*|placebos?|a scam|useless|"
            "evil|toxic|addictive|mind control|a crutch|for the weak|make (?:it|you|things|everything) worse|kill "
            r"you|destroy|ruin|damage|never work\w*|not work\w*|work at all|nothing|cause suicide|turn you into a "
            "zombie)"
        ),
        "big pharma",
        (
            r"(?:doctors|psychiatrists|therapists|shrinks) (?:\w+ )?(?:only want|just want|are (?:all )?(?:liars|"
            "quacks|scammers|useless|paid|corrupt|frauds)|dont (?:care|know anything|want you to get better)|lie)"
        ),
        (
            r"(?:therapy|psychiatry|psychology) is (?:\w+ )?(?:a scam|fake|nonsense|bullshit|useless|a waste|for the "
            "weak|a cult)"
        ),
        "you dont need (?:a )?(?:doctor|therapist|psychiatrist|therapy|help from professionals)",
        (
            "dont (?:go to|see|trust|listen to|tell) (?:a |the |your |any )?(?:doctors?|therapists?|psychiatrists?|"
            "shrinks?)"
        ),
    ),
    "recommends-a-remedy": (
        (
            "(?:you (?:should|could|need to|must|have to|ought to)|have you tried|i (?:highly |strongly |really "
            ")?recommend|id recommend|i suggest|try|start|get yourself some|buy some) (?:really |just |definitely |"
            "to |try |trying |taking |take |some |a bit of |adding |using |microdosing |look into |looking into "
            ")*{remedy}"
        ),
    ),
}

TABLE = Medical(
    words=WORDS,
    rules=RULES,
    own=(
        "i|im|ive|id|ill|we|he|she|they",
        (
            "my (?:doctor|gp|psychiatrist|therapist|nurse|pharmacist|mom|dad|mother|father|friend|husband|wife|"
            "partner|boss|sister|brother|parents)"
        ),
        "doctors?|told|said|says|asked|wants? me|ad|advert|article|read that|someone|people|everyone|everybody|if",
        "when|whether|why|should i|can i|do i|scared|afraid|not|never|dont|cant|wont|doesnt",
    ),
    ask_a_doctor=(
        (
            r"\b(?:ask|talk to|speak to|speak with|talk with|check with|call|see|ring|with|by|from) (?:\w+ "
            ")?(?:doctor|gp|psychiatrist|pharmacist|prescriber|nurse|provider|surgery|clinic|pharmacy)"
        ),
        r"\b(?:without|before) (?:asking|talking|speaking|checking|a doctor|your doctor)",
    ),
)
