//! Each look at the set-up, in the order in which one needs the other.

use time::OffsetDateTime;

use super::{Finding, acme, clients, mtls, tls};
use crate::app;
use crate::cli::output::instant;
use crate::cli::place::{Desk, Place};
use crate::config::{Access, Config, Need};
use crate::crypto::jwt::Alg;
use crate::manage::audit::chain;
use crate::manage::{keys, setup};
use crate::store::migrate::{self, Schema};
use crate::store::signing_keys::{self, KEY_PURPOSE};
use crate::store::{self, Store, audit_extent, audit_seals};
use crate::tasks::seal_audit;

/// What a node's clock may differ from the database's by.
const SKEW: time::Duration = time::Duration::seconds(2);
/// Audit events that wait longer for their seal wait for nobody.
const UNSEALED: time::Duration = time::Duration::minutes(10);

/// Looks at everything that can be looked at.
pub(super) async fn all(place: &Place, found: &mut Vec<Finding>) {
    let now = app::stock().clock.now();
    let Some(access) = configuration(place, now, found) else { return };
    let store = match place.store(&access).await {
        Ok(store) => store,
        Err(error) => {
            let mend = "start it, or correct database.url and what lets this host in";
            found.push(Finding::fail("database", format!("{error:#}"), mend));
            return;
        }
    };
    found.push(Finding::ok("database", "answers and takes writes"));
    if !schema(&store, found).await {
        return;
    }
    clock(&store, now, found).await;
    match Desk::new(store, &access) {
        Ok(desk) => {
            signing(&desk, found).await;
            people(&desk, found).await;
            if let Ok(config) = place.config() {
                Box::pin(acme::look(&config, &desk, found)).await;
                Box::pin(clients::look(&config, &desk, found)).await;
            }
            audit(&desk, now, found).await;
        }
        Err(error) => {
            found.push(Finding::fail("keys", format!("{error:#}"), "correct master_key"));
        }
    }
}

/// The configuration, and the issuer and the certificate in it.
fn configuration(place: &Place, now: OffsetDateTime, found: &mut Vec<Finding>) -> Option<Access> {
    if place.is_dev() {
        found.push(Finding::ok("configuration", "that of `portcullis dev`"));
    } else {
        match place.config() {
            Ok(config) => {
                found.push(Finding::ok("configuration", "every setting is good"));
                issuer(&config, now, found);
            }
            Err(error) => {
                let text = error.to_string();
                let mend = "correct it; `portcullis config check` looks again";
                for line in text.lines().skip(1) {
                    found.push(Finding::fail("configuration", line.trim(), mend));
                }
            }
        }
    }
    match place.access(Need::MasterKey) {
        Ok(access) => Some(access),
        Err(error) => {
            if place.is_dev() {
                let mend = "start `portcullis dev` there";
                found.push(Finding::fail("configuration", format!("{error:#}"), mend));
            }
            None
        }
    }
}

fn issuer(config: &Config, now: OffsetDateTime, found: &mut Vec<Finding>) {
    let issuer = &config.issuer;
    let host = issuer.url().host_str().unwrap_or_default();
    match &config.tls {
        Some(files) => {
            found.push(Finding::ok("issuer", issuer.as_str()));
            found.push(tls::look(files, host, now));
        }
        None if !issuer.is_https() => {
            let mend = "fine on one machine; use https where anybody else comes in";
            found.push(Finding::note("issuer", format!("{issuer} without TLS"), mend));
        }
        None if config.acme.is_some() => found.push(Finding::ok("issuer", issuer.as_str())),
        None if config.trusted_proxies.is_empty() => {
            let mend = "set tls.cert_file and tls.key_file, or acme.directory, or name your proxy in trusted_proxies";
            let text = format!("{issuer}, and nothing here ends TLS");
            found.push(Finding::note("issuer", text, mend));
        }
        None => found.push(Finding::ok("issuer", format!("{issuer}, TLS ends at the proxy"))),
    }
    mtls::look(config, found);
    if config.mail.is_none() {
        let mend = "set mail.smtp_url and mail.from to tell people what happens to their accounts";
        found.push(Finding::note("mail", "is not sent", mend));
    }
}

/// Whether the rest can be looked at.
async fn schema(store: &Store, found: &mut Vec<Finding>) -> bool {
    let (finding, usable) = match migrate::schema(store).await {
        Ok(Schema::Current) => (Finding::ok("schema", "is up to date"), true),
        Ok(Schema::Ahead(version)) => {
            let text = format!("is newer than this program (version {version})");
            (Finding::note("schema", text, "update this program too"), true)
        }
        Ok(Schema::Empty) => {
            (Finding::fail("schema", "is not there", "run `portcullis migrate`"), false)
        }
        Ok(Schema::Behind(version)) => {
            let text = format!("is older than this program (version {version})");
            (Finding::fail("schema", text, "run `portcullis migrate`"), false)
        }
        Err(error) => (Finding::fail("schema", error.to_string(), "see the database's log"), false),
    };
    found.push(finding);
    usable
}

