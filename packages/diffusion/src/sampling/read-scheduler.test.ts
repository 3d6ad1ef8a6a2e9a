import { describe, expect, it } from 'vitest'
import { parseSchedulerConfig } from './parse-scheduler-config.js'
import { readScheduler } from './read-scheduler.js'

const known = [
  'DDIMScheduler',
  'DDPMScheduler',
  'DPMSolverMultistepScheduler',
  'EDMEulerScheduler',
  'EulerAncestralDiscreteScheduler',
  'EulerDiscreteScheduler',
  'FlowMatchEulerDiscreteScheduler',
  'HeunDiscreteScheduler',
]

describe('readScheduler', () => {
  it.each(known)('needs no key but the class: %s', (className) => {
    const scheduler = readScheduler({ _class_name: className })
    expect(scheduler.className).toBe(className)
    const { calls } = scheduler.schedule({ steps: 5 })
    expect(calls).toHaveLength(className.startsWith('Heun') ? 9 : 5)
    const ratios = calls.map((call) => call.noiseCoefficient / call.signalCoefficient)
    expect(ratios).toEqual([...ratios].sort((a, b) => b - a))
  })

  it('ignores keys that diffusers ignores', () => {
    const bare = { _class_name: 'DDIMScheduler', clip_sample: false }
    const full = {
      ...bare,
      _diffusers_version: '0.6.0',
      skip_prk_steps: true,
      use_karras_sigmas: 1,
    }
    expect(readScheduler(full).schedule({ steps: 4 })).toEqual(
      readScheduler(bare).schedule({ steps: 4 }),
    )
  })

  it.each([
    [{ _class_name: 'LMSDiscreteScheduler' }, 'LMSDiscreteScheduler'],
    [{ _class_name: 'toString' }, 'toString'],
    [{ _class_name: 3 }, 3],
    [{}, undefined],
    [null, undefined],
    ['DDIMScheduler', undefined],
  ])('refuses an unknown class and names those known: %j', (config, value) => {
    let refusal: unknown
    try {
      readScheduler(config)
    } catch (error) {
      refusal = error
    }
    expect(refusal).toMatchObject({ code: 'MODEL_INCOMPATIBLE', value })
    for (const name of known) expect(String(refusal)).toContain(name)
  })

  it('guesses what a misspelt class should be', () => {
    expect(() => readScheduler({ _class_name: 'EulerDiscretScheduler' })).toThrow(
      expect.objectContaining({ remedy: 'Did you mean "EulerDiscreteScheduler"?' }),
    )
  })

  it('refuses an unknown prediction type and names those known', () => {
    expect(() =>
      readScheduler({ _class_name: 'DDIMScheduler', prediction_type: 'x_start' }),
    ).toThrow(
      expect.objectContaining({
        code: 'MODEL_INCOMPATIBLE',
        value: 'x_start',
        message: expect.stringMatching(/prediction_type.*x_start.*epsilon.*v_prediction.*sample/),
      }),
    )
  })

  it.each([
    ['DDIMScheduler', { beta_schedule: 'sigmoid' }],
    ['DDIMScheduler', { timestep_spacing: 'sideways' }],
    ['DDIMScheduler', { beta_end: 'much' }],
    ['DDIMScheduler', { num_train_timesteps: 1e9 }],
    ['DDIMScheduler', { clip_sample_range: -1 }],
    ['DDPMScheduler', { variance_type: 'learned_range' }],
    ['EulerDiscreteScheduler', { use_beta_sigmas: true }],
    ['EulerDiscreteScheduler', { timestep_type: 'continuous' }],
    ['EulerDiscreteScheduler', { interpolation_type: 'log_linear' }],
    ['HeunDiscreteScheduler', { rescale_betas_zero_snr: true }],
    ['DPMSolverMultistepScheduler', { solver_order: 3 }],
    ['DPMSolverMultistepScheduler', { algorithm_type: 'sde-dpmsolver++' }],
    ['DPMSolverMultistepScheduler', { use_flow_sigmas: true }],
    [
      'DPMSolverMultistepScheduler',
      { use_karras_sigmas: true, beta_schedule: 'squaredcos_cap_v2' },
    ],
    ['EDMEulerScheduler', { sigma_schedule: 'exponential' }],
    ['EDMEulerScheduler', { sigma_min: 90 }],
    ['FlowMatchEulerDiscreteScheduler', { use_dynamic_shifting: true }],
    ['FlowMatchEulerDiscreteScheduler', { shift: 0 }],
    ['PNDMScheduler', { skip_prk_steps: undefined }],
    ['PNDMScheduler', { skip_prk_steps: false }],
    ['PNDMScheduler', { prediction_type: 'v_prediction', skip_prk_steps: true }],
    ['PNDMScheduler', { timestep_spacing: 'trailing', skip_prk_steps: true }],
    ['PNDMScheduler', { rescale_betas_zero_snr: true, skip_prk_steps: true }],
  ])('refuses what it cannot follow: %s %j', (className, setting) => {
    const [key = ''] = Object.keys(setting)
    expect(() => readScheduler({ _class_name: className, ...setting })).toThrow(
      expect.objectContaining({
        code: 'MODEL_INCOMPATIBLE',
        message: expect.stringContaining(key),
        value: Object.values(setting)[0],
      }),
    )
  })
})

