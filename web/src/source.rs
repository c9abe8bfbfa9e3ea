//! A file that the user chose, as a source of bytes: read by range, inside a worker only.

use std::io;
use std::rc::Rc;

use weights::{Source, Weights, open_gguf, open_safetensors};

/// A chosen file.
pub struct BrowserFile {
    name: String,
    file: web_sys::File,
}

impl BrowserFile {
    /// Takes a handle.
    pub fn new(file: web_sys::File) -> Self {
        Self { name: file.name(), file }
    }

    /// Reads it whole.
    pub fn read(&self) -> io::Result<Vec<u8>> {
        let mut bytes = vec![0; self.len_bytes() as usize];
        self.read_at(0, &mut bytes)?;
        Ok(bytes)
    }
}

impl Source for BrowserFile {
    fn name(&self) -> &str {
        &self.name
    }

    fn len_bytes(&self) -> u64 {
        self.file.size() as u64
    }

    fn read_at(&self, offset: u64, buf: &mut [u8]) -> io::Result<()> {
        let failed = |e: wasm_bindgen::JsValue| io::Error::other(format!("{}: {e:?}", self.name));
        let end = offset as f64 + buf.len() as f64;
        let part = self.file.slice_with_f64_and_f64(offset as f64, end).map_err(failed)?;
        // Waits, which only a worker may.
        let bytes = web_sys::FileReaderSync::new().and_then(|r| r.read_as_array_buffer(&part)).map_err(failed)?;
        let bytes = js_sys::Uint8Array::new(&bytes);
        if bytes.length() as usize != buf.len() {
            return Err(io::ErrorKind::UnexpectedEof.into());
        }
        bytes.copy_to(buf);
        Ok(())
    }
}

/// Opens a model from its files: one GGUF file, or what a Hugging Face folder holds.
pub fn open_model(files: Vec<web_sys::File>) -> Result<Rc<Weights>, weights::Error> {
    let mut files: Vec<Rc<dyn Source>> =
        files.into_iter().map(|f| Rc::new(BrowserFile::new(f)) as Rc<dyn Source>).collect();
    let gguf = files.iter().position(|f| f.name().to_lowercase().ends_with(".gguf"));
    let weights = match gguf {
        Some(at) => open_gguf(files.swap_remove(at))?,
        None => open_safetensors(files)?,
    };
    Ok(Rc::new(weights))
}
