-- Certificates that the server gets by itself (ACME, RFC 8555), for every node.

create table acme_accounts (
    directory text primary key,
    -- Sealed: the account's address and its private key.
    credentials bytea not null,
    created_at timestamptz not null
);

-- One row for each set of names at an authority.
create table acme_certificates (
    directory text not null,
    names text[] not null,
    chain text,
    -- Sealed: the private key as PKCS#8.
    key bytea,
    issued_at timestamptz,
    -- Who orders has the time until then for it; after a failure nobody tries again before.
    claimed_until timestamptz,
    failures integer not null default 0 check (failures >= 0),
    primary key (directory, names),
    check ((chain is null) = (key is null) and (chain is null) = (issued_at is null))
);

-- What the authority is shown for a name in a handshake (RFC 8737), by whichever node it asks.
create table acme_challenges (
    name text primary key,
    certificate bytea not null,
    -- Sealed: the private key as PKCS#8.
    key bytea not null,
    expires_at timestamptz not null
);
