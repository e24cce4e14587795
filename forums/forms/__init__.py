from forums.forms.posting import PostingForm, ReactionForm, ReplyForm, ThreadForm

__all__ = ["PostingForm", "ReactionForm", "ReplyForm", "ThreadForm"]
