//! Rows for the whole engine: texts in, agreement and conflicts out.

use std::sync::Arc;

use crate::consensus::engine::Engine;
use crate::consensus::report::{Class, ConflictStatus, Contradiction, Report, Side, Stance};
use crate::consensus::voice::Ending;
use crate::domain::member::Member;

fn engine(question: &str, n: usize) -> Engine {
    Engine::new(question, None, (0..n).map(|i| Arc::new(Member::named(format!("m{i}")))).collect())
}

fn report(question: &str, texts: &[&str]) -> Arc<Report> {
    let mut engine = engine(question, texts.len());
    for (member, text) in texts.iter().enumerate() {
        engine.append(member, text);
        engine.end(member, Ending::Complete);
    }
    engine.report()
}

/// Each conflict on a line, such as `date: 1969 by 0 1, 1968 by 2`.
fn conflicts(report: &Report) -> Vec<String> {
    let side = |side: &Side| {
        let members: Vec<String> = side.members.iter().map(usize::to_string).collect();
        format!("{} by {}", side.value, members.join(" "))
    };
    let line = |it: &Contradiction| {
        format!("{}: {}", it.kind.as_str(), it.sides.iter().map(side).collect::<Vec<_>>().join(", "))
    };
    report.contradictions.iter().map(line).collect()
}

#[track_caller]
fn check(question: &str, texts: &[&str], expected: &[&str]) {
    assert_eq!(conflicts(&report(question, texts)), expected, "{texts:?}");
}

#[test]
fn who_denies_what_was_asked_in_the_next_clause_says_no_yes() {
    let texts = [
        "No, alcohol does not kill brain cells.",
        "Alcohol can damage brain cells and disrupt them, but it doesn't directly kill brain cells.",
    ];
    check("Does alcohol kill brain cells?", &texts, &[]);
}

#[test]
fn who_says_otherwise_neither_agrees_nor_is_silent() {
    let texts = [
        "The old bridge was built by local masons in the spring.",
        "The old bridge was built by local masons in the spring.",
        "The old bridge was built by hired sailors in the spring.",
    ];
    let said = report("", &texts);
    let claim = &said.claims[0];
    assert_eq!((claim.class, claim.otherwise.as_slice()), (Class::Partly, &[2][..]), "{claim:#?}");
    assert_eq!(claim.stances, [Stance::Support, Stance::Support, Stance::Absent]);
    let silent = report("", &[texts[0], texts[1], "Rivers rise when the snow melts."]);
    assert!(silent.claims.iter().all(|claim| claim.otherwise.is_empty()));
}

const LANDED: &str = "When did Apollo 11 land on the Moon?";

#[test]
fn one_dissenter_on_a_date_is_one_conflict() {
    let texts = [
        "Apollo 11 landed on the Moon in 1969.",
        "It landed on the Moon in 1969.",
        "Apollo 11 landed on the Moon in 1968.",
    ];
    check(LANDED, &texts, &["date: 1969 by 0 1, 1968 by 2"]);
    check("", &texts, &["date: 1969 by 0 1, 1968 by 2"]);
    check("", &["1969", "1969", "1968"], &["date: 1969 by 0 1, 1968 by 2"]);
    let report = report(LANDED, &texts);
    let conflict = &report.contradictions[0];
    assert_eq!(conflict.status, ConflictStatus::Confirmed);
    assert!(conflict.touches_answer);
    assert_eq!(conflict.topic, "Apollo 11 landed on the Moon");
    let quote = &conflict.sides[1].quotes[0];
    assert_eq!(&texts[2][quote.value_range.clone()], "1968");
    assert_eq!(quote.text, texts[2]);
    assert_eq!(report.counts.conflicts, 1);
    assert_eq!(report.claims[0].stances, [Stance::Support, Stance::Support, Stance::Contradict]);
    assert_eq!(report.claims[0].class, Class::Conflict);
}

