"""What kind of answer a question asks for, and which kinds a piece of text holds: amounts, dates, names, reasons ...

Both are read from folded keys, so that three languages and four Uzbek spellings meet one list of word beginnings. A
question may ask for several kinds ("how many years", "what share and why"), or for none that can be told.
"""

from __future__ import annotations

import re
from functools import lru_cache
from typing import TYPE_CHECKING

from kb.text.fold import fold, loose

if TYPE_CHECKING:
    from collections.abc import Mapping

_WHICH = r"\b(?:qaysi|qanday|kak(?:oy|aya|oye|iye|iyx|ix|im|imi|uyu|om|ogo)|which|what|whose)\b(?: \w+){0,2} "

_ASKS: Mapping[str, str] = {
    "percent": r"\bpercent|\bfoiz|\bprots?ent|\bulush|\bshare\b|\bproportion|\bdol(?:ya|yu|e|i)\b|\bwhat part\b"
    r"|\b(?:qancha|qanday|necha) qism|\b(?:kakuyu|kakaya|kakoy) chast|\bnechog|\bqay daraja|\bnaskolko|\bby how much"
    r"|\b(?:rate|stavka|stavku)\b|\bnecha marta|\bvo skolko raz|\bqanchaga (?:osh|kam|qisq|pas)",
    "money": r"\bpul\b|\bpulga|\bsom(?:ga|lik)?\b|\bnarx|\bbaho|\bqiymat|\bmaosh|\boylik|\bsarf|\bxarajat"
    r"|\bmablag|\bsarmoya"
    r"|\bto'?lov|\btola|\bjarima|\bqanchaga tush|\bqancha tur|\bhaq\b|\bsubsidiya|\bgrant|\bkredit|\bdaromad"
    r"|\btushum|\bqimmat"
    r"|\bdeneg|\bstoi|\bstoim|\bsen[aeuy]\b|\btsen[aeuy]\b|\bplat|\boplat|\bshtraf|\bzarplat|\bzarab|\brasxod"
    r"|\btrat|\bpotrat"
    r"|\bsumm|\bsredstv|\bvirucki|\bcost|\bprice|\bpay|\bpaid|\bfee|\bfine\b|\bwage|\bsalar|\bspen[dt]|\bmoney|\bworth"
    r"|\bbudget|\bbyudjet|\binvest|\bearn|\bexpens|\brevenue|\btariff?|\bvalue\b",
    "number": r"\bqancha|\bnech[ati]|\bmiqdor|\bhajm|\bson[iu]\b|\bskolko|\bskolki|\bchislo\b|\bkolichestv|\bobyom"
    r"|\bhow (?:many|much|large|big|high|long|far|often|fast|strong|old|soon|deep|wide)|\bdaraja"
    r"|\b(?:number|amount|sum|rate|size|level|volume|capacity|threshold|quota|area|distance|limit|target)\b"
    r"|\bquvvat|\bmoshnost|\bkvot|\bploshad|\brasstoyan|\bpredel|\bporog|\bnorma|\bme'?yor",
    "date": r"\bqachon|\b(?:qaysi|nechanchi) (?:yil|sana|oy|kun|muddat|chorak)|\bkogda\b|\bk kakom[uy]"
    r"|\bdo kakogo|\bs kakogo"
    r"|\bv kakom (?:godu|mesyats?e|kvartal)|\b(?:kakoy|kakiye|kakomu|kakogo) (?:god|gody|mesyats?|chisl|dat|den)"
    r"|\bwhen\b|\b(?:what|which) (?:date|year|years|day|month|months|season|deadline|quarter)|\bby what\b"
    r"|\bdeadline|\bdata\b",
    "duration": r"\bhow (?:long|soon|quickly|often|far in advance)|\b(?:skolko|cherez skolko) (?:vremen|let|dney"
    r"|mesyats?|chas|sutok)"
    r"|\bkak (?:dolgo|skoro|chasto)|\bsrok|\bmuddat|\bqancha (?:vaqt|muddat)|\bnecha (?:yil|kun|oy|soat|hafta)"
    r"|\b(?:period|duration|interval|term)\b|\bwithin what|\bkakoy srok|\bkakoye vremya",
    "place": _WHICH
    + r"(?:davlat|mamlakat|shahar|shahr|viloyat|tuman|hudud|strana|stran|gorod|oblast|rayon|region|countr"
    r"|cit(?:y|ies)|district|place|joy|mest)|\bqayer|\bgde\b|\botkuda\b|\bkuda\b|\bwhere\b|\bqaysi (?:davlat"
    r"|mamlakat)",
    "body": _WHICH
    + r"(?:tashkilot|organ|idora|vazirlik|muassasa|kompaniya|bank|jamg|universitet|zavod|korxona|agentlik|firma"
    r"|kengash|sud\b|organiza|vedomstv|ministerstv|kompani|fond|predpriyat\b|sovet|univers|body|bodies|ministry|agency"
    r"|institution|compan|fund|manufacturer|authorit|department|office|forum|court|firm|institut|committee|brand|lab)"
    r"|\bmas'?ul|\botvet|\bresponsib|\bin charge|\bpodotchet",
    "person": r"\bkim(?:lar)?(?:ga|ning|ni|dan)?\b|\bkto\b|\bkogo\b|\bkomu\b|\bkem\b|\bch(?:ey|ya|yo|yi)\b"
    r"|\bwho\b|\bwhom\b|\bwhose\b",
    "reason": r"\bneg[ae]\b|\bnima (?:uchun|sabab|tufayli)|\bsabab|\bnimaga\b|\bpochemu|\bzachem|\biz-za chego"
    r"|\bprichin|\bwhy\b"
    r"|\bwhat (?:caused|causes|explains|keeps|reduced|drives|made)|\breason|\bza chto\b|\bchem obyasn",
    "condition": r"\bshart|\b(?:qanday|qaysi) (?:holat|hol)|\bpri kak|\bna kakix uslov|\buslovi|\bv kak(?:om"
    r"|ix) sluchay"
    r"|\b(?:chto|kto|kogo) (?:nujno|trebuyet|doljn|obyazan)|\bunder what|\bcondition|\bwhat (?:must|has to"
    r"|is required|happens)"
    r"|\bkerak\b|\btalab|\btrebovan|\brequire|\beligib|\bjazo|\bnakazan|\bchto budet|\bnima bolad",
    "definition": r"\bdegan(?:da|i)?\b|\bnimani anglat|\bdeb (?:hisob|atal|tushun)|\bchto (?:takoye|ponima|schita"
    r"|oznacha)"
    r"|\bopredel|\bmeant\b|\bcounts? as\b|\bwhat does .*\bmean|\bdefin|\bta'?rif|\bwhat kind of\b|\brecogni[sz]ed as",
    "list": r"\bqaysilar|\bnimalar|\b(?:qanday|qaysi) (?:\w+ )?\w*lar|\bkak(?:iye|ix|imi)\b|\b(?:what"
    r"|which) (?:\w+ ){0,2}\w+s\b"
    r"|\bcriteria|\bfactors|\bmeasures|\brisks|\blist\b|\bsanab|\bperechisl",
}

