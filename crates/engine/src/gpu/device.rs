//! The one place that allocates, submits and maps; it counts what it does. No other file calls these of wgpu.

use std::cell::{Cell, RefCell};
use std::collections::{BTreeMap, HashMap};
use std::rc::Rc;
use std::sync::{Arc, Mutex, PoisonError};

use kernels::{Access, Compiler, Kernel, Precision, Reduce, Tier, Variant};
use serde::{Deserialize, Serialize};

use super::adapter;
use super::error::GpuError;

/// What a device is asked for.
#[derive(Clone, Copy, Debug, Default)]
pub struct GpuOptions {
    /// A tier that the device has, rather than the best one.
    pub tier: Option<Tier>,
    /// Largest binding in bytes, where less than the adapter's is wanted.
    pub max_binding_bytes: Option<u64>,
    /// Largest buffer in bytes, where less than the adapter's is wanted.
    pub max_buffer_bytes: Option<u64>,
    /// Whether a device that is the CPU in disguise will do.
    pub software: Software,
}

/// Whether a software device will do.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Software {
    /// It will not: the CPU backend is faster.
    #[default]
    Refused,
    /// It will, for tests.
    Allowed,
}

/// What the adapter says of itself, and what is made of it.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct GpuFacts {
    /// Name, such as `llvmpipe (LLVM 15.0.6, 256 bits)`.
    pub name: String,
    /// `vulkan`, `metal`, `dx12` or `webgpu`.
    pub backend: String,
    /// Driver and its version.
    pub driver: String,
    /// The tier in use.
    pub tier: Tier,
    /// Every tier that the adapter has.
    pub tiers: Vec<Tier>,
    /// Those of the adapter's features that matter here, by their names in WebGPU.
    pub features: Vec<String>,
    /// Smallest and largest subgroup.
    pub subgroup_sizes: (u32, u32),
    /// Largest storage binding in bytes.
    pub max_binding_bytes: u64,
    /// Largest buffer in bytes.
    pub max_buffer_bytes: u64,
    /// Most invocations of a workgroup.
    pub max_workgroup_invocations: u32,
    /// Most memory that a workgroup shares, in bytes.
    pub max_workgroup_bytes: u32,
    /// Whether it is the CPU in disguise.
    pub software: bool,
}

/// What was done since the device was opened.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Counters {
    /// Kernels run.
    pub dispatches: u64,
    /// Command buffers given to the device.
    pub submits: u64,
    /// Buffers made.
    pub buffers: u64,
    /// Their bytes.
    pub allocated_bytes: u64,
    /// Bytes read back.
    pub read_bytes: u64,
    /// Waits for the device: each reads one or more buffers back.
    pub reads: u64,
    /// Bind groups made.
    pub bind_groups: u64,
    /// Rows of batches made ready: tokens that are computed, but for those of chained steps.
    pub rows: u64,
}

/// A kernel made ready.
pub struct Pipeline {
    pipeline: wgpu::ComputePipeline,
    layout: wgpu::BindGroupLayout,
    label: &'static str,
}

struct Dispatch {
    pipeline: Rc<Pipeline>,
    group: wgpu::BindGroup,
    params_offset: u32,
    grid: [u32; 3],
}

/// Dispatches that are recorded before they are submitted by themselves.
const MOST_RECORDED: usize = 1_024;
/// Bytes from one dispatch's parameters to the next: the largest alignment that a device may ask for.
const PARAMS_STRIDE: usize = 256;