#[test]
fn who_contradicts_the_answer_lends_it_nothing_whatever_words_they_share() {
    let beside = "Oxygen was first collected over mercury oxide heated by a burning lens in a closed vessel, and a \
                  candle burned in it with a strong flame.";
    let confidence = |first: &str, second: &str, third: &str| {
        let texts = [first, second, third].map(|answer| format!("{answer}\n\n{beside}"));
        let texts: Vec<&str> = texts.iter().map(String::as_str).collect();
        report("Who discovered oxygen?", &texts).confidence.unwrap()
    };
    let whole = confidence("Joseph Priestley did.", "It was Joseph Priestley.", "Joseph Priestley discovered it.");
    assert!(whole > 0.9, "{whole}");
    let two_of_three = confidence("Joseph Priestley did.", "It was Joseph Priestley.", "It was Carl Wilhelm Scheele.");
    assert!((0.6..0.75).contains(&two_of_three), "{two_of_three}");
}

#[test]
fn a_number_and_that_number_of_dollars_are_one_side() {
    let texts = ["The answer is 1198.", "The answer is 1298.", "The answer is $1198."];
    check("Calculate what the gifts cost", &texts, &["number: 1198 by 0 2, 1298 by 1"]);
}

#[test]
fn a_side_reads_as_its_first_model_wrote_it() {
    for (texts, expected) in [
        (
            ["It has **86 billion** neurons.", "It has 8.6 billion neurons."],
            "number: 86 billion by 0, 8.6 billion by 1",
        ),
        (["It cost $1.2 million in all.", "It cost $3m in all."], "unit: $1.2 million by 0, $3m by 1"),
        (["It weighs two kilograms.", "It weighs 5,5 kg."], "unit: two kilograms by 0, 5,5 kg by 1"),
        (["It opened on 3 May 1931.", "It opened in 1932."], "date: 1931-05-03 by 0, 1932 by 1"),
    ] {
        check("", &texts, &[expected]);
    }
}

#[test]
fn one_fact_in_other_words_is_one_claim() {
    for texts in [
        ["They collected 21.5 kg of rock.", "They brought back 47.4 pounds of rock."],
        ["The bridge opened to traffic in May 1937.", "In May 1937 cars drove over the bridge."],
        ["- **Mass:** 21.5 kg of rock", "The astronauts carried home 21.5 kg of lunar rock."],
    ] {
        for texts in [texts, [texts[1], texts[0]]] {
            let report = report("Tell me about it", &texts);
            let claims: Vec<&str> = report.claims.iter().map(|claim| claim.text.as_str()).collect();
            assert_eq!((claims.len(), report.counts.agreed), (1, 1), "{claims:?}");
            let members: Vec<usize> = report.claims[0].spans.iter().map(|span| span.member).collect();
            assert_eq!(members, [0, 1]);
        }
    }
    let apart = ["They collected 21.5 kg of rock.", "The camera weighed 21.5 kg."];
    assert_eq!(report("Tell me about it", &apart).claims.len(), 2);
}

#[test]
fn a_question_in_another_language_asks_for_what_it_asks() {
    let light = "Wie lange braucht das Licht von der Sonne zur Erde?";
    check(light, &["Rund 8 Minuten.", "Die Laufzeit beträgt etwa 500 Sekunden."], &[]);
    check(
        light,
        &["Rund 8 Minuten.", "Die Laufzeit beträgt 80 Sekunden."],
        &["unit: 8 Minuten by 0, 80 Sekunden by 1"],
    );
    check("Combien de temps dure le trajet ?", &["Le trajet dure 2 heures.", "Il faut compter 120 minutes."], &[]);
    let row = "| Größe | Wert |\n| --- | --- |\n| Lichtgeschwindigkeit | 300.000 Kilometer pro Sekunde |\n";
    check("Was ist Licht?", &[row, "| Größe | Wert |\n| --- | --- |\n| Lichtgeschwindigkeit | 300000 km/s |\n"], &[]);
}

#[test]
fn one_dose_in_several_units_is_no_conflict() {
    let texts = ["500 µg into the muscle", "500 micrograms intramuscularly", "half a milligram"];
    check("What is the dose of adrenaline for anaphylaxis?", &texts, &[]);
}

