//! What a sign-in with a passkey costs the database, counted on the wire between the two.

use std::sync::{Arc, Mutex};

use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::{TcpListener, UnixStream};

use super::{LOGIN, Visit, passkey_of};
use crate::support::db::Db;
use crate::support::server::{STOCK, Server};

/// What was asked, one text per round trip: a question ends with `Sync`, or is a simple query.
type Asked = Arc<Mutex<Vec<String>>>;

/// Stands between a server and PostgreSQL and writes down what is asked.
async fn listener(socket: String) -> (u16, Asked) {
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let (port, asked) = (listener.local_addr().unwrap().port(), Asked::default());
    let seen = Arc::clone(&asked);
    tokio::spawn(async move {
        loop {
            let (client, _) = listener.accept().await.unwrap();
            let database = UnixStream::connect(&socket).await.unwrap();
            let (mut from_client, mut to_client) = client.into_split();
            let (mut from_database, mut to_database) = database.into_split();
            let seen = Arc::clone(&seen);
            tokio::spawn(async move {
                tokio::io::copy(&mut from_database, &mut to_client).await.ok();
            });
            tokio::spawn(async move {
                let mut reader = Reader::default();
                let mut buffer = vec![0; 64 * 1024];
                while let Ok(read @ 1..) = from_client.read(&mut buffer).await {
                    reader.feed(&buffer[..read], &seen);
                    if to_database.write_all(&buffer[..read]).await.is_err() {
                        return;
                    }
                }
            });
        }
    });
    (port, asked)
}

/// Whether TLS is spoken, asked before a connection starts.
const SSL_REQUEST: [u8; 4] = [0x04, 0xd2, 0x16, 0x2f];

/// Reads one connection's frontend messages.
#[derive(Default)]
struct Reader {
    bytes: Vec<u8>,
    has_started: bool,
    statements: std::collections::HashMap<String, String>,
    now: String,
}

impl Reader {
    fn feed(&mut self, bytes: &[u8], asked: &Asked) {
        self.bytes.extend_from_slice(bytes);
        loop {
            let head = if self.has_started { 1 } else { 0 };
            let Some(length) = self.bytes.get(head..head + 4) else { return };
            let length = u32::from_be_bytes(length.try_into().unwrap()) as usize;
            if self.bytes.len() < head + length {
                return;
            }
            let message: Vec<u8> = self.bytes.drain(..head + length).collect();
            if self.has_started {
                self.read(message[0], &message[5..], asked);
            } else {
                self.has_started = message.get(4..8) != Some(&SSL_REQUEST);
            }
        }
    }

    fn read(&mut self, kind: u8, body: &[u8], asked: &Asked) {
        let mut texts = body.split(|byte| *byte == 0).map(|text| String::from_utf8_lossy(text));
        let mut next = || texts.next().unwrap_or_default().into_owned();
        match kind {
            // A connection prepares a statement once in its life; that is not counted.
            b'P' => {
                let (name, text) = (next(), next());
                self.statements.insert(name, text);
            }
            b'B' => {
                let (_, name) = (next(), next());
                self.now = self.statements.get(&name).cloned().unwrap_or(name);
            }
            b'Q' => asked.lock().unwrap().push(next()),
            b'S' => asked.lock().unwrap().push(std::mem::take(&mut self.now)),
            _ => {}
        }
    }
}

/// What the node does by itself, whoever signs in: the change feed, and the check that a connection
/// from the pool still leads to a server that writes.
fn is_housekeeping(text: &str) -> bool {
    text.is_empty()
        || ["from feed", "pg_current_snapshot", "transaction_read_only", "from signing_keys"]
            .iter()
            .any(|part| text.contains(part))
        || ["LISTEN", "listen"].iter().any(|part| text.starts_with(part))
}

#[tokio::test]
async fn the_request_that_finishes_a_sign_in_makes_three_round_trips_at_most() {
    let db = Arc::new(Db::fresh().await);
    let url = url::Url::parse(db.url()).unwrap();
    let directory = url.query_pairs().find(|(name, _)| name == "host").unwrap().1.into_owned();
    let port = url.port().unwrap_or(5432);
    let (listening, asked) = listener(format!("{directory}/.s.PGSQL.{port}")).await;
    let mut through = url.clone();
    through.set_query(None);
    through.set_host(Some("127.0.0.1")).unwrap();
    through.set_port(Some(listening)).unwrap();
    let server = Server::over(Arc::new(Db::elsewhere(through.to_string())), &[]).await;
    server.apply(STOCK).await;
    let mut soft = passkey_of(&server, "bob").await;
    // A second one, so that every connection has prepared what it needs.
    for round in 0..6 {
        let mut visit = Visit::at_login(&server).await;
        let challenge = visit.challenge(LOGIN, &[]).await;
        let credential = soft.get(&challenge["publicKey"]);
        asked.lock().unwrap().clear();
        let page = visit.answer(LOGIN, &challenge, &credential).await;
        let mut asked: Vec<String> = std::mem::take(&mut *asked.lock().unwrap());
        assert_eq!(page.status, 303, "{}", page.body);
        asked.retain(|text| !is_housekeeping(text));
        assert!(asked.iter().any(|text| text.contains("webauthn_keys")), "{asked:#?}");
        assert!(asked.len() <= 3, "round {round}: {asked:#?}");
    }
}
