//! Nothing that was acknowledged may be lost: the proof of it sees each single entry that is.

use std::path::PathBuf;

use cutover::calendar::SimTime;
use cutover::error::Error;
use cutover::identity::rules;
use cutover::identity::table::{Audit, Legacy, View};
use cutover::identity::trees::codec::TreeKey;
use cutover::identity::trees::memory::MemoryTrees;
use cutover::identity::trees::{Tree, TreeStore};
use cutover::load::ack::{AckLog, Answered, LogEnd, LogEntry, StoreAnswer};
use cutover::load::proof::{LogProof, prove};
use cutover::load::sequence::{Deed, Sequence};
use cutover::terms::operation::{AccountId, Actor, Evidence, Identifier, Operation, Platform, Refusal};
use tempfile::TempDir;

use super::records::{as_rows, before, change, in_both, memory, rewrite, rows};

/// Accounts of a cohort, and of all that are stored: three cohorts but for one account.
const STRIDE: u64 = 4;
const STORED: usize = 11;

/// A token that is used and tried again, an identifier that two want, an account linked by its password that others try
/// to link again, and a last account that in the third cohort is not there.
fn sequence() -> Sequence {
    let deed = |actor, operation| Deed { actor, operation, refused: None };
    let link = |evidence, email| Operation::Link { evidence, identifier: Identifier::Email(email) };
    let redeem = || {
        vec![
            deed(Actor::Owner, Operation::Redeem { token: 0 }),
            deed(Actor::Owner, link(Evidence::Token(0), 0)),
            deed(Actor::System, Operation::RevokeSessions),
        ]
    };
    let sign_in = deed(Actor::Owner, Operation::SignIn(Platform::Legacy));
    let issue = deed(Actor::System, Operation::IssueToken { token: 0, expires: SimTime(90) });
    let parts = vec![
        (AccountId(0), SimTime(1), true, vec![issue]),
        (AccountId(0), SimTime(20), true, redeem()),
        (AccountId(0), SimTime(30), true, redeem()),
        (
            AccountId(2),
            SimTime(40),
            false,
            vec![sign_in, deed(Actor::Owner, link(Evidence::LegacyPassword, 0))],
        ),
        (
            AccountId(2),
            SimTime(41),
            false,
            vec![sign_in, deed(Actor::Owner, link(Evidence::LegacyPassword, 2))],
        ),
        (
            AccountId(2),
            SimTime(42),
            false,
            vec![sign_in, deed(Actor::Owner, link(Evidence::LegacyPassword, 3))],
        ),
        (AccountId(3), SimTime(50), true, vec![sign_in]),
    ];
    Sequence::new(SimTime(0), 100, STRIDE, parts).expect("a sequence")
}

/// Sends a request, as a player does.
fn send(store: &dyn TreeStore, sequence: &Sequence, place: u64) -> Answered {
    let turn = sequence.turn(place);
    let answer = change(store, |view| {
        let legacy = view.get::<Legacy>(turn.account).expect("read");
        let (first_audit, mut refused) = (legacy.map_or(0, |legacy| legacy.audits), 0);
        for (n, deed) in turn.deeds().enumerate() {
            let answer =
                rules::apply(view, turn.account, turn.request.at, deed.actor, deed.operation).expect("applied");
            refused |= u32::from(answer.is_err()) << n;
        }
        StoreAnswer::Acknowledged { first_audit, refused, as_predicted: true }
    });
    Answered {
        place,
        due_us: 0,
        late_us: 0,
        begun_us: 0,
        done_us: 1,
        answer,
    }
}

/// A test that was played, and its log.
struct Played {
    sequence: Sequence,
    store: MemoryTrees,
    answers: Vec<Answered>,
    folder: TempDir,
}

impl Played {
    fn new() -> Self {
        let (sequence, store) = (sequence(), memory(&as_rows(&before(STORED))));
        let answers = (0..3 * sequence.len()).map(|place| send(&store, &sequence, place)).collect();
        Self {
            sequence,
            store,
            answers,
            folder: tempfile::tempdir().expect("a folder"),
        }
    }

