//! Clients that cannot do here what they are registered for.

use std::collections::BTreeSet;

use super::Finding;
use crate::cli::place::Desk;
use crate::config::{Config, Mtls};
use crate::crypto::jwt::Alg;
use crate::manage::{apis, clients};
use crate::protocol::client::{Client, ClientAuth, Profile, ServerRules};
use crate::protocol::fapi;
use crate::store::PAGE_LIMIT;
use crate::store::apis::Api;
use crate::store::clients::ClientQuery;

const FAPI: &str = "FAPI 2.0";
const CERTIFICATES: &str = "client certs";

/// Looks at the first clients, each as it is under the rules of the server.
pub(super) async fn look(config: &Config, desk: &Desk, found: &mut Vec<Finding>) {
    let cx = desk.cx();
    let query = ClientQuery { limit: PAGE_LIMIT, ..ClientQuery::default() };
    let read = async {
        let page = clients::list(&cx, &query).await?;
        anyhow::Ok((page.items, apis::list(&cx).await?))
    };
    let (all, apis) = match read.await {
        Ok(read) => read,
        Err(error) => {
            found.push(Finding::fail("clients", error.to_string(), "see the database's log"));
            return;
        }
    };
    let rules = config.security.rules;
    let enabled = all.into_iter().filter(|client| !client.is_disabled());
    let enabled: Vec<Client> = enabled.map(|client| rules.upon(client)).collect();
    found.extend(profile(&enabled, rules));
    found.extend(resigned(&enabled, &apis));
    found.extend(certificates(&enabled, &config.mtls));
}

/// Which of `clients` are under FAPI 2.0 and refused for what they lack.
fn profile(clients: &[Client], rules: ServerRules) -> Vec<Finding> {
    let under = clients.iter().filter(|client| client.profile == Profile::Fapi2);
    let refused = under.filter_map(|client| {
        let lack = fapi::lacking(client)?;
        let text = format!("{} is refused: {}", client.id.as_str(), lack.what);
        Some(Finding::fail(FAPI, text, format!("for {}: {}", client.id.as_str(), lack.mend)))
    });
    let refused: Vec<_> = refused.collect();
    if refused.is_empty() && rules.profile == Profile::Fapi2 {
        return vec![Finding::ok(FAPI, "every client can live under it")];
    }
    refused
}

/// Which APIs get other signatures than they ask for, from clients under FAPI 2.0.
fn resigned(clients: &[Client], apis: &[Api]) -> Option<Finding> {
    let is_changed = |client: &Client, api: &Api| {
        client.profile.signing(api.signing_alg) != api.signing_alg
            && api.scopes.iter().any(|scope| client.scope.contains(&scope.name))
    };
    let changed = apis.iter().filter(|api| clients.iter().any(|client| is_changed(client, api)));
    let names: BTreeSet<&str> = changed.map(|api| api.resource.as_str()).collect();
    (!names.is_empty()).then(|| {
        let names = names.into_iter().collect::<Vec<_>>().join(", ");
        let (asked, signed) = (Alg::Rs256.as_str(), Profile::Fapi2.signing(Alg::Rs256).as_str());
        let text = format!(
            "{names}: has signing_alg {asked}, and gets {signed} from clients under FAPI 2.0"
        );
        let mend =
            format!("see that it checks {signed} too, or set its signing_alg to ES256 or {signed}");
        Finding::note(FAPI, text, mend)
    })
}

