"""Queries that are asked often in the same words, with other values: each connection prepares them once.

OPTIONS["prepare_threshold"] of None in the settings leaves that out, for a pooler that cannot keep statements.
"""

import marshal
import re
import select
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from enum import IntEnum
from functools import cached_property, partial
from hashlib import blake2b
from itertools import count, takewhile
from typing import Any, NamedTuple, Protocol

import psycopg
from django.db import DEFAULT_DB_ALIAS, connections
from psycopg.adapt import AdaptersMap, PyFormat, Transformer
from psycopg.pq import ExecStatus, TransactionStatus
from psycopg.pq.abc import PGresult
from psycopg.types.datetime import TimestamptzLoader
from psycopg.types.numeric import Int8
from psycopg.types.string import TextLoader

from core.patience import about_to_wait


class Found(Protocol):
    """What a query gave."""

    def rows(self) -> list[tuple[Any, ...]]:
        """As PostgreSQL gives them; times in UTC, JSON as text."""

    def raw(self, column: int) -> list[str | None]:
        """Of each row, as PostgreSQL writes it."""

    def mark(self, *, leaving: int = 0) -> bytes:
        """The same for the same rows alone, in 16 bytes; less the last columns, as many as are `leaving`."""


def ask(sql: str, values: Sequence[Any], *, using: str = DEFAULT_DB_ALIAS) -> Found:
    """One query, which gives rows. `sql` marks places for values by %s, and says %% for a sign of per cent."""
    return ask_with(sql, values, (), using=using)[0]


type Query = tuple[str, Sequence[Any]]


def ask_with(
    sql: str, values: Sequence[Any], guesses: Sequence[Query], *, using: str = DEFAULT_DB_ALIAS
) -> list[Found]:
    """The same, and what `guesses` give, all in one message to PostgreSQL and one back.

    Guesses are queries that read. None of them fails: what follows the query itself in the list is what some of the
    first of them gave, and none where a query is logged or counted, or where this connection did not prepare them yet.
    """
    connection = connections[using]
    connection.ensure_connection()
    given = [_of_one_type(value) for value in values]
    statements = _statements_of(connection.connection)
    # A query that is logged or counted is to be read, and asked again, with its values in it.
    if connection.queries_logged or connection.execute_wrappers or not statements.can_be_kept():
        with connection.cursor() as cursor:
            cursor.execute(sql, given)
            return [_Fetched(cursor.fetchall())]
    connection.validate_no_broken_transaction()
    with connection.wrap_database_errors:
        return statements.ask_with(sql, given, guesses) if guesses else [statements.ask(sql, given)]


def ask_in_turn(queries: Sequence[Query], *, is_last: bool = False, using: str = DEFAULT_DB_ALIAS) -> list[Found]:
    """Several queries in one message to PostgreSQL and one back, as if `ask` was called for each: one begins when that
    before it is done, and sees what was committed until then. Outside of a transaction they are one.

    `is_last`: nothing else is asked in this transaction, and nothing fails between here and its end. So it is
    committed with the same message, where its block is the outermost one; whatever waits for that is done at its end.
    """
    connection = connections[using]
    connection.ensure_connection()
    statements = _statements_of(connection.connection)
    if connection.queries_logged or connection.execute_wrappers or not statements.can_be_kept():
        return [ask(*query, using=using) for query in queries]
    connection.validate_no_broken_transaction()
    commits = is_last and len(connection.atomic_blocks) == 1 and connection.in_atomic_block
    if commits:
        # For the disk.
        about_to_wait()
    with connection.wrap_database_errors:
        return statements.ask_in_turn(queries, commits=commits)


@dataclass(frozen=True, slots=True)
class _Fetched:
    found: list[tuple[Any, ...]]

    def rows(self) -> list[tuple[Any, ...]]:
        return self.found

    def raw(self, column: int) -> list[str | None]:
        return [None if row[column] is None else str(row[column]) for row in self.found]

    def mark(self, *, leaving: int = 0) -> bytes:
        return _digest(repr([row[: len(row) - leaving] for row in self.found]).encode())


