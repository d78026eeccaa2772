//! An authenticator that lies in each field (SECURITY.md WA-01 to WA-08, H61, H62).

use serde_json::json;

use super::{LOGIN, NEW, Visit, keys, offered, passkey_of};
use crate::support::authenticator::{AT, Answer, BE, BS, Soft, UP, UV, random};
use crate::support::server::Server;

type Lie = (&'static str, fn(&mut Answer));

const SIGN_IN: [Lie; 22] = [
    ("no user", |a| a.flags = UV),
    ("an unverified user", |a| a.flags = UP),
    ("another site's key", |a| a.rp_id = "example.com".into()),
    ("a subdomain's key", |a| a.rp_id = "sub.localhost".into()),
    ("another ceremony", |a| a.client["type"] = json!("webauthn.create")),
    ("another challenge", |a| {
        a.client["challenge"] = json!("AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA");
    }),
    ("no challenge", |a| a.client["challenge"] = json!("")),
    ("a look-alike", |a| a.client["origin"] = json!("http://badlocalhost")),
    ("a subdomain", |a| a.client["origin"] = json!("http://sub.localhost")),
    ("another port", |a| a.client["origin"] = json!("http://localhost:1")),
    ("another scheme", |a| a.client["origin"] = json!("https://localhost")),
    ("a frame", |a| a.client["crossOrigin"] = json!(true)),
    ("a frame of somebody", |a| a.client["topOrigin"] = json!("https://evil.example")),
    ("a backup without leave", |a| a.flags = UP | UV | BS),
    ("leave to be copied", |a| a.flags = UP | UV | BE),
    ("another handle", |a| a.handle = Some(random(16))),
    ("no handle", |a| a.handle = None),
    ("a handle that is none", |a| a.handle = Some(vec![1])),
    ("another key", |a| a.id = random(32)),
    ("an id that is too long", |a| a.id = random(1024)),
    ("what follows", |a| a.tail = vec![0]),
    ("36 bytes", |a| a.data = Some(random(36))),
];

#[tokio::test]
async fn no_lie_signs_anybody_in() {
    let server = Server::start().await;
    let mut soft = passkey_of(&server, "bob").await;
    for (why, lie) in SIGN_IN {
        let mut visit = Visit::at_login(&server).await;
        let challenge = visit.challenge(LOGIN, &[]).await;
        let credential = soft.get_lying(&challenge["publicKey"], lie);
        let page = visit.answer(LOGIN, &challenge, &credential).await;
        assert_eq!(page.status, 401, "{why}: {}", page.body);
        assert!(!visit.browser.cookies.contains_key("__Host-sid"), "{why}");
    }
    let mut visit = Visit::at_login(&server).await;
    assert!(visit.sign_in(&mut soft).await.param("code").is_some());
}

#[tokio::test]
async fn what_is_no_answer_at_all_is_refused_like_a_lie() {
    let server = Server::start().await;
    passkey_of(&server, "bob").await;
    let long = "x".repeat(40_000);
    for nonsense in ["", "null", "[]", "{}", "1e5", "\"x\"", "{\"id\":1}", &long] {
        let mut visit = Visit::at_login(&server).await;
        let challenge = visit.challenge(LOGIN, &[]).await;
        assert_eq!(visit.answer(LOGIN, &challenge, nonsense).await.status, 401, "{nonsense:.9}");
    }
}

#[tokio::test]
async fn a_sign_in_is_answered_once_in_its_own_browser_and_in_five_minutes() {
    let server = Server::start().await;
    let mut soft = passkey_of(&server, "bob").await;
    let mut visit = Visit::at_login(&server).await;
    let challenge = visit.challenge(LOGIN, &[]).await;
    let credential = soft.get(&challenge["publicKey"]);
    let mut thief = Visit::at_login(&server).await;
    assert_eq!(thief.answer(LOGIN, &challenge, &credential).await.status, 401);
    assert_eq!(visit.answer(LOGIN, &challenge, &credential).await.status, 303);
    assert_eq!(visit.answer(LOGIN, &challenge, &credential).await.status, 401);

    let mut slow = Visit::at_login(&server).await;
    let challenge = slow.challenge(LOGIN, &[]).await;
    let credential = soft.get(&challenge["publicKey"]);
    server.clock.advance(time::Duration::seconds(301));
    let late = slow.answer(LOGIN, &challenge, &credential).await;
    assert_eq!(late.status, 401);
    assert!(late.body.contains("took too long"));
}

#[tokio::test]
async fn two_challenges_may_be_open_at_once_and_a_registrations_is_none_of_a_sign_in() {
    let server = Server::start().await;
    let mut soft = passkey_of(&server, "bob").await;
    let mut visit = Visit::at_login(&server).await;
    let (first, second) = (visit.challenge(LOGIN, &[]).await, visit.challenge(LOGIN, &[]).await);
    let crossed = soft.get(&first["publicKey"]);
    assert_eq!(visit.answer(LOGIN, &second, &crossed).await.status, 401);
    let credential = soft.get(&first["publicKey"]);
    assert_eq!(visit.answer(LOGIN, &first, &credential).await.status, 303);

    let mut making = offered(&server, "carol").await;
    let registration = making.challenge(NEW, &[]).await;
    let mut options = first["publicKey"].clone();
    options["challenge"] = registration["publicKey"]["challenge"].clone();
    let credential = soft.get(&options);
    let login = Visit::at_login(&server).await;
    let mut mixed = Visit { browser: making.browser, page: login.page };
    let page = mixed.answer(LOGIN, &registration, &credential).await;
    assert_ne!(page.status, 303, "{}", page.body);
}

#[tokio::test]
async fn of_many_answers_with_one_counter_one_signs_in() {
    let server = Server::start().await;
    let soft = passkey_of(&server, "bob").await;
    let mut tries = Vec::new();
    for _ in 0..10 {
        let mut visit = Visit::at_login(&server).await;
        let challenge = visit.challenge(LOGIN, &[]).await;
        let mut copy = soft.copy();
        copy.counter = 7;
        let credential = copy.get(&challenge["publicKey"]);
        tries.push(tokio::spawn(async move {
            visit.answer(LOGIN, &challenge, &credential).await.status.as_u16()
        }));
    }
    let mut statuses = Vec::new();
    for tried in tries {
        statuses.push(tried.await.unwrap());
    }
    assert_eq!(statuses.iter().filter(|status| **status == 303).count(), 1, "{statuses:?}");
    assert!(statuses.iter().all(|status| matches!(status, 303 | 401)), "{statuses:?}");
}

async fn counts(server: &Server, soft: &Soft, counter: u32) -> u16 {
    let mut copy = soft.copy();
    copy.counter = counter;
    let mut visit = Visit::at_login(server).await;
    let challenge = visit.challenge(LOGIN, &[]).await;
    let credential = copy.get(&challenge["publicKey"]);
    visit.answer(LOGIN, &challenge, &credential).await.status.as_u16()
}

#[tokio::test]
async fn a_counter_that_does_not_grow_is_refused_and_told_to_the_owner() {
    let server = Server::start().await;
    let soft = passkey_of(&server, "bob").await;
    for (counter, status) in [(9, 303), (9, 401), (8, 401), (0, 401), (10, 303)] {
        assert_eq!(counts(&server, &soft, counter).await, status, "{counter}");
    }
    let told = "select count(*) from mails where subject like '%may have been copied'";
    assert_eq!(server.number(told).await, 3);
    let noted = "select count(*) from audit_events where action = 'key.copied'";
    assert_eq!(server.number(noted).await, 3);
}

#[tokio::test]
async fn a_copied_key_ends_all_sessions_and_grants_of_its_owner_on_every_node() {
    let server = Server::start().await;
    let node = server.second_node().await;
    let soft = passkey_of(&server, "bob").await;
    let mut visit = Visit::at_login(&server).await;
    let mut own = soft.copy();
    own.counter = 5;
    let page = visit.sign_in(&mut own).await;
    assert!(page.param("code").is_some(), "{page:?}");
    let tokens = crate::account::connect(&server, &mut visit.browser, "shop").await;
    let access = tokens["access_token"].as_str().unwrap();
    assert!(node.is_active(access).await);
    assert_eq!(counts(&server, &soft, 3).await, 401);
    assert_eq!(visit.browser.get("/account").await.status, 303);
    assert!(!server.is_active(access).await);
    tokio::time::sleep(std::time::Duration::from_secs(1)).await;
    assert!(!node.is_active(access).await);
    let refresh = tokens["refresh_token"].as_str().unwrap();
    assert_eq!(node.refresh("shop", refresh).await.status, 400);
    let told = "select count(*) from audit_events where action = 'key.copied'
        and outcome = 'refused' and (details->'ended'->>'sessions')::int > 0";
    assert_eq!(server.number(told).await, 1);
}

#[tokio::test]
async fn a_copied_key_ends_nothing_where_the_policy_only_refuses_it() {
    let server = Server::with(&[("WEBAUTHN_COPIED_KEYS", "refuse")]).await;
    server.apply(crate::support::server::STOCK).await;
    let soft = passkey_of(&server, "bob").await;
    let mut visit = Visit::at_login(&server).await;
    let mut own = soft.copy();
    own.counter = 5;
    visit.sign_in(&mut own).await;
    assert_eq!(counts(&server, &soft, 3).await, 401);
    assert_eq!(visit.browser.get("/account").await.status, 200);
}

#[tokio::test]
async fn a_counter_that_does_not_grow_is_only_reported_where_the_policy_says_so() {
    let server = Server::with(&[("WEBAUTHN_COPIED_KEYS", "report")]).await;
    server.apply(crate::support::server::STOCK).await;
    let soft = passkey_of(&server, "bob").await;
    for counter in [9, 9, 8] {
        assert_eq!(counts(&server, &soft, counter).await, 303, "{counter}");
    }
    let told = "select count(*) from mails where subject like '%may have been copied'";
    assert_eq!(server.number(told).await, 2);
}

const REGISTRATION: [Lie; 24] = [
    ("no user", |a| a.flags = UV | AT),
    ("an unverified user", |a| a.flags = UP | AT),
    ("no credential", |a| a.flags = UP | UV),
    ("another site's key", |a| a.rp_id = "example.com".into()),
    ("another ceremony", |a| a.client["type"] = json!("webauthn.get")),
    ("another challenge", |a| a.client["challenge"] = json!("AAAA")),
    ("another origin", |a| a.client["origin"] = json!("https://evil.example")),
    ("a frame", |a| a.client["crossOrigin"] = json!(true)),
    ("a backup without leave", |a| a.flags = UP | UV | AT | BS),
    ("an id that is too long", |a| a.id = random(1024)),
    ("no id", |a| a.id = Vec::new()),
    ("what follows the data", |a| a.tail = vec![0]),
    ("what follows the object", |a| a.outer_tail = vec![0]),
    ("36 bytes", |a| a.data = Some(random(36))),
    ("an algorithm that was not offered", |a| a.cose[4] = 0x27),
    ("RS1", |a| {
        a.cose = [
            &[0xa4, 1, 3, 3, 0x39, 0xff, 0xfe, 0x20, 0x59, 1, 0][..],
            &random(256),
            &[0x21, 0x43, 1, 0, 1],
        ]
        .concat();
    }),
    ("no key", |a| a.cose = vec![0xa0]),
    ("a point off the curve", |a| a.cose[20] ^= 1),
    ("a key of another type", |a| a.cose[2] = 3),
    ("a deep statement", |a| {
        a.statement.1 = [vec![0xa1, 0x61, b'x'], vec![0x81; 10_000], vec![0]].concat();
    }),
    ("an indefinite statement", |a| a.statement.1 = vec![0xbf, 0xff]),
    ("a statement with a key twice", |a| a.statement.1 = vec![0xa2, 0x61, b'x', 0, 0x61, b'x', 1]),
    ("a format that nobody knows", |a| a.statement.0 = "magic".into()),
    ("a statement that is not signed", |a| {
        a.statement = (
            "packed".into(),
            vec![0xa2, 0x63, b'a', b'l', b'g', 0x26, 0x63, b's', b'i', b'g', 0x41, 0],
        );
    }),
];

#[tokio::test]
async fn no_lie_makes_a_key() {
    let server = Server::start().await;
    for (why, lie) in REGISTRATION {
        let mut visit = offered(&server, "bob").await;
        let challenge = visit.challenge(NEW, &[]).await;
        let credential = Soft::at(&server.issuer).create_lying(&challenge["publicKey"], lie);
        let page = visit.answer(NEW, &challenge, &credential).await;
        assert_eq!(page.status, 422, "{why}: {}", page.body);
        assert_eq!(keys(&server, "bob").await, 0, "{why}");
        server.execute("update webauthn_people set offered_at = null").await;
    }
    passkey_of(&server, "bob").await;
}

#[tokio::test]
async fn a_credential_is_one_persons_only() {
    let server = Server::start().await;
    let bobs = passkey_of(&server, "bob").await;
    let mut visit = offered(&server, "carol").await;
    let challenge = visit.challenge(NEW, &[]).await;
    let credential = bobs.copy().create(&challenge["publicKey"]);
    let page = visit.answer(NEW, &challenge, &credential).await;
    assert_eq!(page.status, 422);
    assert_eq!(keys(&server, "carol").await, 0);
}

#[tokio::test]
async fn nobody_has_more_than_twenty_keys() {
    let server = Server::start().await;
    let mut visit = offered(&server, "bob").await;
    let challenge = visit.challenge(NEW, &[]).await;
    let fill = "insert into webauthn_keys (id, user_id, credential_id, kind, label, public, aaguid,
            counter, backup_eligible, backed_up, created_at)
        select gen_random_uuid(), u.id, convert_to(n::text, 'utf8'), 'passkey', 'x', '{}',
            gen_random_uuid(), 0, false, false, now()
        from users u, generate_series(1, 20) n where username = 'bob'";
    server.execute(fill).await;
    let credential = Soft::at(&server.issuer).create(&challenge["publicKey"]);
    let page = visit.answer(NEW, &challenge, &credential).await;
    assert!(page.status.is_client_error(), "{page:?}");
    assert_eq!(keys(&server, "bob").await, 20);
}

