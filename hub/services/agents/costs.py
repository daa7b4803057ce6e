"""What a model's answer cost, by the providers' public price lists (US dollars per million tokens, 2025)."""

# model -> (input, output). Other endpoints have other prices: what is not listed costs an unknown amount, not nothing.
PRICES: dict[str, tuple[float, float]] = {
    "gpt-4.1": (2.00, 8.00),
    "gpt-4.1-mini": (0.40, 1.60),
    "gpt-4.1-nano": (0.10, 0.40),
    "gpt-4o": (2.50, 10.00),
    "gpt-4o-mini": (0.15, 0.60),
    "offline": (0.0, 0.0),
}


def usd(model: str, tokens_in: int, tokens_out: int) -> float | None:
    """The price of one answer; None for a model without a known price. Dated names count as their model."""
    known = next((name for name in sorted(PRICES, key=len, reverse=True)
                  if model == name or model.startswith(f"{name}-20")), None)
    if known is None:
        return None
    price_in, price_out = PRICES[known]
    return round((tokens_in * price_in + tokens_out * price_out) / 1_000_000, 6)
