"""Single commands to Valkey, without what redis-py does around each: in a third of its time."""

import os
from typing import Any

import redis
from redis.connection import ConnectionInterface


class Line:
    """Connections of redis-py, each of one command at a time; as many are kept as were needed at once, for as long as
    the process runs. So there is one of these for a server, whatever threads come and go.

    One that was closed meanwhile is opened again, once; whoever is away is not waited for.
    """

    def __init__(self, pool: redis.ConnectionPool) -> None:
        """`pool` says where and how to connect, and has none of the connections."""
        self._connect = pool.make_connection
        self._free: list[ConnectionInterface] = []
        # A connection that two processes use gives each the other's answers.
        os.register_at_fork(after_in_child=self._free.clear)

    def ask(self, *words: bytes) -> Any:
        """What `words` are answered.

        Raises:
            redis.RedisError: it is away, or refuses the command.
        """
        packed = b"*%d\r\n" % len(words) + b"".join(b"$%d\r\n%b\r\n" % (len(word), word) for word in words)
        connection = self._one()
        was_open = connection.is_connected
        try:
            found = _answer(connection, packed)
        except redis.ConnectionError:
            if not was_open:
                raise
            found = _answer(connection, packed)
        self._free.append(connection)
        return found

    def _one(self) -> ConnectionInterface:
        try:
            return self._free.pop()
        except IndexError:
            return self._connect()


def _answer(connection: ConnectionInterface, packed: bytes) -> Any:
    connection.send_packed_command([packed], check_health=False)  # type: ignore[no-untyped-call]
    return connection.read_response(disable_decoding=True)
