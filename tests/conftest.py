"""Indexes that several folders of tests share, made once a run from the documents of corpus/."""

import shutil

import pytest
from corpus_files import CORPUS, built
from hypothesis import settings

from kb import KnowledgeBase

# The same examples in every run, so that a red run can be repeated; a busy machine is no failure.
settings.register_profile("repeatable", derandomize=True, deadline=None)
settings.load_profile("repeatable")

SMALL = (
    "en01_agrofood_strategy",
    "en06_monitoring_methodology",
    "ru01_mashinostroenie_strategiya",
    "uz05_charm_ustav",
    "uz09_kulolchilik_bayonnoma",
)


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
    path = tmp_path_factory.mktemp("small") / "index"
    with KnowledgeBase.open(path) as base:
        report = base.add(small_folder)
        assert not report.failed
    return path


@pytest.fixture(scope="session")
def small_base(small_index):
    """The opened `small_index`."""
    with KnowledgeBase.open(small_index) as base:
        yield base


@pytest.fixture(scope="session")
def corpus_base(tmp_path_factory):
    """All documents of the corpus, indexed; tests must not change it."""
    with KnowledgeBase.open(tmp_path_factory.mktemp("corpus") / "index") as base:
        report = base.add(CORPUS)
        assert not report.failed
        yield base
