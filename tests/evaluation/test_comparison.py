"""Two runs are compared over the questions that both asked, whole questions being the units of the test."""

from dataclasses import replace

import msgspec
import pytest

from kb.errors import KBError, QueryError
from kb.evaluation.comparison import compare, text_comparison
from kb.evaluation.runs import FORMAT, Run, RunQuestion, load_run, save_run


def asked(question, form, value, *, kind="single", first=1, text=None, **more):
    measures = {"refused": value} if kind == "unanswerable" else {"ndcg@10": value}
    return RunQuestion(question, form, text or f"{question}, {form}?", kind, "ru", first, measures | more)


def run_of(*questions):
    return Run(FORMAT, 20, {"model": "fast"}, questions)


def test_a_run_is_read_back_as_it_was_saved_and_saved_the_same_each_time(tmp_path):
    run = run_of(asked("a", "ru", 0.1 + 0.2, **{"recall@10": 1.0}), asked("b", "en", 0.0, first=None))
    save_run(run, tmp_path / "one.json")
    save_run(load_run(tmp_path / "one.json"), tmp_path / "two.json")
    assert load_run(tmp_path / "one.json") == run
    assert (tmp_path / "one.json").read_bytes() == (tmp_path / "two.json").read_bytes()


@pytest.mark.parametrize("content", [b"", b"{}", b"[1]", b"\xff\xfe", b'{"format": "kb-eval-run-1"}'])
def test_a_file_that_is_no_run_is_refused_by_name(tmp_path, content):
    path = tmp_path / "run.json"
    path.write_bytes(content)
    with pytest.raises(QueryError, match="is not a run of `kb eval`") as caught:
        load_run(path)
    assert str(path) in str(caught.value)


def test_a_run_of_another_format_is_refused(tmp_path):
    save_run(msgspec.structs.replace(run_of(), format="kb-eval-run-9"), tmp_path / "run.json")
    with pytest.raises(QueryError, match="'kb-eval-run-9'"):
        load_run(tmp_path / "run.json")
    with pytest.raises(QueryError, match="cannot be read"):
        load_run(tmp_path / "absent.json")
    with pytest.raises(KBError, match="cannot be written"):
        save_run(run_of(), tmp_path / "absent" / "run.json")


def test_means_are_over_forms_and_the_test_is_over_questions():
    before = run_of(*(asked(f"q{number}", form, 0.5) for number in range(5) for form in ("ru", "en")))
    after = run_of(*(asked(f"q{number}", form, 0.75) for number in range(5) for form in ("ru", "en")))
    [change] = compare(before, after).measures
    assert (change.kind, change.measure, change.questions) == ("single", "ndcg@10", 5)
    assert (change.before, change.after, change.better, change.worse) == (0.5, 0.75, 5, 0)
    assert change.p == pytest.approx(2 / 32)  # five questions, not ten


def test_forms_of_a_question_that_cancel_out_are_no_difference():
    before = run_of(asked("a", "ru", 0.2), asked("a", "en", 0.8))
    after = run_of(asked("a", "ru", 0.8), asked("a", "en", 0.2))
    compared = compare(before, after)
    assert (compared.measures[0].better, compared.measures[0].worse, compared.measures[0].p) == (0, 0, 1.0)
    assert [(one.form, one.before, one.after) for one in compared.questions] == [("en", 0.8, 0.2), ("ru", 0.2, 0.8)]


def test_only_questions_in_the_same_words_are_compared():
    before = run_of(asked("a", "ru", 0.5), asked("b", "ru", 0.5, text="old words?"), asked("c", "ru", 0.5))
    after = run_of(asked("a", "ru", 1.0), asked("b", "ru", 1.0, text="new words?"))
    compared = compare(before, after)
    assert (compared.pairs, compared.only_before, compared.only_after) == (1, 2, 1)
    with pytest.raises(QueryError, match="share no question"):
        compare(run_of(asked("x", "ru", 0.5)), after)


def test_holm_adjusts_over_all_measures_and_kinds():
    def both(value):
        singles = [asked(f"s{number}", "ru", value, **{"rr@10": 0.5}) for number in range(6)]
        return run_of(*singles, asked("u", "ru", 1.0, kind="unanswerable"))

    changes = {(one.kind, one.measure): one for one in compare(both(0.2), both(0.4)).measures}
    assert changes["single", "ndcg@10"].p == pytest.approx(2 / 64)
    assert changes["single", "ndcg@10"].p_holm == pytest.approx(3 * 2 / 64)
    assert changes["single", "rr@10"].p_holm == 1.0
    assert changes["unanswerable", "refused"].before == 1.0


def test_a_measure_that_only_one_run_has_is_left_out():
    before = run_of(asked("a", "ru", 0.5))
    after = run_of(asked("a", "ru", 0.5, **{"cites-gold": 1.0}))
    assert [one.measure for one in compare(before, after).measures] == ["ndcg@10"]
    assert compare(before, after).questions == ()


def test_an_answer_that_lost_its_gold_is_a_change_even_where_the_ranking_is_the_same():
    before = run_of(asked("a", "ru", 0.5, **{"cites-gold": 1.0}))
    after = run_of(asked("a", "ru", 0.5, **{"cites-gold": 0.0}))
    [change] = compare(before, after).questions
    assert (change.measure, change.before, change.after) == ("cites-gold", 1.0, 0.0)


def test_the_text_names_what_lost_most_first_with_the_ranks():
    before = run_of(asked("a", "ru", 1.0), asked("b", "ru", 0.6, first=2), asked("c", "ru", 0.0, first=None))
    after = run_of(asked("a", "ru", 0.3, first=9), asked("b", "ru", 0.5, first=3), asked("c", "ru", 1.0))
    text = text_comparison(compare(before, after))
    lines = [line for line in text.splitlines() if line.startswith("  ndcg@10")]
    assert [line.split("rank ")[1].split("  ")[0] for line in lines] == ["1 → 9", "2 → 3", "– → 1"]
    assert "2 questions and forms are worse" in text
    assert "1 questions and forms are better" in text


def test_the_comparison_is_plain_data_with_everything_in_it():
    compared = compare(run_of(asked("a", "ru", 0.5)), run_of(asked("a", "ru", 0.75)))
    built = compared.to_dict()
    assert built["measures"][0]["after"] == 0.75
    assert built["questions"][0]["question"] == "a"
    assert replace(compared, pairs=2) != compared
