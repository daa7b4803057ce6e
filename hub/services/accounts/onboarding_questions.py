"""What customers would ask of the articles of a business: a pure function from articles to questions."""

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from itertools import chain, islice, zip_longest

from hub.lib import text
from hub.lib.json_types import Values
from hub.models.knowledge.knowledge_doc import KnowledgeDoc
from hub.services.accounts.onboarding_texts import BY_KIND

_LONGEST, _OF_ONE = 200, 20
# A whole line that asks, as a heading or at the beginning of a list's entry.
_ASKS = re.compile(r"^[#>*\-\s]*(?:\d+[.)]\s+)?\**([^\n?]{8,198}\?)\**\s*$", re.M)


@dataclass(frozen=True)
class Question:
    """What is asked, and the article that should answer it."""

    text: str
    doc: KnowledgeDoc


def drawn(docs: Iterable[KnowledgeDoc], kinds: Values, most: int) -> list[Question]:
    """The first question of each article, then the second ones …; `kinds`: {uuid: what the article is about}."""
    columns = [[Question(asked, doc) for asked in islice(_of(doc, str(kinds.get(str(doc.uuid), ""))), _OF_ONE)]
               for doc in docs]
    found = (question for question in chain.from_iterable(zip_longest(*columns)) if question is not None)
    each = {text.fold(question.text): question for question in found}
    return list(islice(each.values(), most))


def _of(doc: KnowledgeDoc, kind: str) -> Iterator[str]:
    """What its sections answer; else the questions in its own text; else its title, as people type one."""
    asked = [*_of_sections(doc, kind)] or [found.strip() for found in _ASKS.findall(doc.content)]
    return iter(asked or [f"{text.shorten(doc.title.rstrip('?!. '), _LONGEST)}?"])


def _of_sections(doc: KnowledgeDoc, kind: str) -> Iterator[str]:
    article = BY_KIND.get(kind)
    headings = {text_line.strip("# ") for text_line in doc.content.splitlines() if text_line.startswith("#")}
    for part in article.parts if article else ():
        yield from (part.question.of(language) for language in ("ru", "en") if part.heading.of(language) in headings)
