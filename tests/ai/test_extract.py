"""From a file to its text: charsets, what gives no text, and files that are made to hurt."""

import io
from pathlib import Path

import pytest

from hub.ai import charset, extract, extract_child
from hub.ai.errors import ExtractError

RUSSIAN = "Доставляем заказы по всей России. Срок — от двух дней, цена зависит от региона."
UKRAINIAN = "Доставка по Україні від двох днів. Її вартість залежить від ваги і відстані."
ENGLISH = "Delivery inside the UK costs £4.99 and takes 3–5 days. It’s free over £50 – don’t worry…"
GERMAN = "Die Rücksendung ist innerhalb von 30 Tagen möglich. Größe und Straße bitte angeben."
FRENCH = "Les frais de port sont à la charge de l’acheteur dès 15 € d’achat. Où êtes-vous ?"
SPANISH = "El envío a España cuesta 5 € y tarda mañana. ¿Dónde está? ¡Aquí!"
POLISH = "Wysyłka kosztuje 15 zł. Zwrot w ciągu 14 dni. Płatność kartą przy odbiorze."


def text_of(data: bytes, name: str = "doc.txt") -> str:
    return extract.of_bytes(data, name, "Title").text


def code_of(data: bytes, name: str = "doc.txt") -> str:
    with pytest.raises(ExtractError) as caught:
        text_of(data, name)
    assert str(caught.value).endswith(".")
    return caught.value.code


@pytest.mark.parametrize("name", ["utf-8", "utf-8-sig", "utf-16", "utf-16-le", "utf-16-be", "utf-32", "cp1251",
                                  "koi8-r", "cp866", "iso8859-5"])
def test_russian_text_is_read_in_every_charset_of_its_history(name: str) -> None:
    text = RUSSIAN.replace("—", "-")
    assert charset.decoded(text.encode(name)) == text


@pytest.mark.parametrize(("text", "name"), [
    (ENGLISH, "cp1252"), (GERMAN, "cp1252"), (GERMAN, "latin-1"), (GERMAN, "iso8859-15"), (FRENCH, "cp1252"),
    (SPANISH, "cp1252"), ("café, £20, €15", "cp1252"), ("£5", "cp1252"), ("Größe", "latin-1"), (POLISH, "cp1250"),
    ("Återbetalning inom 30 dagar, öppet på lördagar", "latin-1"), ("A devolução não é possível", "latin-1"),
    ("La spedizione è gratuita in città, perché la qualità è tutto", "latin-1"), (UKRAINIAN, "cp1251"),
    (UKRAINIAN, "koi8-u"), ("Палатка «Онего», 2 шт. — £5 или 10 € за Wi-Fi", "cp1251"),
    ("Ёлка", "cp1251"), ("ВНИМАНИЕ: СКИДКИ", "koi8-r"), ("Цена 5 руб.", "cp866")])
def test_a_text_is_read_in_the_charset_it_was_written_in(text: str, name: str) -> None:
    kept = text.encode(name, "ignore")
    assert charset.decoded(kept) == kept.decode(name)


def test_utf_8_that_was_cut_inside_a_letter_is_still_utf_8() -> None:
    assert charset.decoded(RUSSIAN.encode()[:-2]) == RUSSIAN[:-2] + "\ufffd"


@pytest.mark.parametrize("data", [bytes(range(256)) * 20, b"\x89PNG\r\n\x1a\n" + b"\x00\x01" * 100, b"abc\x00def"])
def test_what_is_no_text_is_none(data: bytes) -> None:
    assert charset.decoded(data) is None


def test_line_ends_become_newlines_and_front_matter_goes() -> None:
    data = b"---\ntitle: x\ntags: [a]\n---\n# Head\r\n\r\nText\rend"
    assert text_of(data, "a.md") == "# Head\n\nText\nend"


def test_a_rule_in_a_text_file_is_not_front_matter() -> None:
    assert text_of(b"---\nmine\n---\nrest", "a.txt").startswith("---")


