use super::*;
use crate::protocol::reply::Reply;
use crate::protocol::sample::{self, ISSUER, REQUEST, request, request_of};

fn shown(query: &str) -> OAuthError {
    let inquiry = match Inquiry::parse(query) {
        Ok(inquiry) => inquiry,
        Err(error) => return error,
    };
    match AuthorizeRequest::parse(&inquiry, Some(&sample::client()), ISSUER) {
        Err(Refusal::Show(error)) => error,
        other => panic!("not shown: {other:?}"),
    }
}

fn sent_by(client: &Client, query: &str) -> (ReplyTo, OAuthError) {
    let inquiry = Inquiry::parse(query).expect("a client is named");
    match AuthorizeRequest::parse(&inquiry, Some(client), ISSUER) {
        Err(Refusal::Send(reply, error)) => (*reply, error),
        other => panic!("not sent: {other:?}"),
    }
}

fn sent(more: &str) -> OAuthError {
    sent_by(&sample::client(), &format!("{REQUEST}{more}")).1
}

/// The good request with one part written otherwise.
fn with(part: &str, instead: &str) -> String {
    assert!(REQUEST.contains(part));
    REQUEST.replace(part, instead)
}

fn refused(query: &str) -> (ErrorCode, Option<&'static str>) {
    let error = sent_by(&sample::client(), query).1;
    (error.code, error.parameter)
}

#[test]
fn a_good_request_is_read() {
    let request = request(
        "&nonce=n&max_age=10&ui_locales=de%20en&acr_values=a+b&login_hint=alice&extra=foobar",
    );
    assert_eq!(request.client_id.as_str(), "shop");
    assert_eq!(request.reply.uri(), "https://app.example/cb");
    assert_eq!(request.scope, Scope::parse("openid email").expect("ok"));
    assert_eq!(request.nonce.as_deref(), Some("n"));
    assert_eq!(request.max_age, Some(10));
    assert_eq!(request.ui_locales, ["de", "en"]);
    assert_eq!(request.acr_values, ["a", "b"]);
    assert_eq!(request.login_hint.as_deref(), Some("alice"));
    assert!(!request.prompt.is_silent());
}

#[test]
fn a_request_survives_being_carried() {
    let one = request(
        "&prompt=login&resource=urn:a&resource=urn:b&claims=%7B%22userinfo%22%3A%7B%22name%22%3Anull%7D%7D&extra=%C3%A4",
    );
    let inquiry = Inquiry::parse(one.to_query()).expect("well-formed");
    let two = AuthorizeRequest::parse(&inquiry, Some(&sample::client()), ISSUER).expect("good");
    assert_eq!(format!("{one:?}"), format!("{two:?}"));
    assert_eq!(one.to_query(), two.to_query());
}

#[test]
fn without_a_known_client_the_person_is_told() {
    assert_eq!(shown("response_type=code").parameter, Some("client_id"));
    assert_eq!(shown("client_id=&redirect_uri=x").parameter, Some("client_id"));
    assert_eq!(shown("client_id=a&client_id=b").parameter, Some("client_id"));
    assert_eq!(shown("client_id=%0a").parameter, Some("client_id"));
    let inquiry = Inquiry::parse(REQUEST).expect("well-formed");
    let unknown = AuthorizeRequest::parse(&inquiry, None, ISSUER);
    assert!(matches!(unknown, Err(Refusal::Show(error)) if error.parameter == Some("client_id")));
}

#[test]
fn without_a_registered_address_the_person_is_told() {
    let good = "redirect_uri=https%3A%2F%2Fapp.example%2Fcb";
    for instead in
        ["x=y", "redirect_uri=", "redirect_uri=https%3A%2F%2Fevil", &format!("{good}&{good}")]
    {
        assert_eq!(shown(&with(good, instead)).parameter, Some("redirect_uri"), "{instead}");
    }
}

#[test]
fn a_disabled_client_gets_no_redirect() {
    let mut client = sample::client();
    client.disabled_at = Some(sample::now());
    let refusal = request_of(&client, "").expect_err("disabled");
    assert!(matches!(refusal, Refusal::Show(error) if error.code == ErrorCode::UnauthorizedClient));
}

#[test]
fn a_request_by_reference_alone_is_refused_by_its_name() {
    assert_eq!(shown("client_id=shop&request_uri=urn:x").code, ErrorCode::RequestUriNotSupported);
    assert_eq!(shown("client_id=shop&request=e30").code, ErrorCode::RequestNotSupported);
}

#[test]
fn any_other_repeated_parameter_is_told_to_the_client() {
    let error = sent("&scope=openid");
    assert_eq!((error.code, error.parameter), (ErrorCode::InvalidRequest, Some("scope")));
}

#[test]
fn a_repeated_state_is_not_given_back() {
    let (reply, error) = sent_by(&sample::client(), &format!("{REQUEST}&state=def"));
    assert_eq!(error.parameter, Some("state"));
    let Reply::Redirect(url) = reply.error(&error) else { panic!("not a redirect") };
    assert!(!url.contains("&state="));
}

