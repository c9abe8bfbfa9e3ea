//! Steps, times and sizes in words.

use crate::message::Stage;

/// What happens in a step before the first item.
pub fn stage_words(stage: Option<Stage>) -> &'static str {
    match stage {
        None => "Starting the worker.",
        Some(Stage::Read) => "Reading and hashing the model.",
        Some(Stage::SelfTest) => "Self-test: a frozen model against its goldens.",
        Some(Stage::Reference) => "Computing the exact reference of this model, on the CPU.",
        Some(Stage::Load) => "Loading the model onto the device.",
        Some(Stage::Compare) => "Comparing the golden prompts with the reference.",
        Some(Stage::Time) => "Timing a few prompts.",
    }
}

/// A time for people: `40 s`, `3 min`, `1 h 20 min`.
pub fn time_words(seconds: f64) -> String {
    if seconds < 90.0 {
        return format!("{} s", seconds.ceil().max(1.0));
    }
    let minutes = (seconds / 60.0).round() as u64;
    match (minutes / 60, minutes % 60) {
        (0, minutes) => format!("{minutes} min"),
        (hours, 0) => format!("{hours} h"),
        (hours, minutes) => format!("{hours} h {minutes} min"),
    }
}

/// Bytes for people, in powers of 1,024.
pub fn bytes_words(bytes: f64) -> String {
    let (kib, mib) = (bytes / 1024.0, bytes / f64::from(1 << 20));
    if mib >= 1024.0 {
        format!("{:.1} GiB", mib / 1024.0)
    } else if mib >= 1.0 {
        format!("{mib:.1} MiB")
    } else {
        format!("{kib:.0} KiB")
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn times_and_bytes_are_for_people() {
        assert_eq!([5.2, 89.0, 120.0, 3_600.0, 4_800.0].map(time_words), ["6 s", "89 s", "2 min", "1 h", "1 h 20 min"]);
        assert_eq!([512.0, 4.0 * 1_048_576.0, 3.0 * 1_073_741_824.0].map(bytes_words), ["0 KiB", "4.0 MiB", "3.0 GiB"]);
    }
}
