//! Consent: when it is asked for, what is remembered.

use super::tests::World;
use super::*;
use crate::protocol::client::{ClientAuth, ConsentPolicy};
use crate::protocol::redirect_uri::RedirectUri;
use crate::protocol::resource::Resource;
use crate::protocol::sample;

fn scope(text: &str) -> Scope {
    Scope::parse(text).expect("well-formed")
}

fn consent(text: &str) -> Consent {
    Consent { scope: scope(text), resources: Vec::new() }
}

/// [`World::new`] with a client under `policy`, and what was allowed before.
fn world(more: &str, policy: ConsentPolicy, before: Option<Consent>) -> World {
    let mut world = World::new(more);
    (world.client.consent, world.remembered) = (policy, before);
    world
}

fn allowed(mut world: World) -> Permit {
    world.decision = Some(Decision::Allow);
    world.issues()
}

#[test]
fn the_first_time_all_is_new() {
    let world = world("", ConsentPolicy::Remember, None);
    world.asks(&Step::Consent(scope("openid email")));
    assert_eq!(allowed(world).remember, Some(consent("openid email")));
}

#[test]
fn what_was_allowed_is_not_asked_again() {
    let before = consent("openid email profile");
    world("", ConsentPolicy::Remember, Some(before.clone())).issues();
    world("&prompt=none", ConsentPolicy::Remember, Some(before)).issues();
}

#[test]
fn more_than_allowed_is_asked_for_as_new() {
    let world = world("", ConsentPolicy::Remember, Some(consent("openid phone")));
    world.asks(&Step::Consent(scope("email")));
    assert_eq!(allowed(world).remember, Some(consent("openid email phone")));
}

#[test]
fn another_api_is_asked_for() {
    let before = consent("openid email");
    let world = world("&resource=urn:a", ConsentPolicy::Remember, Some(before));
    world.asks(&Step::Consent(Scope::default()));
    let remembered = allowed(world).remember.expect("something new");
    assert_eq!(remembered.resources, [Resource::parse("urn:a").expect("good")]);
}

#[test]
fn claims_by_name_are_asked_for_as_their_scope() {
    let more = "&claims=%7B%22userinfo%22:%7B%22phone_number%22:null%7D%7D";
    let world = world(more, ConsentPolicy::Remember, Some(consent("openid email")));
    world.asks(&Step::Consent(scope("phone")));
}

#[test]
fn a_client_that_always_asks_is_never_remembered() {
    let world = world("", ConsentPolicy::Always, Some(consent("openid email")));
    world.asks(&Step::Consent(Scope::default()));
    assert_eq!(allowed(world).remember, None);
}

#[test]
fn prompt_consent_asks_for_every_client() {
    for policy in [ConsentPolicy::Remember, ConsentPolicy::Always, ConsentPolicy::Trusted] {
        let world = world("&prompt=consent", policy, Some(consent("openid email")));
        world.asks(&Step::Consent(Scope::default()));
        assert_eq!(allowed(world).remember, None);
    }
}

#[test]
fn a_trusted_client_is_not_asked_about() {
    world("", ConsentPolicy::Trusted, None).issues();
}

#[test]
fn consent_in_silence_is_consent_required() {
    for policy in [ConsentPolicy::Remember, ConsentPolicy::Always] {
        world("&prompt=none", policy, None).refuses(ErrorCode::ConsentRequired);
    }
}

#[test]
fn a_no_is_access_denied() {
    let mut world = world("", ConsentPolicy::Remember, None);
    world.decision = Some(Decision::Deny);
    world.refuses(ErrorCode::AccessDenied);
}

#[test]
fn a_decision_does_not_replace_the_sign_in() {
    let mut world = world("", ConsentPolicy::Remember, None);
    (world.session, world.decision) = (None, Some(Decision::Allow));
    world.asks(&Step::Login(LoginReason::NotSignedIn));
}

#[test]
fn a_public_client_that_anybody_can_pose_as_is_asked_about_each_time() {
    let (address, encoded) = ("http://127.0.0.1/cb", "http%3A%2F%2F127.0.0.1%3A4000%2Fcb");
    let mut client = sample::client();
    client.auth = ClientAuth::None;
    client.redirect_uris = vec![RedirectUri::register(address).expect("fit")];
    let query = sample::REQUEST.replace("https%3A%2F%2Fapp.example%2Fcb", encoded);
    let inquiry = crate::protocol::authorize::Inquiry::parse(query).expect("well-formed");
    let request = AuthorizeRequest::parse(&inquiry, Some(&client), sample::ISSUER).expect("good");
    let mut world = world("", ConsentPolicy::Remember, Some(consent("openid email")));
    (world.client, world.request) = (client, request);
    world.asks(&Step::Consent(Scope::default()));
    assert_eq!(allowed(world).remember, None);
}

#[test]
fn a_public_client_on_https_is_remembered() {
    let mut world = world("", ConsentPolicy::Remember, Some(consent("openid email")));
    world.client.auth = ClientAuth::None;
    world.issues();
}

#[test]
fn offline_access_is_allowed_on_the_page_once() {
    let with_offline = sample::REQUEST.replace("scope=openid", "scope=openid%20offline_access");
    let inquiry = crate::protocol::authorize::Inquiry::parse(with_offline).expect("well-formed");
    let request = AuthorizeRequest::parse(&inquiry, Some(&sample::client()), sample::ISSUER);
    let mut world = world("", ConsentPolicy::Remember, Some(consent("openid email")));
    world.request = request.expect("good");
    world.asks(&Step::Consent(scope("offline_access")));
    world.remembered = Some(consent("openid email offline_access"));
    world.issues();
}

#[test]
fn decisions_are_read_from_the_form() {
    assert_eq!(Decision::parse("allow"), Some(Decision::Allow));
    assert_eq!(Decision::parse("deny"), Some(Decision::Deny));
    assert_eq!(Decision::parse("yes"), None);
}
