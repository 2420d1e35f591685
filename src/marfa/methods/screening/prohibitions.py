"""What no instrument may do, whoever wrote it.

Nationality, religion and ethnicity are never inputs as attributes of a person (an item may say
that the trafficker used them): ``marfa.domain.prohibited_grounds`` knows their words. No item of
reception asks about sex, offences or a role in an armed group. The first guard is what an item must
declare; the words below are a second net for what was declared wrongly, in the six UN languages.
They cannot be complete.
"""

from __future__ import annotations

import re

ATTRIBUTES = frozenset(
    {
        "age",
        "caring-for-others",
        "disability",
        "displacement",
        "fear-of-authorities",
        "gender-based-risk",
        "health",
        "knows-local-language",
        "papers",
        "pregnancy",
        "sex",
        "statelessness",
    }
)
"""Attributes of a person that an item may name. A yes can only add a reason to help."""

_RECEPTION_WORDS = re.compile(
    r"\bsex|\brap(e|ed|ist)\b|prostitut|\bviol(ación|é|ada|ado)?\b|\bviolée?\b|\bсекс|сексуал"
    r"|изнасил|проститу|جنسي|اغتصاب|بغاء|دعارة|性|强奸|卖淫"
    r"|\bcrim|\boffen[cs]e|\bconvict|\barrest|\bunlawful|\billegal|\bdélit|\binfraction|\bilícit"
    r"|\bdelit|\bilegal|\bпреступ|правонаруш|\bнезакон|\bарест|جريمة|جرائم|جنائي|غير قانوني|اعتقال"
    r"|犯罪|违法|非法|逮捕"
    r"|\barmed|\bfight(er|ers|ing)?\b|\bcombat|\bweapon|\bsoldier|\bmilitia|\barmé|\barmad"
    r"|\bsoldado|\bsoldat|\bвооруж|\bбоев|\bсолдат|\bоруж|مسلح|مسلّح|مقاتل|سلاح|ميليشي|جندي|تجنيد"
    r"|武装|战斗|武器|士兵|民兵",
    re.IGNORECASE,
)


def names_reception_taboo(text: str) -> bool:
    """Whether a wording mentions sex, offences or armed roles."""
    return bool(_RECEPTION_WORDS.search(text))
