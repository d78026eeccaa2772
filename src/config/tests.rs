//! The configuration as a whole, in tables.

use std::io;
use std::path::PathBuf;
use std::time::Duration;

use super::*;
use crate::ambient::SystemEntropy;

const MASTER_KEY: &str = "MDEyMzQ1Njc4OWFiY2RlZjAxMjM0NTY3ODlhYmNkZWY=";

/// A directory of one test's own, removed with it.
struct Directory(PathBuf);

impl Directory {
    fn new(name: &str) -> Self {
        let name = format!("portcullis-config-{}-{name}", std::process::id());
        let path = std::env::temp_dir().join(name);
        fs::create_dir_all(&path).unwrap();
        Self(path)
    }
}

impl Drop for Directory {
    fn drop(&mut self) {
        let _ = fs::remove_dir_all(&self.0);
    }
}

fn load(file: Option<&str>, env: &[(&str, &str)]) -> Result<Config, Vec<Problem>> {
    let env = env.iter().map(|(name, value)| ((*name).to_owned(), (*value).to_owned()));
    let Some(text) = file else { return Config::load(None, env) };
    let directory = Directory::new(&format!("{:?}", std::thread::current().id()));
    let path = directory.0.join("portcullis.toml");
    fs::write(&path, text).unwrap();
    Config::load(Some(&path), env)
}

const ESSENTIALS: [(&str, &str); 3] = [
    ("PORTCULLIS_ISSUER", "https://id.example.com"),
    ("PORTCULLIS_MASTER_KEY", MASTER_KEY),
    ("DATABASE_URL", "postgres://p@localhost/p"),
];

/// The essentials and `more`, which must be refused for exactly one problem.
fn refused(more: &[(&str, &str)]) -> Problem {
    let problems = load(None, &[&ESSENTIALS[..], more].concat()).unwrap_err();
    assert_eq!(problems.len(), 1, "{problems:?}");
    problems.into_iter().next().unwrap()
}

#[test]
fn four_variables_are_enough() {
    let config = load(None, &ESSENTIALS).unwrap();
    assert_eq!(config.issuer.as_str(), "https://id.example.com");
    assert_eq!(config.listen, ["127.0.0.1:8080".parse().unwrap()]);
    assert_eq!(config.tokens.access_token_lifetime, Duration::from_mins(5));
    assert_eq!(config.limits.body_bytes, 65_536);
    assert_eq!(config.log.format, LogFormat::Json);
    assert!(config.tls.is_none() && config.mail.is_none() && config.limits.password_hashes > 0);
}

#[test]
fn every_default_is_within_its_own_bounds_and_every_key_is_read() {
    let nothing = load(None, &[]).unwrap_err();
    let missing: Vec<_> = nothing.iter().map(|problem| problem.key.as_str()).collect();
    assert_eq!(missing, ["issuer", "master_key", "database.url"]);
}

#[test]
fn the_environment_wins_over_the_file() {
    let file = "listen = ['0.0.0.0:1', '[::]:2']\n[tokens]\naccess_token_lifetime = '10m'\n";
    let env = [&ESSENTIALS[..], &[("PORTCULLIS_LISTEN", "0.0.0.0:9,[::]:9")]].concat();
    let config = load(Some(file), &env).unwrap();
    assert_eq!(config.listen.iter().map(std::net::SocketAddr::port).collect::<Vec<_>>(), [9, 9]);
    assert_eq!(config.tokens.access_token_lifetime, Duration::from_mins(10));
}

#[test]
fn every_problem_is_reported_at_once_with_its_mend() {
    let file = "issuer = 'http://id.example.com'\nlitsen = '0.0.0.0:80'\n[log]\nformat = 'xml'\n\
                [database]\nmax_connections = '9'\n[tls]\ncert_file = '/nowhere/cert.pem'\n";
    let problems = load(Some(file), &[("PORTCULLIS_MASTER_KEY", "short")]).unwrap_err();
    let keys: Vec<_> = problems.iter().map(|problem| problem.key.as_str()).collect();
    assert_eq!(
        keys,
        [
            "database.max_connections",
            "litsen",
            "issuer",
            "PORTCULLIS_MASTER_KEY",
            "database.url",
            "tls.cert_file",
            "tls.key_file",
            "log.format"
        ]
    );
    assert!(problems.iter().all(|problem| !problem.mend.is_empty()));
    assert_eq!(problems[1].mend, "did you mean listen?");
}

#[test]
fn what_is_unknown_is_refused() {
    assert_eq!(refused(&[("PORTCULLIS_ISUER", "x")]).mend, "did you mean PORTCULLIS_ISSUER?");
    assert_eq!(refused(&[("PORTCULLIS_COLOUR_OF_GATE", "red")]).key, "PORTCULLIS_COLOUR_OF_GATE");
    assert_eq!(refused(&[("PORTCULLIS_ISSUER_FILE", "/etc/hostname")]).what, "is no setting");
}

