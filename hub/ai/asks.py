"""What the words of asking stand for: "where" is not in an article about addresses, "address" is."""

import re

from hub.ai import stems

# How much such a word counts beside one that the customer wrote (on the demo's questions 0.5 to 1 do equally well).
WEIGHT = 0.7

_ASKS = [(re.compile(asks, re.I), words) for asks, words in (
    (r"\b(?:где|куда)\b", "адрес"),
    (r"\bwhere\b", "address"),
    (r"\bсколько\s+(?:это\s+)?сто[ия]т|\bпоч[её]м\b|\bплатн", "стоимость цена"),
    (r"\bhow much\b", "price cost"),
    (r"\b(?:когда|как долго|как быстро|через сколько)\b|\bсколько\s+(?:ид[её]т|дней|ждать|времени)\b", "срок"),
    (r"\b(?:when|how long|how soon|how many days)\b", "time days"),
)]


def hints(question: str) -> list[str]:
    """Stems that the answer is likely to hold although the question does not."""
    found = " ".join(words for asks, words in _ASKS if asks.search(question))
    return [stem for stem in dict.fromkeys(stems.stems(found)) if stem not in stems.stems(question)]
