//! The certificate that the server gets by itself: whether there is one, and for how long.

use time::OffsetDateTime;

use super::Finding;
use crate::cli::output::instant;
use crate::cli::place::Desk;
use crate::config::{self, Config};
use crate::crypto::acme::Validity;
use crate::store::Result;
use crate::store::acme::{self, Wanted};

const CHECK: &str = "tls";
const MEND: &str = "port 443 of each name must lead to a listener of this server; the audit log says under \
                    certificate.failed what the authority answered";

/// Looks at what the database has.
pub(super) async fn look(config: &Config, desk: &Desk, now: OffsetDateTime) -> Option<Finding> {
    let acme = config.acme.as_ref()?;
    let names = config::Acme::names(config.issuer.url(), config.mtls.url.as_deref());
    let wanted = Wanted { directory: acme.directory.to_string(), names };
    Some(match found(desk, &wanted).await {
        Ok((validity, failures)) => judge(&wanted, validity, failures, now),
        Err(error) => Finding::fail(CHECK, error.to_string(), "see the database's log"),
    })
}

async fn found(desk: &Desk, wanted: &Wanted) -> Result<(Option<Validity>, i32)> {
    let pool = desk.store().pool();
    let stored = acme::find(pool, wanted).await?;
    let validity = stored.and_then(|stored| Validity::of_chain(&stored.chain));
    Ok((validity, acme::failures(pool, wanted).await?))
}

fn judge(
    wanted: &Wanted,
    validity: Option<Validity>,
    failures: i32,
    now: OffsetDateTime,
) -> Finding {
    let names = wanted.names.join(" and ");
    let tries = match failures {
        0 => String::new(),
        1 => ", and the last try for another failed".to_owned(),
        many => format!(", and the last {many} tries for another failed"),
    };
    match validity {
        None if failures == 0 => {
            let found = format!("no certificate for {names} yet");
            Finding::note(CHECK, found, "a running server gets one by itself")
        }
        None => Finding::fail(CHECK, format!("no certificate for {names}{tries}"), MEND),
        Some(validity) if validity.until <= now => {
            Finding::fail(CHECK, format!("the certificate for {names} is expired{tries}"), MEND)
        }
        Some(validity) => {
            let found =
                format!("a certificate for {names}, until {}{tries}", instant(validity.until));
            if failures == 0 {
                Finding::ok(CHECK, found)
            } else {
                Finding::note(CHECK, found, MEND)
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use time::Duration;

    use super::*;
    use crate::cli::doctor::State;

    #[test]
    fn it_says_whether_there_is_one_and_what_to_do() {
        let wanted = Wanted { directory: String::new(), names: vec!["id.example.com".to_owned()] };
        let now = OffsetDateTime::UNIX_EPOCH + Duration::days(20_000);
        let until =
            |days| Validity { from: now - Duration::DAY, until: now + Duration::days(days) };
        for (validity, failures, state) in [
            (None, 0, State::Note),
            (None, 2, State::Fail),
            (Some(until(30)), 0, State::Ok),
            (Some(until(30)), 1, State::Note),
            (Some(until(0)), 3, State::Fail),
        ] {
            let finding = judge(&wanted, validity, failures, now);
            assert_eq!(finding.state, state, "{}", finding.found);
            assert!(finding.found.contains("id.example.com"));
        }
    }
}
