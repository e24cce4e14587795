"""Who gets what: every address of the site × everybody who may come to it, by GET and by POST.

Whoever may not see a thing gets 404, a visitor the sign-in page (invariant 9 of the design). An address that is not
in the table fails its test: a new page is thought about before it is there.
"""

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

from django.http import HttpResponseBase
from django.urls import reverse

from members.access.leaving import stay_url
from notifications import links
from tests.supportsite.stage import ROLES, Stage

PAGE = "page"
SIGN_IN = "sign-in page"
MOVES_ON = "led elsewhere"
AGAIN = "form again"
FORBIDDEN = "403"
MISSING = "404"
WRONG_METHOD = "405"

Answers = dict[str, str]


def everybody(answer: str) -> Answers:
    return dict.fromkeys(ROLES, answer)


def signed_in(answer: str, *, visitor: str = SIGN_IN) -> Answers:
    return everybody(answer) | {"visitor": visitor}


def only(*roles: str, answer: str) -> Answers:
    """404 for everybody else who is signed in."""
    return signed_in(MISSING) | dict.fromkeys(roles, answer)


def moderators(answer: str) -> Answers:
    return only("moderator", "administrator", answer=answer)


def author_only(answer: str) -> Answers:
    """The others see the thing, and may not do this with it."""
    return signed_in(FORBIDDEN) | {"concerned": answer}


def curators(answer: str) -> Answers:
    return only("curator", "administrator", answer=answer)


def administrators(answer: str) -> Answers:
    return only("administrator", answer=answer)


@dataclass(frozen=True)
class Row:
    get: Answers
    post: Answers = field(default_factory=lambda: signed_in(WRONG_METHOD))
    args: Callable[[Stage], list[Any]] = lambda _: []


def public(args: Callable[[Stage], list[Any]] = lambda _: []) -> Row:
    return Row(everybody(PAGE), everybody(WRONG_METHOD), args)


def _by_person(stage: Stage) -> list[Any]:
    return [stage.people["concerned"].public_id]


def _by_person_apart(stage: Stage) -> list[Any]:
    return [stage.apart.public_id]


def _not_themselves(answer: str) -> Answers:
    return signed_in(answer) | {"concerned": MISSING}


def _by_thread(stage: Stage) -> list[Any]:
    return [stage.thread.public_id]


def _by_opening(stage: Stage) -> list[Any]:
    return [stage.opening.public_id]


def _by_article(stage: Stage) -> list[Any]:
    return [stage.article.slug]


def _by_remark(stage: Stage) -> list[Any]:
    return [stage.remark.public_id]


def _by_question(stage: Stage) -> list[Any]:
    return [stage.question.public_id]


def _by_held_question(stage: Stage) -> list[Any]:
    return [stage.held_question.public_id]


def _by_answer(stage: Stage) -> list[Any]:
    return [stage.answer.public_id]


def _by_professional(stage: Stage) -> list[Any]:
    return [stage.professional.member.public_id]


def _by_reply(stage: Stage) -> list[Any]:
    return [stage.reply.public_id]


def _by_decision(stage: Stage) -> list[Any]:
    return [stage.decision.public_id]


def _by_case(stage: Stage) -> list[Any]:
    return [stage.case.public_id]


def _by_rule(stage: Stage) -> list[Any]:
    rule = stage.decision.rule
    assert rule is not None
    return [rule.slug]


def _by_board(stage: Stage) -> list[Any]:
    return [stage.board.slug]


def _by_draft(stage: Stage) -> list[Any]:
    return [stage.draft.public_id]


def _by_template(stage: Stage) -> list[Any]:
    return [stage.template.pk]


def _by_words(stage: Stage) -> list[Any]:
    return [stage.words.pk]


def _by_gathering(stage: Stage) -> list[Any]:
    return [stage.gathering.pk]


def _by_newcomer(stage: Stage) -> list[Any]:
    return [stage.newcomer.public_id]


