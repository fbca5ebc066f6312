"""The program over a real index: what it prints, what it returns, what it leaves alone."""

import contextlib
import json
import os
import re
import shutil
import subprocess
import sys

import pytest

QUOTABLE = "How many days after the end of the quarter are quarterly data submitted?"
UNANSWERABLE = "At what temperature does tungsten melt on the surface of Venus?"


def parsed(result):
    return json.loads(result.stdout)


def test_an_answer_shows_sentences_with_numbers_then_title_page_and_quote(kb):
    result = kb("ask", QUOTABLE)
    assert result.exit_code == 0
    assert re.search(r"\[1\]", result.stdout.splitlines()[0])
    assert re.search(r"^\[1\] .+, p\. \S+$", result.stdout, re.MULTILINE)
    assert re.search(r"^    «.+»$", result.stdout, re.MULTILINE | re.DOTALL)
    assert result.stderr == ""


def test_an_answer_as_json_holds_the_record(kb):
    answer = parsed(kb("ask", QUOTABLE, "--json"))
    assert answer["status"] == "answered"
    assert {"number", "quote", "document", "page_label", "spans"} <= answer["citations"][0].keys()
    assert any("25th day after the quarter" in one["quote"] for one in answer["citations"])


def test_a_question_that_nothing_answers_ends_with_status_four(kb):
    result = kb("ask", UNANSWERABLE)
    assert result.exit_code == 4
    assert result.stdout.strip()
    refused = kb("ask", UNANSWERABLE, "--json")
    assert (refused.exit_code, parsed(refused)["status"]) == (4, "not_found")


def test_search_lists_hits_in_order_and_k_limits_them(kb):
    hits = parsed(kb("search", "туризм хунармандчилик", "-k", 3, "--json"))
    assert [hit["rank"] for hit in hits] == [1, 2, 3]
    plain = kb("search", "туризм хунармандчилик", "-k", 3, "--show-legs")
    assert [line[0] for line in plain.stdout.splitlines() if re.match(r"\d\. ", line)] == ["1", "2", "3"]
    assert re.search(r"#1 ", plain.stdout)


@pytest.mark.parametrize("command", ["search", "ask"])
def test_filters_narrow_both_commands(kb, command):
    def hits(*filters):
        found = parsed(kb(command, "tourism and crafts", "--json", *filters))
        return found if command == "search" else found["hits"]

    assert {hit["passage"]["language"] for hit in hits("--language", "uz", "--language", "ru")} == {"uz", "ru"}
    one = hits("--language", "en")[0]["document"]["id"]
    assert {hit["document"]["id"] for hit in hits("--document", one)} == {one}
    assert {hit["document"]["date"] for hit in hits("--since", "2024-11-06", "--until", "2024-11-06")} == {"2024-11-06"}
    assert hits("--spelling", "cyrillic") == []


def test_a_search_without_hits_ends_with_status_four_and_empty_json(kb):
    result = kb("search", "tourism", "--spelling", "latin-2026", "--json")
    assert (result.exit_code, parsed(result)) == (4, [])


@pytest.mark.parametrize(
    "arguments",
    [("ask", "q", "--language", "de"), ("ask",), ("search", "q", "-k", "0"), ("nonsense",), ("index",)],
)
def test_a_call_that_is_not_understood_ends_with_status_two(kb, arguments):
    result = kb(*arguments)
    assert result.exit_code == 2
    assert result.stdout == ""


@pytest.mark.parametrize(
    "arguments",
    [("ask", "   "), ("ask", "q", "--since", "yesterday"), ("show", 999), ("remove", 999), ("eval", "absent.jsonl")],
)
def test_an_error_is_one_line_on_stderr_with_status_one(kb, arguments):
    result = kb(*arguments, "--json")
    assert result.exit_code == 1
    assert result.stdout == ""
    assert re.fullmatch(r"kb: [^\n]+\n", result.stderr)


def test_documents_and_pages_are_listed_and_shown(kb):
    listed = parsed(kb("documents", "--json"))
    assert len(listed) == 3
    assert all(one["pages"] == [] for one in listed)
    english = next(one for one in listed if one["languages"] == ["en"])
    assert kb("documents").stdout.count("\n") == 3
    shown = parsed(kb("show", english["id"], "--page", 1, "--json"))
    assert [page["index"] for page in shown["pages"]] == [1]
    text = kb("show", english["id"]).stdout
    assert all(line in text for line in shown["pages"][0]["text"].splitlines())
    beyond = kb("show", english["id"], "--page", 77)
    assert (beyond.exit_code, beyond.stdout) == (1, "")


