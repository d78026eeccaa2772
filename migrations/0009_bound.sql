-- Tokens bound to a key that their sender holds (RFC 9449, RFC 8705), and authorization requests
-- that come from the client itself (RFC 9126).

alter table clients
    add column dpop_bound boolean not null default false,
    add column pushed_only boolean not null default false;

-- `jkt:` and the thumbprint of the DPoP key that whoever redeems the code must hold (RFC 9449 §10).
alter table authorization_codes
    add column cnf text check (cnf ~ '^jkt:[A-Za-z0-9_-]{43}$');

-- What the grant's tokens are bound to: a DPoP key or a certificate, by its thumbprint. Unchanged as
-- long as the grant lives.
alter table grants
    add column cnf text check (cnf ~ '^(jkt|x5t#S256):[A-Za-z0-9_-]{43}$');

-- Gone once a code was issued for it; swept soon after its end.
create table pushed_requests (
    sha256 bytea primary key check (length(sha256) = 32),
    client_id text not null references clients on delete cascade,
    query text not null check (length(query) <= 65536),
    expires_at timestamptz not null,
    created_at timestamptz not null
);
create index pushed_requests_client on pushed_requests (client_id);
create index pushed_requests_expires on pushed_requests (expires_at);
