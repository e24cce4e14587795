"""How large a community is, and of what shape."""

from dataclasses import dataclass

BOARDS = 24
# The first three boards have parts of their own; the others share the rest as Zipf has it.
BIG, FOLLOWED, LONG = 1, 2, 3
POOL = 2000
# Bodies of exactly so many words, for the long thread: all its pages are of one size.
EVEN_POOL, EVEN_WORDS = 400, 80
RARE_EVERY = 200
MODERATORS, CURATORS = 6, 2


@dataclass(frozen=True)
class Shape:
    """What does not grow with the site is the same for all sizes from 100,000 posts on, so that these compare."""

    posts: int
    seed: int = 1

    @property
    def database(self) -> str:
        return f"bench_{self.posts}_{self.seed}"

    @property
    def long_thread(self) -> int:
        """Posts in the longest thread."""
        return min(10_000, self.posts // 10) + 1

    @property
    def big_board(self) -> int:
        """Threads in the largest board."""
        return min(20_000, self.posts // 5)

    @property
    def threads(self) -> int:
        return max(self.posts // 9, self.big_board * 9 // 8)

    @property
    def waiting(self) -> int:
        """Threads that nobody has answered."""
        return min(200, self.threads // 20)

    @property
    def members(self) -> int:
        return min(52_000, max(200, self.posts // 2))

    @property
    def followers(self) -> int:
        """Of one board."""
        return min(50_000, self.members - 50)

    @property
    def told(self) -> int:
        """The newest posts that were news."""
        return min(100_000, self.posts // 5)

    @property
    def open_cases(self) -> int:
        return min(300, self.posts // 20)

    @property
    def decided_cases(self) -> int:
        return min(3000, self.posts // 20)

    @property
    def audit_entries(self) -> int:
        return min(200_000, self.posts)

    @property
    def articles(self) -> int:
        return min(60, self.posts // 50)

    # --- who is staff: behind the members

    @property
    def admin(self) -> int:
        return self.members + 1

    @property
    def moderators(self) -> range:
        return range(self.members + 2, self.members + 2 + MODERATORS)

    @property
    def curators(self) -> range:
        return range(self.moderators.stop, self.moderators.stop + CURATORS)


def mixed(number: int, salt: int) -> int:
    """A number below 2³¹ that looks like chance; `SQL_MIXED` gives the same in PostgreSQL."""
    return ((number + 1) * 2_654_435_761 + salt * 40_503) % 2_147_483_647


SQL_MIXED = "((({number} + 1)::bigint * 2654435761 + {salt} * 40503) %% 2147483647)"


def pool_index(post_id: int, *, in_long_thread: bool) -> int:
    """Which body of the pool this post has."""
    return mixed(post_id, 1) % (EVEN_POOL if in_long_thread else POOL)


def has_rare_word(post_id: int, *, in_long_thread: bool) -> bool:
    return not in_long_thread and mixed(post_id, 2) % RARE_EVERY == 0
