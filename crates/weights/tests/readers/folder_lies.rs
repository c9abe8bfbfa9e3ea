//! One test for each way a folder's files can be the wrong ones.

use serde_json::json;

use crate::folder::{Folder, check, check_file, open, refused, safetensors, tensor};
use crate::folder_honest::sharded;

#[test]
fn a_folder_without_weights_is_refused() {
    refused(open(vec![]), "the folder: a .safetensors file is missing; pass a model file or its folder");
    refused(
        open(vec![("config.json".to_owned(), b"{}".to_vec())]),
        "the folder: a .safetensors file is missing; pass a model file or its folder",
    );
}

#[test]
fn weights_without_a_configuration_are_refused() {
    let mut files = Folder::honest().files();
    files.remove(0);
    refused(
        open(files),
        "model.safetensors: config.json is missing; it belongs beside the weights: pass the folder that holds both",
    );
}

#[test]
fn a_name_twice_is_refused() {
    let mut files = Folder::honest().files();
    files.push(("other/config.json".to_owned(), b"{}".to_vec()));
    refused(open(files), "config.json: expected each name once, found it twice, at the list of files");
}

#[test]
fn adapters_are_refused_by_name() {
    check(
        |folder| folder.others.push(("adapter_config.json", b"{}".to_vec())),
        "adapter_config.json: an adapter is not supported; merge it into its model first",
    );
    check(
        |folder| {
            folder.others.push(("adapter_model.safetensors", b"{}".to_vec()));
        },
        "adapter_model.safetensors: an adapter is not supported; merge it into its model first",
    );
    check(
        |folder| {
            folder.tensors.push(tensor("base_model.model.layers.0.q.lora_A.weight", &[4]));
        },
        "model.safetensors: tensor \"base_model.model.layers.0.q.lora_A.weight\" has no place in a Gemma 3 text model; it belongs to an adapter: merge the adapter into the model first",
    );
}

#[test]
fn several_files_without_an_index_are_refused() {
    check(
        |folder| folder.others.push(("more.safetensors", safetensors(&[]))),
        "more.safetensors: model.safetensors.index.json is missing; several .safetensors files need it to be told apart",
    );
}

#[test]
fn a_file_that_the_index_does_not_name_is_refused() {
    let mut files = shards(|_| {});
    files.push(("dir/more.safetensors".to_owned(), safetensors(&[])));
    refused(
        open(files),
        "dir/more.safetensors: expected only files that the index names, found \"more.safetensors\", at the folder",
    );
}

#[test]
fn two_indexes_are_refused() {
    let mut files = shards(|_| {});
    files.push(("dir/other.safetensors.index.json".to_owned(), files[3].1.clone()));
    refused(
        open(files),
        "dir/other.safetensors.index.json: expected one index, found a second one, at the list of files",
    );
}

#[test]
fn a_missing_shard_is_named() {
    let mut files = shards(|_| {});
    files.remove(0);
    refused(
        open(files),
        "dir/model.safetensors.index.json: shard \"model-00002-of-00002.safetensors\" is missing; the index names it: download the rest of the model",
    );
    refused(
        open(shards(|map| {
            drop(map.insert("x".to_owned(), json!("../../etc/passwd")));
        })),
        "dir/model.safetensors.index.json: shard \"../../etc/passwd\" is missing; the index names it: download the rest of the model",
    );
}

#[test]
fn an_index_that_disagrees_with_the_shards_is_refused() {
    let norm = "model.norm.weight";
    refused(
        open(shards(|map| {
            drop(map.insert("x".to_owned(), map[norm].clone()));
        })),
        "dir/model.safetensors.index.json: expected a tensor that is there, found none in \"model-00002-of-00002.safetensors\", at tensor \"x\"",
    );
    refused(
        open(shards(|map| drop(map.remove(norm)))),
        "dir/model.safetensors.index.json: expected \"model-00002-of-00002.safetensors\", found no entry, at tensor \"model.norm.weight\"",
    );
    let other = "model-00001-of-00002.safetensors";
    refused(
        open(shards(|map| {
            drop(map.insert(norm.to_owned(), json!(other)));
        })),
        "dir/model.safetensors.index.json: expected \"model-00002-of-00002.safetensors\", found \"model-00001-of-00002.safetensors\", at tensor \"model.norm.weight\"",
    );
    refused(
        open(shards(|map| drop(map.insert(norm.to_owned(), json!(7))))),
        "dir/model.safetensors.index.json: expected a file name, found 7, at key weight_map, tensor \"model.norm.weight\"",
    );
}

#[test]
fn an_index_that_is_none_is_refused() {
    let index = "model.safetensors.index.json";
    for (text, sentence) in [
        ("", "model.safetensors.index.json: expected some content, found an empty file; download it again"),
        ("[]", "model.safetensors.index.json: expected a JSON object, found an array of 0, at its beginning"),
        ("{}", "model.safetensors.index.json: expected an object, found none, at key weight_map"),
        ("{\"weight_map\": []}", "model.safetensors.index.json: expected an object, found none, at key weight_map"),
        (
            "{\"weight_map\": {\"a\": \"b\", \"a\": \"c\"}}",
            "model.safetensors.index.json: expected JSON in the right form, found \"key \\\"a\\\" twice\", at line 1, column 29",
        ),
    ] {
        check_file(index, text, sentence);
    }
}

#[test]
fn a_tensor_in_two_shards_is_refused() {
    let folder = Folder::honest();
    // The index can name only one of the two.
    let files = sharded(&folder, &folder.tensors[..10], &folder.tensors[9..], |_| {});
    refused(
        open(files),
        "dir/model.safetensors.index.json: expected \"model-00001-of-00002.safetensors\", found \"model-00002-of-00002.safetensors\", at tensor \"model.layers.0.pre_feedforward_layernorm.weight\"",
    );
}

#[test]
fn templates_that_are_none_are_refused() {
    let long = json!({"chat_template": "x".repeat((1 << 20) + 1)}).to_string();
    for (file, text, sentence) in [
        (
            "tokenizer_config.json",
            "{",
            "tokenizer_config.json: expected JSON in the right form, found \"EOF while parsing an object\", at line 1, column 1",
        ),
        (
            "tokenizer_config.json",
            "{\"chat_template\": 7}",
            "tokenizer_config.json: expected a text or a list of named texts, found 7, at key chat_template",
        ),
        (
            "tokenizer_config.json",
            "{\"chat_template\": []}",
            "tokenizer_config.json: expected a template named \"default\", found others, at key chat_template",
        ),
        (
            "tokenizer_config.json",
            "{\"chat_template\": [{\"name\": \"default\"}]}",
            "tokenizer_config.json: expected a template named \"default\", found others, at key chat_template",
        ),
        (
            "tokenizer_config.json",
            &long,
            "tokenizer_config.json: expected at most 1048576 bytes, found 1048577, at key chat_template",
        ),
        ("tokenizer.json", "", "tokenizer.json: expected some content, found an empty file; download it again"),
    ] {
        check_file(file, text, sentence);
    }
    check_file(
        "chat_template.jinja",
        vec![0xff],
        "chat_template.jinja: expected UTF-8, found other bytes, at its text",
    );
    check_file(
        "chat_template.jinja",
        vec![b' '; (1 << 20) + 1],
        "chat_template.jinja: expected at most 1048576 bytes, found 1048577, at its length",
    );
}

fn shards(lie: impl FnOnce(&mut serde_json::Map<String, serde_json::Value>)) -> Vec<(String, Vec<u8>)> {
    let folder = Folder::honest();
    let (a, b) = folder.tensors.split_at(9);
    sharded(&folder, a, b, lie)
}
