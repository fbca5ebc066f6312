"""Learns the word-translation tables of `kb/resources/translation/` from parallel text.

    python training/translation_tables.py DATA [--work FOLDER] [--out kb/resources/translation]

DATA holds `train/` with the files named in translation_tables.toml: tab-separated, columns uz, ru, en, cells may be
empty. Run it again whenever stemming changes; it takes two minutes on one core. Finished steps are kept in the work
folder under names made from their inputs, so that a run that was cut off goes on, and the result is always the same.

Recipe: IBM Model 1 over `kb.text.words.terms` in both directions, combined by their geometric mean; a stem that the
parallel text does not translate falls back to a dictionary translated by machine, with less weight. Terms of several
words are kept as phrases where they add to the tables (`phrases.py`). The use of such
tables at question time is Darwish & Oard 2003, "Probabilistic Structured Query Methods".
"""

from __future__ import annotations

import argparse
import hashlib
import tempfile
import time
import tomllib
from pathlib import Path
from typing import Any, cast

import numpy as np
from alignment import Floats, Lexicon, Rows, both_ways, learn
from phrases import Table, kept, terms_in
from safetensors.numpy import save_file

from kb.models.phrases import Entry, encode_phrases
from kb.models.stems import encode_numbers, encode_stems
from kb.models.translation import FILE_NAME, LANGUAGES
from kb.text import words

HERE = Path(__file__).parent
PAIRS = (("uz", "ru"), ("uz", "en"), ("ru", "en"))

Stems = list[tuple[list[str], ...]]


def digest_of(*parts: bytes) -> str:
    """Return 16 hex digits for a step's inputs."""
    digest = hashlib.sha256()
    for part in (*parts, *(path.read_bytes() for path in sorted(Path(words.__file__).parent.glob("*.py")))):
        digest.update(hashlib.sha256(part).digest())
    return digest.hexdigest()[:16]


def stems_of(path: Path, work: Path) -> Stems:
    """Return each row's stems in the three languages, from the work folder where they are known."""
    raw = path.read_bytes()
    kept = work / f"{path.stem}-{digest_of(raw)}.stems"
    if not kept.exists():
        head, *lines = raw.decode("utf-8").removesuffix("\n").split("\n")
        columns = [head.split("\t").index(language) for language in LANGUAGES]
        done = []
        for line in lines:
            cells = line.split("\t")
            done.append(
                "\t".join(
                    " ".join(words.terms(cells[column], language))
                    for column, language in zip(columns, LANGUAGES, strict=True)
                )
            )
        part = kept.with_suffix(".part")
        part.write_text("\n".join(done), encoding="utf-8")
        part.replace(kept)
    return [tuple(cell.split() for cell in line.split("\t")) for line in kept.read_text(encoding="utf-8").split("\n")]


def aligned(
    stems: dict[str, Stems], weights: dict[str, float], pair: tuple[str, str], longest: int
) -> tuple[list[list[str]], list[list[str]], Floats]:
    """Return both sides of all rows that have both languages, and each row's weight."""
    left, right = (LANGUAGES.index(language) for language in pair)
    rows = [
        (row[left], row[right], weights[name])
        for name in weights
        for row in stems[name]
        if 0 < len(row[left]) <= longest and 0 < len(row[right]) <= longest
    ]
    return [a for a, _, _ in rows], [b for _, b, _ in rows], np.array([weight for _, _, weight in rows], np.float64)


def numbered(rows: list[list[str]]) -> tuple[list[str], Rows]:
    """Return the vocabulary (id 0 is NULL) in order of first use, and the rows by id."""
    ids: dict[str, int] = {"": 0}
    counted = [[ids.setdefault(word, len(ids)) for word in row] for row in rows]
    return list(ids), Rows.of(counted)


def best(lexicon: Lexicon, sources: list[str], targets: list[str], least: float, most: int) -> Table:
    """Return each source's translations, best first, ties by spelling, with weights relative to the best."""
    table: Table = {}
    for source, target, weight in zip(
        lexicon.source.tolist(), lexicon.target.tolist(), lexicon.probability.tolist(), strict=True
    ):
        if weight > least:
            table.setdefault(sources[source], []).append((targets[target], weight))
    for source, entries in table.items():
        entries.sort(key=lambda entry: (-entry[1], entry[0]))
        table[source] = [(word, weight / entries[0][1]) for word, weight in entries[:most]]
    return table


