"""Indexes that several folders of tests share, made once a run from the documents of corpus/."""

import shutil
from pathlib import Path

import pytest

CORPUS = Path(__file__).resolve().parent.parent / "corpus"
SMALL = ("en01_agrofood_strategy", "en06_monitoring_methodology", "ru01_mashinostroenie_strategiya", "uz05_charm_ustav",
         "uz09_kulolchilik_bayonnoma")


def built(stem: str) -> Path:
    """The file that users would have of one source document."""
    [path] = [path for path in CORPUS.glob(f"{stem}.*") if path.is_file()]
    return path


@pytest.fixture(scope="session")
def small_folder(tmp_path_factory):
    """Five documents of the corpus in their own formats: two English, a Russian, two Uzbek (Latin and Cyrillic)."""
    folder = tmp_path_factory.mktemp("small")
    for stem in SMALL:
        shutil.copy2(built(stem), folder)
    return folder


@pytest.fixture(scope="session")
def small_index(small_folder, tmp_path_factory):
    """The index of `small_folder`; tests must not change it."""
    from kb import KnowledgeBase

    path = tmp_path_factory.mktemp("small") / "index"
    with KnowledgeBase.open(path) as base:
        report = base.add(small_folder)
        assert not report.failed
    return path


@pytest.fixture(scope="session")
def small_base(small_index):
    """The opened `small_index`."""
    from kb import KnowledgeBase

    with KnowledgeBase.open(small_index) as base:
        yield base


@pytest.fixture(scope="session")
def corpus_base(tmp_path_factory):
    """All documents of the corpus, indexed; tests must not change it."""
    from kb import KnowledgeBase

    with KnowledgeBase.open(tmp_path_factory.mktemp("corpus") / "index") as base:
        report = base.add(CORPUS)
        assert not report.failed
        yield base
