import { assertRunning } from './assert-running.js'
import type { MatrixProducts, WideRows } from './matrix-products.js'

// A strip of the second operand that stays in the nearest caches while it is used.
const stripColumns = 512
const stripRows = 32
/** Multiplications after which others get their turn: some tens of milliseconds. */
const turn = 3e7

/** Rows of the second operand, and the columns whose share of the inner products is added. */
interface Strip {
  readonly firstRow: number
  readonly endRow: number
  readonly firstColumn: number
  readonly endColumn: number
}

interface Operands {
  readonly a: WideRows
  readonly b: WideRows
  readonly sums: Float64Array
}

/** Two rows by four: eight sums that do not wait for each other, some four times as fast as one. */
function addTwoByFour({ a, b, sums }: Operands, [row, at]: readonly [number, number], s: Strip) {
  const width = a.columns
  const [u, v] = [row * width, (row + 1) * width]
  const [w, x, y, z] = [at * width, (at + 1) * width, (at + 2) * width, (at + 3) * width]
  const left = a.data
  const right = b.data
  let uw = 0
  let ux = 0
  let uy = 0
  let uz = 0
  let vw = 0
  let vx = 0
  let vy = 0
  let vz = 0
  for (let column = s.firstColumn; column < s.endColumn; column++) {
    const one = left[u + column]!
    const other = left[v + column]!
    uw += one * right[w + column]!
    ux += one * right[x + column]!
    uy += one * right[y + column]!
    uz += one * right[z + column]!
    vw += other * right[w + column]!
    vx += other * right[x + column]!
    vy += other * right[y + column]!
    vz += other * right[z + column]!
  }
  const place = row * b.rows + at
  add(sums, place, [uw, ux, uy, uz])
  add(sums, place + b.rows, [vw, vx, vy, vz])
}

function add(sums: Float64Array, place: number, values: readonly number[]): void {
  for (let index = 0; index < values.length; index++) {
    sums[place + index] = sums[place + index]! + values[index]!
  }
}

function addOne({ a, b, sums }: Operands, [row, at]: readonly [number, number], s: Strip): void {
  const [u, w] = [row * a.columns, at * a.columns]
  let sum = 0
  for (let column = s.firstColumn; column < s.endColumn; column++) {
    sum += a.data[u + column]! * b.data[w + column]!
  }
  add(sums, row * b.rows + at, [sum])
}

function addStrip(operands: Operands, firstRow: number, strip: Strip): void {
  const { rows } = operands.a
  const evenEnd = firstRow + 2 * Math.floor((rows - firstRow) / 2)
  const fullEnd = strip.firstRow + 4 * Math.floor((strip.endRow - strip.firstRow) / 4)
  for (let row = firstRow; row < evenEnd; row += 2) {
    for (let at = strip.firstRow; at < fullEnd; at += 4) addTwoByFour(operands, [row, at], strip)
    for (let at = fullEnd; at < strip.endRow; at++) {
      addOne(operands, [row, at], strip)
      addOne(operands, [row + 1, at], strip)
    }
  }
  for (let row = evenEnd; row < rows; row++) {
    for (let at = strip.firstRow; at < strip.endRow; at++) addOne(operands, [row, at], strip)
  }
}

function* stripsOf({ rows, columns }: WideRows): Generator<Strip> {
  for (let firstColumn = 0; firstColumn < columns; firstColumn += stripColumns) {
    const endColumn = Math.min(firstColumn + stripColumns, columns)
    for (let firstRow = 0; firstRow < rows; firstRow += stripRows) {
      yield { firstRow, endRow: Math.min(firstRow + stripRows, rows), firstColumn, endColumn }
    }
  }
}

/** Copies what stands below the diagonal above it. */
function mirror(sums: Float64Array, size: number): void {
  for (let row = 0; row < size; row++) {
    for (let column = 0; column < row; column++) {
      sums[column * size + row] = sums[row * size + column]!
    }
  }
}

async function rowProducts(a: WideRows, b: WideRows, signal?: AbortSignal): Promise<Float64Array> {
  const operands = { a, b, sums: new Float64Array(a.rows * b.rows) }
  let done = 0
  for (const strip of stripsOf(b)) {
    // A product with itself is symmetric: what lies above the diagonal need not be computed.
    const firstRow = a === b ? strip.firstRow : 0
    addStrip(operands, firstRow, strip)
    done += (a.rows - firstRow) * stripRows * stripColumns
    if (done < turn) continue
    done = 0
    await new Promise((resolve) => setTimeout(resolve, 0))
    assertRunning(signal)
  }
  if (a === b) mirror(operands.sums, a.rows)
  return operands.sums
}

/** Products in plain JavaScript on the caller's thread, which others get in between. */
export const javascriptProducts: MatrixProducts = { id: 'javascript', rowProducts }
