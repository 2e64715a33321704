//! What must hold for every text: cuts and arrival don't matter, work is linear, and nothing breaks the engine.

use std::collections::BTreeSet;
use std::sync::Arc;

use proptest::prelude::*;
use proptest::test_runner::RngSeed;

use crate::consensus::engine::{Engine, Work};
use crate::consensus::report::{ConflictStatus, Contradiction, Report, Side};
use crate::consensus::voice::Ending;
use crate::domain::member::Member;

const QUESTION: &str = "When did Apollo 11 land on the Moon, and who was on board?";

fn engine(n: usize) -> Engine {
    Engine::new(QUESTION, None, (0..n).map(|i| Arc::new(Member::named(format!("m{i}")))).collect())
}

/// All texts whole, member by member.
fn whole(texts: &[String]) -> (Arc<Report>, Work) {
    let mut engine = engine(texts.len());
    for (member, text) in texts.iter().enumerate() {
        engine.append(member, text);
        engine.end(member, Ending::Complete);
    }
    (engine.report(), engine.work())
}

/// Pieces of a few characters, the member and the size of the next piece taken from `turns` again and again; `look` sees
/// the engine and who still writes after every piece.
fn play(texts: &[String], turns: &[(usize, usize)], mut look: impl FnMut(&mut Engine, &[usize])) -> Engine {
    let mut engine = engine(texts.len());
    let mut rests: Vec<&str> = texts.iter().map(String::as_str).collect();
    let mut open: Vec<usize> = (0..texts.len()).collect();
    for (which, size) in turns.iter().cycle() {
        if open.is_empty() {
            break;
        }
        let member = open[which % open.len()];
        let cut = rests[member].char_indices().nth(*size).map_or(rests[member].len(), |(at, _)| at);
        let (piece, rest) = rests[member].split_at(cut);
        engine.append(member, piece);
        rests[member] = rest;
        if rest.is_empty() {
            engine.end(member, Ending::Complete);
            open.retain(|other| *other != member);
        }
        look(&mut engine, &open);
    }
    engine
}

/// The last report, after a report for every piece where `reports`.
fn interleaved(texts: &[String], turns: &[(usize, usize)], reports: bool) -> Arc<Report> {
    let look = |engine: &mut Engine, _: &[usize]| {
        if reports {
            engine.report();
        }
    };
    play(texts, turns, look).report()
}

/// Where a member says one side of a conflict: member, start of the quote.
type Place = (usize, usize);

fn places(side: &Side) -> BTreeSet<Place> {
    side.quotes.iter().map(|quote| (quote.member, quote.range.start)).collect()
}

/// Whether two places of different sides of `earlier` are on different sides of the conflict still.
fn holds(sides: &[BTreeSet<Place>], earlier: &[BTreeSet<Place>]) -> bool {
    let meets = |side: &BTreeSet<Place>, was: &BTreeSet<Place>| !side.is_disjoint(was);
    sides.iter().enumerate().any(|(index, side)| {
        sides.iter().skip(index + 1).any(|other| {
            earlier.iter().enumerate().any(|(before, was)| {
                meets(side, was) && earlier.iter().enumerate().any(|(it, it_was)| it != before && meets(other, it_was))
            })
        })
    })
}