# An export that there is not; whoever asks is asked first who they are.
NOBODYS = "00000000-0000-7000-8000-000000000000"


def _by_way_back(stage: Stage) -> list[Any]:
    return [stay_url(stage.leaving).split("/")[-2]]


def _by_link(stage: Stage) -> list[Any]:
    return [links.all_off_url(stage.people["concerned"]).split("/")[-2]]


def for_readers(answer: str, args: Callable[[Stage], list[Any]] = lambda _: []) -> Row:
    """Visitors may read it where an administrator opened a board to everyone; this stage's board is for members."""
    return Row(signed_in(answer), everybody(WRONG_METHOD), args)


# Pages of the accounts that ask for the password once more before they show anything.
SENSITIVE = Row(signed_in(MOVES_ON), signed_in(MOVES_ON))
# Steps of signing in that nobody is in the middle of.
NOT_UNDER_WAY = Row(everybody(MOVES_ON) | {"visitor": SIGN_IN}, everybody(MOVES_ON) | {"visitor": SIGN_IN})
TABLE = {
    # --- the site itself
    "home": public(),
    "healthz": public(),
    "readyz": public(),
    # Only for who comes with the operator's token.
    "metrics": Row(everybody(MISSING), everybody(WRONG_METHOD)),
    "help_now": public(),
    "leave": Row(everybody(MOVES_ON), everybody(WRONG_METHOD)),
    "media": Row(everybody(MISSING), everybody(WRONG_METHOD), lambda _: ["images", "nothing.webp"]),
    "how_we_check": public(),
    # --- what people can trust. Wagtail serves a page whatever the method; it changes nothing.
    "wagtail_serve": Row(everybody(PAGE), everybody(PAGE), lambda stage: [f"{stage.article.slug}/"]),
    "library": public(),
    "article_plain": public(_by_article),
    "article_save": Row(signed_in(WRONG_METHOD), signed_in(MOVES_ON), _by_article),
    "article_opinion": Row(signed_in(PAGE), signed_in(AGAIN), _by_article),
    "article_correction": Row(signed_in(PAGE), signed_in(AGAIN), _by_article),
    "saved": Row(signed_in(PAGE)),
    # With nothing saved there is nothing to take along.
    "saved_copy": Row(signed_in(MOVES_ON)),
    "forget_saved": Row(signed_in(WRONG_METHOD), signed_in(MOVES_ON), lambda stage: [stage.article.pk]),
    "remarks": Row(only("curator", "administrator", answer=PAGE)),
    "remark_read": Row(signed_in(WRONG_METHOD), only("curator", "administrator", answer=MOVES_ON), _by_remark),
    "share_article": Row(signed_in(PAGE), args=_by_article),
    # --- questions to professionals, of whom none is among these people
    "questions": public(),
    "question": public(_by_question),
    "ask_question": Row(signed_in(PAGE), signed_in(AGAIN)),
    "my_questions": Row(signed_in(PAGE)),
    "delete_question_draft": Row(signed_in(WRONG_METHOD), signed_in(MOVES_ON)),
    "withdraw_question": Row(author_only(PAGE), author_only(MOVES_ON), _by_question),
    "question_author": Row(moderators(PAGE), moderators(AGAIN), _by_held_question),
    "questions_desk": Row(curators(PAGE)),
    "answers_desk": Row(curators(PAGE)),
    "waiting_desk": Row(curators(PAGE)),
    "decide_question": Row(curators(PAGE), curators(AGAIN), _by_held_question),
    "review_answer": Row(curators(PAGE), curators(AGAIN), _by_answer),
    # Administrators are led to the list of those who could.
    "answering": Row(administrators(MOVES_ON)),
    "answer_question": Row(signed_in(MISSING), signed_in(MISSING), _by_question),
    "withdraw_answer": Row(signed_in(MISSING), signed_in(MISSING), _by_answer),
    "manage_professionals": Row(administrators(PAGE)),
    "manage_professional_new": Row(administrators(PAGE), administrators(AGAIN)),
    "manage_professional": Row(administrators(PAGE), administrators(AGAIN), _by_professional),
    # --- where people talk
    "boards": for_readers(PAGE),
    "board": for_readers(PAGE, _by_board),
    "new_thread": Row(signed_in(PAGE), signed_in(AGAIN), _by_board),
    "waiting": Row(signed_in(PAGE)),
    "search": Row(signed_in(PAGE)),
    "another_waiting": Row(signed_in(WRONG_METHOD), signed_in(MOVES_ON)),
    "following": Row(signed_in(PAGE)),
    "my_threads": Row(signed_in(PAGE)),
    "follow_thread": Row(signed_in(WRONG_METHOD), signed_in(MOVES_ON), _by_thread),
    "follow_board": Row(signed_in(WRONG_METHOD), signed_in(MOVES_ON), _by_board),
    "manage": Row(administrators(PAGE)),
    "manage_boards": Row(administrators(PAGE)),
    "manage_board_new": Row(administrators(PAGE), administrators(AGAIN)),
    "manage_board": Row(administrators(PAGE), administrators(AGAIN), _by_board),
    "manage_board_move": Row(signed_in(WRONG_METHOD), administrators(MOVES_ON), _by_board),
    "manage_gatherings": Row(administrators(PAGE)),
    "manage_gathering_new": Row(administrators(PAGE), administrators(AGAIN)),
    "manage_gathering": Row(administrators(PAGE), administrators(AGAIN), _by_gathering),
    "manage_gathering_pause": Row(signed_in(WRONG_METHOD), administrators(MOVES_ON), _by_gathering),
    "manage_templates": Row(administrators(PAGE)),
    "manage_template_new": Row(administrators(PAGE), administrators(AGAIN)),
    "manage_template": Row(administrators(PAGE), administrators(AGAIN), _by_template),
    "manage_template_move": Row(signed_in(WRONG_METHOD), administrators(MOVES_ON), _by_template),
    "manage_words": Row(administrators(PAGE)),
    "manage_words_new": Row(administrators(PAGE), administrators(AGAIN)),
    "manage_words_change": Row(administrators(PAGE), administrators(AGAIN), _by_words),
    "manage_words_retire": Row(signed_in(WRONG_METHOD), administrators(MOVES_ON), _by_words),
    "thread": for_readers(PAGE, lambda stage: [stage.thread.public_id, stage.thread.slug]),
    "reply": Row(signed_in(PAGE), signed_in(AGAIN), _by_thread),
    "preview": Row(signed_in(WRONG_METHOD), signed_in(AGAIN)),
    # Words that speak of nothing grave bring nothing.
    "calm": Row(signed_in(WRONG_METHOD), signed_in("204")),
    "drafts": Row(signed_in(PAGE)),
    "draft": Row(only("concerned", answer=PAGE), args=_by_draft),
    "delete_draft": Row(signed_in(WRONG_METHOD), only("concerned", answer=MOVES_ON), _by_draft),
    "draft_who": Row(signed_in(PAGE)),
    "save_reply": Row(signed_in(WRONG_METHOD), signed_in(PAGE), _by_thread),
    "save_thread": Row(signed_in(WRONG_METHOD), signed_in(PAGE), _by_board),
    "first_unread": for_readers(MOVES_ON, _by_thread),
    "newest": for_readers(MOVES_ON, _by_thread),
    "jump": for_readers(MOVES_ON, _by_thread),
    "open_thread": Row(signed_in(WRONG_METHOD), signed_in(MOVES_ON), _by_thread),
    "reading_preferences": Row(signed_in(PAGE), signed_in(AGAIN)),
    "welcome": Row(signed_in(PAGE)),
    "welcome_country": Row(signed_in(PAGE), signed_in(MOVES_ON)),
    "welcome_reading": Row(signed_in(PAGE), signed_in(AGAIN)),
    "welcome_news": Row(signed_in(PAGE), signed_in(AGAIN)),
    "welcome_first": Row(signed_in(PAGE)),
    "welcome_enough": Row(signed_in(WRONG_METHOD), signed_in(MOVES_ON)),
    "gently": Row(signed_in(MOVES_ON)),
    "gentle_thread": Row(signed_in(PAGE), signed_in(AGAIN), _by_thread),
    "gently_enough": Row(signed_in(PAGE)),
    "low_energy": Row(signed_in(WRONG_METHOD), signed_in(MOVES_ON)),
    "thread_care": Row(author_only(PAGE), author_only(AGAIN), _by_thread),
    "thread_closing": Row(signed_in(WRONG_METHOD), author_only(MOVES_ON), _by_thread),
    "thread_moderate": Row(moderators(PAGE), moderators(AGAIN), _by_thread),
    "thread_author": Row(moderators(PAGE), moderators(AGAIN), lambda stage: [stage.anonymous.public_id]),
    "post": for_readers(MOVES_ON, _by_opening),
    "react": Row(signed_in(WRONG_METHOD), signed_in(MOVES_ON), _by_opening),
    "post_bookmark": Row(signed_in(WRONG_METHOD), signed_in(MOVES_ON), _by_opening),
    "post_thank": Row(signed_in(WRONG_METHOD), author_only(MOVES_ON), _by_reply),
    "post_edit": Row(author_only(PAGE), author_only(AGAIN), _by_opening),
    "post_history": for_readers(PAGE, _by_opening),
    "post_withdraw": Row(author_only(PAGE), author_only(MOVES_ON), _by_opening),
    "post_put_back": Row(signed_in(WRONG_METHOD), author_only(MOVES_ON), _by_opening),
    "avatar": public(lambda _: [7]),
    "settings": Row(signed_in(PAGE)),
    "settings_profile": Row(signed_in(PAGE), signed_in(AGAIN)),
    "settings_pages": Row(signed_in(PAGE), signed_in(MOVES_ON)),
    "settings_people": Row(signed_in(PAGE)),
    "unblock": Row(signed_in(WRONG_METHOD), signed_in(MISSING) | {"member": MOVES_ON}, _by_person_apart),
    "unmute": Row(signed_in(WRONG_METHOD), signed_in(MISSING) | {"member": MOVES_ON}, _by_person_apart),
    "settings_words": Row(signed_in(PAGE), signed_in(AGAIN)),
    "remove_words": Row(
        signed_in(WRONG_METHOD), signed_in(MISSING) | {"member": MOVES_ON}, lambda stage: [stage.filter.pk]
    ),
    "person": Row(signed_in(PAGE), args=_by_person),
    "person_boundary": Row(_not_themselves(PAGE), args=_by_person),
    "person_mute": Row(signed_in(WRONG_METHOD), _not_themselves(MOVES_ON), _by_person),
    "person_block": Row(signed_in(WRONG_METHOD), _not_themselves(MOVES_ON), _by_person),
    "bookmarks": Row(signed_in(PAGE)),
    "bookmark": Row(only("concerned", answer=PAGE), only("concerned", answer=MOVES_ON), _by_reply),
    "remove_bookmark": Row(signed_in(WRONG_METHOD), only("concerned", answer=MOVES_ON), _by_reply),
    # --- how people are kept safe
    "guidelines": public(),
    "guideline": public(_by_rule),
    "report_outside": Row(everybody(PAGE), everybody(AGAIN)),
    "reported_outside": public(),
    # Nobody reports themselves.
    "flag": Row(
        signed_in(PAGE) | {"concerned": MISSING},
        signed_in(AGAIN) | {"concerned": MISSING},
        lambda stage: ["post", stage.opening.public_id],
    ),
    "report_thread": Row(signed_in(MOVES_ON), signed_in(WRONG_METHOD), _by_thread),
    "my_reports": Row(signed_in(PAGE)),
    "worried": Row(signed_in(PAGE)),
    "much_blocked": Row(moderators(PAGE)),
    "look_into": Row(
        signed_in(WRONG_METHOD), moderators(MOVES_ON), lambda stage: [stage.people["concerned"].public_id]
    ),
    "manage_invitations": Row(administrators(PAGE), administrators(AGAIN)),
    "manage_invitation_revoke": Row(
        signed_in(WRONG_METHOD), administrators(MOVES_ON), lambda stage: [stage.invitation.pk]
    ),
    "manage_arrivals": Row(administrators(PAGE)),
    "manage_arrival_let_in": Row(signed_in(WRONG_METHOD), administrators(MOVES_ON), _by_newcomer),
    "manage_arrival_turn_away": Row(administrators(PAGE), administrators(AGAIN), _by_newcomer),
    "manage_rules": Row(administrators(PAGE)),
    "manage_rule_new": Row(administrators(PAGE), administrators(AGAIN)),
    "manage_rule": Row(administrators(PAGE), administrators(AGAIN), _by_rule),
    "manage_rule_move": Row(signed_in(WRONG_METHOD), administrators(MOVES_ON), _by_rule),
    "decisions": Row(signed_in(PAGE)),
    "appeal": Row(only("concerned", answer=PAGE), only("concerned", answer=AGAIN), _by_decision),
    "lift": Row(moderators(MOVES_ON), moderators(AGAIN), _by_decision),
    "staff_message": Row(
        only("concerned", answer=PAGE), only("concerned", answer=AGAIN), lambda stage: [stage.message.public_id]
    ),
    "appeals": Row(moderators(PAGE)),
    "appeal_judge": Row(moderators(PAGE), moderators(AGAIN), lambda stage: [stage.appeal.public_id]),
    "decision": Row(
        only("concerned", "moderator", "administrator", answer=PAGE), args=lambda stage: [stage.decision.public_id]
    ),
    "queue": Row(moderators(PAGE)),
    # They prove once more who they are.
    "staff_looks": Row(administrators(MOVES_ON), administrators(MOVES_ON)),
    "staff_look": Row(administrators(MOVES_ON), args=lambda _: [1]),
    "my_looks": Row(signed_in(PAGE)),
    "privacy": public(),
    "your_data": Row(signed_in(PAGE)),
    # They prove once more who they are.
    "export_ask": Row(signed_in(WRONG_METHOD), signed_in(MOVES_ON)),
    "export_file": Row(signed_in(MOVES_ON), args=lambda _: [NOBODYS]),
    "leaving": Row(signed_in(MOVES_ON), signed_in(MOVES_ON)),
    "leaving_undo": Row(signed_in(WRONG_METHOD), signed_in(MOVES_ON)),
    # Whoever has the link from the mail, signed in or not.
    "stay": Row(everybody(PAGE), everybody(MOVES_ON), _by_way_back),
    "left": public(),
    "log": Row(administrators(PAGE)),
    "figures": Row(moderators(PAGE)),
    "figures_csv": Row(moderators(PAGE)),
    "transparency": public(),
    "transparency_csv": public(),
    "case": Row(moderators(PAGE), args=_by_case),
    # A few words for a page that was left open.
    "queue_news": Row(moderators(PAGE)),
    "next_case": Row(signed_in(WRONG_METHOD), moderators(MOVES_ON)),
    "spam": Row(moderators(MOVES_ON), moderators(MOVES_ON)),
    "undo_all": Row(signed_in(WRONG_METHOD), moderators(MOVES_ON)),
    "shift": Row(signed_in(WRONG_METHOD), moderators(MOVES_ON)),
    "shift_end": Row(moderators(PAGE), moderators(MOVES_ON)),
    "handover_read": Row(signed_in(WRONG_METHOD), moderators(MOVES_ON), lambda stage: [stage.handover.pk]),
    "claim": Row(signed_in(WRONG_METHOD), moderators(MOVES_ON), _by_case),
    "renew": Row(signed_in(WRONG_METHOD), moderators(MOVES_ON), _by_case),
    "release": Row(signed_in(WRONG_METHOD), moderators(MOVES_ON), _by_case),
    "decline": Row(signed_in(WRONG_METHOD), moderators(MOVES_ON), _by_case),
    "hand_over": Row(moderators(MOVES_ON), moderators(AGAIN), _by_case),
    "second": Row(signed_in(WRONG_METHOD), moderators(MOVES_ON), _by_case),
    "case_note": Row(moderators(MOVES_ON), moderators(AGAIN), _by_case),
    "use_template": Row(moderators(MOVES_ON), moderators(PAGE), _by_case),
    "decide": Row(moderators(MOVES_ON), moderators(AGAIN), _by_case),
    "undo": Row(signed_in(WRONG_METHOD), moderators(MOVES_ON), _by_case),
    "crisis_start": Row(signed_in(WRONG_METHOD), moderators(MOVES_ON), _by_case),
    "crisis_step": Row(moderators(MOVES_ON), moderators(AGAIN), _by_case),
    "crisis_rest": Row(signed_in(WRONG_METHOD), moderators(MOVES_ON), _by_case),
    "crisis_contact": Row(moderators(MOVES_ON), moderators(AGAIN), _by_case),
    "crisis_aftercare": Row(signed_in(WRONG_METHOD), moderators(MOVES_ON), _by_case),
    # --- how news reaches people: a notice is its recipient's alone
    "notices": Row(signed_in(PAGE)),
    "notice": Row(only("concerned", answer=MOVES_ON), args=lambda stage: [stage.notice.public_id]),
    "mark_read": Row(
        signed_in(WRONG_METHOD), only("concerned", answer=MOVES_ON), lambda stage: [stage.notice.public_id]
    ),
    "digest": Row(only("concerned", answer=PAGE), args=lambda stage: [stage.digest.public_id]),
    "mark_all_read": Row(signed_in(WRONG_METHOD), signed_in(MOVES_ON)),
    # Whether anything is new: there is, for who has a notice.
    "news_mark": Row(signed_in("204") | {"concerned": PAGE}),
    "news_wishes": Row(signed_in(PAGE), signed_in(AGAIN)),
    "news_usual": Row(signed_in(WRONG_METHOD), signed_in(MOVES_ON)),
    "news_mail": Row(signed_in(WRONG_METHOD), signed_in(MOVES_ON)),
    "news_away": Row(signed_in(WRONG_METHOD), signed_in(MOVES_ON)),
    "news_address": Row(signed_in(WRONG_METHOD), signed_in(MOVES_ON)),
    "news_digest": Row(signed_in(WRONG_METHOD), signed_in(MOVES_ON)),
    "news_mails": Row(signed_in(PAGE)),
    # Whoever has the link from a mail may turn mails off, signed in or not.
    "news_off": Row(everybody(PAGE), everybody(PAGE), _by_link),
    # --- at the door
    "invited": Row(everybody(MISSING), everybody(WRONG_METHOD), lambda _: ["made-up"]),
    "settings_country": Row(signed_in(PAGE), signed_in(MOVES_ON)),
    "consents": Row(signed_in(PAGE)),
    "agree": Row(signed_in(PAGE), signed_in(AGAIN)),
    # For somebody who waits; these were let in.
    "waiting_to_join": Row(signed_in(MOVES_ON)),
    "second_factor": Row(signed_in(PAGE)),
    "agree_email": Row(everybody(MISSING), everybody(MISSING), lambda _: ["made-up"]),
    "stop_email": Row(signed_in(WRONG_METHOD), signed_in(MOVES_ON)),
    "end_session": Row(signed_in(WRONG_METHOD), signed_in(MISSING), lambda _: [1]),
    # --- accounts
    "account_login": Row(signed_in(MOVES_ON, visitor=PAGE), signed_in(MOVES_ON, visitor=PAGE)),
    "account_signup": Row(signed_in(MOVES_ON, visitor=PAGE), signed_in(MOVES_ON, visitor=PAGE)),
    "account_logout": Row(signed_in(PAGE, visitor=MOVES_ON), everybody(MOVES_ON)),
    "account_inactive": public(),
    "account_reauthenticate": Row(signed_in(PAGE), signed_in(PAGE)),
    "account_email": Row(signed_in(PAGE), signed_in(MOVES_ON)),
    "account_email_verification_sent": public(),
    "account_confirm_email": Row(everybody(PAGE), everybody(MISSING), lambda _: ["not-a-key"]),
    "account_change_password": Row(signed_in(PAGE), signed_in(PAGE)),
    "account_set_password": SENSITIVE,
    "account_reset_password": Row(everybody(PAGE), everybody(PAGE)),
    "account_reset_password_done": public(),
    "account_reset_password_from_key": Row(everybody(PAGE), everybody(PAGE), lambda _: ["1", "not-a-key"]),
    "account_reset_password_from_key_done": public(),
    "account_confirm_login_code": NOT_UNDER_WAY,
    "mfa_index": Row(signed_in(PAGE)),
    "mfa_authenticate": NOT_UNDER_WAY,
    "mfa_reauthenticate": SENSITIVE,
    "mfa_activate_totp": SENSITIVE,
    "mfa_deactivate_totp": Row(signed_in(MISSING), signed_in(MISSING)),
    "mfa_view_recovery_codes": Row(signed_in(MISSING)),
    "mfa_generate_recovery_codes": SENSITIVE,
    "mfa_download_recovery_codes": Row(signed_in(MISSING), signed_in(MISSING)),
    "mfa_list_webauthn": Row(signed_in(PAGE)),
    "mfa_add_webauthn": SENSITIVE,
    "mfa_reauthenticate_webauthn": SENSITIVE,
    "mfa_remove_webauthn": Row(signed_in(MOVES_ON), signed_in(MOVES_ON), lambda _: [1]),
    "mfa_edit_webauthn": Row(signed_in(MOVES_ON), signed_in(MOVES_ON), lambda _: [1]),
    "mfa_login_webauthn": NOT_UNDER_WAY,
    "usersessions_list": Row(signed_in(PAGE), signed_in(MOVES_ON)),
}

