"""Everything in which a parsed tree differs from the shape (a msgspec type) it should have, with pointers.

msgspec itself stops at the first difference and is quick; this walk is for saying all of them. It asks msgspec
about each part, so the two cannot disagree.
"""

import re
import types
from collections.abc import Iterable, Iterator
from typing import Annotated, Any, Union, get_args, get_origin

import msgspec
from msgspec import inspect
from msgspec.structs import StructConfig

from orderwright.values.findings import Finding, phrased, worded
from orderwright.values.phrases import phrase
from orderwright.values.shape_words import phrase_of

# What msgspec says of a single value, and our code for it; the first that matches counts.
_CODES: tuple[tuple[re.Pattern[str], str], ...] = tuple(
    (re.compile(said), code)
    for said, code in (
        ("missing required field", "missing"),
        ("of length >=", "too_short"),
        ("of length <=", "too_long"),
        ("of length", "bad_length"),
        (", got ", "wrong_type"),
        ("RFC3339|ISO8601|timezone component|Timestamp", "bad_time"),
        ("Invalid enum value|Invalid value", "not_one_of"),
        ("> |>= |< |<= |multiple of|out of range", "out_of_range"),
    )
)
_NAME_MAX = 64
_PLAIN = (
    *(inspect.NoneType, inspect.BoolType, inspect.IntType, inspect.FloatType, inspect.StrType),
    *(inspect.BytesType, inspect.DateTimeType, inspect.DateType, inspect.TimeType, inspect.TimeDeltaType),
    *(inspect.UUIDType, inspect.DecimalType, inspect.EnumType, inspect.LiteralType),
)
BAD_TEXT = phrase("The text holds NUL or half of a surrogate pair.")


def shape_findings(value: Any, shape: Any, pointer: str = "") -> Iterator[Finding]:
    """Each difference between a tree of plain values and a shape, in the order of the tree; none if it fits."""
    own = _own_finding(value, shape, pointer)
    if own is None:
        return
    is_told = False
    for finding in _inner_findings(value, shape, pointer):
        is_told = True
        yield finding
    if not is_told:
        yield own


def is_closed(shape: Any) -> bool:
    """Whether nothing can come into a shape that it does not name, so that it is no deeper than its types."""
    return _is_closed(inspect.type_info(shape), ())


def below(pointer: str, name: object) -> str:
    """The JSON pointer (RFC 6901) of a part. Names are cut and made printable, since they come from outside."""
    text = str(name)[:_NAME_MAX].replace("~", "~0").replace("/", "~1")
    return f"{pointer}/{text if text.isprintable() else text.encode('unicode_escape').decode()}"


def _inner_findings(value: Any, shape: Any, pointer: str) -> Iterator[Finding]:
    """The differences of a list or an object: its length and its parts. Nothing for anything else."""
    bare, *metas = get_args(shape) if get_origin(shape) is Annotated else (shape,)
    origin, arguments = get_origin(bare) or bare, get_args(bare)
    if origin in (Union, types.UnionType):
        member = _member_for(value, arguments)
        if member is not None:
            yield from _inner_findings(value, member, pointer)
    elif isinstance(value, list) and origin in (list, tuple, set, frozenset) and arguments:
        yield from _told(_own_finding(value, Annotated[(list[Any], *metas)] if metas else Any, pointer))
        if origin is not tuple or arguments[-1] is ...:
            arguments = arguments[:1] * len(value)
        for index, (item, item_shape) in enumerate(zip(value, arguments, strict=False)):
            yield from shape_findings(item, item_shape, f"{pointer}/{index}")
    elif isinstance(value, dict) and origin is dict and arguments:
        yield from _told(_own_finding(value, Annotated[(dict[str, Any], *metas)] if metas else Any, pointer))
        for name, item in value.items():
            at = below(pointer, name)
            yield from _told(_own_finding({name: None}, types.GenericAlias(dict, (arguments[0], None)), at))
            yield from shape_findings(item, arguments[1], at)
    elif isinstance(value, dict) and isinstance(origin, type) and issubclass(origin, msgspec.Struct):
        yield from _field_findings(value, bare, origin.__struct_config__, pointer)


def _field_findings(value: dict[str, Any], shape: Any, config: StructConfig, pointer: str) -> Iterator[Finding]:
    fields = {field.encode_name: field for field in msgspec.structs.fields(shape)}
    for name, field in fields.items():
        if name in value:
            yield from shape_findings(value[name], field.type, below(pointer, name))
        elif field.required:
            yield Finding(below(pointer, name), "missing", "This field is required.")
    if config.forbid_unknown_fields:
        for name in value:
            if name not in fields and name != config.tag_field:
                yield Finding(below(pointer, name), "unknown_field", "There is no such field.")


def _member_for(value: Any, members: tuple[Any, ...]) -> Any:
    """The one member of a union that a value is meant for, if that can be told: by its tag, or by being alone."""
    able = [member for member in members if member is not type(None)]
    if len(able) > 1 and isinstance(value, dict):
        configs = [(member, getattr(member, "__struct_config__", None)) for member in able]
        able = [member for member, config in configs if config and value.get(config.tag_field) == config.tag]
    return able[0] if len(able) == 1 else None


def _own_finding(value: Any, shape: Any, pointer: str) -> Finding | None:
    """What msgspec says of a value, or None if it fits the shape."""
    try:
        msgspec.convert(value, shape, str_keys=True)
    except msgspec.ValidationError as refused:
        message = str(refused).partition(" - at ")[0]
    except UnicodeEncodeError:
        return phrased(pointer, "bad_text", BAD_TEXT)
    else:
        return None
    code = next((code for pattern, code in _CODES if pattern.search(message)), "bad_form")
    if code == "not_one_of":  # msgspec repeats the value, which may be long or private
        message = "It is none of the values allowed here"
    return worded(pointer, code, "{said}.", said=phrase_of(message))


def _is_closed(kind: inspect.Type, above: tuple[type, ...]) -> bool:
    parts: Iterable[inspect.Type]
    if isinstance(kind, inspect.StructType):
        if kind.cls in above or not kind.cls.__struct_config__.forbid_unknown_fields:
            return False
        above, parts = (*above, kind.cls), [field.type for field in kind.fields]
    elif isinstance(kind, (inspect.ListType, inspect.VarTupleType, inspect.SetType, inspect.FrozenSetType)):
        parts = [kind.item_type]
    elif isinstance(kind, inspect.DictType):
        parts = [kind.value_type]
    elif isinstance(kind, inspect.TupleType):
        parts = kind.item_types
    elif isinstance(kind, inspect.UnionType):
        parts = kind.types
    else:
        return isinstance(kind, _PLAIN)
    return all(_is_closed(part, above) for part in parts)


def _told(finding: Finding | None) -> Iterator[Finding]:
    if finding is not None:
        yield finding
