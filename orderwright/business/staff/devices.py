"""Shared devices: scanners that several people use, each by a PIN. A device alone may do nothing."""

from collections.abc import Sequence

import msgspec

from orderwright.business.staff.forms import Device, RegisterDevice, RevokeDevice
from orderwright.business.staff.rules import NAME_MAX
from orderwright.business.staff.tokens import hash_of, new_token
from orderwright.database.changes import Change, note
from orderwright.database.rows import array
from orderwright.database.tx import Tx
from orderwright.values.findings import known_as, refusal_of, text_findings, worded
from orderwright.values.ids import is_id, new_ids
from orderwright.values.refusal import Refusal


def register_devices(tx: Tx, commands: Sequence[RegisterDevice]) -> list[Device | Refusal]:
    """Register shared devices; each with the token that is to be its cookie, told this once. Refuses malformed."""
    sites = {row.code for row in tx.rows("SELECT code FROM site")}
    results: list[Device | Refusal] = []
    for command, id_ in zip(commands, new_ids(len(commands)), strict=True):
        findings = list(text_findings([command.name]))
        if not 1 <= len(command.name.strip()) <= NAME_MAX:
            findings.append(
                worded("/name", "bad_name", "A device has a name of 1 to {most} characters.", most=NAME_MAX)
            )
        if command.site not in sites:
            findings.append(known_as("unknown_site", "/site"))
        if findings:
            results.append(refusal_of(findings))
        else:
            results.append(Device(id_, command.name, command.site, command.actor, tx.now, token=new_token(tx)))
    made = [each for each in results if isinstance(each, Device)]
    tx.copy(
        "staff_device",
        "id, name, site, token_hash, made_by, made_at",
        [(each.id, each.name, each.site, hash_of(each.token), each.made_by, tx.now) for each in made],
    )
    note(tx, [Change("device", each.name, None, _told(each), each.made_by) for each in made])
    return results


def revoke_devices(tx: Tx, commands: Sequence[RevokeDevice]) -> list[Device | Refusal]:
    """Revoke shared devices and sign out whoever holds them; one that is revoked stays so. Refuses not_found."""
    rows = tx.rows(
        "SELECT id::text, name, site, made_by, made_at, revoked_at FROM staff_device"
        " WHERE id = ANY(%(ids)s::uuid[]) ORDER BY id FOR UPDATE",
        ids=array(sorted({each.id for each in commands if is_id(each.id)})),
    )
    before = {row.id: Device(*row) for row in rows}
    after = {
        id_: each if each.revoked_at else msgspec.structs.replace(each, revoked_at=tx.now)
        for id_, each in before.items()
    }
    gone = [id_ for id_ in after if before[id_].revoked_at is None]
    if gone:
        tx.write(
            "UPDATE staff_device SET revoked_at = %(now)s WHERE id = ANY(%(ids)s::uuid[])",
            now=tx.now, ids=array(gone),
        )  # fmt: skip
        tx.write(
            """
            UPDATE staff_session SET ended_at = %(now)s, ended_why = 'device'
            WHERE id IN (SELECT id FROM staff_session WHERE device_id = ANY(%(ids)s::uuid[]) AND ended_at IS NULL
                         ORDER BY id FOR UPDATE)
            """,
            now=tx.now, ids=array(gone),
        )  # fmt: skip
        actors = {each.id: each.actor for each in reversed(commands)}
        note(
            tx, [Change("device", after[id_].name, _told(before[id_]), _told(after[id_]), actors[id_]) for id_ in gone]
        )
    return [after.get(each.id) or Refusal("not_found", id=each.id) for each in commands]


def _told(device: Device) -> dict[str, object]:
    return {"id": device.id, "site": device.site, "revoked_at": device.revoked_at}