_HOLDS: Mapping[str, str] = {
    "percent": r"%|\bfoiz|\bprots?ent|\bpercent|\bpct\b|\byarmi|\bchorag|\buchdan|\bhalf\b|\bthird|\bquarter"
    r"|\btret|\bchetvert"
    r"|\bpolovin|\bbaravar|\bbarobar|\bmarta\b|\bvdvoye|\bvtroye|\bv \w+ raz|\btimes\b|\bfold\b|\bdoubl",
    "money": r"\bsom(?:lik|ga|dan|ni|ning|gacha)?\b|\bsoums?\b|\bsum(?:ov|a|i)?\b|\bdollar|\byevro|\beuro|\brubl"
    r"|\busd\b|\$|€|\baqsh doll",
    "number": r"\d|\b(?:bir|ikki|uch|to'?rt|besh|olti|yetti|sakkiz|to'?qqiz|on|yigirma|ottiz|dva|dve|dvux|tri"
    r"|tryox|chetire|chetiryox"
    r"|pyat|pyati|shest|sem|vosem|devyat|desyat|desyati|one|two|three|four|five|six|seven|eight|nine|ten|twelve"
    r"|twenty)(?:ta|tasi)?\b",
    "date": r"\b(?:1[89]|20)\d\d\b|\b(?:yanvar|fevral|mart|aprel|may|iyun|iyul|avgust|sentabr|sentyabr|oktabr"
    r"|oktyabr|noyabr"
    r"|dekabr|january|february|march|april|june|july|august|september|october|november|december|bahor|kuz|qish"
    r"|yoz|vesn|osen"
    r"|zim|leto|spring|autumn|winter|summer)\w{0,6}\b",
    "duration": r"\b(?:\d+|bir|ikki|uch|tort|besh|olti|on|dva|dve|dvux|tri|tryox|pyat|pyati|shest|desyat|desyati"
    r"|one|two|three|four"
    r"|five|six|ten|twelve|half a|har|kajd\w+|every|each)[ -]+(?:\w+ )?(?:yil|oy|kun|hafta|soat|daqiqa|chorak|let"
    r"|god|mesyats?"
    r"|dney|dnya|nedel|chas|minut|kvartal|sutok|year|month|day|week|hour|minute|quarter)",
    "body": r"\b(?:kengash|vazirlik|agentlik|boshqarma|hokim|uyushma|qo'?mita|markaz|jamg'?arma|komissiya"
    r"|direksiya|universitet"
    r"|institut|bank|sovet|ministerstv|agentstv|upravlen|xokim|assosiasi|komitet|sentr|fond|univers|council"
    r"|ministry|agency"
    r"|department|association|committee|centre|center|fund|commission|office|board|court|inspect|chamber|palat"
    r"|sud|akademi"
    r"|laborator|bureau|byuro|hokimlik|kompani|company)",
    "reason": r"\bchunki|\bsabab|\btufayli|\bnatija|\bshu bois|\bbois\b|\buchun\b|\bposkolku|\bpotomu|\btak kak"
    r"|\biz-za|\bprichin"
    r"|\bpoetomu|\bsledstvi|\bbecause|\bsince\b|\bdue\b|\breason|\bas a result|\bso that|\btherefore|\bowing"
    r"|\bcaus|\bchtobi"
    r"|\blekin|\bammo|\bbut\b|\bno\b",
    "condition": r"\bagar|\bshart|\bkerak|\blozim|\bzarur|\bmumkin|\byesli|\buslovi|\bdoljn|\bobyazan|\bvprave"
    r"|\bne meneye|\bkamida"
    r"|\bif\b|\bprovided|\bmust\b|\bonly\b|\bunless|\bat least|\bmay\b|\bshall\b|\brequired|\bwhen\b|\btolko",
    "definition": r"\bdeb (?:atal|hisob|yurit|tushun|qara)|\bdeganda|\btushunil|\bhisoblan|\bsifatida\b|\biborat"
    r"|\beto\b"
    r"|\bnaziva|\bponima"
    r"|\bschita|\byavlya|\bis an?\b|\bmeans\b|\brefers|\bunderstood|\bdefined|\bcount(?:s|ed)\b|[—–]",
    "list": r"[:;]|,[^,]+,",
}

