"""Celery's clock. Any number of beats may run; one at a time, which holds a lock in Valkey, gives out tasks."""

import logging
from typing import Any

from celery import Celery
from redbeat.schedulers import RedBeatScheduler
from redis.exceptions import ConnectionError as CannotConnect
from redis.exceptions import LockError
from redis.exceptions import TimeoutError as NoAnswer

log = logging.getLogger(__name__)

PAUSE_SECONDS = 5.0


class PatientScheduler(RedBeatScheduler):  # type: ignore[misc]  # redbeat carries no types
    """RedBeat's, which outlives a Valkey that is away for a while. RedBeat itself ends the process then.

    Without the lock it gives out nothing, and tries to get it back each time that it would have ticked.
    """

    def __init__(self, app: Celery, **options: Any) -> None:
        # RedBeat overlooks what comes from Django's settings, and warns.
        app.conf.update({name: app.conf[name] for name in ("redbeat_redis_url", "redbeat_redis_options")})
        super().__init__(app=app, **options)

    def tick(self, *args: object, **kwargs: object) -> float:
        """Do what is due; says after how many seconds to look again."""
        try:
            return float(super().tick(*args, **kwargs))
        except (CannotConnect, NoAnswer) as error:
            log.warning("beat: Valkey does not answer (%s); trying again", type(error).__name__)
        except LockError:
            self._get_back()
        return PAUSE_SECONDS

    def _get_back(self) -> None:
        """Valkey forgot the lock, or was away for longer than it lasts. Whoever asks first has it from now on."""
        try:
            held = self.lock.acquire(blocking=False)
        except (CannotConnect, NoAnswer):
            return
        if held:
            log.warning("beat: Valkey had lost the lock; it is ours again")
        else:
            log.info("beat: another beat has the lock; waiting for it")