describe('the scheduler of Stable Diffusion 1.5', () => {
  const own = {
    ...{ _class_name: 'PNDMScheduler', beta_end: 0.012, beta_schedule: 'scaled_linear' },
    ...{ beta_start: 0.00085, num_train_timesteps: 1000, set_alpha_to_one: false },
    ...{ skip_prk_steps: true, steps_offset: 1, trained_betas: null, clip_sample: false },
  }

  it('asks the model once more than it makes steps, twice at the second timestep', () => {
    const { calls } = readScheduler(own).schedule({ steps: 50 })
    expect(calls).toHaveLength(51)
    const timesteps = calls.map(({ timestep }) => timestep)
    expect(timesteps.slice(0, 4)).toEqual([981, 961, 961, 941])
    expect(timesteps.at(-1)).toBe(1)
  })

  it('begins like DDIM, and looks back on four calls at most', () => {
    const { calls } = readScheduler(own).schedule({ steps: 10 })
    const [ddim] = readScheduler({ ...own, _class_name: 'DDIMScheduler' }).schedule({
      steps: 10,
    }).calls
    expect(calls[0]?.update.state).toBeCloseTo(ddim?.update.state ?? Number.NaN, 12)
    expect(calls[0]?.update.clean).toBeCloseTo(ddim?.update.clean ?? Number.NaN, 12)
    expect(calls.map(({ update }) => update.earlier.length)).toEqual([
      0, 1, 2, 3, 4, 3, 3, 3, 3, 3, 3,
    ])
  })
})

describe('the steps of a scheduler', () => {
  const ddim = readScheduler({ _class_name: 'DDIMScheduler', steps_offset: 1 })

  it.each([0, -1, 2.5, Number.NaN, 1000, 5000])('cannot be %d', (steps) => {
    expect(() => ddim.schedule({ steps })).toThrow(
      expect.objectContaining({ code: 'INVALID_ARGUMENT' }),
    )
  })

  it.each([-0.1, 1.1, Number.NaN])('take no eta of %d', (eta) => {
    expect(() => ddim.schedule({ steps: 5, eta })).toThrow(
      expect.objectContaining({ code: 'INVALID_ARGUMENT', value: eta }),
    )
  })

  it('cannot be one that starts at the clean end', () => {
    for (const timestep_spacing of ['linspace', 'leading']) {
      const euler = readScheduler({ _class_name: 'EulerDiscreteScheduler', timestep_spacing })
      expect(() => euler.schedule({ steps: 1 })).toThrow(/1 timesteps with/)
    }
  })

  it('cannot be more than a solver has timesteps for', () => {
    const solver = { _class_name: 'DPMSolverMultistepScheduler', timestep_spacing: 'leading' }
    expect(() => readScheduler(solver).schedule({ steps: 1000 })).toThrow(/do not fit/)
  })

  it('never ask for noise from a state without signal', () => {
    const rescaled = {
      _class_name: 'DDIMScheduler',
      rescale_betas_zero_snr: true,
      timestep_spacing: 'trailing',
    }
    expect(() => readScheduler(rescaled).schedule({ steps: 4 })).toThrow(
      expect.objectContaining({
        code: 'MODEL_INCOMPATIBLE',
        message: expect.stringMatching(/999/),
      }),
    )
    const velocity = readScheduler({ ...rescaled, prediction_type: 'v_prediction' })
    expect(velocity.schedule({ steps: 4 }).calls[0]?.signalCoefficient).toBe(0)
  })
})

describe('parseSchedulerConfig', () => {
  it('reads what Python writes, -Infinity included', () => {
    const text = '{"_class_name": "DPMSolverMultistepScheduler", "lambda_min_clipped": -Infinity}'
    const config = parseSchedulerConfig(text)
    expect(config).toEqual({ _class_name: 'DPMSolverMultistepScheduler', lambda_min_clipped: null })
    expect(readScheduler(config).schedule({ steps: 3 }).calls).toHaveLength(3)
  })

  it('leaves texts alone', () => {
    expect(parseSchedulerConfig('{"a": "-Infinity, \\"-Infinity"}')).toEqual({
      a: '-Infinity, "-Infinity',
    })
  })

  it.each(['{', 'NaN', '{"a": Infinity}', '{"a": 1, "a": 2}'])('refuses %s', (text) => {
    expect(() => parseSchedulerConfig(text, { file: 'scheduler_config.json' })).toThrow(
      expect.objectContaining({
        code: 'MALFORMED_JSON',
        location: { file: 'scheduler_config.json' },
      }),
    )
  })
})
