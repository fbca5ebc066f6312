import json
from pathlib import Path

import pytest

from kb.text.other_languages import in_another_language
from kb.text.spellings import to_cyrillic

HERE = Path(__file__).parent
QUESTIONS = Path(__file__).parents[2] / "corpus" / "questions.jsonl"


def asked_in_other_languages():
    found = {}
    for line in (HERE / "other_languages.tsv").read_text(encoding="utf-8").splitlines():
        code, question = line.split("\t")
        found.setdefault(code, []).append(question)
    return found


@pytest.mark.parametrize(("code", "questions"), asked_in_other_languages().items())
def test_questions_of_other_languages_are_told(code, questions):
    told = sum(map(in_another_language, questions))
    assert told >= (13 if code in {"ky", "tg"} else 19), [one for one in questions if not in_another_language(one)]


def test_no_question_of_the_bench_is_taken_for_one_in_another_language():
    forms = [
        text
        for line in QUESTIONS.read_text(encoding="utf-8").splitlines()
        for text in json.loads(line)["questions"].values()
    ]
    assert [text for text in forms if in_another_language(text)] == []
    typed = str.maketrans("қғҳўҚҒҲЎ", "кгхуКГХУ")
    russian_keyboard = [to_cyrillic(json.loads(line)["questions"]["uz-latin"]).translate(typed)
                        for line in QUESTIONS.read_text(encoding="utf-8").splitlines()]  # fmt: skip
    assert [text for text in russian_keyboard if in_another_language(text)] == []


@pytest.mark.parametrize(
    "short",
    [
        "", "?", "2030", "Afrika", "Jeneva", "Zürich", "São Paulo", "Łódź", "Los Angeles",
        "Den Haag", "kredit byurosi", "mis pedagogika", "департамент",
        "klaster nima", "кластер нима", "канча", "канча одам ишлайди", "Ўзбекистон", "Ӯзбекистон", "résumé", "eksport",
        "Akhangaran", "PF-60", "ХВЖ", "narxi qancha", "cluster def.",
    ],
)  # fmt: skip
def test_short_inputs_of_our_languages_and_names_are_left_alone(short):
    assert not in_another_language(short)


@pytest.mark.parametrize("short", ["Küme nedir?", "Combien coûte cela ?", "集群", "تجمع", "Кластер деген эмне?"])
def test_short_questions_are_told_when_they_are_sure(short):
    assert in_another_language(short)
