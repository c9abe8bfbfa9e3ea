//! Texts labelled by an engine: by a probe, by labels and a template of one's own, or by a head.

use classifier::{Head, HeadError, Pooling};
use engine::{Detail, Engine, Error, LabelSet, Ops, Pool, Prefixes, ScoreMode, Terminator, common_prefix};
use probes::{CalibrationRecord, GenerateQuery, LabelAnswer, LabelQuery, Labelled, Labeller, Message, RunError};
use tokenizer::Role;

use crate::EngineSubject;
use crate::subject::own_fault;

/// Two texts that begin differently in any vocabulary: what prompts around them share, all prompts share.
const UNLIKE: [&str; 2] = ["x", "1"];

/// A prompt with a place for the text.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Template {
    before: String,
    after: String,
    /// Put as a turn of the user's, or as a text to continue.
    pub turn: Turn,
}

/// How a template is put to the model.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Turn {
    /// As the user's turn, through the chat template.
    User,
    /// As it stands, to be continued.
    Plain,
}

impl Template {
    /// A template with `{text}` and, perhaps, `{labels}`, which is replaced now: a text that holds `{labels}` stays as
    /// it is. Nothing where `{text}` is missing.
    pub fn new(text: &str, labels: &[String], turn: Turn) -> Option<Self> {
        let (before, after) = text.split_once("{text}")?;
        let labels = labels.join(", ");
        let filled = |part: &str| part.replace("{labels}", &labels);
        Some(Self { before: filled(before), after: filled(after), turn })
    }

    /// The prompt of a text.
    pub fn prompt(&self, text: &str) -> String {
        [&self.before, text, &self.after].concat()
    }

    /// The template with `{text}` in its place.
    pub fn text(&self) -> String {
        self.prompt("{text}")
    }
}

/// How labels are given.
#[derive(Clone, Debug)]
pub enum Way {
    /// By a probe's template, calls and calibration.
    Probe(Box<Labeller>),
    /// By the log-probability of labels of one's own: uncalibrated.
    Labels {
        /// The labels.
        labels: Vec<String>,
        /// What is asked.
        template: Template,
        /// Over what a probability is taken.
        mode: ScoreMode,
    },
    /// By a head on final hidden states.
    Head(Box<Head>),
}

/// A text, with options of its own where the probe's questions have them; otherwise none.
#[derive(Clone, Copy, Debug)]
pub struct Text<'a> {
    /// The text.
    pub text: &'a str,
    /// Its own options.
    pub options: &'a [String],
}

/// A text's label and what it took.
#[derive(Clone, Debug, PartialEq)]
pub struct TextLabel {
    /// The label.
    pub labelled: Labelled,
    /// Tokens of its prompts, all calls.
    pub n_tokens: u32,
}

