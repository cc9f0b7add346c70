-- What came in by a link, which may be another amount than was asked for; and who gave it back where the gateway did not.

alter table pay_link
    add column paid_minor bigint check (paid_minor > 0),  -- what the gateway said came in
    add column returned_by text;                          -- null: the gateway gave it back
update pay_link set paid_minor = amount_minor where paid_at is not null;
alter table pay_link
    add check ((paid_at is null) = (paid_minor is null)),
    add check (returned_by is null or returned_at is not null);
