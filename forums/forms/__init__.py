from forums.forms.posting import GIVEN_BACK, RAW_MAX, PostingForm, ReactionForm, ReplyForm, ThreadForm

__all__ = ["GIVEN_BACK", "RAW_MAX", "PostingForm", "ReactionForm", "ReplyForm", "ThreadForm"]
