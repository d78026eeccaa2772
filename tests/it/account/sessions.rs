//! Sessions and browsers: seen, ended, disowned, on every node.

use time::Duration;

use crate::account::{change, connect, links, visit};
use crate::support::browser::Browser;
use crate::support::server::Server;

/// Bob in three browsers, the first of them current; and the tokens of an application in each.
struct Scene {
    server: Server,
    here: Browser,
    other: Browser,
    third: Browser,
    tokens: [serde_json::Value; 3],
}

impl Scene {
    async fn set() -> Self {
        let server = Server::start().await;
        let (mut here, _) = visit(&server, "bob").await;
        let (mut other, _) = visit(&server, "bob").await;
        let (mut third, _) = visit(&server, "bob").await;
        let tokens = [
            connect(&server, &mut here, "shop").await,
            connect(&server, &mut other, "shop").await,
            connect(&server, &mut third, "shop").await,
        ];
        Self { server, here, other, third, tokens }
    }

    /// Which of the three are signed in, and which access tokens live, as `node` sees it.
    async fn alive(&mut self, node: &Server) -> [(bool, bool); 3] {
        let mut alive = [(false, false); 3];
        let browsers = [&self.here, &self.other, &self.third];
        for (at, (browser, tokens)) in browsers.into_iter().zip(&self.tokens).enumerate() {
            let signed_in = browser.on(node).get("/account").await.status == 200;
            let token = tokens["access_token"].as_str().unwrap();
            alive[at] = (signed_in, node.is_active(token).await);
        }
        alive
    }
}

#[tokio::test]
async fn this_session_stands_first_and_each_says_what_and_from_where() {
    let mut scene = Scene::set().await;
    let page = scene.here.get("/account/sessions").await;
    let list = page.body.split("id=\"devices\"").next().unwrap();
    assert_eq!(list.matches("<h3>").count(), 3);
    assert!(list.split("<h3>").nth(1).unwrap().contains("This one"), "{list}");
    assert!(list.contains("127.0.0.1") && list.contains("by password"), "{list}");
}

#[tokio::test]
async fn one_session_ends_with_its_tokens_at_once_on_every_node() {
    let mut scene = Scene::set().await;
    let second = scene.server.second_node().await;
    let page = scene.here.get("/account/sessions").await;
    // The newest comes after this one.
    let end = links(&page, "/account/sessions/", "/end").remove(0);
    let page = change(&mut scene.here, &end, &[]).await;
    assert!(page.body.contains("That session has ended"), "{}", page.body);
    tokio::time::sleep(std::time::Duration::from_secs(1)).await;
    let both = [(true, true), (true, true), (false, false)];
    assert_eq!(scene.alive(&second).await, both);
    assert_eq!(scene.here.get(&end).await.status, 404);
}

#[tokio::test]
async fn all_others_end_and_this_one_stays() {
    let mut scene = Scene::set().await;
    let page = change(&mut scene.here, "/account/sessions/end-others", &[]).await;
    assert!(page.body.contains("signed out everywhere else"), "{}", page.body);
    let node = scene.server.second_node().await;
    assert_eq!(scene.alive(&node).await, [(true, true), (false, false), (false, false)]);
}

#[tokio::test]
async fn a_stranger_is_thrown_out_with_all_that_they_may_have_got() {
    let mut scene = Scene::set().await;
    // What was allowed in a session that is over lives on, until somebody says: not me.
    let refresh = scene.tokens[2]["refresh_token"].as_str().unwrap().to_owned();
    let page = scene.third.get("/oauth2/logout").await;
    scene.third.submit(&page, &[("decision", "allow")]).await;
    let page = scene.here.get("/account/sessions").await;
    let disown = links(&page, "/account/sessions/", "/not-me").remove(0);
    let page = change(&mut scene.here, &disown, &[]).await;
    assert!(page.body.contains("Choose a new password"), "{}", page.body);
    let node = scene.server.second_node().await;
    assert_eq!(scene.alive(&node).await, [(true, true), (false, false), (false, false)]);
    assert_eq!(node.refresh("shop", &refresh).await.status, 400);
    let due = "select count(*) from users where username = 'bob' and password_due_at is not null";
    assert_eq!(node.number(due).await, 1);
    assert_eq!(node.number("select count(*) from devices").await, 1);
    let mails = "select count(*) from mails where recipient = 'bob@example.com'
        and subject like 'A stranger%'";
    assert_eq!(node.number(mails).await, 1);
    let told = "select count(*) from audit_events where action = 'session.disown'";
    assert_eq!(node.number(told).await, 1);
}

#[tokio::test]
async fn nobody_disowns_the_session_that_they_sit_in() {
    let mut scene = Scene::set().await;
    let own = "select id::text from sessions order by created_at limit 1";
    let mut connection = scene.server.db.connect().await;
    let own: String = sqlx::query_scalar(own).fetch_one(&mut connection).await.unwrap();
    assert_eq!(scene.here.get(&format!("/account/sessions/{own}/not-me")).await.status, 404);
}

#[tokio::test]
async fn an_administrator_ends_everything_of_a_person() {
    let mut scene = Scene::set().await;
    let bob = scene.server.user_id("bob").await;
    let (mut admin, _) = visit(&scene.server, "alice").await;
    scene.server.clock.advance(Duration::seconds(1));
    let path = format!("/admin/users/{bob}/sessions/end");
    let page = change(&mut admin, &path, &[]).await;
    assert!(page.body.contains("All sessions have ended"), "{}", page.body);
    let node = scene.server.second_node().await;
    assert_eq!(scene.alive(&node).await, [(false, false); 3]);
}
