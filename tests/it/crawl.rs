//! The sign-in as a graph (SECURITY.md T-7): from every state every endpoint is called, and nowhere a
//! session is complete or a code issued for which a factor was not given.
//!
//! The endpoints are read from the router's own source, so that a new one is crawled by itself. What
//! binds a flow to its page is taken away: every page is sent a flow sealed for it and a good token,
//! so that what is tried is the decision behind them.

use std::collections::BTreeSet;
use std::path::Path;

use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use portcullis::crypto::secret::Secret;
use serde_json::{Value, json};
use sqlx::PgConnection;
use time::Duration;

use crate::support::browser::{Authorize, Browser, Page};
use crate::support::calls::credentials;
use crate::support::server::{PASSWORD, STOCK, Server};

/// Who owes what: bob nothing, carol and alice an authenticator, sam an enrolment, dan and erin a new
/// password; the bank a second factor of everybody.
const WORLD: &str = r#"
[policy]
mfa_rules = [{ role = "sales" }]

[[client]]
client_id = "bank"
client_name = "Bank"
redirect_uris = ["https://app.example/cb"]
grant_types = ["authorization_code"]
token_endpoint_auth_method = "none"
scope = "openid"
consent = "trusted"
mfa = "required"

[[user]]
username = "sam"
email = "sam@example.com"
email_verified = true
password = "correct horse battery staple"
roles = ["sales"]

[[user]]
username = "dan"
email = "dan@example.com"
password = "correct horse battery staple"

[[user]]
username = "erin"
password = "correct horse battery staple"
"#;

/// A session that is complete, or a code, for which something was not given.
const SKIPPED: &str = "select
    (select count(*) from sessions s join users u on u.id = s.user_id
    where s.stage = 'established' and u.username <> 'bob'
        and not s.proofs @> '[{\"kind\": \"totp\"}]')
    + (select count(*) from authorization_codes c join users u on u.id = c.user_id
    where (u.username <> 'bob' or c.client_id = 'bank')
        and not c.proofs @> '[{\"kind\": \"totp\"}]')
    + (select count(*) from authorization_codes c where c.client_id = 'asker' and not exists (
        select from consents k where k.user_id = c.user_id and k.client_id = 'asker'))
    + (select 1000 - 500 * count(*) from users where username in ('dan', 'erin')
        and password_due_at is not null)";

/// The paths of every route, as the source declares them.
fn routes() -> Vec<String> {
    let mut found = BTreeSet::new();
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("src/endpoints");
    let mut folders = vec![root];
    while let Some(folder) = folders.pop() {
        for entry in std::fs::read_dir(folder).unwrap().map(Result::unwrap) {
            if entry.path().is_dir() {
                folders.push(entry.path());
                continue;
            }
            let text = std::fs::read_to_string(entry.path()).unwrap();
            for declared in text.split(".route(").skip(1) {
                let declared = declared.trim_start();
                if let Some(path) = declared.strip_prefix('"') {
                    found.insert(path.split('"').next().unwrap().to_owned());
                }
            }
        }
    }
    found.remove("/assets/{*rest}");
    // It says 503 where the clock is off, as it is here.
    found.remove("/readyz");
    let nobody = "00000000-0000-7000-8000-000000000000";
    let fill = |path: String| {
        let parts = path.split('/').map(|part| if part.starts_with('{') { nobody } else { part });
        parts.collect::<Vec<_>>().join("/")
    };
    found.into_iter().map(fill).collect()
}

#[test]
fn the_routes_are_found_in_the_source() {
    let routes = routes();
    for known in ["/login", "/login/code", "/login/enrol", "/login/mail-code", "/consent", "/admin"]
    {
        assert!(routes.iter().any(|path| path == known), "{known}: {routes:?}");
    }
    assert!(routes.len() > 50, "{routes:?}");
}

/// A browser on its way, at the page where it is.
struct State {
    name: &'static str,
    browser: Browser,
    page: Page,
}

async fn at(server: &Server, client: &str, scope: &str) -> (Browser, Page) {
    let mut browser = server.browser();
    let page = browser.get(&Authorize::of(client, scope).path()).await;
    let page = browser.follow(page).await;
    (browser, page)
}

/// Signs `username` in with the password at `client`, and stops at whatever comes then.
async fn half_way(server: &Server, name: &'static str, client: &str, username: &str) -> State {
    let (mut browser, page) = at(server, client, "openid").await;
    let page = browser.submit(&page, &credentials(username)).await;
    let page = browser.follow(page).await;
    State { name, browser, page }
}

