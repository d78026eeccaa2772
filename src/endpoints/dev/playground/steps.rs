//! The steps of the playground: each is what a client or an API really sends.

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;

use crate::endpoints::cx::Cx;
use crate::endpoints::dev::playground::journey::{Journey, More, Tokens};
use crate::endpoints::dev::playground::tokens;
use crate::endpoints::dev::playground::wire::{Call, Exchange, pretty};
use crate::endpoints::refusal::Failure;
use crate::manage::demo;
use crate::protocol::discovery::path;
use crate::protocol::params::encode;
use crate::store::audit;
use crate::web::pages::playground::{Action, Check, Message};

/// Something that can be done with what a journey has.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Step {
    /// Redeem the code.
    Exchange,
    /// Ask for the stronger sign-in that the demo API wants.
    Stronger,
    /// Call the demo API.
    Call,
    /// Call what the demo API shows only after a stronger sign-in.
    Payments,
    /// Ask who signed in.
    Userinfo,
    /// Ask about the access token, as the demo API.
    Introspect,
    /// Get new tokens.
    Refresh,
    /// End the grant.
    Revoke,
    /// Send something that is refused.
    Refuse,
}

impl Step {
    const ALL: [Self; 9] = [
        Self::Exchange,
        Self::Stronger,
        Self::Call,
        Self::Payments,
        Self::Userinfo,
        Self::Introspect,
        Self::Refresh,
        Self::Revoke,
        Self::Refuse,
    ];

    /// The step that a form's button is called after.
    pub fn parse(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|step| step.action().name == name)
    }

    /// Its button.
    const fn action(self) -> Action {
        let (name, label) = match self {
            Self::Exchange => ("exchange", "Exchange the code for tokens"),
            Self::Stronger => ("step_up", "Ask for the stronger sign-in"),
            Self::Call => ("call", "Call the demo API"),
            Self::Payments => ("payments", "Look at the payments"),
            Self::Userinfo => ("userinfo", "Ask for user info"),
            Self::Introspect => ("introspect", "Introspect"),
            Self::Refresh => ("refresh", "Refresh"),
            Self::Revoke => ("revoke", "Revoke"),
            Self::Refuse => ("refuse", "See a refusal"),
        };
        Action { name, label }
    }

    /// What can be done now, the next thing first.
    pub fn offered(journey: Option<&Journey>) -> Vec<Action> {
        let can = |step: &Self| match (step, journey) {
            (Self::Refuse, _) => true,
            (_, None) => false,
            (Self::Exchange, Some(journey)) => journey.code.is_some(),
            (Self::Refresh, Some(journey)) => {
                journey.tokens.as_ref().is_some_and(|tokens| tokens.refresh.is_some())
            }
            (Self::Stronger, Some(journey)) => journey.more.is_some(),
            (
                Self::Call | Self::Payments | Self::Userinfo | Self::Introspect | Self::Revoke,
                Some(journey),
            ) => journey.tokens.is_some(),
        };
        Self::ALL.into_iter().filter(can).map(Self::action).collect()
    }

    /// Does it, and writes down what happened.
    ///
    /// # Errors
    /// Where Postgres does not answer.
    pub async fn run(self, cx: &Cx, journey: &mut Journey) -> Result<(), Failure> {
        let held = journey.tokens.clone().unwrap_or_default();
        match self {
            Self::Exchange => exchange(cx, journey).await,
            Self::Refresh => refresh(cx, journey, &held).await,
            Self::Call => {
                let call = Call::get("/demo/api/orders").authorized(bearer(&held));
                let words = (
                    "Call of the demo API",
                    "The API looks at signature, audience, scope and revocation before it answers.",
                );
                plain(cx, journey, words, call).await
            }
            Self::Payments => payments(cx, journey, &held).await,
            // Not a message of ours: the page sends the browser.
            Self::Stronger => Ok(()),
            Self::Userinfo => {
                let call = Call::get(path::USERINFO).authorized(bearer(&held));
                let words =
                    ("User info", "The claims that the scopes openid, profile and email open.");
                plain(cx, journey, words, call).await
            }
            Self::Introspect => introspect(cx, journey, &held).await,
            Self::Revoke => {
                let token = held.refresh.as_deref().unwrap_or(&held.access);
                let form = encode([("token", token), ("client_id", demo::PLAYGROUND)]);
                let words = (
                    "Revocation",
                    "The whole grant ends: no refresh, and its access tokens are dead at once. The next message is the proof.",
                );
                plain(cx, journey, words, Call::post(path::REVOKE, form)).await?;
                introspect(cx, journey, &held).await
            }
            Self::Refuse => refuse(cx, &mut journey.messages).await,
        }
    }
}

/// A request that is refused, and what the operator sees of it.
///
/// # Errors
/// Where Postgres does not answer.
pub async fn refuse(cx: &Cx, messages: &mut Vec<Message>) -> Result<(), Failure> {
    let form = encode([
        ("grant_type", "password"),
        ("client_id", demo::PLAYGROUND),
        ("username", "alice"),
    ]);
    let words = (
        "A request that is refused",
        "The password grant is gone from OAuth 2.1, so the server says no. The refusal id leads the operator to the reason.",
    );
    let exchange = Call::post(path::TOKEN, form).send(cx).await?;
    let is_refused = exchange.status.is_client_error();
    let said = message(cx, words, exchange).await?;
    messages.push(Message { checks: vec![Check::of(is_refused, "the server refused it")], ..said });
    Ok(())
}

