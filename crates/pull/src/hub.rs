//! The Hugging Face hub: where it is asked, what it answers, which files of a repository make a model.

use percent_encoding::{AsciiSet, NON_ALPHANUMERIC, utf8_percent_encode};
use serde::Deserialize;
use serde_json::Value;
use url::Url;

use crate::error::{host, shown};
use crate::what::{address, is_safe_path};
use crate::{Digest, Error, Repo};

/// The longest answer about a repository that is read.
pub const MAX_ANSWER: u64 = 16 << 20;
/// More files than a repository of a model has.
const MAX_FILES: usize = 20_000;
/// Names that an error repeats.
const NAMES: usize = 12;
/// What stays as it is in a path.
const PATH: &AsciiSet = &NON_ALPHANUMERIC.remove(b'-').remove(b'_').remove(b'.').remove(b'~');
/// What a folder of safetensors files needs beside them.
const BESIDE: [&str; 6] = [
    "config.json",
    "tokenizer.json",
    "tokenizer.model",
    "tokenizer_config.json",
    "chat_template.jinja",
    "model.safetensors.index.json",
];

/// Where the hub is.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Endpoint(Url);

impl Default for Endpoint {
    fn default() -> Self {
        Self::parse("https://huggingface.co").unwrap_or_else(|_| unreachable!("a constant"))
    }
}

impl Endpoint {
    /// An address such as `HF_ENDPOINT` holds, perhaps with a path.
    pub fn parse(text: &str) -> Result<Self, Error> {
        let mut url = address(text.trim())?;
        url.set_query(None);
        let path = url.path().trim_end_matches('/').to_owned();
        url.set_path(&path);
        Ok(Self(url))
    }

    /// The address.
    pub fn url(&self) -> &Url {
        &self.0
    }

    /// Where a repository is described, at a revision.
    pub fn info(&self, repo: &Repo, revision: &str) -> Url {
        let mut url = self.at(&["api/models/", repo.as_str(), "/revision/", &escaped(revision)].concat());
        url.set_query(Some("blobs=true"));
        url
    }

    /// Where the bytes of a file are.
    pub fn file(&self, repo: &Repo, commit: &str, path: &str) -> Url {
        let path: Vec<String> = path.split('/').map(escaped).collect();
        self.at(&[repo.as_str(), "/resolve/", &escaped(commit), "/", &path.join("/")].concat())
    }

    /// The page of a repository, for people.
    pub fn page(&self, repo: &Repo) -> Url {
        self.at(repo.as_str())
    }

    fn at(&self, path: &str) -> Url {
        let mut url = self.0.clone();
        url.set_path(&[self.0.path().trim_end_matches('/'), "/", path].concat());
        url
    }
}

fn escaped(part: &str) -> String {
    utf8_percent_encode(part, PATH).to_string()
}

/// What a repository holds at a commit.
#[derive(Clone, Debug)]
pub struct Listing {
    /// The repository.
    pub repo: Repo,
    /// The commit, 40 hexadecimal digits.
    pub commit: String,
    /// Its files, by path.
    pub files: Vec<HubFile>,
    /// What its card says of the licence.
    pub licence: Option<String>,
    /// Whether the licence must be accepted first.
    pub gated: bool,
}

/// A file of a repository.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct HubFile {
    /// Its path there.
    pub path: String,
    /// Its length.
    pub bytes: u64,
    /// What it hashes to: of LFS files SHA-256, of the others Git's object id.
    pub digest: Digest,
}

#[derive(Deserialize)]
struct Info {
    sha: String,
    #[serde(default)]
    siblings: Vec<Sibling>,
    /// `false`, or the way of accepting.
    #[serde(default)]
    gated: Value,
    #[serde(default, rename = "cardData")]
    card: Option<Value>,
}

#[derive(Deserialize)]
struct Sibling {
    rfilename: String,
    size: Option<u64>,
    #[serde(rename = "blobId")]
    blob_id: Option<String>,
    lfs: Option<Lfs>,
}

#[derive(Deserialize)]
struct Lfs {
    // The listing of a revision calls it so, that of a tree `oid`.
    #[serde(alias = "oid")]
    sha256: String,
    size: u64,
}