/// Every state of a sign-in.
async fn states(server: &Server) -> Vec<State> {
    let nobody = server.browser();
    let nothing = nobody.clone().get("/livez").await;
    let (browser, page) = at(server, "shop", "openid").await;
    let begun = State { name: "flow begun", browser, page };
    let mut finished = half_way(server, "finished", "shop", "carol").await;
    server.clock.advance(Duration::seconds(30));
    finished.browser.submit(&finished.page, &[("code", &server.totp())]).await;
    let mut established = half_way(server, "established", "shop", "bob").await;
    established.page = established.browser.get("/oauth2/logout").await;
    let mut again = half_way(server, "sign-in again", "shop", "carol").await;
    server.clock.advance(Duration::seconds(30));
    again.browser.submit(&again.page, &[("code", &server.totp())]).await;
    let request = Authorize::of("shop", "openid").with("prompt", "login");
    let page = again.browser.get(&request.path()).await;
    again.page = again.browser.follow(page).await;
    let mut stepping_up = half_way(server, "step-up owed", "shop", "bob").await;
    let page = stepping_up.browser.get(&Authorize::of("bank", "openid").path()).await;
    stepping_up.page = stepping_up.browser.follow(page).await;
    vec![
        State { name: "anonymous", browser: nobody, page: nothing },
        begun,
        half_way(server, "second factor owed", "shop", "carol").await,
        half_way(server, "enrolment owed", "shop", "sam").await,
        half_way(server, "consent owed", "asker", "bob").await,
        half_way(server, "a new password owed, by mail", "shop", "dan").await,
        half_way(server, "a new password owed, here", "shop", "erin").await,
        stepping_up,
        established,
        again,
        finished,
    ]
}

/// What a call sends.
struct Bodies {
    token: String,
    flow: String,
}

impl Bodies {
    /// A good token and the state's flow, both as `path` wants them.
    fn of(server: &Server, state: &State, path: &str) -> Self {
        let secrets = &server.app.secrets;
        let Some(cookie) = state.browser.cookies.get("__Host-pre") else {
            return Self { token: String::new(), flow: String::new() };
        };
        let binding = Secret::new(cookie.clone());
        let token = secrets.csrf.token(path, &binding);
        let reseal = || {
            let sealed = URL_SAFE_NO_PAD.decode(state.page.hidden("flow")?).ok()?;
            let bound = *binding.fingerprint().as_bytes();
            let plain = secrets.seal.open(&state.page.action(), &bound, &sealed).ok()?;
            let mut flow: Value = serde_json::from_slice(&plain).ok()?;
            flow["sealed_at"] = json!(server.app.now().unix_timestamp() * 1_000_000);
            let plain = serde_json::to_vec(&flow).ok()?;
            let entropy = server.app.entropy.as_ref();
            let sealed = secrets.seal.seal(path, &bound, &plain, entropy).ok()?;
            Some(URL_SAFE_NO_PAD.encode(sealed))
        };
        Self { token, flow: reseal().unwrap_or_default() }
    }

    fn minimal(&self) -> Vec<(&str, &str)> {
        vec![("csrf", &self.token), ("flow", &self.flow)]
    }

    /// Everything that a page might want, but no second factor.
    fn full(&self) -> Vec<(&str, &str)> {
        let more = [
            ("decision", "allow"),
            ("code", "000000"),
            ("way", "recovery"),
            ("later", "1"),
            ("trust", "on"),
            ("do", "exchange"),
            ("username", "carol"),
            ("password", PASSWORD),
        ];
        [self.minimal(), more.to_vec()].concat()
    }
}

/// Puts sessions and counters back to where the state left them.
async fn put_back(connection: &mut PgConnection) {
    for statement in [
        "delete from attempts",
        "delete from sessions",
        "insert into sessions select * from state_sessions",
        "delete from consents",
        "delete from authorization_codes",
    ] {
        sqlx::query(statement).execute(&mut *connection).await.unwrap();
    }
}

async fn assert_nothing_skipped(connection: &mut PgConnection, why: &str) {
    let skipped: i64 = sqlx::query_scalar(SKIPPED).fetch_one(connection).await.unwrap();
    assert_eq!(skipped, 0, "{why}");
}

