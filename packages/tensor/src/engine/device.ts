/**
 * What an engine in Node can compute on: `cpu` everywhere, `cuda` on Linux x64 with an NVIDIA GPU,
 * `coreml` on macOS, `dml` (DirectML) on Windows, and the experimental `webgpu` (no Linux arm64). They
 * are ONNX Runtime's execution providers of the same names.
 */
export const devices = ['cpu', 'cuda', 'coreml', 'dml', 'webgpu'] as const

/** Name of a device; see {@link devices}. */
export type Device = (typeof devices)[number]

/** Where sessions compute. */
export interface DeviceChoice {
  readonly device: Device
  /** Whether a model is refused of which the device lacks an operator, which the CPU would run. */
  readonly deviceOnly: boolean
}

/** Session options under which the runtime refuses what it would otherwise hand to the CPU unsaid. */
export const noCpu = { extra: { session: { disable_cpu_ep_fallback: '1' } } } as const

/** What to do where a device does not load. */
export const deviceRemedies: Readonly<Record<Device, string>> = {
  cpu: 'Install onnxruntime-node again, on a platform that it has a binary for.',
  cuda: 'Needs Linux x64, an NVIDIA driver, CUDA 12 and cuDNN 9, and onnxruntime-node installed with its install script, which fetches the CUDA libraries. Or take the device cpu.',
  coreml: 'Needs macOS on Apple silicon. Or take the device cpu.',
  dml: 'Needs Windows with a DirectX 12 GPU. Or take the device cpu.',
  webgpu: 'Needs a GPU with a Vulkan, Metal or Direct3D 12 driver. Or take the device cpu.',
}
