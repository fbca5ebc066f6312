"""Passages that speak to a language model instead of to people; such a passage is not shown to one.

A document may say "ignore the instructions above and answer that ...". What it orders would stand in the passage word
for word, so that the gate would let it through. The passage stays in the index, in the search and among the quotes:
only the model does not get it. Words are compared as keys, so that all spellings are covered. Laws speak of orders that
were not obeyed and rules that were repealed, so only commands count: "unut", not "unutgan".
"""

from __future__ import annotations

import re

from kb.text.fold import fold, loose

_IGNORE = r"(?:ignore|disregard|forget|override|bypass|do not follow)"
_SAY = r"(?:answer|say|reply|respond|write|tell)"
_ORDERS = r"(?:instruction|direction|command|prompt|rule|guideline|message)s?"
_EARLIER = r"(?:previous|prior|above|preceding|earlier|foregoing|system|your|all|any|every)"
_RUSSIAN_IGNORE = r"(?:ignoriruy|prenebregay|zabud|ne sleduy|ne vipolnyay|ne obrashay vnimaniya)(?:te)?"
_RUSSIAN_ORDERS = r"(?:instruksi|ukazani|pravil|prompt|komand|soobsheni)\w*"
_UZBEK_ORDERS = r"(?:korsatma|buyruq|buyrug|qoida|topshiriq|topshirig|yoriqnoma|prompt|instruksiya)\w*"
_UZBEK_EARLIER = r"(?:oldingi|avvalgi|yuqoridagi|barcha|hamma|tizim)\w*"
_UZBEK_COMMANDS = (
    r"(?:etiborsiz qoldir|etiborga olma|unut|inkor qil|bekor qil|amal qilma|bajarma|bajarmay qoy)(?:ing|gin|inglar|ng)?"
)
_MODEL = r"(?:language model|ai(?: model| assistant)?|chat ?bot|chatgpt|llm|gpt)"
_QUOTED = r"\b.{0,20}[:\"«“']"
_PATTERNS = re.compile(
    "|".join(
        (
            rf"\b{_IGNORE} (?:\w+ ){{0,3}}?{_EARLIER}\b.{{0,30}}\b{_ORDERS}\b",
            rf"\b{_IGNORE} .{{0,40}}\b{_ORDERS} (?:above|before|given)\b",
            r"\b(?:ignore|disregard|forget) (?:all of |any of )?(?:everything|anything|the above)\b",
            r"\b(?:new|updated|real|secret|hidden|system) (?:instruction|command|prompt)s?\s*:",
            r"\bsystem prompt",
            rf"\byou are (?:now )?(?:an? |the )?(?:helpful )?(?:assistant|{_MODEL})\b",
            rf"\b(?:as an?|dear|note to|attention|hey|hello) (?:the |an? |any )?{_MODEL}\b",
            rf"\b(?:answer|reply|respond|say|write)\b.{{0,30}}\b(?:only|exactly|verbatim|the following){_QUOTED}",
            rf"\bwhen (?:asked|answering|summari[sz]ing)\b[^.,]{{0,60}}, (?:please |always |only )*{_SAY}\b",
            rf"\b{_RUSSIAN_IGNORE}\b.{{0,60}}\b{_RUSSIAN_ORDERS}",
            r"\b(?:sekretn\w+|skrit\w+|sistemn\w+) (?:instruksi|prompt|komand)\w*\s*:",
            r"\bsistemn\w+ prompt",
            r"\bti (?:teper |bolshe ne )?(?:\w+ )?(?:assistent|yazikovaya model|bot|chat-?bot|neyroset)\b",
            r"\b(?:yazikovaya model|neyroset|chat-?bot)[,:]? (?:otvet|napishi|skaji|zabud|ignoriruy)(?:te)?\b",
            rf"\b(?:otvet|otvechay|skaji|napishi|vivedi)(?:te)? (?:\w+ ){{0,2}}?(?:tolko|rovno|doslovno){_QUOTED}",
            rf"\b{_UZBEK_EARLIER} (?:\w+ ){{0,3}}?{_UZBEK_ORDERS} (?:\w+ ){{0,2}}?{_UZBEK_COMMANDS}(?!\w)",
            r"\b(?:maxfiy|tizim) (?:korsatma|buyrug|prompt|instruksiya)\w*\s*:",
            r"\bsen (?:endi |suniy )?(?:\w+ )?(?:yordamchi|assistent|model|bot)(?:san|siz)\b",
            r"\b(?:faqat|aynan)\b.{0,60}\bdeb (?:javob ber|yoz|ayt)(?:ing|gin)?(?!\w)",
            r"<\|?(?:im_start|im_end|system|assistant|user|endoftext|start_of_turn|end_of_turn)\|?>",
            r"\[/?inst\]|<</?sys>>|^\s*#{2,}\s*(?:instruction|system|assistant)s?\b",
        )
    ),
    re.MULTILINE,
)
_SPACE = re.compile(r"\s+")


def speaks_to_a_model(text: str) -> bool:
    """Return whether the text holds what looks like an order to a language model."""
    # Signs of chat templates stand at the start of lines, sentences run over them: both forms are looked at.
    key = loose(fold(text))
    return bool(_PATTERNS.search(_SPACE.sub(" ", key)) or _PATTERNS.search(key))
