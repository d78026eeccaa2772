//! How many connections there may be: in all, and from one address (SECURITY.md §4).

use std::collections::HashMap;
use std::net::IpAddr;
use std::sync::{Arc, Mutex, PoisonError};

use crate::web::client_address::{self, TrustedProxies};

/// The caps on connections.
#[derive(Debug, Clone)]
pub struct Caps {
    /// In all.
    pub total: usize,
    /// From one IPv4 address or IPv6 /64.
    pub per_address: usize,
    /// From loopback, where one address stands for many clients.
    pub per_loopback: usize,
    /// Proxies, which carry everybody's connections and count only towards the total.
    pub proxies: TrustedProxies,
}

impl Default for Caps {
    fn default() -> Self {
        Self {
            total: 10_000,
            per_address: 200,
            per_loopback: 1000,
            proxies: TrustedProxies::default(),
        }
    }
}

/// Counts connections.
#[derive(Debug)]
pub struct Admission {
    caps: Caps,
    /// Locked for a look-up when a connection comes or goes, never across an await.
    open: Mutex<Open>,
}

#[derive(Debug, Default)]
struct Open {
    total: usize,
    by_prefix: HashMap<IpAddr, usize>,
}

/// A connection that was let in; it leaves when this is dropped.
#[derive(Debug)]
pub struct Place {
    admission: Arc<Admission>,
    prefix: IpAddr,
}

impl Admission {
    /// Nobody is in yet.
    pub fn new(caps: Caps) -> Self {
        Self { caps, open: Mutex::default() }
    }

    /// A place for a connection from `address`, where there is one.
    pub fn enter(self: &Arc<Self>, address: IpAddr) -> Option<Place> {
        let prefix = client_address::prefix(address);
        let cap = if self.caps.proxies.contain(address) {
            self.caps.total
        } else if address.to_canonical().is_loopback() {
            self.caps.per_loopback
        } else {
            self.caps.per_address
        };
        let mut open = self.open.lock().unwrap_or_else(PoisonError::into_inner);
        if open.total >= self.caps.total {
            return None;
        }
        let count = open.by_prefix.entry(prefix).or_insert(0);
        if *count >= cap {
            return None;
        }
        *count += 1;
        open.total += 1;
        Some(Place { admission: Arc::clone(self), prefix })
    }
}

impl Drop for Place {
    fn drop(&mut self) {
        let mut open = self.admission.open.lock().unwrap_or_else(PoisonError::into_inner);
        open.total = open.total.saturating_sub(1);
        if let Some(count) = open.by_prefix.get_mut(&self.prefix) {
            *count = count.saturating_sub(1);
            if *count == 0 {
                open.by_prefix.remove(&self.prefix);
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn admission() -> Arc<Admission> {
        let proxies = TrustedProxies::new(vec!["10.0.0.0/8".parse().unwrap()]);
        Arc::new(Admission::new(Caps { total: 5, per_address: 2, per_loopback: 3, proxies }))
    }

    fn enter(admission: &Arc<Admission>, address: &str) -> Option<Place> {
        admission.enter(address.parse().unwrap())
    }

    #[test]
    fn one_address_cannot_take_all_places() {
        let admission = admission();
        let places = [enter(&admission, "192.0.2.1"), enter(&admission, "192.0.2.1")];
        assert!(places.iter().all(Option::is_some));
        assert!(enter(&admission, "192.0.2.1").is_none());
        assert!(enter(&admission, "192.0.2.2").is_some());
        drop(places);
        assert!(enter(&admission, "192.0.2.1").is_some());
    }

    #[test]
    fn a_proxy_counts_towards_the_total_only() {
        let admission = admission();
        let places: Vec<_> = (0..5).map(|_| enter(&admission, "10.0.0.1")).collect();
        assert!(places.iter().all(Option::is_some));
        assert!(enter(&admission, "192.0.2.2").is_none());
    }
}
