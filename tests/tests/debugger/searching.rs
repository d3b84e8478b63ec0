//! What a search of a log finds: words, fields, regular expressions.

use dacapo_engine::process::trail::Question;
use dacapo_tests::search::Searched;

use super::{Log, ORDER};

#[test]
fn a_word_is_found_however_its_record_writes_it() {
    let mut log = Log::new(&[("order", "start -> ship:service(ship) -> end")]);
    let texts = [
        r"\nship\tcargo",
        r"\u0001f\u001fCargo",
        r#"Ca\rgo \"cargo\""#,
        "xcargoé",
        r"\u00adcargo\u0301cargo",
    ];
    for text in texts {
        let cargo = text.replace("cargo", "freight");
        let instance = log.create(
            "order",
            &format!("{{\"cargo\": \"{text}\", \"{cargo}\": [{{\"a\": \"{text}\"}}]}}"),
        );
        let job = log.job(instance);
        let failure = "\"retries\": 1, \"variables\": {}";
        log.ask(
            "job.fail",
            &format!("{{\"job_key\": \"{job}\", \"error_message\": \"{text}\", {failure}}}"),
        );
    }
    let player = log.player();
    let searched = Searched::new((0..player.frame_count()).filter_map(|it| player.frame_bytes(it)));
    for word in searched.words() {
        let ends: Vec<usize> = word.char_indices().map(|(at, _)| at).chain([word.len()]).collect();
        for (index, from) in ends.iter().enumerate() {
            for to in &ends[index..] {
                searched.check(&word[*from..*to]);
            }
        }
    }
    assert!(searched.check("CARGO") > texts.len());
    assert!(searched.is_sifted("cargo freight") && searched.is_sifted("job.completed"));
    // What may be called so, what we say ourselves, and what numbers may spell.
    for word in ["order", "ship", "worker", "retr", "471", "pt5m", "face", "= cargo", ""] {
        assert!(!searched.is_sifted(word), "{word}");
    }
}

#[test]
fn fields_and_regular_expressions_find_what_they_say() {
    let mut log = Log::new(&[("order", ORDER)]);
    let variables =
        "{\"order\": {\"total\": 12.0, \"items\": [{\"name\": \"blue cup\"}], \"paid\": true}}";
    let instance = log.create("order", variables);
    log.create("order", "{\"order\": {\"total\": 13, \"note\": \"12\"}}");
    let job = log.job(instance);
    log.ask("job.complete", "{\"job_key\": \"7\", \"variables\": {\"lost\": 1}}");
    log.ask("job.complete", &format!("{{\"job_key\": \"{job}\", \"variables\": {{}}}}"));
    let player = log.player();
    let searched = Searched::new((0..player.frame_count()).filter_map(|it| player.frame_bytes(it)));
    for (search, hits) in [
        // The command, and the variable that it writes.
        ("order.total=12", 2),
        ("order.total=\"12\"", 0),
        ("order.note=12", 2),
        ("order.note=\"12\"", 2),
        ("order.paid=true", 2),
        ("order.items.name=\"Blue cup\"", 2),
        ("order.items.name=blue", 0),
        ("name=order process_instance_key=7", 0),
        ("intent=job.completed", 1),
        ("intent=job.complete", 3),
        ("intent=job.complete kind=rejection", 1),
        ("code=job_not_found /found none$/", 1),
        ("reason=\"expected an open job with key 7, found none\"", 1),
        ("lost=1", 1),
        ("job_type=SHIP", 2),
        ("element=late intent=element.activated", 1),
        ("/^SHIP in /", 0),
        ("/^job#[0-9]+ ship for ship#[0-9]+, . retr(y|ies)$/", 2),
        ("/ SHIP .*retr/i job", 2),
        ("/job\\.complet(e|ed)$/", 3),
    ] {
        assert_eq!(searched.check(search), hits, "{search}");
        assert_eq!(searched.problem(search), None, "{search}");
    }
    assert!(searched.check(&format!("instance_key={instance}")) > 10);
    for search in ["job_type=ship", "order.note=\"x-large\"", "intent=job.failed", "/^cargo-[0-9]/"]
    {
        assert!(searched.is_sifted(search), "{search}");
    }
    for search in ["order.paid=true", "element=late", "instance_key=7", "/carg?o|x/", "kind=event"]
    {
        assert!(!searched.is_sifted(search), "{search}");
    }
    let problem = searched.problem("elemnt=late").expect("no such field");
    assert!(problem.contains("found `elemnt`; there are element, "), "{problem}");
    let problem = searched.problem("job=7").expect("no such field");
    assert!(problem.contains("there are job_key, job_type, "), "{problem}");
    let error = Question::parse("order /or(der/").expect_err("no regular expression");
    let said = "expected a closing parenthesis at character 7 of the regular expression";
    assert_eq!(error.to_string(), said);
    // What opens no regular expression is a word.
    assert_eq!(searched.check("/v2/jobs"), 0);
}

#[test]
fn what_is_said_of_records_uses_words_that_a_search_knows() {
    let source = include_str!("../../../core/engine/src/process/describe.rs");
    // Names of keys are given by who asks.
    let (_, source) = source.split_once("/// Says what is asked").expect("what is said");
    let code = source.lines().map(|it| it.split("//").next().unwrap_or_default());
    let code = code.collect::<Vec<_>>().join("\n");
    let searched = Searched::new([]);
    let mut known = 0;
    for text in code.split('"').skip(1).step_by(2).map(|it| it.replace("{}", " ")) {
        // Between braces stands the name of a value.
        let own = text
            .split('{')
            .enumerate()
            .map(|(at, it)| if at == 0 { it } else { it.split_once('}').map_or("", |it| it.1) });
        for word in own.flat_map(|it| it.split(|it: char| !it.is_ascii_alphabetic())) {
            assert!(!searched.is_sifted(word), "{word}");
            known += usize::from(word.len() > 2);
        }
    }
    assert!(known > 40, "they were read");
    assert!(searched.is_sifted("cargo"));
}
