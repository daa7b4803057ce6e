"""What a customer may want: the names that the decision engine, the model and the rules share."""

INTENTS = (
    "price", "availability", "shipping", "return", "discount", "complaint", "other", "photo_request",
    "price_objection", "ready_to_buy", "needs_manual_quote", "invalid_vin", "marking_provided", "payment_blocked",
    "warranty_question", "want_visit", "what_included", "vehicle_id_request", "gearbox_tag_request",
    "gearbox_tag_retry",
)
