//! People who come from another server with the hash of their password.

use crate::support::calls::credentials;
use crate::support::server::Server;

/// Hashes of everybody's password, made by passlib, hashlib and bcrypt.
const PEOPLE: &str = r#"
[[user]]
username = "django"
password_hash = "DJANGO"

[[user]]
username = "bcrypt"
password_hash = "BCRYPT"

[[user]]
username = "scrypt"
password_hash = "SCRYPT"

[[user]]
username = "argon"
password_hash = "ARGON"
"#;

fn people() -> String {
    PEOPLE
        .replace("DJANGO", include_str!("hashes/django").trim())
        .replace("BCRYPT", include_str!("hashes/bcrypt").trim())
        .replace("SCRYPT", include_str!("hashes/scrypt").trim())
        .replace("ARGON", include_str!("hashes/argon2i").trim())
}

async fn attempt(server: &Server, username: &str, password: &str) -> u16 {
    let mut browser = server.browser();
    let page = browser.get("/login").await;
    let fields = [("username", username), ("password", password)];
    browser.submit(&page, &fields).await.status.as_u16()
}

#[tokio::test]
async fn a_foreign_hash_signs_in_once_and_is_ours_from_then_on() {
    let server = Server::start().await;
    server.apply(&people()).await;
    let foreign = "select count(*) from users where password_hash is not null \
        and password_hash not like '$argon2id$v=19$m=19456,t=2,p=1$%'";
    assert_eq!(server.number(foreign).await, 4);
    for (n, username) in ["django", "bcrypt", "scrypt", "argon"].into_iter().enumerate() {
        assert_eq!(attempt(&server, username, "not the password at all").await, 401, "{username}");
        let [_, (_, right)] = credentials(username);
        assert_eq!(attempt(&server, username, right).await, 303, "{username}");
        assert_eq!(server.number(foreign).await, 3 - i64::try_from(n).unwrap(), "{username}");
        assert_eq!(attempt(&server, username, right).await, 303, "{username} with our own hash");
    }
}

#[tokio::test]
async fn applying_the_file_again_takes_nobody_back_to_the_old_hash() {
    let server = Server::start().await;
    server.apply(&people()).await;
    let [_, (_, right)] = credentials("bcrypt");
    assert_eq!(attempt(&server, "bcrypt", right).await, 303);
    let live = "select count(*) from sessions where ended_at is null";
    assert_eq!(server.number(live).await, 1);
    server.apply(&people()).await;
    assert_eq!(server.number(live).await, 1, "nobody is signed out by it");
    let ours =
        "select count(*) from users where username = 'bcrypt' and password_hash like '$argon2id$%'";
    assert_eq!(server.number(ours).await, 1);
}
