from forums.forms.posting import RAW_MAX, PostingForm, ReactionForm, ReplyForm, ThreadForm

__all__ = ["RAW_MAX", "PostingForm", "ReactionForm", "ReplyForm", "ThreadForm"]
