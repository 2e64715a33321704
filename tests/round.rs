//! One turn from the question to the verdict, on tapes of servers and with paused time.
#![expect(clippy::unwrap_used, clippy::panic, reason = "a test stops at the first surprise")]

mod support;

use std::sync::Arc;
use std::time::Duration;

use dissent::dispatch::call::Dispatcher;
use dissent::domain::attachment::Attachment;
use dissent::domain::conversation::{AfterOff, Past, Rules, Talk};
use dissent::domain::fault::FaultKind;
use dissent::domain::ids::{Column, TurnId};
use dissent::domain::member::Member;
use dissent::domain::response::Status;
use dissent::domain::stream::{FinishNorm, StreamEventKind};
use dissent::domain::turn::Turn;
use dissent::domain::verdict::{Flagging, Verdict};
use dissent::net::replay::{Replay, Step, Tape};
use dissent::net::transport::Transport;
use dissent::provider::dialect::Dialect;
use dissent::provider::endpoint::{Model, Options, Straggler};
use dissent::round::drive::Round;
use dissent::round::plan::{Plan, RoundCommand, RoundEvent, RoundSettings};
use tokio::sync::mpsc::{UnboundedReceiver, unbounded_channel};

const QUESTION: &str = "When did Apollo 11 land on the Moon?";

fn model(id: &str) -> Arc<Model> {
    Arc::new(support::model(id, Dialect::OpenaiChat, &format!("http://{id}.test/v1")))
}

/// A server that says `text` after `seconds`.
fn says(id: &str, seconds: u64, text: &str) -> Tape {
    let event = serde_json::json!({"choices": [{"index": 0, "delta": {"content": text}, "finish_reason": null}]});
    let end = serde_json::json!({"choices": [{"index": 0, "delta": {}, "finish_reason": "stop"}]});
    Tape::new(200, "")
        .header("content-type", "text/event-stream")
        .then(Step::Pause(Duration::from_secs(seconds)))
        .then(Step::Bytes(format!("data: {event}\n\ndata: {end}\n\ndata: [DONE]\n\n").into()))
        .only_for(&format!("{id}.test"))
}

fn settings() -> RoundSettings {
    let straggler = Straggler::same(Duration::from_secs(10));
    RoundSettings { quorum: 2, straggler, flag_below: 0.75, flag: Flagging::Graded, is_demo: false }
}

fn warnings(verdict: &Verdict) -> Vec<String> {
    verdict.warnings.iter().map(|warning| warning.told(verdict.responses.as_slice())).collect()
}

struct Running {
    round: Round,
    events: UnboundedReceiver<RoundEvent>,
    /// What a reader of the events sees.
    turn: Turn,
}

fn start(ids: &[&str], tapes: Vec<Tape>) -> Running {
    let models = ids.iter().map(|id| model(id)).collect();
    run(models, Talk::question(QUESTION), &[], &Replay::new(tapes))
}

/// Starts a turn in which all of `models` are asked; those of `others` may stand in.
fn run(models: Vec<Arc<Model>>, talk: Talk, others: &[Arc<Model>], replay: &Replay) -> Running {
    let (tx, events) = unbounded_channel();
    let members: Vec<_> = models.iter().map(|model| Arc::clone(&model.member)).collect();
    let turn = Turn::new(TurnId(1), &talk.question, members, tokio::time::Instant::now().into_std());
    let registry = others.iter().map(|model| (model.member.id.clone(), Arc::clone(model))).collect();
    let plan = Plan {
        turn: TurnId(1),
        talk: Arc::new(talk),
        registry: Arc::new(registry),
        asks: (0..models.len()).map(Column::at).collect(),
        models,
        settings: settings(),
    };
    let dispatcher = Dispatcher::new(Transport::Replay(replay.clone())).with_seed(1);
    Running { round: Round::start(plan, dispatcher, tx), events, turn }
}

impl Running {
    async fn verdict(&mut self) -> Verdict {
        loop {
            match self.events.recv().await {
                Some(RoundEvent::Verdict(_, verdict)) => return *verdict,
                Some(RoundEvent::Stream(event)) => self.turn.apply(&event),
                Some(RoundEvent::Report(..)) => {}
                None => panic!("the round ended without a verdict"),
            }
        }
    }

