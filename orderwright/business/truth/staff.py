"""What must be true of who signs in."""

from orderwright.business.staff.rules import ROLE_SCOPES
from orderwright.database.invariants import Invariant
from orderwright.database.rows import array

INVARIANTS = (
    Invariant(
        "who_may_not_come_in_is_not_in",
        "Nobody is signed in who is disabled or has no password (where people practise nobody has), nor on a device"
        " that was revoked.",
        """
        SELECT a.name, s.id,
               CASE WHEN d.revoked_at IS NOT NULL THEN 'on the revoked device ' || d.name
                    WHEN a.disabled_at IS NOT NULL THEN 'and disabled' ELSE 'and has no password' END AS why
        FROM staff_session s JOIN staff_account a ON a.id = s.account_id LEFT JOIN staff_device d ON d.id = s.device_id
        WHERE s.ended_at IS NULL AND (a.disabled_at IS NOT NULL OR d.revoked_at IS NOT NULL
               OR a.password = '' AND NOT EXISTS (SELECT FROM invented WHERE kind = 'practice'))
        """,
        "{name} is signed in (session {id}) {why}",
    ),
    Invariant(
        "a_session_is_somebodys",
        "Each session has a key of its own and belongs to a person; a shared device is held by one person at a time.",
        """
        SELECT s.id, 'belongs to nobody' AS what FROM staff_session s LEFT JOIN staff_account a ON a.id = s.account_id
        WHERE a.id IS NULL
        UNION ALL
        SELECT max(id::text)::uuid, 'shares its key with another' FROM staff_session GROUP BY token_hash
        HAVING count(*) > 1
        UNION ALL
        SELECT max(id::text)::uuid, 'is one of several on one device' FROM staff_session
        WHERE ended_at IS NULL AND device_id IS NOT NULL GROUP BY device_id HAVING count(*) > 1
        """,
        "session {id} {what}",
        in_sweeps=False,
    ),
    Invariant(
        "a_store_keeps_an_owner",
        "A store that anybody ever signed in to as owner has an owner who can sign in.",
        """
        SELECT count(*) AS owners FROM staff_account WHERE 'owner' = ANY(roles) AND password <> ''
        HAVING count(*) > 0 AND count(*) FILTER (WHERE disabled_at IS NULL) = 0
        """,
        "all {owners} owners are disabled",
    ),
    Invariant(
        "limits_fit_roles",
        "An owner has no limits, a partner has some, and no account has a role there is not.",
        """
        SELECT name, roles FROM staff_account
        WHERE ('owner' = ANY(roles) AND (sites IS NOT NULL OR channels IS NOT NULL))
           OR ('partner' = ANY(roles) AND sites IS NULL AND channels IS NULL)
           OR NOT roles <@ %(roles)s::text[]
        """,
        "{name} has the roles {roles}",
        values=lambda tx, scope: {"roles": array(ROLE_SCOPES)},
    ),
)  # fmt: skip