/// A server that does not hold back a crawler.
async fn server() -> Server {
    let much = "1000000";
    let server =
        Server::with(&[("LIMITS_SIGN_IN_PER_MINUTE", much), ("LIMITS_AUTHORIZE_PER_MINUTE", much)])
            .await;
    server.apply(STOCK).await;
    server.apply(WORLD).await;
    let due = "update users set password_due_at = now() where username in ('dan', 'erin')";
    sqlx::query(due).execute(&mut server.db.connect().await).await.unwrap();
    server
}

#[tokio::test]
async fn from_no_state_does_any_endpoint_skip_a_factor() {
    let server = server().await;
    let mut connection = server.db.connect().await;
    let states = states(&server).await;
    let snapshot = "create table state_sessions as select * from sessions";
    sqlx::query(snapshot).execute(&mut connection).await.unwrap();
    for state in &states {
        for path in routes() {
            let bodies = Bodies::of(&server, state, &path);
            let query = format!("{path}?flow={}", bodies.flow);
            let mut answers = vec![
                state.browser.clone().get(&path).await,
                state.browser.clone().get(&query).await,
            ];
            for fields in [Vec::new(), bodies.minimal(), bodies.full()] {
                let mut browser = state.browser.clone();
                let answer = browser.post(&path, &fields).await;
                let why = format!("{}: {path} with {fields:?}", state.name);
                assert_nothing_skipped(&mut connection, &why).await;
                // Wherever it led, it leads no further than was proved.
                if answer.headers.contains_key("set-cookie") {
                    let onward = browser.get(&Authorize::of("bank", "openid").path()).await;
                    answers.push(onward);
                    assert_nothing_skipped(&mut connection, &why).await;
                }
                answers.push(answer);
                put_back(&mut connection).await;
            }
            for answer in answers {
                let code = answer.status.as_u16();
                assert!(code < 500, "{}: {path}: {answer:?}", state.name);
            }
        }
    }
}

#[tokio::test]
async fn no_page_of_one_browser_is_good_in_another() {
    let server = server().await;
    let mut connection = server.db.connect().await;
    let states = states(&server).await;
    let snapshot = "create table state_sessions as select * from sessions";
    sqlx::query(snapshot).execute(&mut connection).await.unwrap();
    for mine in &states {
        for theirs in states.iter().filter(|theirs| theirs.name != mine.name) {
            let (Some(csrf), Some(flow)) = (theirs.page.hidden("csrf"), theirs.page.hidden("flow"))
            else {
                continue;
            };
            let path = theirs.page.action();
            let own = Bodies::of(&server, mine, &path);
            let why = format!("{} with the page of {}", mine.name, theirs.name);
            for token in [csrf.as_str(), own.token.as_str()] {
                let fields = [
                    ("csrf", token),
                    ("flow", flow.as_str()),
                    ("decision", "allow"),
                    ("code", "000000"),
                ];
                let answer = mine.browser.clone().post(&path, &fields).await;
                assert!(matches!(answer.status.as_u16(), 400 | 403), "{why}: {answer:?}");
                // The session of the one in the browser of the other.
                let mut mixed = mine.browser.clone();
                match theirs.browser.cookies.get("__Host-sid") {
                    Some(sid) => mixed.cookies.insert("__Host-sid".to_owned(), sid.clone()),
                    None => mixed.cookies.remove("__Host-sid"),
                };
                let answer = mixed.post(&path, &fields).await;
                assert!(matches!(answer.status.as_u16(), 400 | 403), "{why}: {answer:?}");
                assert_nothing_skipped(&mut connection, &why).await;
                put_back(&mut connection).await;
            }
        }
    }
}

#[tokio::test]
async fn an_old_flow_opens_nothing() {
    let server = server().await;
    let mut connection = server.db.connect().await;
    let states = states(&server).await;
    server.clock.advance(Duration::minutes(31));
    for state in states {
        if state.page.hidden("flow").is_none() {
            continue;
        }
        let mut browser = state.browser.clone();
        let fields = [("decision", "allow"), ("code", "000000"), ("later", "1")];
        let fields = [&fields[..], &credentials("bob")].concat();
        let answer = browser.submit(&state.page, &fields).await;
        assert_eq!(answer.status, 400, "{}: {answer:?}", state.name);
        assert_nothing_skipped(&mut connection, state.name).await;
    }
}
