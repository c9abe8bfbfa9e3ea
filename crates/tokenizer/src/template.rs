//! Runs Jinja chat templates as Hugging Face transformers does, within bounds.
//!
//! transformers renders with `trim_blocks` and `lstrip_blocks`, undefined names that are empty and false, loop
//! controls, Python's string methods and a `raise_exception` function. A template is somebody's program: its steps,
//! its recursion and its output are bounded. Not offered: `strftime_now`, since a prompt must not depend on the day.

use std::io;
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};

use minijinja::syntax::SyntaxConfig;
use minijinja::value::Value;
use minijinja::{Environment, ErrorKind, State, UndefinedBehavior, context};

use crate::Error;
use crate::error::one_line;

/// Gemma's templates are under 2 KB, the longest in use are about 20 KB.
pub(crate) const MAX_SOURCE_BYTES: usize = 256 << 10;
/// Under the 8 MiB that a tokenizer takes as one text.
const MAX_OUTPUT_BYTES: usize = 8 << 20;
/// Gemma's template takes about 40 steps for a message and 100 beside.
const STEPS: u64 = 100_000;
const STEPS_PER_MESSAGE: u64 = 5_000;
/// No chat template nests deeper than a handful of macros.
const MAX_RECURSION: usize = 64;

/// What a template sees beside the messages.
pub(crate) struct Scope<'a> {
    pub(crate) messages: Value,
    pub(crate) n_messages: usize,
    /// Whether the model's turn is opened at the end.
    pub(crate) add_generation_prompt: bool,
    pub(crate) bos: &'a str,
    pub(crate) eos: &'a str,
    pub(crate) pad: &'a str,
    pub(crate) unk: &'a str,
}

/// Refuses a template that is too long or not Jinja.
pub(crate) fn check(source: &str) -> Result<(), Error> {
    if source.len() > MAX_SOURCE_BYTES {
        return Err(Error::TooLarge {
            form: "chat template",
            what: "the length in bytes",
            found: source.len(),
            limit: MAX_SOURCE_BYTES,
        });
    }
    let env = environment(0, &Arc::default());
    env.template_from_str(source).map(|_| ()).map_err(|e| failure(&e))
}

/// The conversation as the template writes it.
pub(crate) fn render(source: &str, scope: &Scope<'_>) -> Result<String, Error> {
    let written = Arc::new(AtomicUsize::new(0));
    let env = environment(scope.n_messages, &written);
    let template = env.template_from_str(source).map_err(|e| failure(&e))?;
    let values = context! {
        messages => scope.messages.clone(),
        add_generation_prompt => scope.add_generation_prompt,
        bos_token => scope.bos,
        eos_token => scope.eos,
        pad_token => scope.pad,
        unk_token => scope.unk,
        tools => (),
        documents => (),
    };
    let mut out = Bounded(Vec::new());
    template.render_captured_to(values, &mut out).map_err(|e| failure(&e))?;
    String::from_utf8(out.0).map_err(|_| Error::Template { line: 0, cause: "its output is not UTF-8".into() })
}

fn environment(n_messages: usize, written: &Arc<AtomicUsize>) -> Environment<'static> {
    let mut env = Environment::new();
    let mut syntax = SyntaxConfig::default().to_builder();
    syntax.trim_blocks(true).lstrip_blocks(true);
    if let Ok(syntax) = syntax.build() {
        env.set_syntax(syntax); // only bad delimiters can fail, and none are set
    }
    env.set_undefined_behavior(UndefinedBehavior::Lenient);
    env.set_recursion_limit(MAX_RECURSION);
    env.set_fuel(Some(STEPS.saturating_add(STEPS_PER_MESSAGE.saturating_mul(n_messages as u64))));
    env.set_unknown_method_callback(method);
    env.set_auto_escape_callback(|_| minijinja::AutoEscape::None);
    env.add_function("raise_exception", |message: String| -> Result<Value, minijinja::Error> {
        Err(minijinja::Error::new(ErrorKind::InvalidOperation, format!("it refuses: {message}")))
    });
    env.add_filter("trim", |text: String, chars: Option<String>| match chars {
        None => text.trim_matches(python_space).to_owned(),
        Some(chars) => text.trim_matches(|c| chars.contains(c)).to_owned(),
    });
    // Captured blocks never reach the writer, so values are counted on their way into either.
    let written = Arc::clone(written);
    env.set_formatter(move |out, state, value| {
        let n = value.as_str().map_or(0, str::len);
        if written.fetch_add(n, Ordering::Relaxed).saturating_add(n) > MAX_OUTPUT_BYTES {
            return Err(minijinja::Error::new(ErrorKind::WriteFailure, TOO_LONG));
        }
        minijinja::escape_formatter(out, state, value)
    });
    env
}

const TOO_LONG: &str = "its output is over 8 MiB";

/// Python's methods; stripping strips what Python strips.
fn method(state: &mut State, value: &Value, name: &str, args: &[Value]) -> Result<Value, minijinja::Error> {
    if let (Some(text), true) = (value.as_str(), args.is_empty()) {
        match name {
            "strip" => return Ok(text.trim_matches(python_space).into()),
            "lstrip" => return Ok(text.trim_start_matches(python_space).into()),
            "rstrip" => return Ok(text.trim_end_matches(python_space).into()),
            _ => {}
        }
    }
    minijinja_contrib::pycompat::unknown_method_callback(state, value, name, args)
}

/// What Python's `str.strip` strips: white space, and the four separators that Unicode does not count as such.
fn python_space(c: char) -> bool {
    c.is_whitespace() || ('\u{1C}'..='\u{1F}').contains(&c)
}

/// Refuses to grow beyond the bound.
struct Bounded(Vec<u8>);

impl io::Write for Bounded {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        if self.0.len().saturating_add(bytes.len()) > MAX_OUTPUT_BYTES {
            return Err(io::Error::other(TOO_LONG));
        }
        self.0.extend_from_slice(bytes);
        Ok(bytes.len())
    }

    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}

fn failure(e: &minijinja::Error) -> Error {
    let cause = match (e.kind(), e.detail()) {
        (ErrorKind::OutOfFuel, _) => "it takes too many steps and may never end".into(),
        (ErrorKind::WriteFailure, _) => TOO_LONG.into(),
        (ErrorKind::InvalidOperation, Some(detail)) if detail.starts_with("it refuses: ") => one_line(detail),
        (kind, Some(detail)) => one_line(&format!("{kind}: {detail}")),
        (kind, None) => kind.to_string(),
    };
    Error::Template { line: e.line().unwrap_or(0), cause }
}
