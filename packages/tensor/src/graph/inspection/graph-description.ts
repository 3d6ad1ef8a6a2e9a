/** Name, element type and shape of a value. */
export interface ValueDescription {
  readonly name: string
  /** For instance `float32`; null where the value is no tensor or the file does not say. */
  readonly type: string | null
  /** Sizes; a string names one that only the run tells, `?` one without a name. Null where unknown. */
  readonly shape: readonly (number | string)[] | null
}

/** A tensor that is part of a graph. */
export interface ConstantDescription extends ValueDescription {
  readonly shape: readonly number[]
  /** Size of its data; null where elements have no fixed size. */
  readonly bytes: number | null
  /** Whether a file lacks the data and names another that holds them. */
  readonly external: boolean
}

/** A setting of an operator; null stands for a tensor, a graph or what else is no plain value. */
export type AttributeDescription = number | string | readonly number[] | readonly string[] | null

/** An operator at work. */
export interface OperatorDescription {
  /** For instance `MatMul`, or `com.microsoft:FusedMatMul` where it is not ONNX's own. */
  readonly operator: string
  /** Names of its inputs; empty where an optional one is left out. */
  readonly inputs: readonly string[]
  readonly outputs: readonly ValueDescription[]
  readonly attributes: Readonly<Record<string, AttributeDescription>>
}

/** What a file says about itself. */
export interface FileDescription {
  /** Program that wrote the file, with its version. */
  readonly producer: string
  /** Version of the format. */
  readonly irVersion: number
  /** Version of each set of operators by its domain; ONNX's own has the domain ''. */
  readonly operatorSets: Readonly<Record<string, number>>
}

/** What a graph consists of. */
export interface GraphDescription {
  readonly name: string
  /** Notes that its maker gave it. */
  readonly metadata: Readonly<Record<string, string>>
  readonly inputs: readonly ValueDescription[]
  readonly outputs: readonly ValueDescription[]
  readonly constants: readonly ConstantDescription[]
  /** The operators, in an order in which they can be computed. */
  readonly operators: readonly OperatorDescription[]
  /** Null for a graph that was not read from a file. */
  readonly file: FileDescription | null
}
