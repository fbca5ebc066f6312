"""Which encoding a text is in, right for short Russian and Uzbek Cyrillic texts too.

UTF-8 and UTF-16 show themselves. The 8-bit encodings do not: each is tried, and the one whose letters follow each
other as they do in Russian or Uzbek, in words of one script and of sensible capitals, wins. (General detectors need
some hundred letters for that; a protocol's first line has twenty.)
"""

from __future__ import annotations

import codecs
import re
import unicodedata
from functools import lru_cache
from typing import TYPE_CHECKING

from kb.errors import DamagedDocumentError

if TYPE_CHECKING:
    from pathlib import Path

_PAIRS_TEXT = (
    "ст ен ни пр но ре ов ан по ро де ра ел го ле те ли та на тв ед ос ва ат од за ия ес от то ко нн во ог до ны ор "
    "ет не ер да су ве уд ом об ка ие ль ри ть ме ас ит ол тр ти ин ав ви мо ии ем ис сл ил он вл из ла со ок ся че "
    "ск ал им тс ак аз ло ля ой ки сп ди пе дс оп ча ще ци ае ых ми ше ик ьн ег ар уч ей оз вы же ам ек бо се ив ий "
    "их ру сс ят щи ку жд иц ые еб ма ьс ус чи зн хо ое лу му тн ая зв ож ев бы са нт ым яв бе ня ющ см ую вн дл йс "
    "жа кс дн ту бн ич га ои ио яе ду аж кт ый ац ад си нс ют сн ву уг иш ир ид нг қа би қи ги ай иг ун иб ши ҳа аш "
    "аг аб нд йи иқ ба рт ўл зи лг ур ке лд ўр бў рд қо рн лл рг ув рл йд ақ ул кў тл оқ шл аҳ рм па ум ша кл ош қу "
    "зо тў фа чу нл фо ха бу кк тд тг уз вч ҳо қў"
)
_PAIRS = frozenset(_PAIRS_TEXT.split())
"""Letter pairs that make up some four fifths of Russian and of Uzbek Cyrillic text, as counted in texts of both."""

_CANDIDATES = ("cp1251", "koi8-r", "cp866", "cp1254", "cp1252", "iso8859-5")
"""In the order in which equals are preferred."""
_SAMPLE = 60_000
_WORD = re.compile(r"[^\W\d_]+")
_CONTROLS = re.compile(rb"[\x00-\x08\x0e-\x1a\x1c-\x1f]")
_DECLARED = re.compile(
    rb"""<meta[^>]+charset\s*=\s*["']?\s*([\w.:-]+)|<\?xml[^>]+encoding\s*=\s*["']([\w.:-]+)""", re.I
)
_MOST_CONTROLS = 0.02
_MOST_DAMAGE = 0.01
_WHOLE_TO_DAMAGED = 10
"""So many whole characters beyond ASCII for each damaged one make a text UTF-8."""
_SURE = 0.25
_CONTRADICTION = 0.3
"""How much more plausible another encoding must be to overrule the declared one."""
_LATIN_SCORES = dict.fromkeys("éèêëáàâäãåæíìîïóòôõøúùûñßÉÈÀÁÄÅÆØÑ", 0.6) | dict.fromkeys("öğşçÖĞŞÇıİüÜ", 0.7)


def decode(path: Path, data: bytes, *, markup: bool = False) -> tuple[str, list[str]]:
    """Return (text, warnings). With `markup` the encoding that an HTML head declares is tried before guessing.

    Raises DamagedDocumentError for what is no text.
    """
    for mark, name in (
        (codecs.BOM_UTF8, "utf-8"), (codecs.BOM_UTF32_LE, "utf-32-le"),
        (codecs.BOM_UTF16_LE, "utf-16-le"), (codecs.BOM_UTF16_BE, "utf-16-be"),
    ):  # fmt: skip
        if data.startswith(mark):
            return _marked(path, data[len(mark) :], name)
    wide = _utf16_without_mark(data)
    if wide is not None:
        return _marked(path, data, wide)
    if len(_CONTROLS.findall(data[:_SAMPLE])) > _MOST_CONTROLS * min(len(data), _SAMPLE):
        raise DamagedDocumentError(f"{path}: it is named as text, but its content is binary.")
    try:
        return data.decode("utf-8"), []
    except UnicodeDecodeError:
        pass
    declared = _declared(data) if markup else None
    if declared is not None:
        try:
            text = data.decode(declared)
        except UnicodeDecodeError:
            pass
        else:
            if _plausibility(text[:_SAMPLE]) > _best_guess(data)[1] - _CONTRADICTION:
                return text, []
    repaired = data.decode("utf-8", "replace")
    damage = repaired.count("\ufffd")
    if _WHOLE_TO_DAMAGED * damage <= sum(character > "\x7f" for character in repaired) - damage:
        return repaired, [f"{damage} characters are damaged (not valid UTF-8) and shown as \ufffd."]
    name, score = _best_guess(data)
    warnings = [] if score >= _SURE else [f"Its encoding is not certain; it was read as {name}."]
    return data.decode(name, "replace"), warnings


