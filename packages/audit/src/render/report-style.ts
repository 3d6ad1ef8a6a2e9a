/** The report's only style sheet; allowed by its hash in the report's content security policy. */
export const reportStyle = `
:root { color-scheme: light dark; --ink: #1b1f24; --soft: #5b6672; --line: #d9dee4; --paper: #fff;
  --panel: #f6f8fa; --accent: #0b6bcb; --good: #1a7f37; --bad: #c5221f; --unsure: #9a6700; }
@media (prefers-color-scheme: dark) { :root { --ink: #e6e9ed; --soft: #9aa5b1; --line: #343b44;
  --paper: #14171b; --panel: #1c2127; --accent: #58a6ff; --good: #3fb950; --bad: #ff7b72; --unsure: #d29922; } }
* { box-sizing: border-box; }
body { margin: 0 auto; padding: 2rem 1.25rem 4rem; max-width: 68rem; background: var(--paper); color: var(--ink);
  font: 16px/1.5 system-ui, sans-serif; }
h1 { font-size: 1.9rem; margin: 0; letter-spacing: -.02em; }
h2 { font-size: 1.4rem; margin: 0 0 .25rem; letter-spacing: -.01em; }
h3 { font-size: 1.05rem; margin: 2rem 0 .5rem; }
p { margin: .25rem 0 .75rem; max-width: 60rem; }
a { color: var(--accent); }
code { font: .85em ui-monospace, monospace; overflow-wrap: anywhere; }
section { margin-top: 3rem; border-top: 1px solid var(--line); padding-top: 1.5rem; }
.soft { color: var(--soft); }
.small { font-size: .85rem; }
.badge { display: inline-block; padding: .1rem .6rem; border-radius: 1rem; border: 1px solid currentColor;
  font-size: .8rem; font-weight: 600; color: var(--soft); }
.badge-passed { color: var(--good); } .badge-failed, .badge-error { color: var(--bad); }
.badge-undecided { color: var(--unsure); } .badge-informative { color: var(--accent); }
.scroll { overflow-x: auto; }
table { border-collapse: collapse; width: 100%; font-variant-numeric: tabular-nums; }
th { text-align: left; font-size: .8rem; color: var(--soft); font-weight: 600; }
th, td { padding: .5rem .75rem .5rem 0; border-bottom: 1px solid var(--line); vertical-align: top; }
td.number, th.number { text-align: right; white-space: nowrap; }
td.value { font-size: 1.1rem; font-weight: 600; text-align: right; white-space: nowrap; }
.plot { display: block; width: 10rem; height: 1.25rem; margin-top: .3rem; }
.plot-axis { stroke: var(--line); stroke-width: 2; }
.plot-interval { fill: var(--accent); opacity: .35; }
.plot-value { fill: var(--accent); }
.curve { margin: 1.5rem 0; max-width: 32rem; }
.curve p { font-weight: 600; font-size: .9rem; margin-bottom: .4rem; }
.curve svg { display: block; width: 100%; height: auto; }
.curve text { font-size: 11px; fill: var(--soft); }
.curve-axes { fill: none; stroke: var(--line); }
.curve-line { fill: none; stroke: var(--accent); stroke-width: 2; }
.curve-band { fill: var(--accent); opacity: .2; }
.pairs { display: grid; grid-template-columns: repeat(auto-fill, minmax(15rem, 1fr)); gap: 1rem; }
.pair { border: 1px solid var(--line); border-radius: .6rem; padding: .75rem; background: var(--panel); min-width: 0; }
.pair-pictures { display: grid; grid-template-columns: repeat(2, 6rem); gap: .5rem; margin-bottom: .5rem; }
figure { margin: 0; width: 6rem; min-width: 0; }
figure img { width: 6rem; height: 6rem; object-fit: contain; border-radius: .35rem; background: #fff; display: block; }
figcaption { font-size: .7rem; line-height: 1.35; margin-top: .2rem; color: var(--soft); overflow-wrap: anywhere; }
.sheet { display: flex; flex-wrap: wrap; gap: .25rem; }
.sheet img { width: 3.5rem; height: 3.5rem; object-fit: contain; background: #fff; border-radius: .25rem; display: block; }
.absent { display: grid; place-items: center; width: 6rem; height: 6rem; border: 1px dashed var(--line);
  border-radius: .35rem; font-size: .75rem; color: var(--soft); }
ul.plain { list-style: none; padding: 0; margin: .5rem 0; }
ul.plain li { padding: .25rem 0; }
details summary { cursor: pointer; color: var(--soft); }
dl { display: grid; grid-template-columns: max-content 1fr; gap: .15rem 1rem; margin: .5rem 0; }
dt { color: var(--soft); } dd { margin: 0; overflow-wrap: anywhere; }
`
