"""From a file to passages."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from hub.ai import chunk
from hub.ai.errors import ExtractError

RUSSIAN = "Доставляем заказы по всей России. Срок — от двух дней, цена зависит от региона."


@pytest.mark.parametrize("charset", ["utf-8", "utf-8-sig", "utf-16", "cp1251", "koi8-r", "cp866"])
def test_russian_text_is_read_in_every_charset_of_its_history(charset: str) -> None:
    text = RUSSIAN.replace("—", "-")
    assert chunk.extract(text.encode(charset), "doc.TXT") == text


def test_line_ends_become_newlines_and_front_matter_goes() -> None:
    data = b"---\ntitle: x\ntags: [a]\n---\n# Head\r\n\r\nText\rend"
    assert chunk.extract(data, "a.md") == "# Head\n\nText\nend"


def test_a_rule_in_a_text_file_is_not_front_matter() -> None:
    assert chunk.extract(b"---\nmine\n---\nrest", "a.txt").startswith("---")


@pytest.mark.parametrize(("data", "name", "code"), [
    (b"", "a.txt", "empty"), (b" \n\t", "a.md", "empty"), (b"PK\x03\x04", "a.docx", "unsupported"),
    (b"x", "noending", "unsupported"), (bytes(range(256)) * 20, "a.txt", "not_text"),
    (b"a" * 2_000_001, "a.txt", "too_long"),
    (b"a" * 20_000_001, "a.txt", "too_large")])
def test_a_file_that_gives_no_text_says_why(data: bytes, name: str, code: str) -> None:
    with pytest.raises(ExtractError) as caught:
        chunk.extract(data, name)
    assert caught.value.code == code and str(caught.value).endswith(".")


def words(count: int) -> str:
    return " ".join(f"слово{number}" for number in range(count))


def test_a_short_document_is_one_passage() -> None:
    assert chunk.chunks("# Доставка\n\nЗа два дня.", "Доставка") == [chunk.Chunk(0, "", "За два дня.")]


def test_nothing_gives_no_passages() -> None:
    assert chunk.chunks("", "t") == [] and chunk.chunks("# Only\n\n## headings\n", "t") == []


def test_short_sections_share_a_passage_and_keep_their_headings_in_it() -> None:
    result = chunk.chunks("## Курьер\n\nЗа день.\n\n## Почта\n\nЗа неделю.", "Доставка")
    assert result == [chunk.Chunk(0, "", "## Курьер\n\nЗа день.\n\n## Почта\n\nЗа неделю.")]


def test_a_long_section_has_its_own_passage_under_its_headings() -> None:
    long = words(70)
    text = f"# Доставка\n\nКратко.\n\n## Курьер\n\n### Москва\n\n{long}\n\n## Почта\n\nНеделя."
    result = chunk.chunks(text, "Доставка")
    assert [(part.heading, part.text) for part in result] == [
        ("", "Кратко."), ("Курьер › Москва", long), ("Почта", "Неделя.")]


def test_shared_headings_stand_beside_the_passage_not_in_it() -> None:
    result = chunk.chunks("# А\n\n## Б\n\n### В\n\nраз\n\n### Г\n\nдва", "t")
    assert result == [chunk.Chunk(0, "А › Б", "## В\n\nраз\n\n## Г\n\nдва")]


def test_headings_are_shared_from_the_top_only() -> None:
    result = chunk.chunks("# А\n\n## В\n\nраз\n\n# Б\n\n## В\n\nдва", "t")
    assert result == [chunk.Chunk(0, "", "## А › В\n\nраз\n\n## Б › В\n\nдва")]


def test_a_very_long_section_becomes_several_passages_of_one_heading() -> None:
    result = chunk.chunks("## Правила\n\n" + "\n\n".join(f"{number}. {words(30)}" for number in range(12)), "t")
    assert len(result) > 3 and {part.heading for part in result} == {"Правила"}
    assert all(len(part.text) <= chunk.LONGEST for part in result)
    assert [part.position for part in result] == list(range(len(result)))


def test_a_hash_in_code_is_no_heading() -> None:
    assert chunk.chunks("```\n# comment\n```\ntext", "t")[0].heading == ""


def test_every_part_of_a_long_table_has_its_head() -> None:
    rows = [f"| Город {number} | {number}00 рублей за посылку |" for number in range(90)]
    table = "\n".join(["| Город | Цена |", "|---|---|", *rows])
    result = chunk.chunks(f"Цены:\n\n{table}", "t")
    assert len(result) > 2
    assert all("| Город | Цена |\n|---|---|" in part.text for part in result[1:])
    assert sum(part.text.count("за посылку") for part in result) == 90


@settings(max_examples=60)
@given(st.lists(st.text("аб в.\n#|-`1", max_size=400), max_size=6))
def test_no_word_is_lost_whatever_the_text(parts: list[str]) -> None:
    text = "\n\n".join(parts)
    kept = "".join(f"{part.heading}{part.text}" for part in chunk.chunks(text, "t"))
    for letter in ("а", "б", "1"):
        body = sum(line.count(letter) for line in text.split("\n") if not line.startswith("#"))
        assert kept.count(letter) >= body


def test_what_a_passage_is_found_by_holds_all_that_names_it() -> None:
    said = chunk.searchable("Доставка", "Курьер", "За день.", ["сроки", "цена"])
    assert said.count("Доставка") == 2 and all(word in said for word in ("Курьер", "За день.", "сроки", "цена"))
