//! What is measured, in which order, against which limit.

use std::collections::HashMap;
use std::sync::Arc;
use std::time::Duration;

use axum::http::HeaderValue;
use bytes::Bytes;
use portcullis::protocol::client_auth::ASSERTION_TYPE;

use crate::args::Args;
use crate::bare;
use crate::drive::{Load, Measured, drive, exchange};
use crate::flow::Flow;
use crate::form::{Head, fields, member};
use crate::growth;
use crate::proofs::Prover;
use crate::seed::{self, API_CLIENT, CLIENT, RESOURCE, SECRET, SIGNER};
use crate::stage::{Server, Stage};
use crate::table::{self, Row};

const TOKEN: &str = "/oauth2/token";
const INTROSPECT: &str = "/oauth2/introspect";
/// How many sign in at once.
const CROWD: usize = 200;
/// How often a flow is measured alone and beside a storm.
const ROUNDS: usize = 5;
/// Tokens per second for which flows that use each once are stocked.
const STOCK_INTROSPECTIONS: usize = 16_000;
const STOCK_CODES: usize = 7_000;
const STOCK_PROOFS: usize = 16_000;

/// Measures all that `args` want.
pub async fn run(args: &Args) {
    let stage = Stage::set(args).await;
    let idle = stage.server.processes.server_rss_mib();
    let size = std::fs::metadata(&args.binary).map_or(0, |file| file.len());
    println!(
        "idle RSS {idle:.1} MiB; binary {:.1} MiB; ready {} ms after its start",
        size as f64 / 1_048_576.0,
        stage.ready_after.as_millis()
    );
    table::heading();
    let mut plan = Plan { args, stage, limits: HashMap::new() };
    plan.documents().await;
    plan.machines().await;
    plan.introspection().await;
    plan.people().await;
    plan.bound().await;
    plan.passwords().await;
    plan.stage.strike().await;
}

struct Plan<'a> {
    args: &'a Args,
    stage: Stage,
    /// Limits that were measured already.
    limits: HashMap<&'static str, Measured>,
}

fn shop(path: &str) -> Head {
    Head::form(path).basic(CLIENT, SECRET)
}

fn resource_server() -> Head {
    Head::form(INTROSPECT).basic(API_CLIENT, SECRET)
}

fn client_credentials() -> Bytes {
    fields(&[
        ("grant_type", "client_credentials"),
        ("scope", "orders.read"),
        ("resource", RESOURCE),
    ])
}

