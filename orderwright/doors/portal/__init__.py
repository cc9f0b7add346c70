"""The pages of customers: their order, and sending something back. They are told of in docs/customers-pages.md."""
