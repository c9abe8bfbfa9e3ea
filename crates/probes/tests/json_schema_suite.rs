//! The required tests of the JSON-Schema-Test-Suite for draft 2020-12, where the shared folder holds them. Tests in wasm see no
//! files.
#![cfg(not(target_family = "wasm"))]

use probes::json::Validator;
use serde_json::Value;
use std::path::Path;

/// Tests in the files at the commit that the shared folder names.
const TESTS: usize = 1_299;

#[test]
fn the_validator_passes_the_json_schema_test_suite() {
    let (Some(tests), Some(remotes)) = (
        testkit::shared("data/json-schema/tests/draft2020-12"),
        testkit::shared("data/json-schema/remotes/draft2020-12"),
    ) else {
        return;
    };
    let mut documents = Vec::new();
    for path in files(&remotes) {
        let relative = path.strip_prefix(&remotes).expect("below the folder").to_string_lossy().replace('\\', "/");
        documents.push((format!("http://localhost:1234/draft2020-12/{relative}"), read(&path)));
    }
    assert_eq!(documents.len(), 22);
    let (mut n, mut wrong) = (0, Vec::new());
    for path in files(&tests) {
        for case in read(&path).as_array().expect("a list of cases") {
            let validator = Validator::new(&case["schema"], &documents);
            for test in case["tests"].as_array().expect("a list of tests") {
                n += 1;
                let about = format!("{}: {}: {}", path.display(), case["description"], test["description"]);
                match &validator {
                    Ok(v) if v.validate(&test["data"]).is_ok() == (test["valid"] == true) => {}
                    Ok(_) => wrong.push(about),
                    Err(error) => wrong.push(format!("{about}: {error}")),
                }
            }
        }
    }
    assert!(wrong.is_empty(), "{} of {n} differ:\n{}", wrong.len(), wrong.join("\n"));
    assert_eq!(n, TESTS);
}

fn files(folder: &Path) -> Vec<std::path::PathBuf> {
    let mut found = Vec::new();
    for entry in std::fs::read_dir(folder).expect("a folder") {
        let path = entry.expect("an entry").path();
        if path.is_dir() {
            found.extend(files(&path));
        } else if path.extension().is_some_and(|e| e == "json") {
            found.push(path);
        }
    }
    found.sort();
    found
}

fn read(path: &Path) -> Value {
    serde_json::from_slice(&std::fs::read(path).expect("a file")).expect("JSON")
}