#[test]
fn foreign_and_empty_variables_are_none_of_ours() {
    let more = [("PATH", "/bin"), ("PORTCULLIS_CONFIG", "x"), ("PORTCULLIS_LISTEN", "")];
    assert!(load(None, &[&ESSENTIALS[..], &more].concat()).is_ok());
}

#[test]
fn bad_values_are_refused() {
    for (variable, value) in [
        ("PORTCULLIS_LISTEN", "localhost:8080"),
        ("PORTCULLIS_METRICS_LISTEN", "9090"),
        ("PORTCULLIS_TRUSTED_PROXIES", "10.0.0.0/33"),
        ("PORTCULLIS_OLDER_MASTER_KEYS", "AAAA"),
        ("PORTCULLIS_DATABASE_MAX_CONNECTIONS", "0"),
        ("PORTCULLIS_DATABASE_MAX_CONNECTIONS", "many"),
        ("PORTCULLIS_OUTBOUND_CA_FILE", "/nowhere/ca.pem"),
        ("PORTCULLIS_TOKENS_CODE_LIFETIME", "1h"),
        ("PORTCULLIS_TOKENS_CODE_LIFETIME", "60"),
        ("PORTCULLIS_SESSIONS_IDLE", "2d"),
        ("PORTCULLIS_LOG_LEVEL", "loud=very"),
    ] {
        assert_eq!(refused(&[(variable, value)]).key, variable);
    }
    assert_eq!(refused(&[("PORTCULLIS_MAIL_FROM", "id@example.com")]).key, "mail.smtp_url");
}

#[test]
fn a_lone_address_is_a_network_of_one() {
    let more = [("PORTCULLIS_OUTBOUND_ALLOW", "127.0.0.1, fd00::/8")];
    let config = load(None, &[&ESSENTIALS[..], &more].concat()).unwrap();
    assert_eq!(config.outbound.allow[0].to_string(), "127.0.0.1/32");
    assert_eq!(config.outbound.allow[1].to_string(), "fd00::/8");
}

#[test]
fn a_secret_may_stand_in_a_file() {
    let directory = Directory::new("secret");
    let path = directory.0.join("key");
    fs::write(&path, format!("{MASTER_KEY}\n")).unwrap();
    let path = path.to_str().unwrap();
    let env = [ESSENTIALS[0], ESSENTIALS[2], ("PORTCULLIS_MASTER_KEY_FILE", path)];
    assert_eq!(load(None, &env).unwrap().master_key.expose(), MASTER_KEY);
    let twice = refused(&[("PORTCULLIS_MASTER_KEY_FILE", path)]);
    assert!(twice.what.contains("given twice"), "{twice}");
}

#[test]
fn no_secret_is_in_a_problem_or_a_debug_text() {
    let env = [
        ("PORTCULLIS_ISSUER", "https://id.example.com"),
        ("PORTCULLIS_MASTER_KEY", "hush-key"),
        ("PORTCULLIS_OLDER_MASTER_KEYS", "hush-old"),
        ("DATABASE_URL", "mysql://hush@localhost/p"),
        ("PORTCULLIS_MAIL_SMTP_URL", "hush://mail"),
    ];
    assert!(!format!("{:?}", load(None, &env).unwrap_err()).contains("hush"));
    assert!(!format!("{:?}", load(None, &ESSENTIALS).unwrap()).contains(MASTER_KEY));
}

#[test]
fn each_key_has_a_variable_of_its_own() {
    let mut variables: Vec<_> = keys::KEYS.iter().map(keys::Key::variable).collect();
    variables.sort();
    variables.dedup();
    assert_eq!(variables.len(), keys::KEYS.len());
    assert!(NOT_SETTINGS.iter().all(|name| !variables.contains(&(*name).to_owned())));
}

#[test]
fn what_init_writes_is_a_configuration() {
    let directory = Directory::new("init");
    let [config, key] = init(&directory.0, &SystemEntropy).unwrap();
    assert!(Config::load(Some(&config), std::iter::empty()).is_ok());
    let mode = std::os::unix::fs::PermissionsExt::mode(&fs::metadata(key).unwrap().permissions());
    assert_eq!(mode & 0o777, 0o600);
    let again = init(&directory.0, &SystemEntropy).unwrap_err();
    assert_eq!(again.kind(), io::ErrorKind::AlreadyExists);
}

