//! Which language a request is answered in.

use std::sync::{Arc, Mutex, PoisonError};

use axum::extract::{Request, State};
use axum::http::{HeaderMap, header};
use axum::middleware::Next;
use axum::response::Response;

use crate::crypto::secret::Secret;
use crate::identity::language::{Language, Wishes};
use crate::policy::branding::Branding;
use crate::protocol::accent::Accent;
use crate::protocol::params::Params;
use crate::web::app::App;
use crate::web::cookies::Cookie;
use crate::web::path::Audience;
use crate::web::text::Text;

/// The parameter of the language menu.
const PICKED: &str = "lang";

/// What is known so far of the language that whoever sent a request wants, and of the colours that
/// they come in. Handlers learn more as
/// they read the flow, the client's request and the session, each through a shared reference, so it
/// is kept behind a lock; nobody holds it over an `await`.
#[derive(Debug, Default)]
pub struct Tongue(Mutex<Known>);

#[derive(Debug, Clone, Copy, Default)]
struct Known {
    wishes: Wishes,
    /// The colours of the application that sent the person here.
    accent: Option<Accent>,
}

impl Tongue {
    /// What the request itself says.
    pub fn of(query: Option<&str>, headers: &HeaderMap) -> Self {
        let params = query.and_then(|query| Params::parse(query).ok());
        let picked = params.as_ref().and_then(|params| params.get(PICKED));
        let accepted = headers.get(header::ACCEPT_LANGUAGE).and_then(|value| value.to_str().ok());
        let wishes = Wishes {
            picked: picked.and_then(Language::of_tag),
            browser: Cookie::Language.read(headers).and_then(|tag| Language::of_tag(tag.expose())),
            accepted: accepted.and_then(Language::accepted),
            ..Wishes::default()
        };
        Self(Mutex::new(Known { wishes, accent: None }))
    }

    /// What was picked from the menu, now or earlier in the same sign-in.
    pub fn picked(&self) -> Option<Language> {
        self.wishes().picked
    }

    /// Learns what was picked earlier in the same sign-in; a new pick stays.
    pub fn picked_before(&self, language: Option<Language>) {
        self.learn(|wishes| wishes.picked = wishes.picked.or(language));
    }

    /// Learns the `ui_locales` of the application's request.
    pub fn requested<'a>(&self, tags: impl IntoIterator<Item = &'a str>) {
        let language = Language::first_of(tags);
        self.learn(|wishes| wishes.requested = language);
    }

    /// Learns what the person at the browser has set in their account.
    pub fn account(&self, language: Option<Language>) {
        self.learn(|wishes| wishes.account = language);
    }

    /// Learns the colours of the application that sent the person here.
    pub fn coloured(&self, accent: Option<Accent>) {
        self.0.lock().unwrap_or_else(PoisonError::into_inner).accent = accent;
    }

    /// The voice for what is known so far.
    pub fn text(&self, brand: Arc<Branding>) -> Text {
        let Known { wishes, accent } = *self.0.lock().unwrap_or_else(PoisonError::into_inner);
        Text::branded(wishes.choose(brand.language), brand).coloured(accent)
    }

    fn wishes(&self) -> Wishes {
        self.0.lock().unwrap_or_else(PoisonError::into_inner).wishes
    }

    fn learn(&self, change: impl FnOnce(&mut Wishes)) {
        change(&mut self.0.lock().unwrap_or_else(PoisonError::into_inner).wishes);
    }
}

/// Around every page: finds out the language, keeps a pick from the menu in a cookie, and leaves the
/// voice with the answer for whoever dresses a refusal.
pub async fn speak(State(app): State<App>, mut request: Request, next: Next) -> Response {
    if Audience::of(request.uri().path()) == Audience::Program {
        return next.run(request).await;
    }
    let now = Tongue::of(request.uri().query(), request.headers());
    let picked = now.picked();
    let tongue = Arc::new(now);
    request.extensions_mut().insert(Arc::clone(&tongue));
    let mut response = next.run(request).await;
    response.extensions_mut().insert(tongue.text(app.live.branding()));
    if let Some(language) = picked {
        let cookie = Cookie::Language.set(&Secret::new(language.tag().to_owned()));
        response.headers_mut().append(header::SET_COOKIE, cookie);
    }
    response
}
