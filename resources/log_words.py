"""What the verbs that the library writes into the log say to people."""

from django.utils.translation import gettext_lazy as _

from moderation import log_words

log_words.register(
    {
        # Pages
        "retire-page": _("Retired a page of the library"),
        "recommend-page": _("Recommended a page of the library again"),
        # Lines to call or text
        "helpline-add": _("Added a helpline"),
        "helpline-change": _("Changed a helpline"),
        "helpline-verify": _("Compared a helpline with its source"),
        "helpline-remove": _("Took a helpline away"),
        "help-country-add": _("Added a country to “Get help now”"),
        "help-country-change": _("Changed a country of “Get help now”"),
        # Questions to professionals
        "question-accept": _("Passed a question on to professionals"),
        "question-decline": _("Told somebody why their question is not answered here"),
        "see-asker": _("Saw who asked a question without a name"),
        "answer-hand-in": _("Handed an answer in"),
        "answer-show": _("Read an answer, and showed it"),
        "answer-send-back": _("Sent an answer back to be changed"),
        "answer-withdraw": _("Took an answer back"),
        "professional-add": _("Checked a professional’s registration"),
        "professional-check": _("Checked a professional’s registration again"),
        "professional-end": _("Took a professional’s badge away"),
        "professional-overdue": _("A professional’s badge ended, because nobody checked again"),
    },
    names={
        "answer": _("answer"),
        "check_again_by": _("to be checked again by"),
        "checked_on": _("checked on"),
        "country": _("country"),
        "field": _("field"),
        "instead": _("what to read instead"),
        "question": _("question"),
        "register": _("register"),
    },
)