#[test]
fn the_template_holds_when_every_default_is_set_free() {
    let written = template::template(Path::new("/nowhere/master.key"));
    let free: String = written
        .lines()
        .filter(|line| !line.ends_with("\"\""))
        .filter(|line| !line.starts_with("master_key_file"))
        .map(|line| line.strip_prefix('#').filter(|l| !l.starts_with(' ')).unwrap_or(line))
        .flat_map(|line| [line, "\n"])
        .collect();
    let config = load(Some(&free), &[("PORTCULLIS_MASTER_KEY", MASTER_KEY)]);
    assert!(config.is_ok(), "{config:?}");
}

const DIRECTORY: (&str, &str) = ("PORTCULLIS_ACME_DIRECTORY", "https://ca.example/directory");

#[test]
fn a_certificate_is_got_for_a_name_that_an_authority_finds() {
    for issuer in
        ["http://localhost:8080", "https://localhost", "https://192.0.2.1", "https://[::1]"]
    {
        let env = [&ESSENTIALS[1..], &[("PORTCULLIS_ISSUER", issuer), DIRECTORY]].concat();
        let problems = load(None, &env).unwrap_err();
        assert_eq!(problems[0].key, "PORTCULLIS_ISSUER", "{problems:?}");
    }
    let listen = ("PORTCULLIS_MTLS_LISTEN", "0.0.0.0:8443");
    let address = ("PORTCULLIS_MTLS_URL", "https://192.0.2.1:8443");
    assert_eq!(refused(&[DIRECTORY, listen, address]).key, "PORTCULLIS_MTLS_URL");
}

#[test]
fn the_host_of_mtls_url_is_in_the_certificate_where_the_server_listens_there() {
    let proxy = [
        DIRECTORY,
        ("PORTCULLIS_MTLS_URL", "https://mtls.example.com"),
        ("PORTCULLIS_MTLS_PROXY_HEADER", "Client-Cert"),
        ("PORTCULLIS_TRUSTED_PROXIES", "10.0.0.0/8"),
    ];
    let names = |more: &[(&str, &str)]| {
        let config = load(None, &[&ESSENTIALS[..], &proxy, more].concat()).unwrap();
        Acme::names(config.issuer.url(), &config.mtls)
    };
    assert_eq!(names(&[]), ["id.example.com"]);
    let own = names(&[("PORTCULLIS_MTLS_LISTEN", "0.0.0.0:8443")]);
    assert_eq!(own, ["id.example.com", "mtls.example.com"]);
}

#[test]
fn an_account_elsewhere_is_a_name_and_a_key() {
    let (name, key) =
        (("PORTCULLIS_ACME_EAB_KEY_ID", "k"), ("PORTCULLIS_ACME_EAB_HMAC_KEY", "AQID"));
    let config = load(None, &[&ESSENTIALS[..], &[DIRECTORY, name, key]].concat()).unwrap();
    let account = config.acme.unwrap().external_account.unwrap();
    assert_eq!((account.key_id.as_str(), account.key.expose()), ("k", &[1, 2, 3][..]));
    assert_eq!(refused(&[DIRECTORY, name]).key, name.0);
    assert_eq!(refused(&[DIRECTORY, key]).key, key.0);
    assert_eq!(refused(&[DIRECTORY, name, (key.0, "!")]).key, key.0);
}

#[test]
fn where_certificates_are_asked_for_is_a_port_of_its_own() {
    let files = Directory::new("mtls-listen");
    let (cert, key) = (files.0.join("cert.pem"), files.0.join("key.pem"));
    fs::write(&cert, "").unwrap();
    fs::write(&key, "").unwrap();
    let given = |listen: &'static str, asking: &'static str| {
        let more = [
            ("PORTCULLIS_TLS_CERT_FILE", cert.to_str().unwrap()),
            ("PORTCULLIS_TLS_KEY_FILE", key.to_str().unwrap()),
            ("PORTCULLIS_MTLS_URL", "https://id.example.com:8443"),
            ("PORTCULLIS_LISTEN", listen),
            ("PORTCULLIS_MTLS_LISTEN", asking),
        ];
        load(None, &[&ESSENTIALS[..], &more].concat())
    };
    for (listen, asking) in [
        ("127.0.0.1:443", "127.0.0.1:443"),
        ("0.0.0.0:443", "127.0.0.1:443"),
        ("127.0.0.1:443", "[::]:443"),
    ] {
        let problems = given(listen, asking).unwrap_err();
        assert_eq!(problems[0].key, "PORTCULLIS_MTLS_LISTEN", "{problems:?}");
        assert!(problems[0].what.contains("is an address of listen"), "{problems:?}");
    }
    for (listen, asking) in [("127.0.0.1:443", "127.0.0.2:443"), ("127.0.0.1:0", "127.0.0.1:0")] {
        assert!(given(listen, asking).is_ok(), "{listen} {asking}");
    }
}
