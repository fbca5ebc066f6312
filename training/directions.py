"""Fit the classifier of strategic directions: `python training/directions.py DATA`.

Labels: `corpus/directions.jsonl` names the directions of the paragraphs of 16 documents of `corpus/`, a paragraph by
its first 60 characters. A passage has the directions of all labelled paragraphs that begin in it. Each document is read
twice, cut as usual and cut into single paragraphs, so that long and short passages are both learned.

Weak labels: `DATA/train/qa_passages.jsonl` holds 769 passages, each with its topic in English; the topics that TOPICS
knows stand for directions and count little (WEAK). The rarity of terms is measured on these passages too.

Tested by leaving out one document at a time: coefficients and threshold come from the other fifteen (the threshold from
their own left-out predictions), so no passage, paragraph or heading of a document takes part in judging it. The
definitions and terms were written from the meaning of the directions, not from the labelled documents.
"""

from __future__ import annotations

import argparse
import json
import re
import sys
import tempfile
from dataclasses import dataclass
from math import log
from pathlib import Path
from typing import TYPE_CHECKING, Any, cast

import msgspec
import numpy as np
from sklearn.linear_model import LogisticRegression
from sklearn.metrics import average_precision_score, f1_score, precision_recall_fscore_support

from kb.directions.features import FEATURES, Evidence, phrases_of
from kb.directions.model import FILE_NAME, DirectionModel
from kb.directions.taxonomy import LANGUAGES, Taxonomy, load_taxonomy
from kb.ingest.pipeline import ingest
from kb.models.encoder import Encoder, load_encoder
from kb.settings import PassageSettings, Settings
from kb.store.database import Database
from kb.store.snapshot import Snapshot, open_snapshot

if TYPE_CHECKING:
    from kb.records import Language

ROOT = Path(__file__).resolve().parent.parent
TARGET = ROOT / "kb" / "resources" / "directions" / FILE_NAME
WEAK = 0.3
STRENGTH = 0.3
COMMON = 0.03
TOPICS = {
    "intersectoral_cooperation": r"cooperat|intersectoral|university-industry|triple helix|network|trust"
    r"|public-private dialogue|sister cities|shared access|interregional|supplier development|sharing|social capital"
    r"|proximity|coordination between",
    "strategic_management": r"governance|strateg|management of|cluster manager|charter|voting|board|council"
    r"|public administration|project office|planning|foresight|risk management|policy mix|exit strategy|legal status"
    r"|conflict of interest|SWOT|Delphi|coordinators|cluster policy",
    "financial_stability": r"credit|financ|loan|bank|guarantee|leasing|insurance|subsid|tax|VAT|bond|currency"
    r"|working capital|factoring|budget|interest|bankruptcy|fund\b|funds\b|fiscal|crowdfunding|payments|pricing"
    r"|cash flow",
    "investment": r"invest|FDI|PPP|public.private partnership|privatisation|economic zone|free zone|industrial zone"
    r"|venture|equity|capital market|greenfield|public offering|stock market|land pricing",
    "export": r"export|trade|customs|WTO|rules of origin|phytosanitary|certificat|internationalisation|brand"
    r"|geographical indication|halal|antidumping|border|importer|economic operator|embassies|multimodal|compliance",
    "innovation": r"innovat|technopark|technology|startup|start-up|patent|research|laborator|R&D|digital|AI |artificial"
    r"|robots|automation|intellectual property|nanotech|software|spin-off|IT cluster|ERP|blockchain|3D|design|scouting"
    r"|fintech|e-government|cybersecurity",
    "production_chain": r"value chain|supply chain|processing|suppliers?\b|localisation|local content|storage|cold"
    r"|logistics|raw|plant\b|factory|production|manufactur|feed|packaging|quality|seed|milling|yarn|subcontract"
    r"|missing links|textile|capacity|cocoon|lean|warehouse|livestock|dairy|poultry|input-output",
    "jobs_skills": r"labour|skill|employment|education|training|youth|women|wage|job|worker|vocational|teacher|school"
    r"|college|pay\b|apprentic|migrant|occupational|gender|HR|recruit|prior learning|guides|mentoring|qualification"
    r"|brain drain|pension|maternity",
    "regional_development": r"region|rural|village|mahalla|small towns|municipal|urban|local government|agglomerat"
    r"|district|infrastructure|roads?\b|poverty|decentralis|remote|growth poles|mountain|housing|cities|city|household"
    r"|broadband|local budgets",
    "ecology_resources": r"energy|water|waste|environment|pollut|carbon|green|circular|climate|solar|wind|emission"
    r"|recycl|soil|biodivers|eco-|irrigation|gas\b|coal|ecolog|air quality|electricity|heat|drought|biogas|glacier"
    r"|forest|recultivation|landfill|desert|salin",
    "monitoring_evaluation": r"monitor|evaluat|statistic|indicator|KPI|survey|audit|benchmark|measur|impact|census"
    r"|index|data\b|review|ranking|difference-in-diff|randomised|regression|shift-share|nowcasting|reporting|sampling"
    r"|case study|location quotient|transparency|passport|performance",
}


