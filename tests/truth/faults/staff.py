from tests.truth.world import Fault

_PERSON = (
    "INSERT INTO staff_account (id, email, email_key, name, name_key, password, roles, made_at) VALUES"
    " (#olive, 'o@x.example', 'o@x.example', 'Olive', 'olive', 'hash', '{owner}', '2026-11-01Z'),"
    " (#kim, 'k@x.example', 'k@x.example', 'Kim', 'kim', 'hash', '{picker}', '2026-11-01Z');\n"
)
_DEVICE = (
    "INSERT INTO staff_device (id, name, site, token_hash, made_by, made_at)"
    " SELECT #scanner, 'Scanner 1', code, 'device', 'staff:Olive', '2026-11-01Z' FROM site LIMIT 1;\n"
)


def _session(id_: str, token: str, who: str = "#kim", device: str = "NULL") -> str:
    return (
        "INSERT INTO staff_session (id, token_hash, account_id, device_id, address, agent, started_at, seen_at,"
        f" proved_at, ends_at) VALUES ({id_}, '{token}', {who}, {device}, '', '', '2026-11-20Z', '2026-11-20Z',"
        " '2026-11-20Z', '2026-11-21Z');\n"
    )


FAULTS = (
    Fault(
        "who_may_not_come_in_is_not_in", "somebody disabled stayed signed in",
        _PERSON + _session("#one", "a") + "UPDATE staff_account SET disabled_at = '2026-11-20Z' WHERE name = 'Kim'",
        "Kim is signed in",
    ),
    Fault(
        "who_may_not_come_in_is_not_in", "a revoked device stayed in use",
        _PERSON + _DEVICE + _session("#one", "a", device="#scanner")
        + "UPDATE staff_device SET revoked_at = '2026-11-20Z'",
        "on the revoked device Scanner 1",
    ),
    Fault(
        "a_session_is_somebodys", "a session belongs to nobody",
        "UNGUARD staff_account;\n" + _session("#one", "a", who="#nobody"),
        "belongs to nobody",
    ),
    Fault(
        "a_session_is_somebodys", "two sessions have one key",
        _PERSON + "UNGUARD staff_session;\n" + _session("#one", "a") + _session("#two", "a", who="#olive"),
        "shares its key",
    ),
    Fault(
        "a_session_is_somebodys", "two people hold one scanner",
        _PERSON + _DEVICE + _session("#one", "a", device="#scanner")
        + _session("#two", "b", who="#olive", device="#scanner"),
        "one of several on one device",
    ),
    Fault(
        "a_store_keeps_an_owner", "the last owner was disabled",
        _PERSON + "UPDATE staff_account SET disabled_at = '2026-11-20Z' WHERE name = 'Olive'",
        "all 1 owners are disabled",
    ),
    Fault(
        "limits_fit_roles", "a partner sees everything",
        _PERSON + "UPDATE staff_account SET roles = '{partner}' WHERE name = 'Kim'",
        "Kim has the roles",
    ),
    Fault(
        "limits_fit_roles", "somebody has a role there is not",
        _PERSON + "UPDATE staff_account SET roles = '{king}' WHERE name = 'Kim'",
        "Kim has the roles ['king']",
    ),
)  # fmt: skip
