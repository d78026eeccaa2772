-- Clients that prove themselves by a certificate, and tokens that are bound to one (RFC 8705).

alter table clients
    -- The one name that the certificate of a `tls_client_auth` client must have: its subject (RFC
    -- 4514), or `dns:`, `uri:`, `ip:` or `email:` and the name.
    add column certificate_name text,
    add column certificate_bound boolean not null default false,
    drop constraint clients_auth_method_check,
    drop constraint clients_check,
    drop constraint clients_check1,
    add constraint clients_auth_method_check check (auth_method in ('none', 'client_secret_basic',
        'client_secret_post', 'private_key_jwt', 'tls_client_auth', 'self_signed_tls_client_auth')),
    add constraint clients_keys_check check (
        case when auth_method in ('private_key_jwt', 'self_signed_tls_client_auth')
            then (jwks is null) <> (jwks_uri is null)
            else jwks is null and jwks_uri is null
        end
    ),
    add constraint clients_certificate_name_check check (
        (auth_method = 'tls_client_auth') = (certificate_name is not null)
    );
