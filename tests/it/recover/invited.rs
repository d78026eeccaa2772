//! Invitations: by the console, the API and the command line.

use portcullis::manage::joining::{self, InviteForm};

use super::{NEW, path_in, press};
use crate::support::browser::Browser;
use crate::support::server::Server;

async fn invite(server: &Server, form: InviteForm) -> String {
    let post = server.post();
    let (_, url) =
        server.manage(async |cx| joining::invite(&cx, &post, &form).await.unwrap()).await;
    url
}

fn dora() -> InviteForm {
    InviteForm {
        email: "dora@example.com".to_owned(),
        username: None,
        roles: Some(vec!["editor".to_owned()]),
        claims: None,
    }
}

/// An administrator at the console.
async fn administrator(server: &Server) -> Browser {
    let mut browser = server.browser();
    let page = browser.get("/admin").await;
    let page = browser.follow(page).await;
    let page = browser.go_through(server, page, "alice").await;
    assert!(page.body.contains("Overview"), "{}", page.body);
    browser
}

#[tokio::test]
async fn an_invited_person_chooses_name_and_password_and_has_the_roles_they_were_given() {
    let server = Server::start().await;
    let url = invite(&server, dora()).await;
    let link =
        path_in(&server.letters("dora@example.com", 1).await[0].text_body, "/signup/invited");
    assert!(url.ends_with(&link));
    let fields = [("username", "dora"), ("password", NEW)];
    assert_eq!(press(&mut server.browser(), &link, &fields).await.status, 200);
    let made = "select count(*) from users where username = 'dora' and email_verified \
        and roles = '{editor}'";
    assert_eq!(server.number(made).await, 1);
}

#[tokio::test]
async fn a_name_that_was_given_is_not_chosen_again() {
    let server = Server::start().await;
    let form = InviteForm { username: Some("Dora".to_owned()), ..dora() };
    let url = invite(&server, form).await;
    let fields = [("username", "mallory"), ("password", NEW)];
    assert_eq!(
        press(&mut server.browser(), &path_in(&url, "/signup/invited"), &fields).await.status,
        200
    );
    assert_eq!(server.number("select count(*) from users where username = 'dora'").await, 1);
    assert_eq!(server.number("select count(*) from users where username = 'mallory'").await, 0);
}

#[tokio::test]
async fn a_second_invitation_takes_the_place_of_the_first_and_can_be_asked_for_again() {
    let server = Server::start().await;
    let first = path_in(&invite(&server, dora()).await, "/signup/invited");
    let second = path_in(&invite(&server, dora()).await, "/signup/invited");
    assert_eq!(server.browser().get(&first).await.status, 410);
    assert_eq!(server.browser().get(&second).await.status, 200);
    server.apply("[policy]\nsign_up = \"invitation\"\n").await;
    let mut browser = server.browser();
    let page = browser.get("/signup").await;
    browser.submit(&page, &[("email", "Dora@example.com")]).await;
    let letters = server.letters("dora@example.com", 3).await;
    let third = path_in(&letters[0].text_body, "/signup/invited");
    let fields = [("username", "dora"), ("password", NEW)];
    assert_eq!(press(&mut server.browser(), &third, &fields).await.status, 200);
    let made = "select count(*) from users where username = 'dora' and roles = '{editor}'";
    assert_eq!(server.number(made).await, 1, "what was decided is kept");
}

#[tokio::test]
async fn who_has_an_account_is_not_invited() {
    let server = Server::start().await;
    let post = server.post();
    let taken =
        [("bob@example.com", None), ("BOB@example.com", None), ("x@example.com", Some("bob"))];
    for (email, username) in taken {
        let form = InviteForm {
            email: email.to_owned(),
            username: username.map(str::to_owned),
            ..InviteForm::default()
        };
        let refused = server.manage(async |cx| joining::invite(&cx, &post, &form).await).await;
        assert!(refused.is_err(), "{email}");
    }
    assert_eq!(server.number("select count(*) from mails").await, 0);
}

#[tokio::test]
async fn an_administrator_invites_and_withdraws_in_the_console() {
    let server = Server::start().await;
    let mut browser = administrator(&server).await;
    let page = browser.get("/admin/users/invite").await;
    let bad = browser.submit(&page, &[("email", "nonsense")]).await;
    assert_eq!(bad.status, 422, "{}", bad.body);
    let sent = browser.submit(&page, &[("email", "dora@example.com"), ("roles", "editor")]).await;
    assert_eq!(sent.status, 303, "{}", sent.body);
    let list = browser.follow(sent).await;
    assert!(list.body.contains("dora@example.com") && list.body.contains("on its way"));
    let link =
        path_in(&server.letters("dora@example.com", 1).await[0].text_body, "/signup/invited");
    assert!(!list.body.contains("pc_ml_"), "the secret is for the mail only");
    let from = list.body.find("/admin/users/invitations/").unwrap();
    let withdraw = list.body[from..].split('"').next().unwrap().to_owned();
    let page = browser.get(&withdraw).await;
    let done = browser.submit(&page, &[]).await;
    assert_eq!(done.status, 303, "{}", done.body);
    assert_eq!(server.browser().get(&link).await.status, 410);
}

#[tokio::test]
async fn only_administrators_invite() {
    let server = Server::start().await;
    let mut bob = server.signed_in("bob").await;
    assert_eq!(bob.get("/admin/users/invite").await.status, 403);
    assert_eq!(bob.get("/admin/users/invitations").await.status, 403);
}
