/** A figure for people: shares as per cent, everything else with three or four digits. */
export function formatFigure(value: number, unit: string): string {
  if (unit === 'share') return `${(value * 100).toFixed(1)} %`
  if (Number.isInteger(value)) return String(value)
  return Math.abs(value) >= 100 ? value.toFixed(1) : value.toPrecision(3)
}

/** An interval for people: both ends and its level. */
export function formatInterval(
  interval: { readonly low: number; readonly high: number; readonly level: number },
  unit: string,
): string {
  const { low, high, level } = interval
  const percent = Math.round(level * 1000) / 10
  return `${formatFigure(low, unit)} to ${formatFigure(high, unit)} (${percent} %)`
}
