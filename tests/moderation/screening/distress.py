"""What people write on hard days. Every text was made for these tables."""


def texts(block: str) -> list[str]:
    """The paragraphs of `block`, each in one line."""
    return [" ".join(paragraph.split()) for paragraph in block.strip().split("\n\n")]


# Hard days without danger: what must not be raised.
SAFE = texts(
    """
I have been awake since three and my chest is tight. I keep thinking I am having a heart attack and that I am
going to die on the bathroom floor. The nurse on the phone said it was panic. I believe her and I don't.

My mum died in March and everybody else has gone back to normal. I cry in the car park before work, wash my
face and go in. I don't know how long I can keep pretending that I am fine.

We have nine days until the landlord changes the locks. I have applied everywhere. I feel useless as a father
and I am so tired of calling offices that put me on hold.

He used to say that if I ever left he would kill himself and it would be my fault. I left anyway. I am safe
now, and I still jump when a car slows down outside.

I got the grade back and I failed. I feel like a complete failure, my parents paid for this and I want to
crawl under my desk and never come out.

Everything is pointless lately. I get up, I eat over the sink, I go back to bed. I am not in danger, I am just
grey all the way through and I needed to tell somebody.

My ex had a gun in the house. He never pointed it at me but I always knew where it was. I still check drawers
when I stay somewhere new.

Work is killing me. Three people left and I do all of their jobs, my hands shake and I snapped at my little
girl this morning. I hate who I am when I'm this tired.

I can't take this any more. The neighbours fight all night, the baby screams, I have slept two hours and I
have an exam at nine.

My brother took his own life eleven years ago today. I lit a candle. Nobody at work knows what day it is for
me.

I am scared of dying. It started after the scan, which was clear, but every headache sends me back to
searching symptoms until four in the morning.

I used to cut when I was fifteen. I'm thirty now and I have not done it in twelve years, but a colleague saw
the scars today and I felt fifteen again.

Nobody came to my birthday. I bought a cake and everything. I know it is small but it made me feel like no one
would notice if I moved away.

My therapist retires next month and I feel abandoned, which is ridiculous. I keep rehearsing how to say thank
you without sobbing.

I'm drowning in debt. I open the letters with my eyes half shut. I don't see a way out that doesn't involve
telling my husband everything.

The flashbacks are back. I was in the supermarket and somebody dropped a bottle and I was on the floor behind
the bread. I want to feel normal for one day.

My doctor wants to raise the sertraline to 100 mg. I'm frightened of the first two weeks because the last time
I felt so restless. Did anybody else get through that bit?

Dad is in hospice. He says he is ready to die and I am not ready for him to. I sit by the window and hold his
hand and we watch the bin lorries.

I quit. I finally got the courage to do it after two years of being shouted at, and now I can't stop shaking
because there is no money after Friday.

I hate my body, I hate every photo, I hate that I spent today counting. I ate dinner anyway. That is all I
have.

When I was nineteen I wanted to die, and I had no words for it. I'm glad I am still here. These days it is
mostly the ordinary kind of sad.

My best friend told me she is thinking about suicide and made me promise not to tell. I have not slept. I
don't know what the right thing is and I am terrified of losing her.

I'm so lonely that I talk to the satnav. Laugh if you like, I do. Then the evening comes and it isn't funny.

They said the tumour is not the bad kind. I had already planned my funeral songs in my head, and now I don't
know what to do with all that fear.

I miss my dog so much that the flat feels dead. Fourteen years. I keep stepping over the place where she
slept.

My son asked me why I cry in the shower. I didn't have an answer. I've never felt so ashamed in my life.

Some days I feel like I'm dead inside, like I'm watching my own life from behind glass. I go to work, I smile,
nobody knows.

I am stuck in this town, stuck in this job, stuck in my head. I want everything to stop for one week so that I
can sleep.

The police say there is not enough evidence. He walks past my house. I have bought a second lock and I sleep
with the lights on.

I don't want to be here, at this party, in this dress, smiling at his boss. So I'm hiding in the bathroom and
typing to strangers.

Six months since the accident and I still can't get into a car. Everyone is patient and I can hear how tired
they are of being patient.

My medication ran out and the surgery is closed until Monday. I feel sick and dizzy and I can't stop crying.
Has anyone got through a weekend like this?
"""
)

# Danger, in many voices: each must be raised.
DANGER = [
    "I want to kill myself.",
    "i wanna die so bad rn",
    "I'm going to end my life this weekend. I have it planned.",
    "I can't stop thinking about killing myself. It's there when I wake up and when I brush my teeth.",
    "There is no reason for me to stay alive. I have looked.",
    "I bought a rope yesterday. It's under the bed.",
    "The only thing that keeps me from killing myself is the cat.",
    "I'm too scared to kill myself and too tired to live.",
    "every night i pray that i wont wake up",
    "I don't want to be alive anymore, I really don't.",
    "everyone would be happier. im better off dead",
    "I tried to kill myself on Tuesday and nobody in this house knows.",
    "I have been thinking about suicide again, more than usual, and it frightens me.",
    "I am suicidal and I don't know who to tell.",
    "I keep standing on the platform thinking about jumping in front of the train.",
    "I just swallowed a whole bottle of pills",
    "Sitting here with the gun in my lap. I'm so calm.",
    "I w a n t t o d i e",
    "thinking about sewerslide again tbh, i cant do another week",
    "im gonna kms tonight and nobody will even notice",
    "I wish I had never been born. I wish I could go to sleep and never wake up.",
    "I've decided to kill myself. Don't try to talk me out of it.",
    "I am ready to die now. I have made my peace with it.",
    "I could just unalive myself and nobody would find me for a week",
    "My plan is to hang myself when my flatmate goes home for the holidays.",
    "I've started cutting again. I cut myself twice today.",
    "suicide is the only way out for me, I have tried everything else",
    "What is the least painful way to die?",
    "Please look after each other. By the time you read this I will be gone.",
    "Does anyone here want to die together? I don't want to do it alone.",
]
