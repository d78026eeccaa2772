//! `/account/profile`: what a person says of themselves, and what others set for them.

use axum::response::Response;
use serde_json::Value;

use crate::endpoints::account::notice;
use crate::endpoints::account::session::{AccountSession, FreshSession};
use crate::endpoints::admin::trouble::Trouble;
use crate::identity::profile::{Field, LANGUAGES};
use crate::identity::user::User;
use crate::manage::account::profile;
use crate::protocol::params::Params;
use crate::web::extract::{FormParams, QueryParams};
use crate::web::pages::account::profile::{ProfileField, ProfileFormPage, ProfilePage};
use crate::web::pages::admin::{Problem, Tick};
use crate::web::respond;
use crate::web::text::Text;

/// The form.
pub const EDIT: &str = "/account/profile/edit";
/// The page.
pub const PATH: &str = "/account/profile";
/// Its section of the navigation.
pub const SECTION: &str = "profile";

/// `GET /account/profile`.
pub async fn get(session: AccountSession, QueryParams(params): QueryParams) -> Response {
    let (user, text) = (&session.person().user, session.text());
    let mut account = session.frame(SECTION);
    account.notice = notice::of(&account.text, &params);
    let page = ProfilePage {
        account,
        own: Field::ALL
            .into_iter()
            .map(|field| (text.say(label(field)), shown(user, field)))
            .collect(),
        username: user.username.as_str().to_owned(),
        email: user.email.clone().unwrap_or_default(),
        email_verified: user.email_verified,
        others: others(user),
    };
    session.page(&page)
}

/// `GET /account/profile/edit`.
pub async fn edit(session: FreshSession) -> Response {
    let user = &session.person().user;
    let typed = Field::ALL.map(|field| (field, claim(user, field)));
    form(&session, &typed, None)
}

/// `POST /account/profile/edit`.
pub async fn save(session: FreshSession, FormParams(params): FormParams) -> Response {
    let made = match change(&session, &params).await {
        Err(trouble) => session.problem(trouble).map(|problem| {
            let typed = Field::ALL
                .map(|field| (field, params.get(field.claim()).unwrap_or_default().to_owned()));
            form(&session, &typed, Some(problem))
        }),
        done => done,
    };
    session.answer(made).await
}

async fn change(session: &FreshSession, params: &Params) -> Result<Response, Trouble> {
    session.posted(EDIT, params)?;
    let typed = Field::ALL.map(|field| (field, params.get(field.claim()).unwrap_or_default()));
    let done = profile::update(&session.manage(), &typed).await?;
    session.told(done).await?;
    Ok(respond::see_other(&notice::with(PATH, "profile")))
}

fn form(session: &FreshSession, typed: &[(Field, String)], problem: Option<Problem>) -> Response {
    let value = |wanted: Field| {
        let found = typed.iter().find(|(field, _)| *field == wanted);
        found.map(|(_, text)| text.clone()).unwrap_or_default()
    };
    let text = session.text();
    let one = |field: Field| ProfileField {
        name: field.claim(),
        label: text.say(label(field)),
        autocomplete: autocomplete(field),
        kind: if field == Field::PhoneNumber { "tel" } else { "text" },
        value: value(field),
        hint: if field == Field::PhoneNumber {
            text.say("account-phone-hint")
        } else {
            String::new()
        },
    };
    let fields =
        [Field::Name, Field::GivenName, Field::FamilyName, Field::Nickname, Field::PhoneNumber];
    let page = ProfileFormPage {
        account: session.frame(SECTION),
        change: session.change(EDIT, problem),
        fields: fields.into_iter().map(one).collect(),
        languages: languages(&text, &value(Field::Locale)),
        zoneinfo: value(Field::Zoneinfo),
    };
    session.form_page(&page, &page.change)
}

/// The languages to choose from; a tag like `de-AT` stands for its language.
fn languages(text: &Text, chosen: &str) -> Vec<Tick> {
    let of = |tag: &str| chosen == tag || chosen.starts_with(&format!("{tag}-"));
    let known = LANGUAGES.iter().any(|(tag, _)| of(tag));
    let nothing = Tick {
        name: String::new(),
        label: text.say("account-language-none"),
        hint: String::new(),
        is_on: !known,
    };
    let choice = |(tag, name): &(&str, &str)| Tick {
        name: (*tag).to_owned(),
        label: (*name).to_owned(),
        hint: String::new(),
        is_on: of(tag),
    };
    std::iter::once(nothing).chain(LANGUAGES.iter().map(choice)).collect()
}

/// The message that names the field.
const fn label(field: Field) -> &'static str {
    match field {
        Field::Name => "account-name",
        Field::GivenName => "account-given-name",
        Field::FamilyName => "account-family-name",
        Field::Nickname => "account-nickname",
        Field::PhoneNumber => "account-phone",
        Field::Locale => "account-language",
        Field::Zoneinfo => "account-zone",
    }
}

/// What browsers fill the field in from (HTML, autofill detail tokens; WCAG 1.3.5).
const fn autocomplete(field: Field) -> &'static str {
    match field {
        Field::Name => "name",
        Field::GivenName => "given-name",
        Field::FamilyName => "family-name",
        Field::Nickname => "nickname",
        Field::PhoneNumber => "tel",
        Field::Locale => "language",
        Field::Zoneinfo => "off",
    }
}

fn claim(user: &User, field: Field) -> String {
    user.claims.get(field.claim()).and_then(Value::as_str).unwrap_or_default().to_owned()
}

fn shown(user: &User, field: Field) -> String {
    let text = claim(user, field);
    let language = LANGUAGES.iter().find(|(tag, _)| field == Field::Locale && *tag == text);
    language.map_or(text, |(_, name)| (*name).to_owned())
}

/// The claims that only administrators change.
fn others(user: &User) -> Vec<(String, String)> {
    let own = |name: &str| {
        Field::ALL.iter().any(|field| field.claim() == name) || name == "phone_number_verified"
    };
    let text = |value: &Value| value.as_str().map_or_else(|| value.to_string(), str::to_owned);
    let claims = user.claims.iter().filter(|(name, _)| !own(name));
    claims.map(|(name, value)| (name.clone(), text(value))).collect()
}
