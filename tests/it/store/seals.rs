//! The chain of hashes over the audit log shows every change to it (SECURITY.md LG-04).

use portcullis::ambient::SystemEntropy;
use portcullis::crypto::seal::{MacKey, MasterKey, Seal};
use portcullis::crypto::secret::Fingerprint;
use portcullis::manage::audit::chain::{self, Anchor, Fault, Report};
use portcullis::manage::{self, Cx};
use portcullis::policy::permission::Actor;
use portcullis::store::audit::AuditEvent;
use portcullis::store::sessions::Origin;
use portcullis::store::sweep::{self, Sweep};
use portcullis::store::{Store, audit, audit_erasure, audit_seals};
use portcullis::tasks::seal_audit;
use time::Duration;
use tokio::task::JoinSet;
use uuid::Uuid;

use super::{connect, event, id, now};
use crate::support::db::Db;
use crate::support::server::MASTER_KEY;

/// A log with `seals` seals of two events each.
struct Log {
    store: Store,
    db: Db,
}

impl Log {
    async fn sealed(seals: usize) -> Self {
        let db = Db::fresh().await;
        // The template's keys were made there too.
        let empty = "truncate audit_events restart identity";
        sqlx::query(empty).execute(&mut db.connect().await).await.unwrap();
        let log = Self { store: connect(&db).await, db };
        for _ in 0..seals {
            log.write(2).await;
            assert_eq!(seal_audit::all(&log.store).await.unwrap(), 1);
        }
        log
    }

    async fn write(&self, events: usize) {
        let events: Vec<_> = (0..events).map(|_| event("test.happened")).collect();
        audit::insert_many(self.store.pool(), &events).await.unwrap();
    }

    /// What somebody with the database's password does.
    async fn tamper(&self, sql: &'static str) {
        let done = sqlx::query(sql).execute(&mut self.db.connect().await).await.unwrap();
        assert_eq!(done.rows_affected(), 1, "{sql}");
    }

    async fn report(&self, anchor: Option<Anchor>) -> Report {
        let key = MasterKey::parse(MASTER_KEY).unwrap();
        let (seal, pepper) = (Seal::new(&key, &[]), MacKey::derive(&key, "pepper"));
        let cx = Cx {
            store: &self.store,
            now: now(),
            entropy: &SystemEntropy,
            actor: &Actor::Cli,
            origin: &Origin::default(),
            secrets: manage::Secrets { seal: &seal, pepper: &pepper },
            longest_token: Duration::days(1),
        };
        chain::verify(&cx, anchor).await.unwrap()
    }

    async fn fault(&self) -> Option<Fault> {
        self.report(None).await.fault
    }
}

#[tokio::test]
async fn an_untouched_log_fits_and_says_what_is_not_sealed_yet() {
    let log = Log::sealed(3).await;
    log.write(4).await;
    let report = log.report(None).await;
    assert_eq!((report.fault, report.seals, report.rows, report.pending), (None, 3, 6, 4));
    assert_eq!((report.oldest, report.newest.unwrap().number), (Some(1), 3));
    assert!(report.pending_since.is_some());
}

#[tokio::test]
async fn an_empty_log_fits() {
    let log = Log::sealed(0).await;
    assert_eq!(seal_audit::all(&log.store).await.unwrap(), 0);
    let report = log.report(None).await;
    assert_eq!((report.fault, report.seals, report.newest), (None, 0, None));
}

