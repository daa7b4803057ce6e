"""Endpoints that know less than OpenAI's get the same question in words they know."""

import pytest

from hub.ai import chat
from hub.ai.errors import AIError
from hub.lib import cache
from tests.ai import model_server as fake
from tests.ai.model_server import Behaviour, Handler, Model
from tests.ai.test_chat import ask


@pytest.fixture(autouse=True)
def _forget() -> None:
    cache.clear_all()


def refuses(argument: str, message: str) -> Behaviour:
    """A 400 as long as this argument is sent, an answer without it."""
    def behave(handler: Handler) -> None:
        if argument in handler.body:
            fake.fails(400, message=message)(handler)
        else:
            fake.says(fake.reply("Да"))(handler)
    return behave


@pytest.mark.parametrize("message", ["'response_format' of type 'json_schema' is not supported", "Bad Request"])
def test_without_response_format_the_shape_is_told_in_the_prompt(model: Model, message: str) -> None:
    assert ask(model.endpoint(refuses("response_format", message))).text == "Да"
    first, second = (body for _, _, body in model.requests)
    assert "response_format" in first and "response_format" not in second
    assert second["messages"][:-1] == first["messages"]
    assert '"hand_over"' in second["messages"][-1]["content"]


@pytest.mark.parametrize(("argument", "message"), [
    ("max_tokens", "Unsupported parameter: 'max_tokens'. Use 'max_completion_tokens' instead."),
    ("temperature", "Unsupported value: 'temperature' does not support 0.2 with this model."),
    ("stream_options", "stream_options: Extra inputs are not permitted")])
def test_an_argument_it_does_not_know_is_left_out(model: Model, argument: str, message: str) -> None:
    assert ask(model.endpoint(refuses(argument, message))).text == "Да"
    body = model.requests[-1][2]
    assert argument not in body and "response_format" in body
    assert argument != "max_tokens" or body["max_completion_tokens"] == 300


def test_several_arguments_are_given_up_one_after_the_other(model: Model) -> None:
    def picky(handler: Handler) -> None:
        for argument in ("temperature", "stream_options", "response_format"):
            if argument in handler.body:
                fake.fails(400, message=f"unknown argument {argument}")(handler)
                return
        fake.says(fake.reply("Да"))(handler)

    assert ask(model.endpoint(picky)).text == "Да"
    assert len(model.requests) == 4


def test_what_was_learned_is_not_learned_again(model: Model) -> None:
    endpoint = model.endpoint(refuses("response_format", "no json_schema here"))
    ask(endpoint)
    ask(endpoint)
    assert ["response_format" in body for _, _, body in model.requests] == [True, False, False]


def test_a_refusal_that_no_form_cures_ends_in_time_and_is_not_remembered(model: Model) -> None:
    with pytest.raises(AIError):
        ask(model.endpoint(fake.fails(400, message="temperature max_completion_tokens stream_options")))
    assert len(model.requests) == 5
    assert len(chat._refused) == 0


def test_a_question_that_is_too_long_is_not_sent_again_in_another_form(model: Model) -> None:
    with pytest.raises(AIError):
        ask(model.endpoint(fake.fails(400, "context_length_exceeded")))
    assert len(model.requests) == 1
