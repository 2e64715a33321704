//! Files and standing instructions: attached, let go, set.

use std::sync::Arc;

use crate::domain::attachment::Attachment;
use crate::ui::app::App;
use crate::ui::effect::Effect;
use crate::ui::talk::names;
use crate::ui::text::clean::clean;
use crate::ui::text::width::truncate;
use crate::ui::update::ask::notify;

/// Cells of instructions that a message shows.
const SHOWN: u16 = 60;

/// Has a file read; without a path says what is attached.
pub(crate) fn attach(app: &mut App, path: &str) -> Vec<Effect> {
    if !path.is_empty() {
        return vec![Effect::Read(path.to_owned())];
    }
    let said = match app.talk.names() {
        none if none.is_empty() => "no file is attached: /attach notes.txt attaches one".to_owned(),
        names => format!("goes along with the next question: {names}; /detach lets go"),
    };
    notify(app, &said);
    Vec::new()
}

/// Takes in a file that was read, or why it could not be.
pub(crate) fn attached(app: &mut App, file: Result<Attachment, String>) {
    let joined = file.and_then(|file| {
        let name = names(std::slice::from_ref(&file));
        file.join(&mut app.talk.files).map(|()| name).map_err(|refusal| refusal.to_string())
    });
    match joined {
        Ok(name) => notify(app, &format!("{name} goes along with the next question; /detach lets go")),
        Err(problem) => notify(app, &clean(&problem)),
    }
}

/// Lets a file go by its name, or all of them.
pub(crate) fn detach(app: &mut App, name: &str) {
    let n_before = app.talk.files.len();
    app.talk.files.retain(|file| !name.is_empty() && *file.name != *name);
    let said = match (n_before - app.talk.files.len(), name) {
        (0, "") => "no file is attached".to_owned(),
        (0, name) => format!("no file is called {name}; attached: {}", app.talk.names()),
        (1, _) => "the file does not go along".to_owned(),
        (n, _) => format!("{n} files do not go along"),
    };
    notify(app, &said);
}

/// Sets the standing instructions for the rest of the run; `off` goes back to those of the config; without words says
/// which there are.
pub(crate) fn instruct(app: &mut App, text: &str) {
    match text {
        "" => {}
        "off" => app.talk.system = None,
        text => app.talk.system = Some(Arc::from(text)),
    }
    let said = match &app.talk.system {
        None => "instructions: those of the config, if any; /system TEXT sets others for this session".to_owned(),
        Some(text) => {
            let shown = clean(text).split_whitespace().collect::<Vec<_>>().join(" ");
            format!("instructions for this session: {} (/system off lets go)", truncate(&shown, SHOWN))
        }
    };
    notify(app, &said);
}