/// Which of `clients` need certificates that the server takes from nobody, or that nobody vouches for.
fn certificates(clients: &[Client], mtls: &Mtls) -> Option<Finding> {
    let names = |needs: &dyn Fn(&Client) -> bool| {
        let needing = clients.iter().filter(|client| needs(client));
        let needing: Vec<_> = needing.map(|client| client.id.as_str()).collect();
        (!needing.is_empty()).then(|| needing.join(", "))
    };
    if !mtls.is_on() {
        let needing =
            names(&|client| client.auth.is_by_certificate() || client.demands.certificate)?;
        let mend = "set mtls.listen, or mtls.proxy_header where a proxy asks for certificates";
        let text = format!("none are taken, so that requests are refused of {needing}");
        return Some(Finding::fail(CERTIFICATES, text, mend));
    }
    if mtls.ca_file.is_some() {
        return None;
    }
    let needing = names(&|client| matches!(client.auth, ClientAuth::TlsClientAuth(_)))?;
    let mend = "set mtls.ca_file to the certificates of the authorities that vouch for them";
    let text = format!(
        "no authority is given for tls_client_auth, so that requests are refused of {needing}"
    );
    Some(Finding::fail(CERTIFICATES, text, mend))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::cli::doctor::State;
    use crate::protocol::certificate_name::CertificateName;
    use crate::protocol::client::{ClientKeys, Demands};
    use crate::protocol::resource::Resource;
    use crate::protocol::sample;
    use crate::protocol::scope::Scope;
    use crate::store::apis::ApiScope;

    const STRICT: ServerRules = ServerRules { profile: Profile::Fapi2, pushed: false };

    fn client(auth: ClientAuth) -> Client {
        let mut client = sample::client();
        (client.auth, client.demands) = (auth, Demands::default());
        client
    }

    #[test]
    fn who_is_refused_under_the_profile_is_told_in_words_and_nobody_else() {
        let by_key = || client(ClientAuth::TlsClientAuth(name()));
        let fine = STRICT.upon(by_key());
        assert_eq!(profile(&[fine], STRICT)[0].state, State::Ok);
        let weak = STRICT.upon(client(ClientAuth::SecretBasic(Vec::new())));
        let found = profile(&[weak.clone(), weak], STRICT);
        assert_eq!(found.len(), 2);
        assert_eq!(found[0].state, State::Fail);
        assert!(found[0].found.contains("proves itself by a secret"), "{}", found[0].found);
        let free = ServerRules::default();
        assert!(profile(&[client(ClientAuth::None)], free).is_empty(), "nobody asked for it");
        let keys = serde_json::json!({ "keys": [] });
        let mut own = client(ClientAuth::PrivateKeyJwt(ClientKeys::Inline(keys)));
        own.profile = Profile::Fapi2;
        assert!(profile(&[own], free)[0].found.contains("none of its keys"));
    }

    #[test]
    fn an_api_that_gets_other_signatures_than_it_asks_for_is_told_of() {
        let (mut client, mut api) = (
            sample::client(),
            Api {
                resource: Resource::parse("https://api.example/").unwrap(),
                name: String::new(),
                access_token_lifetime: time::Duration::MINUTE,
                signing_alg: Alg::Rs256,
                built_in: false,
                scopes: vec![ApiScope {
                    name: "orders.read".to_owned(),
                    description: String::new(),
                    administrators_only: false,
                }],
            },
        );
        client.scope = Scope::parse("orders.read").unwrap();
        let told = |client: &Client, api: &Api| {
            resigned(std::slice::from_ref(client), std::slice::from_ref(api)).map(|it| it.found)
        };
        assert_eq!(told(&client, &api), None, "no client is under the profile");
        client.profile = Profile::Fapi2;
        assert!(told(&client, &api).unwrap().contains("gets PS256"));
        api.signing_alg = Alg::Es256;
        assert_eq!(told(&client, &api), None);
    }

    fn name() -> CertificateName {
        CertificateName::parse("tls_client_auth_san_dns", "shop.example").unwrap()
    }

    #[test]
    fn who_needs_certificates_in_vain_is_told() {
        let mut mtls = Mtls { listen: Vec::new(), url: None, ca_file: None, proxy_header: None };
        let state = |mtls: &Mtls| {
            let found = certificates(&[client(ClientAuth::TlsClientAuth(name()))], mtls);
            found.map(|found| (found.state, found.mend.contains("ca_file")))
        };
        assert_eq!(state(&mtls), Some((State::Fail, false)));
        mtls.proxy_header = Some("client-cert".to_owned());
        assert_eq!(state(&mtls), Some((State::Fail, true)));
        mtls.ca_file = Some("clients.pem".into());
        assert_eq!(state(&mtls), None);
    }
}