    fn log(&self, answers: &[Answered]) -> PathBuf {
        let path = self.folder.path().join("acks.log");
        std::fs::write(&path, []).expect("emptied");
        let mut log = AckLog::open(&path, |_| ()).expect("opened");
        log.add(&LogEntry::Start { from_us: 0, rss_bytes: 0, opening_us: 0, killed: 0 });
        answers.iter().for_each(|answered| log.add(&LogEntry::Answered(*answered)));
        log.add(&LogEntry::End(LogEnd::default()));
        log.write().expect("written");
        path
    }

    fn prove(&self, store: &dyn TreeStore, answers: &[Answered]) -> LogProof {
        prove(store, &self.sequence, &self.log(answers)).expect("read")
    }

    /// The proof after a change of what the client was told about one request.
    fn told(&self, place: usize, how: impl Fn(&mut u32, &mut u32)) -> LogProof {
        let mut answers = self.answers.clone();
        if let StoreAnswer::Acknowledged { first_audit, refused, .. } = &mut answers[place].answer {
            how(first_audit, refused);
        }
        self.prove(&self.store, &answers)
    }
}

#[test]
fn what_is_there_is_proved_in_any_store_and_any_order() {
    let played = Played::new();
    let mut answers = played.answers.clone();
    answers.reverse();
    answers.push(Answered { place: 90, answer: StoreAnswer::Failed, ..answers[0] });
    answers.push(Answered { place: 91, answer: StoreAnswer::Unanswered, ..answers[0] });
    in_both(&rows(&played.store, None), |store| {
        let proof = played.prove(store, &answers);
        proof.must_hold().expect("nothing is lost");
        // In each cohort the token's second use and two links of the third account; and one account is not there.
        let expected = LogProof { acknowledged: 21, refused: 10, ..LogProof::default() };
        assert_eq!(proof, expected);
    });
    let first_half = &played.answers[..10];
    assert_eq!(played.prove(&played.store, first_half).acknowledged, 10, "what is not acknowledged does not matter");
}

#[test]
fn each_entry_that_is_lost_or_altered_is_missed() {
    let played = Played::new();
    let mut trail = Vec::new();
    let collect = &mut |key: &[u8], _: &[u8]| {
        trail.push(<(AccountId, u32)>::decode(key).expect("a key"));
        Ok(())
    };
    played.store.scan(Tree::Audit, collect).expect("scanned");
    assert_eq!(trail.len(), 2 * 14 + 13);
    for key in trail {
        let proof = played.prove(&memory(&rows(&played.store, Some((Tree::Audit, key.encode())))), &played.answers);
        assert_eq!((proof.acknowledged, proof.lost), (21, 1), "{key:?}");
        let said = proof.must_hold().expect_err("lost").to_string();
        assert!(said.contains(&format!("entry {} of the audit trail of account {} ", key.1, key.0.0)), "{said}");
        let altered = |how: &dyn Fn(&mut cutover::identity::record::AuditRecord)| {
            let store = memory(&rows(&played.store, None));
            rewrite::<Audit>(&store, key, how);
            assert_eq!(played.prove(&store, &played.answers).lost, 1, "{key:?}");
        };
        altered(&|entry| entry.at.0 += 1);
        altered(&|entry| entry.actor = Actor::Attacker);
        altered(&|entry| entry.operation = Operation::Archive);
        altered(&|entry| entry.refused = entry.refused.xor(Some(Refusal::Archived)));
    }
    let empty = played.prove(&MemoryTrees::default(), &played.answers);
    assert_eq!(empty.lost, 20, "all but the one of which every operation was refused");
}