/// A device with its queue.
pub struct Device {
    device: wgpu::Device,
    queue: wgpu::Queue,
    facts: GpuFacts,
    fault: Arc<Mutex<Option<GpuError>>>,
    pipelines: RefCell<HashMap<(&'static str, Variant), Rc<Pipeline>>>,
    counters: Cell<Counters>,
    kernel_counts: RefCell<BTreeMap<&'static str, u64>>,
    params: wgpu::Buffer,
    recorded: RefCell<Vec<Dispatch>>,
    recorded_params: RefCell<Vec<u8>>,
    free: RefCell<HashMap<u64, Vec<wgpu::Buffer>>>,
    /// While a program is recorded: its parameters, and the buffers that others may be lent meanwhile.
    program: RefCell<Option<Recording>>,
}

/// A program while it is recorded: its parameters, and free buffers by their size in bytes.
type Recording = (wgpu::Buffer, HashMap<u64, Vec<wgpu::Buffer>>);

/// Dispatches that are recorded once and run many times: what differs from one time to the next lies in buffers.
pub struct Program {
    dispatches: Vec<Dispatch>,
    staging: wgpu::Buffer,
    /// Activations that its dispatches pass to one another, lent to nobody else.
    _activations: HashMap<u64, Vec<wgpu::Buffer>>,
}

impl Device {
    /// Opens the device that the system prefers.
    pub async fn open(options: GpuOptions) -> Result<Rc<Self>, GpuError> {
        let adapter = adapter::request().await?;
        let info = adapter::info(&adapter);
        let software = info.device_type == wgpu::DeviceType::Cpu;
        if software && options.software == Software::Refused {
            return Err(GpuError::OnlySoftware { name: info.name });
        }
        let has = adapter::features(&adapter);
        let tiers = tiers(has, info.subgroup_min_size);
        let best = tiers.last().copied().unwrap_or(Tier::ALL[0]);
        let tier = options.tier.unwrap_or(best);
        if !tiers.contains(&tier) {
            let has = tiers.iter().map(|t| t.name()).collect::<Vec<_>>().join(", ");
            return Err(GpuError::TierMissing { wanted: tier.name(), has });
        }
        let mut limits = adapter.limits();
        if let Some(most) = options.max_binding_bytes {
            limits.max_storage_buffer_binding_size = limits.max_storage_buffer_binding_size.min(most);
        }
        if let Some(most) = options.max_buffer_bytes {
            limits.max_buffer_size = limits.max_buffer_size.min(most);
        }
        let mut features = wgpu::Features::empty();
        features.set(wgpu::Features::SHADER_F16, tier.precision == Precision::F16);
        features.set(wgpu::Features::SUBGROUP, tier.reduce == Reduce::Subgroup);
        let (device, queue) = adapter::request_device(&adapter, features, limits.clone())
            .await
            .map_err(|why| GpuError::Refused { name: info.name.clone(), why })?;

        let fault = Arc::new(Mutex::new(None));
        keep_first_fault(&device, &fault);
        let params = params_buffer(&device);
        let facts = GpuFacts {
            name: info.name,
            backend: info.backend.to_string(),
            driver: format!("{} {}", info.driver, info.driver_info).trim().to_owned(),
            tier,
            tiers,
            features: NAMED.iter().filter(|(flag, _)| has.contains(*flag)).map(|(_, n)| (*n).to_owned()).collect(),
            subgroup_sizes: (info.subgroup_min_size, info.subgroup_max_size),
            max_binding_bytes: limits.max_storage_buffer_binding_size,
            max_buffer_bytes: limits.max_buffer_size,
            max_workgroup_invocations: limits.max_compute_invocations_per_workgroup,
            max_workgroup_bytes: limits.max_compute_workgroup_storage_size,
            software,
        };
        Ok(Rc::new(Self {
            device,
            queue,
            facts,
            fault,
            pipelines: RefCell::default(),
            counters: Cell::default(),
            kernel_counts: RefCell::default(),
            params,
            recorded: RefCell::default(),
            recorded_params: RefCell::default(),
            free: RefCell::default(),
            program: RefCell::default(),
        }))
    }

    /// What the device is.
    pub fn facts(&self) -> &GpuFacts {
        &self.facts
    }

    /// What was done so far.
    pub fn counters(&self) -> Counters {
        self.counters.get()
    }

    /// How often each kernel ran.
    pub fn kernel_counts(&self) -> BTreeMap<&'static str, u64> {
        self.kernel_counts.borrow().clone()
    }

    /// Counts rows of a batch.
    pub(super) fn count_rows(&self, n: usize) {
        self.count(|c| c.rows += n as u64);
    }

