// Models from a hub.

export type { FetchedFile } from './hub/fetch-file.js'
export type { HubOptions } from './hub/hub-options.js'
export { defaultHub, type ResolveHost } from './hub/network/url-rules.js'
export { type PlanPullOptions, planPull } from './hub/plan-pull.js'
export { type PulledModel, type PullModelOptions, pullModel } from './hub/pull-model.js'
export { type PlannedFile, type PullPlan, type PullSource, unpinnedFiles } from './hub/pull-plan.js'

// Models on this machine.

export { type RemovedModel, type RemoveModelOptions, removeModel } from './hub/remove-model.js'
export {
  type ModelVerification,
  type VerifiedModelFile,
  type VerifyModelOptions,
  verifyModel,
} from './hub/verify-model.js'
