-- Goods whose expiry date is asked for when they come in and when they are picked. Only what is tracked by lot has one.

alter table product add column asks_expiry boolean not null default false
    check (not asks_expiry or tracking = 'lot');

alter table damage add column serials text not null default '[]';   -- JSON: which units, where they were named
