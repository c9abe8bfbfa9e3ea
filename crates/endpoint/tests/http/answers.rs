//! Servers that behave, and what is made of their answers.

use crate::common::{brief, chat, chat_with_top, echo, endpoint, logprob, run, tokens};
use endpoint::{ChoiceForm, LabelScores, Options, SchemaForm, Template};
use probes::catalogue;
use probes::{
    Constraint, GenerateQuery, ItemVerdict, LabelQuery, Message, Plan, Settings, Source, StopReason, Subject,
};
use serde_json::{Value, json};
use testkit::http::{Reply, Request, Server};

fn exact() -> Options {
    Options { template: Some(Template::Gemma3), ..brief() }
}

fn refused(why: &str) -> Reply {
    Reply::Json(400, json!({"error": {"message": why}}))
}

/// Answers conversations with "yes" and the given first tokens, and echoes prompts.
fn full(hidden: bool) -> impl Fn(&Request, usize) -> Reply {
    move |request, _| match request.path.as_str() {
        "/v1/completions" => Reply::Json(200, echo(&request.body, hidden)),
        _ => Reply::Json(200, chat_with_top("yes", &[("yes", -0.1), ("no", -2.5)])),
    }
}

fn labels(labels: &[&str]) -> LabelQuery {
    LabelQuery {
        messages: vec![Message::user("Say yes or no.")],
        labels: labels.iter().map(|l| (*l).to_owned()).collect(),
    }
}

/// What the tests' model gives a label, computed from its definition.
fn expected(label: &str, end: &str) -> (f64, u32) {
    let prompt = "<start_of_turn>user\nSay yes or no.<end_of_turn>\n<start_of_turn>model\n";
    let n = tokens(prompt).len();
    let all = tokens(&[prompt, label, end].concat());
    (all.iter().enumerate().skip(n).map(|(i, t)| logprob(t, i)).sum(), (all.len() - n) as u32)
}

#[test]
fn whole_labels_are_scored_by_their_echo() {
    for hidden in [false, true] {
        let server = Server::start(full(hidden));
        let mut subject = endpoint(&server, exact());
        let found = run(subject.probe()).unwrap().clone();
        assert_eq!((found.labels, found.chat), (LabelScores::Exact, true), "{found:?}");
        let answers = run(subject.score(&[labels(&["technical", "casual"]), labels(&["yes", "yes, no"])])).unwrap();
        for (answer, (query, end)) in
            answers.iter().zip([(["technical", "casual"], ""), (["yes", "yes, no"], "<end_of_turn>")])
        {
            assert_eq!(answer.refused, None);
            for (i, label) in query.iter().enumerate() {
                let (logp, n) = expected(label, end);
                // The same sums in the same order.
                assert_eq!((answer.logp[i], answer.n_tokens[i]), (logp, n), "{label}, hidden {hidden}");
                assert_eq!(answer.n_bytes[i] as usize, label.len());
            }
            assert!(answer.top.is_empty() && answer.input_ids_sha256.len() == 64 && answer.t_prefill_ns == 0);
        }
    }
}

#[test]
fn whole_texts_are_scored_where_the_start_token_is_listed() {
    let texts = LabelQuery { messages: vec![], labels: vec!["She walks.".to_owned(), "She walk.".to_owned()] };
    let listed = run(endpoint(&Server::start(full(false)), exact()).score(std::slice::from_ref(&texts))).unwrap();
    for (i, text) in texts.labels.iter().enumerate() {
        let sum: f64 = tokens(text).iter().enumerate().map(|(i, t)| logprob(t, i)).sum();
        // The same sums in the same order.
        assert_eq!(listed[0].logp[i].to_bits(), sum.to_bits());
    }
    let hidden = run(endpoint(&Server::start(full(true)), exact()).score(&[texts])).unwrap();
    assert!(hidden[0].refused.as_ref().unwrap().contains("first token of a text"), "{hidden:?}");
}

#[test]
fn a_query_that_cannot_be_scored_is_refused_alone() {
    let server = Server::start(|request, n| {
        if request.body["prompt"].as_str().is_some_and(|p| p.contains("too long")) {
            return refused("the context has 4096 tokens");
        }
        full(true)(request, n)
    });
    let ask = |text: &str| LabelQuery { messages: vec![Message::user(text)], ..labels(&["yes", "no"]) };
    let queries =
        [ask("a"), ask("too long"), ask("a <end_of_turn>"), labels(&["same", "same"]), labels(&["one"]), ask("b")];
    let answers = run(endpoint(&server, exact()).score(&queries)).unwrap();
    let why: Vec<&str> = answers.iter().map(|a| a.refused.as_deref().unwrap_or("")).collect();
    assert!(why[0].is_empty() && why[5].is_empty(), "{why:?}");
    assert!(why[1].contains("the context has 4096 tokens"), "{why:?}");
    assert!(why[2].contains("control token") && why[4].contains("fewer than two"), "{why:?}");
    assert!(why[3].contains("the same tokens"), "{why:?}");
}

