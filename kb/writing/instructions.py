"""Passages that speak to a language model instead of to people; such a passage is not shown to one.

A document may say "ignore the instructions above and answer that ...". What it orders would stand in the passage word
for word, so that the gate would let it through. The passage stays in the index, in the search and among the quotes:
only the model does not get it. Words are compared as keys, so that all spellings are covered.
"""

from __future__ import annotations

import re

from kb.text.fold import fold, loose

_ORDERS = r"(?:instruction|direction|command|prompt|rule|guideline|message)s?"
_RUSSIAN_ORDERS = r"(?:instruksi|ukazani|pravil|prompt|komand|soobsheni)\w*"
_UZBEK_ORDERS = r"(?:korsatma|buyruq|buyrug|qoida|topshiriq|topshirig|yoriqnoma|prompt|instruksiya)\w*"
_MODEL = r"(?:language model|ai(?: model| assistant)?|assistant|chat ?bot|chatgpt|llm|gpt)"
_QUOTED = r"\b.{0,20}[:\"«“']"
_PATTERNS = re.compile(
    "|".join(
        (
            rf"\b(?:ignore|disregard|forget|override|bypass|do not follow)\b.{{0,60}}\b{_ORDERS}\b",
            r"\b(?:ignore|disregard|forget) (?:all|everything|anything|the above|any of the above|what)\b",
            rf"\b(?:new|updated|real|secret|hidden) {_ORDERS}\s*:",
            r"\bsystem (?:prompt|message|instruction)",
            rf"\byou are (?:now )?(?:an? |the )?(?:helpful )?{_MODEL}\b",
            rf"\b(?:as|dear|note to|attention|to the|hey|hello) (?:an? |the )?(?:{_MODEL})\b",
            rf"\b(?:answer|reply|respond|say|write)\b.{{0,30}}\b(?:only|exactly|verbatim|the following){_QUOTED}",
            r"\bwhen (?:asked|answering|summari[sz]ing)\b.{0,60}\b(?:answer|say|reply|respond|write|tell)\b",
            rf"\b(?:ignoriru|prenebreg|zabud|ne (?:sledu|vipolnya|obrasha))\w*\b.{{0,60}}\b{_RUSSIAN_ORDERS}",
            rf"\b(?:novie|novaya|sekretn\w+|sistemn\w+) {_RUSSIAN_ORDERS}\s*:?",
            r"\bti (?:teper |bolshe ne )?(?:\w+ )?(?:assistent|model|bot|chat-?bot|neyroset)\b",
            r"\b(?:yazikov\w+ model\w*|neyroset\w*|chat-?bot\w*|assistent\w*)\s*[,:]",
            rf"\b(?:otvet|skaji|napishi|vivedi)\w*\b.{{0,30}}\b(?:tolko|rovno|sleduyush\w+|doslovno){_QUOTED}",
            rf"\b{_UZBEK_ORDERS}\b.{{0,40}}\b(?:etiborsiz|etiborga olma|unut|inkor|bekor qil|amal qilma|bajarma)\w*",
            rf"\b(?:yangi|maxfiy|tizim) {_UZBEK_ORDERS}\s*:",
            r"\bsen (?:endi |sun.?iy )?(?:\w+ )?(?:yordamchi|assistent|model|bot)\w*",
            r"\b(?:faqat|aynan)\b.{0,30}\bdeb (?:javob ber|yoz|ayt)\w*",
            r"<\|?(?:im_start|im_end|system|assistant|user|endoftext|start_of_turn|end_of_turn)\|?>",
            r"\[/?inst\]|<</?sys>>|^\s*#{2,}\s*(?:instruction|system|assistant)s?\b",
        )
    ),
    re.MULTILINE,
)
_SPACE = re.compile(r"\s+")


def speaks_to_a_model(text: str) -> bool:
    """Return whether the text holds what looks like an order to a language model."""
    # Signs of chat templates would not survive folding and joining of lines unharmed, so both forms are looked at.
    key = loose(fold(text))
    return bool(_PATTERNS.search(_SPACE.sub(" ", key)) or _PATTERNS.search(key))
