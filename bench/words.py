"""What members write. Made by chance from plain words, the same for the same seed."""

import random
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import accumulate

from bench.shape import EVEN_POOL, EVEN_WORDS, POOL
from core import markdown

# In about the order in which they are used: the first ones stand in nearly every post.
_USED = """
    the and to a of i it was my in that for is with me not but you have on this so at be day just feel
    when week like can what all about how morning good today they sleep still more work time out up know there home
    from been after night one first then really tired some walk even think would less than back went help quiet people
    small friend better talk find tea family rest only again go hard way make room now thank little much said read
    because phone long slow keep who down before house want evening always words try kind calm never hour light month
    garden sister mother brother doctor group street kitchen window music book bath water rain sun winter spring
    summer autumn weather train school office list letter call message answer question story change plan step breath
    breakfast supper lunch bread soup coffee shower bed pillow blanket chair table door key cup plate dog cat bird
    tree river hill sea path bus car bike shop market money bill job boss team meeting project course teacher class
    neighbour village town city country holiday birthday party visit trip photo film song radio paper pen note diary
    page chapter memory dream worry fear hope anger sadness joy patience courage strength energy appetite weight
    shoulder back head heart stomach hand voice silence noise crowd distance boundary habit routine exercise medicine
    tablet dose nurse therapist session appointment waiting relapse recovery progress setback reminder alarm clock
"""
VOCABULARY = tuple(_USED.split())
TYPED_WRONG = {"sleep": "slepe", "morning": "mornnig", "garden": "gaarden"}
COMMON_WORD = "morning"
_CONSONANTS, _VOWELS = "bdfgklmnprstvz", "aeiou"


@dataclass(frozen=True)
class Body:
    body: str
    html: str


def rare_word(number: int) -> str:
    """A word that stands in a handful of posts: no language has it, and search reads it as it is."""
    letters = []
    left = number % 12_000 + 12_000
    for _syllable in range(4):
        left, at = divmod(left, len(_CONSONANTS))
        letters.append(_CONSONANTS[at] + _VOWELS[(left + at) % len(_VOWELS)])
    return "".join(letters) + "k"


class Writer:
    def __init__(self, seed: int) -> None:
        self.chance = random.Random(seed)
        self._weights = list(accumulate(1 / (rank + 12) for rank in range(len(VOCABULARY))))

    def words(self, number: int) -> list[str]:
        return self.chance.choices(VOCABULARY, cum_weights=self._weights, k=number)

    def sentences(self, words: Sequence[str]) -> str:
        """Of 5 to 16 words each."""
        sentences = []
        at = 0
        while at < len(words):
            end = at + self.chance.randint(5, 16)
            end = len(words) if len(words) - end < 4 else end
            sentences.append(" ".join(words[at:end]).capitalize() + ".")
            at = end
        return " ".join(sentences)

    def body(self, length: int) -> str:
        """Two paragraphs, and now and then some markdown."""
        words = self.words(length)
        if self.chance.random() < 0.2:
            words[length // 3] = f"**{words[length // 3]}**"
        middle = length // 2
        first, second = self.sentences(words[:middle]), self.sentences(words[middle:])
        kind = self.chance.random()
        if kind < 0.06:
            return f"> {first}\n\n{second}"
        if kind < 0.1:
            return f"{first}\n\n" + "\n".join(f"- {line}" for line in second.split(". "))
        return f"{first}\n\n{second}" if kind < 0.8 else f"{first} {second}"

    def pool(self) -> list[Body]:
        """Bodies that posts share, each rendered once. Of the first EVEN_POOL each has EVEN_WORDS words."""
        lengths = [EVEN_WORDS] * EVEN_POOL
        lengths += [min(320, max(12, int(self.chance.lognormvariate(4.2, 0.6)))) for _ in range(POOL - EVEN_POOL)]
        bodies = [self.body(length) for length in lengths]
        return [Body(body, markdown.render(body)) for body in bodies]

    def title(self) -> str:
        return " ".join(self.words(self.chance.randint(3, 8))).capitalize()


def with_rare_word(body: Body, word: str) -> Body:
    sentence = f"We called it {word} at home."
    return Body(
        f"{body.body}\n\n{sentence}",
        f"{body.html}<p>{sentence}</p>\n" if body.html.endswith("\n") else f"{body.html}<p>{sentence}</p>",
    )
