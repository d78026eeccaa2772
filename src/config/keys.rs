//! Every setting there is: name, kind, default and meaning, in the order of the documentation.

use std::time::Duration;

use super::duration;

/// One setting.
#[derive(Debug, Clone, Copy)]
pub struct Key {
    /// Where it stands in `portcullis.toml`, dotted.
    pub name: &'static str,
    /// What its value looks like.
    pub kind: Kind,
    /// Whether it must be given.
    pub presence: Presence,
    /// What it means, in one line.
    pub about: &'static str,
}

/// What a value looks like.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Kind {
    /// Any text.
    Text,
    /// Several texts without blanks or commas in them.
    Texts,
    /// A text that must not be seen; it may stand in a file of its own (`…_file`).
    Secret,
    /// Several of them.
    Secrets,
    /// The path of a file that must be readable.
    Path,
    /// `host:port`, the host as an IP address.
    Address,
    /// One or several of them.
    Addresses,
    /// Networks in CIDR form.
    Networks,
    /// A whole number, bounds included.
    Number {
        /// The least that makes sense.
        min: u64,
        /// The most that makes sense.
        max: u64,
    },
    /// A length of time, bounds included.
    Length {
        /// The least that makes sense.
        min: Duration,
        /// The most that makes sense.
        max: Duration,
    },
    /// One of these words.
    Choice(&'static [&'static str]),
}

/// Whether a setting must be given.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Presence {
    /// It must.
    Required,
    /// It may be left out, and then nothing takes its place.
    Optional,
    /// It may be left out, and then this holds.
    Default(&'static str),
}

/// A setting that `init` writes out and no default can stand for.
const fn required(name: &'static str, kind: Kind, about: &'static str) -> Key {
    Key { name, kind, presence: Presence::Required, about }
}

const fn optional(name: &'static str, kind: Kind, about: &'static str) -> Key {
    Key { name, kind, presence: Presence::Optional, about }
}

const fn or(name: &'static str, kind: Kind, default: &'static str, about: &'static str) -> Key {
    Key { name, kind, presence: Presence::Default(default), about }
}

const fn number(min: u64, max: u64) -> Kind {
    Kind::Number { min, max }
}

const fn seconds(min: u64, max: u64) -> Kind {
    Kind::Length { min: Duration::from_secs(min), max: Duration::from_secs(max) }
}

const MINUTE: u64 = 60;
const HOUR: u64 = 3_600;
const DAY: u64 = 86_400;

