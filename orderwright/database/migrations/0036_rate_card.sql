-- What carriers' prices are in, and what else is compared with them.

create table rate_card (
    is_the_one     boolean primary key default true check (is_the_one),    -- one for the store
    currency       text not null,
    late_day_minor bigint not null check (late_day_minor >= 0),    -- what leaving a day later than another site counts
    version        integer not null default 1
);
insert into rate_card (currency, late_day_minor) values ('GBP', 60);

-- Invented prices a store begins with, until somebody puts others: only they have line breaks.
alter table carrier_service add column is_preset boolean not null default false;
update carrier_service set is_preset = true where version = 1 and zones like '[' || chr(10) || '%';
