//! A device and all that is bound to it: seen together, and over together.

use serde_json::{Value, json};

use crate::account::{change, links, visit};
use crate::bound::{Party, TOKEN, text};
use crate::passkey::{Visit, form};
use crate::support::authenticator::Soft;
use crate::support::browser::{Browser, http};
use crate::support::server::Server;

const NEW_KEY: &str = "/account/passkeys/new";
const DEVICES: &str = "select count(*) from devices";

/// Bob on two devices, an application with bound tokens on each.
struct Scene {
    server: Server,
    here: Browser,
    other: Browser,
    spa: Party,
    /// What the application holds: allowed here, and on the other device.
    tokens: [Value; 2],
}

impl Scene {
    async fn set() -> Self {
        let server = Server::start().await;
        let (mut other, _) = visit(&server, "bob").await;
        let (mut here, _) = visit(&server, "bob").await;
        let spa = Party::spa();
        let there = spa.tokens(&server, &mut other).await;
        let tokens = [spa.tokens(&server, &mut here).await, there];
        Self { server, here, other, spa, tokens }
    }

    /// The page that removes the other device.
    async fn other_device(&mut self) -> String {
        let page = self.here.get("/account/sessions").await;
        let all = links(&page, "/account/devices/", "/remove");
        assert_eq!(all.len(), 2, "{}", page.body);
        // This one stands first.
        all[1].clone()
    }

    /// Which of the two are signed in, and which access and refresh tokens live, as `node` sees it.
    async fn alive(&mut self, node: &Server) -> [(bool, bool, bool); 2] {
        let mut alive = [(false, false, false); 2];
        for (at, browser) in [&self.here, &self.other].into_iter().enumerate() {
            let tokens = &mut self.tokens[at];
            let is_in = browser.on(node).get("/account").await.status == 200;
            let is_active = node.is_active(&text(tokens, "access_token")).await;
            let answer = self.spa.refresh(node, &text(tokens, "refresh_token")).await;
            if answer.status == 200 {
                *tokens = answer.json();
            }
            alive[at] = (is_in, is_active, answer.status == 200);
        }
        alive
    }

    /// A passkey of bob's, made in the other browser.
    async fn other_passkey(&mut self) -> Soft {
        let mut soft = Soft::at(&self.server.issuer);
        let page = self.other.get(NEW_KEY).await;
        let mut visit = Visit { browser: self.other.on(&self.server), page };
        let challenge = visit.challenge(NEW_KEY, &[]).await;
        let (ceremony, credential) =
            (challenge["ceremony"].as_str().unwrap(), soft.create(&challenge["publicKey"]));
        let fields = [("ceremony", ceremony), ("credential", &credential), ("label", "Old phone")];
        let done = visit.browser.submit(&form(&visit.page, NEW_KEY), &fields).await;
        assert_eq!(done.status, 200, "{}", done.body);
        self.other = visit.browser;
        soft
    }
}

/// The page that removes the device on which the passkey was made.
async fn with_passkey(browser: &mut Browser) -> String {
    let page = browser.get("/account/sessions").await;
    let list = page.body.split("id=\"devices\"").nth(1).unwrap();
    let row = list.split("<li>").find(|row| row.contains("Old phone")).unwrap();
    row.split("href=\"").nth(1).unwrap().split('"').next().unwrap().to_owned()
}

#[tokio::test]
async fn the_record_of_a_device_says_all_that_it_holds() {
    let mut scene = Scene::set().await;
    scene.other_passkey().await;
    // In that browser the passkey was proved.
    let page = scene.other.get("/account/sessions").await;
    let list = page.body.split("id=\"devices\"").nth(1).unwrap();
    let rows: Vec<&str> = list.split("<li>").skip(1).collect();
    assert_eq!(rows.len(), 2, "{list}");
    assert!(rows[0].contains("This one") && !rows[1].contains("This one"), "{list}");
    for row in &rows {
        assert!(row.contains("Single page") && row.contains("Bound to its key"), "{row}");
        assert!(row.contains("Signed in"), "{row}");
    }
    assert!(rows[0].contains("Old phone") && !rows[1].contains("Old phone"), "{list}");
}

#[tokio::test]
async fn removing_a_device_ends_what_is_bound_to_it_on_every_node_and_nothing_else() {
    let mut scene = Scene::set().await;
    let second = scene.server.second_node().await;
    assert_eq!(scene.alive(&second).await, [(true, true, true); 2]);
    let remove = scene.other_device().await;
    let asked = scene.here.get(&remove).await;
    assert!(asked.body.contains("Single page"), "{}", asked.body);
    let page = change(&mut scene.here, &remove, &[]).await;
    assert!(page.body.contains("That device is removed"), "{}", page.body);
    tokio::time::sleep(std::time::Duration::from_secs(1)).await;
    assert_eq!(scene.alive(&second).await, [(true, true, true), (false, false, false)]);
    assert_eq!(scene.server.number(DEVICES).await, 1);
    let told = "select count(*) from audit_events where action = 'device.remove'
        and details->>'sessions' = '1' and details->'applications' = '[\"spa\"]'";
    assert_eq!(scene.server.number(told).await, 1);
    let mails = "select count(*) from mails where recipient = 'bob@example.com'
        and subject like 'A device was removed%'";
    assert_eq!(scene.server.number(mails).await, 1);
    assert_eq!(scene.here.get(&remove).await.status, 404);
}

