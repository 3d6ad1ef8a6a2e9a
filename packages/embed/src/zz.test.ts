import { createEngine } from '@assay/tensor'
import { it, expect } from 'vitest'
import { openEncoder, embedPictures, embedPrompts, readPictureSet } from './index.js'
it('x', async () => {
  const engine = createEngine()
  const encoder = await openEncoder({ folder: '/work/main/models/tiny-world/tiny-clip', engine })
  console.log(encoder.fingerprint, encoder.text?.tokenize('a picture of an ant'))
  const set = await readPictureSet('/work/main/models/tiny-world/demo/outputs')
  console.log(set.pictures.length, set.failures.length, set.pictures[0])
  let t = performance.now()
  const e = await embedPictures({ encoder: encoder.image!, pictures: set.pictures })
  console.log(performance.now()-t, e.embeddings.rows, e.failures.length)
  t = performance.now()
  const p = await embedPrompts({ encoder: encoder.text!, prompts: set.pictures.map(p=>p.prompt!) })
  console.log(performance.now()-t, p.embeddings.rows, p.truncated)
  let good=0
  for (let i=0;i<50;i++){ let best=-9,arg=''; for(let j=0;j<p.embeddings.rows;j++){ let s=0; for(let k=0;k<192;k++) s+=e.embeddings.data[i*192+k]!*p.embeddings.data[j*192+k]!; if(s>best){best=s;arg=p.embeddings.ids![j]!} } if(arg===set.pictures[i]!.prompt) good++ }
  console.log(good,'of 50')
  await encoder.close(); await engine.close()
},60000)
