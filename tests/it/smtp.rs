//! Mail goes out by SMTP, and is tried again when no server takes it.

use portcullis::ambient::{self, SystemEntropy};
use portcullis::store::mails::{self, Mail};
use time::Duration;
use tokio::io::{AsyncBufReadExt as _, AsyncWriteExt as _, BufStream};
use tokio::net::{TcpListener, TcpStream};
use tokio::sync::mpsc::{UnboundedReceiver, UnboundedSender, unbounded_channel};
use uuid::Uuid;

use crate::support::server::Server;

/// What one conversation brought.
#[derive(Debug)]
struct Delivery {
    from: String,
    to: String,
    letter: String,
}

/// A mail server (RFC 5321) on loopback that says in turn what it is told, then takes everything.
struct Post {
    address: String,
    deliveries: UnboundedReceiver<Delivery>,
}

impl Post {
    async fn start(answers: &[&'static str]) -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let address = listener.local_addr().unwrap().to_string();
        let (tell, deliveries) = unbounded_channel();
        let mut answers = answers.to_vec().into_iter();
        tokio::spawn(async move {
            while let Ok((stream, _)) = listener.accept().await {
                let _ = converse(BufStream::new(stream), &mut answers, &tell).await;
            }
        });
        Self { address, deliveries }
    }

    async fn server(&self) -> Server {
        let url = format!("smtp://{}", self.address);
        let from = ("MAIL_FROM", "Portcullis <id@example.com>");
        Server::with(&[("MAIL_SMTP_URL", &url), from]).await
    }

    /// The next letter that somebody wants to leave here.
    async fn next(&mut self) -> Delivery {
        let wait = std::time::Duration::from_secs(60);
        tokio::time::timeout(wait, self.deliveries.recv()).await.expect("no letter came").unwrap()
    }
}

async fn converse(
    mut stream: BufStream<TcpStream>,
    answers: &mut std::vec::IntoIter<&'static str>,
    tell: &UnboundedSender<Delivery>,
) -> std::io::Result<()> {
    let (mut from, mut to) = (String::new(), String::new());
    say(&mut stream, "220 post.example ESMTP").await?;
    loop {
        let mut line = String::new();
        if stream.read_line(&mut line).await? == 0 {
            return Ok(());
        }
        let answer = match line.get(..4).unwrap_or_default() {
            "EHLO" => "250-post.example\r\n250-8BITMIME\r\n250 SMTPUTF8",
            "MAIL" => {
                line.trim_end().clone_into(&mut from);
                "250 fine"
            }
            "RCPT" => {
                line.trim_end().clone_into(&mut to);
                "250 fine"
            }
            "DATA" => {
                say(&mut stream, "354 go on").await?;
                let letter = letter(&mut stream).await?;
                let _ = tell.send(Delivery { from: from.clone(), to: to.clone(), letter });
                answers.next().unwrap_or("250 taken")
            }
            "QUIT" => return say(&mut stream, "221 bye").await,
            _ => "250 fine",
        };
        say(&mut stream, answer).await?;
    }
}

async fn letter(stream: &mut BufStream<TcpStream>) -> std::io::Result<String> {
    let mut letter = String::new();
    loop {
        let mut line = String::new();
        if stream.read_line(&mut line).await? == 0 || line == ".\r\n" {
            return Ok(letter);
        }
        letter.push_str(&line);
    }
}

async fn say(stream: &mut BufStream<TcpStream>, answer: &str) -> std::io::Result<()> {
    stream.write_all(format!("{answer}\r\n").as_bytes()).await?;
    stream.flush().await
}

/// Puts a mail into the outbox.
async fn write(server: &Server) -> Uuid {
    let mail = Mail {
        id: ambient::id(server.app.now(), &SystemEntropy),
        recipient: "bob@example.org".to_owned(),
        subject: "Your sign-in".to_owned(),
        text_body: "As text.\n".to_owned(),
        html_body: "<p>As a page.</p>".to_owned(),
        created_at: server.app.now(),
        tries: 0,
        sent_at: None,
        last_error: None,
    };
    mails::insert(server.app.store.pool(), &mail).await.unwrap();
    mail.id
}

async fn read(server: &Server, id: Uuid) -> Mail {
    mails::find(server.app.store.pool(), id).await.unwrap().unwrap()
}

/// Waits until the outbox has noted what came of the mail.
async fn noted(server: &Server, id: Uuid, is_so: impl Fn(&Mail) -> bool) -> Mail {
    for _ in 0..1_200 {
        let mail = read(server, id).await;
        if is_so(&mail) {
            return mail;
        }
        tokio::time::sleep(std::time::Duration::from_millis(50)).await;
    }
    panic!("it is never noted: {:?}", read(server, id).await)
}

#[tokio::test]
async fn a_mail_reaches_its_server_as_text_and_as_a_page() {
    let mut post = Post::start(&[]).await;
    let server = post.server().await;
    let id = write(&server).await;
    let Delivery { from, to, letter } = post.next().await;
    assert!(from.starts_with("MAIL FROM:<id@example.com>"), "{from}");
    assert_eq!(to, "RCPT TO:<bob@example.org>");
    for part in [
        "From: Portcullis <id@example.com>\r\n",
        "To: bob@example.org\r\n",
        "Subject: Your sign-in\r\n",
        "Date: ",
        &format!("Message-ID: <{id}@example.com>\r\n"),
        "multipart/alternative",
        "As text.",
        "<p>As a page.</p>",
    ] {
        assert!(letter.contains(part), "{part}\n{letter}");
    }
    let sent = noted(&server, id, |mail| mail.sent_at.is_some()).await;
    assert_eq!((sent.tries, sent.last_error), (1, None));
}

#[tokio::test]
async fn a_mail_that_was_not_taken_is_tried_again_later_and_sent_once() {
    let mut post = Post::start(&["451 the box is busy"]).await;
    let server = post.server().await;
    let id = write(&server).await;
    post.next().await;
    let waiting = noted(&server, id, |mail| mail.last_error.is_some()).await;
    assert!(waiting.last_error.unwrap().contains("451"));
    assert_eq!((waiting.tries, waiting.sent_at), (1, None));

    server.clock.advance(Duration::minutes(3));
    post.next().await;
    let sent = noted(&server, id, |mail| mail.sent_at.is_some()).await;
    assert_eq!((sent.tries, sent.last_error), (2, None));
    server.clock.advance(Duration::hours(2));
    let second = write(&server).await;
    assert!(post.next().await.letter.contains(&second.to_string()), "the first is not sent again");
}

#[tokio::test]
async fn a_mail_waits_for_a_server_that_is_not_there() {
    let server =
        Server::with(&[("MAIL_SMTP_URL", "smtp://127.0.0.1:1"), ("MAIL_FROM", "id@example.com")])
            .await;
    let id = write(&server).await;
    let waiting = noted(&server, id, |mail| mail.last_error.is_some()).await;
    assert_eq!(waiting.sent_at, None);
}
