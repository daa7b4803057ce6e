"""/widget: what a visitor's page sees."""
