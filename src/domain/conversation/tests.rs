//! What is told to whom, by rows.

use super::clock::now;
use super::*;
use crate::domain::ids::{Column, TurnId};
use crate::domain::stream::{Delta, Finish, FinishReason, StreamEvent, StreamEventKind};

const PNG: &[u8] = b"\x89PNG\r\n\x1a\n";

/// Returns a turn in which each of `a`, `b`, `c` got those events, with the text of `ranked` as its answer.
fn past(question: &str, events: [Vec<StreamEventKind>; 3], ranked: Option<&str>) -> Past {
    let at = now();
    let members = ["a", "b", "c"].map(|id| Arc::new(Member::named(id)));
    let mut turn = Turn::new(TurnId(1), question, members, at);
    for (idx, kinds) in events.into_iter().enumerate() {
        for kind in kinds {
            turn.apply(&StreamEvent { turn: TurnId(1), column: Column::at(idx), at, kind });
        }
    }
    Past { answer: ranked.map(Arc::from), ..Past::of(&turn, None) }
}

fn waits() -> StreamEventKind {
    StreamEventKind::Waiting { attempt: 1 }
}

fn says(text: &str) -> StreamEventKind {
    StreamEventKind::Delta(Delta { text: text.to_owned(), ..Delta::default() })
}

fn ends(norm: FinishNorm) -> StreamEventKind {
    let reason = Some(FinishReason { raw: Some(String::new()), norm });
    StreamEventKind::Finished(Box::new(Finish { reason, ..Finish::default() }))
}

fn answers(text: &str) -> Vec<StreamEventKind> {
    vec![waits(), says(text), ends(FinishNorm::Stop)]
}

fn fault(kind: FaultKind) -> StreamEventKind {
    StreamEventKind::Failed(Fault::new(kind, "broke"))
}

fn talk(earlier: Vec<Past>) -> Talk {
    Talk { earlier, ..Talk::question("now?") }
}

/// Returns what `id` is told, a line a message: who, a bar, what.
fn told(talk: &Talk, id: &str) -> Vec<String> {
    told_to(talk, &Member::named(id)).0
}

fn told_to(talk: &Talk, member: &Member) -> (Vec<String>, Option<Shortened>) {
    let Told::Asked { prompt, shortened } = talk.told(member, None, None) else { panic!("left out") };
    let line = |message: &Message| match message.role {
        Role::User => format!("user|{}", message.text),
        Role::Assistant => format!("model|{}", message.text),
    };
    (prompt.messages.iter().map(line).collect(), shortened)
}

/// The quote of a turn that was missed.
fn quote(question: &str, answer: &str) -> String {
    format!(
        "Earlier in this conversation I asked a question that you did not answer:\n\n> {question}\n\nAnother model \
         answered it. This is its answer, not yours, and it may be wrong:\n\n> {answer}\n"
    )
}

#[test]
fn each_is_sent_its_own_words_and_nobody_elses() {
    let talk = talk(vec![past("one?", [answers("A1"), answers("B1"), answers("C1")], Some("A1"))]);
    assert_eq!(told(&talk, "a"), ["user|one?", "model|A1", "user|now?"]);
    assert_eq!(told(&talk, "b"), ["user|one?", "model|B1", "user|now?"]);
}

#[test]
fn by_the_setting_all_are_sent_what_the_ensemble_answered() {
    let rules = Rules { own_history: false, after_off: AfterOff::Skip };
    let nobody = past("two?", [vec![], vec![waits(), fault(FaultKind::Server)], vec![]], None);
    let talk = Talk { rules, ..talk(vec![past("one?", [answers("A1"), answers("B1"), vec![]], Some("B1")), nobody]) };
    for id in ["a", "b", "c", "newcomer"] {
        assert_eq!(told(&talk, id), ["user|one?", "model|B1", "user|now?"], "{id}");
    }
}

