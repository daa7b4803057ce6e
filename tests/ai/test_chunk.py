"""From a text to passages."""

from hypothesis import given, settings
from hypothesis import strategies as st

from hub.ai import chunk

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


def test_a_book_without_headings_is_cut_in_blocks_and_keeps_its_words_and_its_tables_heads() -> None:
    rows = [f"| Город {number} | {number}00 рублей за посылку |" for number in range(2_000)]
    table = "\n".join(["| Город | Цена |", "|---|---|", *rows])
    result = chunk.chunks(f"{words(9_000)}\n\n{table}", "t")
    whole = "\n".join(part.text for part in result)
    assert all(f"слово{number}" in whole for number in range(0, 9_000, 500)) and whole.count("за посылку") == 2_000
    cut = [part.text for part in result if part.text.startswith("| ")]
    assert len(cut) > 50 and all(text.startswith("| Город | Цена |\n|---|---|") for text in cut)
    assert all(len(part.text) <= chunk.LONGEST + 40 for part in result)


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