#[tokio::test]
async fn what_was_allowed_for_offline_access_ends_with_the_device_though_nobody_is_signed_in_there()
{
    let mut scene = Scene::set().await;
    let page = scene.other.get("/oauth2/logout").await;
    scene.other.submit(&page, &[("decision", "allow")]).await;
    let node = scene.server.second_node().await;
    assert_eq!(scene.alive(&node).await, [(true, true, true), (false, true, true)]);
    let remove = scene.other_device().await;
    change(&mut scene.here, &remove, &[]).await;
    tokio::time::sleep(std::time::Duration::from_secs(1)).await;
    assert_eq!(scene.alive(&node).await, [(true, true, true), (false, false, false)]);
}

#[tokio::test]
async fn a_passkey_goes_with_the_device_it_was_made_on_and_takes_all_other_sessions_along() {
    let mut scene = Scene::set().await;
    let mut soft = scene.other_passkey().await;
    let mut third = Visit::at_login(&scene.server).await;
    third.sign_in(&mut soft).await;
    assert_eq!(third.browser.get("/account").await.status, 200);
    // The passkey is the strongest proof there is now: so it must be given here.
    let mut here = Visit::at_login(&scene.server).await;
    here.sign_in(&mut soft).await;
    let remove = with_passkey(&mut here.browser).await;
    let asked = here.browser.get(&remove).await;
    for said in ["Old phone", "signed out on all other devices"] {
        assert!(asked.body.contains(said), "{said}: {}", asked.body);
    }
    let done = here.browser.submit(&form(&asked, &remove), &[]).await;
    assert_eq!(done.status, 303, "{}", done.body);
    assert_eq!(scene.server.number("select count(*) from webauthn_keys").await, 0);
    // They stood in for a factor that is gone.
    assert_eq!(scene.server.number("select count(*) from recovery_codes").await, 0);
    assert_eq!(here.browser.get("/account").await.status, 200);
    assert_eq!(third.browser.get("/account").await.status, 303);
    let node = scene.server.second_node().await;
    assert_eq!(scene.alive(&node).await, [(false, false, false); 2]);
    let mut again = Visit::at_login(&scene.server).await;
    assert_eq!(again.sign_in(&mut soft).await.param("code"), None);
}

#[tokio::test]
async fn the_only_second_step_of_an_account_that_must_have_one_stays() {
    let mut scene = Scene::set().await;
    let mut soft = scene.other_passkey().await;
    scene.server.apply("[policy]\nmfa = \"everyone\"\n").await;
    let mut here = Visit::at_login(&scene.server).await;
    here.sign_in(&mut soft).await;
    let remove = with_passkey(&mut here.browser).await;
    let asked = here.browser.get(&remove).await;
    let refused = here.browser.submit(&form(&asked, &remove), &[]).await;
    assert_eq!(refused.status, 422, "{}", refused.body);
    assert!(refused.body.contains("add another one, then remove this"), "{}", refused.body);
    assert_eq!(scene.server.number("select count(*) from webauthn_keys").await, 1);
    assert_eq!(scene.server.number(DEVICES).await, 3);
}

#[tokio::test]
async fn the_device_in_use_goes_too_and_is_a_new_one_at_its_next_sign_in() {
    let mut scene = Scene::set().await;
    let page = scene.here.get("/account/sessions").await;
    let remove = links(&page, "/account/devices/", "/remove").remove(0);
    let asked = scene.here.get(&remove).await;
    assert!(asked.body.contains("the device that you use now"), "{}", asked.body);
    let done = scene.here.submit(&asked, &[]).await;
    assert_eq!(done.status, 303, "{}", done.body);
    let node = scene.server.second_node().await;
    assert_eq!(scene.alive(&node).await, [(false, false, false), (true, true, true)]);
    let notices = "select count(*) from mails where subject like '%new%'";
    let before = scene.server.number(notices).await;
    let page = scene.here.get("/account").await;
    let page = scene.here.follow(page).await;
    scene.here.go_through(&scene.server, page, "bob").await;
    assert_eq!(scene.server.number(DEVICES).await, 2);
    assert_eq!(scene.server.number(notices).await, before + 1);
}

