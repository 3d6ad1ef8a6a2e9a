/** What `--device` is for. */
export const deviceHelp = 'what computes: cpu, cuda, coreml, dml or webgpu'
