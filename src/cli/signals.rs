//! The signals that a server heeds.

use tokio::signal::unix::{Signal, SignalKind, signal};

/// Waits for the order to end.
pub(super) struct Signals {
    terminate: Signal,
    interrupt: Signal,
}

/// SIGHUP, which by itself would end the process.
pub(super) struct HangUps(Signal);

impl HangUps {
    /// From now on it ends nothing.
    pub(super) fn listen() -> std::io::Result<Self> {
        Ok(Self(signal(SignalKind::hangup())?))
    }

    /// The next one; never, where there can be none any more.
    pub(super) async fn next(&mut self) {
        if self.0.recv().await.is_none() {
            std::future::pending::<()>().await;
        }
    }
}

/// How the order came.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Order {
    /// By SIGTERM, from whatever runs us.
    Terminate,
    /// By SIGINT, from somebody at the keyboard.
    Interrupt,
}

impl Signals {
    /// From now on signals are ours.
    pub(super) fn listen() -> std::io::Result<Self> {
        Ok(Self {
            terminate: signal(SignalKind::terminate())?,
            interrupt: signal(SignalKind::interrupt())?,
        })
    }

    /// The next order.
    pub(super) async fn next(&mut self) -> Order {
        tokio::select! {
            _ = self.terminate.recv() => Order::Terminate,
            _ = self.interrupt.recv() => Order::Interrupt,
        }
    }
}
