-- The chain of hashes over audit_events (LG-04). `seq` numbers the rows as they are written: it survives a
-- dump, and no transaction that begins later can take a lower one. Nothing else is asked of the writer.
alter table audit_events add column seq bigint generated always as identity;

-- Of a row whose person was erased after it was sealed: the hash of what was erased, which the chain holds.
alter table audit_events add column personal bytea check (length(personal) = 32);

-- One index for both, as small as the one for `at` alone was: what is new is in the last pages.
create index audit_events_order on audit_events using brin (at, seq) with (autosummarize = on);
drop index audit_events_at;

-- Each seal holds the rows with after_seq < seq <= upto_seq, and the hash of the seal before.
create table audit_seals (
    number bigint primary key check (number > 0),
    after_seq bigint not null check (after_seq >= 0),
    upto_seq bigint not null unique check (upto_seq > after_seq),
    count integer not null check (count > 0),
    first_id uuid not null, -- the lowest id among its rows, which need not be the first written
    last_id uuid not null check (last_id >= first_id),
    last_at timestamptz not null, -- of its youngest row, for retention
    previous bytea not null check (length(previous) = 32),
    hash bytea not null check (length(hash) = 32),
    salts bytea not null, -- 16 bytes for each row: without them nobody guesses what was erased
    sealed_at timestamptz not null
);