#[test]
fn what_is_denied_must_be_what_the_other_says() {
    let texts = [
        "The 64-bit number did not fit into a 16-bit signed integer.",
        "The 64-bit number overflowed a 16-bit signed integer.",
    ];
    check("Why did the flight fail?", &texts, &[]);
}

#[test]
fn short_sentences_and_rows_are_compared_too() {
    let texts = ["The UDP header has 16 bytes.", "The UDP header takes 8 bytes: ports, length and checksum."];
    check("How do TCP, UDP and QUIC differ?", &texts, &["unit: 16 bytes by 0, 8 bytes by 1"]);
    let texts = [
        "| Part | Who or where |\n| --- | --- |\n| Sender | Charley Kline at UCLA |\n",
        "It was typed by the student Charley Kline at UCLA.",
    ];
    let report = report("Tell me about the first message", &texts);
    assert_eq!((report.claims.len(), report.counts.agreed), (1, 1), "{:#?}", report.claims);
}

#[test]
fn yes_in_other_words_is_yes() {
    let no = "No, a dict does not keep insertion order.";
    let texts = ["A dict keeps insertion order.", "Yes, a dict keeps insertion order.", no];
    check("Does a dict keep insertion order?", &texts, &["negation: yes by 0 1, no by 2"]);
    let texts = ["A dict keeps insertion order.", no];
    check("Does a dict keep insertion order?", &texts, &["negation: yes by 0, no by 1"]);
}

#[test]
fn a_step_towards_the_answer_is_no_other_answer() {
    let texts = [
        "By 38 microseconds a day, as gravity adds 45 and motion takes 7 away.",
        "1. Gravity is weaker, so the clocks gain 45 microseconds a day.\n2. Motion makes them lose 7 microseconds a day.\n\
         3. In sum they gain 38 microseconds a day.",
        "In all they gain 38 microseconds a day.",
    ];
    let report = report("How fast would the clocks drift?", &texts);
    assert_eq!(conflicts(&report), [""; 0]);
    assert!(report.confidence.unwrap() > 0.75, "{:?}", report.confidence);
}

#[test]
fn other_names_in_the_same_words_conflict() {
    let texts = [
        "A private collection of tins and labels in Llangefni.",
        "A private collection of tins and labels in Cardiff.",
    ];
    check("Where is the museum of baked beans?", &texts, &["name: Llangefni by 0, Cardiff by 1"]);
}

#[test]
fn a_lead_in_is_no_part_of_a_name() {
    let texts =
        ["**Discoverer: Carl Wilhelm Scheele**, an apothecary in Uppsala", "Joseph Priestley found it in 1774."];
    check("Who discovered oxygen?", &texts, &["name: Carl Wilhelm Scheele by 0, Joseph Priestley by 1"]);
}

#[test]
fn a_final_answer_outside_every_statement_breaks_nothing() {
    let report = report("When did it land, and who was on board?", &["It landed in 1968.\n\n^", "A\\"]);
    assert!(report.is_final);
}

#[test]
fn a_conflict_beside_the_answer_leaves_the_confidence_alone() {
    let text = |mass: &str| {
        let story = "The crew was launched from Florida.\n\nThe journey there took days.\n\nA flag was planted.\n\n\
                     They were picked up at sea.\n\nThey were kept apart for weeks.";
        format!("**1969**\n\n{story}\n\nThey collected {mass} of rock samples.")
    };
    let (same, other) = (text("21.5 kg"), text("30 kg"));
    let agreed = report(LANDED, &[&same, &same, &same]);
    let beside = report(LANDED, &[&same, &same, &other]);
    assert_eq!(conflicts(&beside).len(), 1);
    assert!(!beside.contradictions[0].touches_answer);
    assert_eq!(beside.confidence, agreed.confidence);
}

#[test]
fn paraphrases_do_not_conflict() {
    let texts = [
        "Apollo 11 landed on the Moon in July 1969.",
        "The Moon landing of Apollo 11 took place in 1969.",
        "It was in 1969 that Apollo 11 reached the Moon.",
    ];
    check(LANDED, &texts, &[]);
    check("", &texts, &[]);
    let report = report(LANDED, &texts);
    assert_eq!(report.counts.agreed, 1);
    assert!(report.confidence.unwrap() > 0.9, "{:?}", report.confidence);
}