#[tokio::test]
async fn a_model_that_is_not_on_the_list_is_refused() {
    let listed = "07070707-0707-0707-0707-070707070707";
    let server = Server::with(&[("WEBAUTHN_MODELS", listed)]).await;
    server.apply(crate::support::server::STOCK).await;
    let mut visit = offered(&server, "bob").await;
    let challenge = visit.challenge(NEW, &[]).await;
    let mut other = Soft::at(&server.issuer);
    other.aaguid = [8; 16];
    let credential = other.create(&challenge["publicKey"]);
    assert_eq!(visit.answer(NEW, &challenge, &credential).await.status, 422);
    passkey_of(&server, "bob").await;
}

#[tokio::test]
async fn what_may_be_copied_from_the_first_stays_so() {
    let server = Server::start().await;
    let mut soft = Soft::at(&server.issuer);
    soft.flags = UP | UV | BE | BS;
    soft.counter = 0;
    let mut visit = offered(&server, "bob").await;
    let challenge = visit.challenge(NEW, &[]).await;
    let credential = soft.create(&challenge["publicKey"]);
    assert_eq!(visit.answer(NEW, &challenge, &credential).await.status, 200);
    for (flags, good) in [(UP | UV | BE, true), (UP | UV | BE | BS, true), (UP | UV, false)] {
        (soft.flags, soft.counter) = (flags, 0);
        let mut visit = Visit::at_login(&server).await;
        let page = visit.sign_in(&mut soft).await;
        assert_eq!(page.param("code").is_some(), good, "{flags}: {}", page.status);
    }
}