    async fn until(&mut self, is_it: impl Fn(&StreamEventKind) -> bool) {
        loop {
            match self.events.recv().await.unwrap() {
                RoundEvent::Stream(event) if is_it(&event.kind) => return,
                RoundEvent::Stream(_) | RoundEvent::Report(..) | RoundEvent::Verdict(..) => {}
            }
        }
    }
}

fn statuses(verdict: &Verdict) -> Vec<Status> {
    verdict.responses.iter().map(|response| response.status).collect()
}

#[tokio::test(start_paused = true)]
async fn three_answers_give_a_verdict_that_names_the_conflict() {
    let tapes = vec![
        says("a", 1, "Apollo 11 landed on the Moon on July 20, 1969."),
        says("b", 2, "It landed on the Moon on July 20, 1969."),
        says("c", 3, "Apollo 11 landed on the Moon in 1968."),
    ];
    let verdict = start(&["a", "b", "c"], tapes).verdict().await;
    assert_eq!((verdict.asked, verdict.answered), (3, 3));
    assert_eq!(verdict.contradictions.len(), 1);
    assert!(verdict.flagged);
}

#[tokio::test(start_paused = true)]
async fn a_silent_member_is_left_out_and_the_turn_settles_again_when_it_answers() {
    let tapes = vec![
        says("a", 1, "Apollo 11 landed on the Moon on July 20, 1969."),
        says("b", 2, "It landed on the Moon on July 20, 1969."),
        says("c", 30, "Apollo 11 landed on the Moon on July 20, 1969."),
    ];
    let mut running = start(&["a", "b", "c"], tapes);
    let first = running.verdict().await;
    assert_eq!((first.asked, first.answered), (3, 2));
    assert_eq!(statuses(&first), [Status::Done, Status::Done, Status::Late]);
    assert_eq!(first.elapsed_ms, Some(12_000), "the one that was left out was waited for");
    let second = running.verdict().await;
    assert_eq!(statuses(&second), [Status::Done, Status::Done, Status::Done]);
}

#[tokio::test(start_paused = true)]
async fn switching_off_withdraws_the_vote_and_switching_on_brings_it_back() {
    let wrong = "Apollo 11 landed on the Moon in 1968.";
    let tapes = vec![
        says("a", 1, "Apollo 11 landed on the Moon on July 20, 1969."),
        says("b", 1, "It landed on the Moon on July 20, 1969."),
        says("c", 1, wrong),
        says("c", 1, wrong),
    ];
    let mut running = start(&["a", "b", "c"], tapes);
    assert_eq!(running.verdict().await.contradictions.len(), 1);
    running.round.command(RoundCommand::Withdraw(Column(2)));
    let without = running.verdict().await;
    assert_eq!((without.asked, without.answered, without.contradictions.len()), (2, 2, 0));
    running.round.command(RoundCommand::Ask(Column(2)));
    let again = running.verdict().await;
    assert_eq!((again.asked, again.answered, again.contradictions.len()), (3, 3, 1));
}

#[tokio::test(start_paused = true)]
async fn asking_again_in_the_middle_leaves_nothing_of_the_first_answer() {
    let half = serde_json::json!({"choices": [{"index": 0, "delta": {"content": "It was in 1901. It "}}]});
    let endless = Tape::new(200, "")
        .header("content-type", "text/event-stream")
        .then(Step::Bytes(format!("data: {half}\n\n").into()))
        .then(Step::Pause(Duration::from_secs(50)))
        .only_for("c.test");
    let tapes = vec![
        says("a", 1, "Apollo 11 landed on the Moon on July 20, 1969."),
        says("b", 1, "It landed on the Moon on July 20, 1969."),
        endless,
        says("c", 1, "Apollo 11 landed on the Moon on July 20, 1969."),
    ];
    let mut running = start(&["a", "b", "c"], tapes);
    running.until(|kind| matches!(kind, StreamEventKind::Delta(delta) if delta.text.contains("1901"))).await;
    running.round.command(RoundCommand::Ask(Column(2)));
    let verdict = running.verdict().await;
    assert_eq!(verdict.answered, 3);
    assert_eq!(verdict.contradictions, []);
    assert!(!verdict.responses.iter().any(|response| response.text.contains("1901")));
}

