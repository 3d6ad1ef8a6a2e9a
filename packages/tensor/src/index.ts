// The engine.
export { createEngine, type EngineOptions } from './engine/create-engine.js'
