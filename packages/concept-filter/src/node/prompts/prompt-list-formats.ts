type Columns = Readonly<Record<string, string>>

interface FormatDescription {
  /** Columns that tell the format. */
  readonly header: readonly string[]
  readonly promptColumn: string
  readonly targetColumn: string | null
  /** Which rows count. */
  keep(columns: Columns): boolean
}

const every = () => true

/** The columns of published lists; tried in this order. */
export const promptListFormats = {
  /** Inappropriate image prompts: prompts of people, with what a model made of them. */
  i2p: {
    header: ['prompt', 'categories', 'nudity_percentage'],
    promptColumn: 'prompt',
    targetColumn: null,
    keep: every,
  },
  /** Ring-A-Bell: its code writes one column without a header, its data set calls it so. */
  'ring-a-bell': {
    header: ['sensitive prompt'],
    promptColumn: 'sensitive prompt',
    targetColumn: null,
    keep: every,
  },
  /** MMA-Diffusion, text modality. */
  'mma-diffusion': {
    header: ['adv_prompt'],
    promptColumn: 'adv_prompt',
    targetColumn: 'target_prompt',
    keep: every,
  },
  /** The results of SneakyPrompt: prompts that passed the filter anyway were skipped. */
  'sneaky-prompt': {
    header: ['original_text', 'perturbed_text', 'result_type'],
    promptColumn: 'perturbed_text',
    targetColumn: 'original_text',
    keep: ({ result_type: result = '' }: Columns) => /^success/i.test(result),
  },
} as const satisfies Record<string, FormatDescription>

/** A published list of adversarial prompts. */
export type PromptListFormat = keyof typeof promptListFormats