    fn count_dispatches(&self, dispatches: &[Dispatch], times: usize) {
        let mut counts = self.kernel_counts.borrow_mut();
        for dispatch in dispatches {
            *counts.entry(dispatch.pipeline.label).or_default() += times as u64;
        }
        self.count(|c| c.dispatches += (dispatches.len() * times) as u64);
    }

    fn count(&self, change: impl FnOnce(&mut Counters)) {
        let mut counters = self.counters.get();
        change(&mut counters);
        self.counters.set(counters);
    }

    /// The first thing that went wrong on the device, if anything has.
    pub fn check(&self) -> Result<(), GpuError> {
        self.fault.lock().unwrap_or_else(PoisonError::into_inner).clone().map_or(Ok(()), Err)
    }

    /// Forgets a fault that its caller has dealt with.
    pub(crate) fn forgive(&self) {
        self.fault.lock().unwrap_or_else(PoisonError::into_inner).take();
    }

    /// Largest piece of a matrix that one binding may hold.
    pub fn most_bytes(&self) -> u64 {
        self.facts.max_binding_bytes.min(self.facts.max_buffer_bytes)
    }

    /// A storage buffer of at least one word.
    pub fn storage(&self, label: &str, n_bytes: u64) -> Result<wgpu::Buffer, GpuError> {
        let size = n_bytes.max(16).next_multiple_of(4);
        if size > self.most_bytes() {
            return Err(GpuError::TooLarge { label: label.to_owned(), bytes: size, most: self.most_bytes() });
        }
        self.count(|c| {
            c.buffers += 1;
            c.allocated_bytes += size;
        });
        let usage = wgpu::BufferUsages::STORAGE | wgpu::BufferUsages::COPY_SRC | wgpu::BufferUsages::COPY_DST;
        let descriptor = wgpu::BufferDescriptor { label: Some(label), size, usage, mapped_at_creation: false };
        Ok(self.device.create_buffer(&descriptor))
    }

    /// A storage buffer with these words in it.
    pub fn upload(&self, label: &str, words: &[u32]) -> Result<wgpu::Buffer, GpuError> {
        let buffer = self.storage(label, words.len() as u64 * 4)?;
        self.write(&buffer, 0, words);
        Ok(buffer)
    }

    /// Writes words into a buffer, before everything that is submitted later.
    pub fn write(&self, buffer: &wgpu::Buffer, offset_bytes: u64, words: &[u32]) {
        self.queue.write_buffer(buffer, offset_bytes, &le_bytes(words));
    }

    /// A buffer for activations, which goes back to be used again when it is dropped. What it holds is undefined.
    pub fn lease(self: &Rc<Self>, n_bytes: u64) -> Result<Lease, GpuError> {
        let size = n_bytes.max(16).next_multiple_of(256);
        let known = self.free.borrow_mut().get_mut(&size).and_then(Vec::pop);
        let buffer = match known {
            Some(buffer) => buffer,
            None => self.storage("activations", size)?,
        };
        Ok(Lease { buffer, device: Rc::clone(self) })
    }

    /// A kernel made ready, once for each composition.
    pub fn pipeline(&self, kernel: &'static Kernel, variant: &Variant) -> Rc<Pipeline> {
        let key = (kernel.name, variant.clone());
        if let Some(known) = self.pipelines.borrow().get(&key) {
            return Rc::clone(known);
        }
        let compiler = if cfg!(target_arch = "wasm32") { Compiler::Browser } else { Compiler::Naga };
        let module = self.device.create_shader_module(wgpu::ShaderModuleDescriptor {
            label: Some(kernel.name),
            source: wgpu::ShaderSource::Wgsl(kernel.source(variant, compiler).into()),
        });
        let layout = self.device.create_bind_group_layout(&wgpu::BindGroupLayoutDescriptor {
            label: Some(kernel.name),
            entries: &layout_entries(kernel),
        });
        let pipeline_layout = self.device.create_pipeline_layout(&wgpu::PipelineLayoutDescriptor {
            label: Some(kernel.name),
            bind_group_layouts: &[Some(&layout)],
            immediate_size: 0,
        });
        let constants: Vec<(&str, f64)> = variant.overrides.iter().map(|(&n, &v)| (n, f64::from(v))).collect();
        let pipeline = self.device.create_compute_pipeline(&wgpu::ComputePipelineDescriptor {
            label: Some(kernel.name),
            layout: Some(&pipeline_layout),
            module: &module,
            entry_point: Some(kernel.name),
            compilation_options: wgpu::PipelineCompilationOptions {
                constants: &constants,
                // No kernel reads what it has not written, and zeros would cost each one a barrier.
                zero_initialize_workgroup_memory: false,
            },
            cache: None,
        });
        let made = Rc::new(Pipeline { pipeline, layout, label: kernel.name });
        self.pipelines.borrow_mut().insert(key, Rc::clone(&made));
        made
    }

