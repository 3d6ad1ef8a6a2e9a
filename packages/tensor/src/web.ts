// The engine in browsers.
export { createWebEngine, type WebEngineOptions } from './web/create-web-engine.js'
export type { WebDevice } from './web/web-runtime.js'