#[test]
fn unsupported_parameters_are_refused_by_name() {
    for (more, code) in [
        ("&request=e30", ErrorCode::RequestNotSupported),
        ("&request_uri=https%3A%2F%2F169.254.169.254", ErrorCode::RequestUriNotSupported),
        ("&registration=%7B%7D", ErrorCode::RegistrationNotSupported),
    ] {
        assert_eq!(sent(more).code, code);
    }
}

#[test]
fn only_the_response_type_code_is_served() {
    assert_eq!(
        refused(&with("response_type=code", "x=y")),
        (ErrorCode::InvalidRequest, Some("response_type"))
    );
    for other in ["token", "none", "code+code", "code+token", "CODE", "id_token+token"] {
        let query = with("response_type=code", &format!("response_type={other}"));
        assert_eq!(refused(&query).0, ErrorCode::UnsupportedResponseType, "{other}");
    }
}

#[test]
fn only_query_and_form_post_are_served() {
    for mode in ["fragment", "x", "jwt", "query.jwt"] {
        assert_eq!(sent(&format!("&response_mode={mode}")).parameter, Some("response_mode"));
    }
    let query = format!("{REQUEST}&response_mode=form_post&prompt=x");
    let (reply, error) = sent_by(&sample::client(), &query);
    assert!(matches!(reply.error(&error), Reply::FormPost { .. }));
}

#[test]
fn pkce_is_asked_of_every_client() {
    for (part, instead) in [
        ("&code_challenge_method=S256", ""),
        ("&code_challenge_method=S256", "&code_challenge_method=plain"),
        ("&code_challenge=E9Melhoa2OwvFrEMTJguCHaoeK1t8URWbuGJSstw-cM", "&code_challenge="),
    ] {
        assert_eq!(refused(&with(part, instead)).0, ErrorCode::InvalidRequest);
    }
}

#[test]
fn the_scope_stays_within_what_is_registered() {
    let part = "scope=openid%20email";
    for instead in ["scope=openid%20admin", "scope=%22", "scope=", "x=y"] {
        assert_eq!(refused(&with(part, instead)), (ErrorCode::InvalidScope, Some("scope")));
    }
}

#[test]
fn offline_access_is_ignored_for_clients_without_refresh() {
    let query = with("scope=openid%20email", "scope=openid%20offline_access");
    let inquiry = Inquiry::parse(query).expect("well-formed");
    let mut client = sample::client();
    client.grant_types = vec![GrantType::AuthorizationCode];
    let request = AuthorizeRequest::parse(&inquiry, Some(&client), ISSUER).expect("good");
    assert_eq!(request.scope.to_string(), "openid");
}

#[test]
fn a_client_without_the_code_grant_is_unauthorized() {
    let mut client = sample::client();
    client.grant_types = vec![GrantType::ClientCredentials];
    assert_eq!(sent_by(&client, REQUEST).1.code, ErrorCode::UnauthorizedClient);
}

#[test]
fn malformed_values_are_refused_by_name() {
    let long = "x".repeat(513);
    for (name, value) in [
        ("prompt", "none+login"),
        ("prompt", "x"),
        ("prompt", "Login"),
        ("max_age", "-1"),
        ("max_age", "+1"),
        ("max_age", "1.5"),
        ("max_age", "99999999999999999999"),
        ("nonce", &long),
        ("login_hint", &long),
        ("claims", "x"),
        ("resource", "relative"),
    ] {
        assert_eq!(sent(&format!("&{name}={value}")).parameter, Some(name), "{value}");
    }
}

#[test]
fn a_state_that_cannot_be_given_back_is_refused() {
    for state in ["x".repeat(513), "a%0db".to_owned(), "%C3%A4".to_owned()] {
        let query = with("state=abc", &format!("state={state}"));
        assert_eq!(refused(&query), (ErrorCode::InvalidRequest, Some("state")));
    }
    let longest = "x".repeat(512);
    let query = with("state=abc", &format!("state={longest}&prompt=x"));
    let (reply, error) = sent_by(&sample::client(), &query);
    let Reply::Redirect(url) = reply.error(&error) else { panic!("not a redirect") };
    assert!(url.contains(&format!("state={longest}&")));
}

#[test]
fn a_nonce_of_384_characters_is_taken() {
    let nonce = "n".repeat(384);
    assert_eq!(request(&format!("&nonce={nonce}")).nonce, Some(nonce));
}

#[test]
fn prompts_are_a_set_in_which_none_stands_alone() {
    let prompts = Prompts::parse("login consent").expect("good");
    assert!(prompts.has(Prompt::Login) && prompts.has(Prompt::Consent));
    assert!(!prompts.has(Prompt::SelectAccount) && !prompts.is_silent());
    assert!(Prompts::parse("none none").expect("good").is_silent());
}

#[test]
fn claims_by_name_ask_for_the_consent_of_their_scope() {
    let request = request("&claims=%7B%22userinfo%22%3A%7B%22phone_number%22%3Anull%7D%7D");
    assert_eq!(request.scope.to_string(), "email openid");
    assert_eq!(request.consent_scope().to_string(), "email openid phone");
}
