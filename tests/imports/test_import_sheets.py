"""Reading table files: delimiters, encodings, packing, bounds."""

import gzip
import lzma
from collections.abc import Callable
from pathlib import Path

import pytest

from orderwright.business.imports.encodings import encoding_of
from orderwright.business.imports.sheets import Bounds, BrokenCells, FileForm, open_sheet
from orderwright.values.refusal import Refusal

Write = Callable[..., Path]


@pytest.mark.parametrize("delimiter", [",", ";", "\t", "|"])
def test_the_delimiter_is_found_out(written: Write, delimiter: str) -> None:
    text = "order;sku;title\n1;A;one, two\n2;B;three\n".replace(";", delimiter)
    if delimiter == ",":
        text = 'order,sku,title\n1,A,"one, two"\n2,B,three\n'
    sheet = open_sheet(written(text))
    assert (sheet.delimiter, sheet.header) == (delimiter, ["order", "sku", "title"])
    assert list(sheet.rows()) == [(2, ["1", "A", "one, two"]), (3, ["2", "B", "three"])]


def test_decimal_commas_do_not_pass_for_a_delimiter(written: Write) -> None:
    sheet = open_sheet(written("pedido;precio;iva\n1;2,50;0,53\n2;3,10;0,65\n"))
    assert sheet.header == ["pedido", "precio", "iva"]


def test_a_sep_line_names_the_delimiter(written: Write) -> None:
    sheet = open_sheet(written("sep=|\r\na,b|c\r\n1,5|2\r\n"))
    assert (sheet.header, list(sheet.rows())) == (["a,b", "c"], [(2, ["1,5", "2"])])


@pytest.mark.parametrize(
    ("encoding", "found"),
    [("utf-8", "utf-8"), ("utf-8-sig", "utf-8-sig"), ("utf-16", "utf-16"), ("cp1252", "cp1252")],
)
def test_the_encoding_is_found_out(written: Write, encoding: str, found: str) -> None:
    sheet = open_sheet(written("order,city\n1,Logroño\n", encoding=encoding))
    assert (sheet.encoding, sheet.header) == (found, ["order", "city"])
    assert list(sheet.rows()) == [(2, ["1", "Logroño"])]
    assert bool(sheet.remarks) == (found == "cp1252")


def test_the_assumed_encoding_is_said_with_the_byte_that_forced_it(written: Write) -> None:
    encoding, remark = encoding_of(written("a,b\n1,ñ\n", encoding="cp1252"), "", 1000)
    assert encoding == "cp1252"
    assert "byte 6 does not fit" in remark


def test_bytes_that_fit_no_encoding_are_refused_with_their_place(written: Write) -> None:
    with pytest.raises(Refusal) as no:
        open_sheet(written(b"a,b\n1,\x81\n"))
    assert (no.value.code, no.value.facts) == ("import_encoding", {"encoding": "cp1252", "byte": 6})


def test_a_named_encoding_must_fit_all_of_the_file(written: Write) -> None:
    path = written("a,b\n" + "1,x\n" * 100_000 + "2,ñ\n", encoding="cp1252")
    with pytest.raises(Refusal) as no:
        open_sheet(path, FileForm(encoding="utf-8"))
    assert no.value.facts == {"encoding": "utf-8", "byte": 400_006}
    with pytest.raises(Refusal, match="import_encoding"):
        open_sheet(path, FileForm(encoding="klingon"))


@pytest.mark.parametrize("pack", [gzip.compress, lzma.compress])
def test_packed_files_are_unpacked_whatever_their_name(written: Write, pack: Callable[[bytes], bytes]) -> None:
    sheet = open_sheet(written(pack(b"a,b\n1,2\n") + pack(b"3,4\n"), name="orders.dat"))
    assert list(sheet.rows()) == [(2, ["1", "2"]), (3, ["3", "4"])]


@pytest.mark.parametrize("pack", [gzip.compress, lzma.compress])
def test_a_small_file_that_unpacks_to_a_huge_one_is_refused(written: Write, pack: Callable[[bytes], bytes]) -> None:
    path = written(pack(b"a,b\n" + b"1,2\n" * 1_000_000))
    assert path.stat().st_size < 10_000
    with pytest.raises(Refusal) as no:
        open_sheet(path, bounds=Bounds(unpacked_bytes_max=1_000_000))
    assert (no.value.code, no.value.facts) == (
        "import_too_large", {"what": "bytes_unpacked", "limit": 1_000_000},
    )  # fmt: skip


@pytest.mark.parametrize("pack", [gzip.compress, lzma.compress])
def test_a_damaged_packing_is_refused(written: Write, pack: Callable[[bytes], bytes]) -> None:
    packed = pack(b"a,b\n" + b"1,2\n" * 1000)
    with pytest.raises(Refusal, match="import_unreadable"):
        open_sheet(written(packed[:-9]))