@dataclass(frozen=True)
class Labelled:
    """Passages with features (n, d, f), labels (n, d), the document of each, and their languages."""

    features: np.ndarray
    labels: np.ndarray
    documents: np.ndarray
    languages: np.ndarray

    def chosen(self, kept: np.ndarray) -> Labelled:
        """Return the passages where `kept` is true."""
        return Labelled(self.features[kept], self.labels[kept], self.documents[kept], self.languages[kept])


@dataclass(frozen=True)
class Read:
    """The passages of one indexed folder in the order of their rows."""

    snapshot: Snapshot
    stems: list[str]
    texts: list[str]
    languages: list[str]


def read_folder(folder: Path, encoder: Encoder, settings: Settings) -> Read:
    """Index a folder in a temporary place and return what the classifier sees of it."""
    with tempfile.TemporaryDirectory() as scratch, Database.open(Path(scratch) / "index") as database:
        with database.writer():
            ingest(database, encoder, folder, settings, None, prune=False)
        snapshot = open_snapshot(database, database.folder)
        paths = {document.id: Path(document.path).stem for document in database.documents()}
        with database.view() as view:
            passages = view.passages(snapshot.ids.tolist())
    ordered = list(passages.values())
    return Read(
        snapshot,
        [paths[one.document_id] for one in ordered],
        [one.text for one in ordered],
        [one.language for one in ordered],
    )


def squeezed(text: str) -> str:
    """Return the text without white space and emphasis, for finding a paragraph by its first characters."""
    return "".join(text.replace("**", "").split())


def labelled(read: Read, evidence: Evidence, rows: list[dict[str, Any]], names: tuple[str, ...]) -> Labelled:
    """Return the passages in which a labelled paragraph begins."""
    labels = np.zeros((len(read.texts), len(names)), dtype=bool)
    kept = np.zeros(len(read.texts), dtype=bool)
    for number, (stem, text) in enumerate(zip(read.stems, map(squeezed, read.texts), strict=True)):
        for row in rows:
            if row["document"] == stem and squeezed(row["start"]) in text:
                kept[number] = True
                labels[number] |= np.isin(names, row["directions"])
    everything = Labelled(evidence.features(read.snapshot), labels, np.array(read.stems), np.array(read.languages))
    return everything.chosen(kept)


def rarity(read: Read, taxonomy: Taxonomy) -> dict[str, dict[str, float]]:
    """Return the weight of each term: 1 for one that no passage holds, 0 for one that all hold."""
    weights: dict[str, dict[str, float]] = {}
    for language in LANGUAGES:
        postings = read.snapshot.lexical[cast("Language", language)]
        weights[language] = {}
        for phrase in sorted({phrase for one in taxonomy.directions for phrase in phrases_of(one, language)}):
            rows = set.intersection(*(set(postings.lookup(stem)[0].tolist()) for stem in phrase))
            share = len(rows) / postings.total
            weights[language][" ".join(phrase)] = round(log((1 + COMMON) / (share + COMMON)) / log(1 / COMMON + 1), 3)
    return weights


def fit(parts: list[tuple[Labelled, float]], names: tuple[str, ...]) -> tuple[np.ndarray, np.ndarray]:
    """Return coefficients (f,) and intercepts (d,) of the logistic model over all passages and directions."""
    features = np.concatenate([part.features.reshape(-1, len(FEATURES)) for part, _ in parts])
    mean, deviation = features.mean(axis=0), features.std(axis=0) + 1e-6
    # Weak labels have intercepts of their own: how often a topic was written about says nothing of documents.
    count = len(names)
    blocks = []
    for part, weight in parts:
        block = np.zeros((count, 2 * count))
        block[:, count * (weight < 1) :][:, :count] = np.eye(count)
        blocks.append(np.tile(block, (len(part.features), 1)))
    own = np.concatenate(blocks)
    targets = np.concatenate([part.labels.ravel() for part, _ in parts])
    weights = np.concatenate([np.full(part.labels.size, weight) for part, weight in parts])
    model = LogisticRegression(C=STRENGTH, max_iter=5_000)
    model.fit(np.hstack([(features - mean) / deviation, own]), targets, sample_weight=weights)
    coefficients = model.coef_[0, : len(FEATURES)] / deviation
    intercepts = model.coef_[0, len(FEATURES) : len(FEATURES) + count] + model.intercept_[0]
    return coefficients, intercepts - coefficients @ mean


def best_threshold(pairs: list[tuple[np.ndarray, np.ndarray]]) -> float:
    """Return the logit with the best macro-F1, on average over the (labels, logits) given."""
    tried = np.arange(-3.0, 2.0, 0.05)
    scores = [np.mean([macro(labels, logits > threshold) for labels, logits in pairs]) for threshold in tried]
    return float(tried[int(np.argmax(np.convolve(scores, np.ones(5) / 5, mode="same")))])


def macro(labels: np.ndarray, found: np.ndarray) -> float:
    """Return the macro-F1."""
    return float(f1_score(labels, found, average="macro", zero_division=0))


