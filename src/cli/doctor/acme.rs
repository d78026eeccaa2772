//! The certificate that the server gets by itself: whether there is one, for how long, and what the next one
//! needs.

use time::{Duration, OffsetDateTime};

use super::Finding;
use crate::app;
use crate::cli::output::instant;
use crate::cli::place::Desk;
use crate::config::Config;
use crate::crypto::acme::Validity;
use crate::live::issued::Kept;
use crate::store::acme::{self, ACCOUNT_PURPOSE, Standing, Wanted};
use crate::store::{self, Result};

const CHECK: &str = "tls";
const MEND: &str = "port 443 of each name must lead to a listener of this server; the audit log says under \
                    certificate.failed what the authority answered; `portcullis certificate renew` tries now";
/// How long a renewal may take before it is overdue.
const PATIENCE: Duration = Duration::hours(1);

/// Looks at what the database has.
pub(super) async fn look(config: &Config, desk: &Desk, found: &mut Vec<Finding>) {
    let Some(wanted) = app::wanted(config) else { return };
    let host = config.issuer.url().host_str().unwrap_or_default();
    let read = async {
        let pool = desk.store().pool();
        let (all, now) = (acme::all(pool).await?, store::now(pool).await?);
        Result::Ok((all, now, acme::account(pool, &wanted.directory).await?))
    };
    let (all, now, account) = match read.await {
        Ok(read) => read,
        Err(error) => {
            found.push(Finding::fail(CHECK, error.to_string(), "see the database's log"));
            return;
        }
    };
    let seen = Seen::of(all, (&wanted, host), desk, now);
    found.push(judge(&wanted, &seen, now));
    let directory = wanted.directory.as_bytes();
    let opens = |sealed: &Vec<u8>| desk.seal().open(ACCOUNT_PURPOSE, directory, sealed).is_ok();
    if account.is_some_and(|sealed| !opens(&sealed)) {
        let text = "the account at the authority cannot be opened with this master key";
        let mend = "the next order makes a new one; to keep it, give the master key that it was made with, \
                    in older_master_keys at least";
        found.push(Finding::note("acme account", text, mend));
    }
}

/// What there is.
struct Seen {
    certificate: Certificate,
    failures: i32,
    /// Until when another is served instead, which was ordered before a change of the configuration.
    instead: Option<OffsetDateTime>,
}

/// The wanted one.
enum Certificate {
    Missing,
    Unusable(String),
    Usable(Validity),
}

impl Seen {
    fn of(
        all: Vec<Standing>,
        (wanted, host): (&Wanted, &str),
        desk: &Desk,
        now: OffsetDateTime,
    ) -> Self {
        let own = all.iter().find(|standing| standing.wanted == *wanted);
        let failures = own.map_or(0, |standing| standing.failures);
        let open = |standing: Standing| {
            Some(Kept::open(standing.wanted, standing.certificate?, desk.seal()))
        };
        let kept: Vec<Kept> = all.into_iter().filter_map(open).collect();
        let own = kept.iter().find(|kept| kept.wanted == *wanted);
        let certificate = match own.map(|kept| &kept.chain) {
            None => Certificate::Missing,
            Some(Err(why)) => Certificate::Unusable(why.clone()),
            Some(Ok(chain)) => Certificate::Usable(chain.validity),
        };
        let best = Kept::best(&kept, wanted, host, now);
        let instead =
            best.filter(|(kept, chain)| kept.wanted != *wanted && now < chain.validity.until);
        Self { certificate, failures, instead: instead.map(|(_, chain)| chain.validity.until) }
    }
}

fn judge(wanted: &Wanted, seen: &Seen, now: OffsetDateTime) -> Finding {
    let names = wanted.names.join(" and ");
    let mut more = match seen.failures {
        0 => String::new(),
        1 => ", and the last try for another failed".to_owned(),
        many => format!(", and the last {many} tries for another failed"),
    };
    if let Some(until) = seen.instead {
        more.push_str(", and one of before is served, until ");
        more.push_str(&instant(until));
    }
    let validity = match &seen.certificate {
        Certificate::Missing if seen.failures == 0 => {
            let text = format!("no certificate for {names} yet{more}");
            return Finding::note(CHECK, text, "a running server gets one by itself");
        }
        Certificate::Missing => {
            return Finding::fail(CHECK, format!("no certificate for {names}{more}"), MEND);
        }
        Certificate::Unusable(why) => {
            let text = format!("the certificate for {names} cannot be served: {why}{more}");
            let mend = "a running server gets another; to keep it, give the master key that it was made with";
            return Finding::fail(CHECK, text, mend);
        }
        Certificate::Usable(validity) => validity,
    };
    let until = instant(validity.until);
    let left = validity.left(now);
    if left <= Duration::ZERO {
        Finding::fail(CHECK, format!("the certificate for {names} is expired{more}"), MEND)
    } else if left < validity.life() / 6 {
        Finding::fail(CHECK, format!("the certificate for {names} ends {until}{more}"), MEND)
    } else if now > validity.renew_at() + PATIENCE {
        let since = instant(validity.renew_at());
        let text = format!(
            "the certificate for {names}, until {until}, is to be renewed since {since}{more}"
        );
        Finding::note(CHECK, text, "a running server renews it: is one running?")
    } else if seen.failures > 0 {
        Finding::note(CHECK, format!("a certificate for {names}, until {until}{more}"), MEND)
    } else {
        Finding::ok(CHECK, format!("a certificate for {names}, until {until}{more}"))
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::cli::doctor::State;

    const NOW: OffsetDateTime = time::macros::datetime!(2026-06-01 0:00 UTC);

    /// What is found of a certificate of 90 days that ends in `days`.
    fn found(certificate: Certificate, failures: i32) -> Finding {
        let names = vec!["id.example.com".to_owned()];
        let wanted = Wanted { directory: String::new(), names };
        judge(&wanted, &Seen { certificate, failures, instead: None }, NOW)
    }

    fn ending_in(days: i64) -> Certificate {
        let until = NOW + Duration::days(days);
        Certificate::Usable(Validity { from: until - Duration::days(90), until })
    }

    #[test]
    fn it_says_whether_there_is_one_and_what_to_do() {
        for (certificate, failures, state) in [
            (Certificate::Missing, 0, State::Note),
            (Certificate::Missing, 2, State::Fail),
            (Certificate::Unusable("it is no PEM".to_owned()), 0, State::Fail),
            (ending_in(45), 0, State::Ok),
            (ending_in(45), 1, State::Note),
            (ending_in(0), 3, State::Fail),
        ] {
            let finding = found(certificate, failures);
            assert_eq!(finding.state, state, "{}", finding.found);
            assert!(finding.found.contains("id.example.com"));
        }
    }

    #[test]
    fn a_renewal_that_is_overdue_is_told_and_fails_once_the_end_is_near() {
        assert_eq!(found(ending_in(30), 0).state, State::Ok);
        let overdue = found(ending_in(29), 0);
        assert_eq!(overdue.state, State::Note);
        assert!(overdue.found.contains("to be renewed since"), "{}", overdue.found);
        assert_eq!(found(ending_in(15), 0).state, State::Note);
        assert_eq!(found(ending_in(14), 0).state, State::Fail);
    }
}
