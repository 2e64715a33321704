//! What is typed after a slash in plain lines: done here, or refused with words, and never sent to a model.

use std::sync::Arc;

use crate::consensus::plain::clean;
use crate::domain::ids::{Column, ModelId};
use crate::domain::nearest::nearest;
use crate::headless::plain::PlainChat;
use crate::provider::endpoint::Model;

/// What can be done here, with what it is told.
const COMMANDS: [(&str, &str, &str); 6] = [
    ("help", "", "says this"),
    ("models", "", "says who is asked, and who else can be"),
    ("on", "<model>", "asks this one too from the next question on"),
    ("off", "<model>", "asks this one no more"),
    ("only", "<model>", "asks this one alone"),
    ("quit", "", "leaves; so do /exit and the end of the input"),
];

/// The same by other names.
const ALIASES: [(&str, &str); 3] = [("exit", "quit"), ("q", "quit"), ("model", "models")];

/// What a line is.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Line<'a> {
    /// Blank.
    Nothing,
    /// A question; `//` and a leading blank send one that begins with a slash, as on the screen.
    Question(&'a str),
    /// What stands after the slash.
    Command(&'a str),
}

/// What a command comes to.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Done {
    /// This is said.
    Say(String),
    /// The chat ends.
    Leave,
}

/// Returns what `line` is.
pub(super) fn read(line: &str) -> Line<'_> {
    match line.strip_prefix('/') {
        Some(rest) if rest.starts_with('/') => Line::Question(rest.trim()),
        Some(rest) => Line::Command(rest.trim()),
        None if line.trim().is_empty() => Line::Nothing,
        None => Line::Question(line.trim()),
    }
}

/// Does what `command` says.
pub(super) fn run(command: &str, chat: &mut PlainChat) -> Done {
    let (word, told) = command.split_once(char::is_whitespace).unwrap_or((command, ""));
    let word = ALIASES.iter().find(|(alias, _)| *alias == word).map_or(word, |(_, name)| name);
    let done = match word {
        "quit" => return Done::Leave,
        "help" => Ok(help()),
        "models" => Ok(models(chat)),
        "on" | "off" | "only" => switch(word, told.trim(), chat),
        _ => Err(unknown(word)),
    };
    Done::Say(done.unwrap_or_else(|why| why))
}

fn help() -> String {
    let row = |(name, told, says): (&str, &str, &str)| format!("{} {says}", format!("/{name} {told}").trim_end());
    let rows = COMMANDS.map(row).join("\n");
    format!(
        "{rows}\n// at the start of a line sends a question that begins with a slash; a model is called by id or letter"
    )
}

fn unknown(word: &str) -> String {
    let word = clean(word);
    let nearest = nearest(&word, COMMANDS.iter().map(|(name, ..)| *name));
    let nearest = nearest.map_or_else(|| ".".to_owned(), |name| format!("; did you mean /{name}?"));
    let then = "Nothing was sent; /help says what there is, // sends it as text";
    format!("no command is called /{word} in plain lines{nearest} {then}")
}

fn models(chat: &PlainChat) -> String {
    let is_on = |id: &ModelId| chat.models.iter().any(|model| model.member.id == *id);
    let mut others: Vec<String> = chat.registry.keys().filter(|id| !is_on(id)).map(|id| clean(id.as_str())).collect();
    others.sort_unstable();
    let others = if others.is_empty() { "nobody".to_owned() } else { others.join(", ") };
    format!("{}\nothers: {others}", seats(&chat.models))
}

/// Returns who is asked, by letter.
pub(super) fn seats(models: &[Arc<Model>]) -> String {
    let seat = |(index, model): (usize, &Arc<Model>)| {
        format!("{} is {}", Column::at(index).letter(), clean(model.member.id.as_str()))
    };
    models.iter().enumerate().map(seat).collect::<Vec<_>>().join("\n")
}

/// Switches a model, which is called by its id or its letter.
///
/// # Errors
/// Says why nothing was changed.
fn switch(word: &str, told: &str, chat: &mut PlainChat) -> Result<String, String> {
    if told.is_empty() {
        return Err(format!("say which: /{word} <model>"));
    }
    let by_letter = chat
        .models
        .iter()
        .enumerate()
        .find(|(index, _)| told.len() == 1 && told.to_uppercase() == Column::at(*index).letter().to_string());
    let by_id = chat.registry.get(&ModelId::from(told));
    let Some(model) = by_id.or(by_letter.map(|(_, model)| model)).map(Arc::clone) else {
        let nearest = nearest(told, chat.registry.keys().map(ModelId::as_str));
        let nearest = nearest.map(|id| format!("; did you mean {}?", clean(id))).unwrap_or_default();
        return Err(format!("no model is called {}{nearest}", clean(told)));
    };
    let is_on = chat.models.iter().any(|on| on.member.id == model.member.id);
    match word {
        "off" if chat.models.len() == 1 && is_on => {
            return Err("one has to be asked: switch another on first".to_owned());
        }
        "off" => chat.models.retain(|on| on.member.id != model.member.id),
        "on" if !is_on && chat.models.len() >= chat.most_on => {
            return Err(format!("{} are on: more can't be read", chat.most_on));
        }
        "on" if !is_on => chat.models.push(model),
        "only" => chat.models = vec![model],
        _ => {}
    }
    Ok(seats(&chat.models))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_slash_is_a_command_and_two_are_a_question() {
        let rows = [
            ("", Line::Nothing),
            ("  ", Line::Nothing),
            ("why?", Line::Question("why?")),
            ("/off a", Line::Command("off a")),
            ("/usr/bin/env", Line::Command("usr/bin/env")),
            ("//usr/bin/env what is it?", Line::Question("/usr/bin/env what is it?")),
            (" /usr/bin/env what is it?", Line::Question("/usr/bin/env what is it?")),
            ("/", Line::Command("")),
        ];
        for (line, expected) in rows {
            assert_eq!(read(line), expected, "{line:?}");
        }
    }

    #[test]
    fn what_is_unknown_is_said() {
        let said = "no command is called /hlep in plain lines; did you mean /help? Nothing was sent; /help says what there is, // sends it as text";
        assert_eq!(unknown("hlep"), said);
        assert!(unknown("77").starts_with("no command is called /77 in plain lines. Nothing was sent"));
    }
}
