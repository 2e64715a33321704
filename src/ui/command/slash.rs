//! Commands that are typed: `/zoom`, `/off 2`, `/copy all`.

use crate::domain::nearest::nearest;
use crate::ui::command::{COMMANDS, Command};

/// What a typed text is.
#[derive(Clone, Debug)]
pub enum Typed {
    /// A question, without the slash or blank that kept it from being a command.
    Question(String),
    /// A command, and what it is told.
    Command(&'static Command, String),
}

/// What is picked of the list that a typed slash opens.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct SlashList {
    /// The text for which it is picked.
    pub typed: String,
    /// The picked completion, once a person has moved to one.
    pub picked: Option<usize>,
    /// The text at which the list was closed; another text opens it again.
    pub closed_at: Option<String>,
}

/// Returns what stands after the slash where `text` is a command; `None` where it is a question: `//` and a leading
/// blank send a text that begins with a slash.
pub fn after_slash(text: &str) -> Option<&str> {
    text.strip_prefix('/').filter(|rest| !rest.starts_with('/'))
}

/// Returns a question as it is typed: [`read`] takes it for a question again, whatever it begins with.
pub fn typed(question: &str) -> String {
    let slash = if question.starts_with('/') { "/" } else { "" };
    format!("{slash}{question}")
}

/// Returns what `text` means.
///
/// # Errors
/// A sentence for the person where no command is called that; nothing of the text may be lost then.
pub fn read(text: &str) -> Result<Typed, String> {
    let Some(rest) = after_slash(text) else {
        let question = text.trim();
        let question = if text.starts_with("//") { question.get(1..).unwrap_or_default() } else { question };
        return Ok(Typed::Question(question.to_owned()));
    };
    let rest = rest.trim();
    if rest.is_empty() {
        return Err("type a command after the slash; // sends a text that begins with one".to_owned());
    }
    // The longest one: `/copy all` is not `/copy` that is told `all`.
    let told = |command: &&Command| rest_of(rest, command).is_some();
    let longest = with_slash().filter(told).max_by_key(|command| command.slash.len());
    if let Some(command) = longest {
        let argument = rest_of(rest, command).unwrap_or_default().trim().to_owned();
        return Ok(Typed::Command(command, argument));
    }
    let word = rest.split_whitespace().next().unwrap_or_default();
    let nearest = nearest(word, with_slash().map(|command| command.slash));
    let nearest = nearest.map(|slash| format!("; did you mean /{slash}?")).unwrap_or_default();
    Err(format!("no command is called /{word}{nearest} (// sends it as text)"))
}

/// Returns the commands that `rest`, which stands after the slash, may become, in the order of the table.
pub fn completions(rest: &str) -> Vec<&'static Command> {
    let typed = rest.trim_start().to_lowercase();
    let begins = |command: &&Command| command.slash.starts_with(&typed) || rest_of(&typed, command).is_some();
    with_slash().filter(begins).collect()
}

fn with_slash() -> impl Iterator<Item = &'static Command> {
    COMMANDS.iter().filter(|command| !command.slash.is_empty())
}

/// Returns what follows the command's word in `rest`; `None` where another word stands there.
fn rest_of<'a>(rest: &'a str, command: &Command) -> Option<&'a str> {
    let (word, after) = rest.split_at_checked(command.slash.len())?;
    let is_whole = after.is_empty() || after.starts_with(char::is_whitespace);
    (is_whole && word.eq_ignore_ascii_case(command.slash)).then_some(after)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn check(text: &str, expected: Result<&str, &str>) {
        let read = read(text).map(|typed| match typed {
            Typed::Question(question) => format!("? {question}"),
            Typed::Command(command, argument) => format!("{} {argument}", command.name).trim_end().to_owned(),
        });
        assert_eq!(read.as_deref().map_err(String::as_str), expected, "{text}");
    }

    #[test]
    fn a_slash_begins_a_command_and_two_or_a_blank_a_question() {
        check("why?", Ok("? why?"));
        check(" /etc/hosts: why?", Ok("? /etc/hosts: why?"));
        check("//etc/hosts: why?", Ok("? /etc/hosts: why?"));
        check("/zoom", Ok("view.zoom"));
        check("/Zoom ", Ok("view.zoom"));
        check("/off  2 ", Ok("model.off 2"));
        check("is 1/2 a half?", Ok("? is 1/2 a half?"));
    }

    #[test]
    fn what_is_no_command_is_refused_with_the_nearest_one() {
        check("/zom", Err("no command is called /zom; did you mean /zoom? (// sends it as text)"));
        check("/zoomed", Err("no command is called /zoomed; did you mean /zoom? (// sends it as text)"));
        check("/", Err("type a command after the slash; // sends a text that begins with one"));
    }

    #[test]
    fn completions_begin_with_what_is_typed() {
        let named = |rest| completions(rest).iter().map(|command| command.slash).collect::<Vec<_>>();
        assert_eq!(named("zo"), ["zoom"]);
        assert_eq!(named("o"), ["on", "off", "only", "open", "only-conflicts"]);
        assert_eq!(named("on 2"), ["on"]);
        assert_eq!(named("xyz"), Vec::<&str>::new());
        assert!(named("").len() > 10);
    }
}
