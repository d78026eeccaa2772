-- The colour of a client on the pages where people sign in to it: `#rrggbb #rrggbb`, for light and
-- for dark pages.
alter table clients add column accent text
    check (accent ~ '^#[0-9a-f]{6} #[0-9a-f]{6}$');