impl Plan<'_> {
    fn load(&self, connections: usize) -> Load {
        Load { warm_up: self.args.warm_up, measured: self.args.measured, connections }
    }

    async fn drive(&self, flow: &Arc<Flow>, server: &Server, connections: usize) -> Measured {
        drive(Arc::clone(flow), server.address, self.load(connections), server.processes).await
    }

    /// Measures the limit called `name`, once.
    async fn limit(&mut self, name: &'static str) -> Measured {
        if let Some(known) = self.limits.get(name) {
            return known.clone();
        }
        let ids = || (1..=1000).map(|id: u32| id.to_string());
        let form = |path: &str| Head::form(path).basic(bare::CLIENT.0, bare::CLIENT.1);
        let token = "\"access_token\"";
        let mut connections = self.args.connections;
        let flow = match name {
            "static" => Flow::get("/static", token),
            "sign" => Flow::get("/sign", token),
            "token" => Flow::again(
                form("/token"),
                vec![fields(&[("grant_type", "client_credentials")])],
                token,
            ),
            "verify" => {
                let body = fields(&[("token", &self.bare_token().await)]);
                Flow::again(form("/verify"), vec![body], "\"active\":true")
            }
            "update" => Flow::chains(form("/refresh"), ids().collect()),
            "redeem" => {
                let bodies = (1..=200_000).map(|id: u32| fields(&[("code", &id.to_string())]));
                Flow::once(form("/code"), bodies.collect())
            }
            _ => {
                connections = CROWD;
                Flow::again(form("/password"), vec![Bytes::new()], token)
            }
        };
        let measured = self.drive(&Arc::new(flow), &self.stage.bare, connections).await;
        let row = Row { name, measured: measured.clone(), against: None, goal: "(a limit)" };
        row.print();
        self.limits.insert(name, measured.clone());
        measured
    }

    async fn bare_token(&self) -> String {
        let request = Head::get("/token").request(Bytes::new());
        let (_, body) = exchange(&mut None, self.stage.bare.address, request).await.unwrap();
        String::from_utf8(body.to_vec()).unwrap()
    }

    /// Measures `flow` beside the limit called `limit`, and prints both.
    async fn flow(
        &mut self,
        name: &'static str,
        goal: &'static str,
        limit: &'static str,
        flow: Flow,
    ) {
        if self.args.wants(name) {
            let against = self.limit(limit).await;
            let measured =
                self.drive(&Arc::new(flow), &self.stage.server, self.args.connections).await;
            Row { name, measured, against: Some((limit, against)), goal }.print();
        }
    }

    async fn documents(&mut self) {
        let jwks = Flow::get("/oauth2/jwks", "\"keys\"");
        self.flow("jwks", "100,000/s", "static", jwks).await;
        let discovery = Flow::get("/.well-known/openid-configuration", "\"issuer\"");
        self.flow("discovery", "100,000/s", "static", discovery).await;
    }

    async fn machines(&mut self) {
        let flow = Flow::again(shop(TOKEN), vec![client_credentials()], "\"access_token\"");
        if self.args.wants("client_credentials") {
            self.limit("sign").await;
        }
        self.flow("client_credentials", "0.70", "token", flow).await;
    }

    async fn introspection(&mut self) {
        let active = "\"active\":true";
        let count = 100;
        if self.args.wants("introspection, seen") {
            let bodies = seed::unseen_tokens(&self.stage.app, count).await;
            let flow = Flow::again(resource_server(), bodies, active);
            self.flow("introspection, seen", "50,000/s", "static", flow).await;
        }
        if self.args.wants("introspection, new") {
            let count = self.args.seconds() * STOCK_INTROSPECTIONS;
            let bodies = seed::unseen_tokens(&self.stage.app, count).await;
            let flow = Flow::again(resource_server(), bodies, active);
            self.flow("introspection, new", "0.85", "verify", flow).await;
        }
    }

    /// Codes, refresh chains and userinfo.
    async fn people(&mut self) {
        let names = ["code", "refresh", "refresh with openid", "userinfo", "storm"];
        if !names.iter().any(|name| self.args.wants(name)) {
            return;
        }
        if self.args.wants("code") {
            let count = self.args.seconds() * STOCK_CODES;
            let bodies =
                seed::codes(&self.stage.app, "openid offline_access orders.read", count).await;
            self.flow("code exchange", "0.65", "redeem", Flow::once(shop(TOKEN), bodies)).await;
        }
        let plain = self.refresh_tokens("offline_access orders.read", None).await;
        self.flow("refresh", "0.75", "update", Flow::chains(shop(TOKEN), plain)).await;
        let openid = self.refresh_tokens("openid offline_access orders.read", None).await;
        let flow = Flow::chains(shop(TOKEN), openid);
        self.flow("refresh with openid", "4,500/s", "update", flow).await;
        if self.args.wants("userinfo") {
            let token = self.person_token().await;
            let head = Head::get("/oauth2/userinfo")
                .with(http::header::AUTHORIZATION, &format!("Bearer {token}"));
            let flow = Flow::again(head, vec![Bytes::new()], "\"sub\"");
            self.flow("userinfo", "", "static", flow).await;
        }
    }

    /// Refresh tokens of as many new grants as there are connections.
    async fn refresh_tokens(&self, scope: &str, proofs: Option<Vec<HeaderValue>>) -> Vec<String> {
        let bodies = seed::codes(&self.stage.app, scope, self.args.connections).await;
        let flow = Flow::once(shop(TOKEN), bodies);
        let flow = Arc::new(match proofs {
            Some(proofs) => flow.proved(proofs),
            None => flow,
        });
        let load =
            Load { warm_up: Duration::from_millis(500), measured: Duration::ZERO, connections: 1 };
        drive(Arc::clone(&flow), self.stage.server.address, load, self.stage.server.processes)
            .await;
        flow.take_kept()
    }

    /// An access token that opens userinfo.
    async fn person_token(&self) -> String {
        let bodies = seed::codes(&self.stage.app, "openid profile email", 1).await;
        let request = shop(TOKEN).request(bodies.into_iter().next().unwrap());
        let (_, body) = exchange(&mut None, self.stage.server.address, request).await.unwrap();
        member(&body, "access_token").unwrap().to_owned()
    }

    /// What a DPoP proof costs (RFC 9449): the same requests without one and with one.
    async fn bound(&mut self) {
        let prover = Prover::new();
        let url = format!("{}{TOKEN}", self.stage.app.settings.issuer);
        let stock = self.args.seconds() * STOCK_PROOFS;
        if self.args.wants("client_credentials, DPoP") {
            let flow = || Flow::again(shop(TOKEN), vec![client_credentials()], "\"access_token\"");
            let bound = flow().proved(prover.proofs(&url, self.stage.app.now(), stock));
            self.against("client_credentials, DPoP", "unbound", flow(), bound).await;
        }
        if self.args.wants("private_key_jwt, DPoP") {
            let (app, signer) = (&self.stage.app, &self.stage.signer);
            let flow = || {
                let issuer = &app.settings.issuer;
                let bodies = signer.assertions(SIGNER, issuer, app.now(), stock).into_iter();
                let body = |assertion: String| {
                    fields(&[
                        ("grant_type", "client_credentials"),
                        ("scope", "orders.read"),
                        ("resource", RESOURCE),
                        ("client_assertion_type", ASSERTION_TYPE),
                        ("client_assertion", &assertion),
                    ])
                };
                Flow::once(Head::form(TOKEN), bodies.map(body).collect())
            };
            let bound = flow().proved(prover.proofs(&url, app.now(), stock));
            self.against("private_key_jwt, DPoP", "unbound", flow(), bound).await;
        }
        if self.args.wants("refresh, DPoP") {
            let scope = "offline_access orders.read";
            let plain = Flow::chains(shop(TOKEN), self.refresh_tokens(scope, None).await);
            let tokens = self
                .refresh_tokens(scope, Some(prover.proofs(&url, self.stage.app.now(), 1_000)))
                .await;
            let bound = Flow::chains(shop(TOKEN), tokens).proved(prover.proofs(
                &url,
                self.stage.app.now(),
                stock,
            ));
            self.against("refresh, DPoP", "unbound", plain, bound).await;
        }
    }

    /// Measures `flow`, and prints `other` beside it.
    async fn against(&mut self, name: &'static str, what: &'static str, flow: Flow, other: Flow) {
        let connections = self.args.connections;
        let alone = self.drive(&Arc::new(flow), &self.stage.server, connections).await;
        let measured = self.drive(&Arc::new(other), &self.stage.server, connections).await;
        Row { name, measured, against: Some((what, alone)), goal: "0.60" }.print();
    }

    async fn passwords(&mut self) {
        let sign_ins = || Flow::SignIns {
            password: seed::PASSWORD,
            people: seed::PEOPLE,
            next: std::sync::atomic::AtomicUsize::new(0),
        };
        if self.args.wants("password") {
            let against = self.limit("argon2").await;
            let flow = Arc::new(sign_ins());
            let measured = self.drive(&flow, &self.stage.server, CROWD).await;
            let against = Some(("argon2", against));
            Row { name: "password, 200 at once", measured, against, goal: "0.9, 150 MiB" }.print();
        }
        if self.args.wants("storm") {
            // First, for it asks the database nothing: what refreshes leave is sealed and cleaned up for
            // a while after them.
            let bodies = seed::unseen_tokens(&self.stage.app, 100).await;
            let introspections = Flow::again(resource_server(), bodies, "\"active\":true");
            self.beside("introspection, storm beside it", introspections, sign_ins()).await;
            let tokens = self.refresh_tokens("offline_access orders.read", None).await;
            let refreshes = Flow::chains(shop(TOKEN), tokens);
            self.beside("refresh, storm beside it", refreshes, sign_ins()).await;
        }
    }

    /// Measures `flow` alone and with `storm` beside it, in turn: the machine is another from one minute
    /// to the next, and the round with the median of the ratios tells more than one pair.
    async fn beside(&mut self, name: &'static str, flow: Flow, storm: Flow) {
        // What the flow before left must not be cleaned up beside one of the two.
        growth::settle(&self.stage.app).await;
        let (flow, connections) = (Arc::new(flow), self.args.connections);
        let storm = Arc::new(storm);
        let mut rounds = Vec::with_capacity(ROUNDS);
        for _ in 0..ROUNDS {
            let alone = self.drive(&flow, &self.stage.server, connections).await;
            let blowing = self.drive(&storm, &self.stage.server, CROWD);
            let steady = self.drive(&flow, &self.stage.server, connections);
            let (_, measured) = tokio::join!(blowing, steady);
            rounds.push((measured.per_second / alone.per_second, alone, measured));
        }
        rounds.sort_by(|one, other| one.0.total_cmp(&other.0));
        let (_, alone, measured) = rounds.swap_remove(ROUNDS / 2);
        Row { name, measured, against: Some(("alone", alone)), goal: "0.9 by req/s" }.print();
    }
}