#[tokio::test]
async fn a_changed_row_is_found_whatever_was_changed_in_it() {
    for change in [
        "update audit_events set action = 'test.other' where seq = 3",
        "update audit_events set at = at + interval '1 microsecond' where seq = 3",
        "update audit_events set outcome = 'refused' where seq = 3",
        "update audit_events set count = 2 where seq = 3",
        "update audit_events set actor_kind = 'system' where seq = 3",
        "update audit_events set actor_id = null where seq = 3",
        "update audit_events set target_kind = '' where seq = 3",
        "update audit_events set target_id = 'x' where seq = 3",
        "update audit_events set client_id = 'shop' where seq = 3",
        "update audit_events set user_id = id where seq = 3",
        "update audit_events set session_id = id where seq = 3",
        "update audit_events set address = '::1' where seq = 3",
        "update audit_events set user_agent = '' where seq = 3",
        "update audit_events set refusal_id = 'ref_x' where seq = 3",
        "update audit_events set details = '{\"n\": 1.0}' where seq = 3",
    ] {
        let log = Log::sealed(3).await;
        log.tamper(change).await;
        assert_eq!(log.fault().await, Some(Fault::Changed(2)), "{change}");
    }
}

#[tokio::test]
async fn every_column_of_an_event_is_under_the_seal() {
    let log = Log::sealed(0).await;
    let columns =
        "select count(*) from information_schema.columns where table_name = 'audit_events'";
    let count: i64 =
        sqlx::query_scalar(columns).fetch_one(&mut log.db.connect().await).await.unwrap();
    assert_eq!(count, 18, "a new column belongs into the digest and the test above");
}

#[tokio::test]
async fn a_row_that_is_gone_is_found() {
    let log = Log::sealed(3).await;
    log.tamper("delete from audit_events where seq = 4").await;
    assert_eq!(log.fault().await, Some(Fault::Fewer { seal: 2, rows: 1 }));
}

#[tokio::test]
async fn a_row_slipped_in_among_sealed_ones_is_found() {
    const COPY: &str = "insert into audit_events (id, seq, at, action, outcome, actor_kind)
        overriding system value select $1::text::uuid, $2::text::bigint, at, action, outcome, 'cli'
        from audit_events where seq = 3";
    for (id, seq) in [
        ("00000000-0000-7000-8000-000000000000", "3"),
        ("ffffffff-ffff-7fff-bfff-ffffffffffff", "2"),
        ("ffffffff-ffff-7fff-bfff-ffffffffffff", "0"),
    ] {
        let log = Log::sealed(3).await;
        let insert = sqlx::query(COPY).bind(id).bind(seq);
        insert.execute(&mut log.db.connect().await).await.unwrap();
        assert_eq!(log.fault().await, Some(Fault::Stray(id.parse().unwrap())), "{id} {seq}");
    }
}

#[tokio::test]
async fn a_row_slipped_in_between_the_ids_of_a_seal_is_found() {
    let log = Log::sealed(3).await;
    let insert = "insert into audit_events (id, seq, at, action, outcome, actor_kind)
        overriding system value
        select uuid_in(overlay(min(id::text) placing 'ffffffffffff' from 25)::cstring), 3, min(at), 'x',
            'success', 'cli'
        from audit_events where seq in (3, 4)";
    log.tamper(insert).await;
    let fault = log.fault().await;
    assert!(matches!(fault, Some(Fault::More { seal: 2, .. } | Fault::Stray(_))), "{fault:?}");
}

#[tokio::test]
async fn a_changed_seal_is_found() {
    for (change, fault) in [
        ("update audit_seals set hash = previous where number = 2", Fault::Changed(2)),
        ("update audit_seals set previous = hash where number = 2", Fault::Unlinked(2)),
        ("update audit_seals set sealed_at = now() where number = 2", Fault::Changed(2)),
        ("update audit_seals set last_at = now() where number = 2", Fault::Changed(2)),
        ("update audit_seals set count = 3 where number = 2", Fault::Fewer { seal: 2, rows: 1 }),
        ("update audit_seals set after_seq = 3 where number = 2", Fault::Unlinked(2)),
        ("update audit_seals set after_seq = 1 where number = 1", Fault::Unlinked(1)),
        ("delete from audit_seals where number = 2", Fault::Gone(2)),
    ] {
        let log = Log::sealed(3).await;
        log.tamper(change).await;
        assert_eq!(log.fault().await, Some(fault), "{change}");
    }
}

