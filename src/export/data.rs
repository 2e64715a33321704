//! A session as data for other programs: Cases to be compared and measured, messages to go on with elsewhere.

use serde::Serialize;
use serde_json::{Value, json};

use crate::domain::attachment::Attachment;
use crate::domain::kind::Kind;
use crate::domain::opinion::Judgement;
use crate::domain::prompt::Message;
use crate::domain::response::Status;
use crate::domain::stream::FinishNorm;
use crate::domain::verdict::ResponseRecord;
use crate::export::{Session, Turn};

/// Letters of a session's id in the id of a Case: enough to find the session again.
const ID_LETTERS: usize = 12;

#[derive(Serialize)]
struct Case<'a> {
    id: String,
    question: &'a str,
    kind: Kind,
    answers: Vec<Answer<'a>>,
}

#[derive(Serialize)]
struct Answer<'a> {
    model: &'a str,
    text: &'a str,
    /// What the person thinks of it, where they have judged the ensemble's answer and it is this one.
    #[serde(skip_serializing_if = "Option::is_none")]
    correct: Option<bool>,
}

/// Returns the turns as Cases, a line each, and how many are left out as nobody's answer in them counts: every answer of
/// a Case is a vote, and one that was cut is none.
pub fn cases(session: &Session) -> (String, usize) {
    let mut out = String::new();
    let mut n_left_out = 0;
    for (number, turn) in (1_u32..).zip(&session.turns) {
        let counting = turn.verdict.responses.iter().enumerate().filter(|(_, response)| counts(response));
        let answers: Vec<Answer<'_>> = counting
            .map(|(place, response)| Answer {
                model: response.own_name(),
                text: &response.text,
                correct: judged(turn).filter(|(by, _)| *by == place).map(|(_, is_right)| is_right),
            })
            .collect();
        if answers.is_empty() {
            n_left_out += 1;
            continue;
        }
        let id = session.id.get(..ID_LETTERS).unwrap_or(&session.id);
        let case = Case {
            id: format!("{id}-{number}"),
            question: &turn.record.asked.question,
            kind: turn.verdict.kind,
            answers,
        };
        out.push_str(&serde_json::to_string(&case).unwrap_or_default());
        out.push('\n');
    }
    (out, n_left_out)
}

/// Returns whose answer the person has judged, and whether it is right; one that is partly right is neither.
fn judged(turn: &Turn) -> Option<(usize, bool)> {
    let is_right = match turn.opinion.judgement? {
        Judgement::Right => true,
        Judgement::Wrong => false,
        Judgement::Partly => return None,
    };
    Some((turn.verdict.answer_by?.index(), is_right))
}

fn counts(response: &ResponseRecord) -> bool {
    let is_stop = response.finish.as_ref().is_some_and(|finish| finish.norm == FinishNorm::Stop);
    response.status == Status::Done && is_stop && !response.refusal && !response.text.trim().is_empty()
}

/// Returns the session as a list of messages: the questions, and the answers of the ensemble. A turn that nobody answered
/// has a question alone.
pub fn openai(session: &Session) -> String {
    let messages: Vec<Value> = session.turns.iter().flat_map(messages).collect();
    format!("{:#}\n", Value::Array(messages))
}

fn messages(turn: &Turn) -> Vec<Value> {
    let asked = &turn.record.asked;
    let question = Message::question(&asked.question, &asked.files);
    let images = asked.files.iter().filter_map(Attachment::image);
    let images: Vec<Value> = images
        .map(|image| {
            let url = format!("data:{};base64,{}", image.format.media_type(), image.base64);
            json!({"type": "image_url", "image_url": {"url": url}})
        })
        .collect();
    let content = if images.is_empty() {
        json!(&*question.text)
    } else {
        let text = json!({"type": "text", "text": &*question.text});
        Value::Array(images.into_iter().chain([text]).collect())
    };
    let answer = turn.verdict.answer.as_ref().map(|answer| json!({"role": "assistant", "content": answer}));
    std::iter::once(json!({"role": "user", "content": content})).chain(answer).collect()
}