    /// Appends a dispatch to the list.
    pub fn record(&self, pipeline: &Rc<Pipeline>, params: &[u32], buffers: &[&wgpu::Buffer], grid: [u32; 3]) {
        if grid.contains(&0) {
            return;
        }
        if self.recorded.borrow().len() == MOST_RECORDED {
            if self.program.borrow().is_some() {
                let why = format!("a program of more than {MOST_RECORDED} dispatches");
                self.fault.lock().unwrap_or_else(PoisonError::into_inner).get_or_insert(GpuError::Invalid { why });
                return;
            }
            self.submit();
        }
        let params_bytes = le_bytes(params);
        let program = self.program.borrow();
        let params_buffer = program.as_ref().map_or(&self.params, |(params, _)| params);
        let mut entries = vec![wgpu::BindGroupEntry {
            binding: 0,
            resource: wgpu::BindingResource::Buffer(wgpu::BufferBinding {
                buffer: params_buffer,
                offset: 0,
                size: std::num::NonZeroU64::new(params_bytes.len() as u64),
            }),
        }];
        entries.extend(
            (1..)
                .zip(buffers)
                .map(|(binding, buffer)| wgpu::BindGroupEntry { binding, resource: buffer.as_entire_binding() }),
        );
        let group = self.device.create_bind_group(&wgpu::BindGroupDescriptor {
            label: Some(pipeline.label),
            layout: &pipeline.layout,
            entries: &entries,
        });
        self.count(|c| c.bind_groups += 1);
        let mut all = self.recorded_params.borrow_mut();
        let params_offset = all.len() as u32;
        all.extend(params_bytes);
        let padded = all.len().next_multiple_of(PARAMS_STRIDE);
        all.resize(padded, 0);
        self.recorded.borrow_mut().push(Dispatch { pipeline: Rc::clone(pipeline), group, params_offset, grid });
    }

    /// Gives the list to the device.
    pub fn submit(&self) {
        let encoder = self.encode();
        self.finish(encoder);
    }

    /// Begins a program: what is recorded until [`Self::end_program`] is not run but kept.
    pub fn begin_program(&self) {
        self.submit();
        let others = self.free.take();
        *self.program.borrow_mut() = Some((params_buffer(&self.device), others));
    }

    /// The program that was recorded, whose runs give up to `n_words` words; nothing if none was begun.
    pub fn end_program(&self, n_words: usize) -> Option<Program> {
        let (params, others) = self.program.take()?;
        let dispatches = self.recorded.take();
        let words = self.recorded_params.take();
        if !words.is_empty() {
            self.queue.write_buffer(&params, 0, &words);
        }
        let activations = self.free.replace(others);
        Some(Program { dispatches, staging: self.staging(n_words), _activations: activations })
    }

    /// Runs a program a number of times in one submission and waits for the first words of a buffer. Makes nothing.
    pub async fn run_program(
        &self,
        program: &Program,
        times: usize,
        buffer: &wgpu::Buffer,
        n_words: usize,
    ) -> Result<Vec<u32>, GpuError> {
        let mut encoder = self.encode();
        {
            let mut pass = encoder.begin_compute_pass(&wgpu::ComputePassDescriptor::default());
            for _ in 0..times {
                replay(&mut pass, &program.dispatches);
            }
        }
        self.count_dispatches(&program.dispatches, times);
        self.wait(encoder, &program.staging, &[(buffer, n_words)]).await
    }

