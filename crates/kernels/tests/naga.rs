//! Every kernel in every composition: parses, validates with the declared capabilities only, is what its row says, and
//! becomes SPIR-V, Metal and DirectX shaders.

use std::collections::BTreeSet;

use kernels::{Access, Compiler, KERNELS, Kernel, Precision, Product, Tier, Variant};
use naga::valid::{Capabilities, ModuleInfo, ValidationFlags, Validator};
use naga::{AddressSpace, Module, ShaderStage, StorageAccess, TypeInner};

/// A composition as naga reads it.
fn validated(kernel: &Kernel, variant: &Variant) -> (Module, ModuleInfo) {
    let text = kernel.source(variant, Compiler::Naga);
    let place = format!("{}, {}", kernel.name, variant.label());
    let module = naga::front::wgsl::parse_str(&text).unwrap_or_else(|e| panic!("{place}: {}", e.emit_to_string(&text)));
    // `unpack2x16float`: part of every WebGPU.
    let mut capabilities = Capabilities::SHADER_FLOAT16_IN_FLOAT32;
    capabilities.set(Capabilities::SHADER_FLOAT16, variant.precision == Some(Precision::F16));
    capabilities.set(Capabilities::SUBGROUP, variant.needs_subgroups());
    let info = Validator::new(ValidationFlags::all(), capabilities)
        .validate(&module)
        .unwrap_or_else(|e| panic!("{place}: {}", e.emit_to_string(&text)));
    (module, info)
}

/// Every kernel in every composition of every tier.
fn all() -> impl Iterator<Item = (&'static Kernel, Variant)> {
    KERNELS.iter().flat_map(|kernel| {
        let mut variants: Vec<Variant> = Vec::new();
        for variant in Tier::ALL.iter().flat_map(|&tier| kernel.variants(tier)) {
            if !variants.contains(&variant) {
                variants.push(variant);
            }
        }
        variants.into_iter().map(|v| (*kernel, v))
    })
}

#[test]
fn every_kernel_is_what_its_row_says() {
    for (kernel, variant) in all() {
        let (module, _) = validated(kernel, &variant);
        let place = format!("{}, {}", kernel.name, variant.label());
        let entries: Vec<&str> = module.entry_points.iter().map(|e| e.name.as_str()).collect();
        assert_eq!(entries, [kernel.name], "{place}");

        let mut found = vec![None; kernel.bindings.len() + 1];
        for (_, variable) in module.global_variables.iter() {
            let Some(binding) = &variable.binding else {
                assert_eq!(variable.space, AddressSpace::WorkGroup, "{place}: {:?}", variable.name);
                continue;
            };
            assert_eq!(binding.group, 0, "{place}");
            let name = variable.name.clone().unwrap_or_default();
            found[binding.binding as usize] = Some((name, variable.space, variable.ty));
        }
        for (at, slot) in found.iter().enumerate() {
            let (name, space, ty) = slot.as_ref().unwrap_or_else(|| panic!("{place}: nothing at binding {at}"));
            if at == 0 {
                assert_eq!((name.as_str(), *space), ("params", AddressSpace::Uniform), "{place}");
                check_params(kernel, &module.types[*ty].inner, &place);
                continue;
            }
            let row = kernel.bindings[at - 1];
            let access = match row.access {
                Access::Read => StorageAccess::LOAD,
                Access::Write => StorageAccess::LOAD | StorageAccess::STORE,
            };
            assert_eq!((name.as_str(), *space), (row.name, AddressSpace::Storage { access }), "{place}");
        }

        let overrides: BTreeSet<String> = module.overrides.iter().filter_map(|(_, o)| o.name.clone()).collect();
        let spread = (variant.product == Some(Product::Spread)).then_some("SPREAD");
        let expected = kernel.overrides.iter().copied().chain(spread).map(str::to_owned).collect();
        assert_eq!(overrides, expected, "{place}");
    }
}

/// Fields are words one after another, and the whole is a multiple of 16 bytes, as the row's `words()` are.
fn check_params(kernel: &Kernel, ty: &TypeInner, place: &str) {
    let TypeInner::Struct { members, span } = ty else { panic!("{place}: params is no struct") };
    let named: Vec<(&str, u32)> = members
        .iter()
        .map(|m| (m.name.as_deref().unwrap_or_default(), m.offset))
        .filter(|(name, _)| !name.starts_with('_'))
        .collect();
    let expected: Vec<(&str, u32)> = kernel.params.iter().copied().zip((0..).step_by(4)).collect();
    assert_eq!(named, expected, "{place}");
    for case in all_cases(kernel) {
        let bytes = case.params.len() as u32 * 4;
        assert!(bytes.is_multiple_of(16) && bytes >= *span, "{place}: {bytes} bytes of parameters for {span}");
    }
}