#[test]
fn a_member_that_still_writes_does_not_disagree() {
    let mut engine = engine(LANDED, 3);
    engine.append(0, "Apollo 11 landed on the Moon in 1969. And");
    let report = engine.report();
    assert_eq!(report.counts.pending, 1);
    assert_eq!((report.agreement, report.confidence, report.is_final), (None, None, false));
    engine.append(1, "Apollo 11 landed on the Moon in 1968. And");
    let report = engine.report();
    assert_eq!(report.contradictions[0].status, ConflictStatus::Provisional);
    assert_eq!(report.counts.conflicts, 0);
    engine.append(0, " so it was.\n\n");
    engine.append(1, " so it was.\n\n");
    assert_eq!(engine.report().contradictions[0].status, ConflictStatus::Confirmed);
    engine.append(1, "Others say that Apollo 11 landed in 1969.\n\n");
    assert_eq!(engine.report().contradictions, []);
}

#[test]
fn a_yes_no_split_is_a_negation() {
    let texts = ["Yes, it moves the ref.", "Yes, the ref is moved.", "No, the server checks it first."];
    check("Does git push move the ref?", &texts, &["negation: yes by 0 1, no by 2"]);
}

#[test]
fn two_camps_are_two_sides() {
    let texts = ["It was Marie Curie.", "Marie Curie", "Lise Meitner", "The answer is Lise Meitner."];
    check("Who discovered polonium?", &texts, &["name: Marie Curie by 0 1, Lise Meitner by 2 3"]);
}

#[test]
fn one_value_in_other_words_and_units_does_not_conflict() {
    check("How long is the bridge?", &["It is 2 km long.", "2,000 metres", "The bridge is two kilometres long."], &[]);
    check(
        "",
        &["The bridge is 2 km long.", "The bridge is 2,000 metres long.", "The bridge is two kilometres long."],
        &[],
    );
    check("How far is the Moon?", &["About 400,000 km.", "384,400 km on average."], &[]);
}

#[test]
fn a_number_off_by_ten_is_a_conflict() {
    let texts = ["The hall has 120 seats.", "The hall has 130 seats.", "There are 120 seats in the hall."];
    check("How many seats has the hall?", &texts, &["number: 120 by 0 2, 130 by 1"]);
    check("Tell me about the hall", &texts, &["number: 120 by 0 2, 130 by 1"]);
}

#[test]
fn a_value_named_elsewhere_in_the_answer_is_no_conflict() {
    let texts =
        ["The tower of Pisa is 56 m high.", "The tower of Pisa is 58 m high. Measured on the low side it is 56 m."];
    check("How high is the tower of Pisa?", &texts, &[]);
}

#[test]
fn values_of_different_things_do_not_conflict() {
    check("Describe Mars", &["Mars has 2 moons and 4 seasons.", "Mars has 2 moons and 3 rovers at work."], &[]);
    check("Describe Mars", &["Mars has two moons.", "Venus takes 225 days to go round the Sun."], &[]);
}

#[test]
fn opposite_words_negations_choices_and_code_conflict() {
    let antonym = ["Sound travels faster in warm air than usual.", "Sound travels slower in warm air than usual."];
    check("How does heat affect sound?", &antonym, &["antonym: faster by 0, slower by 1"]);
    let negation = ["The lock file belongs in version control.", "The lock file does not belong in version control."];
    check("Explain what to do with lock files", &negation, &["negation: it is so by 0, it is not so by 1"]);
    let choice =
        ["For this job I would choose Postgres as the database.", "For this job I would choose Redis as the database."];
    check("Compare databases for this job", &choice, &["choice: Postgres by 0, Redis by 1"]);
    let code = ["```toml\ntimeout = 30\n```", "```toml\ntimeout = 60\n```"];
    check("Explain how to set the time-out", &code, &["code: 30 by 0, 60 by 1"]);
}

