use super::*;
use crate::ambient::SystemEntropy;
use crate::crypto::seal::{MacKey, MasterKey};
use crate::crypto::secret::Secret;
use time::OffsetDateTime;
use uuid::Uuid;

const ONE: Uuid = Uuid::from_u128(1);
const OTHER: Uuid = Uuid::from_u128(2);

fn now() -> OffsetDateTime {
    OffsetDateTime::UNIX_EPOCH + Duration::days(20_000)
}

fn node(master: &MasterKey) -> BoundSessions {
    BoundSessions::new(MacKey::derive(master, MAC_LABEL))
}

#[test]
fn a_challenge_is_for_one_session_and_five_minutes_on_every_node() {
    let master = MasterKey::mint(&SystemEntropy);
    let challenge = node(&master).challenge(ONE, OTHER, now());
    for (session, seconds, good) in
        [(ONE, 0, true), (ONE, 299, true), (ONE, 300, false), (OTHER, 0, false)]
    {
        let found =
            node(&master).recognise(&challenge, session, now() + Duration::seconds(seconds));
        assert_eq!(found.is_some(), good, "{session} {seconds}");
    }
    let foreign = node(&MasterKey::mint(&SystemEntropy)).challenge(ONE, OTHER, now());
    let cookie = node(&master).cookie(ONE, now());
    let short = challenge.get(1..).unwrap();
    let later = challenge.replacen(".17", ".18", 1);
    for wrong in ["", ".", "..", "a.b.c", &foreign, cookie.expose(), &later, short] {
        assert_eq!(node(&master).recognise(wrong, ONE, now()), None, "{wrong}");
    }
}

#[test]
fn a_cookie_is_for_one_session_and_ten_minutes_and_no_challenge() {
    let master = MasterKey::mint(&SystemEntropy);
    let cookie = node(&master).cookie(ONE, now());
    for (session, seconds, good) in
        [(ONE, 0, true), (ONE, 629, true), (ONE, 630, false), (OTHER, 0, false)]
    {
        let at = now() + Duration::seconds(seconds);
        assert_eq!(node(&master).admits(&cookie, session, at), good, "{session} {seconds}");
    }
    let challenge = node(&master).challenge(ONE, OTHER, now());
    let (_, rest) = challenge.split_once('.').unwrap();
    for wrong in ["", ".", "99999999999.x", rest, &challenge] {
        assert!(!node(&master).admits(&Secret::new(wrong.to_owned()), ONE, now()), "{wrong}");
    }
}

#[test]
fn the_headers_are_structured_fields() {
    assert_eq!(
        registration("abc.1.d-e_f"),
        "(ES256 RS256);path=\"/session/bind\";challenge=\"abc.1.d-e_f\""
    );
    assert_eq!(challenge("x", "1.y"), "\"x\";id=\"1.y\"");
    for sent in ["\"a.b.c\"", "a.b.c", " \"a.b.c\";x=1", "a.b.c ;x", "\"a.b.c\" ; y=\"z\""] {
        assert_eq!(unquoted(sent), "a.b.c", "{sent}");
    }
}

#[test]
fn a_session_is_called_what_nobody_can_make_who_knows_its_id() {
    let master = MasterKey::mint(&SystemEntropy);
    let name = node(&master).name(ONE);
    assert_eq!(node(&master).named(&name), Some(ONE));
    let tag = name.split_once('.').unwrap().1;
    let foreign = node(&MasterKey::mint(&SystemEntropy)).name(ONE);
    for wrong in [&ONE.to_string(), "", ".", &format!("{OTHER}.{tag}"), &foreign] {
        assert_eq!(node(&master).named(wrong), None, "{wrong}");
    }
}

#[test]
fn instructions_name_the_origin_the_cookie_and_what_needs_none() {
    let issuer = Url::parse("https://id.example:8443/").unwrap();
    let told = instructions("1.y", &issuer, "__Host-bound", "Path=/; Secure");
    assert_eq!(told["scope"]["origin"], "https://id.example:8443");
    assert_eq!(told["credentials"][0]["name"], "__Host-bound");
    let left_out = told["scope"]["scope_specification"].as_array().unwrap();
    assert!(left_out.iter().all(|one| one["domain"] == "id.example" && one["type"] == "exclude"));
    assert!(!left_out.iter().any(|one| one["path"] == "/oauth2/authorize"));
}
