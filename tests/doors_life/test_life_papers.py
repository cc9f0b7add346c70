"""Papers and print queues over HTTP, and what a key limited to a site may see of them."""

from tests.doors_life.conftest import Life
from tests.papers.reading import barcodes, pages, words


def test_papers_are_files(life: Life) -> None:
    number = life.place({"MUG": 1})
    parcel = life.packed(number)
    slip = life.call("GET", f"/v1/parcels/{parcel['id']}/packing-slip.pdf?language=es&size=us-letter")
    assert (slip.status, slip.headers["content-type"]) == (200, "application/pdf")
    assert "Contenido de este paquete" in words(slip.content)
    assert [code for _, code in barcodes(pages(slip.content, 203.2)[0])] == [f"P:{parcel['number']}"]
    bins = life.call("GET", "/v1/sites/LEEDS/bin-labels.zpl?roll=100x150")
    assert (bins.status, bins.headers["content-type"], bins.content[:3]) == (200, "application/zpl", b"^XA")
    assert life.call("GET", "/v1/sites/LEEDS/bin-labels.pdf?layout=100x50").content[:4] == b"%PDF"
    assert life.call("GET", "/v1/sites/MARS/bin-labels.pdf").code == "unknown_site"
    assert life.call("GET", f"/v1/parcels/{parcel['id']}/packing-slip.pdf?size=a9").code == "malformed"
    assert life.call("GET", f"/v1/parcels/{parcel['id']}/carton-label.zpl").code == "no_sscc"


def test_a_job_goes_from_asked_to_printed(life: Life) -> None:
    parcel = life.packed(life.place({"MUG": 1}))
    wanted = {"printer": "desk", "kind": "packing_slip", "subject": parcel["id"]}
    asked = life.post("/v1/prints", wanted)
    assert (asked.status, asked.json["state"]) == (201, "waiting")
    assert life.post("/v1/prints", wanted).status == 200
    job = asked.json["id"]
    assert [each["id"] for each in life.get("/v1/prints?printer=desk")["items"]] == [job]
    assert life.call("GET", f"/v1/prints/{job}/pdf").content[:4] == b"%PDF"
    assert life.call("GET", f"/v1/prints/{job}/zpl").code == "not_found"
    assert life.post(f"/v1/prints/{job}/acknowledge", {"printed": True}).json["state"] == "printed"
    assert life.call("GET", f"/v1/prints/{job}/pdf").code == "print_step"
    assert life.post("/v1/prints", wanted).code == "printed_before"


def test_a_key_of_another_site_sees_and_prints_nothing_of_this_one(life: Life) -> None:
    parcel = life.packed(life.place({"MUG": 1}))
    wanted = {"printer": "desk-2", "kind": "packing_slip", "subject": parcel["id"]}
    job = life.post("/v1/prints", wanted).json["id"]
    other = life.served.at("floor:read", "floor:write", "shipping:read", sites=["BRISTOL"])
    assert other("GET", "/v1/prints?printer=desk-2").json["items"] == []
    for method, path, body in (
        ("POST", "/v1/prints", wanted),
        ("POST", f"/v1/prints/{job}/acknowledge", {"printed": True}),
        ("GET", f"/v1/prints/{job}/pdf", None),
        ("GET", f"/v1/parcels/{parcel['id']}/packing-slip.pdf", None),
        ("GET", "/v1/sites/LEEDS/bin-labels.pdf", None),
    ):
        assert other(method, path, body).code == "forbidden", path


def test_totes_carts_and_badges_are_labelled(life: Life) -> None:
    made = life.call("GET", "/v1/floor-labels.pdf?kind=tote&codes=0001,%200002,")
    assert [barcodes(page)[0][1] for page in pages(made.content, 203.2)] == ["T:0001", "T:0002"]
    badge = life.call("GET", "/v1/floor-labels.zpl?kind=staff&codes=ann&roll=100x50&language=es")
    assert b"^FDTarjeta^FS" in badge.content
    assert life.call("GET", "/v1/floor-labels.zpl?kind=tote&codes=%C3%84").code == "bad_code"
    assert life.call("GET", "/v1/floor-labels.zpl?kind=elephant&codes=1").code == "malformed"
