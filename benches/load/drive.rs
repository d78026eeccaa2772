//! The closed loop: each virtual user sends its next request when it has its answer.

use std::collections::BTreeMap;
use std::net::SocketAddr;
use std::sync::Arc;
use std::sync::atomic::{AtomicU8, Ordering};
use std::time::{Duration, Instant};

use axum::response::Response;
use bytes::Bytes;
use http_body_util::{BodyExt as _, Full};
use hyper::client::conn::http1::{self, SendRequest};
use hyper_util::rt::TokioIo;
use tokio::net::TcpStream;

use crate::flow::{Carry, Flow};
use crate::form::Sent;
use crate::usage::{Processes, Usage};

/// How long an answer may take.
const PATIENCE: Duration = Duration::from_secs(30);

/// What was measured of one flow.
#[derive(Debug, Default, Clone)]
pub struct Measured {
    pub per_second: f64,
    pub p50_ms: f64,
    pub p99_ms: f64,
    /// CPU seconds for 1,000 requests, of the server and of the database.
    pub server_cpu: f64,
    pub database_cpu: f64,
    pub rss_mib: f64,
    pub errors: BTreeMap<String, usize>,
}

/// How long, and with how many.
#[derive(Clone, Copy)]
pub struct Load {
    pub warm_up: Duration,
    pub measured: Duration,
    pub connections: usize,
}

#[derive(Default)]
struct Tally {
    micros: Vec<u32>,
    answered: usize,
    errors: BTreeMap<String, usize>,
}

const WARM_UP: u8 = 0;
const MEASURED: u8 = 1;
const STOP: u8 = 2;

/// Drives `flow` against `address`.
pub async fn drive(
    flow: Arc<Flow>,
    address: SocketAddr,
    load: Load,
    watched: Processes,
) -> Measured {
    let phase = Arc::new(AtomicU8::new(WARM_UP));
    let users: Vec<_> = (0..load.connections)
        .map(|_| tokio::spawn(user(Arc::clone(&flow), address, Arc::clone(&phase))))
        .collect();
    tokio::time::sleep(load.warm_up).await;
    let (before, began) = (Usage::of(watched), Instant::now());
    phase.store(MEASURED, Ordering::Relaxed);
    let mut rss_mib: f64 = 0.0;
    while began.elapsed() < load.measured && users.iter().any(|user| !user.is_finished()) {
        tokio::time::sleep(Duration::from_millis(100)).await;
        rss_mib = rss_mib.max(watched.server_rss_mib());
    }
    phase.store(STOP, Ordering::Relaxed);
    let (after, seconds) = (Usage::of(watched), began.elapsed().as_secs_f64());
    let mut all = Tally::default();
    for user in users {
        let tally = user.await.unwrap();
        all.micros.extend(tally.micros);
        all.answered += tally.answered;
        for (name, count) in tally.errors {
            *all.errors.entry(name).or_default() += count;
        }
    }
    all.micros.sort_unstable();
    let thousands = all.answered.max(1) as f64 / 1000.0;
    Measured {
        per_second: all.micros.len() as f64 / seconds,
        p50_ms: all.quantile(0.5),
        p99_ms: all.quantile(0.99),
        server_cpu: (after.server - before.server) / thousands,
        database_cpu: (after.database - before.database) / thousands,
        rss_mib,
        errors: all.errors,
    }
}

impl Tally {
    fn quantile(&self, part: f64) -> f64 {
        let index = (self.micros.len() as f64 * part) as usize;
        self.micros.get(index).map_or(0.0, |micros| f64::from(*micros) / 1000.0)
    }
}

async fn user(flow: Arc<Flow>, address: SocketAddr, phase: Arc<AtomicU8>) -> Tally {
    let mut tally = Tally::default();
    let mut carry = Carry::default();
    let mut connection = None;
    while phase.load(Ordering::Relaxed) < STOP {
        let Some(request) = flow.ask(&mut carry) else { break };
        let began = Instant::now();
        let judged = match exchange(&mut connection, address, request).await {
            Ok((answer, body)) => flow.judge(&answer, &body, &mut carry),
            Err(error) => {
                connection = None;
                Err(error)
            }
        };
        let micros = u32::try_from(began.elapsed().as_micros()).unwrap_or(u32::MAX);
        let refused = judged.is_err();
        if phase.load(Ordering::Relaxed) == MEASURED {
            tally.answered += 1;
            match judged {
                Ok(()) => tally.micros.push(micros),
                Err(name) => *tally.errors.entry(name).or_default() += 1,
            }
        }
        if refused {
            // Whoever is refused comes back later, or the refusals would be all that is measured.
            tokio::time::sleep(Duration::from_millis(100)).await;
        }
    }
    flow.give_back(carry);
    tally
}

type Connection = SendRequest<Full<Bytes>>;

/// Sends `request` and reads its answer, over a connection that is opened where there is none.
pub async fn exchange(
    connection: &mut Option<Connection>,
    address: SocketAddr,
    request: Sent,
) -> Result<(Response<()>, Bytes), String> {
    let sender = match connection {
        Some(sender) => sender,
        None => connection.insert(connect(address).await?),
    };
    let answered = async {
        sender.ready().await.map_err(|_| "closed".to_owned())?;
        let answer = sender.send_request(request).await.map_err(|_| "cut".to_owned())?;
        let (parts, body) = answer.into_parts();
        let body = body.collect().await.map_err(|_| "cut".to_owned())?;
        Ok((Response::from_parts(parts, ()), body.to_bytes()))
    };
    tokio::time::timeout(PATIENCE, answered).await.unwrap_or(Err("too slow".to_owned()))
}

async fn connect(address: SocketAddr) -> Result<Connection, String> {
    let stream = TcpStream::connect(address).await.map_err(|_| "not connected".to_owned())?;
    stream.set_nodelay(true).unwrap();
    let (sender, connection) = http1::handshake(TokioIo::new(stream)).await.unwrap();
    tokio::spawn(connection);
    Ok(sender)
}