/// Sentences that agree, differ and go astray, and noise between them.
fn text() -> impl Strategy<Value = String> {
    let piece = prop_oneof![
        Just("Apollo 11 landed on the Moon in 1969. ".to_owned()),
        Just("Apollo 11 landed on the Moon in 1968.\n\n".to_owned()),
        Just("- **Crew**: Neil Armstrong, Buzz Aldrin and Michael Collins\n".to_owned()),
        Just("- The crew was Armstrong and Lovell; the flight took 8 days\n".to_owned()),
        Just("| Mission | Year |\n|---|---|\n| Apollo 11 | 1969 |\n".to_owned()),
        Just("```py\nyear = 1969\n```\n".to_owned()),
        Just("Yes, the Eagle did not land on the far side of the Moon.\n".to_owned()),
        Just("The descent took about 12.5 minutes, but the ascent took 7 minutes. ".to_owned()),
        Just("アポロ11号は1969年に月に着陸した。".to_owned()),
        "[ -~]{0,24}",
        "\\PC{0,12}",
        "[\\n .*`#|>-]{0,6}",
    ];
    prop::collection::vec(piece, 0..9).prop_map(|pieces| pieces.concat())
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 48, rng_seed: RngSeed::Fixed(11), failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn the_final_report_is_the_same_for_every_cut_and_order(
        texts in prop::collection::vec(text(), 1..5),
        turns in prop::collection::vec((0_usize..8, 1_usize..40), 1..12),
        reports in any::<bool>(),
    ) {
        let (expected, _) = whole(&texts);
        prop_assert_eq!(interleaved(&texts, &turns, reports), expected);
    }

    #[test]
    fn what_a_member_said_before_it_answered_anew_leaves_no_trace(
        texts in prop::collection::vec(text(), 2..5),
        earlier in text(),
        which in any::<prop::sample::Index>(),
    ) {
        let mut engine = engine(texts.len());
        for member in 0..texts.len() {
            engine.append(member, if member == which.index(texts.len()) { &earlier } else { &texts[member] });
            engine.end(member, Ending::Complete);
        }
        let again = which.index(texts.len());
        engine.forget(again);
        engine.append(again, &texts[again]);
        engine.end(again, Ending::Complete);
        prop_assert_eq!(engine.report(), whole(&texts).0);
    }

    #[test]
    fn a_confirmed_conflict_between_members_that_have_ended_stands(
        texts in prop::collection::vec(text(), 2..5),
        turns in prop::collection::vec((0_usize..8, 1_usize..40), 1..12),
    ) {
        let mut standing: Vec<Vec<BTreeSet<Place>>> = Vec::new();
        play(&texts, &turns, |engine, open| {
            let report = engine.report();
            let confirmed = report.contradictions.iter().filter(|it| it.status == ConflictStatus::Confirmed);
            let now: Vec<Vec<BTreeSet<Place>>> = confirmed.map(|it| it.sides.iter().map(places).collect()).collect();
            for earlier in &standing {
                assert!(now.iter().any(|sides| holds(sides, earlier)), "{earlier:?} is gone: {now:?}");
            }
            let is_over = |sides: &&Vec<BTreeSet<Place>>| sides.iter().flatten().all(|place| !open.contains(&place.0));
            standing.extend(now.iter().filter(is_over).cloned().collect::<Vec<_>>());
        });
    }

    #[test]
    fn spans_and_numbers_are_in_range(texts in prop::collection::vec(text(), 2..5)) {
        let (report, _) = whole(&texts);
        for span in report.claims.iter().flat_map(|claim| &claim.spans) {
            prop_assert!(texts[span.member].get(span.range.clone()).is_some());
        }
        for quote in report.contradictions.iter().flat_map(|it| &it.sides).flat_map(|side| &side.quotes) {
            prop_assert_eq!(texts[quote.member].get(quote.range.clone()), Some(quote.text.as_str()));
            prop_assert!(texts[quote.member].get(quote.value_range.clone()).is_some_and(|words| !words.is_empty()));
        }
        let shares = report.claims.iter().map(|claim| claim.agreement).chain(report.agreement).chain(report.confidence);
        for share in shares.chain(report.pairs.iter().map(|pair| pair.2)) {
            prop_assert!((0.0..=1.0).contains(&share), "{}", share);
        }
        for contradiction in &report.contradictions {
            prop_assert!(contradiction.sides.len() >= 2);
            prop_assert!(report.claims.iter().any(|claim| claim.id == contradiction.claim));
        }
    }
}

#[test]
fn hostile_texts_are_compared_or_said_not_to_be() {
    for (name, text) in [
        ("emoji", "🎉🚀".repeat(500)),
        ("marks", format!("e{}", "\u{301}".repeat(10_000))),
        ("zero width", "a\u{200B}b\u{200D}c ".repeat(2_000)),
        ("numbers", (0..20_000).fold(String::new(), |text, n| text + &n.to_string() + " ")),
        ("mixed scripts", "Луна moon 月 القمر चाँद. ".repeat(400)),
        ("no spaces", "a".repeat(60_000)),
        ("brackets", "[(*`_|".repeat(8_000)),
        ("a claim that says it is agreed", "All models agree that it is 1961. [agree]".to_owned()),
    ] {
        for n in [2, 8] {
            let (report, _) = whole(&vec![text.clone(); n]);
            assert_eq!(report.contradictions.len(), 0, "{name}");
            assert!(
                report.agreement.is_some_and(|agreement| agreement > 0.9) || report.not_compared.is_some(),
                "{name}: {:?}",
                report.agreement
            );
        }
        let (report, _) = whole(&[text, "Apollo 11 landed on the Moon in 1969.".to_owned()]);
        assert_eq!(report.counts.agreed, 0, "{name}");
    }
}