#[test]
fn a_missed_turn_is_quoted_as_anothers_before_the_next_question() {
    let one = past("one?", [answers("A1"), answers("B1"), vec![]], Some("A1"));
    let two = past("two?", [answers("A2"), vec![waits(), fault(FaultKind::Server)], answers("C2")], Some("C2"));
    let talk = talk(vec![one, two]);
    assert_eq!(told(&talk, "a"), ["user|one?", "model|A1", "user|two?", "model|A2", "user|now?"]);
    let b = ["user|one?".to_owned(), "model|B1".to_owned(), format!("user|{}\nnow?", quote("two?", "C2"))];
    assert_eq!(told(&talk, "b"), b);
    let c = [format!("user|{}\ntwo?", quote("one?", "A1")), "model|C2".to_owned(), "user|now?".to_owned()];
    assert_eq!(told(&talk, "c"), c);
}

#[test]
fn by_the_setting_a_missed_turn_is_left_out() {
    let rules = Rules { own_history: true, after_off: AfterOff::Skip };
    let talk = Talk { rules, ..talk(vec![past("one?", [answers("A1"), vec![], vec![]], Some("A1"))]) };
    assert_eq!(told(&talk, "b"), ["user|now?"]);
}

#[test]
fn a_turn_that_nobody_answered_is_told_to_nobody() {
    let broke = || vec![waits(), fault(FaultKind::Network)];
    let talk = talk(vec![past("one?", [broke(), broke(), vec![]], None)]);
    assert_eq!(told(&talk, "a"), ["user|now?"]);
}

#[test]
fn what_a_stand_in_wrote_is_its_own() {
    let fault = Fault::new(FaultKind::Server, "broke");
    let switched = StreamEventKind::Switched { to: Arc::new(Member::named("d")), fault };
    let by_d = vec![waits(), switched, says("D1"), ends(FinishNorm::Stop)];
    let talk = talk(vec![past("one?", [answers("A1"), by_d, vec![]], Some("A1"))]);
    assert_eq!(told(&talk, "b"), [format!("user|{}\nnow?", quote("one?", "A1"))]);
    assert_eq!(told(&talk, "d"), ["user|one?", "model|D1", "user|now?"]);
}

#[test]
fn own_words_are_told_as_far_as_they_went() {
    let cut = "model|B1\n\n[this answer was cut off here]";
    let quoted = format!("user|{}\nnow?", quote("one?", "A1"));
    let rows: Vec<(&str, Vec<StreamEventKind>, &str)> = vec![
        ("declined", vec![waits(), says("B1"), ends(FinishNorm::Refusal)], "model|B1"),
        ("late, then answered", vec![waits(), StreamEventKind::Late, says("B1"), ends(FinishNorm::Stop)], "model|B1"),
        ("cut at the limit", vec![waits(), says("B1"), ends(FinishNorm::Length)], cut),
        ("stopped", vec![waits(), says("B1"), StreamEventKind::Cancelled], cut),
        ("cut by the line", vec![waits(), says("B1"), fault(FaultKind::Cut)], cut),
        ("withheld", vec![waits(), says("B1"), ends(FinishNorm::ContentFilter)], &quoted),
        ("withheld halfway", vec![waits(), says("B1"), fault(FaultKind::Filtered)], &quoted),
        ("switched off", vec![waits(), says("B1"), ends(FinishNorm::Stop), StreamEventKind::Cancelled], &quoted),
        ("late", vec![waits(), StreamEventKind::Late], &quoted),
        ("empty", vec![waits(), says(" \n"), ends(FinishNorm::Stop)], &quoted),
    ];
    for (name, events, expected) in rows {
        let talk = talk(vec![past("one?", [answers("A1"), events, vec![]], Some("A1"))]);
        let told = told(&talk, "b");
        assert!(told.iter().any(|message| message == expected), "{name}: {told:?}");
    }
}

#[test]
fn sides_take_turns_whatever_was_missed() {
    let missed = || past("one?", [answers("A"), vec![], vec![]], Some("A"));
    let own = || past("two?", [answers("A"), answers("B"), vec![]], Some("A"));
    let talk = talk(vec![missed(), missed(), own(), missed(), own(), own(), missed()]);
    for id in ["a", "b", "c"] {
        let sides: Vec<bool> = told(&talk, id).iter().map(|line| line.starts_with("user|")).collect();
        assert!(sides.windows(2).all(|two| two[0] != two[1]), "{id}: {sides:?}");
        assert_eq!((sides.first(), sides.last()), (Some(&true), Some(&true)), "{id}");
    }
}

