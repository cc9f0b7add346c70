from tests.shelves import own_shelves, shelves, tx

__all__ = ["own_shelves", "shelves", "tx"]