def test_an_xz_file_that_asks_for_gigabytes_of_memory_is_refused(written: Write) -> None:
    filters = [{"id": lzma.FILTER_LZMA2, "dict_size": 1 << 29}]
    packed = lzma.compress(b"a,b\n1,2\n", filters=filters)
    with pytest.raises(Refusal, match="import_unreadable"):
        open_sheet(written(packed))


@pytest.mark.parametrize(
    "content",
    [b"%PDF-1.7 ...", b"\x89PNG\r\n\x1a\n", b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1", "a,b\n1,2\n".encode("utf-16-le")],
)
def test_what_is_no_table_is_refused(written: Write, content: bytes) -> None:
    with pytest.raises(Refusal, match="import_format"):
        open_sheet(written(content))


def test_quoted_line_ends_commas_and_quotes_stay_in_their_cell(written: Write) -> None:
    sheet = open_sheet(written('order,note\r\n1,"two\r\nlines, ""said"""\r\n2,x\r\n'))
    assert list(sheet.rows()) == [(2, ["1", 'two\r\nlines, "said"']), (3, ["2", "x"])]


def test_an_open_quotation_mark_spoils_only_its_own_row(written: Write) -> None:
    lines = ["order,note"] + [f"{n},x" for n in range(1, 6001)]
    lines[3] = '3,"open'
    rows = list(open_sheet(written("\n".join(lines) + "\n")).rows())
    assert len(rows) == 6000
    assert rows[2] == (4, ['3,"open'])
    assert isinstance(rows[2][1], BrokenCells)
    assert [cells for _, cells in rows[:2] + rows[3:]] == [[str(n), "x"] for n in range(1, 6001) if n != 3]


def test_an_open_quotation_mark_in_the_last_row_is_found(written: Write) -> None:
    rows = list(open_sheet(written('a,b\n1,2\n3,"4\n')).rows())
    assert [(number, type(cells)) for number, cells in rows] == [(2, list), (3, BrokenCells)]


def test_open_quotation_marks_everywhere_are_refused(written: Write) -> None:
    text = "a,b\n" + '1,"x" y\n2,"z\n' * 3000
    with pytest.raises(Refusal, match="import_unreadable"):
        list(open_sheet(written(text)).rows())


def test_rows_columns_cells_and_lines_are_bounded(written: Write) -> None:
    path = written("a,b\n1,2\n3,4\n5,6\n")
    with pytest.raises(Refusal) as no:
        list(open_sheet(path, bounds=Bounds(rows_max=2)).rows())
    assert no.value.facts == {"what": "rows", "limit": 2}
    assert len(list(open_sheet(path, bounds=Bounds(rows_max=3)).rows())) == 3
    with pytest.raises(Refusal) as no:
        open_sheet(path, bounds=Bounds(bytes_max=10))
    assert no.value.facts == {"what": "bytes", "limit": 10}
    with pytest.raises(Refusal) as no:
        open_sheet(path, bounds=Bounds(columns_max=1))
    assert no.value.facts == {"what": "columns", "limit": 1}
    path = written("a,b\n1,2\n3,4444\n")
    with pytest.raises(Refusal) as no:
        list(open_sheet(path, bounds=Bounds(cell_chars_max=3)).checked_rows())
    assert no.value.facts == {"what": "cell", "limit": 3, "row": 3, "column": "b"}
    with pytest.raises(Refusal) as no:
        list(open_sheet(path, bounds=Bounds(line_chars_max=6)).rows())
    assert no.value.facts == {"what": "line", "limit": 6}


def test_a_header_is_needed_and_made_distinct(written: Write) -> None:
    assert open_sheet(written("a,,a\n1,2,3\n")).header == ["a", "Column 2", "a (2)"]
    for empty in ("", "\n\n", ",,\n"):
        with pytest.raises(Refusal, match="import_no_header"):
            open_sheet(written(empty))


def test_the_header_may_stand_below_title_lines(written: Write) -> None:
    sheet = open_sheet(written("Shop\nJanuary\na,b\n1,2\n"), FileForm(header_row=3, delimiter=","))
    assert (sheet.header, list(sheet.rows())) == (["a", "b"], [(4, ["1", "2"])])


def test_rows_can_be_read_twice_while_another_reading_is_open(written: Write) -> None:
    sheet = open_sheet(written("a,b\n1,2\n3,4\n"))
    first = sheet.rows()
    next(first)
    assert len(list(sheet.rows())) == 2
    assert next(first) == (3, ["3", "4"])
