//! A participant: a process that holds its model, or a llama-bench that is started anew each time.

use std::ffi::{OsStr, OsString};
use std::io::{BufRead, BufReader, Write};
use std::path::{Path, PathBuf};
use std::process::{Child, ChildStdin, ChildStdout, Command, Stdio};

use anyhow::{Context, Result, bail};
use serde_json::Value;

/// Who is to take part.
pub struct Participant {
    name: &'static str,
    threads: u32,
    kind: Kind,
    against: Option<&'static str>,
}

enum Kind {
    Process { program: PathBuf, words: Vec<OsString> },
    LlamaBench { program: PathBuf, model: PathBuf },
}

impl Participant {
    /// A driver that answers line by line.
    pub fn process(name: &'static str, threads: u32, program: &Path, words: &[&OsStr]) -> Self {
        let words = words.iter().map(|&w| w.to_owned()).collect();
        Self { name, threads, kind: Kind::Process { program: program.to_owned(), words }, against: None }
    }

    /// The participant of ours that it is compared with.
    pub fn against(self, ours: &'static str) -> Self {
        Self { against: Some(ours), ..self }
    }

    /// A llama-bench binary.
    pub fn llama_bench(threads: u32, program: &Path, model: &Path) -> Self {
        let kind = Kind::LlamaBench { program: program.to_owned(), model: model.to_owned() };
        Self { name: "llama-bench", threads, kind, against: None }
    }

    /// The name and the threads.
    pub fn label(&self) -> String {
        format!("{} with {} threads", self.name, self.threads)
    }
}

/// One that takes part.
pub struct Driver {
    /// The program.
    pub name: &'static str,
    /// Its version, and what it computes on.
    pub who: Value,
    /// Threads.
    pub threads: u32,
    /// The participant of ours that it is compared with.
    pub against: Option<&'static str>,
    running: Running,
}

enum Running {
    Process { child: Child, input: ChildStdin, output: BufReader<ChildStdout> },
    LlamaBench { program: PathBuf, model: PathBuf },
}

/// A repetition: nanoseconds, and the program's own words.
pub struct Repetition {
    pub ns: u64,
    pub printed: String,
}

impl Driver {
    /// Starts it and waits until its model is there.
    pub fn start(of: &Participant) -> Result<Self> {
        let Participant { name, threads, kind, against } = of;
        let (name, threads, against) = (*name, *threads, *against);
        match kind {
            Kind::LlamaBench { program, model } => {
                let who = serde_json::json!({"name": "llama-bench", "version": program.display().to_string(), "device": "its own"});
                let running = Running::LlamaBench { program: program.clone(), model: model.clone() };
                Ok(Self { name, who, threads, against, running })
            }
            Kind::Process { program, words } => {
                let mut command = Command::new(program);
                if name.starts_with("sweetspot") {
                    // As the command line does for itself.
                    command.env("CANDLE_NUM_THREADS", "1");
                }
                let mut child = command
                    .args(words)
                    // rayon, and what else reads its threads from the environment.
                    .env("RAYON_NUM_THREADS", threads.to_string())
                    .env("OMP_NUM_THREADS", threads.to_string())
                    .stdin(Stdio::piped())
                    .stdout(Stdio::piped())
                    .stderr(Stdio::inherit())
                    .spawn()
                    .with_context(|| format!("cannot start {}", program.display()))?;
                let input = child.stdin.take().context("no standard input")?;
                let output = BufReader::new(child.stdout.take().context("no standard output")?);
                let running = Running::Process { child, input, output };
                let mut driver = Self { name, who: Value::Null, threads, against, running };
                driver.who = driver.answer()?;
                Ok(driver)
            }
        }
    }

    /// One repetition of `pp N` or `tg N`.
    pub fn repeat(&mut self, what: &str, n: u32) -> Result<Repetition> {
        if let Running::LlamaBench { program, model } = &self.running {
            return llama_bench(program, model, self.threads, what, n);
        }
        if let Running::Process { input, .. } = &mut self.running {
            writeln!(input, "{what} {n}").and_then(|()| input.flush()).context("the driver has ended")?;
        }
        let answer = self.answer()?;
        let ns = answer["ns"].as_u64().filter(|&ns| ns > 0);
        let ns = ns.with_context(|| format!("{} answered {answer}", self.name))?;
        Ok(Repetition { ns, printed: answer["printed"].as_str().unwrap_or_default().to_owned() })
    }

    fn answer(&mut self) -> Result<Value> {
        let Running::Process { output, .. } = &mut self.running else { return Ok(Value::Null) };
        let mut line = String::new();
        if output.read_line(&mut line)? == 0 {
            bail!("the driver of {} ended without an answer", self.name);
        }
        serde_json::from_str(&line).with_context(|| format!("{} wrote no JSON: {}", self.name, line.trim_end()))
    }
}

impl Drop for Driver {
    fn drop(&mut self) {
        if let Running::Process { child, .. } = &mut self.running {
            // It ends with its input too; nobody waits for one that does not.
            let _ = child.kill();
            let _ = child.wait();
        }
    }
}

/// llama-bench with one repetition; it warms up by itself.
fn llama_bench(program: &Path, model: &Path, threads: u32, what: &str, n: u32) -> Result<Repetition> {
    let (n_prompt, n_gen) = if what == "pp" { (n, 0) } else { (0, n) };
    let [n_prompt, n_gen, threads] = [n_prompt, n_gen, threads].map(|x| x.to_string());
    let done = Command::new(program)
        .arg("-m")
        .arg(model)
        .args(["-p", &n_prompt, "-n", &n_gen, "-t", &threads, "-r", "1", "-o", "json"])
        .output()
        .with_context(|| format!("cannot start {}", program.display()))?;
    let all: Value = serde_json::from_slice(&done.stdout)
        .with_context(|| format!("llama-bench: {}", String::from_utf8_lossy(&done.stderr)))?;
    let entry = all.as_array().and_then(|a| a.first()).context("llama-bench gave no entry")?;
    let ns = entry["avg_ns"].as_u64().filter(|&ns| ns > 0).context("llama-bench gave no avg_ns")?;
    Ok(Repetition { ns, printed: format!("avg_ts {}", entry["avg_ts"]) })
}
