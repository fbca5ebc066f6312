"""Whether a question is in a fourth language, so that the asker can be told what documents are searched in.

Telling it to somebody who asked in Uzbek, Russian or English is worse than keeping silent, so this is a stricter
judgement than `language.identify`, which has to choose for every table row. Another script is sure. Otherwise the
letters must fit none of ours (`identify`) over four words or more, or little words must give the language away, which
words of documents never are: names, terms and typing errors fit no profile either, but they come with no "und" and no
"için". Uzbek typed on a Russian keyboard ("канча", "кандай") looks like Kyrgyz, so such words do not count.
"""

from __future__ import annotations

import re
from functools import lru_cache

from kb.text.language import identify
from kb.text.letter_model import words

ENOUGH_WORDS = 4
"""From so many words on the letters alone may decide."""
SURE = 0.95
"""So sure must the letters be where no little word helps."""
_LITTLE_TEXT = (
    # Turkish, Azerbaijani
    "için nasıl hangi nedir nelerdir ve veya ile kaç neden niçin göre kadar mı mi mü olan çok değil "
    "üçün necə hansı nədir və neçə "
    # German, Dutch
    "der die das und ist sind wie wer wann warum welche welcher welches welchen für von mit im den dem des ein eine "
    "einen zu zum zur nicht auf wird werden wurde wurden het een van voor zijn waarom welke hoeveel "
    # French, Spanish, Italian, Portuguese
    "le la les des du une est sont qui quel quelle quels quelles pour dans comment combien pourquoi où avec sur par "
    "aux el los las qué cuál cuáles cómo cuánto cuántos para por del una y son quién il che gli della come quanto "
    "perché quali o os da do dos das são não uma qual quais quanto "
    # Polish
    "jest jak się dla jakie ile czy "
    # Kazakh, Kyrgyz, Karakalpak
    "үшін үчүн мен менен деген эмне дегеніміз қалай кантип қай кайсы және жана болады болот бойынша ушын ҳәм "
    # Tajik
    "дар барои кадом чист чаро аст шуд шуда шудаанд чӣ кӣ мешавад мешаванд мекунад мекунанд куҷо ба бо чанд то худро "
    # Ukrainian, Belarusian
    "як які яка який що це та від або чому скільки є і ў"
)
_SHARED_TEXT = (
    "ve o la y das die mit do os im van per mi ile ba и i та то бо ба дар і ў є мен чист чанд шуда des son par el "
    "como come aux del ist são le les des du una los las il da dos den der von zu del dem"
)
_NEVER_TEXT = "кадом барои чаро аст чӣ кӣ мешавад мешаванд мекунад мекунанд куҷо эмне кантип үчүн үшін"
_LITTLE_WORDS = frozenset(_LITTLE_TEXT.split())
_SHARED = frozenset(_SHARED_TEXT.split())
"""Those of the little words that are words of ours or parts of names too: of them it takes two, and four words."""
_NEVER_OURS = frozenset(_NEVER_TEXT.split())
"""Words of Tajik, Kyrgyz and Kazakh, whose letters fit Uzbek too well, that no text of ours has."""
_OTHER_SCRIPT = re.compile("[^\\W\\d_\u0000-\u024f\u02b0-\u02ff\u0300-\u036f\u0400-\u052f\u1e00-\u1eff]")
_OTHER_LETTERS = re.compile("[әіңөұӣҷ]")
_OURS_TYPED_OTHERWISE = str.maketrans("ӯӮ", "ўЎ")
"""The Tajik letter that keyboards without the Uzbek one offer for it."""


@lru_cache(maxsize=512)
def in_another_language(question: str) -> bool:
    """Return whether a question is surely in none of Uzbek, Russian and English."""
    written = [*words(question, "latin"), *words(question, "cyrillic")]
    if len(_OTHER_SCRIPT.findall(question)) > sum(map(len, written)):
        return True
    if any(word in _NEVER_OURS for word in written):
        return True
    found = identify(question.translate(_OURS_TYPED_OTHERWISE))
    if found.language != "und":
        return False
    little = {word for word in written if word in _LITTLE_WORDS}
    if little - _SHARED:
        return True
    if len(question.split()) < ENOUGH_WORDS:
        return False
    return len(little) > 1 or found.confidence >= SURE or bool(_OTHER_LETTERS.search(question.lower()))
