-- Every change of what a shop is made of is kept, and read page by page.

alter table house_change drop constraint house_change_kind_check;
create index house_change_at on house_change (changed_at, id);
create index house_change_kind_at on house_change (kind, changed_at, id);
drop index house_change_name;
create index house_change_name on house_change (kind, name, changed_at, id);

-- Secrets of second steps are enclosed from now on, by a key outside of the database. Those kept plainly are taken away:
-- whoever had a second step signs in by the password and sets it up again.
update staff_account set totp = '', totp_new = '' where totp <> '' or totp_new <> '';
alter table staff_account add column recovery text[] not null default '{}';  -- sha256 of each recovery code not used yet