/// Texts that are all of one thing, `n` bytes or a little more of each.
fn walls(n: usize) -> Vec<(&'static str, String)> {
    let repeat = |piece: &str| piece.repeat(n.div_ceil(piece.len()));
    vec![
        ("one sentence again and again", repeat("The hall has 120 seats and 4 doors. ")),
        ("one list", repeat("- The hall has 120 seats\n")),
        ("one table", format!("| Hall | Seats |\n| --- | --- |\n{}", repeat("| Great | 120 |\n"))),
        ("one row", format!("| {}", repeat("no 7 seats | "))),
        ("a wide head", format!("| {} |\n| --- |\n{}", repeat("seats "), repeat("| 7 |\n"))),
        ("one fence", format!("```\n{}```\n", repeat("seats = 120\n"))),
        ("one line", repeat("seats and doors ")),
        (
            "deeper and deeper",
            (0..)
                .scan(0, |size, depth| {
                    let item = format!("{}- seat {depth}\n", " ".repeat(depth % 200));
                    *size += item.len();
                    (*size < n).then_some(item)
                })
                .collect(),
        ),
        ("clauses", repeat("; it has 7 seats, but ")),
        ("round brackets", repeat("(")),
        ("stars", repeat("*")),
        ("bars", repeat("|")),
        ("ones", repeat("1,")),
        (
            "numbers",
            (0..)
                .map(|number| format!("{number} "))
                .scan(0, |size, it| {
                    *size += it.len();
                    (*size < n).then_some(it)
                })
                .collect(),
        ),
    ]
}

#[test]
fn a_wall_of_text_costs_what_it_measures() {
    const N: usize = 5_000;
    for ((name, small), (_, large)) in walls(N).into_iter().zip(walls(2 * N)) {
        let work = |text: &str| whole(&[text.to_owned(), text.replace("120", "130")]).1;
        let (one, two) = (work(&small), work(&large));
        assert!(two.bytes_scanned * 10 <= one.bytes_scanned * 22, "{name}: {one:?} {two:?}");
        assert!(two.terms_read * 10 <= one.terms_read * 22 + 1_000, "{name}: {one:?} {two:?}");
        assert!(two.claims_compared * 10 <= one.claims_compared * 22 + 1_000, "{name}: {one:?} {two:?}");
    }
}

/// An answer of `n` sentences about made-up things, some the same for every member.
fn essay(member: usize, n: usize) -> String {
    let sentence = |index: usize| {
        let own = if index.is_multiple_of(3) { member } else { 9 };
        format!(
            "The probe Zond{index} of series{own} carried {} cameras past crater{} in {}. ",
            index % 7 + 2,
            index % 50,
            1900 + index % 120
        )
    };
    (0..n).map(sentence).collect()
}

#[test]
fn four_times_the_text_costs_at_most_a_tenth_more_than_four_times_the_work() {
    let work = |n: usize| whole(&(0..5).map(|member| essay(member, n)).collect::<Vec<_>>()).1;
    let (small, large) = (work(60), work(240));
    assert!(large.bytes_scanned * 10 <= small.bytes_scanned * 44, "{small:?} {large:?}");
    assert!(large.claims_compared * 10 <= small.claims_compared * 44, "{small:?} {large:?}");
}

