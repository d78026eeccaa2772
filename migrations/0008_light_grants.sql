-- A grant is made from a code whose client and person were just read: asking for them again by two
-- foreign keys was half of what an exchange cost, and took a lock on the client's row each time.
-- What the keys did besides, removing the grants with their owner, these triggers do.
alter table grants drop constraint grants_client_id_fkey, drop constraint grants_user_id_fkey;

create function remove_grants_of_client() returns trigger language plpgsql as $$
begin
    delete from grants where client_id = old.id;
    return null;
end
$$;
create trigger remove_grants after delete on clients
    for each row execute function remove_grants_of_client();

create function remove_grants_of_user() returns trigger language plpgsql as $$
begin
    delete from grants where user_id = old.id;
    return null;
end
$$;
create trigger remove_grants after delete on users
    for each row execute function remove_grants_of_user();