def test_a_sound_index_verifies(kb):
    found = parsed(kb("verify", "--json"))
    assert (found["ok"], found["documents"], found["problems"]) == (True, 3, [])
    assert kb("verify").exit_code == 0


def test_indexing_again_changes_nothing(kb, library):
    report = parsed(kb("index", library, "--json"))
    assert (report["indexed"], report["unchanged"], report["removed"]) == (0, 3, 0)


def test_a_missing_folder_makes_no_index(kb, tmp_path, library):
    target = tmp_path / "index"
    result = kb("index", library, tmp_path / "absent", "--index", target)
    assert result.exit_code == 1
    assert "absent" in result.stderr
    assert not target.exists()


@pytest.mark.parametrize("command", [("ask", "q"), ("search", "q"), ("documents",), ("verify",), ("rebuild",)])
def test_reading_a_missing_index_is_an_error_and_makes_none(kb, tmp_path, command):
    result = kb(*command, "--index", tmp_path / "none")
    assert result.exit_code == 1
    assert not (tmp_path / "none").exists()


def test_bad_documents_cost_themselves_only(kb, tmp_path, library):
    folder, target = tmp_path / "mixed", tmp_path / "index"
    shutil.copytree(library, folder)
    (folder / "broken.pdf").write_bytes(b"%PDF-1.7\nnothing more")
    (folder / "empty.txt").write_bytes(b"")
    result = kb("index", folder, "--index", target, "--json")
    report = parsed(result)
    assert (result.exit_code, report["indexed"], len(report["failed"])) == (3, 3, 2)
    failures = [line for line in result.stderr.splitlines() if line.startswith("kb: failed: ")]
    assert sorted("broken.pdf" in line for line in failures) == [False, True]


def test_several_folders_make_one_report_and_prune_removes_what_is_gone(kb, tmp_path, library):
    first, second, target = tmp_path / "a", tmp_path / "b", tmp_path / "index"
    for folder in (first, second):
        shutil.copytree(library, folder)
    assert parsed(kb("index", first, second, "--index", target, "--json"))["indexed"] == 6
    gone = min(first.iterdir())
    gone.unlink()
    assert parsed(kb("index", first, "--index", target, "--json"))["removed"] == 0
    assert parsed(kb("index", first, "--index", target, "--prune", "--json"))["removed"] == 1
    listed = parsed(kb("documents", "--index", target, "--json"))
    assert len(listed) == 5
    assert parsed(kb("remove", listed[0]["id"], "--index", target, "--json"))["id"] == listed[0]["id"]
    assert len(parsed(kb("documents", "--index", target, "--json"))) == 4
    assert parsed(kb("rebuild", "--index", target, "--json"))["failed"] == []
    assert len(parsed(kb("documents", "--index", target, "--json"))) == 4


def test_file_names_with_escape_sequences_are_printed_safely(kb, tmp_path):
    folder, target = tmp_path / "hostile", tmp_path / "index"
    folder.mkdir()
    text = "# Notes\n\nThe cluster council meets \x1b[2Jevery month \u202ein the district centre.\n"
    (folder / "evil\x1b]0;owned\x07.md").write_text(text, encoding="utf-8")
    (folder / "bad\x1b[31m.pdf").write_bytes(b"no")
    results = [
        kb("index", folder, "--index", target),
        kb("documents", "--index", target),
        kb("show", 1, "--index", target),
        kb("search", "cluster council", "--index", target),
        kb("ask", "How often does the cluster council meet?", "--index", target),
    ]
    assert [one.exit_code for one in results[:4]] == [3, 0, 0, 0]
    for one in results:
        assert not re.search("[\x00-\x08\x0b-\x1f\x7f-\x9f\u202e]", one.output)
    assert r"evil\x1b]0;owned\x07.md" in results[1].stdout


