//! The hashes were made by passlib, hashlib, bcrypt and argon2-cffi.

use super::*;
use crate::crypto::password::{Hasher, PasswordMatch};

const PASSWORD: &str = "Grüße vom Fluß";
const KEYCLOAK: &str = r#"{"algorithm": "pbkdf2-sha256", "hashIterations": 2750, "salt": "MDEyMzQ1Njc4OWFiY2RlZg==", "value": "IB4Q8DmdAdJJnQ4wCNa/vxzXp8hLUAcSPm+ZRq4SAQ0guXcVEHUW9TtF4U1ZwmTLyTScI3N5WFwJKUfI3Htl+w=="}"#;

/// Who wrote it, and what.
const HASHES: [(&str, &str); 15] = [
    ("passlib PBKDF2-SHA-1", "$pbkdf2$1500$MDEyMzQ1Njc4OWFiY2RlZg$F6YOS10oyKBB8MdhWPUj.4dHQd0"),
    (
        "passlib PBKDF2-SHA-256, with the signs that it writes otherwise",
        "$pbkdf2-sha256$1500$.//.NDU2Nzg5YWJjZGVm$9iW3S01ZQ.vhPTReXMuZXO.up5KE1bzV.yarJqzCui0",
    ),
    (
        "passlib PBKDF2-SHA-512",
        "$pbkdf2-sha512$1500$MDEyMzQ1Njc4OWFiY2RlZg$PwgbBoDvRcVurxHlw3fA8uGIuJbq9iyu/vuPQPTAyWBPhgJVz9B4X/wgxFsDikJn5QPOSScG2buxY2vsnid.AA",
    ),
    (
        "a PHC string of PBKDF2",
        "$pbkdf2-sha512$i=1200,l=32$MDEyMzQ1Njc4OWFiY2RlZg$Yh7YHwYNeL84jnsE0UdermqDRG4T8uCMKXpC7xl+EEY",
    ),
    (
        "scrypt",
        "$scrypt$ln=10,r=8,p=2$MDEyMzQ1Njc4OWFiY2RlZg$jG1jmPy16JSwwUmJSnTxm0+0UEWe4qowpQK4/yzQD7k",
    ),
    ("bcrypt 2b", "$2b$04$I/amRyhmLi4l6qrQFA0ez.X8Lp47iSSkfZxiDX4DPtHVINQZz/1Si"),
    ("bcrypt 2a", "$2a$05$kx2OXtx46Rgkt/2kWvYEDOfkVrpfBle/1DAMJD3ibx53LB5NOwgD2"),
    ("bcrypt of PHP", "$2y$05$kx2OXtx46Rgkt/2kWvYEDOfkVrpfBle/1DAMJD3ibx53LB5NOwgD2"),
    ("Django bcrypt", "bcrypt$$2b$04$I/amRyhmLi4l6qrQFA0ez.X8Lp47iSSkfZxiDX4DPtHVINQZz/1Si"),
    (
        "Django PBKDF2-SHA-256",
        "pbkdf2_sha256$1500$AbCdEfGhIjKl$kPVRWxxqpvbTpaIwUWY2IFVqszTqTJs6sbwJGHRYcI4=",
    ),
    ("Django PBKDF2-SHA-1", "pbkdf2_sha1$1500$AbCdEfGhIjKl$n6iyOnhieIYm5o+D01mHASw2XmM="),
    (
        "Django scrypt",
        "scrypt$1024$AbCdEfGhIjKl$8$2$yL9G/ShMgHfWbkg/ZW8Pyrx9N8coPRXTNmcnzkmzoyQoXKfNsmA0dJdZ+fCO2DyJ7LjXf/nu3WZYLOD/OsU5DQ==",
    ),
    ("Keycloak", KEYCLOAK),
    (
        "Argon2i",
        "$argon2i$v=19$m=512,t=2,p=2$MDEyMzQ1Njc4OWFiY2RlZg$SJFrx2nutx+DfqpYxokKeaTbepEDsdtD0bpx5kQAe8c",
    ),
    (
        "Django Argon2d",
        "argon2$argon2d$v=19$m=512,t=2,p=2$MDEyMzQ1Njc4OWFiY2RlZg$iaD/XJoVNZqLYOJWX9VHfU4JeAsBNUVk3jpFBvd1x18",
    ),
];