#[test]
fn rows_of_tables_are_compared_cell_by_cell() {
    let table = |moons: u32| {
        format!("| Planet | Moons | Rings |\n|---|---|---|\n| Mars | 2 | 0 |\n| Uranus | {moons} | 13 |\n")
    };
    check("Describe the planets", &[&table(27), &table(28)], &["number: 27 by 0, 28 by 1"]);
}

#[test]
fn themes_are_all_that_is_said_of_a_poem() {
    let report = report("Write a poem about rain", &["Rain falls on 3 roofs.", "Rain falls on 5 roofs."]);
    assert_eq!((report.agreement, report.confidence, report.contradictions.len()), (None, None, 0));
    assert_eq!(report.not_compared, None);
}

#[test]
fn what_an_answer_that_was_cut_does_not_say_is_held_against_nobody() {
    for (question, whole, cut) in [
        // The half word, the row and the code that were being written.
        (LANDED, "Apollo 11 landed on July 20, 1969.", "Apollo 11 landed on July 2"),
        ("How high is the tower?", "The tower is 12,450 metres high.", "The tower is 12,4"),
        ("", "- Built: 1889\n- Height: 330 m\n", "- Built: 1889\n- Height: 33"),
        ("", "| Built | 1889 |\n|---|---|\n| Height | 330 m |\n", "| Built | 1889 |\n|---|---|\n| Height | 33"),
        ("Set the port.", "```sh\nport = 5432\n```\n", "```sh\nport = 54"),
        // A step on the way to the result.
        ("Calculate what three gifts cost", "The answer is $36.", "Each gift costs $12. Three"),
        // The name may have come later.
        ("Who discovered oxygen?", "Joseph Priestley did.", "Several chemists worked on air. Carl Wilh"),
    ] {
        let mut engine = engine(question, 3);
        for (member, (text, ending)) in
            [(whole, Ending::Complete), (whole, Ending::Complete), (cut, Ending::Partial)].into_iter().enumerate()
        {
            engine.append(member, text);
            engine.end(member, ending);
        }
        assert_eq!(conflicts(&engine.report()), [""; 0], "{cut}");
    }
}

#[test]
fn a_refusal_makes_no_claim_and_a_partial_answer_casts_no_vote() {
    let mut engine = engine(LANDED, 4);
    for (member, (text, ending)) in [
        ("In 1969.", Ending::Complete),
        ("It was 1969.", Ending::Complete),
        ("I'm sorry, but I can't help with that.", Ending::Complete),
        ("In 1968. And", Ending::Partial),
    ]
    .into_iter()
    .enumerate()
    {
        engine.append(member, text);
        engine.end(member, ending);
    }
    let report = engine.report();
    assert!(report.members[2].is_refusal);
    assert_eq!(conflicts(&report), ["date: 1969 by 0 1, 1968 by 3"]);
    assert_eq!(report.effective_votes.map(|votes| (votes * 100.0).round()), Some(140.0));
    assert_eq!((report.members[3].rank, report.members[2].rank), (None, None));
}

#[test]
fn who_is_forgotten_takes_its_conflicts_along_and_may_answer_anew() {
    let mut engine = engine(LANDED, 2);
    engine.append(0, "In 1969.");
    engine.end(0, Ending::Complete);
    engine.append(1, "In 1968.");
    engine.end(1, Ending::Complete);
    assert_eq!(engine.report().contradictions.len(), 1);
    engine.forget(1);
    assert_eq!(engine.report().contradictions.len(), 0);
    engine.append(1, "In 1969.");
    engine.end(1, Ending::Complete);
    engine.append(1, "Too late: in 1967.");
    assert_eq!(conflicts(&engine.report()), [""; 0]);
}

