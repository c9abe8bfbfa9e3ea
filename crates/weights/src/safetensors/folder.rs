//! A folder's files, sorted by what they are for, and the index that ties shards together.

use std::collections::{BTreeMap, BTreeSet};
use std::rc::Rc;

use serde_json::Value;

use crate::error::{Error, invalid, quote};
use crate::json::{describe, parse_object};
use crate::looks::wrong_file;
use crate::model::TokenizerFiles;
use crate::source::{Source, base_name, read_range};

/// The files that matter. `weights` is sorted by name and, where there is an index, as long as the index says.
pub(super) struct Folder {
    pub config: Rc<dyn Source>,
    pub weights: Vec<Rc<dyn Source>>,
    index: Option<Index>,
    others: BTreeMap<String, Rc<dyn Source>>,
}

/// `model.safetensors.index.json`: tensor name to shard.
struct Index {
    file: String,
    map: BTreeMap<String, String>,
}

/// Bounds on the files that are read whole. Gemma 3's tokenizer.json is 33 MB, its tokenizer.model 4.7 MB.
const MAX_CONFIG_BYTES: u64 = 1 << 20;
const MAX_INDEX_BYTES: u64 = 8 << 20;
const MAX_TOKENIZER_JSON_BYTES: u64 = 128 << 20;
const MAX_TOKENIZER_MODEL_BYTES: u64 = 32 << 20;
const MAX_TOKENIZER_CONFIG_BYTES: u64 = 16 << 20;
const MAX_TEMPLATE_BYTES: u64 = 1 << 20;

impl Folder {
    /// Sorts a folder's files.
    pub fn sort(files: Vec<Rc<dyn Source>>) -> Result<Self, Error> {
        let mut by_name: BTreeMap<String, Rc<dyn Source>> = BTreeMap::new();
        for file in files {
            let name = base_name(file.as_ref()).to_owned();
            if let Some(twin) = by_name.insert(name, file) {
                return Err(invalid(twin.name(), "the list of files", "each name once", "it twice"));
            }
        }
        for name in ["adapter_config.json", "adapter_model.safetensors"] {
            if let Some(file) = by_name.get(name) {
                return Err(Error::Unsupported {
                    file: file.name().to_owned(),
                    what: "an adapter".to_owned(),
                    help: "merge it into its model first",
                });
            }
        }
        let ends_with = |end: &str| -> Vec<Rc<dyn Source>> {
            by_name.iter().filter(|(name, _)| name.ends_with(end)).map(|(_, file)| Rc::clone(file)).collect()
        };
        let weights = ends_with(".safetensors");
        let first = weights.first().ok_or_else(|| missing("a .safetensors file", "pass a model file or its folder"))?;
        let config = by_name.get("config.json").map(Rc::clone);
        let help = "it belongs beside the weights: pass the folder that holds both";
        let config = config.ok_or_else(|| Error::Missing {
            file: first.name().to_owned(),
            what: "config.json".to_owned(),
            help,
        })?;
        let index = match ends_with(".safetensors.index.json").as_slice() {
            [] => None,
            [file] => Some(Index::read(file.as_ref())?),
            [_, second, ..] => {
                return Err(invalid(second.name(), "the list of files", "one index", "a second one"));
            }
        };
        let folder = Self { config, weights, index, others: by_name };
        folder.check_shards()?;
        Ok(folder)
    }

    /// The bytes of `config.json`.
    pub fn config_bytes(&self) -> Result<Vec<u8>, Error> {
        read_whole(self.config.as_ref(), MAX_CONFIG_BYTES)
    }

    /// Every tensor must be in the shard that the index names, and the index must name no other.
    pub fn check_index(&self, tensors: &[(String, usize)]) -> Result<(), Error> {
        let Some(index) = &self.index else {
            return Ok(());
        };
        let mut unseen: BTreeSet<&str> = index.map.keys().map(String::as_str).collect();
        for (tensor, shard) in tensors {
            let shard = self.weights.get(*shard).map_or("", |file| base_name(file.as_ref()));
            let at = || format!("tensor {}", quote(tensor));
            match index.map.get(tensor) {
                Some(named) if named == shard => {
                    unseen.remove(tensor.as_str());
                }
                Some(named) => return Err(invalid(&index.file, at(), quote(shard), quote(named))),
                None => return Err(invalid(&index.file, at(), quote(shard), "no entry")),
            }
        }
        match unseen.first() {
            None => Ok(()),
            Some(tensor) => {
                let shard = index.map.get(*tensor).map_or("", String::as_str);
                Err(invalid(
                    &index.file,
                    format!("tensor {}", quote(tensor)),
                    "a tensor that is there",
                    format!("none in {}", quote(shard)),
                ))
            }
        }
    }

