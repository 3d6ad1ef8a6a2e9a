import type {
  AttributeDescription,
  ConstantDescription,
  FileDescription,
  GraphDescription,
  OperatorDescription,
  ValueDescription,
} from './graph-description.js'

/** A description as text, one line a value or operator, for people and for comparing two graphs. */
export function formatGraph(description: GraphDescription): string {
  const { name, metadata, inputs, outputs, constants, operators, file } = description
  return [
    `graph ${name}`,
    ...(file ? [`file ${formatFile(file)}`] : []),
    ...Object.entries(metadata).map(([key, value]) => `metadata ${key} ${JSON.stringify(value)}`),
    ...inputs.map((input) => `input ${formatValue(input)}`),
    ...constants.map((constant) => `constant ${formatConstant(constant)}`),
    ...operators.map(formatOperator),
    ...outputs.map((output) => `output ${formatValue(output)}`),
    '',
  ].join('\n')
}

function formatFile({ producer, irVersion, operatorSets }: FileDescription): string {
  const sets = Object.entries(operatorSets).map(
    ([domain, version]) => `${domain || 'ai.onnx'} ${version}`,
  )
  return [`by ${producer || 'unknown'}`, `format ${irVersion}`, ...sets].join(', ')
}

const formatValue = ({ name, type, shape }: ValueDescription): string =>
  [name, type && `${type}${shape ? `[${shape.join(', ')}]` : ''}`].filter(Boolean).join(' ')

function formatConstant(constant: ConstantDescription): string {
  const { bytes, external } = constant
  const size = bytes === null ? 'of unknown size' : `${bytes} bytes`
  return `${formatValue(constant)}, ${size}${external ? ' in another file' : ''}`
}

function formatOperator({ operator, inputs, outputs, attributes }: OperatorDescription): string {
  const settings = Object.entries(attributes).map(
    ([name, value]) => `${name}=${formatSetting(value)}`,
  )
  const given = [...inputs, ...settings].join(', ')
  return `${outputs.map(formatValue).join(', ')} = ${operator}(${given})`
}

const formatSetting = (value: AttributeDescription): string =>
  value === null ? '...' : JSON.stringify(value)
