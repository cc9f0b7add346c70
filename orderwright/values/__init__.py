"""The words everything else is said in: refusals, ids, money, codes, addresses, calendars."""
