//! A port that nobody else is given.

use tokio::net::TcpSocket;

/// A free port of this machine, kept for its holder.
///
/// The socket is bound but never listens: the system neither hands the port out again nor dials
/// from it, while whoever asks for it by number, with `SO_REUSEADDR` as servers do, may listen.
pub struct Port {
    /// Its number.
    pub number: u16,
    _kept: TcpSocket,
}

impl Port {
    /// A new one.
    pub fn free() -> Self {
        let kept = TcpSocket::new_v4().unwrap();
        kept.set_reuseaddr(true).unwrap();
        kept.bind("127.0.0.1:0".parse().unwrap()).unwrap();
        Self { number: kept.local_addr().unwrap().port(), _kept: kept }
    }
}

#[tokio::test]
async fn who_asks_by_number_gets_it_and_who_asks_for_any_does_not() {
    let port = Port::free();
    let address = format!("127.0.0.1:{}", port.number);
    for _ in 0..3 {
        let listener = tokio::net::TcpListener::bind(&address).await.unwrap();
        let others: Vec<_> = (0..200).map(|_| Port::free()).collect();
        assert!(others.iter().all(|other| other.number != port.number));
        drop(listener);
    }
}