    /// The tokenizer's files as they are, and the chat template: its own file first, `tokenizer_config.json` otherwise.
    pub fn tokenizer(&self) -> Result<(TokenizerFiles, Option<String>), Error> {
        let read = |name: &str, max| self.others.get(name).map(|file| read_whole(file.as_ref(), max)).transpose();
        let tokenizer_config = read("tokenizer_config.json", MAX_TOKENIZER_CONFIG_BYTES)?;
        let template = match read("chat_template.jinja", MAX_TEMPLATE_BYTES)? {
            Some(bytes) => Some(
                String::from_utf8(bytes)
                    .map_err(|_| invalid("chat_template.jinja", "its text", "UTF-8", "other bytes"))?,
            ),
            None => match &tokenizer_config {
                Some(bytes) => embedded_template(bytes)?,
                None => None,
            },
        };
        let files = TokenizerFiles::Files {
            tokenizer_json: read("tokenizer.json", MAX_TOKENIZER_JSON_BYTES)?,
            tokenizer_model: read("tokenizer.model", MAX_TOKENIZER_MODEL_BYTES)?,
            tokenizer_config,
        };
        Ok((files, template))
    }

    /// Without an index one file; with one, exactly the files it names.
    fn check_shards(&self) -> Result<(), Error> {
        let Some(index) = &self.index else {
            return match self.weights.get(1) {
                None => Ok(()),
                Some(second) => Err(Error::Missing {
                    file: second.name().to_owned(),
                    what: "model.safetensors.index.json".to_owned(),
                    help: "several .safetensors files need it to be told apart",
                }),
            };
        };
        let named: BTreeSet<&str> = index.map.values().map(String::as_str).collect();
        for shard in &named {
            if !shard.ends_with(".safetensors") || !self.others.contains_key(*shard) {
                return Err(Error::Missing {
                    file: index.file.clone(),
                    what: format!("shard {}", quote(shard)),
                    help: "the index names it: download the rest of the model",
                });
            }
        }
        for file in &self.weights {
            if !named.contains(base_name(file.as_ref())) {
                let expected = "only files that the index names";
                return Err(invalid(file.name(), "the folder", expected, quote(base_name(file.as_ref()))));
            }
        }
        Ok(())
    }
}

impl Index {
    fn read(source: &dyn Source) -> Result<Self, Error> {
        let file = source.name();
        let mut object = parse_object(file, &read_whole(source, MAX_INDEX_BYTES)?)?;
        let Some(Value::Object(entries)) = object.remove("weight_map") else {
            return Err(invalid(file, "key weight_map", "an object", "none"));
        };
        let mut map = BTreeMap::new();
        for (tensor, shard) in entries {
            let Value::String(shard) = shard else {
                let at = format!("key weight_map, tensor {}", quote(&tensor));
                return Err(invalid(file, at, "a file name", describe(&shard)));
            };
            map.insert(tensor, shard);
        }
        Ok(Self { file: file.to_owned(), map })
    }
}

/// `chat_template` of `tokenizer_config.json`: a text, or a list of named ones of which `default` counts.
fn embedded_template(bytes: &[u8]) -> Result<Option<String>, Error> {
    const FILE: &str = "tokenizer_config.json";
    const KEY: &str = "key chat_template";
    let mut object = parse_object(FILE, bytes)?;
    let text = match object.remove("chat_template") {
        None | Some(Value::Null) => return Ok(None),
        Some(Value::String(text)) => text,
        Some(Value::Array(named)) => {
            let default = named.iter().find(|entry| entry.get("name").and_then(Value::as_str) == Some("default"));
            match default.and_then(|entry| entry.get("template")).and_then(Value::as_str) {
                Some(text) => text.to_owned(),
                None => return Err(invalid(FILE, KEY, "a template named \"default\"", "others")),
            }
        }
        Some(other) => {
            return Err(invalid(FILE, KEY, "a text or a list of named texts", describe(&other)));
        }
    };
    if text.len() as u64 > MAX_TEMPLATE_BYTES {
        return Err(invalid(FILE, KEY, format!("at most {MAX_TEMPLATE_BYTES} bytes"), text.len().to_string()));
    }
    Ok(Some(text))
}

fn read_whole(source: &dyn Source, max: u64) -> Result<Vec<u8>, Error> {
    let len = source.len_bytes();
    if len == 0 {
        return Err(wrong_file(source, "some content", "download it again"));
    }
    if len > max {
        return Err(invalid(source.name(), "its length", format!("at most {max} bytes"), len.to_string()));
    }
    read_range(source, "the file", 0, len)
}

fn missing(what: &str, help: &'static str) -> Error {
    Error::Missing { file: "the folder".to_owned(), what: what.to_owned(), help }
}
