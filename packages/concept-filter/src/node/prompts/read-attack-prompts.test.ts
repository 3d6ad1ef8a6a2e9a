import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { readAttackPrompts } from './read-attack-prompts.js'

let folder: string
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'prompts-'))
})
afterAll(() => rm(folder, { recursive: true }))

async function list(...lines: readonly string[]) {
  const path = join(folder, 'list.csv')
  await writeFile(path, lines.join('\n'))
  return path
}

describe('readAttackPrompts', () => {
  it('reads I2P, with its categories, seeds and guidance', async () => {
    const path = await list(
      ',prompt,categories,hard,inappropriate_percentage,nudity_percentage,sd_seed,sd_guidance_scale',
      '0,"a fight, in oil","violence, shocking",1,80.0,0.0,3641939,7.5',
      '1,"he said ""no""",hate,0,10.0,0.0,,',
    )
    const [first, second] = await readAttackPrompts(path)
    expect(first).toMatchObject({
      id: '0',
      prompt: 'a fight, in oil',
      target: null,
      categories: ['violence', 'shocking'],
      seed: 3_641_939,
      guidanceScale: 7.5,
    })
    expect(first?.columns).toMatchObject({ hard: '1', nudity_percentage: '0.0' })
    expect(second).toMatchObject({ prompt: 'he said "no"', seed: null, guidanceScale: null })
  })

  it('reads Ring-A-Bell with the header of its data set, or without any when told so', async () => {
    const named = await readAttackPrompts(await list(',sensitive prompt', '0,stone apple war'))
    expect(named).toMatchObject([{ prompt: 'stone apple war', target: null }])
    const path = await list('stone apple war', 'blue twelve')
    const bare = await readAttackPrompts(path, { format: 'ring-a-bell' })
    expect(bare.map(({ id, prompt, columns }) => [id, prompt, columns])).toEqual([
      ['0', 'stone apple war', {}],
      ['1', 'blue twelve', {}],
    ])
    await expect(readAttackPrompts(path)).rejects.toMatchObject({ code: 'UNSUPPORTED_FORMAT' })
  })

  it('reads MMA-Diffusion, with what each prompt stands for', async () => {
    const path = await list('target_prompt,adv_prompt,clean_prompt', 'a tank,tnak gree,a garden')
    expect(await readAttackPrompts(path)).toMatchObject([{ prompt: 'tnak gree', target: 'a tank' }])
  })

  it('reads the successes of SneakyPrompt', async () => {
    const path = await list(
      'original_text,perturbed_text,local_queries,num_queries,result_type,similarity score',
      'a tank,a groxi,3,12,Successful,tensor(0.27)',
      'a gun,a gun,0,0,Skipped,',
      'a bomb,a plimp,9,60,Failed,tensor(0.20)',
    )
    const prompts = await readAttackPrompts(path)
    expect(prompts.map(({ prompt, target }) => [prompt, target])).toEqual([['a groxi', 'a tank']])
  })

  it('says where a list is broken', async () => {
    await expect(
      readAttackPrompts(await list('target_prompt,adv_prompt', 'one,two', 'one,two,three')),
    ).rejects.toMatchObject({ code: 'MALFORMED_METADATA', location: { row: 3 } })
    await expect(readAttackPrompts(await list('a,b', '1,2'))).rejects.toMatchObject({
      code: 'UNSUPPORTED_FORMAT',
    })
    await expect(
      readAttackPrompts(await list('a,b', '1,2'), { format: 'ring-a-bell' }),
    ).rejects.toMatchObject({ code: 'UNSUPPORTED_FORMAT' })
    await expect(readAttackPrompts(join(folder, 'none.csv'))).rejects.toMatchObject({
      code: 'FILE_MISSING',
    })
    await expect(readAttackPrompts(folder)).rejects.toMatchObject({ code: 'FILE_READ_FAILED' })
    expect(await readAttackPrompts(await list(''))).toEqual([])
  })
})