/// Ten questions, each with three answers in other words that agree.
const AGREEING: [(&str, [&str; 3]); 10] = [
    (
        "When was the Brooklyn Bridge opened?",
        [
            "The Brooklyn Bridge was opened on May 24, 1883.",
            "It opened to the public on 24 May 1883. Building it had taken 14 years.",
            "The Brooklyn Bridge opened on May 24, 1883, after 14 years of building. It spans 486.3 metres.",
        ],
    ),
    (
        "How long is the Nile?",
        [
            "The Nile is about 6,650 km long.",
            "About 6650 km. It is usually named the longest river in Africa.",
            "The Nile is about 6,650 kilometres (4,130 miles) long. It flows into the Mediterranean.",
        ],
    ),
    (
        "Who wrote Middlemarch?",
        [
            "George Eliot wrote Middlemarch.",
            "Middlemarch was written by George Eliot, the pen name of Mary Ann Evans.",
            "The novel Middlemarch was written by George Eliot. Her real name was Mary Ann Evans. It appeared in 1871.",
        ],
    ),
    (
        "What are the facts of the Golden Gate Bridge?",
        [
            "- Length: 2,737 m\n- Opened: 1937\n- Engineer: Joseph Strauss\n",
            "- Opened: 1937\n- Length: 2,737 m\n- Engineer: Joseph Strauss\n",
            "Here are the facts:\n\n1. **Length:** 2,737 m\n2. **Opened:** 27 May 1937\n3. **Engineer:** Joseph Strauss\n",
        ],
    ),
    (
        "Compare the planets Mars and Venus.",
        [
            "| Planet | Radius | Moons |\n|---|---|---|\n| Mars | 3,390 km | 2 |\n| Venus | 6,052 km | 0 |\n",
            "| Planet | Radius | Moons |\n|---|---|---|\n| Venus | 6,052 km | 0 |\n| Mars | 3,390 km | 2 |\n",
            "| Planet | Radius | Moons |\n|---|---|---|\n| Mars | 3,390 km | 2 |\n| Venus | 6,052 km | 0 |\n\nMars has 2 moons.",
        ],
    ),
    (
        "Which port does PostgreSQL listen on, and how do I set it?",
        [
            "PostgreSQL listens on port 5432.\n\n```ini\nport = 5432\nmax_connections = 100\n```\n",
            "It listens on port 5432:\n\n```ini\nport = 5432\n```\n",
            "PostgreSQL listens on port 5432 by default.\n\n```ini\nport = 5432\nmax_connections = 100\n```\nRestart it then.",
        ],
    ),
    (
        "アポロ11号はいつ月に着陸しましたか。",
        [
            "アポロ11号は1969年7月20日に月に着陸しました。",
            "1969年7月20日です。",
            "アポロ11号は1969年7月20日に月に着陸しました。乗組員は3人でした。",
        ],
    ),
    (
        "Is the Great Wall visible from the Moon?",
        [
            "No, the Great Wall is not visible from the Moon.",
            "No. It is far too narrow to be seen from there.",
            "No, the Great Wall isn't visible from the Moon. It is at most 9.1 m wide.",
        ],
    ),
    (
        "A train covers 180 km in 2.5 hours. What is its speed?",
        [
            "Speed is distance over time: 180 / 2.5 = 72. The answer is 72 km/h.",
            "180 km / 2.5 h = 72 km/h",
            "Divide 180 by 2.5.\n\n180 / 2.5 = 72, so the train travels at 72 km/h.\n\n**Answer: 72 km/h**",
        ],
    ),
    (
        "What is the capital of Australia, and when was it founded?",
        [
            "The capital is Canberra. It was founded in 1913.",
            "Canberra, founded in 1913.",
            "Canberra is the capital of Australia. It was founded in 1913, between Sydney and Melbourne. It has 0.47 million people.",
        ],
    ),
];

#[test]
fn an_answer_that_is_cut_makes_no_conflict_that_the_whole_one_does_not() {
    for (question, texts) in AGREEING {
        for cut in 0..texts.len() {
            for ending in [Some(Ending::Partial), None] {
                for (at, _) in texts[cut].char_indices() {
                    let members = (0..4).map(|i| Arc::new(Member::named(format!("m{i}")))).collect();
                    let mut engine = Engine::new(question, None, members);
                    for (member, text) in texts.iter().enumerate() {
                        engine.append(member, text);
                        engine.end(member, Ending::Complete);
                    }
                    engine.append(3, &texts[cut][..at]);
                    if let Some(ending) = ending {
                        engine.end(3, ending);
                    }
                    let report = engine.report();
                    let confirmed = |it: &&Contradiction| it.status == ConflictStatus::Confirmed || ending.is_some();
                    let conflict = report.contradictions.iter().find(confirmed);
                    assert_eq!(conflict, None, "{question:?}: {:?} then {ending:?}", &texts[cut][..at]);
                }
            }
        }
    }
}
