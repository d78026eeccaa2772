-- Codes sent by mail, trusted devices, and what a policy on second factors must remember.

-- Since when the account owes a second factor that it does not have: the grace counts from here.
alter table users add column factor_owed_at timestamptz;
-- When a link in a mail last set the password: until it is changed in another way, a code by mail is
-- no second factor.
alter table users add column password_by_mail_at timestamptz;

-- The browsers that spare their owner the second factor: one secret each, and until when.
alter table devices
    add column trust_fingerprint bytea check (length(trust_fingerprint) = 32),
    add column trusted_at timestamptz,
    add column trusted_until timestamptz,
    add constraint devices_trust check (
        (trusted_at is null) = (trusted_until is null)
        and (trusted_at is null) = (trust_fingerprint is null)
    );

-- One live code for each sign-in: a new one takes the place of the old.
create table mail_codes (
    session_id uuid primary key references sessions on delete cascade,
    user_id uuid not null references users on delete cascade,
    code_hash bytea not null check (length(code_hash) = 32),
    email text not null,
    created_at timestamptz not null,
    expires_at timestamptz not null
);
create index mail_codes_user on mail_codes (user_id);