# What a visitor may open, one by one. Whatever is not here asks to sign in first.
PUBLIC = {
    "avatar",
    "home",
    "healthz",
    "readyz",
    "help_now",
    "leave",
    "media",
    "how_we_check",
    "wagtail_serve",
    "library",
    "article_plain",
    "questions",
    "question",
    "guidelines",
    "guideline",
    "report_outside",
    "reported_outside",
    "transparency",
    "transparency_csv",
    "privacy",
    "stay",
    "left",
    "news_off",
    "metrics",
    "boards",
    "board",
    "thread",
    "first_unread",
    "newest",
    "jump",
    "post",
    "post_history",
    "account_login",
    "account_signup",
    "account_logout",
    "account_inactive",
    "invited",
    "agree_email",
    "account_email_verification_sent",
    "account_confirm_email",
    "account_reset_password",
    "account_reset_password_done",
    "account_reset_password_from_key",
    "account_reset_password_from_key_done",
    "account_confirm_login_code",
    "mfa_authenticate",
    "mfa_login_webauthn",
}


def answer(response: HttpResponseBase) -> str:
    location = response.headers.get("Location", "")
    if response.status_code in (301, 302, 303):
        return SIGN_IN if location.startswith("/accounts/login/") else MOVES_ON
    known = {200: PAGE, 409: AGAIN, 422: AGAIN}
    return known.get(response.status_code, str(response.status_code))


def address(name: str, stage: Stage) -> str:
    return reverse(name, args=TABLE[name].args(stage))
