//! How calm the panel is: recorded answers are streamed as `--demo-bank` streams them, and changes are counted.
//!
//!     cargo bench --bench steady -- [--cases N] [--band-log] CASES.jsonl…
//!
//! Prints a line a case: how often the band on the screen changed (the first showing does not count, the last one does),
//! and how many confirmed conflicts were taken back after all members on their sides had ended. The demo's server, the
//! calls, the engine and the policy of readings are the ones behind the screen; only the clock is not: it jumps to the
//! next thing that happens.
#![expect(clippy::unwrap_used, clippy::print_stdout, reason = "a bench stops at the first surprise, and prints")]

use std::collections::{BTreeSet, HashMap};
use std::path::Path;
use std::sync::Arc;

use dissent::consensus::report::{ConflictStatus, Contradiction, Report};
use dissent::demo::bank::Bank;
use dissent::demo::{self, Demo, DemoQuestion};
use dissent::dispatch::call::Dispatcher;
use dissent::domain::conversation::Talk;
use dissent::domain::ids::{Column, TurnId};
use dissent::domain::stream::StreamEventKind;
use dissent::domain::verdict::{Band, Flagging};
use dissent::net::http::Http;
use dissent::net::transport::Transport;
use dissent::provider::endpoint::{Model, Straggler};
use dissent::round::drive::Round;
use dissent::round::plan::{Plan, RoundEvent, RoundSettings};
use tokio::sync::mpsc::unbounded_channel;

/// Cases of each file that are streamed where the command line does not say.
const CASES_A_FILE: usize = 10;

/// Where a member says one side of a conflict: member, start of the quote.
type Place = (usize, usize);

/// What a person saw of one turn.
#[derive(Default)]
struct Seen {
    bands: Vec<Option<Band>>,
    withdrawn: Vec<String>,
    /// Confirmed while a side still wrote, and taken back: honest, but not calm.
    n_retracted: usize,
    n_conflicts: usize,
}

/// A conflict that was confirmed at some time.
struct Known {
    sides: Vec<BTreeSet<Place>>,
    words: String,
    is_firm: bool,
    is_gone: bool,
}

#[tokio::main(flavor = "current_thread", start_paused = true)]
async fn main() {
    let mut files = Vec::new();
    let mut n_wanted = CASES_A_FILE;
    let mut shows_bands = false;
    let mut args = std::env::args().skip(1);
    while let Some(arg) = args.next() {
        match arg.as_str() {
            "--cases" => n_wanted = args.next().unwrap().parse().unwrap(),
            "--band-log" => shows_bands = true,
            // What cargo itself passes to benches.
            "--bench" => {}
            _ => files.push(arg),
        }
    }
    if files.is_empty() {
        println!("no cases given: cargo bench --bench steady -- [--cases N] CASES.jsonl…");
        return;
    }
    let mut all = Vec::new();
    for file in &files {
        let demo = demo::start(Bank::read(Path::new(file)).unwrap(), 1.0).await.unwrap();
        let mut of_file = Vec::new();
        for question in demo.questions.iter().take(n_wanted) {
            let seen = watch(&demo, question).await;
            show(question, &seen, shows_bands);
            of_file.push(seen);
        }
        total(file, &of_file);
        all.extend(of_file);
    }
    total("all", &all);
}

fn n_changes(seen: &Seen) -> usize {
    seen.bands.len().saturating_sub(1)
}

fn show(question: &DemoQuestion, seen: &Seen, shows_bands: bool) {
    println!(
        "{:<28} band changes {}  conflicts {}  retracted while streaming {}  withdrawn {}",
        question.id,
        n_changes(seen),
        seen.n_conflicts,
        seen.n_retracted,
        seen.withdrawn.len()
    );
    if shows_bands {
        let bands: Vec<&str> = seen.bands.iter().map(|band| band.map_or("none", Band::as_str)).collect();
        println!("    {}", bands.join(" > "));
    }
    for words in &seen.withdrawn {
        println!("    withdrawn: {words}");
    }
}

fn total(name: &str, seen: &[Seen]) {
    let sum = |count: fn(&Seen) -> usize| seen.iter().map(count).sum::<usize>();
    println!(
        "{name}: {} cases, {:.2} band changes a case, most {}; {} conflicts, {} retracted while streaming, {} withdrawn\n",
        seen.len(),
        sum(n_changes) as f64 / seen.len().max(1) as f64,
        seen.iter().map(n_changes).max().unwrap_or(0),
        sum(|it| it.n_conflicts),
        sum(|it| it.n_retracted),
        sum(|it| it.withdrawn.len()),
    );
}

