//! Every kernel, on a real device, against the function that defines it; and the same bits when run again.

mod common;

use engine::gpu::{Breadth, parity};

#[test]
fn every_kernel_equals_its_definition_in_every_tier() {
    let Some(tiers) = common::gpu_tiers() else { return };
    for tier in tiers {
        let Some(device) = common::gpu(tier) else { return };
        let findings =
            pollster::block_on(parity(&device, None, Breadth::Every, &mut |_| ())).unwrap_or_else(|e| panic!("{e}"));
        let failed: Vec<String> = findings
            .iter()
            .filter(|f| !f.passed())
            .map(|f| format!("{}, {}: {:.2e} above {:.2e} ({})", f.kernel, f.what, f.max_abs, f.bound, f.reason))
            .collect();
        eprintln!("{}: {} compositions", tier.name(), findings.len());
        assert!(failed.is_empty(), "{}, {} of {}:\n{}", tier.name(), failed.len(), findings.len(), failed.join("\n"));
    }
}
