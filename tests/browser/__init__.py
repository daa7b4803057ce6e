"""The whole product in a real browser: visitors in the demo shop, operators in the inbox, both at once."""