fn all_cases(kernel: &Kernel) -> Vec<kernels::Case> {
    (kernel.cases)(&kernel.variants(Tier::ALL[0])[0])
}

#[test]
fn every_case_has_a_buffer_for_each_binding_and_a_tolerance_with_a_reason() {
    for (kernel, variant) in all() {
        let cases = (kernel.cases)(&variant);
        assert!(!cases.is_empty(), "{}", kernel.name);
        for case in cases {
            assert_eq!(case.buffers.len(), kernel.bindings.len(), "{}: {}", kernel.name, case.what);
            assert!(case.tolerance.is_finite() && !case.reason.is_empty(), "{}: {}", kernel.name, case.what);
            for (buffer, binding) in case.buffers.iter().zip(kernel.bindings) {
                let is_output = buffer.role == kernels::Role::Output;
                assert_eq!(is_output, binding.access == Access::Write, "{}: {}", kernel.name, binding.name);
                assert!(!buffer.words.is_empty(), "{}: {} is empty", kernel.name, binding.name);
            }
        }
    }
}

#[test]
fn every_kernel_becomes_spir_v_metal_and_directx() {
    for (kernel, variant) in all() {
        let place = format!("{}, {}", kernel.name, variant.label());
        let (module, info) = validated(kernel, &variant);
        // Numbers are given, as an engine does: naga orders expressions anew for them.
        let given = |&name: &&str| (name.to_owned(), if name == "NORMED" { 160.0 } else { 4.0 });
        let spread = (variant.product == Some(Product::Spread)).then_some(&"SPREAD");
        let numbers: naga::back::PipelineConstants = kernel.overrides.iter().chain(spread).map(given).collect();
        let entry = (ShaderStage::Compute, kernel.name);
        let (module, info) = naga::back::pipeline_constants::process_overrides(&module, &info, Some(entry), &numbers)
            .unwrap_or_else(|e| panic!("{place}: {e}"));

        let entry = naga::back::spv::PipelineOptions {
            shader_stage: ShaderStage::Compute,
            entry_point: kernel.name.to_owned(),
        };
        // Subgroups need SPIR-V 1.3.
        let options = naga::back::spv::Options { lang_version: (1, 3), ..Default::default() };
        naga::back::spv::write_vec(&module, &info, &options, Some(&entry)).unwrap_or_else(|e| panic!("{place}: {e}"));

        let entry = Some((ShaderStage::Compute, kernel.name.to_owned()));
        let options =
            naga::back::msl::Options { lang_version: (2, 4), fake_missing_bindings: true, ..Default::default() };
        let pipeline = naga::back::msl::PipelineOptions { entry_point: entry.clone(), ..Default::default() };
        naga::back::msl::write_string(&module, &info, &options, &pipeline).unwrap_or_else(|e| panic!("{place}: {e}"));

        // f16 needs shader model 6.2.
        let options = naga::back::hlsl::Options {
            shader_model: naga::back::hlsl::ShaderModel::V6_2,
            fake_missing_bindings: true,
            ..Default::default()
        };
        let pipeline = naga::back::hlsl::PipelineOptions { entry_point: entry };
        let mut text = String::new();
        naga::back::hlsl::Writer::new(&mut text, &options, &pipeline)
            .write(&module, &info, None)
            .unwrap_or_else(|e| panic!("{place}: {e}"));
    }
}

#[test]
fn every_file_in_shaders_is_used() {
    let root = concat!(env!("CARGO_MANIFEST_DIR"), "/../../shaders");
    let used: Vec<String> = all().map(|(kernel, variant)| kernel.source(&variant, Compiler::Naga)).collect();
    let mut n_files = 0;
    for folder in ["", "weight", "reduce", "norm", "product", "precision"] {
        for entry in std::fs::read_dir(format!("{root}/{folder}")).unwrap() {
            let path = entry.unwrap().path();
            if path.extension().is_some_and(|e| e == "wgsl") {
                let text = std::fs::read_to_string(&path).unwrap();
                assert!(used.iter().any(|source| source.contains(&text)), "{} is not used", path.display());
                n_files += 1;
            }
        }
    }
    assert!(n_files > KERNELS.len(), "{n_files} files");
}