#[test]
fn servers_that_cannot_echo_are_found_out() {
    type Wrong = fn(&Request) -> Value;
    let cases: [(Wrong, &str); 5] = [
        (|_| json!({"choices": [{"text": "x", "logprobs": null}]}), "does not echo"),
        (
            |_| json!({"choices": [{"text": "x", "logprobs": {"tokens": ["x"], "token_logprobs": [-0.1]}}]}),
            "does not echo",
        ),
        (
            |r| {
                let mut body = echo(&r.body, true);
                body["usage"]["prompt_tokens"] = json!(body["usage"]["prompt_tokens"].as_u64().unwrap() - 1);
                body
            },
            "start token",
        ),
        (
            |r| {
                let mut body = echo(&r.body, false);
                body["choices"][0]["logprobs"]["tokens"][1] = json!("<start");
                body
            },
            "control tokens as text",
        ),
        (
            |r| {
                let mut body = echo(&r.body, true);
                body["choices"][0]["logprobs"]["token_logprobs"] = json!([]);
                body
            },
            "as many log-probabilities as tokens",
        ),
    ];
    for (wrong, why) in cases {
        let server = Server::start(move |request, n| match request.path.as_str() {
            "/v1/completions" => Reply::Json(200, wrong(request)),
            _ => full(true)(request, n),
        });
        let found = run(endpoint(&server, exact()).probe()).unwrap().clone();
        assert_eq!(found.labels, LabelScores::FirstToken, "{why}");
        assert!(found.notes[0].contains(why), "{:?}", found.notes);
    }
}

#[test]
fn first_tokens_are_scored_where_they_tell_the_labels_apart() {
    let server =
        Server::start(|_, _| Reply::Json(200, chat_with_top("yes", &[("yes", -0.1), ("no", -2.5), ("n", -4.0)])));
    let mut subject = endpoint(&server, brief());
    assert_eq!(run(subject.probe()).unwrap().labels, LabelScores::FirstToken);
    let answers =
        run(subject.score(&[labels(&["yes", "no"]), labels(&["no", "none"]), labels(&["yes", "maybe"])])).unwrap();
    assert_eq!(
        (answers[0].logp.as_slice(), answers[0].n_tokens.as_slice(), answers[0].n_in),
        (&[-0.1, -2.5][..], &[1, 1][..], 7)
    );
    assert!(answers[1].refused.as_ref().unwrap().contains("begin with the same token"));
    assert!(answers[2].refused.as_ref().unwrap().contains("not among the 20 likeliest"));
    assert_eq!(server.seen().last().unwrap().body["top_logprobs"], 20);
}

#[test]
fn a_server_without_log_probabilities_writes() {
    let server = Server::start(|request, _| match request.body.get("logprobs") {
        Some(_) => refused("logprobs are not supported"),
        None => Reply::Json(200, chat("yes", "stop")),
    });
    let mut subject = endpoint(&server, brief());
    let found = run(subject.probe()).unwrap().clone();
    assert_eq!((found.labels, found.chat, found.schema, found.choice), (LabelScores::None, true, None, None));
    assert!(found.notes[0].contains("logprobs are not supported"), "{found:?}");
    let answers = run(subject.score(&[labels(&["yes", "no"])])).unwrap();
    assert!(answers[0].refused.as_ref().unwrap().contains("have the labels written"));
    // A constraint that it would ignore is refused; the rest is answered.
    let constrained = GenerateQuery {
        constraint: Some(Constraint::Choice(vec!["a".to_owned(), "b".to_owned()])),
        ..GenerateQuery::greedy(vec![Message::user("x")], 4)
    };
    let free = GenerateQuery::greedy(vec![Message::user("x")], 4);
    let answers = run(subject.generate(&[constrained, free])).unwrap();
    assert!(answers[0].refused.is_some() && answers[1].refused.is_none());
}

#[test]
fn constraints_are_sent_in_the_form_that_the_server_keeps() {
    // Three servers, each of which knows one form of each.
    let forms: [(&str, ChoiceForm, &str, SchemaForm); 3] = [
        ("grammar", ChoiceForm::Grammar, "json_object", SchemaForm::JsonObject),
        ("guided_choice", ChoiceForm::GuidedChoice, "json_schema", SchemaForm::JsonSchema),
        ("structured_outputs", ChoiceForm::StructuredOutputs, "json_schema", SchemaForm::JsonSchema),
    ];
    for (field, choice, kind, schema) in forms {
        let server = Server::start(move |request, _| {
            let kept = if request.body.get(field).is_some() {
                "qzx"
            } else if request.body["response_format"]["type"] == kind {
                "{\"qzx\": \"qzx\"}"
            } else {
                "Sure! Blue."
            };
            Reply::Json(200, chat_with_top(kept, &[("yes", -0.1), ("no", -1.0)]))
        });
        let mut subject = endpoint(&server, brief());
        let found = run(subject.probe()).unwrap().clone();
        assert_eq!((found.choice, found.schema), (Some(choice), Some(schema)));
        let query = |constraint| GenerateQuery {
            constraint: Some(constraint),
            ..GenerateQuery::greedy(vec![Message::user("x")], 4)
        };
        let queries = [
            query(Constraint::Choice(vec!["a".to_owned(), "b".to_owned()])),
            query(Constraint::Schema("{\"type\":\"object\"}".to_owned())),
            query(Constraint::Schema("no".to_owned())),
        ];
        let answers = run(subject.generate(&queries)).unwrap();
        assert!(answers[0].refused.is_none() && answers[1].refused.is_none());
        assert!(answers[2].refused.as_ref().unwrap().contains("no JSON"));
        let sent: Vec<Value> = server.seen().into_iter().map(|r| r.body).collect();
        let [.., first, second] = sent.as_slice() else { panic!() };
        assert!(first.get(field).is_some_and(|f| f.to_string().contains('a')), "{first}");
        assert_eq!(second["response_format"]["type"], kind);
    }
}

