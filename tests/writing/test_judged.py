"""How well the gate tells apart sentences judged by hand, over the documents of the corpus."""

import json
from pathlib import Path

import pytest

from kb.records import Hit
from kb.writing.gate import Gate, Passed
from kb.writing.marked import MarkedSentence
from kb.writing.sources import source_of

JUDGED = [
    json.loads(line)
    for line in (Path(__file__).parent / "judged_sentences.jsonl").read_text(encoding="utf-8").splitlines()
]


@pytest.fixture(scope="module")
def verdicts(corpus_base):
    """Each judged sentence with whether it passes, cited with its passage alone."""
    searcher = corpus_base._current()
    documents = {one.id: one for one in corpus_base.documents()}
    passages = [passage for number in documents for passage in corpus_base.passages(number)]
    found = []
    for one in JUDGED:
        passage = next(passage for passage in passages if one["passage"] in passage.text)
        hit = Hit(1, 1.0, passage, documents[passage.document_id], passage.spans[0].page_index, "1")
        gate = Gate([source_of(hit)], one["language"], searcher, corpus_base._encoder, lambda text, language: ())
        passed = isinstance(gate.check(MarkedSentence(one["sentence"], (1,))), Passed)
        found.append((one, passage.language, passed))
    return found


def share(verdicts, *, faithful):
    passed = [passed for one, _, passed in verdicts if one["faithful"] is faithful]
    return sum(passed) / len(passed)


def test_faithful_sentences_mostly_pass(verdicts):
    assert share(verdicts, faithful=True) >= 0.95


def test_unfaithful_sentences_hardly_ever_pass(verdicts):
    assert share(verdicts, faithful=False) <= 0.06


def test_translations_pass_too(verdicts):
    translated = [verdict for verdict in verdicts if verdict[0]["language"] != verdict[1]]
    assert len(translated) > 100
    assert share(translated, faithful=True) >= 0.9


def test_no_sentence_passes_for_a_passage_about_something_else(verdicts, corpus_base):
    searcher = corpus_base._current()
    documents = {one.id: one for one in corpus_base.documents()}
    passages = [passage for number in documents for passage in corpus_base.passages(number)]
    passed = 0
    tried = 0
    for place, (one, _, _) in enumerate(verdicts):
        if not one["faithful"]:
            continue
        passage = passages[(place * 37) % len(passages)]
        if one["passage"] in passage.text:
            continue
        hit = Hit(1, 1.0, passage, documents[passage.document_id], passage.spans[0].page_index, "1")
        gate = Gate([source_of(hit)], one["language"], searcher, corpus_base._encoder, lambda text, language: ())
        passed += isinstance(gate.check(MarkedSentence(one["sentence"], (1,))), Passed)
        tried += 1
    assert tried > 80
    assert passed == 0
