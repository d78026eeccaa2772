//! Sends the mails that are due, and tries again with growing pauses when no server takes them.

use std::sync::Arc;
use std::time::Duration;

use lettre::message::{Mailbox, MultiPart};
use lettre::{AsyncSmtpTransport, AsyncTransport, Message, Tokio1Executor};
use tokio::sync::watch;

use crate::ambient::Clock;
use crate::crypto::secret::Secret;
use crate::store::mails::{self, Mail};
use crate::store::{Store, StoreError};

/// How often it looks.
const EVERY: Duration = Duration::from_secs(5);
/// How long a mail that was taken is left alone, should this node die with it.
const LEASE: time::Duration = time::Duration::minutes(2);
/// The longest pause between two tries.
const LONGEST_PAUSE: time::Duration = time::Duration::hours(1);
/// How many are sent at a time.
const BATCH: i64 = 20;

/// Why mail cannot be set up.
#[derive(Debug, thiserror::Error)]
pub enum OutboxError {
    /// The address of the mail server is not one.
    #[error("the mail server's address is not usable: {0}")]
    Server(#[from] lettre::transport::smtp::Error),
    /// The sender is not a mail address.
    #[error("the sender is not a mail address: {0}")]
    Sender(#[from] lettre::address::AddressError),
}

/// A mail server and the sender it is used with.
pub struct Outbox {
    transport: AsyncSmtpTransport<Tokio1Executor>,
    sender: Mailbox,
}

impl Outbox {
    /// The server at `smtp_url`, sending as `from`.
    ///
    /// # Errors
    /// Where either is not an address.
    pub fn new(smtp_url: &Secret, from: &str) -> Result<Self, OutboxError> {
        let transport = AsyncSmtpTransport::<Tokio1Executor>::from_url(smtp_url.expose())?
            .timeout(Some(Duration::from_secs(10)))
            .build();
        Ok(Self { transport, sender: from.parse()? })
    }

    /// Hands the mail to the server, under the same Message-ID at each try: one that was taken twice
    /// can be told.
    async fn send(&self, mail: &Mail) -> Result<(), Box<dyn std::error::Error + Send + Sync>> {
        let message = Message::builder()
            .from(self.sender.clone())
            .to(mail.recipient.parse()?)
            .subject(&mail.subject)
            .message_id(Some(format!("<{}@{}>", mail.id, self.sender.email.domain())))
            .multipart(MultiPart::alternative_plain_html(
                mail.text_body.clone(),
                mail.html_body.clone(),
            ))?;
        self.transport.send(message).await?;
        Ok(())
    }
}

/// Sends what is due until `stop`.
pub async fn run(
    store: Store,
    outbox: Outbox,
    clock: Arc<dyn Clock>,
    mut stop: watch::Receiver<bool>,
) {
    while !*stop.borrow() {
        if let Err(error) = round(&store, &outbox, clock.as_ref()).await {
            tracing::warn!(%error, "the outbox waits for Postgres");
        }
        tokio::select! {
            () = tokio::time::sleep(EVERY) => {}
            _ = stop.changed() => {}
        }
    }
}

async fn round(store: &Store, outbox: &Outbox, clock: &dyn Clock) -> Result<(), StoreError> {
    for mail in mails::take_due(store.pool(), clock.now(), LEASE, BATCH).await? {
        match outbox.send(&mail).await {
            Ok(()) => {
                mails::mark_sent(store.pool(), mail.id, clock.now()).await?;
            }
            Err(error) => {
                tracing::warn!(mail = %mail.id, tries = mail.tries, %error, "a mail was not taken");
                let next = clock.now() + pause(mail.tries);
                mails::mark_failed(store.pool(), mail.id, &error.to_string(), next).await?;
            }
        }
    }
    Ok(())
}

/// How long to wait after so many tries: 30 s, doubling, up to an hour.
fn pause(tries: i32) -> time::Duration {
    let doubled = 1_i32.checked_shl(u32::try_from(tries).unwrap_or(0).min(16)).unwrap_or(i32::MAX);
    time::Duration::seconds(30).saturating_mul(doubled).min(LONGEST_PAUSE)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_pauses_grow_to_an_hour() {
        let pauses: Vec<_> = [0, 1, 2, 7, 1_000].into_iter().map(pause).collect();
        let minutes = [0.5, 1.0, 2.0, 60.0, 60.0].map(|m| time::Duration::seconds_f64(m * 60.0));
        assert_eq!(pauses, minutes);
    }
}