/// Asks one question of the demo models and watches until the turn is settled.
async fn watch(demo: &Demo, question: &DemoQuestion) -> Seen {
    let ensemble = demo.ensemble_for(&question.question).unwrap();
    let models: Vec<Arc<Model>> =
        demo.models.iter().filter(|model| ensemble.contains(&model.member.id)).cloned().collect();
    let plan = Plan {
        turn: TurnId(1),
        talk: Arc::new(Talk::question(&question.question)),
        registry: Arc::new(HashMap::new()),
        asks: (0..models.len()).map(Column::at).collect(),
        models,
        settings: RoundSettings {
            quorum: 2,
            straggler: Straggler::same(demo.straggler),
            flag_below: 0.75,
            flag: Flagging::Graded,
            is_demo: true,
        },
    };
    let (tx, mut events) = unbounded_channel();
    let _round = Round::start(plan, Dispatcher::new(Transport::Http(Http::new())).with_seed(1), tx);
    let mut seen = Seen::default();
    let mut known = Vec::new();
    // Who had ended when the last report was made, and who has now: a report knows of the former only.
    let (mut read, mut ended) = (BTreeSet::new(), BTreeSet::new());
    loop {
        match events.recv().await.unwrap() {
            RoundEvent::Stream(event) => {
                if matches!(event.kind, StreamEventKind::Finished(_) | StreamEventKind::Failed(_)) {
                    ended.insert(event.column.index());
                }
            }
            RoundEvent::Report(_, reading) => {
                see_band(&mut seen, reading.band);
                see_conflicts(&mut seen, &mut known, &reading.report, &read);
                read.clone_from(&ended);
            }
            RoundEvent::Verdict(_, verdict) => {
                see_band(&mut seen, verdict.band);
                seen.n_conflicts = verdict.contradictions.len();
                return seen;
            }
        }
    }
}

fn see_band(seen: &mut Seen, band: Option<Band>) {
    let is_news = match seen.bands.last() {
        Some(last) => *last != band,
        None => band.is_some(),
    };
    if is_news {
        seen.bands.push(band);
    }
}

fn see_conflicts(seen: &mut Seen, known: &mut Vec<Known>, report: &Report, ended: &BTreeSet<usize>) {
    let confirmed: Vec<&Contradiction> =
        report.contradictions.iter().filter(|it| it.status == ConflictStatus::Confirmed).collect();
    let current: Vec<Vec<BTreeSet<Place>>> = confirmed.iter().map(|it| places(it)).collect();
    for earlier in known.iter_mut().filter(|it| !it.is_gone) {
        if !current.iter().any(|sides| still_stands(&earlier.sides, sides)) {
            earlier.is_gone = true;
            if earlier.is_firm {
                seen.withdrawn.push(earlier.words.clone());
            } else {
                seen.n_retracted += 1;
            }
        }
    }
    for (contradiction, sides) in confirmed.iter().zip(current) {
        let is_firm = contradiction.sides.iter().flat_map(|side| &side.members).all(|member| ended.contains(member));
        known.retain(|it| it.is_gone || it.sides != sides);
        known.push(Known { words: words(contradiction), sides, is_firm, is_gone: false });
    }
}

fn places(contradiction: &Contradiction) -> Vec<BTreeSet<Place>> {
    let of_side = |quotes: &[dissent::consensus::report::Quote]| {
        quotes.iter().map(|quote| (quote.member, quote.range.start)).collect()
    };
    contradiction.sides.iter().map(|side| of_side(&side.quotes)).collect()
}

/// Whether two places of different sides are on different sides still; a conflict may have grown or been joined.
fn still_stands(earlier: &[BTreeSet<Place>], now: &[BTreeSet<Place>]) -> bool {
    let met = now.iter().filter(|side| earlier.iter().any(|it| !it.is_disjoint(side)));
    let is_split = now.iter().any(|side| {
        let here: Vec<&BTreeSet<Place>> = earlier.iter().filter(|it| !it.is_disjoint(side)).collect();
        now.iter().any(|other| other != side && earlier.iter().any(|it| !it.is_disjoint(other) && !here.contains(&it)))
    });
    met.count() >= 2 && is_split
}

fn words(contradiction: &Contradiction) -> String {
    let sides: Vec<String> =
        contradiction.sides.iter().map(|side| format!("{:?} by {:?}", side.value, side.members)).collect();
    format!("{} {}: {}", contradiction.kind.as_str(), contradiction.topic, sides.join(" / "))
}
