/** Numbers of a state: float32 in every real run, float64 to compare with closed forms. */
export type FloatArray = Float32Array | Float64Array
