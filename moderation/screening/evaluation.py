"""How good the screening is, measured on labelled texts. Numbers only: nothing here prints or keeps a text."""

import csv
import re
import time
from collections import defaultdict
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from pathlib import Path

from moderation.models import Priority
from moderation.screening.engine import screen
from moderation.screening.hostility import HOSTILE
from moderation.screening.verdict import HOSTILITY, PERSONAL, SPAM, Verdict

LABELS = ("Supportive", "Indicator", "Ideation", "Behavior", "Attempt")
AT_RISK = frozenset({"Ideation", "Behavior", "Attempt"})
_UNKIND = ("hostile", "dismissive", "condescending", "antagonize")
_LONGEST_FIELD = 10_000_000

type Row = dict[str, str]
type Screened = Sequence[tuple[Row, Verdict]]
type Measures = dict[str, float]


class UnreadableFileError(ValueError):
    """A file that lacks a column. The message names both."""


@dataclass
class Evaluation:
    """The measures by name, in the order of the files, and the files that were not there."""

    measures: Measures = field(default_factory=dict)
    skipped: list[str] = field(default_factory=list)


def evaluate(folder: Path) -> Evaluation:
    """Measure with whichever of the known files `folder` holds. Screens every text once.

    Raises:
        UnreadableFileError: a file is there but lacks a column.
    """
    result = Evaluation()
    texts, seconds = 0, 0.0
    for name, (columns, measure) in _FILES.items():
        path = folder / name
        if not path.is_file():
            result.skipped.append(name)
            continue
        rows = _read(path, columns)
        begun = time.thread_time()
        screened = [(row, screen(row["text"])) for row in rows]
        seconds += time.thread_time() - begun
        texts += len(rows)
        result.measures.update(measure(screened))
    if texts:
        result.measures["milliseconds_per_text"] = 1000 * seconds / texts
    return result


def area_under_curve(scores: Sequence[tuple[float, bool]]) -> float:
    """How often a positive scores above a negative; ties count half (Mann and Whitney)."""
    positives = sum(is_positive for _score, is_positive in scores)
    negatives = len(scores) - positives
    if not positives or not negatives:
        raise ValueError("An area needs both kinds.")
    groups: dict[float, list[bool]] = defaultdict(list)
    for score, is_positive in scores:
        groups[score].append(is_positive)
    below, area = 0, 0.0
    for score in sorted(groups):
        here = sum(groups[score])
        others = len(groups[score]) - here
        area += here * (below + others / 2)
        below += others
    return area / (positives * negatives)


def _read(path: Path, columns: Sequence[str]) -> list[Row]:
    csv.field_size_limit(_LONGEST_FIELD)
    with path.open(encoding="utf-8", newline="") as file:
        reader = csv.DictReader(file)
        if missing := [column for column in columns if column not in (reader.fieldnames or ())]:
            raise UnreadableFileError(f"{path.name} has no column “{missing[0]}”.")
        return [{name: value or "" for name, value in row.items() if isinstance(name, str)} for row in reader]


def _is_raised(verdict: Verdict) -> bool:
    return verdict.priority in (Priority.CRISIS, Priority.DANGER)


def _share(hits: Sequence[bool]) -> float:
    return sum(hits) / len(hits) if hits else 0.0


def _users(screened: Screened) -> Measures:
    labels: dict[str, str] = {}
    raised: dict[str, bool] = defaultdict(bool)
    highest: dict[str, float] = defaultdict(float)
    for row, verdict in screened:
        user = row["user"]
        labels[user] = row["label"]
        raised[user] |= _is_raised(verdict)
        highest[user] = max(highest[user], verdict.severity)
    measures = {
        f"crisis.users.{label}": _share([raised[user] for user, given in labels.items() if given == label])
        for label in LABELS
        if label in labels.values()
    }
    scores = [(highest[user], label in AT_RISK) for user, label in labels.items()]
    if 0 < sum(at_risk for _score, at_risk in scores) < len(scores):
        measures["crisis.auc"] = area_under_curve(scores)
    return measures


def _ordinary(screened: Screened) -> Measures:
    return {
        "crisis.flagged.ordinary": _share([_is_raised(verdict) for _row, verdict in screened]),
        "personal.flagged.ordinary": _share([bool(verdict.of_kind(PERSONAL)) for _row, verdict in screened]),
    }


def _stressed(screened: Screened) -> Measures:
    return {"crisis.flagged.stressed": _share([_is_raised(verdict) for _row, verdict in screened])}


def _watch(screened: Screened) -> Measures:
    return _recall_and_precision(
        screened,
        recall="crisis.recall.watch",
        precision="crisis.precision.watch",
        is_one=lambda row: row["label"] == "1",
        fires=_is_raised,
    )


def _personal(screened: Screened) -> Measures:
    fired: dict[str, list[bool]] = defaultdict(list)
    for row, verdict in screened:
        for kind in set(re.findall(r"\w+", row["types"])):
            fired[kind].append(bool(verdict.of_kind(PERSONAL)))
    return {f"personal.recall.{kind}": _share(hits) for kind, hits in sorted(fired.items())}


def _unhealthy(screened: Screened) -> Measures:
    return _recall_and_precision(
        screened,
        recall="hostile.recall",
        precision="hostile.precision",
        is_one=lambda row: any(row[column] == "1" for column in _UNKIND),
        fires=lambda verdict: any(signal.severity >= HOSTILE for signal in verdict.of_kind(HOSTILITY)),
    )


def _spam(screened: Screened) -> Measures:
    return _recall_and_precision(
        screened,
        recall="spam.recall",
        precision="spam.precision",
        is_one=lambda row: row["spam"] == "1",
        fires=lambda verdict: bool(verdict.of_kind(SPAM)),
    )


def _recall_and_precision(
    screened: Screened,
    *,
    recall: str,
    precision: str,
    is_one: Callable[[Row], bool],
    fires: Callable[[Verdict], bool],
) -> Measures:
    of_those = [fires(verdict) for row, verdict in screened if is_one(row)]
    of_fired = [is_one(row) for row, verdict in screened if fires(verdict)]
    return {recall: _share(of_those), precision: _share(of_fired)}


_FILES: dict[str, tuple[Sequence[str], Callable[[Screened], Measures]]] = {
    "risk_users.csv": (("user", "label", "text"), _users),
    "ordinary.csv": (("text",), _ordinary),
    "stressed.csv": (("text",), _stressed),
    "watch.csv": (("text", "label"), _watch),
    "personal.csv": (("text", "types"), _personal),
    "unhealthy.csv": (("text", *_UNKIND), _unhealthy),
    "spam.csv": (("text", "spam"), _spam),
}


def names() -> Iterator[str]:
    """The files that are known."""
    return iter(_FILES)