async fn exchange(cx: &Cx, journey: &mut Journey) -> Result<(), Failure> {
    let redirect_uri = demo::redirect_uri(&cx.app.settings.issuer_url);
    let code = journey.code.take().unwrap_or_default();
    let form = encode([
        ("grant_type", "authorization_code"),
        ("code", &code),
        ("redirect_uri", &redirect_uri),
        ("client_id", demo::PLAYGROUND),
        ("code_verifier", &journey.asked.verifier),
    ]);
    let words = (
        "Token request",
        "The code and the verifier that only we know become tokens. The server hashes the verifier and compares it with the challenge of the first message.",
    );
    tokens_of(cx, journey, words, form).await
}

async fn refresh(cx: &Cx, journey: &mut Journey, held: &Tokens) -> Result<(), Failure> {
    let form = encode([
        ("grant_type", "refresh_token"),
        ("refresh_token", held.refresh.as_deref().unwrap_or_default()),
        ("client_id", demo::PLAYGROUND),
    ]);
    let words = (
        "Refresh",
        "New tokens without a sign-in. The refresh token is replaced; the old one, used again later, would end the grant.",
    );
    tokens_of(cx, journey, words, form).await
}

/// Sends a token request, and looks into what comes back.
async fn tokens_of(
    cx: &Cx,
    journey: &mut Journey,
    words: (&str, &str),
    form: String,
) -> Result<(), Failure> {
    let answer = Call::post(path::TOKEN, form).send(cx).await?;
    let access = answer.text("access_token").map(str::to_owned);
    let refresh = answer.text("refresh_token").map(str::to_owned);
    let id = answer.text("id_token").map(str::to_owned);
    let mut message = message(cx, words, answer).await?;
    if let Some(access) = access {
        let keys = Call::get(path::JWKS).send(cx).await?.body;
        if let Some(id) = id {
            message.tokens.push(tokens::decode("ID token", &id));
            let with = (journey.asked.nonce.as_str(), access.as_str());
            let checks = tokens::check_id(cx, &keys, &id, with);
            message.checks.extend(named("ID token", checks));
        }
        message.tokens.push(tokens::decode("Access token", &access));
        let checks = tokens::check_access(cx, &keys, &access);
        message.checks.extend(named("Access token", checks));
        journey.tokens = Some(Tokens { access, refresh });
    }
    journey.messages.push(message);
    Ok(())
}

fn named(token: &str, checks: Vec<Check>) -> impl Iterator<Item = Check> {
    let name = move |check: Check| Check { text: format!("{token}: {}", check.text), ..check };
    checks.into_iter().map(name)
}

async fn introspect(cx: &Cx, journey: &mut Journey, held: &Tokens) -> Result<(), Failure> {
    let secret = demo::secret(&cx.app.secrets.pepper);
    let pair = format!("{}:{}", demo::RESOURCE_SERVER, secret.expose());
    let form = encode([("token", held.access.as_str())]);
    let call =
        Call::post(path::INTROSPECT, form).authorized(format!("Basic {}", STANDARD.encode(pair)));
    let words = (
        "Introspection",
        "The demo API, as a confidential client, asks whether the access token is good at this instant.",
    );
    plain(cx, journey, words, call).await
}

/// Calls what needs a stronger sign-in, and remembers what the challenge asks for (RFC 9470 §3).
async fn payments(cx: &Cx, journey: &mut Journey, held: &Tokens) -> Result<(), Failure> {
    let call = Call::get("/demo/api/payments").authorized(bearer(held));
    let words = (
        "Call of the sensitive part of the API",
        "The API also looks at acr and auth_time: how strongly the person signed in, and when.",
    );
    let exchange = call.send(cx).await?;
    journey.more = More::of_challenge(&exchange.response);
    journey.messages.push(message(cx, words, exchange).await?);
    Ok(())
}

async fn plain(
    cx: &Cx,
    journey: &mut Journey,
    words: (&str, &str),
    call: Call,
) -> Result<(), Failure> {
    let exchange = call.send(cx).await?;
    journey.messages.push(message(cx, words, exchange).await?);
    Ok(())
}

fn bearer(held: &Tokens) -> String {
    format!("Bearer {}", held.access)
}

/// What happened; of a refusal also what the audit log knows.
async fn message(cx: &Cx, words: (&str, &str), exchange: Exchange) -> Result<Message, Failure> {
    let refusal = match exchange.text("refusal_id") {
        Some(id) => looked_up(cx, id).await?,
        None => String::new(),
    };
    let done = exchange.status.is_success();
    let said = format!("the server answered {}", exchange.status);
    Ok(Message {
        title: words.0.to_owned(),
        about: words.1.to_owned(),
        checks: vec![Check::of(done, &said)],
        request: exchange.request,
        response: exchange.response,
        tokens: Vec::new(),
        refusal,
    })
}

/// What the admin console would show for a refusal id.
async fn looked_up(cx: &Cx, id: &str) -> Result<String, Failure> {
    cx.app.journal.flush(&cx.app.store).await?;
    let event = audit::find_by_refusal(cx.app.store.pool(), id).await?;
    Ok(event.map(|event| pretty(&event.details)).unwrap_or_default())
}