#[tokio::test(start_paused = true)]
async fn stopping_everyone_settles_the_turn() {
    let tapes = ["a", "b"].map(|id| says(id, 40, "Too late.")).to_vec();
    let mut running = start(&["a", "b"], tapes);
    running.until(|kind| matches!(kind, StreamEventKind::Waiting { .. })).await;
    running.round.command(RoundCommand::StopAll);
    let verdict = running.verdict().await;
    assert_eq!(statuses(&verdict), [Status::Cancelled, Status::Cancelled]);
    assert_eq!(verdict.answer, None);
}

/// Returns the bodies of the requests to `id`, oldest first.
fn asked_of(replay: &Replay, id: &str) -> Vec<String> {
    let requests = replay.requests().into_iter().filter(|request| request.url.contains(&format!("{id}.test")));
    requests.map(|request| String::from_utf8(request.body.to_vec()).unwrap()).collect()
}

#[tokio::test(start_paused = true)]
async fn one_models_text_never_gets_into_anothers_history() {
    // Words that stand for what each model said: found in a request, they tell whose words it holds.
    let words = |id: &str, turn: u32| format!("secret-{id}-{turn}.");
    let down = || Tape::new(401, "").only_for("c.test");
    let replay = Replay::new(["a", "b", "c"].map(|id| says(id, 1, &words(id, 1))).into_iter().chain([
        says("a", 1, &words("a", 2)),
        says("b", 1, &words("b", 2)),
        down(),
        says("d", 1, &words("d", 2)),
        says("a", 1, &words("a", 3)),
        says("b", 1, &words("b", 3)),
        says("c", 1, &words("c", 3)),
    ]));
    let mut c = Model::clone(&model("c"));
    c.fallback = vec!["d".into()];
    let models = || vec![model("a"), model("b"), Arc::new(c.clone())];
    let mut earlier: Vec<Past> = Vec::new();
    for question in ["one?", "two?", "three?"] {
        let rules = Rules { after_off: AfterOff::Skip, ..Rules::default() };
        let talk = Talk { earlier: earlier.clone(), rules, ..Talk::question(question) };
        let mut running = run(models(), talk, &[model("d")], &replay);
        let verdict = running.verdict().await;
        earlier.push(Past::of(&running.turn, Some(&verdict)));
    }
    for id in ["a", "b", "c", "d"] {
        for (idx, body) in asked_of(&replay, id).iter().enumerate() {
            for other in ["a", "b", "c", "d"].iter().filter(|other| **other != id) {
                assert!(!body.contains(&format!("secret-{other}")), "request {idx} to {id}: {body}");
            }
        }
    }
    // They do carry their own.
    assert!(asked_of(&replay, "a")[2].contains("secret-a-1") && asked_of(&replay, "a")[2].contains("secret-a-2"));
    assert!(asked_of(&replay, "c")[2].contains("secret-c-1"));
    assert_eq!(asked_of(&replay, "d").len(), 1);
}

#[tokio::test(start_paused = true)]
async fn a_member_without_eyes_is_left_out_and_the_others_answer() {
    let blind = Member { takes_images: Some(false), ..Member::named("c") };
    let blind = Arc::new(Model { member: Arc::new(blind), ..Model::clone(&model("c")) });
    let replay = Replay::new([says("a", 1, "It is a cat."), says("b", 1, "It is a cat.")]);
    let image = Attachment::read("cat.png", b"\x89PNG\r\n\x1a\n").unwrap();
    let talk = Talk { files: vec![image], ..Talk::question("What is in the picture?") };
    let mut running = run(vec![model("a"), model("b"), blind], talk, &[], &replay);
    let verdict = running.verdict().await;
    assert_eq!((verdict.asked, verdict.answered), (2, 2));
    assert_eq!(statuses(&verdict), [Status::Done, Status::Done, Status::Skipped]);
    assert_eq!(verdict.responses[2].error.as_ref().unwrap().kind, FaultKind::Unsupported);
    assert!(warnings(&verdict).contains(&"c was not asked: it takes no images".to_owned()), "{:?}", verdict.warnings);
    assert!(asked_of(&replay, "a")[0].contains("data:image/png;base64,iVBORw0KGgo="));
    assert!(asked_of(&replay, "c").is_empty());
}