impl Listing {
    /// Reads the answer of [`Endpoint::info`].
    pub fn parse(repo: &Repo, endpoint: &Endpoint, bytes: &[u8]) -> Result<Self, Error> {
        let form = |problem: String| Error::Form { host: host(endpoint.url()), repo: repo.to_string(), problem };
        let info: Info = serde_json::from_slice(bytes).map_err(|e| form(shown(&e.to_string())))?;
        let commit = info.sha.to_ascii_lowercase();
        if Digest::git_blob(&commit).is_none() {
            return Err(form("the commit is no hash".to_owned()));
        }
        if info.siblings.len() > MAX_FILES {
            return Err(form(format!("{} files", info.siblings.len())));
        }
        let mut files = Vec::with_capacity(info.siblings.len());
        for sibling in info.siblings {
            if !is_safe_path(&sibling.rfilename) {
                return Err(form(format!("the path {:?}", shown(&sibling.rfilename))));
            }
            let (digest, bytes) = match (&sibling.lfs, &sibling.blob_id) {
                (Some(lfs), _) => (Digest::sha256(&lfs.sha256), Some(lfs.size)),
                (None, Some(id)) => (Digest::git_blob(id), sibling.size),
                (None, None) => (None, sibling.size),
            };
            let (Some(digest), Some(bytes)) = (digest, bytes) else {
                return Err(form(format!("no size or hash of {:?}", shown(&sibling.rfilename))));
            };
            files.push(HubFile { path: sibling.rfilename, bytes, digest });
        }
        files.sort_by(|a, b| a.path.cmp(&b.path));
        if let Some(pair) = files.windows(2).find(|pair| matches!(pair, [a, b] if a.path == b.path)) {
            return Err(form(format!("{:?} twice", pair.first().map(|f| shown(&f.path)).unwrap_or_default())));
        }
        let licence = info.card.as_ref().and_then(|card| card.get("license")?.as_str()).map(shown);
        let gated = !matches!(info.gated, Value::Null | Value::Bool(false));
        Ok(Self { repo: repo.clone(), commit, files, licence, gated })
    }
}

impl Listing {
    /// The files to fetch, as [`choose`] says.
    pub fn choose(&self, named: Option<&str>) -> Result<Vec<&HubFile>, Error> {
        let paths: Vec<&str> = self.files.iter().map(|file| file.path.as_str()).collect();
        let chosen = choose(&self.repo, &paths, named)?;
        Ok(self.files.iter().filter(|file| chosen.contains(&file.path.as_str())).collect())
    }
}

/// Of the paths in a repository the one named, or those that make its model.
///
/// A name is a path, or what stands before `.gguf` in one file's name, such as `Q8_0`.
pub fn choose<'a>(repo: &Repo, paths: &[&'a str], named: Option<&str>) -> Result<Vec<&'a str>, Error> {
    let ends = |path: &str, end: &str| path.to_ascii_lowercase().ends_with(end);
    let ggufs: Vec<&str> = paths.iter().copied().filter(|path| ends(path, ".gguf")).collect();
    let several = |found: &[&str]| Error::Several {
        repo: repo.to_string(),
        n: found.len(),
        example: found.first().copied().map(shown).unwrap_or_default(),
        names: names(found),
    };
    if let Some(named) = named {
        if let Some(path) = paths.iter().find(|path| **path == named) {
            return Ok(vec![path]);
        }
        let tag = named.to_ascii_lowercase();
        let tagged = |path: &&str| {
            let path = path.to_ascii_lowercase();
            let stem = path.strip_suffix(".gguf").unwrap_or(&path);
            stem.strip_suffix(&tag).is_some_and(|rest| rest.ends_with(['-', '.', '_', '/']))
        };
        let found: Vec<&str> = ggufs.iter().copied().filter(tagged).collect();
        return match found[..] {
            [only] => Ok(vec![only]),
            [] => {
                let models = |path: &&str| ends(path, ".gguf") || ends(path, ".safetensors");
                let there: Vec<&str> = paths.iter().copied().filter(models).collect();
                Err(Error::NoFile { repo: repo.to_string(), file: shown(named), names: names(&there) })
            }
            // `K_M` ends `Q4_K_M` and `Q5_K_M` alike.
            _ => Err(several(&found)),
        };
    }
    let top: Vec<&str> = paths.iter().copied().filter(|path| !path.contains('/')).collect();
    if top.iter().any(|path| ends(path, ".safetensors")) {
        return Ok(top.into_iter().filter(|path| ends(path, ".safetensors") || BESIDE.contains(path)).collect());
    }
    match ggufs[..] {
        [only] => Ok(vec![only]),
        [] => Err(Error::NoModel { repo: repo.to_string() }),
        _ => Err(several(&ggufs)),
    }
}

