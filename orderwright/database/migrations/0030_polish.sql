-- Every change of what a shop is made of is kept, and read page by page.

alter table house_change drop constraint house_change_kind_check;
create index house_change_at on house_change (changed_at, id);
create index house_change_kind_at on house_change (kind, changed_at, id);
drop index house_change_name;
create index house_change_name on house_change (kind, name, changed_at, id);
