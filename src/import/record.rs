//! Makes turns of what was asked and answered elsewhere, under ids that are the same each time.

use std::sync::Arc;

use uuid::Uuid;

use crate::domain::fault::{Fault, FaultKind};
use crate::domain::ids::{Column, ModelId};
use crate::domain::member::Member;
use crate::domain::opinion::Opinion;
use crate::domain::record::{Asked, Moment, TurnRecord};
use crate::domain::stream::{Delta, Finish, FinishNorm, FinishReason, StreamEventKind};
use crate::domain::verdict::Flagging;
use crate::import::{Answer, Conversation, End, Exchange, LeftOut, Program, Session, Turn};
use crate::recording::document::Document;

/// What a model is called that the export does not name.
const UNKNOWN: &str = "unknown";
/// Letters of a session's id: as many as one of our own has.
const SESSION_LETTERS: usize = 12;
/// Letters of a turn's id that say where it is from, and as many for what it says.
const HALF_LETTERS: usize = 16;
/// What the confidence of a turn is measured against; the config's own usual value.
const FLAG_BELOW: f64 = 0.75;
/// Answers that a consensus takes.
const QUORUM: usize = 2;

/// Returns a conversation in our words.
pub(super) fn session(conversation: Conversation) -> Session {
    let Conversation { origin, name, made_at_ms, used_at_ms, exchanges, left_out, program } = conversation;
    let origin = format!("{}\n{origin}", program.as_str());
    let first_ms = exchanges.iter().filter_map(|it| it.asked_at_ms).min();
    let last_ms = exchanges.iter().filter_map(|it| it.asked_at_ms).max();
    let made_at_ms = made_at_ms.or(first_ms);
    let mut at_ms = made_at_ms.unwrap_or_default();
    let turns = exchanges
        .into_iter()
        .map(|exchange| {
            at_ms = exchange.asked_at_ms.unwrap_or(at_ms);
            turn(&origin, exchange, at_ms, program)
        })
        .collect();
    Session {
        id: digest(&origin).chars().take(SESSION_LETTERS).collect(),
        name,
        folder: String::new(),
        is_demo: false,
        made_at_ms,
        used_at_ms: used_at_ms.or(last_ms).or(made_at_ms),
        turns,
        left_out,
    }
}

/// Returns one of our own exports as a session, under the ids that it had; an error says which id is none.
pub(super) fn of_document(document: Document) -> Result<Session, String> {
    let Document { id, name, folder, demo, made_at_ms, used_at_ms, turns, .. } = document;
    let is_id = |id: &str| !id.is_empty() && id.bytes().all(|byte| byte.is_ascii_hexdigit());
    if !is_id(&id) || id.len() > 32 {
        return Err(format!("`{id}` is no id of a session"));
    }
    let mut read = Vec::new();
    for turn in turns {
        let (id, record, verdict, opinion) = turn.parts();
        if !is_id(&id) || id.len() != 2 * HALF_LETTERS {
            return Err(format!("`{id}` is no id of a turn"));
        }
        read.push(Turn { id, is_id_of_origin: false, record, verdict, opinion });
    }
    Ok(Session {
        id: id.to_ascii_lowercase(),
        name,
        folder,
        is_demo: demo,
        made_at_ms: Some(made_at_ms),
        used_at_ms: Some(used_at_ms),
        turns: read,
        left_out: LeftOut::default(),
    })
}

fn turn(origin: &str, exchange: Exchange, asked_at_ms: i64, program: Program) -> Turn {
    let Exchange { origin: own, question, files, asked_at_ms: _, mut answers } = exchange;
    if answers.is_empty() {
        let finish = End::Failed("there is no answer in what was imported".to_owned());
        answers.push(Answer { finish, ..Answer::default() });
    }
    let mut content = question.clone();
    for answer in &answers {
        let model = answer.model.as_deref().unwrap_or_default();
        let answer = format!("\u{1}{model}\u{2}{}\u{2}{:?}", answer.text, answer.finish);
        content.push_str(&answer);
    }
    let half = |text: &str| digest(text).chars().take(HALF_LETTERS).collect::<String>();
    let id = half(&format!("{origin}\n{own}")) + &half(&content);
    let members = members(&answers, program);
    let moments = (0..).zip(answers).flat_map(|(column, answer)| moments(Column(column), answer)).collect();
    let asked = Asked {
        question: Arc::from(question),
        files,
        asks: (0..members.len()).map(Column::at).collect(),
        members,
        quorum: QUORUM,
        flag_below: FLAG_BELOW,
        flag: Flagging::default(),
        is_demo: false,
    };
    let record = TurnRecord { asked_at_ms, asked, moments, readings: Vec::new() };
    Turn { id, is_id_of_origin: true, record, verdict: None, opinion: Opinion::default() }
}

/// Returns one member for each answer; several answers of one model are numbered.
fn members(answers: &[Answer], program: Program) -> Vec<Arc<Member>> {
    let mut members: Vec<Arc<Member>> = Vec::new();
    for answer in answers {
        let model = answer.model.as_deref().unwrap_or(UNKNOWN);
        let numbered = (1..).map(|n: u32| if n == 1 { model.to_owned() } else { format!("{model} #{n}") });
        let is_free = |id: &String| !members.iter().any(|member| member.id.as_str() == id);
        let mut free = numbered.skip_while(|id| !is_free(id));
        let id = ModelId::from(free.next().unwrap_or_default());
        members.push(Arc::new(Member {
            provider: Arc::from(program.as_str()),
            api_model: Arc::from(model),
            vendor: program.vendor().map(Arc::from),
            ..Member::named(id)
        }));
    }
    members
}

/// Returns what happened to a call, as far as anybody knows. None of it has a time: without `Waiting`, no response says
/// when it began, and none says how long it took.
fn moments(column: Column, answer: Answer) -> Vec<Moment> {
    let Answer { text, reasoning, finish, usage, citations, model: _ } = answer;
    let has_text = !text.is_empty() || !reasoning.is_empty();
    let said = has_text.then_some(StreamEventKind::Delta(Delta { text, reasoning, recasts: false }));
    let reason = match finish {
        End::Failed(words) => Err(Fault::new(FaultKind::Empty, words)),
        End::Unsaid => Ok(FinishReason { raw: None, norm: FinishNorm::Stop }),
        End::Word(word, norm) => Ok(FinishReason { raw: Some(word), norm }),
    };
    let end = match reason {
        Err(fault) => StreamEventKind::Failed(fault),
        Ok(reason) => {
            let finish = Finish { reason: Some(reason), usage, citations, ..Finish::default() };
            StreamEventKind::Finished(Box::new(finish))
        }
    };
    said.into_iter().chain([end]).map(|kind| Moment { at_ns: 0, column, kind }).collect()
}

/// Returns 30 hexadecimal letters that stand for a text, the same ones everywhere (UUID version 5, RFC 9562).
fn digest(text: &str) -> String {
    let id = Uuid::new_v5(&Uuid::NAMESPACE_OID, text.as_bytes()).simple().to_string();
    // Version and variant are the same in all of them.
    id.chars().enumerate().filter(|(at, _)| ![12, 16].contains(at)).map(|(_, letter)| letter).collect()
}
