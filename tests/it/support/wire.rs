//! Bytes on the wire, for what no HTTP client would send.

use std::time::Duration;

use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::TcpStream;

use crate::support::server::Server;

impl Server {
    /// What comes back for `bytes` until the server closes or says no more for a while.
    pub async fn wire(&self, bytes: &[u8]) -> String {
        let mut stream =
            TcpStream::connect(self.address.trim_start_matches("http://")).await.unwrap();
        let _ = stream.write_all(bytes).await;
        let mut answer = Vec::new();
        let mut buffer = [0; 4096];
        while let Ok(Ok(read @ 1..)) =
            tokio::time::timeout(Duration::from_millis(700), stream.read(&mut buffer)).await
        {
            answer.extend_from_slice(&buffer[..read]);
            if answer.windows(4).any(|four| four == b"\r\n\r\n") && read < buffer.len() {
                break;
            }
        }
        String::from_utf8_lossy(&answer).into_owned()
    }

    /// The status for a request whose first line is `line`, at the right host.
    pub async fn wire_status(&self, line: &str, headers: &str) -> u16 {
        let host = self.issuer.trim_start_matches("http://");
        let request = format!("{line}\r\nHost: {host}\r\n{headers}\r\n");
        let answer = self.wire(request.as_bytes()).await;
        answer.split(' ').nth(1).and_then(|status| status.parse().ok()).unwrap_or(0)
    }
}