KINDS = tuple(_ASKS)
"""Kinds of answers, in the order of what `asked` and `held` return."""

_ASK_PATTERNS = tuple(re.compile(_ASKS[kind]) for kind in KINDS)
_HOLD_PATTERNS = tuple(re.compile(_HOLDS[kind]) if kind in _HOLDS else None for kind in KINDS)
_NAME = re.compile(r"[^\W\d_][,;:–—]? [«\"“(]?(?=[^\W\d_])[A-ZА-ЯЁЎҚҒҲÖĞŞÇ][\w'ʻʼ‘’-]{2,}|[«“\"]\w")
_NAMED = frozenset(("place", "body", "person"))


def asked(question: str) -> tuple[bool, ...]:
    """Return for each of KINDS whether the question asks for it."""
    key = loose(fold(question))
    return tuple(bool(pattern.search(key)) for pattern in _ASK_PATTERNS)


@lru_cache(maxsize=20_000)
def held(text: str) -> tuple[bool, ...]:
    """Return for each of KINDS whether the text holds something of it; a place, body or person is any name."""
    key = loose(fold(text))
    name = bool(_NAME.search(text))
    return tuple(
        (name and kind in _NAMED) or bool(pattern and pattern.search(key))
        for kind, pattern in zip(KINDS, _HOLD_PATTERNS, strict=True)
    )
