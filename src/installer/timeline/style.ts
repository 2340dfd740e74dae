/** Of the page: readable in light and in dark, on paper, and without colours. */
export const STYLE = `
:root { color-scheme: light dark; --text: #1b1f24; --back: #ffffff; --line: #c8ced6; --quiet: #57606a; --done: #1f7a3d; --failed: #b3261e; --skipped: #8b949e; --unfinished: #9a6700; --earlier: #0b5cad; --box: #f3f5f7; }
@media (prefers-color-scheme: dark) { :root { --text: #e6edf3; --back: #0d1117; --line: #3d444d; --quiet: #9aa4b0; --done: #3fb950; --failed: #ff7b72; --skipped: #7d8590; --unfinished: #d29922; --earlier: #6cb6ff; --box: #161b22; } }
body { margin: 2rem auto; max-width: 72rem; padding: 0 1rem; background: var(--back); color: var(--text); font: 1rem/1.5 system-ui, sans-serif; }
h1 { font-size: 1.5rem; } h2 { font-size: 1.2rem; margin-top: 2.5rem; border-bottom: 1px solid var(--line); } h3 { font-size: 1rem; }
.quiet { color: var(--quiet); } .chart { overflow-x: auto; } svg { min-width: 44rem; width: 100%; }
svg text { fill: var(--text); font-size: 12px; } svg text.tick { fill: var(--quiet); font-size: 11px; text-anchor: middle; } line.tick { stroke: var(--line); }
rect.done { fill: var(--done); } rect.failed { fill: var(--failed); } rect.skipped { fill: var(--skipped); } rect.unfinished { fill: var(--unfinished); } rect.earlier { fill: var(--earlier); }
table { border-collapse: collapse; display: block; overflow-x: auto; } td, h1, h2 { overflow-wrap: anywhere; } th, td { border-bottom: 1px solid var(--line); padding: 0.2rem 0.8rem 0.2rem 0; text-align: left; vertical-align: top; } td.number { font-variant-numeric: tabular-nums; text-align: right; }
.failed { color: var(--failed); } pre { background: var(--box); border: 1px solid var(--line); overflow-x: auto; padding: 0.6rem; font-size: 0.8rem; }
`;
