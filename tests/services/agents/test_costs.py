"""What an answer cost: by its maker's price list, or unknown; never nothing for what is not listed."""

import pytest

from hub.services.agents import costs


@pytest.mark.parametrize(("model", "price_in", "price_out"), [
    ("gpt-4.1", 2.00, 8.00), ("gpt-4.1-mini", 0.40, 1.60), ("gpt-4.1-nano", 0.10, 0.40), ("gpt-4o", 2.50, 10.00),
    ("gpt-4o-mini", 0.15, 0.60), ("gpt-4o-2024-08-06", 2.50, 10.00), ("gpt-4o-mini-2024-07-18", 0.15, 0.60),
    ("offline", 0.0, 0.0)])
def test_a_million_tokens_cost_what_the_price_list_of_2025_says(model: str, price_in: float, price_out: float) -> None:
    assert costs.usd(model, 1_000_000, 0) == price_in and costs.usd(model, 0, 1_000_000) == price_out
    assert costs.usd(model, 1_000_000, 1_000_000) == pytest.approx(price_in + price_out)


@pytest.mark.parametrize("model", ["", "gpt-4", "gpt-4o-audio", "my-own-gpt-4o", "llama-3"])
def test_what_is_not_listed_costs_an_unknown_amount(model: str) -> None:
    assert costs.usd(model, 1_000, 1_000) is None