#[test]
fn a_log_that_contradicts_itself_is_found_out() {
    let played = Played::new();
    let lines = &played.answers;
    let doubled = played.prove(&played.store, &[lines.as_slice(), &lines[4..5]].concat());
    assert_eq!(
        doubled,
        LogProof {
            acknowledged: 21,
            refused: 10,
            doubled: 1,
            example: Some("request 4 was acknowledged twice".to_owned()),
            ..LogProof::default()
        }
    );
    assert!(doubled.must_hold().is_err());

    // The second use of the token, told to have been accepted as a whole.
    let again = played.told(2, |_, refused| *refused = 0);
    assert_eq!((again.lost, again.redeemed_again, again.linked_again, again.given_again), (1, 1, 1, 1));
    // The e-mail address that belongs to the first account, given to the third, which is then linked twice as well.
    let given = played.told(3, |_, refused| *refused = 0);
    assert_eq!((given.lost, given.redeemed_again, given.linked_again, given.given_again), (1, 0, 1, 1));
    // An account linked with another address.
    let linked = played.told(5, |_, refused| *refused = 0);
    assert_eq!((linked.lost, linked.redeemed_again, linked.linked_again, linked.given_again), (1, 0, 1, 0));
    // An account that is not there, of which something was accepted.
    assert_eq!(played.told(20, |_, refused| *refused = 0).lost, 1);
    // Entries past the end, and those of another request that did the same.
    assert_eq!(played.told(6, |first, _| *first = u32::MAX).lost, 1);
    assert_eq!(played.told(2, |first, _| *first = 1).lost, 1);
}

#[test]
fn a_request_sent_again_after_a_crash_is_no_contradiction() {
    let played = Played::new();
    // Done before the crash, but nobody was told; sent again, it was refused, and that was told.
    let again = send(&played.store, &played.sequence, 1);
    let mut answers = played.answers.clone();
    answers[1] = again;
    let proof = played.prove(&played.store, &answers);
    assert_eq!((proof.lost, proof.example.clone()), (0, None));
    assert_eq!(proof.refused, 11);
}

#[test]
fn accounts_far_apart_are_found() {
    let deed = Deed {
        actor: Actor::Owner,
        operation: Operation::SignIn(Platform::Legacy),
        refused: None,
    };
    let parts = vec![(AccountId(0), SimTime(5), true, vec![deed])];
    let sequence = Sequence::new(SimTime(0), 100, 1, parts).expect("a sequence");
    let mut played = Played {
        sequence,
        store: memory(&as_rows(&before(2_000))),
        ..Played::new()
    };
    played.answers = (0..2_000).map(|place| send(&played.store, &played.sequence, place)).collect();
    let lost = (AccountId(1_400), 0).encode();
    let without = memory(&rows(&played.store, Some((Tree::Audit, lost))));
    for step in [1, 2, 100, 255, 256, 257, 700] {
        let some: Vec<_> = played.answers.iter().copied().step_by(step).collect();
        let proof = played.prove(&played.store, &some);
        assert_eq!((proof.acknowledged, proof.lost), (some.len() as u64, 0));
        assert_eq!(played.prove(&without, &some).lost, u64::from(1_400 % step == 0), "{step}");
    }
}

#[test]
fn two_requests_cannot_have_left_the_same_entry() {
    let deed = Deed {
        actor: Actor::Owner,
        operation: Operation::SignIn(Platform::Legacy),
        refused: None,
    };
    let part = (AccountId(0), SimTime(5), true, vec![deed]);
    let sequence = Sequence::new(SimTime(0), 100, STRIDE, vec![part.clone(), part]).expect("a sequence");
    let mut played = Played {
        sequence,
        store: memory(&as_rows(&before(2))),
        ..Played::new()
    };
    played.answers = (0..2).map(|place| send(&played.store, &played.sequence, place)).collect();
    assert_eq!(played.told(0, |_, _| ()).lost, 0);
    assert_eq!(played.told(1, |first, _| *first = 0).lost, 1);
}

#[test]
fn a_log_of_another_test_or_a_damaged_one_is_an_error() {
    let played = Played::new();
    let beyond = [Answered { place: u64::MAX, ..played.answers[0] }];
    let proof = prove(&played.store, &played.sequence, &played.log(&beyond));
    assert!(matches!(proof, Err(Error::Check(said)) if said.contains("damaged")));
    let nowhere = prove(&played.store, &played.sequence, &played.folder.path().join("none"));
    assert!(matches!(nowhere, Err(Error::Store(_))));
}
