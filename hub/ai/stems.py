"""Words as search knows them: Russian and English stems, their BM25 weights, and how telling each of them is."""

import math
import re
from collections import Counter
from collections.abc import Iterator
from functools import cache, lru_cache

import Stemmer

from hub.ai.families import FAMILIES

# BM25, Robertson & Zaragoza 2009, "The Probabilistic Relevance Framework", with its usual constants.
K1, B = 1.2, 0.75
# Stems in a passage of chunk.py. Passages are of near constant size, so one number serves every business, and the
# weight of a stem does not change when another document comes (measured on the demo's 80 articles).
AVERAGE = 50.0
# The longest stem that is kept; the postings table has a column of this width.
LONGEST = 64

_TOKEN = re.compile(r"[^\W_]+(?:[-.,/'’+][^\W_]+)*")
_THOUSANDS = re.compile(r"(?<![\d.,])\d{1,3}(?:[\u00a0\u202f\u2009 ]\d{3})+(?!\d)")
_GAPS = re.compile(r"[\u00a0\u202f\u2009 ]")
_NUMBER = re.compile(r"\d+(?:[.,]\d+)?")
_CYRILLIC = re.compile(r"[а-я]+")
_LATIN = re.compile(r"[a-z]+(?:'[a-z]+)?")
_SHORT_FORM = re.compile(r"(?:n't|'[a-z]+)$")
# курток, кроссовок: the vowel that only this form has, which Snowball leaves in.
_FLEETING = re.compile(r"([аеиоуыэюя][^аеиоуыэюя]+)[ое]к$")
_PARTS = re.compile(r"[-.,/'+]")
_UNIT = re.compile(r"(\d+)([а-яa-z]+)")

# Words of grammar and of asking: they stand in every question and say nothing about what it is about.
_STOP_WORDS = """
а без более будет будут бы был была были было быть в вам вас ваш ваша ваше ваши ведь во вообще вот все всего вы
где да для до его ее если есть еще же за здравствуйте и из или им их к как какая какие какое какой какую когда
ко которая которые который кто куда ли либо мне могу можно мой моя мы на над надо нам нас наш наша наше наши не
него нее ни них но нужно ну о об он она они оно от очень по под подскажите пожалуйста при про с сейчас скажите
сколько со так также там тебе тебя то тогда того тоже только тут ты у уже хотел хотела хочу чего чем что чтобы
эта эти это этого этой этом этот эту я
a about am an and any are as at be been but by can cant could did do does doesnt dont for from get got had has
have he hello her hi his how i if im in into is isnt it its ive just let like me my need of on or our please she
should so than that the their them then there these they this to us want was wasnt we were what whats when where
wheres which who will with would you your
"""
STOP_WORDS = frozenset(_STOP_WORDS.split())


def stems(text: str) -> list[str]:
    """Stems in the order of the text, with repetitions; ё is е, numbers and part numbers stay whole.

    `"Кроссовки 5W-30, 12 500 ₽"` -> `["кроссовк", "5w30", "5w", "30", "12500"]`.
    """
    plain = text.lower().replace("ё", "е").replace("’", "'")
    plain = _THOUSANDS.sub(lambda found: _GAPS.sub("", found.group()), plain)
    return [stem[:LONGEST] for token in _TOKEN.findall(plain) for stem in _of_token(token)]


def term_weights(text: str) -> dict[str, float]:
    """{stem: term-frequency part of BM25}: the score of a question is the sum of idf x weight over its stems."""
    counts = Counter(stems(text))
    length = K1 * (1 - B + B * sum(counts.values()) / AVERAGE)
    return {stem: count * (K1 + 1) / (count + length) for stem, count in counts.items()}


def idf(total: int, having: int) -> float:
    """How telling a stem is that `having` of `total` passages contain: always above 0, largest when none does."""
    return math.log(1 + (total - having + 0.5) / (having + 0.5))


def _of_token(token: str) -> Iterator[str]:
    parts = _PARTS.split(token)
    if _NUMBER.fullmatch(token):
        yield token.replace(",", ".")
    elif all(part.isdigit() for part in parts):     # a range, a date, a phone number
        yield from parts
    elif any(char.isdigit() for char in token):
        yield from _part_number(parts)
    elif _LATIN.fullmatch(token):
        yield from _word(token)
    else:
        yield from _compound(parts)


def _part_number(parts: list[str]) -> Iterator[str]:
    """`5w-30` is found as 5w30, 5w and 30; `500мл` also as 500 and мл."""
    yield "".join(parts)
    if len(parts) > 1:
        yield from parts
    elif unit := _UNIT.fullmatch(parts[0]):
        yield from unit.groups()


def _compound(parts: list[str]) -> Iterator[str]:
    """`интернет-магазин` is two words; `wi-fi`, `e-mail` and `pre-order` are written together as often as not."""
    if len(parts) > 1 and min(map(len, parts)) <= 3:
        yield from _word("".join(parts))
    for part in parts:
        if len(part) > 2 or len(parts) == 1:
            yield from _word(part)


def _word(word: str) -> Iterator[str]:
    whole = _SHORT_FORM.sub("", word)       # what's, don't, we'll
    if whole not in STOP_WORDS:
        yield _stem(whole)


@lru_cache(maxsize=20_000)
def _stem(word: str) -> str:
    stem = _snowball(word)
    return _heads().get(stem, stem)


def _snowball(word: str) -> str:
    if _CYRILLIC.fullmatch(word):
        return _FLEETING.sub(r"\1к", str(_stemmer("russian").stemWord(word)))
    return str(_stemmer("english").stemWord(word)) if _LATIN.fullmatch(word) else word


@cache
def _heads() -> dict[str, str]:
    """{stem of any member: stem of the family's first word}."""
    families = [[_snowball(word) for word in family.split()] for family in FAMILIES.strip().splitlines()]
    return {stem: family[0] for family in families for stem in family}


@cache
def _stemmer(language: str) -> Stemmer.Stemmer:
    return Stemmer.Stemmer(language)
