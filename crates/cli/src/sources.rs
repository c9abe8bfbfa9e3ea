//! Files as sources of bytes: read at an offset, never mapped.

use std::fs::File;
use std::io;
use std::path::{Path, PathBuf};
use std::rc::Rc;

use crate::{DEMO_MODELS, hub_cache};
use anyhow::{Context, bail};
use weights::{MemorySource, Source, Weights, open_gguf, open_safetensors};

/// A file that is read at offsets.
pub struct FileSource {
    name: String,
    file: File,
    len_bytes: u64,
}

impl FileSource {
    /// Opens a file for reading.
    pub fn open(path: &Path) -> anyhow::Result<Self> {
        let file = File::open(path).with_context(|| format!("cannot open {}", path.display()))?;
        let metadata = file.metadata().with_context(|| format!("cannot read {}", path.display()))?;
        if !metadata.is_file() {
            bail!("{} is not a regular file", path.display());
        }
        let name = path.file_name().unwrap_or(path.as_os_str()).to_string_lossy().into_owned();
        Ok(Self { name, file, len_bytes: metadata.len() })
    }
}

impl Source for FileSource {
    fn name(&self) -> &str {
        &self.name
    }

    fn len_bytes(&self) -> u64 {
        self.len_bytes
    }

    #[cfg(unix)]
    fn read_at(&self, offset: u64, buf: &mut [u8]) -> io::Result<()> {
        std::os::unix::fs::FileExt::read_exact_at(&self.file, buf, offset)
    }

    #[cfg(windows)]
    fn read_at(&self, offset: u64, buf: &mut [u8]) -> io::Result<()> {
        let mut done = 0;
        while done < buf.len() {
            let n = std::os::windows::fs::FileExt::seek_read(&self.file, &mut buf[done..], offset + done as u64)?;
            if n == 0 {
                return Err(io::ErrorKind::UnexpectedEof.into());
            }
            done += n;
        }
        Ok(())
    }
}

/// The built-in model that runs where none is named.
pub const DEMO: &str = "demo";

/// The built-in model of that name, unless a file has it.
fn built_in(path: &Path) -> Option<(&'static str, &'static [u8])> {
    DEMO_MODELS.into_iter().find(|(name, _)| path == Path::new(name)).filter(|_| !path.exists())
}

/// Whether a model is one of those built in, which are no Gemma.
pub fn is_demo(path: &Path) -> bool {
    built_in(path).is_some()
}

/// Opens a model: a GGUF file, a safetensors file, a folder, or a built-in demo model.
pub fn open_model(path: &Path) -> anyhow::Result<Rc<Weights>> {
    if let Some((name, bytes)) = built_in(path) {
        return Ok(Rc::new(open_gguf(Rc::new(MemorySource::new(format!("{name}.gguf"), bytes)))?));
    }
    let place = hub_cache::model_path(path);
    let path = place.as_path();
    if !path.exists()
        && let Some(why) = hub_cache::missing(path)
    {
        return Err(why);
    }
    let metadata = path.metadata().with_context(|| {
        format!("cannot find the model {} (give a GGUF file, a safetensors file or a folder)", path.display())
    })?;
    let weights = if metadata.is_dir() {
        open_folder(path)?
    } else if path.extension().is_some_and(|e| e == "safetensors") {
        open_safetensors(beside(path)?)?
    } else {
        open_gguf(Rc::new(FileSource::open(path)?))?
    };
    Ok(Rc::new(weights))
}

fn open_folder(folder: &Path) -> anyhow::Result<Weights> {
    let files = listing(folder)?;
    let has = |end: &str| files.iter().any(|f| f.extension().is_some_and(|e| e == end));
    if has("safetensors") {
        return Ok(open_safetensors(sources(&files)?)?);
    }
    let ggufs: Vec<&PathBuf> = files.iter().filter(|f| f.extension().is_some_and(|e| e == "gguf")).collect();
    match ggufs[..] {
        [only] => Ok(open_gguf(Rc::new(FileSource::open(only)?))?),
        [] => bail!("{} holds neither a .safetensors nor a .gguf file", folder.display()),
        _ => bail!("{} holds {} GGUF files: name one of them", folder.display(), ggufs.len()),
    }
}

/// A safetensors file with the configuration and tokenizer beside it.
fn beside(path: &Path) -> anyhow::Result<Vec<Rc<dyn Source>>> {
    let folder = path.parent().filter(|p| !p.as_os_str().is_empty()).unwrap_or(Path::new("."));
    let files = listing(folder)?;
    let same = path.file_name();
    let chosen: Vec<PathBuf> = files
        .into_iter()
        .filter(|f| f.extension().is_none_or(|e| e != "safetensors") || f.file_name() == same)
        .filter(|f| f.file_name().is_none_or(|n| n != "model.safetensors.index.json"))
        .collect();
    sources(&chosen)
}

/// Names that belong to a model folder; others are left alone.
fn belongs(path: &Path) -> bool {
    let name = path.file_name().unwrap_or_default().to_string_lossy();
    matches!(path.extension().and_then(|e| e.to_str()), Some("safetensors" | "gguf"))
        || ["config.json", "tokenizer.json", "tokenizer.model", "tokenizer_config.json", "chat_template.jinja"]
            .contains(&&*name)
        || name.ends_with(".safetensors.index.json")
}

fn listing(folder: &Path) -> anyhow::Result<Vec<PathBuf>> {
    let entries = std::fs::read_dir(folder).with_context(|| format!("cannot list {}", folder.display()))?;
    let mut files = entries
        .map(|entry| entry.map(|e| e.path()))
        .collect::<Result<Vec<_>, _>>()
        .with_context(|| format!("cannot list {}", folder.display()))?;
    files.retain(|path| belongs(path));
    files.sort();
    Ok(files)
}

fn sources(files: &[PathBuf]) -> anyhow::Result<Vec<Rc<dyn Source>>> {
    files.iter().map(|f| Ok(Rc::new(FileSource::open(f)?) as Rc<dyn Source>)).collect()
}
