//! Colours for code, line by line, as pure functions; a worker calls them, the screen paints plain until they come.

use std::ops::Range;

use syntect::parsing::{ParseState, Scope, ScopeStack, SyntaxReference, SyntaxSet};

use crate::ui::text::row::CodeClass;

/// Longer lines stay plain: minified code costs a regex engine seconds and tells nobody anything.
pub const MAX_LINE_BYTES: usize = 2048;
/// Lines of a block that are coloured; what follows stays plain.
pub const MAX_LINES: usize = 5000;

/// A token of a line: its bytes and what it is.
pub type Token = (Range<usize>, CodeClass);

/// The grammars, and what their scopes mean to a theme. Loading takes about a millisecond; load it once, off the loop.
#[derive(Debug)]
pub struct Highlighter {
    syntaxes: SyntaxSet,
    /// From the most particular prefix to the least.
    classes: Vec<(Scope, CodeClass)>,
}

/// One block of code on its way through the highlighter: what the lines so far mean for the next one.
#[derive(Clone, Debug)]
pub struct CodeState {
    grammar: Option<Grammar>,
    n_lines: usize,
}

#[derive(Clone, Debug)]
struct Grammar {
    parse: ParseState,
    scopes: ScopeStack,
}

/// Scopes and their classes, the first that fits wins; names as in Sublime Text's scope naming guide.
const CLASSES: [(&str, CodeClass); 36] = [
    ("comment", CodeClass::Comment),
    ("punctuation.definition.comment", CodeClass::Comment),
    ("punctuation.definition.string", CodeClass::String),
    ("constant.character.escape", CodeClass::Constant),
    ("constant.numeric", CodeClass::Number),
    ("constant", CodeClass::Constant),
    ("string", CodeClass::String),
    ("markup.raw", CodeClass::String),
    ("markup.inserted", CodeClass::String),
    ("markup.deleted", CodeClass::Keyword),
    ("markup.heading", CodeClass::Keyword),
    ("keyword.operator.word", CodeClass::Keyword),
    ("keyword.operator.logical.python", CodeClass::Keyword),
    ("keyword.operator", CodeClass::Operator),
    ("keyword", CodeClass::Keyword),
    ("storage.type.numeric", CodeClass::Number),
    ("storage", CodeClass::Keyword),
    ("variable.language", CodeClass::Keyword),
    ("variable.function", CodeClass::Function),
    ("entity.name.function", CodeClass::Function),
    ("entity.name.macro", CodeClass::Function),
    ("entity.name.tag", CodeClass::Type),
    ("entity.name", CodeClass::Type),
    ("entity.other.attribute-name", CodeClass::Function),
    ("entity.other.inherited-class", CodeClass::Type),
    ("meta.mapping.key", CodeClass::Function),
    ("support.function", CodeClass::Function),
    ("support.macro", CodeClass::Function),
    ("support.type.property-name", CodeClass::Function),
    ("support.constant", CodeClass::Constant),
    ("support.type", CodeClass::Type),
    ("support.class", CodeClass::Type),
    ("support", CodeClass::Type),
    ("variable.other.constant", CodeClass::Constant),
    ("punctuation.definition.variable", CodeClass::Operator),
    ("punctuation", CodeClass::Punctuation),
];

impl Highlighter {
    /// Returns a highlighter for the languages that come with syntect (75, among them all that models write most).
    pub fn load() -> Self {
        let class = |(name, class): (&str, CodeClass)| Scope::new(name).ok().map(|scope| (scope, class));
        Self { syntaxes: SyntaxSet::load_defaults_newlines(), classes: CLASSES.into_iter().filter_map(class).collect() }
    }

    /// Returns the state before the first line of a block; a language that nobody knows stays plain.
    pub fn begin(&self, language: &str) -> CodeState {
        let grammar =
            self.syntax(language).map(|syntax| Grammar { parse: ParseState::new(syntax), scopes: ScopeStack::new() });
        CodeState { grammar, n_lines: 0 }
    }

    /// Returns the tokens of the next line of a block, in order, plain ones left out; `line` has no line feed.
    ///
    /// From the first line over [`MAX_LINE_BYTES`] or past [`MAX_LINES`], or that a grammar fails on, all stay plain.
    pub fn tokens(&self, state: &mut CodeState, line: &str) -> Vec<Token> {
        state.n_lines += 1;
        if line.len() > MAX_LINE_BYTES || state.n_lines > MAX_LINES {
            state.grammar = None;
        }
        let tokens = state.grammar.as_mut().map(|grammar| self.parse(grammar, line));
        match tokens {
            Some(Some(tokens)) => tokens,
            Some(None) => {
                state.grammar = None;
                Vec::new()
            }
            None => Vec::new(),
        }
    }

