//! How a question ended, as an exit code.

use crate::domain::verdict::Verdict;
use crate::headless::exit::Exit;

/// Returns the exit code for a verdict. Only who asks for a least confidence hears of flags this way; of the demo's
/// numbers nobody may be sure.
pub fn exit_of(verdict: &Verdict, min_confidence: Option<f64>) -> Exit {
    let is_doubtful = verdict.demo || verdict.flagged || verdict.confidence.is_none();
    match (verdict.answered, min_confidence) {
        (0, _) => Exit::NobodyAnswered,
        (_, Some(_)) if is_doubtful => Exit::Flagged,
        (_, Some(_) | None) => Exit::Answered,
    }
}

/// Returns why the least confidence that was asked for is not met where no flag says so: nobody knows the confidence, or
/// it is that of the demo.
pub fn why_unmet(verdict: &Verdict, min_confidence: Option<f64>) -> Option<String> {
    let least = min_confidence.filter(|_| verdict.answered > 0 && !verdict.flagged)?;
    if verdict.demo {
        return Some(format!("--min-confidence {least} is not met: no confidence of the demo's models counts"));
    }
    let why = if verdict.answered == 1 { "there is nothing to compare" } else { "none is known for such questions" };
    verdict
        .confidence
        .is_none()
        .then(|| format!("--min-confidence {least} is not met: the confidence is unknown, as {why}"))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::consensus::report::Report;
    use crate::domain::ids::TurnId;
    use crate::domain::turn::Turn;
    use crate::round::verdict::{Settings, assemble};

    fn check(answered: usize, confidence: Option<f64>, flagged: bool, demo: bool) -> [Exit; 2] {
        let turn = Turn::new(TurnId(1), "why?", [], tokio::time::Instant::now().into_std());
        let empty = assemble(&turn, &Report::default(), &Settings::default());
        let verdict = Verdict { demo, answered, confidence, flagged, ..empty };
        [None, Some(0.75)].map(|min_confidence| exit_of(&verdict, min_confidence))
    }

    #[test]
    fn only_who_asks_for_a_least_confidence_hears_of_flags() {
        let rows = [
            (check(3, Some(0.9), false, false), [Exit::Answered, Exit::Answered]),
            (check(3, Some(0.6), true, false), [Exit::Answered, Exit::Flagged]),
            (check(3, Some(0.9), true, false), [Exit::Answered, Exit::Flagged]),
            (check(3, None, false, false), [Exit::Answered, Exit::Flagged]),
            (check(1, None, true, false), [Exit::Answered, Exit::Flagged]),
            (check(3, Some(0.9), false, true), [Exit::Answered, Exit::Flagged]),
            (check(0, None, false, false), [Exit::NobodyAnswered, Exit::NobodyAnswered]),
            (check(0, None, true, true), [Exit::NobodyAnswered, Exit::NobodyAnswered]),
        ];
        for (idx, (found, expected)) in rows.into_iter().enumerate() {
            assert_eq!(found, expected, "row {idx}");
        }
    }
}