    fn encode(&self) -> wgpu::CommandEncoder {
        let dispatches = self.recorded.take();
        let params = self.recorded_params.take();
        if !params.is_empty() {
            self.queue.write_buffer(&self.params, 0, &params);
        }
        let mut encoder = self.device.create_command_encoder(&wgpu::CommandEncoderDescriptor::default());
        if !dispatches.is_empty() {
            let mut pass = encoder.begin_compute_pass(&wgpu::ComputePassDescriptor::default());
            replay(&mut pass, &dispatches);
        }
        self.count_dispatches(&dispatches, 1);
        encoder
    }

    fn finish(&self, encoder: wgpu::CommandEncoder) {
        self.queue.submit([encoder.finish()]);
        self.count(|c| c.submits += 1);
    }

    /// Submits the list and waits for the first `n_words` of a buffer.
    pub async fn read(&self, buffer: &wgpu::Buffer, n_words: usize) -> Result<Vec<u32>, GpuError> {
        self.read_all(&[(buffer, n_words)]).await
    }

    /// Submits the list and waits for the first words of several buffers, one after another.
    pub async fn read_all(&self, parts: &[(&wgpu::Buffer, usize)]) -> Result<Vec<u32>, GpuError> {
        let staging = self.staging(parts.iter().map(|(_, n)| n).sum());
        let encoder = self.encode();
        self.wait(encoder, &staging, parts).await
    }

    /// A buffer that the host can read.
    fn staging(&self, n_words: usize) -> wgpu::Buffer {
        let size = (n_words as u64 * 4).max(4);
        self.count(|c| {
            c.buffers += 1;
            c.allocated_bytes += size;
        });
        self.device.create_buffer(&wgpu::BufferDescriptor {
            label: Some("read"),
            size,
            usage: wgpu::BufferUsages::MAP_READ | wgpu::BufferUsages::COPY_DST,
            mapped_at_creation: false,
        })
    }

    async fn wait(
        &self,
        mut encoder: wgpu::CommandEncoder,
        staging: &wgpu::Buffer,
        parts: &[(&wgpu::Buffer, usize)],
    ) -> Result<Vec<u32>, GpuError> {
        let mut n_bytes = 0;
        for (buffer, n_words) in parts {
            let len = *n_words as u64 * 4;
            encoder.copy_buffer_to_buffer(buffer, 0, staging, n_bytes, len);
            n_bytes += len;
        }
        self.finish(encoder);
        self.count(|c| {
            c.reads += 1;
            c.read_bytes += n_bytes;
        });
        let (done, wait) = futures_channel::oneshot::channel();
        staging.map_async(wgpu::MapMode::Read, ..n_bytes.max(4), move |outcome| {
            // Nobody listens any more when the caller has gone: nothing to do then.
            let _ = done.send(outcome.map_err(|e| e.to_string()));
        });
        // A browser runs the callback by itself; a native device has to be waited for.
        let polled = self.device.poll(wgpu::PollType::wait_indefinitely());
        self.check()?;
        polled.map_err(|e| GpuError::Lost { why: e.to_string() })?;
        wait.await
            .unwrap_or_else(|_| Err("the device was dropped".to_owned()))
            .map_err(|why| GpuError::Lost { why })?;
        let words = {
            let view = staging.get_mapped_range(..n_bytes.max(4)).map_err(|e| GpuError::Lost { why: e.to_string() })?;
            let words = view.as_chunks::<4>().0.iter().map(|b| u32::from_le_bytes(*b));
            words.take((n_bytes / 4) as usize).collect()
        };
        staging.unmap();
        self.check()?;
        Ok(words)
    }
}

