use proptest::prelude::*;

use super::*;

fn verdict(text: &str, protection: Protection) -> Result<(), Weakness> {
    let username = Username::parse("alice.smith@example.com").expect("a name");
    let context = Context {
        product: "Portcullis",
        username: &username,
        email: Some("wonderland@example.com"),
    };
    choose(text, protection, &context).map(drop)
}

fn alone(text: &str) -> Result<(), Weakness> {
    verdict(text, Protection::Alone)
}

fn second(text: &str) -> Result<(), Weakness> {
    verdict(text, Protection::WithSecondFactor)
}

#[test]
fn fifteen_characters_alone_eight_with_a_second_factor() {
    assert_eq!(alone(&"a".repeat(15)), Ok(()));
    assert_eq!(alone("jumpy-violet-a"), Err(Weakness::TooShort(15)));
    assert_eq!(second("vio-jump"), Ok(()));
    assert_eq!(second("vio-jum"), Err(Weakness::TooShort(8)));
}

#[test]
fn length_is_counted_in_characters_and_bounded_in_bytes_too() {
    assert_eq!(alone(&"🦉".repeat(64)), Ok(()));
    assert_eq!(alone(&"🦉".repeat(128)), Ok(()));
    assert_eq!(alone(&"ab".repeat(64)), Ok(()));
    assert_eq!(alone(&"x".repeat(129)), Err(Weakness::TooLong));
    assert_eq!(alone(&"🦉".repeat(129)), Err(Weakness::TooLong));
    assert_eq!(normalise(&"\u{fdfa}".repeat(100)).map(drop), Err(Weakness::TooLong));
    assert_eq!(normalise(&"x".repeat(1 << 20)).map(drop), Err(Weakness::TooLong));
}

#[test]
fn no_composition_is_asked_for() {
    for text in ["correct horse battery staple", "   seven    spaces   ", "лес река гора дом"]
    {
        assert_eq!(alone(text), Ok(()), "{text}");
    }
}

#[test]
fn what_is_hashed_is_what_was_typed_in_nfkc() {
    let hashed = |text| normalise(text).map(|secret| secret.expose().to_owned());
    assert_eq!(hashed("Zoe\u{308} "), Ok("Zoë ".to_owned()));
    assert_ne!(hashed("trailing space"), hashed("trailing space "));
    assert_ne!(hashed("Case"), hashed("case"));
}

#[test]
fn common_passwords_are_refused_in_any_case_and_repeated_or_decorated() {
    for text in ["password", "PassWord", "12345678", "qwertyuiop", "password1!", "!!letmein12"] {
        assert_eq!(second(text), Err(Weakness::Common), "{text}");
    }
    for text in ["passwordpassword", "PASSWORDpasswordPass", "password1234567", "123456789012345"] {
        assert_eq!(alone(text), Err(Weakness::Common), "{text}");
    }
}

#[test]
fn the_list_holds_the_three_thousand_most_common() {
    assert!(COMMON.len() >= 3000);
    assert!(COMMON.iter().all(|word| word.len() >= MIN_WORD && *word == word.to_lowercase()));
}

#[test]
fn the_name_of_the_service_with_little_around_is_refused() {
    assert_eq!(alone("Portcullis-2026!"), Err(Weakness::Product));
    assert_eq!(alone("portcullisPortcullis"), Err(Weakness::Product));
    assert_eq!(alone("behind the portcullis sleeps a dog"), Ok(()));
}

#[test]
fn the_persons_name_and_address_with_little_around_are_refused() {
    for text in [
        "alice.smith@example.com",
        "Wonderland@example.com",
        "Alice.Smith-1234",
        "wonderland 12345",
        "wonderlandWonderland",
    ] {
        assert_eq!(alone(text), Err(Weakness::Person), "{text}");
    }
}

#[test]
fn the_name_of_the_host_with_little_around_is_refused() {
    let words = ["id.shopping.example".to_owned(), "id".to_owned(), "shopping".to_owned()];
    let made = |text: &str| is_made_of(&Secret::new(text.to_owned()), &words);
    assert!(made("Shopping-2026!!") && made("shoppingShopping") && made("id.shopping.example"));
    assert!(!made("we went shopping for a kite") && !made("idididididididid"));
}

#[test]
fn a_short_name_forbids_nothing() {
    let username = Username::parse("al").expect("a name");
    let context = Context { product: "", username: &username, email: Some("@") };
    assert!(choose("alalalalalalalal", Protection::Alone, &context).is_ok());
}

#[test]
fn control_characters_are_refused_not_cut() {
    assert_eq!(alone("a quiet evening\0and more"), Err(Weakness::Control));
    assert_eq!(alone("a quiet evening\n"), Err(Weakness::Control));
}

#[test]
fn every_refusal_says_what_to_change() {
    assert!(Weakness::TooShort(15).to_string().starts_with("Use at least 15 characters"));
    assert!(Weakness::Common.to_string().contains("Choose"));
}

proptest! {
    #[test]
    fn normalising_twice_changes_nothing(text in any::<String>()) {
        if let Ok(once) = normalise(&text) {
            let twice = normalise(once.expose()).expect("it fitted");
            prop_assert_eq!(once.expose(), twice.expose());
        }
    }
}