async fn clock(store: &Store, before: OffsetDateTime, found: &mut Vec<Finding>) {
    let started = app::stock().clock.now();
    let told = store::now(store.pool()).await;
    let ended = app::stock().clock.now();
    let finding = match told {
        // What the answer's way took is not the clock's fault.
        Ok(told) if told >= started - SKEW && told <= ended + SKEW && ended >= before => {
            Finding::ok("clock", "agrees with the database's to 2 s")
        }
        Ok(told) => {
            let off = (told - started).whole_seconds().abs();
            let mend = "let NTP keep both clocks: tokens and one-time codes depend on them";
            Finding::fail("clock", format!("is {off} s off the database's"), mend)
        }
        Err(error) => Finding::fail("clock", error.to_string(), "see the database's log"),
    };
    found.push(finding);
}

/// Whether each algorithm has an active key that the master key opens.
async fn signing(desk: &Desk, found: &mut Vec<Finding>) {
    let read = async {
        let views = keys::list(&desk.cx()).await?;
        let rows = signing_keys::all(desk.store().pool()).await?;
        anyhow::Ok((views, rows))
    };
    let (views, rows) = match read.await {
        Ok(read) => read,
        Err(error) => {
            found.push(Finding::fail("keys", format!("{error:#}"), "see the database's log"));
            return;
        }
    };
    let shut = rows.iter().filter(|row| {
        row.times.removed_at.is_none()
            && desk.seal().open(KEY_PURPOSE, row.kid.as_bytes(), &row.sealed).is_err()
    });
    let shut: Vec<&str> = shut.map(|row| row.kid.as_str()).collect();
    if !shut.is_empty() {
        let text = format!("{} cannot be opened with this master key", shut.join(" "));
        let mend = "give the master key that they were made with, in older_master_keys at least";
        found.push(Finding::fail("keys", text, mend));
        return;
    }
    let active =
        |alg: &Alg| views.iter().any(|key| key.alg == alg.as_str() && key.state == "active");
    let lacking: Vec<&str> =
        Alg::ALL.iter().filter(|alg| !active(alg)).map(|alg| alg.as_str()).collect();
    found.push(if views.is_empty() {
        Finding::note("keys", "there are none yet", "start the server: it makes them")
    } else if lacking.is_empty() {
        Finding::ok("keys", "every algorithm has one that signs")
    } else {
        let text = format!("none is active for {}", lacking.join(" "));
        Finding::fail("keys", text, "run `portcullis key rotate`")
    });
}

async fn people(desk: &Desk, found: &mut Vec<Finding>) {
    found.push(match setup::is_open(&desk.cx()).await {
        Ok(false) => Finding::ok("administrator", "there is one"),
        Ok(true) => {
            let mend = "run `portcullis setup-link` and open the link";
            Finding::note("administrator", "there is none yet", mend)
        }
        Err(error) => Finding::fail("administrator", error.to_string(), "see the database's log"),
    });
}

/// Whether somebody seals the audit log, and whether its last seal fits. The rest takes longer.
async fn audit(desk: &Desk, now: OffsetDateTime, found: &mut Vec<Finding>) {
    let read = async {
        let pool = desk.store().pool();
        let newest = audit_seals::newest(pool).await?;
        let fits = match &newest {
            Some(seal) => chain::fits(seal, &audit_seals::covered(pool, seal).await?),
            None => true,
        };
        anyhow::Ok((newest, fits, audit_extent::pending_since(pool).await?))
    };
    let whole = "`portcullis audit verify` checks all of it";
    found.push(match read.await {
        Ok((_, false, _)) => Finding::fail("audit log", "does not fit its newest seal", whole),
        Ok((_, _, Some(since))) if now - since > UNSEALED => {
            let text = format!("is not sealed since {}", instant(since));
            let every = seal_audit::EVERY.as_secs();
            let mend = format!("a running server seals it every {every} s: is one running?");
            Finding::note("audit log", text, mend)
        }
        Ok((Some(seal), ..)) => {
            let text = format!("is sealed up to {}; {whole}", instant(seal.last_at));
            Finding::ok("audit log", text)
        }
        Ok((None, ..)) => Finding::ok("audit log", "has nothing to seal yet"),
        Err(error) => Finding::fail("audit log", format!("{error:#}"), "see the database's log"),
    });
}
