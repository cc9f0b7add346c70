"""One module for each page of customers and what is done on it."""