/// Why texts could not be labelled.
#[derive(Debug, thiserror::Error)]
pub enum ClassifyError {
    /// The engine failed.
    #[error(transparent)]
    Engine(#[from] Error),
    /// The probe's content-free prompts could not be asked.
    #[error(transparent)]
    Calibration(#[from] RunError<Error>),
    /// They were, and their numbers are impossible.
    #[error("the content-free prompts gave no sound numbers ({0}), so no label can be calibrated")]
    Uncalibrated(String),
    /// The head does not fit the model.
    #[error(transparent)]
    Head(#[from] HeadError),
}

/// An engine that labels texts.
pub struct Classifier<'e, O: Ops> {
    engine: &'e mut Engine<O>,
    way: Way,
    calibration: CalibrationRecord,
    prefixes: Prefixes<O>,
    /// What ends every label, where one begins another.
    pub terminator: Terminator,
}

/// The labels of a question as the engine takes them.
type SetOf<'f, O> = dyn Fn(&EngineSubject<'_, O>, &LabelQuery) -> Result<LabelSet, Error> + 'f;

/// Content-free prompts that share a call of the engine.
const CALIBRATION_BATCH: usize = 8;

impl<'e, O: Ops> Classifier<'e, O> {
    /// Makes ready: computes what all prompts share, and asks the content-free prompts of a probe.
    pub async fn new(engine: &'e mut Engine<O>, way: Way) -> Result<Self, ClassifyError> {
        let mut calibration = CalibrationRecord { priors: Vec::new(), calls: 0, fault: None };
        let mut terminator = Terminator::None;
        let mut shared = Vec::new();
        match &way {
            Way::Probe(labeller) => {
                let mut subject = EngineSubject::new(&mut *engine);
                calibration = labeller.calibrate(&mut subject, CALIBRATION_BATCH).await?;
                if let Some(fault) = &calibration.fault {
                    return Err(ClassifyError::Uncalibrated(fault.clone()));
                }
                if !labeller.labels().is_empty() {
                    let [a, b] = UNLIKE.map(|text| labeller.queries(text, &[]));
                    for (a, b) in a.iter().zip(&b) {
                        let sets = [subject.label_set(a)?, subject.label_set(b)?];
                        terminator = sets[0].terminator.clone();
                        shared.push(common_prefix(&sets[0].prefix, &sets[1].prefix));
                    }
                }
            }
            Way::Labels { labels, template, .. } => {
                let subject = EngineSubject::new(&mut *engine);
                let sets =
                    [set_of(&subject, template, labels, UNLIKE[0])?, set_of(&subject, template, labels, UNLIKE[1])?];
                terminator = sets[0].terminator.clone();
                shared.push(common_prefix(&sets[0].prefix, &sets[1].prefix));
            }
            Way::Head(head) => {
                if head.file().model.hidden != engine.config.hidden {
                    let [expected, found] = [head.file().model.hidden, engine.config.hidden];
                    return Err(HeadError::Width { expected, found }.into());
                }
                let template = Template::new(&head.file().template, &[], Turn::User);
                if let Some(template) = template {
                    shared.push(shared_by(&EngineSubject::new(&mut *engine), &template)?);
                }
            }
        }
        let prefixes = engine.prefixes(&shared).await?;
        Ok(Self { engine, way, calibration, prefixes, terminator })
    }

    /// The labels, in the order of the scores; empty where each text has its own options.
    pub fn labels(&self) -> &[String] {
        match &self.way {
            Way::Probe(labeller) => labeller.labels(),
            Way::Labels { labels, .. } => labels,
            Way::Head(head) => head.labels(),
        }
    }

    /// Tokens that every prompt of a call shares, by call: computed once.
    pub fn shared_tokens(&self) -> Vec<usize> {
        self.prefixes.lengths()
    }

    /// The content-free scores of a probe.
    pub fn calibration(&self) -> &CalibrationRecord {
        &self.calibration
    }

