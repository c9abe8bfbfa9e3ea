//! The honest GGUF that every test changes in one place.

use std::rc::Rc;

use testkit::gguf::{File, TINY};
use weights::{Error, MemorySource, Weights, open_gguf};

pub fn tiny() -> File {
    File::gemma(TINY, 8, 32, &[0x3c; 34])
}

pub fn open(bytes: Vec<u8>) -> Result<Weights, Error> {
    open_gguf(Rc::new(MemorySource::new("m.gguf", bytes)))
}

/// The honest file with one lie is refused with exactly this sentence.
pub fn check(lie: impl FnOnce(&mut File), sentence: &str) {
    let mut file = tiny();
    lie(&mut file);
    check_bytes(file.to_bytes(), sentence);
}

pub fn check_bytes(bytes: Vec<u8>, sentence: &str) {
    let error = open(bytes).map(|_| "opened").expect_err(sentence);
    assert_eq!(error.to_string(), sentence);
}

/// The honest file with one harmless change opens.
pub fn opens(change: impl FnOnce(&mut File)) -> Weights {
    let mut file = tiny();
    change(&mut file);
    open(file.to_bytes()).unwrap()
}

/// An array's element type, count and elements.
pub fn array(kind: u32, count: u64, elements: &[u8]) -> Vec<u8> {
    [kind.to_le_bytes().as_slice(), &count.to_le_bytes(), elements].concat()
}