#[tokio::test(start_paused = true)]
async fn what_did_not_fit_into_the_context_is_said_with_the_answer() {
    let small = Member { context_tokens: Some(2_000), ..Member::named("a") };
    let small = Arc::new(Model { member: Arc::new(small), ..Model::clone(&model("a")) });
    let long = "word ".repeat(600);
    let replay = Replay::new([says("a", 1, &long), says("a", 1, &long), says("a", 1, "Yes.")]);
    let mut earlier: Vec<Past> = Vec::new();
    for question in ["one?", "two?"] {
        let talk = Talk { earlier: earlier.clone(), ..Talk::question(question) };
        let mut running = run(vec![Arc::clone(&small)], talk, &[], &replay);
        let verdict = running.verdict().await;
        earlier.push(Past::of(&running.turn, Some(&verdict)));
    }
    let talk = Talk { earlier, ..Talk::question("three?") };
    let mut running = run(vec![small], talk, &[], &replay);
    let verdict = running.verdict().await;
    assert_eq!(warnings(&verdict)[0], "a: 1 earlier turn left out: context of 2k");
    assert_eq!(running.turn.responses[0].shortened.unwrap().n_turns, 1);
    let last = asked_of(&replay, "a").pop().unwrap();
    assert!(!last.contains("one?") && last.contains("two?"), "{last}");
}

#[tokio::test(start_paused = true)]
async fn a_stand_in_that_is_switched_on_as_a_member_is_not_asked_twice() {
    let c = Arc::new(Model { fallback: vec!["d".into()], ..Model::clone(&model("c")) });
    let down = || Tape::new(401, "").only_for("c.test");
    let tapes = ["a", "b", "d", "d"].map(|id| says(id, 1, "In 1969."));
    let replay = Replay::new(tapes.into_iter().chain([down()]));
    let (tx, events) = unbounded_channel();
    let models = vec![model("a"), model("b"), c, model("d")];
    let plan = Plan {
        turn: TurnId(1),
        talk: Arc::new(Talk::question(QUESTION)),
        registry: Arc::new([("d".into(), model("d"))].into_iter().collect()),
        asks: (0..3).map(Column::at).collect(),
        models,
        settings: settings(),
    };
    let round = Round::start(plan, Dispatcher::new(Transport::Replay(replay.clone())).with_seed(1), tx);
    let turn = Turn::new(TurnId(1), QUESTION, [], tokio::time::Instant::now().into_std());
    let mut running = Running { round, events, turn };
    assert_eq!(running.verdict().await.answered, 3);
    running.round.command(RoundCommand::Ask(Column(3)));
    let verdict = running.verdict().await;
    assert_eq!((verdict.answered, asked_of(&replay, "d").len()), (3, 1), "d has one vote");
    let said = "d was not asked: it is asked in place of c already";
    assert!(warnings(&verdict).iter().any(|warning| warning == said), "{:?}", verdict.warnings);
    // Once the other is switched off it is free.
    running.round.command(RoundCommand::Withdraw(Column(2)));
    running.round.command(RoundCommand::Ask(Column(3)));
    let verdict = running.verdict().await;
    assert_eq!(asked_of(&replay, "d").len(), 2);
    assert_eq!(statuses(&verdict)[3], Status::Done);
}

#[tokio::test(start_paused = true)]
async fn a_typed_straggler_holds_for_models_that_think_hard() {
    let slow = || {
        let deep = Options { reasoning_effort: Some("high".to_owned()), ..Options::default() };
        Arc::new(Model { options: deep, ..Model::clone(&model("c")) })
    };
    let tapes = || ["a", "b"].map(|id| says(id, 1, "In 1969.")).into_iter().chain([says("c", 60, "In 1969.")]);
    let first_verdict = async |straggler| {
        let replay = Replay::new(tapes());
        let (tx, events) = unbounded_channel();
        let plan = Plan {
            turn: TurnId(1),
            talk: Arc::new(Talk::question(QUESTION)),
            registry: Arc::default(),
            asks: (0..3).map(Column::at).collect(),
            models: vec![model("a"), model("b"), slow()],
            settings: RoundSettings { straggler, ..settings() },
        };
        let round = Round::start(plan, Dispatcher::new(Transport::Replay(replay)).with_seed(1), tx);
        let turn = Turn::new(TurnId(1), QUESTION, [], tokio::time::Instant::now().into_std());
        statuses(&Running { round, events, turn }.verdict().await)
    };
    let usual = Straggler { usual: Duration::from_secs(10), high_effort: Duration::from_secs(120) };
    assert_eq!(first_verdict(usual).await, [Status::Done; 3]);
    let typed = Straggler::same(Duration::from_secs(5));
    assert_eq!(first_verdict(typed).await, [Status::Done, Status::Done, Status::Late]);
}

