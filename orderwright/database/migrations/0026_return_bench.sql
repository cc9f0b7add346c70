-- What comes back and is neither good nor waste: looked at once more before it is sold or thrown away.

alter table return_line add column quarantined bigint not null default 0 check (quarantined >= 0);
