"""What the library keeps."""

from resources.models.asking import Answer, Professional, Question
from resources.models.helplines import HelpCountry, HelpFailure, Helpline, HelplineChannel
from resources.models.kinds import ExercisePage, GuidePage, QuestionPage, StoryPage, TreatmentPage, VideoPage
from resources.models.pages import REVIEW_EVERY, ArticlePage, ResourceIndexPage
from resources.models.reading import Edition, Remark, Saved
from resources.models.vetting import MachineCheckTask, PeerReviewTask, Vetting
from resources.models.vocabulary import Evidence, Kind, Need, SourceKind, Topic

__all__ = [
    "REVIEW_EVERY",
    "Answer",
    "ArticlePage",
    "Edition",
    "Evidence",
    "ExercisePage",
    "GuidePage",
    "HelpCountry",
    "HelpFailure",
    "Helpline",
    "HelplineChannel",
    "Kind",
    "MachineCheckTask",
    "Need",
    "PeerReviewTask",
    "Professional",
    "Question",
    "QuestionPage",
    "Remark",
    "ResourceIndexPage",
    "Saved",
    "SourceKind",
    "StoryPage",
    "Topic",
    "TreatmentPage",
    "Vetting",
    "VideoPage",
]
