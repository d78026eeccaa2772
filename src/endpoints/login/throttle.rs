//! Counts tries before they are made: one counter per account and factor over all paths
//! (SECURITY.md PW-05 to PW-07, TO-04).

use std::net::IpAddr;

use crate::endpoints::cx::Cx;
use crate::endpoints::refusal::Failure;
use crate::identity::throttle;
use crate::identity::user::User;
use crate::store::attempts::{self, Admission};

/// A try that is about to be made.
pub struct Try {
    counters: Vec<Counter>,
}

struct Counter {
    key: [u8; 32],
    delays: &'static [i32],
}

/// A try that was counted as a failure in advance.
pub struct Counted(Vec<[u8; 32]>);

impl Try {
    /// A password for `user`, or for a name that nobody has: counted per account and per place it
    /// comes from, so that a stranger cannot lock the owner out.
    pub fn password(cx: &Cx, user: Option<&User>, name: &str, device: Option<&uuid::Uuid>) -> Self {
        let account = match user {
            Some(user) => user.id.to_string(),
            None => format!("name {}", name.trim().to_lowercase()),
        };
        let place = match device {
            Some(device) => format!("device {device}"),
            None => prefix(cx.address),
        };
        let mut counters = vec![Counter::new(cx, &["password", &account, &place], throttle::PASSWORD)];
        if device.is_none() {
            counters.push(Counter::new(cx, &["password", &account], throttle::PASSWORD_GLOBAL));
        }
        Self { counters }
    }

    /// A code of a second factor: one counter, wherever it comes from.
    pub fn second_factor(cx: &Cx, user: &User) -> Self {
        let account = user.id.to_string();
        Self { counters: vec![Counter::new(cx, &["second", &account], throttle::SECOND_FACTOR)] }
    }

    /// Counts the try, or says how many seconds to wait.
    pub async fn admit(self, cx: &Cx) -> Result<Result<Counted, u32>, Failure> {
        let mut counted = Vec::with_capacity(self.counters.len());
        for counter in self.counters {
            match attempts::admit(&cx.app.store, &counter.key, cx.now, counter.delays).await? {
                Admission::Admitted { .. } => counted.push(counter.key),
                Admission::Wait { seconds } => return Ok(Err(seconds)),
            }
        }
        Ok(Ok(Counted(counted)))
    }
}

impl Counter {
    fn new(cx: &Cx, parts: &[&str], delays: &'static [i32]) -> Self {
        let parts: Vec<&[u8]> =
            std::iter::once("attempt").chain(parts.iter().copied()).map(str::as_bytes).collect();
        Self { key: cx.app.secrets.pepper.tag(&parts), delays }
    }
}

impl Counted {
    /// The try was right: the counters start again.
    pub async fn forgive(self, cx: &Cx) -> Result<(), Failure> {
        Ok(attempts::clear(&cx.app.store, &self.0).await?)
    }
}

/// The network that an address belongs to: /24 or /64.
fn prefix(address: IpAddr) -> String {
    let length = if address.is_ipv4() { 24 } else { 64 };
    ipnet::IpNet::new(address, length).map_or_else(|_| address.to_string(), |net| net.trunc().to_string())
}
