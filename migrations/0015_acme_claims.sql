-- Orders of certificates: whose they are, apart from when the next may be made.

alter table acme_certificates
    -- The claim that is at it, or was the last; only it ends what it began.
    add column claimed_by uuid,
    -- No order is made before: after a failure, and after a certificate that cannot be used.
    add column not_before timestamptz,
    -- When somebody asked for another certificate before its time.
    add column asked_at timestamptz;

comment on column acme_certificates.claimed_until is
    'Until when the claim holds; nothing where nobody is at it.';

-- What held the next try back stood where the claim does.
update acme_certificates set not_before = claimed_until, claimed_until = null where failures > 0;