/// The table of all settings. Numbers are those of SECURITY.md §4.
#[rustfmt::skip]
pub const KEYS: &[Key] = &[
    required("issuer", Kind::Text, "The address people and clients know this server by: https, no slash at the end. It is the `iss` of every token (OIDC Discovery §3)."),
    or("listen", Kind::Addresses, "127.0.0.1:8080", "Where the server listens."),
    or("trusted_proxies", Kind::Networks, "", "Networks whose forwarded and client-certificate headers count; everyone else's are ignored. With an https issuer no credentials are taken in clear text past them (docs/tls.md)."),
    required("master_key", Kind::Secret, "32 random bytes in base64: seals what the database holds secret. Lose it and second factors and signing keys are lost."),
    or("older_master_keys", Kind::Secrets, "", "Master keys from before the last change, so that what they sealed can still be read."),
    required("database.url", Kind::Secret, "The PostgreSQL database: `postgres://user:password@host/name`."),
    or("database.max_connections", number(2, 1_000), "20", "The most connections this node opens."),
    optional("tls.cert_file", Kind::Path, "The certificate chain in PEM, leaf first. Without it a proxy in front ends TLS."),
    optional("tls.key_file", Kind::Path, "The certificate's private key in PEM."),
    optional("acme.directory", Kind::Text, "The directory of a certificate authority (RFC 8555) from which the server gets its certificate by itself and renews it, such as `https://acme-v02.api.letsencrypt.org/directory`: for the issuer's host, and that of `mtls.url` where there is `mtls.listen`. Port 443 there must lead to a listener of this server. To give it is to agree to the authority's terms."),
    optional("acme.contact", Kind::Text, "The mail address that the authority writes to."),
    optional("acme.eab_key_id", Kind::Text, "The name of an account elsewhere, where the authority binds ours to it (RFC 8555 section 7.3.4)."),
    optional("acme.eab_hmac_key", Kind::Secret, "The key for it, in base64url as the authority hands it out."),
    or("mtls.listen", Kind::Addresses, "", "Where the server listens for clients with certificates and asks for them (RFC 8705); it needs `tls.cert_file` or `acme.directory`. Pages for people are not served there."),
    optional("mtls.url", Kind::Text, "The address by which clients reach `mtls.listen`, or the proxy that asks for certificates where it is not the issuer's: discovery tells it as `mtls_endpoint_aliases`."),
    optional("mtls.ca_file", Kind::Path, "Certificate authorities in PEM that vouch for clients with `tls_client_auth`. A changed file is taken up within seconds."),
    optional("mtls.proxy_header", Kind::Text, "The header in which listed proxies hand over a client's certificate: `Client-Cert` (RFC 9440), or a name of your own for PEM in percent-encoding. The proxy must remove it from what clients send."),
    optional("outbound.ca_file", Kind::Path, "Certificate authorities in PEM that our outgoing calls trust as well."),
    or("outbound.allow", Kind::Networks, "", "Private networks that our outgoing calls may reach all the same (`jwks_uri` and the like)."),
    optional("mail.smtp_url", Kind::Secret, "The mail server: `smtps://user:password@host` or `smtp://host:587?tls=required`."),
    optional("mail.from", Kind::Text, "Whom mail comes from: `Portcullis <id@example.com>`."),
    or("tokens.access_token_lifetime", seconds(30, DAY), "5m", "How long an access token lives that is for no registered API; each API has its own lifetime."),
    or("tokens.id_token_lifetime", seconds(30, DAY), "5m", "How long an ID token lives."),
    or("tokens.refresh_token_idle", seconds(MINUTE, 400 * DAY), "14d", "How long an unused refresh token lives."),
    or("tokens.refresh_token_absolute", seconds(MINUTE, 400 * DAY), "90d", "How long a grant can be refreshed at all."),
    or("tokens.key_rotation", seconds(DAY, 400 * DAY), "60d", "How long a signing key signs before the next takes over."),
    or("sessions.idle", seconds(MINUTE, 30 * DAY), "1h", "How long an unused browser session lives (SP 800-63B §2.2.3)."),
    or("sessions.absolute", seconds(MINUTE, 90 * DAY), "24h", "How long a browser session lives at all."),
    or("sessions.admin_idle", seconds(MINUTE, DAY), "15m", "How long an administrator's unused session lives."),
    or("sessions.admin_absolute", seconds(MINUTE, 7 * DAY), "12h", "How long an administrator's session lives at all."),
    or("webauthn.related_origins", Kind::Texts, "", "Further origins at which our passkeys may be used (WebAuthn §5.11), each as `https://host`; `/.well-known/webauthn` lists them."),
    or("webauthn.user_verification", Kind::Choice(&["preferred", "required"]), "preferred", "`preferred`: a security key that is only touched may follow a password. `required`: every key asks for its PIN or a finger. Passkeys always do."),
    or("webauthn.models", Kind::Texts, "", "AAGUIDs of the authenticators that may be registered; empty for all. Without `attestation_ca_file` a model is what the authenticator says it is."),
    optional("webauthn.attestation_ca_file", Kind::Path, "Certificate authorities in PEM of which one must vouch for every new key. Keys they vouch for count as `phrh`."),
    or("webauthn.copied_keys", Kind::Choice(&["revoke", "refuse", "report"]), "revoke", "What becomes of a key whose signature counter did not grow, which tells of a copy. `revoke`: it is refused, and all sessions and grants of its owner end. `refuse`: it is refused. `report`: it is taken. The audit log and its owner are told in each case."),
    or("security.profile", Kind::Choice(&["oauth21", "fapi2"]), "oauth21", "`fapi2`: every client lives under the FAPI 2.0 Security Profile, however it is registered; those that cannot are refused."),
    or("security.pushed_requests", Kind::Choice(&["optional", "required"]), "optional", "`required`: every authorization request must be pushed by its client first (RFC 9126)."),
    or("security.dpop_nonce", Kind::Choice(&["public", "always", "never"]), "public", "Whose DPoP proofs must carry a nonce of this server, which shows that they were made now: those of public clients, everybody's, nobody's (RFC 9449 §8)."),
    or("accounts.deletion_grace", seconds(HOUR, 90 * DAY), "14d", "How long somebody who deletes their account can change their mind before it is erased."),
    or("limits.body_bytes", number(4_096, 1_048_576), "65536", "The longest request body."),
    or("limits.connections", number(10, 1_000_000), "10000", "The most connections at once."),
    or("limits.connections_per_address", number(1, 1_000_000), "200", "The most connections at once from one address."),
    or("limits.header_timeout", seconds(1, MINUTE), "10s", "How long a client may take to send its headers."),
    or("limits.body_timeout", seconds(1, 5 * MINUTE), "15s", "How long a client may take to send its body."),
    or("limits.idle_timeout", seconds(1, HOUR), "30s", "How long an idle connection stays open."),
    or("limits.handshake_timeout", seconds(1, MINUTE), "10s", "How long a TLS handshake may take."),
    or("limits.request_timeout", seconds(1, 5 * MINUTE), "5s", "How long we may take to answer; pages that hash a password have 10 s at least."),
    or("limits.drain_timeout", seconds(1, 10 * MINUTE), "25s", "How long open requests may finish after the signal to stop."),
    or("limits.password_hashes", number(0, 1_024), "0", "How many passwords are hashed at once; 0 means one per core."),
    or("limits.password_queue", number(1, 100_000), "32", "How many wait for that before the answer is 503."),
    or("limits.authorize_per_minute", number(1, 1_000_000), "600", "Authorization requests per address (an IPv6 one's /64), averaged over a minute. In the name of a public client ten times as many may be pushed to a node from all addresses together."),
    or("limits.sign_in_per_minute", number(1, 1_000_000), "300", "Sign-in forms per address (an IPv6 one's /64), averaged over a minute; accounts have limits of their own."),
    optional("passwords.published_file", Kind::Path, "A file of passwords from data breaches, made by `portcullis password-filter build`: none of them is taken."),
    optional("passwords.published_url", Kind::Text, "A service to ask for such passwords by the first five digits of their SHA-1, such as `https://api.pwnedpasswords.com/range`."),
    or("passwords.published_otherwise", Kind::Choice(&["allow", "refuse"]), "allow", "What becomes of a new password while that service does not answer."),
    or("log.level", Kind::Text, "info", "What is logged: `error`, `warn`, `info`, `debug`, `trace`, or directives such as `info,portcullis::live=debug`."),
    or("log.format", Kind::Choice(&["json", "text"]), "json", "How it is written."),
    or("audit.retention", seconds(DAY, 3_650 * DAY), "400d", "How long audit events are kept."),
];

impl Key {
    /// The variable that sets it.
    pub fn variable(&self) -> String {
        format!("PORTCULLIS_{}", self.name.replace('.', "_").to_uppercase())
    }

    /// Whether the value may stand in a file of its own.
    pub fn has_file_form(&self) -> bool {
        matches!(self.kind, Kind::Secret | Kind::Secrets)
    }
}

impl Kind {
    /// The kind in words, with its bounds.
    pub fn describe(&self) -> String {
        match self {
            Self::Text => "text".to_owned(),
            Self::Texts => "list of texts".to_owned(),
            Self::Secret => "secret".to_owned(),
            Self::Secrets => "list of secrets".to_owned(),
            Self::Path => "path".to_owned(),
            Self::Address => "address:port".to_owned(),
            Self::Addresses => "address:port, or a list".to_owned(),
            Self::Networks => "list of networks".to_owned(),
            Self::Number { min, max } => format!("number, {min} to {max}"),
            Self::Length { min, max } => {
                format!("length of time, {} to {}", duration::text(*min), duration::text(*max))
            }
            Self::Choice(words) => words.join(" or "),
        }
    }
}

/// The setting of that name.
pub fn find(name: &str) -> Option<&'static Key> {
    KEYS.iter().find(|key| key.name == name)
}
