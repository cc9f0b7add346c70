"""Where people practise is kept for a while, and for so many of them."""

from datetime import timedelta

from orderwright.business.staff.forms import NotePractice
from orderwright.business.staff.practising import note_practice, practices_over
from tests.shop import Shop
from tests.staff.people import Staff


def noted(shop: Shop, name: str, days: int) -> str:
    account = Staff(shop).invited(name, "picker").id
    shop.run(note_practice, NotePractice(account_id=account, store=f"practice_{name.lower()}", actor="test"))
    with shop.begin() as tx:
        tx.write(
            "UPDATE practice_store SET made_at = %(at)s WHERE account_id = %(id)s::uuid",
            at=tx.now - timedelta(days=days), id=account,
        )  # fmt: skip
    return account


def test_the_oldest_stores_to_practise_in_give_way(shop: Shop):
    ann, bob, cyd = (noted(shop, name, days) for name, days in (("Ann", 9), ("Bob", 6), ("Cyd", 1)))
    with shop.store.read() as tx:
        assert practices_over(tx, 3, 30) == []
        assert practices_over(tx, 2, 30) == [ann]
        assert practices_over(tx, 1, 30) == [ann, bob]
        assert practices_over(tx, 3, 7) == [ann]
        assert cyd not in practices_over(tx, 1, 5)