def test_words_of_print_are_whole_words() -> None:
    assert text_of("Wirtschafts\u00adgrumpel\u00ad\nbescheinigung, штур\u200bмаланка, oﬃce".encode()) == (
        "Wirtschaftsgrumpelbescheinigung, штурмаланка, office")


def test_a_picture_inside_a_text_is_left_out() -> None:
    assert text_of(b"before ![x](data:image/png;base64," + b"A" * 20_000 + b") after", "a.md") == "before ![x]() after"


def test_a_file_becomes_passages_under_their_headings() -> None:
    found = extract.of_bytes("# Доставка\n\nЗа два дня.".encode(), "a.md", "Доставка")
    assert [(piece.position, piece.heading, piece.text) for piece in found.chunks] == [(0, "", "За два дня.")]


@pytest.mark.parametrize(("data", "name", "code"), [
    (b"", "a.txt", "empty"), (b" \n\t", "a.md", "empty"), ("\u200b\u00ad".encode(), "a.md", "empty"),
    (b"PK\x03\x04", "a.docx", "unsupported"), (b"x", "noending", "unsupported"),
    (bytes(range(256)) * 20, "a.txt", "not_text"), (b"a " * 1_000_001, "a.txt", "too_long"),
    (b"a" * 20_000_001, "a.txt", "too_large"), (b"a" * 1_995_000, "a.txt", "not_words"),
    ("я".encode() * 900_000, "a.md", "not_words"), (b"1" * 5_001, "a.txt", "not_words")])
def test_a_file_that_gives_no_text_says_why(data: bytes, name: str, code: str) -> None:
    assert code_of(data, name) == code


@pytest.mark.parametrize("unit", [b"a,", b"#", b"| ", b"\n- a", b"[(", b"*_`", b"> ", b"&", b"<b>", b"word "])
def test_two_megabytes_of_anything_stay_within_the_limits(unit: bytes) -> None:
    """Repeated marks are what makes a careless reader of Markdown take a minute: here the child may have 30 s."""
    found = extract.of_bytes(unit * (1_900_000 // len(unit)), "a.md", "t")
    assert all(len(piece.text) <= 900 for piece in found.chunks)


def child(path: Path, code: str, monkeypatch: pytest.MonkeyPatch) -> None:
    (path / "child.py").write_text(code)
    monkeypatch.setattr(extract, "_CHILD", path / "child.py")


def test_one_that_never_ends_is_given_up(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    child(tmp_path, "while True: pass", monkeypatch)
    monkeypatch.setattr(extract, "_DEADLINE_S", 0.5)
    assert code_of(b"x") == "too_heavy"


@pytest.mark.parametrize(("limit", "most", "code"), [
    ("MEMORY_BYTES", 1 << 28, "x = bytearray(1 << 30)"), ("CPU_S", 1, "while True: pass"),
    ("OUTPUT_BYTES", 100_000, "sys.stdout.write('x' * 1_000_000); sys.stdout.flush()")])
def test_one_that_takes_too_much_is_ended_by_the_system(monkeypatch: pytest.MonkeyPatch, tmp_path: Path, limit: str,
                                                        most: int, code: str) -> None:
    """The real limits, made smaller; what the child does is the reader's place."""
    assert getattr(extract_child, limit) > most
    root = Path(extract_child.__file__).parents[2]
    child(tmp_path, f"import sys\nsys.path.insert(0, {str(root)!r})\nfrom hub.ai import extract_child\n"
                    f"extract_child.{limit} = {most}\nextract_child._limit()\n{code}\n", monkeypatch)
    assert code_of(b"x") == "too_heavy"


def test_the_child_sees_no_secrets(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    child(tmp_path, "import os, json\nprint(json.dumps({'text': str(dict(os.environ)), 'chunks': []}))", monkeypatch)
    monkeypatch.setenv("SESSION_SECRET", "do-not-tell")
    assert "do-not-tell" not in extract.of_file(_file(tmp_path), "a.txt", "t").text


def _file(folder: Path) -> io.BufferedReader:
    (folder / "a.txt").write_bytes(b"x")
    return (folder / "a.txt").open("rb")
