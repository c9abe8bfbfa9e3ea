//! Memory and energy, as far as the operating system tells.

use std::path::{Path, PathBuf};

/// The largest resident memory that this process has had, bytes; nothing where the system keeps no such mark.
pub fn peak_memory_bytes() -> Option<u64> {
    high_water_mark(&std::fs::read_to_string("/proc/self/status").ok()?)
}

/// `VmHWM` of Linux's /proc/self/status, bytes (the manual page of proc, part 5: in kB, which are KiB).
fn high_water_mark(status: &str) -> Option<u64> {
    let line = status.lines().find_map(|line| line.strip_prefix("VmHWM:"))?;
    line.trim().strip_suffix("kB")?.trim().parse::<u64>().ok().map(|kib| kib << 10)
}

/// `mains` or `battery`, as Linux tells of its power supplies (Documentation/ABI/testing/sysfs-class-power).
pub fn power() -> Option<String> {
    power_of(Path::new("/sys/class/power_supply"))
}

fn power_of(folder: &Path) -> Option<String> {
    let supplies: Vec<PathBuf> = std::fs::read_dir(folder).ok()?.filter_map(|e| Some(e.ok()?.path())).collect();
    let says = |name: &str, value: &str| {
        supplies.iter().any(|s| std::fs::read_to_string(s.join(name)).is_ok_and(|text| text.trim() == value))
    };
    let found = match (says("status", "Discharging"), says("online", "1")) {
        (true, _) => "battery",
        (false, true) => "mains",
        (false, false) => return None,
    };
    Some(found.to_owned())
}

/// The energy counters of the processor packages, read at a beginning.
pub struct Energy {
    packages: Vec<(PathBuf, u64)>,
}

impl Energy {
    /// Linux's power capping interface (Documentation/power/powercap); nothing where it is absent or not readable, as
    /// it is for most users.
    pub fn begin() -> Option<Self> {
        Self::of(Path::new("/sys/class/powercap"))
    }

    fn of(folder: &Path) -> Option<Self> {
        let packages: Vec<(PathBuf, u64)> = std::fs::read_dir(folder)
            .ok()?
            .filter_map(|entry| Some(entry.ok()?.path()))
            .filter(|path| std::fs::read_to_string(path.join("name")).is_ok_and(|n| n.starts_with("package")))
            .filter_map(|path| number(&path.join("energy_uj")).map(|at| (path, at)))
            .collect();
        (!packages.is_empty()).then_some(Self { packages })
    }

    /// Joules since the beginning, over all packages. The counters wrap, once at most in any but the longest run.
    pub fn joules(self) -> Option<f64> {
        let mut micro = 0;
        for (path, before) in self.packages {
            let now = number(&path.join("energy_uj"))?;
            micro += match now.checked_sub(before) {
                Some(used) => used,
                None => now + number(&path.join("max_energy_range_uj"))?.checked_sub(before)?,
            };
        }
        Some(micro as f64 / 1e6)
    }
}

fn number(path: &Path) -> Option<u64> {
    std::fs::read_to_string(path).ok()?.trim().parse().ok()
}

#[cfg(test)]
mod tests {
    use super::{Energy, high_water_mark, power_of};

    #[test]
    fn the_mark_is_read_in_bytes() {
        assert_eq!(high_water_mark("Name:\tx\nVmPeak:\t 9 kB\nVmHWM:\t    1024 kB\nVmRSS:\t 3 kB\n"), Some(1 << 20));
        assert_eq!(high_water_mark("VmHWM: many kB"), None);
        assert_eq!(high_water_mark(""), None);
    }

    #[test]
    fn a_laptop_on_its_battery_says_so() {
        let folder = tempfile::tempdir().unwrap();
        assert_eq!(power_of(folder.path()), None);
        let write = |name: &str, text: &str| {
            let path = folder.path().join(name);
            std::fs::create_dir_all(path.parent().unwrap()).unwrap();
            std::fs::write(path, text).unwrap();
        };
        write("AC/online", "1\n");
        assert_eq!(power_of(folder.path()).as_deref(), Some("mains"));
        write("BAT0/status", "Charging\n");
        assert_eq!(power_of(folder.path()).as_deref(), Some("mains"));
        write("BAT0/status", "Discharging\n");
        assert_eq!(power_of(folder.path()).as_deref(), Some("battery"));
    }

    #[test]
    fn packages_are_summed_and_a_wrapped_counter_goes_on() {
        let folder = tempfile::tempdir().unwrap();
        let write = |zone: &str, name: &str, energy: &str| {
            let path = folder.path().join(zone);
            std::fs::create_dir_all(&path).unwrap();
            std::fs::write(path.join("name"), name).unwrap();
            std::fs::write(path.join("energy_uj"), energy).unwrap();
            std::fs::write(path.join("max_energy_range_uj"), "10000000\n").unwrap();
        };
        assert!(Energy::of(folder.path()).is_none());
        write("a", "package-0\n", "1000000\n");
        write("b", "package-1\n", "9000000\n");
        write("c", "core\n", "5\n");
        let energy = Energy::of(folder.path()).unwrap();
        write("a", "package-0\n", "3500000\n");
        write("b", "package-1\n", "500000\n");
        write("c", "core\n", "500\n");
        assert_eq!(energy.joules(), Some(2.5 + 1.5));
    }
}