#[test]
fn answers_keep_what_the_server_tells_and_no_more() {
    let server = Server::start(|request, _| {
        let turns = request.body["messages"].as_array().unwrap();
        match turns.last().unwrap()["content"].as_str().unwrap() {
            "cut" => Reply::Json(200, chat("one two", "length")),
            "null" => Reply::Json(200, json!({"choices": [{"message": {"content": null}, "finish_reason": "stop"}]})),
            "filter" => Reply::Json(200, chat("", "content_filter")),
            "long" => refused("context length exceeded"),
            _ => Reply::Json(200, chat("Yes", "stop")),
        }
    });
    let mut subject = endpoint(&server, Options { parallel: 3, ..brief() });
    let ask = |text: &str| GenerateQuery {
        temperature: 0.7,
        seed: 9,
        ..GenerateQuery::greedy(
            vec![Message::system("s"), Message::user("u"), Message::model("m"), Message::user(text)],
            5,
        )
    };
    let stopped = GenerateQuery { stop: vec!["END".to_owned()], ..GenerateQuery::greedy(vec![Message::user("x")], 5) };
    let queries = [ask("cut"), ask("null"), ask("filter"), ask("long"), ask("plain"), stopped];
    let answers = run(subject.generate(&queries)).unwrap();
    let seen: Vec<(&str, StopReason, bool)> =
        answers.iter().map(|a| (a.text.as_str(), a.stop_reason, a.refused.is_some())).collect();
    assert_eq!(
        seen,
        [
            ("one two", StopReason::Length, false),
            ("", StopReason::Eos, false),
            ("", StopReason::Error, true),
            ("", StopReason::Error, true),
            ("Yes", StopReason::Eos, false),
            ("Yes", StopReason::Stop, false),
        ]
    );
    assert!(answers.iter().all(|a| a.output_ids.is_empty() && a.special_ids.is_empty() && a.t_decode_ns == 0));
    let sent = server.seen();
    let cut = sent.iter().find(|r| r.body.to_string().contains("\"cut\"")).unwrap();
    let roles: Vec<&str> =
        cut.body["messages"].as_array().unwrap().iter().map(|m| m["role"].as_str().unwrap()).collect();
    assert_eq!(roles, ["system", "user", "assistant", "user"]);
    assert_eq!((cut.body["seed"].as_u64(), cut.body["max_tokens"].as_u64()), (Some(9), Some(5)));
    assert_eq!(cut.body["model"], "tiny");
    let last = sent.iter().find(|r| r.body.get("stop").is_some()).unwrap();
    assert!(last.body["stop"][0] == "END" && last.body.get("seed").is_none());
}

/// A whole battery through a server: what is right counts, whatever is unknown about its tokens.
#[test]
fn a_text_without_token_ids_is_judged_by_its_words() {
    let entry = catalogue::entry("A01").unwrap();
    let source = Source::entry(entry, &entry.formats[0]).written();
    let plan = Plan::new("custom", &[(source, Some(6))], 1);
    let gold: Vec<(String, String)> = plan.probes[0]
        .items
        .iter()
        .map(|p| (p.asks[0].messages.last().unwrap().content.clone(), p.item.gold[0].clone()))
        .collect();
    let server = Server::start(move |request, n| {
        let asked = request.body["messages"][0]["content"].as_str().unwrap();
        match gold.iter().position(|(prompt, _)| prompt == asked) {
            // The third item gets nothing, the fourth padding.
            Some(2) => Reply::Json(200, chat("", "stop")),
            Some(3) => Reply::Json(200, chat("yes yes yes yes", "length")),
            Some(i) => Reply::Json(200, chat(&gold[i].1, "stop")),
            None => full(true)(request, n),
        }
    });
    let mut subject = endpoint(&server, brief());
    let results =
        run(probes::run(&mut subject, &plan, Settings::batch(4), &mut |_| std::ops::ControlFlow::Continue(())));
    let results = results.unwrap();
    let verdicts: Vec<ItemVerdict> = results[0].items.iter().map(|i| i.verdict).collect();
    let (right, empty) = (ItemVerdict::Correct, ItemVerdict::Degenerate);
    assert_eq!(verdicts, [right, right, empty, ItemVerdict::Unparsable, right, right]);
    assert_eq!(results[0].items[2].validity_class, "empty");
}