    fn syntax(&self, language: &str) -> Option<&SyntaxReference> {
        let known = match language.to_ascii_lowercase().as_str() {
            "" => return None,
            "typescript" | "ts" | "tsx" | "jsx" | "mjs" => "js".to_owned(),
            "shell" | "dockerfile" | "console" | "zsh" | "shell-session" => "sh".to_owned(),
            "jsonc" | "json5" | "jsonl" => "json".to_owned(),
            "golang" => "go".to_owned(),
            "c#" | "csharp" => "cs".to_owned(),
            "py3" | "python3" => "py".to_owned(),
            other => other.to_owned(),
        };
        self.syntaxes.find_syntax_by_token(&known)
    }

    fn parse(&self, grammar: &mut Grammar, line: &str) -> Option<Vec<Token>> {
        let ops = grammar.parse.parse_line(&format!("{line}\n"), &self.syntaxes).ok()?;
        let mut tokens: Vec<Token> = Vec::new();
        let mut from = 0;
        for (at, op) in ops {
            self.add(&mut tokens, from..at.min(line.len()), &grammar.scopes);
            from = at;
            grammar.scopes.apply(&op).ok()?;
        }
        self.add(&mut tokens, from..line.len(), &grammar.scopes);
        Some(tokens)
    }

    fn add(&self, tokens: &mut Vec<Token>, range: Range<usize>, scopes: &ScopeStack) {
        let class = self.class(scopes);
        if range.is_empty() || class == CodeClass::Plain {
            return;
        }
        match tokens.last_mut().filter(|(last, before)| last.end == range.start && *before == class) {
            Some((last, _)) => last.end = range.end,
            None => tokens.push((range, class)),
        }
    }

    /// Returns the class of the innermost scope that has one.
    fn class(&self, scopes: &ScopeStack) -> CodeClass {
        let class = |scope: &Scope| self.classes.iter().find(|(prefix, _)| prefix.is_prefix_of(*scope));
        scopes.as_slice().iter().rev().find_map(class).map_or(CodeClass::Plain, |(_, class)| *class)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn check(language: &str, lines: &[(&str, &[(&str, CodeClass)])]) {
        let highlighter = Highlighter::load();
        let mut state = highlighter.begin(language);
        for (line, expected) in lines {
            let tokens = highlighter.tokens(&mut state, line);
            let found: Vec<(&str, CodeClass)> =
                tokens.into_iter().map(|(range, class)| (&line[range], class)).collect();
            assert_eq!(found, *expected, "{line:?}");
        }
    }

    #[test]
    fn rust_has_its_classes() {
        use CodeClass::{Comment, Function, Keyword, Number, Operator, Punctuation, String, Type};
        check(
            "rust",
            &[
                ("/* a", &[("/* a", Comment)]),
                (
                    "b */ fn go(n: u8) {",
                    &[
                        ("b */", Comment),
                        ("fn", Keyword),
                        ("go", Function),
                        ("(", Punctuation),
                        (":", Punctuation),
                        ("u8", Keyword),
                        (")", Punctuation),
                        ("{", Punctuation),
                    ],
                ),
                ("x = 1;", &[("=", Operator), ("1", Number), (";", Punctuation)]),
                ("\"s\"", &[("\"s\"", String)]),
                ("struct A;", &[("struct", Keyword), ("A", Type), (";", Punctuation)]),
            ],
        );
    }

    #[test]
    fn languages_that_models_write_are_known() {
        let highlighter = Highlighter::load();
        for language in [
            "rust",
            "python",
            "py",
            "js",
            "typescript",
            "Bash",
            "json",
            "go",
            "C",
            "c++",
            "java",
            "sql",
            "html",
            "yaml",
        ] {
            assert!(highlighter.begin(language).grammar.is_some(), "{language}");
        }
        assert!(highlighter.begin("").grammar.is_none() && highlighter.begin("nonesuch").grammar.is_none());
    }

    #[test]
    fn absurd_lines_stay_plain_and_so_does_the_rest() {
        let highlighter = Highlighter::load();
        let mut state = highlighter.begin("rust");
        assert_eq!(highlighter.tokens(&mut state, &"1 ".repeat(MAX_LINE_BYTES)), []);
        assert_eq!(highlighter.tokens(&mut state, "fn a() {}"), []);
    }
}
