use url::Url;

use super::*;
use crate::protocol::redirect_uri::tests::HOSTILE;
use crate::protocol::sample;

const BYE: &str = "https://app.example/bye";

fn request(query: &str) -> LogoutRequest {
    LogoutRequest::parse(&Params::parse(query).expect("well-formed")).expect("good")
}

fn hint() -> Hint {
    Hint::Verified { client_id: sample::client().id, subject: sample::user().id }
}

/// The outcome for `query` while Alice is signed in.
fn outcome(query: &str, hint: &Hint) -> Outcome {
    outcome_for(query, hint, Some(sample::user().id))
}

fn outcome_for(query: &str, hint: &Hint, signed_in: Option<Uuid>) -> Outcome {
    let client = sample::client();
    decide(&Facts { request: &request(query), hint, client: Some(&client), signed_in })
}

fn redirect(url: &str) -> Outcome {
    Outcome::Redirect(url.to_owned())
}

#[test]
fn a_good_hint_and_a_registered_address_lead_back() {
    let query = format!("id_token_hint=x&post_logout_redirect_uri={BYE}&state=a%20b");
    assert_eq!(outcome(&query, &hint()), redirect("https://app.example/bye?state=a%20b"));
}

#[test]
fn state_comes_back_only_if_sent() {
    let query = format!("post_logout_redirect_uri={BYE}");
    assert_eq!(outcome(&query, &hint()), redirect(BYE));
}

#[test]
fn a_registered_query_is_kept() {
    let mut client = sample::client();
    client.post_logout_redirect_uris =
        vec![Url::parse("https://app.example/bye?a=b").expect("URL")];
    let request = request("post_logout_redirect_uri=https://app.example/bye%3Fa%3Db&state=s");
    let facts = Facts { request: &request, hint: &hint(), client: Some(&client), signed_in: None };
    assert_eq!(decide(&facts), redirect("https://app.example/bye?a=b&state=s"));
}

#[test]
fn a_registered_root_may_be_written_without_its_slash() {
    let mut client = sample::client();
    client.post_logout_redirect_uris = vec![Url::parse("https://app.example").expect("URL")];
    for uri in ["https://app.example", "https://app.example/"] {
        assert!(is_registered(&client, uri));
    }
    assert!(!is_registered(&client, "https://app.exampl"));
}

#[test]
fn no_hostile_variation_leads_anywhere() {
    let mut client = sample::client();
    client.post_logout_redirect_uris = vec![Url::parse("https://app.example/cb").expect("URL")];
    for uri in HOSTILE {
        assert!(!is_registered(&client, uri), "{uri:?}");
    }
    for uri in ["https://evil/", "https://app.example/bye?x=1", "https://app.example/cb"] {
        let query = crate::protocol::params::encode([("post_logout_redirect_uri", uri)]);
        assert_eq!(outcome(&query, &hint()), Outcome::Confirm);
    }
}

#[test]
fn without_a_verified_hint_the_browser_stays() {
    let query = format!("post_logout_redirect_uri={BYE}&client_id=shop&state=s");
    for hint in [Hint::Absent, Hint::Bad] {
        assert_eq!(outcome(&query, &hint), Outcome::Confirm);
        assert_eq!(outcome_for(&query, &hint, None), Outcome::Confirm);
    }
}

#[test]
fn without_parameters_the_person_is_asked() {
    assert_eq!(outcome("", &Hint::Absent), Outcome::Confirm);
    assert_eq!(outcome("state=s", &Hint::Absent), Outcome::Confirm);
}

#[test]
fn with_nobody_signed_in_there_is_nothing_to_ask() {
    assert_eq!(outcome_for("", &Hint::Absent, None), Outcome::Done);
    let query = format!("post_logout_redirect_uri={BYE}");
    assert_eq!(outcome_for(&query, &hint(), None), redirect(BYE));
}

#[test]
fn a_good_hint_alone_signs_out_and_stays() {
    assert_eq!(outcome("", &hint()), Outcome::Done);
}

#[test]
fn a_hint_about_somebody_else_signs_nobody_out() {
    let query = format!("post_logout_redirect_uri={BYE}");
    assert_eq!(outcome_for(&query, &hint(), Some(Uuid::from_u128(7))), Outcome::Confirm);
}

#[test]
fn the_named_client_must_be_the_one_of_the_hint() {
    let query = format!("post_logout_redirect_uri={BYE}&client_id=other");
    assert_eq!(outcome(&query, &hint()), Outcome::Confirm);
    let query = format!("post_logout_redirect_uri={BYE}&client_id=shop");
    assert_eq!(outcome(&query, &hint()), redirect(BYE));
}

#[test]
fn a_disabled_unknown_or_other_client_leads_nowhere() {
    let request = request(&format!("post_logout_redirect_uri={BYE}"));
    let mut disabled = sample::client();
    disabled.disabled_at = Some(sample::now());
    let mut other = sample::client();
    other.id = ClientId::parse("other").expect("well-formed");
    for client in [None, Some(&disabled), Some(&other)] {
        let facts = Facts { request: &request, hint: &hint(), client, signed_in: None };
        assert_eq!(decide(&facts), Outcome::Confirm);
    }
}

#[test]
fn malformed_requests_are_refused_by_name() {
    let long = "x".repeat(513);
    for (name, value) in [("state", long.as_str()), ("client_id", "%0a"), ("logout_hint", &long)] {
        let params = Params::parse(format!("{name}={value}")).expect("well-formed");
        assert_eq!(LogoutRequest::parse(&params).expect_err("bad").parameter, Some(name));
    }
}
