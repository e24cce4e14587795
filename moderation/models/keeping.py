"""Rows that nobody changes or removes, not even by the database's own console."""

import pgtrigger

_NEVER_EMPTIED = pgtrigger.Trigger(
    name="keep_all",
    level=pgtrigger.Statement,
    when=pgtrigger.Before,
    operation=pgtrigger.Truncate,
    func="RAISE EXCEPTION 'pgtrigger: Cannot empty %', TG_TABLE_NAME;",
)

KEEP = (pgtrigger.Protect(name="keep", operation=pgtrigger.Update | pgtrigger.Delete), _NEVER_EMPTIED)

# The members' words in a decision are erased when nobody can appeal any more. What was decided, and why, never is.
KEEP_ALL_BUT_WORDS = (
    pgtrigger.Trigger(
        name="keep",
        when=pgtrigger.Before,
        operation=pgtrigger.Update | pgtrigger.Delete,
        func="""
            IF TG_OP = 'UPDATE' AND OLD.decided_at < NOW() - INTERVAL '183 days'
                AND NEW.snapshot = '' AND NEW.options = '{}'::jsonb
                AND TO_JSONB(NEW) - 'snapshot' - 'options' = TO_JSONB(OLD) - 'snapshot' - 'options'
            THEN RETURN NEW; END IF;
            RAISE EXCEPTION 'pgtrigger: Cannot % rows from % table', LOWER(TG_OP), TG_TABLE_NAME;
        """,
    ),
    _NEVER_EMPTIED,
)