#[test]
fn whole_turns_go_oldest_first_when_the_context_is_small() {
    let long = "x".repeat(3_000);
    let turn = |n: u32| past(&format!("{n}?"), [answers(&long), vec![], vec![]], Some("short"));
    let talk = talk((1..=5).map(turn).collect());
    let member = |context_tokens| Member { context_tokens, ..Member::named("a") };
    let questions = |context| {
        let (told, shortened) = told_to(&talk, &member(context));
        let asked = told.iter().filter_map(|line| line.strip_prefix("user|")).collect::<Vec<_>>().join(" ");
        (asked, shortened.map(|it| (it.n_turns, it.context_tokens)))
    };
    // A turn is 1,009 tokens by the estimate; a quarter of the context stays free for the answer.
    assert_eq!(questions(None), ("1? 2? 3? 4? 5? now?".to_owned(), None));
    assert_eq!(questions(Some(100_000)), ("1? 2? 3? 4? 5? now?".to_owned(), None));
    assert_eq!(questions(Some(4_096)), ("3? 4? 5? now?".to_owned(), Some((2, 4_096))));
    assert_eq!(questions(Some(100)), ("now?".to_owned(), Some((5, 100))));
}

#[test]
fn what_is_left_out_is_said_in_words() {
    let words = |n_turns, context_tokens| Shortened { n_turns, context_tokens }.in_words();
    assert_eq!(words(2, 8_192), "2 earlier turns left out: context of 8k");
    assert_eq!(words(1, 1_050_000), "1 earlier turn left out: context of 1.1M");
    assert_eq!(words(3, 512), "3 earlier turns left out: context of 512");
}

#[test]
fn instructions_of_the_conversation_take_the_place_of_those_in_the_config() {
    let system = |of_talk: Option<&str>, of_config: Option<&str>| {
        let talk = Talk { system: of_talk.map(Arc::from), ..Talk::question("now?") };
        let config = of_config.map(Arc::from);
        match talk.told(&Member::named("a"), config.as_ref(), None) {
            Told::Asked { prompt, .. } => prompt.system.map(|text| text.to_string()),
            Told::LeftOut(_) => panic!("left out"),
        }
    };
    assert_eq!(system(None, None), None);
    assert_eq!(system(None, Some("sing")).as_deref(), Some("sing"));
    assert_eq!(system(Some("hum"), Some("sing")).as_deref(), Some("hum"));
    assert_eq!(system(Some(" "), Some("sing")).as_deref(), Some("sing"));
}

#[test]
fn a_member_without_eyes_is_left_out_of_a_question_with_an_image() {
    let image = Attachment::read("a.png", PNG).unwrap();
    let talk = Talk { files: vec![image], ..Talk::question("what is this?") };
    let told = |takes_images| talk.told(&Member { takes_images, ..Member::named("a") }, None, None);
    assert!(matches!(told(Some(false)), Told::LeftOut(fault) if fault.kind == FaultKind::Unsupported));
    for takes_images in [Some(true), None] {
        let Told::Asked { prompt, .. } = told(takes_images) else { panic!("left out: {takes_images:?}") };
        assert_eq!(prompt.messages[0].images.len(), 1);
    }
}

#[test]
fn earlier_files_are_told_again_and_earlier_images_only_to_those_who_see() {
    let files = vec![Attachment::read("n.txt", b"notes").unwrap(), Attachment::read("a.png", PNG).unwrap()];
    let one = Past { files, ..past("one?", [answers("A1"), vec![], vec![]], Some("A1")) };
    let talk = talk(vec![one]);
    let images = |id: &str, takes_images| match talk.told(&Member { takes_images, ..Member::named(id) }, None, None) {
        Told::Asked { prompt, .. } => {
            assert!(prompt.messages[0].text.contains("notes"), "{prompt:?}");
            prompt.messages[0].images.len()
        }
        Told::LeftOut(_) => panic!("left out"),
    };
    assert_eq!((images("a", Some(true)), images("b", None), images("b", Some(false))), (1, 1, 0));
}
