use proptest::prelude::*;

use super::*;

#[test]
fn decodes_plus_and_percent() {
    let params = Params::parse("a=x+y%20z%2B&b=%C3%A4").expect("well-formed");
    assert_eq!(params.get("a"), Some("x y z+"));
    assert_eq!(params.get("b"), Some("ä"));
}

#[test]
fn an_empty_parameter_is_absent() {
    let params = Params::parse("state=&nonce&&scope=openid").expect("well-formed");
    assert_eq!(params.iter().collect::<Vec<_>>(), [("scope", "openid")]);
    assert_eq!(params.require("state").expect_err("absent").parameter, Some("state"));
}

#[test]
fn a_repeated_parameter_is_refused_and_named() {
    for query in ["scope=a&x=1&scope=b", "scope=a&scope=a", "scope=&scope=a"] {
        let error = Params::parse(query).expect_err("repeated");
        assert_eq!((error.code, error.parameter), (ErrorCode::InvalidRequest, Some("scope")));
    }
}

#[test]
fn a_repeated_stranger_is_refused_without_an_echo() {
    let error = Params::parse("evil=1&evil=2").expect_err("repeated");
    assert_eq!(error.parameter, None);
    assert!(!error.detail.contains("evil"));
}

#[test]
fn resource_alone_may_be_repeated() {
    let params = Params::parse("resource=a&resource=b").expect("well-formed");
    assert_eq!(params.all("resource").collect::<Vec<_>>(), ["a", "b"]);
}

#[test]
fn pairs_tell_single_ones_apart_from_repeated_ones() {
    let pairs = Pairs::parse("client_id=c&scope=a&scope=b").expect("well-formed");
    assert_eq!(pairs.single("client_id"), Ok(Some("c")));
    assert_eq!(pairs.single("state"), Ok(None));
    assert_eq!(pairs.single("scope").expect_err("repeated").parameter, Some("scope"));
}

#[test]
fn what_is_not_a_form_is_refused() {
    let long = format!("a={}", "x".repeat(MAX_BYTES));
    let many = (0..=MAX_COUNT).map(|n| format!("p{n}=1")).collect::<Vec<_>>().join("&");
    for input in ["a=%", "a=%4", "a=%zz", "a=%00", "%00=a", "a=%ff", "a=%c3%28", &long, &many] {
        assert_eq!(Params::parse(input).expect_err("bad").code, ErrorCode::InvalidRequest);
    }
    assert!(Params::parse(b"a=\xff").is_err());
}

#[test]
fn a_hundred_parameters_are_fine() {
    let many = (0..MAX_COUNT).map(|n| format!("p{n}=1")).collect::<Vec<_>>().join("&");
    assert_eq!(Params::parse(many).expect("well-formed").iter().count(), MAX_COUNT);
}

#[test]
fn a_long_value_is_refused_by_its_bound() {
    let params = Params::parse("state=1234").expect("well-formed");
    assert_eq!(params.bounded("state", 4), Ok(Some("1234")));
    assert_eq!(params.bounded("state", 3).expect_err("long").parameter, Some("state"));
}

#[test]
fn printing_shows_names_only() {
    let params = Params::parse("password=hunter2").expect("well-formed");
    assert_eq!(format!("{params:?}"), r#"{"password"}"#);
}

proptest! {
    #[test]
    fn encoding_gives_the_same_parameters_back(
        values in proptest::collection::btree_map("[^\0]{0,12}", "[^\0]{1,20}", 0..12),
    ) {
        let query = encode(values.iter().map(|(name, value)| (name.as_str(), value.as_str())));
        let params = Params::parse(&query).expect("well-formed");
        let read: Vec<_> = params.iter().map(|(n, v)| (n.to_owned(), v.to_owned())).collect();
        prop_assert_eq!(read, values.into_iter().collect::<Vec<_>>());
        prop_assert_eq!(params.encode(), query);
    }

    #[test]
    fn no_input_breaks_the_decoder(input in proptest::collection::vec(any::<u8>(), 0..200)) {
        if let Ok(params) = Params::parse(&input) {
            prop_assert!(params.iter().all(|(_, value)| !value.is_empty()));
        }
    }
}