def _marked(path: Path, data: bytes, name: str) -> tuple[str, list[str]]:
    """Return text whose encoding is known; an odd last byte or a half pair costs a warning, more is damage."""
    text = data.decode(name, "replace")
    damage = text.count("\ufffd")
    if damage > max(_MOST_DAMAGE * len(text), 1):
        raise DamagedDocumentError(f"{path}: {damage} of its {len(text)} characters are not valid {name.upper()}.")
    return text, [f"{damage} characters are damaged (not valid {name.upper()})."] if damage else []


def _utf16_without_mark(data: bytes) -> str | None:
    """Return the byte order of UTF-16 without a mark: every other byte is then the same few."""
    sample = data[: _SAMPLE - _SAMPLE % 2]
    if len(sample) < 8 or len(data) % 2:
        return None
    even, odd = sample[0::2], sample[1::2]
    high = b"\x00\x04"
    shares = [sum(half.count(byte) for byte in high) / len(half) for half in (odd, even)]
    for name, own, other in (("utf-16-le", shares[0], shares[1]), ("utf-16-be", shares[1], shares[0])):
        if own > 0.85 and other < 0.3:
            text = sample.decode(name, "replace")
            if sum(character.isprintable() or character.isspace() for character in text) > 0.98 * len(text):
                return name
    return None


def _declared(data: bytes) -> str | None:
    match = _DECLARED.search(data[:4096])
    if match is None:
        return None
    try:
        return codecs.lookup((match.group(1) or match.group(2)).decode("ascii")).name
    except LookupError:
        return None


def _best_guess(data: bytes) -> tuple[str, float]:
    sample = _interesting(data)
    scores = {name: _plausibility(sample.decode(name, "replace")) for name in _CANDIDATES}
    best = max(_CANDIDATES, key=lambda name: (round(scores[name], 4), -_CANDIDATES.index(name)))
    return best, scores[best]


def _interesting(data: bytes) -> bytes:
    """Return lines with bytes beyond ASCII, up to the size of a sample: the others tell nothing."""
    lines: list[bytes] = []
    size = 0
    for line in data.splitlines():
        if any(byte > 0x7F for byte in line):
            lines.append(line)
            size += len(line)
            if size > _SAMPLE:
                break
    return b"\n".join(lines)


def _plausibility(text: str) -> float:
    """Return how much a decoding looks like language, about -1 to 1: mean over its words with letters beyond ASCII."""
    total = weight = 0.0
    for match in _WORD.finditer(text):
        word = match.group()
        if word.isascii():
            continue
        total += _word_score(word) * len(word)
        weight += len(word)
    strange = sum(_is_strange(character) for character in text if character > "\x7f")
    beyond = sum(character > "\x7f" for character in text)
    return (total / weight if weight else 0.0) - 2.0 * strange / max(beyond, 1)


@lru_cache(maxsize=20_000)
def _word_score(word: str) -> float:
    cyrillic = [_is_cyrillic(character) for character in word]
    if all(cyrillic):
        lower = word.lower()
        pairs = [lower[at : at + 2] in _PAIRS for at in range(len(lower) - 1)]
        score = sum(pairs) / len(pairs) if pairs else (0.5 if lower in "авикосуяюэ" else 0.2)
        return score if word.islower() or word.istitle() or (word.isupper() and len(word) > 1) else score - 0.6
    if any(cyrillic):
        return -1.0
    letters = [character for character in word if character > "\x7f"]
    known = [_LATIN_SCORES.get(character, -0.8) for character in letters]
    beyond = len(letters) / len(word)
    mixed = not (word.islower() or word.istitle() or word.isupper())
    return sum(known) / len(known) - (1.0 if beyond > 0.6 and len(word) > 1 else 0.0) - (0.4 if mixed else 0.0)


def _is_cyrillic(character: str) -> bool:
    return "\u0400" <= character <= "\u052f"


def _is_strange(character: str) -> bool:
    """Tell whether a character beyond ASCII hardly stands in a document: box drawing, controls, odd signs."""
    if character.isalpha() or character in "«»“”„‘’–—…№§°•\u00a0™©®€‹›\u00ad·":
        return False
    return unicodedata.category(character) in {"Cc", "Cn", "Co", "So", "Sm", "Sk", "Mn"} or character in "\ufffd¤¦¬¶†‡‰"
