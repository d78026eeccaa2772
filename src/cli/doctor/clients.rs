//! Clients that cannot do here what they are registered for.

use super::Finding;
use crate::cli::place::Desk;
use crate::config::Config;
use crate::manage::clients;
use crate::protocol::client::{Client, Profile, ServerRules};
use crate::protocol::fapi;
use crate::store::PAGE_LIMIT;
use crate::store::clients::ClientQuery;

/// Looks at the first clients, where anything about them depends on the configuration.
pub(super) async fn look(config: &Config, desk: &Desk, found: &mut Vec<Finding>) {
    let cx = desk.cx();
    let query = ClientQuery { limit: PAGE_LIMIT, ..ClientQuery::default() };
    let page = match clients::list(&cx, &query).await {
        Ok(page) => page,
        Err(error) => {
            found.push(Finding::fail("clients", error.to_string(), "see the database's log"));
            return;
        }
    };
    let enabled: Vec<_> = page.items.iter().filter(|client| !client.is_disabled()).collect();
    found.extend(profile(&enabled, config.security.rules));
    if !config.mtls.is_on() {
        found.extend(certificates(&enabled));
    }
}

/// Which of `clients` cannot live under FAPI 2.0, where the server puts all of them under it.
fn profile(clients: &[&Client], rules: ServerRules) -> Option<Finding> {
    if rules.profile != Profile::Fapi2 {
        return None;
    }
    let upon = |client: &&Client| rules.upon((*client).clone());
    let unfit: Vec<String> = clients.iter().filter_map(|client| unfit(&upon(client))).collect();
    Some(if unfit.is_empty() {
        Finding::ok("FAPI 2.0", "every client can live under it")
    } else {
        let mend = "change them with `portcullis apply` or in the console; until then they are \
                    refused";
        Finding::note("FAPI 2.0", unfit.join("; "), mend)
    })
}

/// What `client` lacks for the profile beside what the server's rules give it.
fn unfit(client: &Client) -> Option<String> {
    let lacks: Vec<_> = fapi::lacking(client).iter().map(|lack| lack.field).collect();
    (!lacks.is_empty()).then(|| format!("{} ({})", client.id.as_str(), lacks.join(", ")))
}

/// Which of `clients` need certificates, where the server takes none.
fn certificates(clients: &[&Client]) -> Option<Finding> {
    let needing = clients
        .iter()
        .filter(|client| client.auth.is_by_certificate() || client.demands.certificate)
        .map(|client| client.id.as_str());
    let needing: Vec<_> = needing.collect();
    (!needing.is_empty()).then(|| {
        let mend = "set mtls.listen, or mtls.proxy_header where a proxy asks for certificates";
        let text = format!("{} need client certificates, and none are taken", needing.join(", "));
        Finding::note("client certs", text, mend)
    })
}
