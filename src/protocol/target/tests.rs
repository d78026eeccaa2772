use super::*;
use crate::protocol::facts::{resources, scope};

/// Scope, requested, granted, audience.
type Row = (&'static str, Names, Names, Names);
type Names = &'static [&'static str];

fn catalogue() -> Catalogue {
    let names = |list: &[&str]| list.iter().map(|name| (*name).to_owned()).collect::<Vec<_>>();
    let apis = resources(&["urn:orders", "urn:mail", "urn:bare"]);
    let scopes = [names(&["orders.read", "orders.write"]), names(&["mail.read"]), names(&[])];
    Catalogue::new(apis.into_iter().zip(scopes))
}

#[test]
fn a_token_is_for_the_apis_of_its_scope_unless_fewer_are_asked_for() {
    let table: [Row; 7] = [
        ("openid", &[], &[], &[]),
        ("openid orders.read orders.write", &[], &[], &["urn:orders"]),
        ("orders.read mail.read", &[], &[], &["urn:mail", "urn:orders"]),
        ("orders.read mail.read", &["urn:mail"], &[], &["urn:mail"]),
        ("orders.read", &[], &["urn:bare"], &["urn:bare"]),
        ("orders.read mail.read", &["urn:mail"], &["urn:mail", "urn:orders"], &["urn:mail"]),
        ("openid", &["urn:bare"], &["urn:bare"], &["urn:bare"]),
    ];
    for (text, requested, granted, audience) in table {
        let found = targets(&scope(text), &resources(requested), &resources(granted), &catalogue());
        assert_eq!(found, Ok(resources(audience)), "{text} {requested:?} {granted:?}");
    }
}

#[test]
fn an_api_that_is_unknown_or_was_not_granted_is_refused() {
    let table: [(&[&str], &[&str]); 4] = [
        (&["urn:nowhere"], &[]),
        (&["urn:nowhere"], &["urn:nowhere"]),
        (&["urn:mail"], &[]),
        (&["urn:mail", "urn:orders"], &["urn:orders"]),
    ];
    for (requested, granted) in table {
        let error = targets(
            &scope("orders.read"),
            &resources(requested),
            &resources(granted),
            &catalogue(),
        );
        assert_eq!(error.expect_err("refused").code, ErrorCode::InvalidTarget);
    }
}

#[test]
fn an_api_does_not_see_the_scopes_of_another() {
    let all = scope("openid orders.read mail.read");
    assert_eq!(scope_for(&all, &resources(&["urn:mail"]), &catalogue()), scope("openid mail.read"));
    assert_eq!(scope_for(&all, &[], &catalogue()), scope("openid"));
}

#[test]
fn a_client_by_itself_gets_its_registered_scope_without_what_takes_a_person() {
    let registered = scope("openid profile offline_access orders.read mail.read");
    let asked = |text| client_credentials_scope(Some(&scope(text)), &registered);
    assert_eq!(client_credentials_scope(None, &registered), Ok(scope("orders.read mail.read")));
    assert_eq!(asked("mail.read"), Ok(scope("mail.read")));
    for text in ["openid", "mail.read offline_access", "orders.write", "email"] {
        assert_eq!(asked(text).expect_err("refused").code, ErrorCode::InvalidScope, "{text}");
    }
}