def test_a_terminal_gets_a_bar_on_stderr_and_stdout_stays_json(library, tmp_path):
    pty = pytest.importorskip("pty", reason="pseudo-terminals are a POSIX matter")
    ours, theirs = pty.openpty()
    command = [sys.executable, "-m", "kb", "index", str(library), "--index", str(tmp_path / "index"), "--json"]
    child = subprocess.Popen(command, stdout=subprocess.PIPE, stderr=theirs, env=os.environ | {"TERM": "xterm"})
    os.close(theirs)
    shown = b""
    # Reading a pseudo-terminal whose other end is closed is an error on Linux, an empty read elsewhere.
    with contextlib.suppress(OSError):
        while part := os.read(ours, 65536):
            shown += part
    os.close(ours)
    out, _ = child.communicate(timeout=60)
    assert json.loads(out)["indexed"] == 3
    plain = re.sub(rb"\x1b\[[?0-9;]*[a-zA-Z]", b"", shown)
    assert re.search(rb"3/3 documents +\d+ passages, \d+/s", plain)


def test_a_closed_pipe_ends_without_a_traceback(index):
    program = f"{sys.executable} -m kb show 1 --index {index} | true"
    done = subprocess.run(["bash", "-c", program], capture_output=True, text=True, check=False, timeout=60)
    assert "Traceback" not in done.stderr


def test_eval_measures_an_index_and_a_folder_alike(kb, library, tmp_path):
    questions, output = tmp_path / "own.csv", tmp_path / "out.json"
    rows = [
        "question;document;quote",
        f"{QUOTABLE};en06_monitoring_methodology;Quarterly data are submitted by the 25th day after the quarter",
        "Что такое ремесленный кластер?;ru05_remesla_ocenka.md;",
        f"{UNANSWERABLE};;",
    ]
    questions.write_text("\n".join(rows), encoding="utf-8")
    found = parsed(kb("eval", questions, "--json", "--output", output))
    assert (found["questions"], found["gold_found"], found["gold_total"]) == (3, 2, 2)
    assert "outcomes" not in found
    assert len(json.loads(output.read_text(encoding="utf-8"))["outcomes"]) == 3
    single = next(row for row in found["rows"] if (row["half"], row["kind"], row["form"]) == ("all", "single", "all"))
    assert single["measures"]["recall@20"] == 1.0
    assert single["measures"]["verbatim"] == 1.0
    fresh = parsed(kb("eval", questions, "--json", "--documents", library))
    assert fresh["rows"] == found["rows"]
    text = kb("eval", questions, "--search-only", "--half", "all")
    assert text.exit_code == 0
    assert "Single-answer questions (2)" in text.stdout
    assert "refused" not in text.stdout
    assert kb("eval", questions, "--forms", "klingon").exit_code == 1


def test_a_broad_answer_stands_under_headings_with_numbered_quotes_and_pages(kb):
    result = kb("ask", "What do the documents say about craftsmen and their apprentices?")
    assert result.exit_code == 0
    lines = result.stdout.splitlines()
    assert re.fullmatch(r"\d+ points? from \d+ documents?", lines[0])
    assert [int(n) for n in re.findall(r"^  \[(\d+)\] p\. \S+$", result.stdout, re.MULTILINE)] == list(
        range(1, int(lines[0].split()[0]) + 1)
    )
    assert re.search(r"^\S.+\n  \S+ \(document \d+[^)]*\)\n  \[1\]", result.stdout, re.MULTILINE)
    assert re.search(r"^      «.+»$", result.stdout, re.MULTILINE)
    answer = parsed(kb("ask", "What do the documents say about craftsmen and their apprentices?", "--json"))
    assert answer["form"] == "list"
    assert answer["groups"][0]["sentences"][0]["citation"] == 1


def test_a_comparison_says_in_the_askers_language_which_side_has_nothing(kb):
    result = kb("ask", "Чем отличается обучение учеников в Ташкуприкском районе и в Нарнии?")
    assert result.exit_code == 0
    assert "касаются вопроса лишь отчасти" in result.stdout.splitlines()[0]
    assert "О стороне «Нарнии» в документах по этому вопросу ничего не найдено." in result.stdout


def test_where_nothing_answers_the_nearest_passages_are_shown_as_such(kb):
    result = kb("ask", UNANSWERABLE)
    assert "they are not an answer." in result.stdout.splitlines()[0]
    assert [line[0] for line in result.stdout.splitlines() if re.match(r"\d\. ", line)] == ["1", "2", "3"]
    assert not re.search(r"\d\.\d{3}", result.stdout)
