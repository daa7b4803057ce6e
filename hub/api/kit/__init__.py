"""What every contract is made of: surfaces, tables, typed parameters, schemas, paging, idempotency, OpenAPI."""