@dataclass(frozen=True)
class _Direct:
    """Read only as far as it is asked for."""

    result: PGresult
    statement: "_Statement"
    as_text: Any

    def rows(self) -> list[tuple[Any, ...]]:
        statement, result = self.statement, self.result
        statement.reading.set_pgresult(result, set_loaders=not statement.knows_columns)
        statement.knows_columns = True
        found: list[tuple[Any, ...]] = statement.reading.load_rows(0, result.ntuples, tuple)
        return found

    def raw(self, column: int) -> list[str | None]:
        return [row[column] for row in self._texts]

    def mark(self, *, leaving: int = 0) -> bytes:
        texts = [row[:-leaving] for row in self._texts] if leaving else self._texts
        # Marshal's second form says the same of equal values, whoever else holds them.
        return _digest(marshal.dumps(texts, 2))

    @cached_property
    def _texts(self) -> list[tuple[str | None, ...]]:
        self.as_text.set_pgresult(self.result)
        rows: list[tuple[str | None, ...]] = self.as_text.load_rows(0, self.result.ntuples, tuple)
        return rows


def _digest(said: bytes) -> bytes:
    return blake2b(said, digest_size=16).digest()


class _Statements:
    """Those that one connection has prepared. They are asked by libpq's own calls, in a third of the time of psycopg's
    cursor, which has a loop around one that does not wait. Other threads go on meanwhile.

    psycopg prepares none itself here: with a transaction that is undone it would let go of all that there are.
    """

    def __init__(self, connection: psycopg.Connection[Any]) -> None:
        self._connection = connection
        self._context = psycopg.Cursor(connection)
        # psycopg's own, in place of Django's, which is written in Python. Both give times in UTC.
        self._context.adapters.register_loader("timestamptz", TimestamptzLoader)
        self._kept: dict[tuple[str, tuple[int, ...]], _Statement] = {}
        self._names = count(1)
        self._dumping: Any = Transformer(self._context)
        self._as_text: Any = Transformer(_AsText(connection))

    def can_be_kept(self) -> bool:
        """Not behind some poolers, and not where a transaction would begin in a way of its own."""
        begins = (self._connection.isolation_level, self._connection.read_only, self._connection.deferrable)
        return self._connection.prepare_threshold is not None and begins == (None, None, None)

    def ask(self, sql: str, values: list[Any]) -> Found:
        self._begin()
        return self._prepared_again(partial(self._ask, sql, values))

    def _begin(self) -> None:
        if self._is_to_begin():
            _check(self._connection.pgconn.exec_(b"BEGIN"))

    def _is_to_begin(self) -> bool:
        return not self._connection.autocommit and self._status == TransactionStatus.IDLE

    def ask_in_turn(self, queries: Sequence[Query], *, commits: bool) -> list[Found]:
        return self._prepared_again(partial(self._ask_in_turn, queries, commits=commits))

    def _prepared_again[Answer](self, asking: Callable[[], Answer]) -> Answer:
        """Where somebody else let go of what was prepared, it is prepared again, but for who is in a transaction."""
        try:
            return asking()
        except psycopg.errors.InvalidSqlStatementName:
            self._kept.clear()
            if self._status != TransactionStatus.IDLE:
                raise
            return asking()

    def _ask_in_turn(self, queries: Sequence[Query], *, commits: bool) -> list[Found]:
        asked = [self._dumped(sql, [_of_one_type(value) for value in values]) for sql, values in queries]
        statements = [self._kept.get(each.key) or self._prepare(*each.key) for each in asked]
        first, last = [b"BEGIN"] * self._is_to_begin(), [b"COMMIT"] * commits
        results = [_check(result) for result in self._piped(asked, first=first, last=last)][len(first) :]
        return [
            _Direct(result, statement, self._as_text) for result, statement in zip(results, statements, strict=False)
        ]

    def ask_with(self, sql: str, values: list[Any], guesses: Sequence[Query]) -> list[Found]:
        """By libpq's pipeline. Where anything fails, the query is asked again alone."""
        asked = [self._dumped(sql, values)]
        for guess, its_values in guesses:
            asked.append(self._dumped(guess, [_of_one_type(value) for value in its_values]))
        together = list(takewhile(lambda each: each.key in self._kept, asked))
        if len(together) < 2:
            return [self.ask(sql, values)]
        self._begin()
        results = self._piped(together)
        found: list[Found] = []
        for each, result in zip(together, results, strict=True):
            if result.status != ExecStatus.TUPLES_OK:
                break
            found.append(_Direct(result, self._kept[each.key], self._as_text))
        return found or [self.ask(sql, values)]

    def _piped(
        self, asked: Sequence["_Dumped"], *, first: Sequence[bytes] = (), last: Sequence[bytes] = ()
    ) -> list[PGresult]:
        """What is `first` and `last` gives no rows. After the first that fails none is tried."""
        connection = self._connection.pgconn
        connection.enter_pipeline_mode()
        try:
            for words in first:
                connection.send_query_params(words, None)
            for each in asked:
                connection.send_query_prepared(self._kept[each.key].name, each.values, each.formats)
            for words in last:
                connection.send_query_params(words, None)
            connection.pipeline_sync()
            self._send_all()
            # Each result is followed by none, and the last one by that of the end.
            results = [self._arrived() for _place in range(2 * (len(first) + len(asked) + len(last)) + 1)]
        finally:
            connection.exit_pipeline_mode()
        return [result for result in results[:-1] if result is not None]

    def _send_all(self) -> None:
        """A long message goes in parts, as PostgreSQL takes them; it may wait meanwhile until its answers are taken."""
        connection = self._connection.pgconn
        while connection.flush():
            if self._waited_for(select.POLLIN | select.POLLOUT) & select.POLLIN:
                connection.consume_input()

    def _arrived(self) -> PGresult | None:
        """The next result."""
        connection = self._connection.pgconn
        while connection.is_busy():
            self._waited_for(select.POLLIN)
            connection.consume_input()
        return connection.get_result()

    def _waited_for(self, events: int) -> int:
        """Which of `events` of the socket came. Other threads go on meanwhile."""
        waiting = select.poll()
        waiting.register(self._connection.pgconn.socket, events)
        ((_socket, came),) = waiting.poll()
        return came

    def _ask(self, sql: str, values: list[Any]) -> Found:
        asked = self._dumped(sql, values)
        statement = self._kept.get(asked.key) or self._prepare(*asked.key)
        result = self._connection.pgconn.exec_prepared(statement.name, asked.values, asked.formats)
        return _Direct(_check(result), statement, self._as_text)

    def _dumped(self, sql: str, values: list[Any]) -> "_Dumped":
        dumped = self._dumping.dump_sequence(values, [PyFormat.AUTO] * len(values))
        return _Dumped((sql, tuple(self._dumping.types or ())), dumped, self._dumping.formats)

    def _prepare(self, sql: str, types: tuple[int, ...]) -> "_Statement":
        places = count(1)
        numbered = re.sub("%%|%s", lambda mark: "%" if mark[0] == "%%" else f"${next(places)}", sql)
        statement = _Statement(f"ours_{next(self._names)}".encode(), Transformer(self._context))
        _check(self._connection.pgconn.prepare(statement.name, numbered.encode(), types))
        self._kept[sql, types] = statement
        return statement

    @property
    def _status(self) -> int:
        return self._connection.pgconn.transaction_status