#[test]
fn nothing_is_said_where_nothing_can_be_compared() {
    for (texts, expected) in [
        (vec![], "nobody answered"),
        (vec!["", ""], "nobody answered"),
        (vec!["1969"], "one answer"),
        (vec!["🎉🎉🎉", "🎉"], "no statements"),
        (vec!["```\nlet x = f();\n```", "```\nfn main() {}\n```"], "only code"),
    ] {
        let report = report("What?", &texts);
        assert_eq!(report.not_compared.as_deref(), Some(expected), "{texts:?}");
        assert_eq!((report.agreement, report.confidence, report.counts.agreed), (None, None, 0));
    }
}

#[test]
fn shared_words_around_different_values_are_no_agreement() {
    check("", &["Mount Everest is 8,849 m high.", "It is 8,611 m high."], &["unit: 8,849 m by 0, 8,611 m by 1"]);
    check(
        "",
        &["Water boils at 100 degrees.", "It boils at 90 degrees."],
        &["unit: 100 degrees by 0, 90 degrees by 1"],
    );
    let apart = report("", &["Apollo landed on 20 July 1969.", "The module landed on 21 July 1969."]);
    assert_eq!(apart.counts.agreed, 0);
}

#[test]
fn an_answer_under_a_confirmed_conflict_is_never_settled() {
    let texts = ["Apollo 11 landed on 20 July 1969.", "It landed in 1969 on July 20.", "It landed on 20 July 1968."];
    let report = report("", &texts);
    assert_eq!(report.counts.conflicts, 1);
    assert!(report.confidence.is_some_and(|confidence| confidence < 0.9), "{:?}", report.confidence);
}

#[test]
fn a_leading_no_to_a_question_that_is_not_yes_or_no_is_no_conflict() {
    let sydney = "No, Sydney is not the capital. The capital is Canberra.";
    check("What is the capital of Australia?", &[sydney, "The capital of Australia is Canberra."], &[]);
    let polite = "No worries. Apollo 11 landed on the Moon on July 20, 1969.";
    check(LANDED, &[polite, "Apollo 11 landed on the Moon on July 20, 1969."], &[]);
}

#[test]
fn a_differing_value_beside_its_quoted_sentence_breaks_nothing() {
    let ours = "Apollo 11 landed on the Moon in 1968.\n\nThe descent took about 12.5 minutes, but the ascent took 7 minutes. 00=:";
    let theirs = "The descent took about 12.5 minutes, but the ascent took 7 minutes. | Mission | Year |\n|---|---|\n| Apollo 11 | 1969 |\n";
    assert!(report("", &[ours, theirs]).is_final);
}

#[test]
fn everyone_who_says_yes_is_on_one_side() {
    let texts = [
        "No, a Python dict is not guaranteed to keep insertion order.",
        "Yes: a Python dict is guaranteed to keep insertion order.",
        "Yes, since Python 3.7 every dict is guaranteed to keep the order in which its keys were inserted.",
    ];
    check("Is a Python dict guaranteed to keep insertion order?", &texts, &["negation: yes by 1 2, no by 0"]);
}

#[test]
fn limits_are_compared_by_what_they_allow() {
    let dose = "How much paracetamol may a healthy adult take in a day?";
    let texts =
        ["At most 4 g of paracetamol in a day.", "Most in a day: 4,000 mg.", "At most 8 g of paracetamol in a day."];
    check(dose, &texts, &["unit: 4 g by 0 1, 8 g by 2"]);
    check(
        "How many bytes does a UTF-8 character take at most?",
        &["It takes at most 4 bytes.", "Up to four bytes.", "A UTF-8 character takes at most 6 bytes."],
        &["unit: 4 bytes by 0 1, 6 bytes by 2"],
    );
}

#[test]
fn a_small_open_number_beside_the_answer_is_not_the_answer() {
    let texts = [
        "The human genome has about 3.1 billion base pairs, counted once.",
        "The human genome has about 3.1 million base pairs, spread over twenty-three pairs of chromosomes.",
    ];
    let found = ["number: 3.1 billion by 0, 3.1 million by 1"];
    check("How many base pairs does the human genome have?", &texts, &found);
}