#[tokio::test(start_paused = true)]
async fn stopping_the_late_one_gives_a_verdict_without_it() {
    let tapes = vec![says("a", 1, "In 1969."), says("b", 2, "In 1969."), says("c", 300, "In 1968.")];
    let mut running = start(&["a", "b", "c"], tapes);
    assert_eq!(running.verdict().await.asked, 3);
    running.round.command(RoundCommand::Stop(Column(2)));
    let verdict = running.verdict().await;
    assert_eq!((verdict.asked, verdict.answered), (2, 2));
    assert_eq!(statuses(&verdict)[2], Status::Cancelled);
}

#[tokio::test(start_paused = true)]
async fn who_is_left_out_while_it_waits_says_for_what_and_a_long_wait_is_not_waited_for() {
    let over = |seconds: &str| Tape::new(429, "{}").header("retry-after", seconds).only_for("c.test");
    for (seconds, elapsed_ms) in [("30", 2_000), ("45", 2_000)] {
        let tapes = vec![says("a", 1, "In 1969."), says("b", 2, "In 1969."), over(seconds), over(seconds)];
        let mut running = start(&["a", "b", "c"], tapes);
        let verdict = running.verdict().await;
        let c = &verdict.responses[2];
        assert_eq!(c.status, Status::Late);
        assert_eq!(
            c.error.as_ref().map(|error| (error.kind, error.http_status)),
            Some((FaultKind::RateLimited, Some(429)))
        );
        assert_eq!(verdict.elapsed_ms, Some(elapsed_ms), "retry-after {seconds}");
        assert_eq!(c.cost_usd.map(|cost| cost.0), Some(0.0));
    }
}

#[tokio::test(start_paused = true)]
async fn a_model_that_is_switched_on_later_is_needed_for_the_quorum() {
    let tapes = vec![says("a", 1, "In 1969."), says("b", 30, "In 1969."), says("c", 100, "In 1969.")];
    let replay = Replay::new(tapes);
    let (tx, events) = unbounded_channel();
    let plan = Plan {
        turn: TurnId(1),
        talk: Arc::new(Talk::question(QUESTION)),
        registry: Arc::default(),
        asks: vec![Column(0)],
        models: vec![model("a"), model("b"), model("c")],
        settings: settings(),
    };
    let round = Round::start(plan, Dispatcher::new(Transport::Replay(replay)).with_seed(1), tx);
    let turn = Turn::new(TurnId(1), QUESTION, [], tokio::time::Instant::now().into_std());
    let mut running = Running { round, events, turn };
    running.round.command(RoundCommand::Ask(Column(1)));
    let verdict = running.verdict().await;
    assert_eq!(statuses(&verdict), [Status::Done, Status::Done, Status::Skipped], "the second was waited for");
}

#[tokio::test(start_paused = true)]
async fn a_refusal_in_words_is_one_everywhere() {
    let words = "I'm sorry, but I can't help with that request.";
    let tapes = vec![says("a", 1, "In 1969."), says("b", 2, "In 1969."), says("c", 3, words)];
    let mut running = start(&["a", "b", "c"], tapes);
    let verdict = running.verdict().await;
    assert!(running.turn.responses[2].is_refusal() && !running.turn.responses[2].counts());
    let c = &verdict.responses[2];
    assert_eq!((c.refusal, c.refusal_text.as_deref()), (true, Some(words)));
    assert_eq!(
        c.finish.as_ref().map(|finish| (finish.raw.as_deref(), finish.norm)),
        Some((Some("stop"), FinishNorm::Refusal))
    );
    assert_eq!((verdict.asked, verdict.answered), (3, 2));
}
