"""A parsed profile against its types, with every mismatch found, not only the first."""

from typing import Any, NamedTuple, TypeVar, get_args, get_origin

import msgspec

T = TypeVar("T", bound=msgspec.Struct)


class Wrong(NamedTuple):
    """One entry that cannot be used: where, as a path of keys, and why."""

    path: str
    why: str


def walk(tree: dict[str, Any], kind: type[T]) -> tuple[T | None, list[Wrong]]:
    """The tree as a `kind`, or None and all that is wrong with it."""
    try:
        return msgspec.convert(tree, kind), []
    except msgspec.ValidationError:
        wrongs: list[Wrong] = []
        _struct(tree, kind, "", wrongs)
        return None, wrongs


def _struct(tree: object, kind: Any, path: str, wrongs: list[Wrong]) -> None:
    if not isinstance(tree, dict):
        wrongs.append(Wrong(path, "must be a table"))
        return
    dot = f"{path}." if path else ""
    known = {field.encode_name: field for field in msgspec.structs.fields(kind)}
    wrongs += [Wrong(dot + str(key), "is not known") for key in tree if key not in known]
    for name, field in known.items():
        if name in tree:
            _value(tree[name], field.type, dot + name, wrongs)
        elif field.required:
            wrongs.append(Wrong(dot + name, "is missing"))


def _value(value: object, kind: Any, path: str, wrongs: list[Wrong]) -> None:
    if isinstance(kind, type) and issubclass(kind, msgspec.Struct):
        _struct(value, kind, path, wrongs)
    elif get_origin(kind) is list and isinstance(value, list):
        for number, item in enumerate(value):
            _value(item, get_args(kind)[0], f"{path}[{number}]", wrongs)
    elif get_origin(kind) is dict and isinstance(value, dict):
        for key, item in value.items():
            _value(item, get_args(kind)[1], f"{path}.{key}", wrongs)
    else:
        try:
            msgspec.convert(value, kind)
        except msgspec.ValidationError as wrong:
            wrongs.append(Wrong(path, str(wrong)[:1].lower() + str(wrong)[1:]))
