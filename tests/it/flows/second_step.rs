//! The pages of a second step, looked at as the others are.

use crate::flows::accessibility::Inspector;
use crate::support::server::Server;

#[tokio::test]
async fn the_pages_of_a_second_step_are_for_everybody() {
    let server = Server::start().await;
    let policy = "[policy]\nmfa = \"everyone\"\nemail_codes = true\ntrusted_device = \"30d\"\n\
        mfa_grace = \"7d\"\n[[policy.mfa_rules]]\nrole = \"finance\"\nfactors = [\"passkey\"]\n";
    server.apply(policy).await;
    let people = "[[user]]\nusername = \"una\"\nemail = \"una@example.com\"\n\
        password = \"correct horse battery staple\"\n\
        [[user]]\nusername = \"carol\"\nemail = \"carol@example.com\"\nemail_verified = true\n";
    server.apply(people).await;
    let mut connection = server.db.connect().await;
    let codes = "insert into recovery_codes (user_id, code_hash, created_at)
        select id, sha256('x'::bytea), now() from users where username = 'carol'";
    sqlx::query(codes).execute(&mut connection).await.unwrap();
    let mut inspector = Inspector::at(server).await;
    inspector.open("/login").await;
    inspector.screen.sign_in("carol").await;
    inspector.look("code-trust", "#trust").await;
    inspector.screen.press("#other-ways summary").await;
    inspector.look("ways", ".way").await;
    inspector.screen.press("a[href*='way=mail']").await;
    inspector.look("mail-send", "#mail-send").await;
    inspector.screen.press("#mail-send").await;
    inspector.look("mail-code", "#mail-again").await;
    inspector.screen.fill("code", "00000000").await;
    inspector.screen.press("#code-submit").await;
    inspector.look("mail-code-error", "#error-summary").await;
    inspector.open("/login").await;
    inspector.screen.sign_in("una").await;
    inspector.look("enrol-grace", "#enrol-later").await;
    inspector.finish().await;
}
