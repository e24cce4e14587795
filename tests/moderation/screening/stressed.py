"""What people write on boards about stress. Every text was made for these tables."""

from tests.moderation.screening.distress import texts

# As on boards about stress: longer, and often about what others did. Nobody here is in danger from themselves.
STRESSED = texts(
    """
We have been together for six years and last night he pushed me against the fridge for the first time. He cried
afterwards and said that he would kill himself if I told my sister. I slept in the bath with the door locked. This
morning he made pancakes as if nothing had happened. I keep looking at my own hands. I don't know whether I am
overreacting, and I don't know where I would go with two cats and eighty dollars.

My stepfather held a knife to my throat when I was eleven and I have never told anybody the whole of it. I thought I
was going to die on that kitchen floor. Twenty years later I can't stand in a kitchen with a man behind me. My new
partner reached past me for a spoon on Sunday and I was under the table before I knew it. He was so kind about it that
I cried. How do you explain this to somebody who grew up in a quiet house?

I'm sleeping in my car with my son for the ninth night. The shelter says that we are fourth on the list. It gets so
cold around four that I run the engine for ten minutes and count the fuel in my head. He thinks it is camping. I work
full time, I have a payslip to prove it, and nobody will rent to me with this credit score. I'm not asking for money. I
only want to know whether anybody got out of this, and how long it took.

I have had three panic attacks since Monday. My chest gets tight, my fingers go numb and I'm convinced that I'm dying
of a heart attack. Two doctors have told me that my heart is fine. I believe them for an hour. Then I lie there
listening to it, waiting for it to stop, and I'm too scared to fall asleep because what if I don't wake up. My husband
is patient. I can tell that he is running out of it.

My ex attempted suicide the week after I moved out. His mother rang me at work to say that it was my fault. He is alive
and in hospital and asking for me. I don't love him any more and I was afraid of him for years. Everybody who knows us
says I should at least visit. Every time the phone lights up I feel sick. Am I a terrible person if I never pick up?

I failed the bar exam for the second time. I found out in the middle of a shift and had to go on pouring coffee. My
parents have told the entire village that I'm a lawyer. I could have died of shame when my uncle raised a glass to me
at dinner. I want to disappear into the carpet. I have no idea how to tell them, and the next date is in seven months,
and I owe the school more than our house is worth.

The dreams came back after the fireworks. In most of them I am back in the valley and I can't find my rifle. In the
worst ones I find it. I wake up standing in the hallway with my fists up and my wife crouching behind the dog. I lost
two friends over there and one to suicide after we came home. The appointment at the clinic is in eleven weeks. I just
want one night without it. I would settle for four hours.

My roommate found out that I report my hours honestly and told our boss that I steal. I was called in front of everyone
and I couldn't get a single word out. I went home and screamed into a towel. I can't afford to quit. I can't afford to
stay either, my hair is coming out in the shower. I'm killing myself at this job for eleven dollars an hour and now
they look at me as if I were dirt.

I was diagnosed with complex trauma in spring. My mother used to lock me in the cellar and tell me that nobody would
miss me. She told me once that she should have drowned me at birth. Now she is old and sick and she wants me to move in
and look after her. My brother says that she has changed. She asked for me by name. I have written the letter saying no
eleven times and thrown it away eleven times.

I need to vent about my landlord. There is black mould behind the cot and my daughter coughs all night. He told me
that if I don't like it I can die in the street. I called the council, I called the charity, I called a lawyer who
laughed. I can't live like this any more and I can't pay for anything better. I'm so angry that my jaw hurts. Has
anybody ever won against one of these people?

We buried my dad on Friday. I did the reading and my voice held until the last line. Since then I've been stuck. I pick
up the phone to call him about the football. I sit on the edge of his bed and fold the same shirt. My mother sleeps with
the radio on. I never got to say goodbye because they wouldn't let me through at the ward. I feel dead inside and
everybody keeps bringing soup.

My boyfriend has bipolar disorder and stopped his medication in secret. Yesterday he locked himself in the bathroom with
a razor and I sat on the other side of the door for three hours, talking about nothing, until my brother came. He is in
hospital now and he is safe. I'm the one who is shaking. I keep checking the locks and counting the pills in the
cabinet, and nobody has asked how I am.

I've been on the waiting list for therapy since last winter. They rang today and asked me a hundred questions in a flat
voice: do you sleep, do you eat, do you ever think about suicide, do you have a plan. I said no to most of them, which
is true, and then she said that I'm not urgent. I know that it's good news. I sat in the stairwell and bawled. I am so
tired of being the one who copes.

I took a job two states away to get out of my marriage, and he has found the address. There was a card under my wiper
with only the time of day on it. The police say that a card is not a threat. I have bought a second lock and a camera,
my father wants me to buy a gun and I don't want one in the house. I haven't slept more than three hours since. I'm not
crazy, am I?

Twice this month I've sat down to revise and found that an hour had gone by with my eyes on one line. My supervisor
wants the chapter on Monday. I drink coffee until my heart hammers and then I can't sleep, and then I need coffee. I
told my flatmate that I'd rather die than present this in front of the committee, and she laughed, and I did too, but
I've been in bed since.

My husband died in a crash that I walked away from. People tell me how lucky I am. I was driving. Nobody blames me, the
other car was on the wrong side, and still I hear the sound whenever a door slams. I can't sit in a car. I walk to work
for ninety minutes with his scarf on. His mother and I have not spoken about that day. I don't know what we would say.

I am nineteen and I've just told my parents that I'm gay. My father said that I am dead to him. My mother cried and
asked whether somebody did this to me. I'm at my aunt's with one bag. I left my inhaler and my laptop behind and I have
an exam on Thursday. I'm not going to do anything stupid, I have people, but I feel as if somebody had cut a rope and
I'm floating off.

I can't stop picking at my skin. It began with the layoffs. I sit in the meeting and my fingers find the spot behind
my ear, and when I look down there is blood on the notes. My doctor gave me tablets that make me feel like cotton wool.
I took two last night instead of one and slept through the alarm, and my boss has written me up. I hate myself for
being so weak about something so small.

We lost the baby at fifteen weeks. They gave us a leaflet and a box with a ribbon. My wife has gone back to work and I
can't. I stand in the room that was going to be hers and listen to the neighbours' kids. Everyone asks how she is
doing. I'm supposed to be the strong one. I wish it had been me they could cut open instead. I don't know where men are
meant to put this.

My sister's suicide was four years ago in May. I'm doing well, I really am, I have a job and a garden and a boyfriend
who sings. But May comes round and I'm back in that hallway with the policeman's hat on the table. This year my mother
wants all of us to scatter the ashes. I've said yes and I have not slept properly since. I'm scared of falling to pieces
in front of her.

I owe eleven thousand on cards and my wife doesn't know. I get the post before she does. I've been skipping lunch and
telling her that I'm on a diet. Last night she planned a holiday out loud, with her feet in my lap, and I could hardly
breathe. There's no way out of this that doesn't end in me telling her. I want to stop lying. I just don't want to see
her face when I do.

My manager screamed at me on the shop floor until I wet myself. I'm forty-four years old. I walked out and sat in the
bus shelter with my coat round my waist. I can't go back and I can't not go back, we have rent on the first. My husband
says I should sue, my mother says I should toughen up. I feel like the smallest thing alive. I keep hearing the girl at
the till laugh.

I grew up with a father who shot himself in the garage. Nobody talks about it, the garage is a gym now. I am fine
until my own son slams a door, and then I'm seven again with cereal in my mouth. I yelled at him so loudly tonight that
the dog hid. I don't want to be that kind of parent. I've rung two therapists and neither of them takes our insurance.

I think I am being followed home. It has happened three times, the same grey car, the same distance. My friends think
that I'm anxious because of what happened last year. Maybe. Last year he put his hands round my neck and I passed out,
and when I came to he was eating toast. So yes, I'm anxious. I keep a kitchen knife by the bed and I cross the road
twenty times on the way to work.

The food bank gave us pasta and tinned peaches and my boy danced. I smiled and went to the bathroom and sobbed into
the hand dryer. Three years ago I was the one who volunteered there. I can't take it any more, the forms, the pity, the
hold music. I've applied to sixty-one jobs. I keep a list. I'm not lazy and I'm not stupid and I'm so tired of having
to prove it to people who went home at five.

My OCD has latched on to knives. I put them all in the shed because I'm terrified that I could hurt my baby, and I
would rather lose my arm. My therapist says that it is the fear that shows how much I love her. I know that. Then I'm
chopping an onion and the thought is there again and I have to sit down on the floor. My husband wants to help and I'm
ashamed to say the words out loud.

I'm the only one of my siblings who visits our mother. She has dementia, and yesterday she thought that I was a burglar
and went for me with the poker. I held her wrists until she cried. Afterwards she patted my cheek and asked when I'd be
home from school. I drove to the supermarket and sat there for an hour. I love her and I want it to be over, and I
feel like a monster for thinking it.

I had a nightmare that I killed myself and everyone came to the funeral in swimsuits. I woke up laughing and then I
couldn't stop crying. I am not suicidal, I've never been, it's just that my head throws this stuff at me since the
divorce. The court date is on the ninth. He wants the house and the dog. He can have the house. I've been practising
what to say about the dog in front of the mirror.

Somebody jumped in front of my train this morning. I was in the first carriage. The driver came through with a grey
face and sat down among us. Everybody was annoyed about the delay and I wanted to shout at them. I went to work, can you
believe it, I answered mail. Now it's two at night and I hear the brakes. I didn't know the person. I keep wondering
what their kitchen looks like.

My friend group has a chat without me. I know because somebody sent me a screenshot by mistake. They call me the rain
cloud. I laughed it off, I said fair enough, and then I threw up. I've cancelled everything for the month. I know that
I've been hard work since the burn-out. I just thought that they were the people who wouldn't mind. It's so quiet in
this flat. I've been talking to the kettle.

I keep thinking about my cousin. She overdosed at my birthday party, in my bathroom, and I did the chest compressions
until the ambulance came. She lived. She doesn't remember any of it and she posts holiday pictures. I'm the one who
can't open a bathroom door. My hands start pressing the air when I'm half asleep. Is that even a thing, to be
traumatised when nobody died?

My boss told me on my first day back that depression is a choice. I'd been off for five weeks, I had a letter, I had a
plan for coming back slowly. He has put me on the late shift with the man who made the jokes. My medication makes my
hands shake and they laugh about that too. I don't want to do this any more but I need the insurance for the
medication. It's a lovely circle.

I left him on Tuesday while he was at work. Eight bags, two kids, one hamster. He has sent two hundred messages. The
first ones were sweet, then he wrote that he'd find us, then that he has nothing left to live for and that the kids
will know who killed him. My advocate says to keep all of it and answer none. I know that she is right. I read them in
the toilet at night with the tap running.

They are closing our ward and I'm expected to be cheerful about it. I've been a nurse for twenty-six years. In the bad
spring we lost four patients in a night and I held a tablet up so that a man could say goodbye to his wife. I never
talked about it. Yesterday a tablet rang in a shop and I had to hold on to the shelf. I'm not ill. I am just full.

I've got a hearing about my disability payments on Wednesday. If they deny me again I don't know how we'll eat. I've
been awake since Sunday with the papers spread all over the floor. My back is on fire and I can't take the strong ones
because I need a clear head. The last assessor asked why I wasn't dead yet with a list like that. I think it was a joke.
I laughed. I was so afraid of annoying him.

I have not left the flat in three weeks. I order food and wait until the steps on the stairs have gone. My sister
thinks that I have flu. It isn't sadness exactly. It's as if the air outside belonged to other people. I used to run
half marathons. Today I got as far as the letter boxes and my knees went. I'm writing it here because I want somebody to
know that I got as far as the letter boxes.

My daughter cut herself again. I found the blade in a pencil case with kittens on it. She is thirteen. We sat on the
floor and she let me put cream on her arm, and we watched a film about penguins. Her doctor is wonderful. I am not. I
go through the day listening for silence. If I hear the water run for too long, I stand outside the bathroom and hold my
breath like a thief.

He never hit me, so I thought it wasn't real. He took my keys, he took my phone, he hid my pills and watched me look for
them. He told everyone at church that I was unstable. When I said I would go he said that I'd be dead within a week
without him. That was in August. I have a room now with a yellow door. I still ask permission to open the window, and
there is nobody here to ask.

I am a teacher and one of my students told me that he wants to die. I did everything by the book, the counsellor, the
parents, the form. He is angry and calls me a traitor in front of the class. I know I did right. I go over it at night
all the same: what I said, how I stood. I'm twenty-five and I have thirty of them. Nobody told us that it would feel
like carrying buckets all day.

I gave my dog back to the shelter. There, I said it. The new place doesn't allow pets and the old place was never safe.
The woman was kind. He looked at me through the mesh and wagged because he thought that it was a game. I've been told
he has a family now. I can't forgive myself. I hear him on the stairs. People say that it's only a dog and I want to
scream until the windows go.
"""
)
