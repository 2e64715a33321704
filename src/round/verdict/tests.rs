//! Turns of every sort and the verdicts on them.

use std::sync::Arc;
use std::time::Duration;

use crate::consensus::engine::Engine;
use crate::consensus::voice::Ending;
use crate::domain::fault::{Fault, FaultKind};
use crate::domain::ids::{Column, TurnId};
use crate::domain::kind::Kind;
use crate::domain::member::Member;
use crate::domain::money::{Price, Usd};
use crate::domain::stream::{Delta, Finish, FinishNorm, FinishReason, StreamEvent, StreamEventKind};
use crate::domain::turn::Turn;
use crate::domain::usage::Usage;
use crate::domain::verdict::{FlagReason, Flagging, Stance, Verdict, Warning};
use crate::round::verdict::{Settings, assemble};

const QUESTION: &str = "When did Apollo 11 land on the Moon?";

/// How one member fares.
enum Fate {
    Says(&'static str),
    IsCutAfter(&'static str),
    Fails,
    IsReplaced(Arc<Member>, &'static str),
}

fn member(id: &str, reliability: f64, vendor: &str) -> Arc<Member> {
    let price = Price { input: 1.0, output: 10.0, cached_input: None, date: None };
    Arc::new(Member { reliability, vendor: Some(Arc::from(vendor)), price: Some(price), ..Member::named(id) })
}

fn finish(norm: FinishNorm) -> StreamEventKind {
    let usage = Usage { input_tokens: Some(100), output_tokens: Some(10), ..Usage::default() };
    let reason = FinishReason { raw: Some("end".to_owned()), norm };
    StreamEventKind::Finished(Box::new(Finish { reason: Some(reason), usage: Some(usage), ..Finish::default() }))
}

/// A turn in which each member is asked at once, speaks after 100 ms and ends after 200 ms.
fn verdict(members: Vec<Arc<Member>>, fates: &[Fate]) -> Verdict {
    verdict_with(members, fates, &Settings::default())
}

fn verdict_with(members: Vec<Arc<Member>>, fates: &[Fate], settings: &Settings) -> Verdict {
    let asked_at = tokio::time::Instant::now().into_std();
    let mut turn = Turn::new(TurnId(1), QUESTION, members.clone(), asked_at);
    let mut engine = Engine::new(QUESTION, None, members);
    for (index, fate) in fates.iter().enumerate() {
        let mut send = |after_ms, kind| {
            let at = asked_at + Duration::from_millis(after_ms);
            turn.apply(&StreamEvent { turn: TurnId(1), column: Column::at(index), at, kind });
        };
        let say = |text: &str| StreamEventKind::Delta(Delta::of_text(text));
        send(0, StreamEventKind::Waiting { attempt: 1 });
        match fate {
            Fate::Says(text) => {
                send(100, say(text));
                send(200, finish(FinishNorm::Stop));
                engine.append(index, text);
                engine.end(index, Ending::Complete);
            }
            Fate::IsCutAfter(text) => {
                send(100, say(text));
                send(200, finish(FinishNorm::Length));
                engine.append(index, text);
                engine.end(index, Ending::Partial);
            }
            Fate::IsReplaced(to, text) => {
                let fault = Fault::new(FaultKind::Auth, "the key was refused");
                send(50, StreamEventKind::Switched { to: Arc::clone(to), fault });
                send(60, StreamEventKind::Waiting { attempt: 2 });
                send(100, say(text));
                send(200, finish(FinishNorm::Stop));
                engine.append(index, text);
                engine.end(index, Ending::Complete);
            }
            Fate::Fails => {
                send(200, StreamEventKind::Failed(Fault::new(FaultKind::Timeout, "nothing came")));
                engine.end(index, Ending::Nothing);
            }
        }
    }
    let created_at = Some("2026-01-02T03:04:05Z".to_owned());
    assemble(&turn, &engine.report(), &Settings { id: "1".to_owned(), created_at, ..settings.clone() })
}

fn answer_by(verdict: &Verdict) -> Option<&str> {
    verdict.answer_by.map(|by| verdict.name(by))
}

fn warnings(verdict: &Verdict) -> Vec<String> {
    verdict.warnings.iter().map(|warning| warning.told(verdict.responses.as_slice())).collect()
}

fn three() -> Vec<Arc<Member>> {
    vec![member("gpt", 0.8, "a"), member("claude", 0.9, "b"), member("gemini", 0.8, "c")]
}

#[test]
fn agreement_is_answered_by_the_first_in_rank_and_not_flagged() {
    let says = Fate::Says("Apollo 11 landed on the Moon in 1969.");
    let verdict = verdict(three(), &[says, Fate::Says("It landed in July 1969."), Fate::Says("In 1969.")]);
    assert_eq!((verdict.asked, verdict.answered), (3, 3));
    assert_eq!(answer_by(&verdict), Some("claude"));
    assert_eq!(verdict.answer.as_deref(), Some("It landed in July 1969."));
    assert!(!verdict.flagged, "{:?}", verdict.flag_reasons);
    assert_eq!(verdict.fallback, None);
    assert!(verdict.cost_usd.is_some_and(|Usd(cost)| (cost - 0.0006).abs() < 1e-12));
    assert_eq!(verdict.elapsed_ms, Some(200));
    assert_eq!(verdict.responses[0].started_at.as_deref(), Some("2026-01-02T03:04:05Z"));
    assert_eq!(verdict.responses[0].first_token_ms, Some(100));
    assert_eq!(verdict.names(&verdict.support[0].members), ["gpt", "claude", "gemini"]);
    assert_eq!(verdict.warnings, []);
}

/// The contradictions that flag the answer of members of these reliabilities who say these years.
fn flagged_for(says: &[(f64, &'static str)], flag: Flagging) -> Vec<u32> {
    let members = says.iter().zip('a'..).map(|((it, _), id)| member(&id.to_string(), *it, &id.to_string())).collect();
    let fates: Vec<Fate> = says.iter().map(|(_, text)| Fate::Says(text)).collect();
    let reasons =
        verdict_with(members, &fates, &Settings { flag, flag_below: 0.0, ..Settings::default() }).flag_reasons;
    let touches = reasons.into_iter().filter_map(|it| if let FlagReason::Touches(id) = it { Some(id) } else { None });
    touches.collect()
}

#[test]
fn a_conflict_flags_where_the_other_side_weighs_as_much_or_has_two() {
    let (early, late) = ((0.8, "In 1968."), (0.8, "In 1969."));
    assert_eq!(flagged_for(&[late, early], Flagging::Graded), [1], "as much");
    assert!(flagged_for(&[late, late, early], Flagging::Graded).is_empty(), "a lone dissenter");
    assert_eq!(flagged_for(&[late, late, late, early, early], Flagging::Graded), [1], "two");
    assert_eq!(flagged_for(&[(0.4, late.1), (0.4, late.1), (0.9, early.1)], Flagging::Graded), [1], "as reliable");
    assert_eq!(flagged_for(&[late, late, early], Flagging::Any), [1], "every conflict, where that is asked for");
}

#[test]
fn who_answered_and_could_not_be_compared_is_flagged() {
    let verdict = verdict(three(), &[Fate::Says("```\nlet a = 1;\n```"), Fate::Says("```\nx = 2\n```"), Fate::Fails]);
    assert_eq!((verdict.kind, verdict.answered, verdict.confidence), (Kind::Factual, 2, None));
    assert_eq!(verdict.flag_reasons, [FlagReason::Unknown]);
}

#[test]
fn a_lone_dissenter_stands_in_its_card_and_in_the_confidence() {
    let landed = |text| Fate::Says(text);
    let verdict = verdict(three(), &[landed("In 1969."), landed("In 1969."), landed("In 1968.")]);
    assert_eq!(verdict.contradictions[0].sides[1].members, [Column(2)]);
    assert!(verdict.contradictions[0].touches_answer && verdict.confidence.is_some_and(|it| it < 0.75));
    assert_eq!(verdict.claims[0].stances[2], Stance::Contradict);
}

#[test]
fn fewer_than_the_quorum_is_a_flagged_fallback_to_the_most_reliable() {
    let verdict = verdict(three(), &[Fate::Says("In 1969."), Fate::Fails, Fate::IsCutAfter("In 1968. And")]);
    let fallback = verdict.fallback.unwrap();
    assert_eq!((fallback.member, fallback.to_string().as_str()), (Column(0), "1 of 3 answered"));
    assert_eq!((verdict.confidence, verdict.agreement, verdict.flagged), (None, None, true));
    assert_eq!(verdict.responses[1].error.as_ref().map(|error| error.kind), Some(FaultKind::Timeout));
    assert_eq!(verdict.responses[2].rank, None);
    assert!(verdict.responses[2].truncated);
    assert_eq!(verdict.cost_usd, None);
}

#[test]
fn an_ensemble_of_one_is_whole_and_says_nothing_of_agreement() {
    let verdict = verdict(vec![member("gpt", 0.8, "a")], &[Fate::Says("In 1969.")]);
    assert_eq!((verdict.agreement, verdict.confidence, verdict.fallback), (None, None, None));
    assert_eq!(answer_by(&verdict), Some("gpt"));
    assert!(!verdict.flagged);
}

#[test]
fn a_stand_in_answers_under_its_own_name_at_its_own_price() {
    let dear = Price { input: 100.0, output: 1000.0, cached_input: None, date: None };
    let own = Member { price: Some(dear), ..Member::clone(&member("understudy", 0.9, "d")) };
    let fates = [Fate::IsReplaced(Arc::new(own), "In 1969."), Fate::Says("In 1969."), Fate::Fails];
    let verdict = verdict(three(), &fates);
    let first = &verdict.responses[0];
    assert_eq!((first.model.as_str(), first.stand_in_for.as_deref()), ("understudy", Some("gpt")));
    assert_eq!((first.api_model.as_deref(), first.attempts), (None, 2), "recorded members have no provider");
    assert_eq!(first.cost_usd, Some(Usd(0.02)));
    assert_eq!(warnings(&verdict), ["understudy is asked in place of gpt: the key was refused"]);
}

#[test]
fn nobody_answered_gives_no_answer() {
    let verdict = verdict(three(), &[Fate::Fails, Fate::Fails, Fate::Fails]);
    assert_eq!(warnings(&verdict), ["not compared: nobody answered"]);
    assert_eq!((verdict.answered, verdict.answer, verdict.answer_by, verdict.fallback), (0, None, None, None));
}

#[test]
fn models_of_one_vendor_are_said_to_be() {
    let members = vec![member("one", 0.8, "a"), member("two", 0.8, "a")];
    let verdict = verdict(members, &[Fate::Says("In 1969."), Fate::Says("In 1969.")]);
    assert_eq!(verdict.warnings, [Warning::OneVendor]);
    assert!(verdict.confidence.unwrap() < 0.97);
}