def tables_of(
    stems: dict[str, Stems], weights: dict[str, float], pair: tuple[str, str], config: dict[str, Any]
) -> tuple[Table, Table]:
    """Return the tables of both directions of one language pair."""
    left, right, counts = aligned(stems, weights, pair, config["longest"])
    (left_words, left_rows), (right_words, right_rows) = numbered(left), numbered(right)
    ahead = learn(left_rows, right_rows, counts, config["rounds"], config["discount"])
    back = learn(right_rows, left_rows, counts, config["rounds"], config["discount"])
    limits = (config["least_probability"], config["least_count"])
    choice = (config["least_weight"], config["most"])
    return (
        best(both_ways(ahead, back, *limits), left_words, right_words, *choice),
        best(both_ways(back, ahead, *limits), right_words, left_words, *choice),
    )


def with_fallback(table: Table, spare: Table, config: dict[str, Any]) -> Table:
    """Return the table with the spare table's entries, at less weight, for stems that it lacks."""
    most, weight = config["fallback_most"], config["fallback_weight"]
    added = {
        source: [(word, share * weight) for word, share in entries[:most]]
        for source, entries in spare.items()
        if source not in table and len(source) <= config["fallback_longest"]
    }
    return table | added


def pack(tables: dict[tuple[str, str], Table], phrases: list[Entry]) -> dict[str, np.ndarray]:
    """Return the arrays of the file that `kb.models.translation` maps; its docstring describes them."""
    vocabulary: dict[str, set[str]] = {language: set() for language in LANGUAGES}
    for (source, target), table in tables.items():
        for word, entries in table.items():
            vocabulary[source].add(word)
            vocabulary[target].update(other for other, _ in entries)
    for phrase in phrases:
        for language, forms in phrase.items():
            vocabulary[language].update(word for form in forms for word in form)
    ordered = {language: sorted(found, key=lambda word: word.encode()) for language, found in vocabulary.items()}
    ids = {language: {word: number for number, word in enumerate(found)} for language, found in ordered.items()}
    arrays: dict[str, np.ndarray] = {}
    for language, found in ordered.items():
        arrays |= encode_stems(found, language) | encode_phrases(phrases, language, ids[language])
    for (source, target), table in tables.items():
        rows = [table.get(word, []) for word in ordered[source]]
        entries = [entry for row in rows for entry in row]
        name = f"{source}-{target}"
        arrays[f"{name}.counts"] = np.array([len(row) for row in rows], np.uint8)
        arrays |= encode_numbers([ids[target][word] for word, _ in entries], f"{name}.targets", len(ids[target]))
        arrays[f"{name}.weights"] = np.array([max(1, round(w * 255)) for _, w in entries], np.uint8)
    return arrays


def main() -> None:
    """Learn, combine, write, and show a few entries."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("data", type=Path)
    parser.add_argument("--work", type=Path, default=Path(tempfile.gettempdir()) / "translation-tables")
    parser.add_argument("--out", type=Path, default=HERE.parent / "kb" / "resources" / "translation")
    options = parser.parse_args()
    started = time.perf_counter()
    config = tomllib.loads((HERE / "translation_tables.toml").read_text(encoding="utf-8"))
    options.work.mkdir(parents=True, exist_ok=True)
    names = (*config["weights"], *config["fallback"])
    stems = {name: stems_of(options.data / "train" / name, options.work) for name in names}
    print(f"{sum(map(len, stems.values()))} rows, {time.perf_counter() - started:.0f} s")
    tables: dict[tuple[str, str], Table] = {}
    for pair in PAIRS:
        main_tables = tables_of(stems, config["weights"], pair, config)
        spare_tables = tables_of(stems, config["fallback"], pair, config) if pair[1] == "en" else ({}, {})
        for direction, table, spare in zip((pair, pair[::-1]), main_tables, spare_tables, strict=True):
            tables[cast("tuple[str, str]", direction)] = with_fallback(table, spare, config)
            print(
                f"{'>'.join(direction)}: {len(table)} stems, {len(spare)} spare, {time.perf_counter() - started:.0f} s"
            )
    options.out.mkdir(parents=True, exist_ok=True)
    terms = terms_in(options.data / "train" / config["phrases"])
    phrases = kept(terms, tables)
    print(f"{len(phrases)} of {len(terms)} terms kept as phrases")
    save_file(pack(tables, phrases), options.out / FILE_NAME)
    (options.out / FILE_NAME).chmod(0o644)
    print(f"{(options.out / FILE_NAME).stat().st_size / 1e6:.2f} MB")
    for word, (source, target) in (("invest", ("uz", "ru")), ("barqaror", ("uz", "ru")), ("klaster", ("uz", "en"))):
        print(word, target, tables[source, target].get(word, [])[:5])


if __name__ == "__main__":
    main()