def _check(result: PGresult) -> PGresult:
    if result.status not in (ExecStatus.TUPLES_OK, ExecStatus.COMMAND_OK):
        raise psycopg.errors.error_from_result(result)
    return result


class _Dumped(NamedTuple):
    """A query on its way. `key`: its words, and the types of its values."""

    key: tuple[str, tuple[int, ...]]
    values: Any
    formats: Any


@dataclass(slots=True)
class _Statement:
    """One that a connection prepared, and psycopg's Transformer, which reads its rows."""

    name: bytes
    reading: Any
    knows_columns: bool = False


@dataclass(frozen=True, slots=True)
class _AsText:
    """Gives of any type what PostgreSQL writes of it: 0 is the type of whatever has no loader of its own."""

    connection: psycopg.Connection[Any]
    adapters: AdaptersMap = field(default_factory=AdaptersMap)

    def __post_init__(self) -> None:
        self.adapters.register_loader(0, TextLoader)


def _statements_of(connection: psycopg.Connection[Any]) -> _Statements:
    kept: _Statements | None = connection.__dict__.get("our_statements")
    if kept is None:
        kept = connection.__dict__["our_statements"] = _Statements(connection)
    return kept


def _of_one_type(value: Any) -> Any:
    """Small numbers would make another statement than large ones; where one has a type of psycopg's, it stays."""
    if type(value) is int or isinstance(value, IntEnum):
        return Int8(value)
    return [_of_one_type(one) for one in value] if isinstance(value, list) else value