#[test]
fn a_no_before_a_statement_does_not_deny_it() {
    let texts = ["No, glass is an amorphous solid.", "No, it is not. Glass is an amorphous solid."];
    check("Is glass a slowly flowing liquid?", &texts, &[]);
    let texts = ["Threads on one line suffer from false sharing.", "Threads on one line suffer from sharing."];
    check("What slows threads down?", &texts, &[]);
}

#[test]
fn a_no_in_a_cell_denies_its_row() {
    let table = "No, quicksort is not a stable sort.\n\n| Sort | Stable |\n| --- | --- |\n| quicksort | no |";
    check("Is quicksort a stable sort?", &["No, quicksort is not a stable sort.", table], &[]);
}

#[test]
fn commands_with_other_options_conflict() {
    let question = "Which command undoes the last Git commit but keeps the changes?";
    let soft = "Use `git reset --soft HEAD~1`.";
    check(
        question,
        &[soft, "Use `git reset --hard HEAD~1`."],
        &["code: git reset --soft HEAD~1 by 0, git reset --hard HEAD~1 by 1"],
    );
    check(question, &[soft, "Use `git reset --soft HEAD~1`, never `git reset --hard HEAD~1`."], &[]);
}

#[test]
fn an_opposite_word_in_the_answer_is_an_antonym() {
    let texts = ["Another index makes inserts slower.", "Another index makes inserts faster."];
    check("What does another index do to inserts?", &texts, &["antonym: slower by 0, faster by 1"]);
}

#[test]
fn what_a_third_member_says_takes_no_conflict_of_two_back() {
    let texts = [
        "The descent took about 12.5 minutes, but the ascent took 7 minutes. ",
        "Yes, the Eagle did not land on the far side of the Moon.\n",
        "Fin all```py\nyear = 1969\n```\n",
    ];
    let mut engine = engine("When did Apollo 11 land on the Moon, and who was on board?", 3);
    let mut say = |member: usize| {
        engine.append(member, texts[member]);
        engine.end(member, Ending::Complete);
        engine.report()
    };
    say(0);
    let against = |report: &Report| {
        let side_of = |it: &Contradiction, member| it.sides.iter().position(|side| side.members.contains(&member));
        report.contradictions.iter().any(|it| side_of(it, 0).is_some() && side_of(it, 0) != side_of(it, 2))
    };
    assert!(against(&say(2)));
    assert!(against(&say(1)));
}

#[test]
fn who_has_come_to_a_point_is_not_compared_with_who_is_on_the_way() {
    let mut engine = engine("What is 12 * 12 + 3?", 2);
    engine.append(0, "The answer is 147.");
    engine.end(0, Ending::Complete);
    engine.append(1, "Let us multiply first, and then add what is left over.\n\nThe product of the two is 144.\n\n");
    let report = engine.report();
    assert_eq!((report.contradictions.len(), report.confidence), (0, None));
    engine.append(1, "The answer is 147.");
    engine.end(1, Ending::Complete);
    assert!(engine.report().confidence.is_some_and(|confidence| confidence > 0.9));
}

#[test]
fn a_name_that_may_still_come_is_missing_for_the_time_being_only() {
    let mut engine = engine("Who discovered oxygen?", 2);
    engine.append(0, "It was Joseph Priestley.");
    engine.end(0, Ending::Complete);
    engine.append(1, "The discovery is usually credited to Carl Wilhelm Scheele.\n\nHe ");
    let status = |engine: &mut Engine| engine.report().contradictions.iter().map(|it| it.status).collect::<Vec<_>>();
    assert_eq!(status(&mut engine), [ConflictStatus::Provisional]);
    engine.append(1, "came first.");
    engine.end(1, Ending::Complete);
    assert_eq!(status(&mut engine), [ConflictStatus::Confirmed]);
}

#[test]
fn a_question_of_yes_or_no_is_answered_in_other_words_too() {
    let safe = "Is it safe to take ibuprofen with warfarin?";
    let no = [
        "No. Ibuprofen raises the risk of bleeding in people who take warfarin.",
        "It is not safe: combining ibuprofen with warfarin increases bleeding risk.",
        "Generally, no — the two should not be combined.",
        "You should avoid taking ibuprofen with warfarin.",
    ];
    check(safe, &no, &[]);
    let texts = [no[3], "It is generally safe to take ibuprofen with warfarin."];
    check(safe, &texts, &["negation: no by 0, yes by 1"]);
    check("Is the Earth flat?", &["No.", "No, the Earth is an oblate spheroid.", "The Earth is not flat."], &[]);
}

