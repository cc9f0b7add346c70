"""Customers follow their order: by its link, or by what only its buyer knows."""

from tests.portal.conftest import Counter


def test_the_link_becomes_a_cookie_and_a_clean_address(counter: Counter):
    number = counter.scene.placed()
    visit = counter.visit()
    seen = visit.get(counter.scene.link(number))
    assert (seen.status, seen.location) == (303, "/track")
    cookie = str(seen.header("set-cookie"))
    assert "HttpOnly" in cookie
    assert "SameSite=Lax" in cookie
    words = visit.get("/track").words
    assert number in words
    assert "We have your order" in words


def test_tracking_delivered(counter: Counter):
    number = counter.scene.delivered()
    seen = counter.visit(number).get("/track")
    assert seen.status == 200, seen.text[-3000:]
    assert seen.title == "Delivered"