#[tokio::test]
async fn the_audit_log_tells_a_new_device_from_a_known_one_however_somebody_signs_in() {
    let mut scene = Scene::set().await;
    let mut soft = scene.other_passkey().await;
    let sign_ins = |new: &'static str| match new {
        "new" => {
            "select count(*) from audit_events where action = 'login.succeeded'
            and details->'new_device' = 'true'"
        }
        _ => {
            "select count(*) from audit_events where action = 'login.succeeded'
            and details->'new_device' = 'false'"
        }
    };
    assert_eq!(scene.server.number(sign_ins("new")).await, 2);
    let mut visit = Visit::at_login(&scene.server).await;
    visit.sign_in(&mut soft).await;
    assert_eq!(scene.server.number(sign_ins("new")).await, 3);
    assert_eq!(scene.server.number(sign_ins("known")).await, 0);
    let browser = visit.browser.clone();
    let request = crate::support::browser::Authorize::of("shop", "openid").with("prompt", "login");
    let mut again = Visit::of(browser, &request).await;
    again.sign_in(&mut soft).await;
    assert_eq!(scene.server.number(sign_ins("known")).await, 1);
}

#[tokio::test]
async fn a_code_on_its_way_from_a_removed_device_gives_nothing() {
    let mut scene = Scene::set().await;
    let request = crate::support::browser::Authorize::of("spa", crate::bound::SCOPE);
    let code = scene.server.code(&mut scene.other, &request).await;
    let remove = scene.other_device().await;
    change(&mut scene.here, &remove, &[]).await;
    let answer = scene.spa.redeem(&scene.server, &request, &code).await;
    assert_eq!(answer.status, 400, "{}", answer.body);
}

#[tokio::test]
async fn another_persons_device_is_not_there() {
    let mut scene = Scene::set().await;
    let remove = scene.other_device().await;
    let (mut carol, _) = visit(&scene.server, "carol").await;
    let csrf = carol.get("/account/profile/edit").await.hidden("csrf").unwrap();
    assert_eq!(carol.get(&remove).await.status, 404);
    assert_eq!(carol.post(&remove, &[("csrf", &csrf)]).await.status, 404);
    let node = scene.server.second_node().await;
    assert_eq!(scene.alive(&node).await, [(true, true, true); 2]);
}

#[tokio::test]
async fn an_administrator_sees_a_persons_devices_and_removes_one() {
    let mut scene = Scene::set().await;
    let id = scene.server.user_id("bob").await;
    let (mut alice, _) = visit(&scene.server, "alice").await;
    let page = alice.get(&format!("/admin/users/{id}")).await;
    let held = "Single page, offline, bound to a DPoP key";
    assert_eq!(page.body.matches(held).count(), 2, "{}", page.body);
    // The other device was seen before this one, so it stands last.
    let remove = links(&page, &format!("/admin/users/{id}/devices/"), "/remove").remove(1);
    let page = change(&mut alice, &remove, &[]).await;
    assert!(page.body.contains("The device was removed"), "{}", page.body);
    let node = scene.server.second_node().await;
    assert_eq!(scene.alive(&node).await, [(true, true, true), (false, false, false)]);
    let mails = "select count(*) from mails where recipient = 'bob@example.com'
        and subject like 'A device was removed%'";
    assert_eq!(scene.server.number(mails).await, 1);
}

#[tokio::test]
async fn the_admin_api_lists_devices_and_removes_one_with_both_scopes_only() {
    let mut scene = Scene::set().await;
    let id = scene.server.user_id("bob").await;
    let client = |name: &str, scope: &str| {
        format!(
            "[[client]]\nclient_id = \"{name}\"\nclient_secret = \"{}\"\n\
            grant_types = [\"client_credentials\"]\nscope = \"{scope}\"\n",
            crate::support::server::SECRET
        )
    };
    let read = "admin.sessions.read admin.users.read";
    let document = client("half", &format!("{read} admin.sessions.write"))
        + &client("whole", &format!("{read} admin.sessions.write admin.users.write"));
    scene.server.apply(&document).await;
    let mut tokens = Vec::new();
    for name in ["half", "whole"] {
        let answer = scene.server.call(TOKEN, name, &crate::bound::MACHINE).await;
        tokens.push(text(&answer.json(), "access_token"));
    }
    let list = scene.server.url(&format!("/admin/api/v1/users/{id}/devices"));
    let listed = http().get(&list).bearer_auth(&tokens[0]).send().await.unwrap();
    let listed: Value = serde_json::from_str(&listed.text().await.unwrap()).unwrap();
    let devices = listed["items"].as_array().unwrap_or_else(|| panic!("{listed}"));
    assert_eq!(devices.len(), 2);
    let app = &devices[1]["applications"][0];
    assert_eq!((&app["client_id"], &app["bound_by"]), (&json!("spa"), &json!("dpop")), "{listed}");
    assert_eq!(app["thumbprint"], scene.spa.key.thumbprint());
    let one = format!("{list}/{}", devices[1]["id"].as_str().unwrap());
    let refused = http().delete(&one).bearer_auth(&tokens[0]).send().await.unwrap();
    assert_eq!(refused.status().as_u16(), 403);
    let done = http().delete(&one).bearer_auth(&tokens[1]).send().await.unwrap();
    assert_eq!(done.status().as_u16(), 204);
    let again = http().delete(&one).bearer_auth(&tokens[1]).send().await.unwrap();
    assert_eq!(again.status().as_u16(), 404);
    let node = scene.server.second_node().await;
    assert_eq!(scene.alive(&node).await, [(true, true, true), (false, false, false)]);
}