#[test]
fn an_answer_takes_the_option_that_it_names_first() {
    let larger = "Which is larger, the Atlantic or the Pacific?";
    let texts =
        ["The Pacific is larger.", "The Pacific is the largest of all.", "The Atlantic is larger than the Pacific."];
    check(larger, &texts, &["choice: Pacific by 0 1, Atlantic by 2"]);
    let texts =
        ["Use an `Arc<Mutex<usize>>`; a channel is overkill.", "A mutex is simpler.", "Prefer a plain `Mutex`."];
    check("Should I use a mutex or a channel to share a counter?", &texts, &[]);
}

#[test]
fn a_measure_is_asked_for_by_its_name() {
    let texts = ["Ethanol boils at 78.37 °C (173.1 °F).", "It is about 78 °C.", "Ethanol's boiling point is 87.4 °C."];
    check("What is the boiling point of ethanol?", &texts, &["unit: 78.37 °C by 0 1, 87.4 °C by 2"]);
    let texts = ["O(log n)", "Binary search runs in **O(n)** time.", "It is logarithmic: $O(\\log n)$."];
    check("What is the time complexity of binary search?", &texts, &["number: O(log n) by 0 2, O(n) by 1"]);
}

#[test]
fn what_something_does_may_be_told_in_many_ways() {
    let texts = ["It fetches and merges.", "It runs `git fetch` and then `git merge`.", "It downloads new commits."];
    check("What does `git pull` do?", &texts, &[]);
}

#[test]
fn a_clause_that_stands_alone_does_not_begin_in_the_middle() {
    let text =
        "The sending system went on as usual, but the **receiving** system crashed in 1969; and nobody saw it coming.";
    let claims: Vec<String> = report("", &[text]).claims.iter().map(|claim| claim.text.clone()).collect();
    assert_eq!(
        claims,
        ["The sending system went on as usual", "The receiving system crashed in 1969", "Nobody saw it coming."]
    );
}

#[test]
fn a_value_of_the_minority_never_answers_for_the_ensemble() {
    let mut names: Vec<Member> = (0..3).map(|i| Member::named(format!("m{i}"))).collect();
    names[2].reliability = 0.9;
    let mut engine = Engine::new("How many steps has the tower?", None, names.into_iter().map(Arc::new).collect());
    for (member, text) in ["42", "42", "43"].into_iter().enumerate() {
        engine.append(member, text);
        engine.end(member, Ending::Complete);
    }
    let report = engine.report();
    assert_eq!(conflicts(&report), ["number: 42 by 0 1, 43 by 2"]);
    assert_eq!((report.best, report.members[2].rank), (Some(0), Some(3)));
}

#[test]
fn of_answers_that_agree_the_one_that_says_more_is_shown() {
    let texts = ["Canberra", "Canberra is the capital of Australia, chosen in 1908 as a compromise.", "Canberra"];
    assert_eq!(report("What is the capital of Australia?", &texts).best, Some(1));
}

#[test]
fn an_answer_without_end_is_compared_as_far_as_its_beginning_and_says_so() {
    let long = "Room 9 of the house was painted in spring. ".repeat(40_000);
    let mut engine = engine("", 2);
    engine.append(0, &long);
    engine.append(1, "Room 7 of the house was painted in autumn.");
    let n_read = engine.work().terms_read;
    engine.append(0, &long);
    assert_eq!(engine.work().terms_read, n_read, "nothing behind the bound is read");
    engine.end(0, Ending::Complete);
    engine.end(1, Ending::Complete);
    let report = engine.report();
    assert_eq!(report.members.iter().map(|it| it.is_read_in_part).collect::<Vec<_>>(), [true, false]);
    assert!(!conflicts(&report).is_empty());
}
