import re
from string import Formatter

import pytest

from kb.app import messages
from kb.app.messages import INTERFACE_LANGUAGES, Messages, interface_language

KEYS = sorted(messages._TEXTS)


def placeholders(text):
    return sorted(name for _, name, _, _ in Formatter().parse(text) if name)


@pytest.mark.parametrize("key", KEYS)
def test_every_text_exists_in_each_language_with_the_same_placeholders(key):
    uzbek, russian, english = messages._TEXTS[key]
    assert all(text.strip() for text in (uzbek, russian, english))
    assert placeholders(uzbek) == placeholders(russian) == placeholders(english)


def test_each_language_is_written_in_its_own_letters():
    cyrillic = re.compile("[А-Яа-яЁёЎўҚқҒғҲҳ]")
    for key in KEYS:
        uzbek, russian, english = messages._TEXTS[key]
        assert not cyrillic.search(uzbek + english), key
        if re.search(r"[a-z]{3}", re.sub(r"\{\w+\}", "", english)):
            assert cyrillic.search(russian), key


def test_uzbek_cyrillic_keeps_placeholders_and_names():
    say = Messages("uz-Cyrl")
    assert say("ask.button") == "Сўраш"
    assert say("page", label="iv") == "iv-бет"
    assert placeholders(messages._catalogue("uz-Cyrl")["documents.count"]) == ["documents", "pages", "passages"]
    assert "MB" in say("add.label", size=200)


def test_every_language_of_the_interface_can_be_chosen():
    assert {Messages(language)("tab.ask") for language in INTERFACE_LANGUAGES} == {"Savol", "Савол", "Вопрос", "Ask"}


@pytest.mark.parametrize(
    ("wish", "language"),
    [
        ("ru-RU", "ru"),
        ("en_GB", "en"),
        ("uz-Cyrl-UZ", "uz-Cyrl"),
        ("uz-Latn-UZ", "uz"),
        ("de", "uz"),
        ("", "uz"),
        (None, "uz"),
    ],
)
def test_the_browsers_language_chooses_the_interface(wish, language):
    assert interface_language(wish) == language


def test_values_with_braces_are_shown_as_they_are():
    text = Messages("en")("card.copy.text", title="{title} {0}", page="p. 1", quote="{quote!r}")
    assert text == "{title} {0}, p. 1: “{quote!r}”"