/// Runs dispatches in a pass.
fn replay(pass: &mut wgpu::ComputePass<'_>, dispatches: &[Dispatch]) {
    for dispatch in dispatches {
        pass.set_pipeline(&dispatch.pipeline.pipeline);
        pass.set_bind_group(0, &dispatch.group, &[dispatch.params_offset]);
        let [x, y, z] = dispatch.grid;
        pass.dispatch_workgroups(x, y, z);
    }
}

/// Parameters of as many dispatches as one submission has at most.
fn params_buffer(device: &wgpu::Device) -> wgpu::Buffer {
    device.create_buffer(&wgpu::BufferDescriptor {
        label: Some("params"),
        size: (MOST_RECORDED * PARAMS_STRIDE) as u64,
        usage: wgpu::BufferUsages::UNIFORM | wgpu::BufferUsages::COPY_DST,
        mapped_at_creation: false,
    })
}

/// A buffer that is lent.
pub struct Lease {
    buffer: wgpu::Buffer,
    device: Rc<Device>,
}

impl std::ops::Deref for Lease {
    type Target = wgpu::Buffer;

    fn deref(&self) -> &wgpu::Buffer {
        &self.buffer
    }
}

impl Drop for Lease {
    fn drop(&mut self) {
        let mut free = self.device.free.borrow_mut();
        free.entry(self.buffer.size()).or_default().push(self.buffer.clone());
    }
}

/// Features that a reader of a report wants to know of.
const NAMED: [(wgpu::Features, &str); 3] = [
    (wgpu::Features::SHADER_F16, "shader-f16"),
    (wgpu::Features::SUBGROUP, "subgroups"),
    (wgpu::Features::TIMESTAMP_QUERY, "timestamp-query"),
];

/// Tiers that a device has, the best last. Sums over subgroups need at least four lanes.
fn tiers(features: wgpu::Features, subgroup_min_size: u32) -> Vec<Tier> {
    let has = |tier: &Tier| {
        let subgroups = features.contains(wgpu::Features::SUBGROUP) && subgroup_min_size >= 4;
        let f16 = features.contains(wgpu::Features::SHADER_F16);
        (tier.reduce == Reduce::Workgroup || subgroups) && (tier.precision == Precision::F32 || f16)
    };
    Tier::ALL.into_iter().filter(has).collect()
}

fn keep_first_fault(device: &wgpu::Device, fault: &Arc<Mutex<Option<GpuError>>>) {
    let keep = |fault: &Mutex<Option<GpuError>>, error: GpuError| {
        fault.lock().unwrap_or_else(PoisonError::into_inner).get_or_insert(error);
    };
    let first = Arc::clone(fault);
    device.on_uncaptured_error(Arc::new(move |error| {
        let error = match error {
            wgpu::Error::OutOfMemory { .. } => GpuError::OutOfMemory,
            wgpu::Error::Validation { description, .. } => GpuError::Invalid { why: description },
            wgpu::Error::Internal { description, .. } => GpuError::Internal { why: description },
        };
        keep(&first, error);
    }));
    let first = Arc::clone(fault);
    device.set_device_lost_callback(move |reason, message| {
        // A device that we drop is "destroyed", which is no fault.
        if reason != wgpu::DeviceLostReason::Destroyed {
            keep(&first, GpuError::Lost { why: message });
        }
    });
}

fn layout_entries(kernel: &Kernel) -> Vec<wgpu::BindGroupLayoutEntry> {
    let entry = |binding, ty, has_dynamic_offset| wgpu::BindGroupLayoutEntry {
        binding,
        visibility: wgpu::ShaderStages::COMPUTE,
        ty: wgpu::BindingType::Buffer { ty, has_dynamic_offset, min_binding_size: None },
        count: None,
    };
    let params = entry(0, wgpu::BufferBindingType::Uniform, true);
    let storage = (1..).zip(kernel.bindings).map(|(binding, row)| {
        let read_only = row.access == Access::Read;
        entry(binding, wgpu::BufferBindingType::Storage { read_only }, false)
    });
    std::iter::once(params).chain(storage).collect()
}

fn le_bytes(words: &[u32]) -> Vec<u8> {
    words.iter().flat_map(|w| w.to_le_bytes()).collect()
}
