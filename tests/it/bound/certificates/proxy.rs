//! Certificates in a header, from listed proxies and from others (SECURITY.md T-15).

use super::{CLIENTS, behind_proxies, machine, own};
use crate::support::calls::{FORM, assert_refused};
use crate::support::files::TempFile;
use crate::support::server::{STOCK, Server};
use crate::support::tls::{Authority, Credential};

#[tokio::test]
async fn a_forged_header_from_an_unlisted_address_counts_for_nothing() {
    let clients = Authority::new("Clients");
    let ca_file = TempFile::of(&clients.pem);
    // Tests ask from 127.0.0.1, which is not listed.
    let server = behind_proxies(ca_file.path()).await;
    server.apply(CLIENTS).await;
    let header = clients.client("bound.example").in_header();
    for name in
        ["client-cert", "Client-Cert", "x-client-cert", "client_cert", "x-forwarded-client-cert"]
    {
        for forwarded in [None, Some(("x-forwarded-for", "127.0.0.2"))] {
            let mut headers = vec![FORM, (name, header.as_str())];
            headers.extend(forwarded);
            let answer = server.raw("POST", "/oauth2/token", &headers, machine("bound")).await;
            assert_refused(&answer, 401, "invalid_client", name);
        }
    }
}

/// A server whose listed proxy is this test.
async fn listed(clients: &Authority, header: &str) -> Server {
    let ca_file = TempFile::of(&clients.pem);
    let server = Server::with(&[
        ("TRUSTED_PROXIES", "127.0.0.1/32"),
        ("MTLS_PROXY_HEADER", header),
        ("MTLS_CA_FILE", ca_file.path()),
    ])
    .await;
    server.apply(STOCK).await;
    server.apply(CLIENTS).await;
    server
}

#[tokio::test]
async fn a_listed_proxy_says_it_once_and_whole_or_not_at_all() {
    let clients = Authority::new("Clients");
    let server = listed(&clients, "Client-Cert").await;
    let (good, other) = (clients.client("bound.example"), clients.client("other.example"));
    let (good, other) = (good.in_header(), other.in_header());
    let joined = format!("{good}, {good}");
    let half = &good[..good.len() / 2];
    let table: [(&[(&str, &str)], u16); 8] = [
        (&[("client-cert", &good)], 200),
        (&[], 401),
        (&[("client-cert", "")], 401),
        (&[("client-cert", &good), ("client-cert", &good)], 401),
        (&[("client-cert", &joined)], 401),
        (&[("client-cert", half)], 401),
        (&[("client-cert", &other)], 401),
        // Whose certificate follows does not matter.
        (&[("client-cert", &other), ("client-cert-chain", &good)], 401),
    ];
    for (shown, expected) in table {
        let headers: Vec<_> = std::iter::once(FORM).chain(shown.iter().copied()).collect();
        let answer = server.raw("POST", "/oauth2/token", &headers, machine("bound")).await;
        assert_eq!(answer.status, expected, "{shown:?}: {}", answer.body);
    }
}

#[tokio::test]
async fn a_name_inside_a_name_is_another_name() {
    let clients = Authority::new("Clients");
    let server = listed(&clients, "Client-Cert").await;
    let mut inside = crate::support::tls::params("x.example");
    inside.distinguished_name = rcgen::DistinguishedName::new();
    let names = [
        vec![(rcgen::DnType::CommonName, "a,CN=bound.example,O=Acme")],
        vec![(rcgen::DnType::CommonName, "bound.example")],
        vec![
            (rcgen::DnType::CommonName, "bound.example"),
            (rcgen::DnType::OrganizationName, "Acme"),
        ],
        vec![
            (rcgen::DnType::OrganizationName, "Acme"),
            (rcgen::DnType::CommonName, "bound.example\0"),
        ],
        vec![
            (rcgen::DnType::OrganizationName, "Acme"),
            (rcgen::DnType::OrganizationalUnitName, "x"),
            (rcgen::DnType::CommonName, "bound.example"),
        ],
    ];
    for name in names {
        let mut params = inside.clone();
        for (kind, value) in &name {
            params.distinguished_name.push(kind.clone(), *value);
        }
        let header = clients.sign(&params).in_header();
        let headers = [FORM, ("client-cert", header.as_str())];
        let answer = server.raw("POST", "/oauth2/token", &headers, machine("bound")).await;
        assert_refused(&answer, 401, "invalid_client", &format!("{name:?}"));
    }
}

#[tokio::test]
async fn a_client_with_its_own_certificate_is_known_by_that_one_only() {
    let clients = Authority::new("Clients");
    let server = listed(&clients, "Client-Cert").await;
    let (one, two) = (Credential::of_its_own("shop"), Credential::of_its_own("shop"));
    server.apply(&own("own", &one)).await;
    for (credential, expected) in [(&one, 200), (&two, 401)] {
        let header = credential.in_header();
        let headers = [FORM, ("client-cert", header.as_str())];
        let answer = server.raw("POST", "/oauth2/token", &headers, machine("own")).await;
        assert_eq!(answer.status, expected, "{}", answer.body);
    }
}

#[tokio::test]
async fn the_operator_reads_why_a_certificate_would_not_do() {
    let clients = Authority::new("Clients");
    let server = listed(&clients, "Client-Cert").await;
    let header = Authority::new("Strangers").client("bound.example").in_header();
    let headers = [FORM, ("client-cert", header.as_str())];
    let answer = server.raw("POST", "/oauth2/token", &headers, machine("bound")).await;
    server.flush_journal().await;
    let row = "select details::text from audit_events where refusal_id = $1";
    let event: String = sqlx::query_scalar(row)
        .bind(answer.refusal_id())
        .fetch_one(server.app.store.pool())
        .await
        .unwrap();
    for part in ["CN=bound.example,O=Acme", "leads to no configured authority"] {
        assert!(event.contains(part), "{event}");
        assert!(!answer.body.contains(part), "{}", answer.body);
    }
}
