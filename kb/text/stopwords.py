"""Words too common to search for, as folded and unmarked keys."""

from __future__ import annotations

from kb.text.fold import fold, loose


def _keys(words: str) -> frozenset[str]:
    return frozenset(loose(fold(word)) for word in words.split())


_UZBEK = """
va bilan uchun ham bu u ushbu shu oʻsha mazkur yoki hamda lekin ammo biroq balki esa agar chunki yaʼni kabi singari
orqali qadar sari koʻra boʻyicha haqida toʻgʻrisida tomonidan asosida doir keyin soʻng oldin avval paytda
bir barcha hamma har hech ayrim baʼzi boshqa oʻz oʻzi oʻzining uning ular ularning men sen biz siz bizning sizning
mening uni unga unda undan ularga ularni ularda bunda bunga buni bundan bunday shunday qanday qaysi nima kim qachon
qayerda qancha necha nechta nega nimaga nimadan nimalar kimlar qanaqa qaysilar
edi ekan emas emish boʻlgan boʻladi boʻlib boʻlishi boʻlsa boʻlmagan boʻlganda boʻlish kerak mumkin lozim zarur
qilish qiladi qilgan qilib qilingan etish etadi etgan etib etilgan etilishi deb degan deyiladi mavjud bor yoʻq
juda eng faqat ana mana hozir endi hali yana shuningdek xususan jumladan nisbatan iborat tegishli
"""
_RUSSIAN = """
и в во не что он на я с со как а то все она так его но да ты к у же вы за бы по только ее её мне было вот от меня
еще ещё нет о из ему теперь когда даже ну вдруг ли если уже или ни быть был него до вас нибудь опять уж вам ведь
там потом себя ничего ей может они тут где есть надо ней для мы тебя их чем была сам чтоб без будто чего раз тоже
себе под будет ж тогда кто этот того потому этого какой какая какие каким какое какую каких какими каком совсем ним
здесь этом почти мой тем чтобы нее неё сейчас были куда зачем всех никогда можно при наконец об другой хоть после
над больше тот через эти нас про всего них эта много разве эту моя впрочем свою этой перед иногда лучше чуть том
нельзя такой им более всегда конечно всю между также это которые который которая которое которых которого которой
которым которыми котором которую является являются сколько почему либо лишь этих этим этими эта своих своей своего
свои своим своими том тех теми та те ту также т.е
"""
_ENGLISH = """
a an and are as at be been being but by can could did do does doing done for from had has have having he her hers him
his how i if in into is it its itself may me might more most must my no nor not of on only or other our ours out over
own shall she should so some such than that the their theirs them then there these they this those through to too
under until up upon us very was we were what when where which while who whom whose why will with would you your yours
about after again against all also am any because before below between both during each few further here just
off once same s t
"""

STOP_WORDS: dict[str, frozenset[str]] = {"uz": _keys(_UZBEK), "ru": _keys(_RUSSIAN), "en": _keys(_ENGLISH)}
"""Stop words by language; "und" has none."""
