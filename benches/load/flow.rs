//! What the virtual users do.

use std::collections::VecDeque;
use std::sync::Mutex;
use std::sync::atomic::{AtomicUsize, Ordering};

use axum::http::{HeaderName, HeaderValue, StatusCode, header};
use axum::response::Response;
use bytes::Bytes;

use crate::form::{Head, Sent, fields, has, member};

const DPOP: HeaderName = HeaderName::from_static("dpop");
const FORWARDED_FOR: HeaderName = HeaderName::from_static("x-forwarded-for");

/// A flow, shared by its virtual users.
pub enum Flow {
    /// One of `bodies` after the other, round and round; the answer holds `needle`.
    Again { head: Head, bodies: Vec<Bytes>, needle: &'static str, next: AtomicUsize },
    /// Each body once; the refresh tokens that came back are kept.
    Once { head: Head, bodies: Mutex<VecDeque<Bytes>>, kept: Mutex<Vec<String>> },
    /// Each user follows a chain of refresh tokens.
    Chains { head: Head, tokens: Mutex<VecDeque<String>> },
    /// What another flow sends, each with a DPoP proof of its own.
    Proved { flow: Box<Self>, proofs: Mutex<Vec<HeaderValue>> },
    /// Each user sends the sign-in form of a page of its own, from ever new addresses.
    SignIns { password: &'static str, people: usize, next: AtomicUsize },
}

/// What one virtual user carries from answer to request.
#[derive(Default)]
pub struct Carry {
    token: Option<String>,
    page: Option<Head>,
    fields: Vec<(String, String)>,
}

impl Flow {
    pub fn again(head: Head, bodies: Vec<Bytes>, needle: &'static str) -> Self {
        Self::Again { head, bodies, needle, next: AtomicUsize::new(0) }
    }

    pub fn get(path: &str, needle: &'static str) -> Self {
        Self::again(Head::get(path), vec![Bytes::new()], needle)
    }

    pub fn once(head: Head, bodies: Vec<Bytes>) -> Self {
        Self::Once { head, bodies: Mutex::new(bodies.into()), kept: Mutex::default() }
    }

    pub fn chains(head: Head, tokens: Vec<String>) -> Self {
        Self::Chains { head, tokens: Mutex::new(tokens.into()) }
    }

    pub fn proved(self, proofs: Vec<HeaderValue>) -> Self {
        Self::Proved { flow: Box::new(self), proofs: Mutex::new(proofs) }
    }

    /// The refresh tokens that came back.
    pub fn take_kept(&self) -> Vec<String> {
        match self {
            Self::Once { kept, .. } => std::mem::take(&mut *kept.lock().unwrap()),
            Self::Proved { flow, .. } => flow.take_kept(),
            Self::Again { .. } | Self::Chains { .. } | Self::SignIns { .. } => Vec::new(),
        }
    }

    /// Takes back the token of a user that stops, so that its chain can go on.
    pub fn give_back(&self, carry: Carry) {
        match (self, carry) {
            (Self::Proved { flow, .. }, carry) => flow.give_back(carry),
            (Self::Chains { tokens, .. }, Carry { token: Some(token), .. }) => {
                tokens.lock().unwrap().push_back(token);
            }
            _ => {}
        }
    }

    /// The next request; none where nothing is left.
    pub fn ask(&self, carry: &mut Carry) -> Option<Sent> {
        match self {
            Self::Again { head, bodies, next, .. } => {
                let index = next.fetch_add(1, Ordering::Relaxed) % bodies.len();
                Some(head.request(bodies.get(index)?.clone()))
            }
            Self::Once { head, bodies, .. } => {
                Some(head.request(bodies.lock().unwrap().pop_front()?))
            }
            Self::Chains { head, tokens } => {
                if carry.token.is_none() {
                    carry.token = tokens.lock().unwrap().pop_front();
                }
                let token = carry.token.as_deref()?;
                let pairs = [("grant_type", "refresh_token"), ("refresh_token", token)];
                Some(head.request(fields(&pairs)))
            }
            Self::Proved { flow, proofs } => {
                let proof = proofs.lock().unwrap().pop()?;
                let mut sent = flow.ask(carry)?;
                sent.headers_mut().insert(DPOP, proof);
                Some(sent)
            }
            Self::SignIns { password, people, next } => {
                let number = next.fetch_add(1, Ordering::Relaxed);
                let Some(page) = &carry.page else {
                    return Some(Head::get("/login").request(Bytes::new()));
                };
                let name = format!("person-{}", number % people);
                let mut pairs = vec![("username", name.as_str()), ("password", password)];
                pairs.extend(carry.fields.iter().map(|(name, value)| (&**name, &**value)));
                let address = format!("10.{}.{}.1", number / 250 % 250, number % 250);
                Some(page.clone().with(FORWARDED_FOR, &address).request(fields(&pairs)))
            }
        }
    }

    /// Whether the answer is what the flow asks for; else the name its error is counted under.
    pub fn judge(
        &self,
        answer: &Response<()>,
        body: &Bytes,
        carry: &mut Carry,
    ) -> Result<(), String> {
        let status = answer.status();
        let odd = || Err(status.as_u16().to_string());
        match self {
            Self::Again { needle, .. } if status == StatusCode::OK && has(body, needle) => Ok(()),
            Self::Once { kept, .. } if status == StatusCode::OK && has(body, "access_token") => {
                let mut kept = kept.lock().unwrap();
                if let Some(token) = member(body, "refresh_token").filter(|_| kept.len() < 1000) {
                    kept.push(token.to_owned());
                }
                Ok(())
            }
            Self::Proved { flow, .. } => flow.judge(answer, body, carry),
            Self::Chains { .. } => {
                let token = member(body, "refresh_token").map(str::to_owned);
                let held = carry.token.take();
                if status == StatusCode::OK && token.is_some() {
                    carry.token = token;
                    return Ok(());
                }
                // The bare limit gives no token: its chain goes on with the row it has.
                carry.token = held.filter(|_| status == StatusCode::OK);
                if status == StatusCode::OK { Ok(()) } else { odd() }
            }
            Self::SignIns { .. } if carry.page.is_none() => {
                read_page(answer, body, carry);
                if status == StatusCode::OK { Ok(()) } else { odd() }
            }
            Self::SignIns { .. } if status == StatusCode::SEE_OTHER => Ok(()),
            Self::Again { .. } | Self::Once { .. } | Self::SignIns { .. } => odd(),
        }
    }
}

/// Keeps the cookies and the hidden fields of a sign-in page.
fn read_page(answer: &Response<()>, body: &[u8], carry: &mut Carry) {
    let cookies = answer.headers().get_all(header::SET_COOKIE).iter();
    let pairs = cookies.filter_map(|value| value.to_str().ok()?.split(';').next());
    let cookies = pairs.collect::<Vec<_>>().join("; ");
    let html = String::from_utf8_lossy(body);
    // The page has other forms too, with fields of the same names.
    let form = html.split_once("action=\"/login\"").map_or("", |(_, rest)| rest);
    let form = form.split("</form>").next().unwrap_or_default();
    let hidden = form.split("<input").filter(|input| input.contains("type=\"hidden\""));
    let attribute = |input: &str, name: &str| {
        let rest = input.split_once(&format!("{name}=\""))?.1;
        Some(rest.split_once('"')?.0.to_owned())
    };
    carry.fields = hidden
        .filter_map(|input| Some((attribute(input, " name")?, attribute(input, " value")?)))
        .collect();
    carry.page = Some(Head::form("/login").with(header::COOKIE, &cookies));
}