fn names(paths: &[&str]) -> String {
    let mut names: Vec<String> = paths.iter().take(NAMES).map(|path| shown(path)).collect();
    if paths.len() > NAMES {
        names.push(format!("and {} more", paths.len() - NAMES));
    }
    if names.is_empty() { "none that can be run".to_owned() } else { names.join(", ") }
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    const COMMIT: &str = "e7647be17ae1108f2f605ed061ca0608b171afff";

    fn small(name: &str) -> Value {
        json!({"rfilename": name, "size": 3, "blobId": "f2ba8f84ab5c1bce84a7b441cb1959cfc7093b7f"})
    }

    fn large(name: &str) -> Value {
        json!({"rfilename": name, "size": 9, "blobId": "0".repeat(40),
               "lfs": {"sha256": "a".repeat(64), "size": 9, "pointerSize": 134}})
    }

    fn listing(files: &[Value]) -> Result<Listing, Error> {
        let text = json!({"sha": COMMIT, "siblings": files, "gated": "manual", "cardData": {"license": "gemma"}});
        parse(&text)
    }

    fn parse(text: &Value) -> Result<Listing, Error> {
        let repo = Repo::parse("a/b").unwrap();
        Listing::parse(&repo, &Endpoint::default(), text.to_string().as_bytes())
    }

    fn chosen(files: &[Value], named: Option<&str>) -> Result<Vec<String>, Error> {
        let listing = listing(files)?;
        listing.choose(named).map(|files| files.iter().map(|f| f.path.clone()).collect())
    }

    #[test]
    fn an_answer_of_the_hub_is_read() {
        let found = listing(&[large("m.gguf"), small("config.json")]).unwrap();
        assert_eq!((found.commit.as_str(), found.gated, found.licence.as_deref()), (COMMIT, true, Some("gemma")));
        assert_eq!(found.files[0].path, "config.json");
        assert_eq!(found.files[0].digest.function(), "Git object id");
        assert_eq!((found.files[1].bytes, found.files[1].digest.hex()), (9, "a".repeat(64)));
        assert!(!parse(&json!({"sha": COMMIT, "gated": false})).unwrap().gated);
    }

    #[test]
    fn answers_that_lie_are_refused_in_a_sentence() {
        for text in [
            json!({}),
            json!([]),
            json!({"sha": "main"}),
            json!({"sha": "../../x"}),
            json!({"sha": COMMIT, "siblings": [small("../x")]}),
            json!({"sha": COMMIT, "siblings": [small("/etc/passwd")]}),
            json!({"sha": COMMIT, "siblings": [small("a\\b")]}),
            json!({"sha": COMMIT, "siblings": [small("a"), small("a")]}),
            json!({"sha": COMMIT, "siblings": [{"rfilename": "x"}]}),
            json!({"sha": COMMIT, "siblings": [{"rfilename": "x", "size": -1, "blobId": COMMIT}]}),
            json!({"sha": COMMIT, "siblings": [{"rfilename": "x", "lfs": {"sha256": "../x", "size": 1}}]}),
        ] {
            let error = parse(&text).expect_err(&text.to_string()).to_string();
            assert!(error.lines().count() == 1 && error.starts_with("huggingface.co"), "{error}");
        }
    }

    #[test]
    fn a_model_is_its_files_and_nothing_more() {
        let folder = [
            large("model.safetensors"),
            small("config.json"),
            large("tokenizer.json"),
            small("README.md"),
            large("pytorch_model.bin"),
            large("original/consolidated.safetensors"),
        ];
        assert_eq!(chosen(&folder, None).unwrap(), ["config.json", "model.safetensors", "tokenizer.json"]);
        assert_eq!(chosen(&folder, Some("README.md")).unwrap(), ["README.md"]);
        assert_eq!(chosen(&[large("m.gguf"), small("README.md")], None).unwrap(), ["m.gguf"]);
        assert!(matches!(chosen(&[small("README.md")], None), Err(Error::NoModel { .. })));
    }

    #[test]
    fn a_quantisation_names_its_file() {
        let files = [large("m-Q4_K_M.gguf"), large("m-Q5_K_M.gguf"), large("m-Q8_0.gguf"), large("m-UD-Q8_K_XL.gguf")];
        assert_eq!(chosen(&files, Some("q8_0")).unwrap(), ["m-Q8_0.gguf"]);
        assert_eq!(chosen(&files, Some("m-Q4_K_M.gguf")).unwrap(), ["m-Q4_K_M.gguf"]);
        assert!(matches!(chosen(&files, Some("K_M")), Err(Error::Several { n: 2, .. })));
        assert!(matches!(chosen(&files, Some("8_0")), Err(Error::NoFile { .. })));
        let error = chosen(&files, None).unwrap_err().to_string();
        assert!(error.contains("holds 4 model files") && error.contains("a/b:m-Q4_K_M.gguf"), "{error}");
    }

    #[test]
    fn addresses_of_the_hub_are_escaped() {
        let (endpoint, repo) = (Endpoint::parse("https://mirror.example/hub/").unwrap(), Repo::parse("a/b").unwrap());
        let info = endpoint.info(&repo, "refs/pr/1");
        assert_eq!(info.as_str(), "https://mirror.example/hub/api/models/a/b/revision/refs%2Fpr%2F1?blobs=true");
        let file = endpoint.file(&repo, COMMIT, "x y/m#1.gguf");
        assert_eq!(file.as_str(), format!("https://mirror.example/hub/a/b/resolve/{COMMIT}/x%20y/m%231.gguf"));
        assert_eq!(Endpoint::default().page(&repo).as_str(), "https://huggingface.co/a/b");
        assert!(Endpoint::parse("http://mirror.example").is_err());
    }
}