#[tokio::test]
async fn an_end_that_was_cut_off_is_found_by_the_seal_that_was_noted() {
    let log = Log::sealed(3).await;
    let noted = log.report(None).await.newest.unwrap();
    assert_eq!(log.report(Some(noted)).await.fault, None);
    let other = Anchor { hash: Fingerprint::of(b"other"), ..noted };
    assert_eq!(log.report(Some(other)).await.fault, Some(Fault::Unanchored(3)));
    let mut connection = log.db.connect().await;
    for sql in
        ["delete from audit_events where seq > 4", "delete from audit_seals where number = 3"]
    {
        sqlx::query(sql).execute(&mut connection).await.unwrap();
    }
    assert_eq!(log.fault().await, None, "the chain alone cannot know");
    assert_eq!(log.report(Some(noted)).await.fault, Some(Fault::Unanchored(3)));
}

#[tokio::test]
async fn what_commits_late_is_neither_skipped_nor_sealed_twice() {
    let log = Log::sealed(1).await;
    let mut slow = log.store.begin().await.unwrap();
    audit::insert(&mut *slow, &event("test.slow")).await.unwrap();
    log.write(1).await;
    let horizon = audit_seals::horizon(&log.store).await.unwrap();
    assert!(!audit_seals::is_settled(&log.store, &horizon).await.unwrap(), "one still writes");
    // Whoever comes later need not be waited for.
    let mut later = log.store.begin().await.unwrap();
    audit::insert(&mut *later, &event("test.later")).await.unwrap();
    slow.commit().await.unwrap();
    assert!(audit_seals::is_settled(&log.store, &horizon).await.unwrap());
    let seal = audit_seals::lay(&log.store, horizon.upto).await.unwrap().unwrap();
    assert_eq!((seal.count, seal.upto_seq), (2, 4));
    later.commit().await.unwrap();
    assert_eq!(seal_audit::all(&log.store).await.unwrap(), 1);
    let report = log.report(None).await;
    assert_eq!((report.fault, report.rows, report.pending), (None, 5, 0));
}

#[tokio::test(flavor = "multi_thread")]
async fn many_writers_and_two_sealers_at_once_make_one_chain() {
    let log = Log::sealed(0).await;
    let mut work = JoinSet::new();
    for writer in 0..20_u64 {
        let store = log.store.clone();
        work.spawn(async move {
            for turn in 0..10 {
                let mut tx = store.begin().await.unwrap();
                audit::insert(&mut *tx, &event("test.written")).await.unwrap();
                tokio::time::sleep(std::time::Duration::from_millis((writer * 7 + turn) % 20))
                    .await;
                // Every fifth is taken back: its number stays a gap.
                if writer % 5 > 0 {
                    tx.commit().await.unwrap();
                }
            }
        });
    }
    for _ in 0..2 {
        let store = connect(&log.db).await;
        work.spawn(async move {
            for _ in 0..15 {
                seal_audit::all(&store).await.unwrap();
            }
        });
    }
    work.join_all().await;
    seal_audit::all(&log.store).await.unwrap();
    let report = log.report(None).await;
    assert_eq!((report.fault, report.rows, report.pending), (None, 160, 0));
}

#[tokio::test]
async fn more_rows_than_one_seal_holds_take_several() {
    let log = Log::sealed(0).await;
    log.write(1_100).await;
    assert_eq!(seal_audit::all(&log.store).await.unwrap(), 3);
    let report = log.report(None).await;
    assert_eq!((report.fault, report.rows, report.seals), (None, 1_100, 3));
}

