//! Model files of tests, read whole: they are small, or the test says otherwise.

use std::cell::RefCell;
use std::io::{Read, Seek, SeekFrom};
use std::path::Path;
use std::rc::Rc;

use weights::{Source, Weights, open_gguf, open_safetensors};

/// A file read at offsets.
struct TestFile {
    name: String,
    file: RefCell<std::fs::File>,
    len: u64,
}

impl Source for TestFile {
    fn name(&self) -> &str {
        &self.name
    }

    fn len_bytes(&self) -> u64 {
        self.len
    }

    fn read_at(&self, offset: u64, buf: &mut [u8]) -> std::io::Result<()> {
        let mut file = self.file.borrow_mut();
        file.seek(SeekFrom::Start(offset))?;
        file.read_exact(buf)
    }
}

/// Opens a model file or folder.
///
/// # Panics
/// If it cannot be read.
pub fn open(path: &Path) -> Result<Rc<Weights>, weights::Error> {
    if path.is_dir() {
        let mut files: Vec<_> =
            std::fs::read_dir(path).expect("a readable folder").map(|e| e.expect("an entry").path()).collect();
        files.sort();
        return Ok(Rc::new(open_safetensors(files.iter().filter(|p| p.is_file()).map(|p| source(p)).collect())?));
    }
    Ok(Rc::new(open_gguf(source(path))?))
}

fn source(path: &Path) -> Rc<dyn Source> {
    let file = std::fs::File::open(path).unwrap_or_else(|e| panic!("{}: {e}", path.display()));
    let len = file.metadata().expect("a file's length").len();
    let name = path.file_name().expect("a file name").to_string_lossy().into_owned();
    Rc::new(TestFile { name, file: RefCell::new(file), len })
}
