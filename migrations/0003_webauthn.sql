-- Passkeys and security keys (WebAuthn). Nothing here is secret: what signs never leaves the key.

-- What keys call a person: random, and no other name of theirs. Also what they said to the offer to
-- add a passkey.
create table webauthn_people (
    user_id uuid primary key references users on delete cascade,
    handle uuid not null unique,
    offered_at timestamptz,
    declined_at timestamptz
);

create table webauthn_keys (
    id uuid primary key,
    user_id uuid not null references users on delete cascade,
    credential_id bytea not null unique check (length(credential_id) between 1 and 1023),
    kind text not null check (kind in ('security_key', 'passkey', 'hardware_key')),
    label text not null check (length(label) between 1 and 64),
    public jsonb not null,
    aaguid uuid not null,
    transports text[] not null default '{}',
    counter bigint not null check (counter between 0 and 4294967295),
    backup_eligible boolean not null,
    backed_up boolean not null check (backup_eligible or not backed_up),
    created_at timestamptz not null,
    used_at timestamptz
) with (fillfactor = 80);
create index webauthn_keys_user on webauthn_keys (user_id);

-- A challenge that was sent and not yet answered: spent by one delete.
create table webauthn_ceremonies (
    id uuid primary key,
    kind text not null
        check (kind in ('passkey', 'security_key', 'sign_in', 'named_sign_in', 'second_step')),
    binding bytea not null check (length(binding) = 32),
    user_id uuid references users on delete cascade,
    state jsonb not null,
    expires_at timestamptz not null
);
create index webauthn_ceremonies_expires on webauthn_ceremonies (expires_at);
create index webauthn_ceremonies_user on webauthn_ceremonies (user_id) where user_id is not null;