    /// Labels texts, in their order. A text that does not fit the context is refused alone.
    pub async fn classify(&mut self, texts: &[Text<'_>]) -> Result<Vec<TextLabel>, ClassifyError> {
        match &self.way {
            Way::Head(head) => {
                let head = head.clone();
                self.by_head(&head, texts).await
            }
            Way::Probe(labeller) => {
                let labeller = labeller.clone();
                let calibration = self.calibration.clone();
                let asked = |text: &Text<'_>| labeller.queries(text.text, text.options);
                let found = |text: &Text<'_>, answers: &[LabelAnswer]| {
                    labeller.label(text.text, text.options, &calibration, answers)
                };
                self.by_labels(texts, ScoreMode::Exact, &|s, q: &LabelQuery| s.label_set(q), &asked, &found).await
            }
            Way::Labels { labels, template, mode } => {
                let (labels, template, mode) = (labels.clone(), template.clone(), *mode);
                let asked = |text: &Text<'_>| {
                    vec![LabelQuery { messages: vec![Message::user(text.text)], labels: labels.clone() }]
                };
                let found = |_: &Text<'_>, answers: &[LabelAnswer]| uncalibrated(answers);
                let set = |s: &EngineSubject<'_, O>, q: &LabelQuery| {
                    let text = q.messages.first().map_or("", |m| m.content.as_str());
                    set_of(s, &template, &q.labels, text)
                };
                self.by_labels(texts, mode, &set, &asked, &found).await
            }
        }
    }

    async fn by_labels(
        &mut self,
        texts: &[Text<'_>],
        mode: ScoreMode,
        set: &SetOf<'_, O>,
        asked: &dyn Fn(&Text<'_>) -> Vec<LabelQuery>,
        found: &dyn Fn(&Text<'_>, &[LabelAnswer]) -> Labelled,
    ) -> Result<Vec<TextLabel>, ClassifyError> {
        let context = self.engine.context();
        let subject = EngineSubject::new(&mut *self.engine);
        let mut sets: Vec<LabelSet> = Vec::new();
        // By text: its label sets, or why it cannot be asked.
        let mut planned: Vec<Result<usize, String>> = Vec::with_capacity(texts.len());
        for text in texts {
            let (first, mut refused) = (sets.len(), None);
            for query in asked(text) {
                match own_fault(set(&subject, &query))? {
                    Ok(set) if set.n_tokens() > context => {
                        refused =
                            Some(format!("the prompt needs {} tokens, the context has {context}", set.n_tokens()));
                    }
                    Ok(set) => sets.push(set),
                    Err(why) => refused = Some(why),
                }
            }
            planned.push(match refused {
                None => Ok(sets.len() - first),
                Some(why) => {
                    sets.truncate(first);
                    Err(why)
                }
            });
        }
        let scores = self.engine.score_after(&mut self.prefixes, &sets, mode, Detail::LabelsOnly).await?;
        let mut answers = sets.iter().zip(scores).map(|(set, scores)| LabelAnswer {
            n_bytes: vec![0; scores.logp.len()],
            logp: scores.logp,
            n_tokens: scores.n_tokens.iter().map(|n| *n as u32).collect(),
            n_in: set.prefix.len() as u32,
            numeric_fault: scores.numeric_fault,
            ..LabelAnswer::default()
        });
        let mut labels = Vec::with_capacity(texts.len());
        for (text, planned) in texts.iter().zip(planned) {
            labels.push(match planned {
                Err(why) => TextLabel { labelled: Labelled::refused(why), n_tokens: 0 },
                Ok(n) => {
                    let answers: Vec<LabelAnswer> = answers.by_ref().take(n).collect();
                    let n_tokens = answers.iter().map(|a| a.n_in).sum();
                    TextLabel { labelled: found(text, &answers), n_tokens }
                }
            });
        }
        Ok(labels)
    }

    async fn by_head(&mut self, head: &Head, texts: &[Text<'_>]) -> Result<Vec<TextLabel>, ClassifyError> {
        let Some(template) = Template::new(&head.file().template, &[], Turn::User) else { return Ok(Vec::new()) };
        let texts: Vec<&str> = texts.iter().map(|t| t.text).collect();
        let states = states(self.engine, &mut self.prefixes, &template, head.file().pooling, &texts).await?;
        let label = |(features, n_tokens): (Option<Vec<f32>>, u32)| {
            let Some(features) = features else {
                let why = format!("the prompt needs {n_tokens} tokens, the context has {}", self.engine.context());
                return Ok(TextLabel { labelled: Labelled::refused(why), n_tokens: 0 });
            };
            // Scores of such a state would name the first label for every text.
            if let Some(at) = features.iter().position(|x| !x.is_finite()) {
                let why =
                    format!("feature {at} of the hidden state is {}", features.get(at).copied().unwrap_or(f32::NAN));
                return Ok(TextLabel { labelled: Labelled::faulty(why), n_tokens });
            }
            Ok(TextLabel { labelled: Labelled::of_scores(head.scores(&features)?), n_tokens })
        };
        states.into_iter().map(label).collect()
    }
}

/// Reads the features that heads are fitted on.
pub struct Reader<'e, O: Ops> {
    engine: &'e mut Engine<O>,
    prefixes: Prefixes<O>,
    template: Template,
    pooling: Pooling,
}

impl<'e, O: Ops> Reader<'e, O> {
    /// Computes what all prompts share.
    pub async fn new(engine: &'e mut Engine<O>, template: Template, pooling: Pooling) -> Result<Self, Error> {
        let shared = shared_by(&EngineSubject::new(&mut *engine), &template)?;
        let prefixes = engine.prefixes(&[shared]).await?;
        Ok(Self { engine, prefixes, template, pooling })
    }

    /// By text its features, or nothing where it does not fit the context, and the tokens of its prompt.
    pub async fn features(&mut self, texts: &[&str]) -> Result<Vec<(Option<Vec<f32>>, u32)>, Error> {
        states(self.engine, &mut self.prefixes, &self.template, self.pooling, texts).await
    }
}

async fn states<O: Ops>(
    engine: &mut Engine<O>,
    prefixes: &mut Prefixes<O>,
    template: &Template,
    pooling: Pooling,
    texts: &[&str],
) -> Result<Vec<(Option<Vec<f32>>, u32)>, Error> {
    let context = engine.context();
    let subject = EngineSubject::new(&mut *engine);
    let prompts = texts.iter().map(|text| ids(&subject, template, text)).collect::<Result<Vec<_>, _>>()?;
    let fits: Vec<Vec<u32>> = prompts.iter().filter(|p| p.len() <= context).cloned().collect();
    let pool = match pooling {
        Pooling::Last => Pool::Last,
        Pooling::Mean => Pool::Mean,
        Pooling::Both => Pool::Both,
    };
    let mut states = engine.hidden(prefixes, &fits, pool).await?.into_iter();
    let state = |ids: &Vec<u32>| (if ids.len() <= context { states.next() } else { None }, ids.len() as u32);
    Ok(prompts.iter().map(state).collect())
}

/// The tokens of a text's prompt.
fn ids<O: Ops>(subject: &EngineSubject<'_, O>, template: &Template, text: &str) -> Result<Vec<u32>, Error> {
    subject.prompt(&GenerateQuery::greedy(vec![Message::user(template.prompt(text))], 1))
}

fn shared_by<O: Ops>(subject: &EngineSubject<'_, O>, template: &Template) -> Result<Vec<u32>, Error> {
    Ok(common_prefix(&ids(subject, template, UNLIKE[0])?, &ids(subject, template, UNLIKE[1])?))
}

/// The labels of a text under a template.
fn set_of<O: Ops>(
    subject: &EngineSubject<'_, O>,
    template: &Template,
    labels: &[String],
    text: &str,
) -> Result<LabelSet, Error> {
    let Engine { tokenizer, template: chat, .. } = subject.engine();
    let content = template.prompt(text);
    match template.turn {
        Turn::Plain => LabelSet::text(tokenizer, &content, labels),
        Turn::User => LabelSet::chat(chat, tokenizer, &[tokenizer::Message { role: Role::User, content }], labels),
    }
}

/// Log-probabilities as they are.
fn uncalibrated(answers: &[LabelAnswer]) -> Labelled {
    match answers.first() {
        Some(LabelAnswer { numeric_fault: Some(fault), .. }) => Labelled::faulty(fault.as_str()),
        Some(answer) => Labelled::of_scores(answer.logp.clone()),
        None => Labelled::refused("the labels were not scored"),
    }
}

#[cfg(test)]
mod tests {
    use super::{Template, Turn};

    #[test]
    fn labels_are_filled_in_before_the_text() {
        let labels = ["a".to_owned(), "b".to_owned()];
        let template = Template::new("Which of {labels}? {text} Say {labels}.", &labels, Turn::User).unwrap();
        assert_eq!(template.prompt("{labels} {text}"), "Which of a, b? {labels} {text} Say a, b.");
        assert_eq!(template.text(), "Which of a, b? {text} Say a, b.");
        assert_eq!(Template::new("no place", &labels, Turn::User), None);
    }
}