def cross_validate(sets: list[Labelled], weak: Labelled, names: tuple[str, ...]) -> list[tuple[np.ndarray, np.ndarray]]:
    """Return the (logits, decisions) of each set, every document judged by a model that never saw it."""
    logits = [np.zeros(each.labels.shape) for each in sets]
    documents = sorted(set(sets[0].documents.tolist()))
    for document in documents:
        coefficients, intercepts = fit(
            [*((each.chosen(each.documents != document), 1.0) for each in sets), (weak, WEAK)], names
        )
        for each, values in zip(sets, logits, strict=True):
            here = each.documents == document
            values[here] = each.features[here] @ coefficients + intercepts
    decisions = [np.zeros(each.labels.shape, dtype=bool) for each in sets]
    for document in documents:
        others = [
            (each.labels[each.documents != document], values[each.documents != document])
            for each, values in zip(sets, logits, strict=True)
        ]
        threshold = best_threshold(others)
        for each, values, decided in zip(sets, logits, decisions, strict=True):
            here = each.documents == document
            decided[here] = values[here] > threshold
    return list(zip(logits, decisions, strict=True))


def report(title: str, each: Labelled, logits: np.ndarray, decided: np.ndarray, names: tuple[str, ...]) -> None:
    """Print what was measured on held-out documents."""
    precision = average_precision_score(each.labels, logits, average="macro")
    print(f"\n{title}: {len(each.labels)}, macro-F1 {macro(each.labels, decided):.3f}, mean AP {precision:.3f}")
    table = precision_recall_fscore_support(each.labels, decided, zero_division=0)
    for name, p, r, f, n in zip(names, *table, strict=True):
        print(f"| {name} | {n} | {p:.2f} | {r:.2f} | {f:.2f} |")
    for language in LANGUAGES:
        here = each.languages == language
        micro = f1_score(each.labels[here], decided[here], average="micro", zero_division=0)
        print(f"{language}: {here.sum()} passages, micro-F1 {micro:.3f}")


def main() -> int:
    """Fit, report, write."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("data", type=Path, help="folder that holds train/qa_passages.jsonl")
    parser.add_argument("--model", default="fast", help="encoder")
    parser.add_argument("--report", action="store_true", help="print figures only; write nothing")
    arguments = parser.parse_args()
    source = arguments.data / "train" / "qa_passages.jsonl"
    if not source.is_file():
        print(f"{source} is missing: pass the folder that holds train/", file=sys.stderr)
        return 1
    taxonomy, encoder = load_taxonomy(), load_encoder(arguments.model)
    names = taxonomy.names
    rows = [json.loads(line) for line in (ROOT / "corpus" / "directions.jsonl").read_text("utf-8").splitlines()]
    topics = [json.loads(line) for line in source.read_text(encoding="utf-8").splitlines()]
    with tempfile.TemporaryDirectory() as scratch:
        for number, row in enumerate(topics):
            (Path(scratch) / f"p{number:04}.txt").write_text(row["passage"] + "\n", encoding="utf-8")
        weak_read = read_folder(Path(scratch), encoder, Settings())
    weights = rarity(weak_read, taxonomy)
    evidence = Evidence(taxonomy, taxonomy, encoder, weights)
    single = Settings(passages=PassageSettings(min_words=1, target_words=1, max_words=200))
    sets = [
        labelled(read_folder(ROOT / "corpus", encoder, settings), evidence, rows, names)
        for settings in (Settings(), single)
    ]
    guessed = np.array([[bool(re.search(TOPICS[name], row["topic"])) for name in names] for row in topics])
    order = [int(stem[1:]) for stem in weak_read.stems]
    everything = Labelled(
        evidence.features(weak_read.snapshot),
        guessed[order],
        np.array(weak_read.stems),
        np.array(weak_read.languages),
    )
    weak = everything.chosen(np.asarray(everything.labels.any(axis=1)))

    held_out = cross_validate(sets, weak, names)
    for title, each, (logits, decided) in zip(("Passages", "Single paragraphs"), sets, held_out, strict=True):
        report(title, each, logits, decided, names)
    coefficients, intercepts = fit([*((each, 1.0) for each in sets), (weak, WEAK)], names)
    logit = best_threshold([(each.labels, logits) for each, (logits, _) in zip(sets, held_out, strict=True)])
    model = DirectionModel(
        features=FEATURES,
        coefficients=tuple(round(float(value), 5) for value in coefficients),
        intercepts={name: round(float(value), 5) for name, value in zip(names, intercepts, strict=True)},
        threshold=round(1 / (1 + float(np.exp(-logit))), 4),
        rarity=weights,
    )
    print(dict(zip(FEATURES, model.coefficients, strict=True)), model.intercepts, "threshold", model.threshold)
    if not arguments.report:
        TARGET.write_bytes(msgspec.json.format(msgspec.json.encode(model), indent=1) + b"\n")
        print(f"wrote {TARGET.relative_to(ROOT)}")
    return 0


if __name__ == "__main__":
    sys.exit(main())
