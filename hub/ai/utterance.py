"""Talk that needs no knowledge: the language, a wish for a person, greetings, intents that words alone can tell."""

import re
from typing import Literal

from hub.ai import phrases

SmallTalk = Literal["greeting", "thanks", "bye"]
Language = Literal["ru", "en"]

_CYRILLIC, _LATIN, _LETTER = re.compile("[а-яё]", re.I), re.compile("[a-z]", re.I), re.compile(r"\w")
_POSITIVE_EMOJI = re.compile("[👍🙏❤🙂😊😀😃😄👌🤝🥰😍💐🌹🔥👏]")
# More text than this is not only politeness, whatever the words; and what a customer wants is said before that.
_LONGEST_SMALL, _LONGEST = 200, 2_000

_WANTS_PERSON, _NOT_PERSON = phrases.pattern(phrases.WANTS_PERSON), phrases.pattern(phrases.NOT_PERSON)
_ONLY_STAFF = re.compile(rf"\W*{phrases.pattern(phrases.ONLY_STAFF).pattern}\W*", re.I)
_SMALL: tuple[tuple[SmallTalk, re.Pattern[str]], ...] = (
    ("bye", phrases.pattern(phrases.BYE)), ("thanks", phrases.pattern(phrases.THANKS)),
    ("greeting", phrases.pattern(phrases.GREETING)),
)
_FILLER = phrases.pattern(phrases.FILLERS)
_INTENTS = tuple((name, phrases.pattern(words)) for name, words in phrases.INTENTS.items())

_REPLIES: dict[tuple[str, str], str] = {
    ("greeting", "ru"): "Здравствуйте! Чем могу помочь?",
    ("greeting", "en"): "Hello! How can I help?",
    ("thanks", "ru"): "Рады помочь! Если появится ещё вопрос, напишите.",
    ("thanks", "en"): "Glad to help! If anything else comes up, just write.",
    ("bye", "ru"): "Всего доброго! Будем рады, если напишете снова.",
    ("bye", "en"): "Goodbye! You are welcome to write again any time.",
}


def language(text: str) -> Language:
    """Russian, unless Latin letters outnumber Cyrillic ones three to one: product names in a Russian question are
    Latin. Without any letters Russian."""
    return "en" if len(_LATIN.findall(text)) > 3 * len(_CYRILLIC.findall(text)) else "ru"


def wants_person(text: str) -> bool:
    """Does the customer ask for a person, in so many words? Being upset is not asking."""
    text = text[:_LONGEST].replace(",", " ")
    if _ONLY_STAFF.fullmatch(text):
        return True
    return bool(_WANTS_PERSON.search(text)) and not _NOT_PERSON.search(text)


def small_talk(text: str) -> SmallTalk | None:
    """The kind of a line that is nothing but politeness; None as soon as it says anything else. Of several kinds in
    one line the one that ends a conversation counts."""
    if len(text) > _LONGEST_SMALL:
        return None
    rest, kinds = text, list[SmallTalk]()
    for kind, pattern in _SMALL:
        rest, count = pattern.subn(" ", rest)
        kinds += [kind] if count else []
    if _LETTER.search(_FILLER.sub(" ", rest)):
        return None
    if not kinds:
        return "thanks" if _POSITIVE_EMOJI.search(text) else None
    return kinds[0]


def reply(kind: SmallTalk, spoken: str) -> str:
    """What to say to a line of small talk, in `ru` or `en`."""
    return _REPLIES[kind, "ru" if spoken == "ru" else "en"]


def intent(text: str) -> str | None:
    """The intent (intents.INTENTS) that words alone tell, one of eight; None when only a model could say."""
    for name, pattern in _INTENTS:
        if pattern.search(text[:_LONGEST]):
            return name
    return "other" if small_talk(text) else None