fn secret(text: &str) -> Secret {
    Secret::new(text.to_owned())
}

#[test]
fn a_password_is_known_by_the_hash_that_another_server_made() {
    let mut hasher = Hasher::new();
    for (who, text) in HASHES {
        let stored = import(text).unwrap_or_else(|error| panic!("{who}: {error}"));
        let stored = stored.expose();
        assert!(stored.starts_with('$'), "{who}: {stored}");
        let verdict = hasher.verify(&secret(PASSWORD), stored);
        assert_eq!(verdict, Ok(PasswordMatch::YesButRehash), "{who}");
        for wrong in ["Grüße vom Fluss", "grüße vom Fluß", "Grüße vom Fluß ", ""] {
            assert_eq!(hasher.verify(&secret(wrong), stored), Ok(PasswordMatch::No), "{who}");
        }
    }
}

#[test]
fn importing_the_stored_form_changes_nothing() {
    for (who, text) in HASHES {
        let stored = import(text).unwrap();
        assert_eq!(import(stored.expose()).unwrap().expose(), stored.expose(), "{who}");
    }
}

#[test]
fn bcrypt_never_lets_in_by_what_it_cuts() {
    let stored = import("$2b$04$sktnRuyLFQBRftO6zyHewezGr6akOuYM0PzpccquBOhswFQs2TOGC").unwrap();
    let mut hasher = Hasher::new();
    let long = "abcdefgh".repeat(9);
    let mut tried = |text: &str| hasher.verify(&secret(text), stored.expose()).unwrap();
    assert_eq!(tried(&long), PasswordMatch::YesButRehash);
    assert_eq!(tried(&format!("{long}x")), PasswordMatch::No);
    assert_eq!(tried(long.split_at(71).0), PasswordMatch::No);
}

#[test]
fn a_hash_that_asks_too_much_or_says_too_little_is_refused() {
    let (salt, hash) = ("MDEyMzQ1Njc4OWFiY2RlZg", "F6YOS10oyKBB8MdhWPUj4dHQd0aaaaaaaaaaaaaaaaaa");
    for text in [
        String::new(),
        "{}".to_owned(),
        "plain text".to_owned(),
        "5f4dcc3b5aa765d61d8327deb882cf99".to_owned(),
        "$1$abcdefgh$0123456789012345678901".to_owned(),
        "$2b$15$I/amRyhmLi4l6qrQFA0ez.X8Lp47iSSkfZxiDX4DPtHVINQZz/1Si".to_owned(),
        "$2b$31$I/amRyhmLi4l6qrQFA0ez.X8Lp47iSSkfZxiDX4DPtHVINQZz/1Si".to_owned(),
        "$2x$05$I/amRyhmLi4l6qrQFA0ez.X8Lp47iSSkfZxiDX4DPtHVINQZz/1Si".to_owned(),
        "$2b$05$I/amRyhmLi4l6qrQFA0ez.X8Lp47iSSkfZxiDX4DPtH".to_owned(),
        format!("$pbkdf2-sha256$i=999${salt}${hash}"),
        format!("$pbkdf2-sha256$i=2000001${salt}${hash}"),
        format!("$pbkdf2-sha256$i=-1${salt}${hash}"),
        format!("$pbkdf2-sha256$i=1500$MDE${hash}"),
        format!("$pbkdf2-sha256$i=1500${salt}$MDEyMw"),
        format!("$pbkdf2-md5$i=1500${salt}${hash}"),
        format!("$scrypt$ln=18,r=8,p=1${salt}${hash}"),
        format!("$scrypt$ln=14,r=4294967295,p=1${salt}${hash}"),
        format!("$scrypt$ln=63,r=1,p=1${salt}${hash}"),
        format!("$scrypt$ln=14,r=8,p=99${salt}${hash}"),
        format!("$scrypt$ln=14,r=8${salt}${hash}"),
        format!("$argon2id$v=19$m=4194304,t=2,p=1${salt}${hash}"),
        format!("$pbkdf2-sha256$i=1500${salt}${}", "A".repeat(2000)),
    ] {
        assert!(import(&text).is_err(), "{text}");
    }
}
