"""Money: payments as intents, invoices without gaps, a ledger that always balances."""
