-- When an invoice is to be paid by who pays on account.
alter table paper add column due_on date;  -- as agreed when it was issued; null: nothing was, or it was paid in advance
