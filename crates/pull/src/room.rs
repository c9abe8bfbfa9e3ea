//! Whether a download fits.

use crate::Error;

/// Bytes that a download leaves free: a full disk harms every other program.
pub const RESERVE: u64 = 64 << 20;

/// Whether `needed` more bytes fit into `available`; what is not known is not refused.
pub fn fits(needed: u64, available: Option<u64>) -> Result<(), Error> {
    match available {
        Some(available) if needed > 0 && needed.saturating_add(RESERVE) > available => {
            Err(Error::NoRoom { needed, available })
        }
        _ => Ok(()),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_download_leaves_a_reserve() {
        assert!(fits(1, None).is_ok() && fits(0, Some(0)).is_ok());
        assert!(fits(100, Some(100 + RESERVE)).is_ok());
        assert!(fits(101, Some(100 + RESERVE)).is_err());
        let error = fits(u64::MAX, Some(5 << 20)).unwrap_err().to_string();
        assert!(error.contains("5 MiB"), "{error}");
    }
}
