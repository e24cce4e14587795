"""The figures of screening. All texts were written for these tests."""

import json
from io import StringIO
from pathlib import Path

import pytest
from django.core.management import CommandError, call_command

from moderation.screening.evaluation import area_under_curve

FILES = {
    "risk_users.csv": (
        "user,label,text\n"
        "a,Supportive,You could ring somebody tonight.\n"
        "b,Attempt,I want to kill myself.\n"
        'b,Attempt,"Good morning, all."\n'
        "c,Ideation,I like tea.\n"
    ),
    "ordinary.csv": "text\nNice weather.\nWrite to robin@example.org\n",
    "stressed.csv": "text\nI am so tired of this week.\nI want to die.\n",
    "watch.csv": "text,label\nI want to die.,1\nI am going home.,1\nA cake.,0\n",
    "personal.csv": (
        "text,types\nrobin@example.org,EMAIL_ADDRESS\nI am Robin,PERSON\nmy name is Robin Wren,PERSON EMAIL_ADDRESS\n"
    ),
    "unhealthy.csv": (
        "text,hostile,dismissive,condescending,antagonize\n"
        "You are an idiot.,1,0,0,0\nFine by me.,0,0,0,1\nYou are a moron.,0,0,0,0\n"
    ),
    "spam.csv": "text,spam\nYou have won a prize! Call 09061234567 to claim,1\nSee you at ten.,0\n",
}


def write(folder: Path, *names: str) -> Path:
    for name in names or FILES:
        (folder / name).write_text(FILES[name], encoding="utf-8")
    return folder


def evaluate(folder: Path, *options: str) -> tuple[str, str]:
    out, err = StringIO(), StringIO()
    call_command("evaluate_screening", "--data", str(folder), *options, stdout=out, stderr=err)
    return out.getvalue(), err.getvalue()


def test_every_measure_has_its_key(tmp_path):
    out, err = evaluate(write(tmp_path), "--json")
    measures = json.loads(out)
    assert measures.pop("milliseconds_per_text") >= 0
    assert measures == {
        "crisis.users.Supportive": 0.0,
        "crisis.users.Ideation": 0.0,
        "crisis.users.Attempt": 1.0,
        "crisis.auc": 1.0,
        "crisis.flagged.ordinary": 0.0,
        "crisis.flagged.stressed": 0.5,
        "crisis.recall.watch": 0.5,
        "crisis.precision.watch": 1.0,
        "personal.flagged.ordinary": 0.5,
        "personal.recall.EMAIL_ADDRESS": 1.0,
        "personal.recall.PERSON": 0.5,
        "hostile.recall": 0.5,
        "hostile.precision": 0.5,
        "spam.recall": 1.0,
        "spam.precision": 1.0,
    }
    assert err == ""


def test_missing_files_are_skipped_by_name(tmp_path):
    out, err = evaluate(write(tmp_path, "spam.csv"), "--json")
    assert set(json.loads(out)) == {"spam.recall", "spam.precision", "milliseconds_per_text"}
    for name in FILES:
        assert (name in err) is (name != "spam.csv")


def test_no_file_gives_no_figures(tmp_path):
    out, err = evaluate(tmp_path, "--json")
    assert json.loads(out) == {}
    assert err.count("Skipped") == len(FILES)


def test_without_json_there_is_a_row_a_measure(tmp_path):
    out, _err = evaluate(write(tmp_path, "spam.csv"))
    assert [line.split()[0] for line in out.splitlines()] == ["spam.recall", "spam.precision", "milliseconds_per_text"]


def test_no_text_is_printed(tmp_path):
    out, err = evaluate(write(tmp_path))
    assert "kill" not in out + err
    assert "robin" not in out + err


def test_a_file_without_its_columns_is_named(tmp_path):
    (tmp_path / "spam.csv").write_text("text,ham\nHello,1\n", encoding="utf-8")
    with pytest.raises(CommandError, match=r"spam.csv has no column “spam”"):
        evaluate(tmp_path)


def test_a_folder_that_is_none_is_named(tmp_path):
    with pytest.raises(CommandError, match="is no folder"):
        evaluate(tmp_path / "nowhere")


@pytest.mark.parametrize(
    ("scores", "area"),
    [
        ([(0.1, False), (0.9, True)], 1.0),
        ([(0.9, False), (0.1, True)], 0.0),
        ([(0.5, False), (0.5, True)], 0.5),
        ([(0.1, False), (0.4, True), (0.4, False), (0.8, True)], 0.875),
    ],
)
def test_the_area_under_the_curve_counts_pairs_and_half_of_ties(scores, area):
    assert area_under_curve(scores) == area


def test_an_area_needs_both_kinds():
    with pytest.raises(ValueError, match="both"):
        area_under_curve([(0.5, True)])
