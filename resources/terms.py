"""How long what members leave in the library is kept."""

from django.utils.translation import gettext_lazy as _

from members.retention import Term, register
from resources.services import asking

register(
    Term(
        key="saved",
        what=_("Which pages you saved."),
        why=_("So that you find them again, and hear of new words."),
        how_long=_("Until you remove them or leave."),
        seen_by=_("Only you."),
        models=("resources.Saved",),
    )
)
register(
    Term(
        key="remarks",
        what=_("What you tell curators about a page."),
        why=_("So that pages become better."),
        how_long=_("For good; after you left, without your name, or not at all where you chose so."),
        seen_by=_("Curators, who are not told whose it is."),
        models=("resources.Remark",),
    )
)
register(
    Term(
        key="questions",
        what=_("Questions to professionals."),
        why=_("So that they are answered, and others can read the answer."),
        how_long=_("Until you take them back or leave, if you choose so. Then they are erased, after 30 days."),
        seen_by=_("Curators first; once answered, everybody. Your name only where you chose to show it."),
        models=("resources.Question",),
        end=asking.erase_withdrawn,
    )
)  # fmt: skip
register(
    Term(
        key="professionals",
        what=_("In which register a professional was found, and their answers."),
        why=_("So that a badge is true."),
        how_long=_("The number until they leave; the field for as long as an answer is shown."),
        seen_by=_("Everybody sees the field and the register, administrators the number."),
        models=("resources.Professional", "resources.Answer"),
    )
)
register(
    Term(
        key="curating",
        what=_("Who wrote, reviewed and checked pages and help lines."),
        why=_("So that nobody approves their own words."),
        how_long=_("For good; after they left, without their name."),
        seen_by=_("Curators. Readers see the role."),
        models=(
            "resources.ArticlePage", "resources.Vetting", "resources.Edition", "resources.Helpline",
            "resources.HelplineChannel",
        ),
    )
)  # fmt: skip
