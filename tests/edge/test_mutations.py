"""Each guard of the index taken out of a copy of the product: its tests turn red. Long, so it runs by itself."""

from collections.abc import Iterator

import pytest

from tests.edge.index import Mutation, mutations
from tests.edge.scratch import Scratch, scratch, survivors

pytestmark = pytest.mark.torture


@pytest.fixture(scope="module")
def copy() -> Iterator[Scratch]:
    """A copy of the tree whose tests are green."""
    with scratch() as copy:
        tests = sorted({test for mutation in mutations() for test in mutation.tests})
        before = copy.run(tests)
        assert set(tests) - before.passed == set(), before.said
        yield copy


@pytest.mark.parametrize("mutation", mutations(), ids=lambda mutation: mutation.case)
def test_a_guard_that_is_taken_out_is_missed(copy: Scratch, mutation: Mutation) -> None:
    green, said = survivors(copy, mutation)
    assert green == [], said
