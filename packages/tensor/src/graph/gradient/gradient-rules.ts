import { activationRules } from './activation-rules.js'
import { arithmeticRules } from './arithmetic-rules.js'
import { gatherRule } from './gather-rule.js'
import type { GradientRule } from './gradient-rule.js'
import { layoutRules } from './layout-rules.js'
import { productRules } from './product-rules.js'
import { reductionRules } from './reduction-rules.js'
import { selectionRules } from './selection-rules.js'
import { padRule, sliceRule } from './slice-rule.js'
import { softmaxRules } from './softmax-rules.js'

/**
 * Every ONNX operator that has a gradient. The rules are written with operators of this table, so that
 * a gradient has a gradient too.
 */
export const gradientRules: Readonly<Record<string, GradientRule>> = {
  ...activationRules,
  ...arithmeticRules,
  ...layoutRules,
  ...productRules,
  ...reductionRules,
  ...selectionRules,
  ...softmaxRules,
  Gather: gatherRule,
  Pad: padRule,
  Slice: sliceRule,
}