#[tokio::test]
async fn the_chain_holds_from_the_oldest_seal_that_is_kept() {
    let log = Log::sealed(2).await;
    let later = now() + Duration::seconds(1);
    tokio::time::sleep(std::time::Duration::from_millis(1_100)).await;
    log.write(2).await;
    seal_audit::all(&log.store).await.unwrap();
    log.write(1).await;
    assert_eq!(sweep::batch(log.store.pool(), Sweep::AuditEvents, later).await.unwrap(), 4);
    let report = log.report(None).await;
    assert_eq!((report.fault, report.oldest, report.rows, report.pending), (None, Some(3), 2, 1));
    // The newest seal stays however old it is, and what nobody sealed.
    let much_later = now() + Duration::days(900);
    assert_eq!(sweep::batch(log.store.pool(), Sweep::AuditEvents, much_later).await.unwrap(), 0);
    seal_audit::all(&log.store).await.unwrap();
    let report = log.report(None).await;
    assert_eq!((report.fault, report.oldest, report.rows), (None, Some(3), 3));
}

/// Two seals of two events each, of which the second and the third are about a person.
async fn about_somebody() -> (Log, Uuid) {
    let (log, user_id) = (Log::sealed(0).await, id());
    let mut about = event("login.succeeded");
    about.user_id = Some(user_id);
    about.address = Some("203.0.113.7".parse().unwrap());
    about.user_agent = Some("Browser".to_owned());
    for first_is_theirs in [false, true] {
        let mut events = [AuditEvent { id: id(), ..about.clone() }, event("test.happened")];
        if !first_is_theirs {
            events.reverse();
        }
        audit::insert_many(log.store.pool(), &events).await.unwrap();
        seal_audit::all(&log.store).await.unwrap();
    }
    (log, user_id)
}

#[tokio::test]
async fn a_person_who_is_erased_leaves_a_chain_that_fits_and_no_salt_to_guess_by() {
    let (log, user_id) = about_somebody().await;
    let noted = log.report(None).await.newest;
    let mut tx = log.store.begin().await.unwrap();
    assert_eq!(audit_erasure::pseudonymise(&mut tx, user_id).await.unwrap(), 2);
    assert_eq!(audit_erasure::pseudonymise(&mut tx, user_id).await.unwrap(), 0);
    let erased = AuditEvent { user_id: Some(user_id), ..event("account.erase") };
    audit::insert(&mut *tx, &erased).await.unwrap();
    tx.commit().await.unwrap();
    let report = log.report(noted).await;
    assert_eq!((report.fault, report.rows, report.pending), (None, 4, 1));
    let left =
        "select count(*) from audit_events where address is not null or user_agent is not null";
    let mut connection = log.db.connect().await;
    assert_eq!(sqlx::query_scalar::<_, i64>(left).fetch_one(&mut connection).await.unwrap(), 0);
    let salts = "select salts from audit_seals order by number";
    let salts: Vec<Vec<u8>> = sqlx::query_scalar(salts).fetch_all(&mut connection).await.unwrap();
    assert_eq!((&salts[0][16..], &salts[1][..16]), (&[0; 16][..], &[0; 16][..]));
    assert!(salts[0][..16] != [0; 16] && salts[1][16..] != [0; 16], "the others keep theirs");
}

#[tokio::test]
async fn a_row_that_is_blanked_without_an_erased_account_is_found() {
    let (log, user_id) = about_somebody().await;
    let mut tx = log.store.begin().await.unwrap();
    audit_erasure::pseudonymise(&mut tx, user_id).await.unwrap();
    tx.commit().await.unwrap();
    assert!(matches!(log.fault().await, Some(Fault::Blanked(_))));
}

#[tokio::test]
async fn what_was_erased_cannot_be_filled_in_anew() {
    let (log, user_id) = about_somebody().await;
    let mut tx = log.store.begin().await.unwrap();
    audit_erasure::pseudonymise(&mut tx, user_id).await.unwrap();
    tx.commit().await.unwrap();
    log.tamper("update audit_events set address = '203.0.113.8' where seq = 2").await;
    assert_eq!(log.fault().await, Some(Fault::Changed(1)));
}
