"""Talk that needs no knowledge."""

import json
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from hub.ai import intents, phrases, utterance

WANTS = """Позовите оператора
оператор
ЧЕЛОВЕКА!!!
Менеджер, срочно
Хочу поговорить с живым человеком
хочу пообщаться с менеджером
соедините меня, пожалуйста, с консультантом
переключите на оператора
можно человека?
дайте мне человека
нужен живой оператор
свяжите меня с поддержкой
не хочу говорить с ботом
есть живые люди?
Перезвоните мне пожалуйста
позвоните мне на 89111234567
хочу с вашим менеджером обсудить опт
agent
human please
I want to talk to a human
can I speak to someone?
let me speak with your manager
connect me to an operator
put me through to customer support
I need a person
I'd like a real person
is there a live agent?
please call me back
could someone call me?"""

DOES_NOT = """личный кабинет не открывается
палатка на 4 человека
нужна палатка на 3 человека
можно палатку на 2 человека
сколько человек помещается
рост человека 180, какой размер
Оператор мне нахамил, куда жаловаться
какой оператор связи доставляет смс
вам менеджеры нужны? какая зарплата
хочу к вам менеджером на работу
живые цветы есть?
до скольки работает поддержка? можно позвонить?
я не робот
2-person tent
per person or per group?
is this jacket for a tall person?
how many people fit in
call me Anna
I will call later
speak English?
do you have jobs for a manager
I am not a robot
I need a two-person tent"""


@pytest.mark.parametrize("text", WANTS.split("\n"))
def test_a_wish_for_a_person_is_heard(text: str) -> None:
    assert utterance.wants_person(text)


@pytest.mark.parametrize("text", DOES_NOT.split("\n"))
def test_what_only_sounds_like_it_is_not(text: str) -> None:
    assert not utterance.wants_person(text)


@pytest.mark.parametrize(("text", "kind"), [
    ("Здравствуйте!", "greeting"), ("Добрый день)", "greeting"), ("привет 👋", "greeting"), ("Hello there", "greeting"),
    ("Good morning, team!", "greeting"), ("/start", "greeting"), ("Hi! How are you?", "greeting"),
    ("есть кто?", "greeting"),
    ("Спасибо большое!", "thanks"), ("понятно, спасибо за помощь", "thanks"), ("ок", "thanks"), ("👍", "thanks"),
    ("Thank you so much", "thanks"), ("got it, thanks", "thanks"), ("great", "thanks"),
    ("Спасибо, до свидания", "bye"), ("Пока", "bye"), ("Thanks, bye!", "bye"), ("have a nice day", "bye")])
def test_politeness_alone_is_small_talk(text: str, kind: str) -> None:
    assert utterance.small_talk(text) == kind


@pytest.mark.parametrize("text", [
    "Здравствуйте! Сколько стоит доставка?", "hi, do you ship to Armenia", "да", "нет", "???", "", "42",
    "спасибо не помогло", "пока не пришло", "Добрый день " * 30, "ок, а размер L есть?"])
def test_a_line_that_says_more_is_not(text: str) -> None:
    assert utterance.small_talk(text) is None


def test_there_is_a_reply_for_every_kind_in_both_languages() -> None:
    said = {utterance.reply(kind, spoken) for kind in ("greeting", "thanks", "bye") for spoken in ("ru", "en")}
    assert len(said) == 6


@pytest.mark.parametrize(("text", "spoken"), [
    ("Сколько стоит?", "ru"), ("How much?", "en"), ("есть iPhone 15 Pro Max?", "ru"), ("ok", "en"), ("", "ru"),
    ("123?", "ru")])
def test_the_language_is_that_of_most_letters(text: str, spoken: str) -> None:
    assert utterance.language(text) == spoken


@pytest.mark.parametrize(("text", "intent"), [
    ("сколько стоит палатка", "price"), ("почём лодка?", "price"), ("how much is the tent", "price"),
    ("есть ли в наличии 42 размер", "availability"), ("is it in stock?", "availability"),
    ("сколько стоит доставка", "shipping"), ("where's my order", "shipping"), ("do you ship to Oslo", "shipping"),
    ("хочу вернуть куртку", "return"), ("can I get a refund", "return"), ("есть скидки?", "discount"),
    ("any promo codes?", "discount"), ("какая гарантия", "warranty_question"),
    ("the zip is broken", "warranty_question"),
    ("ваш менеджер нахамил мне", "complaint"), ("this is unacceptable", "complaint"),
    ("Здравствуйте", "other"),
    ("как стирать пуховик", None), ("what size do I need", None), ("вентилятор ценный", None),
    ("relationship advice", None)])
def test_rules_tell_only_what_words_tell(text: str, intent: str | None) -> None:
    assert utterance.intent(text) == intent


def test_the_rules_know_no_intent_that_the_engine_does_not() -> None:
    assert set(phrases.INTENTS) < set(intents.INTENTS)


def test_no_question_of_the_demo_is_taken_for_talk(root: Path) -> None:
    questions = json.loads((root / "scripts/demo/content/questions.json").read_text("utf-8"))
    taken = [asked["question"] for asked in questions
             if utterance.small_talk(asked["question"]) or utterance.wants_person(asked["question"])]
    assert taken == []
    assert all(utterance.language(asked["question"]) == asked["language"] for asked in questions)


@given(st.text(max_size=300))
def test_any_text_can_be_asked_about(text: str) -> None:
    assert utterance.language(text) in ("ru", "en")
    assert utterance.intent(text) in (*intents.INTENTS, None)
    utterance.wants_person(text)
