"""The little CSS that the cards need; colours derive from the text colour, so light and dark themes both work."""

CSS = """<style>
.block-container { max-width: 1120px; padding-top: 2.5rem; }
[data-testid="stHeading"] h3 { font-size: 1.2rem; padding: 0.6rem 0 0.5rem; }
[data-testid="InputInstructions"] { display: none; }
[data-testid="stImage"] img { border: 1px solid color-mix(in srgb, currentColor 22%, transparent); }
.kb-head h1 { font-size: 1.7rem; margin: 0; padding: 0; letter-spacing: -0.01em; }
.kb-head p { margin: 0.2rem 0 0; opacity: 0.75; }
.kb-answer { font-size: 1.2rem; line-height: 1.6; border-left: 4px solid #1f5f5b; padding: 0.1rem 0 0.1rem 1rem; }
.kb-answer p { margin: 0; }
.kb-written { border-left-style: dashed; overflow-wrap: anywhere; }
.kb-dropped { font-size: 0.9rem; margin-top: 0.5rem; overflow-wrap: anywhere; }
.kb-dropped summary { cursor: pointer; }
.kb-dropped ul { margin: 0.4rem 0 0; padding-left: 1.2rem; }
.kb-dropped span { text-decoration: line-through; opacity: 0.75; }
.kb-group { margin: 0.9rem 0 0.2rem; padding-left: 0.75rem; border-left: 4px solid #1f5f5b; overflow-wrap: anywhere; }
.kb-group h3 { font-size: 1.12rem; line-height: 1.35; margin: 0; padding: 0; }
.kb-quote { margin: 0; padding: 0; border: 0; font-size: 1rem; line-height: 1.55; white-space: pre-wrap;
  font-family: Charter, Georgia, "Noto Serif", "DejaVu Serif", serif; }
[data-testid="stElementContainer"]:has(.kb-point) + div button { min-height: 1.6rem; padding: 0 0.6rem; opacity: 0.85; }
[data-testid="stElementContainer"]:has(.kb-point) + div button p { font-size: 0.8rem; }
.kb-lead { margin: 0 0 0.2rem; font-size: 0.92rem; opacity: 0.75; }
.kb-short { font-weight: 700; }
.kb-ref { font-size: 0.8em; font-weight: 600; color: inherit; text-underline-offset: 0.2em; }
.kb-card { overflow-wrap: anywhere; }
.kb-card header { display: flex; gap: 0.75rem; align-items: flex-start; }
.kb-card h3 { font-size: 1.05rem; line-height: 1.35; margin: 0; padding: 0; }
.kb-number { flex: none; min-width: 1.7rem; height: 1.7rem; border-radius: 0.85rem; background: #1f5f5b; color: #fff;
  font-weight: 600; font-size: 0.9rem; line-height: 1.7rem; text-align: center; }
.kb-facts { font-size: 0.9rem; margin: 0.15rem 0 0; opacity: 0.85; }
.kb-badge { display: inline-block; margin-left: 0.35rem; padding: 0 0.5rem; border-radius: 0.75rem; font-size: 0.8rem;
  border: 1px solid color-mix(in srgb, currentColor 35%, transparent); white-space: nowrap; }
.kb-path { font-size: 0.85rem; margin: 0.15rem 0 0; opacity: 0.7; }
.kb-passage { margin: 0.7rem 0 0; padding: 0; border: 0; font-size: 0.98rem; line-height: 1.6; white-space: pre-wrap;
  font-family: Charter, Georgia, "Noto Serif", "DejaVu Serif", serif; }
.kb-card mark, .kb-context mark { background: rgba(255, 205, 60, 0.42); color: inherit; padding: 0.1em 0;
  box-shadow: 0 2px 0 rgba(196, 120, 0, 0.75); }
.kb-word { text-decoration: underline dotted 2px #1f5f5b; text-underline-offset: 0.25em; }
.kb-context { font-size: 0.95rem; line-height: 1.6; white-space: pre-wrap; overflow-wrap: anywhere;
  font-family: Charter, Georgia, "Noto Serif", "DejaVu Serif", serif; }
.kb-context > div { padding: 0.4rem 0 0.4rem 0.9rem; border-left: 3px solid transparent; opacity: 0.8; }
.kb-context > .kb-here { border-left-color: #1f5f5b; opacity: 1; }
.kb-why { margin: 0; padding-left: 1.2rem; font-size: 0.95rem; }
.kb-note { font-size: 0.9rem; opacity: 0.8; margin: 0.3rem 0 0; }
.kb-notice { padding: 0.7rem 1rem; border-radius: 0.4rem; border-left: 4px solid; overflow-wrap: anywhere;
  background: color-mix(in srgb, currentColor 6%, transparent); }
.kb-error { border-left-color: #b3261e; }
.kb-warning { border-left-color: #c47800; }
.kb-info { border-left-color: #1f5f5b; }
@media (max-width: 640px) {
  .block-container { padding: 3.6rem 1rem 2rem; }
  .kb-answer { font-size: 1.08rem; }
  .kb-badge { margin-left: 0; }
}
</style>"""
