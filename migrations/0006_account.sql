-- What people do with their own accounts.

-- A password that may be known to others: the next thing its owner does is to change it.
alter table users add column password_due_at timestamptz;

-- Accounts whose owners want them gone. Until then they can change their mind, and do nothing else.
create table account_deletions (
    user_id uuid primary key references users on delete cascade,
    requested_at timestamptz not null,
    erases_at timestamptz not null check (erases_at >= requested_at)
);
create index account_deletions_erases on account_deletions (erases_at);

-- Each person's own part of the log, and what administrators did to others.
create index audit_events_user on audit_events (user_id, id) where user_id is not null;
create index audit_events_actor on audit_events (actor_id, id)
    where actor_kind = 'user' and actor_id is distinct from user_id::text;
