package ladder

import (
	"fmt"
	"html"
	"io"

	"lunawire/bindings/record"
)

// pageStyle is what a page needs beyond the drawing's own style.
const pageStyle = `
body { margin:0; background:#ffffff; color:#1c2127; font:15px system-ui,sans-serif; }
main { padding:16px 24px 40vh; }
.ladder { max-width:none; display:block; }
#tell { position:fixed; left:0; right:0; bottom:0; max-height:38vh; overflow:auto; margin:0; padding:10px 24px; white-space:pre-wrap; font:13px ui-monospace,"DejaVu Sans Mono",Menlo,Consolas,monospace; background:inherit; border-top:1px solid #8f99a6; }
#tell:empty { display:none; }
@media (prefers-color-scheme: dark) { body { background:#14181d; color:#e4e8ed; color-scheme:dark; } }
`

// pageScript shows what a row tells while it is pointed at or has the focus,
// and lights up the rows that it belongs to. A click keeps it, so that its text
// can be selected.
const pageScript = `
const tell = document.getElementById("tell"), rows = [...document.querySelectorAll(".row")];
const numbers = r => (r.dataset.numbers || "").split(" ").filter(Boolean);
let kept = null;
function show(row) {
  const mine = new Set(numbers(row));
  for (const r of rows) r.classList.toggle("lit", r === row || numbers(r).some(n => mine.has(n)));
  tell.textContent = row.dataset.tell;
}
function hide() {
  if (kept) return show(kept);
  for (const r of rows) r.classList.remove("lit");
  tell.textContent = "";
}
for (const r of rows) {
  r.addEventListener("mouseenter", () => show(r));
  r.addEventListener("mouseleave", hide);
  r.addEventListener("focus", () => show(r));
  r.addEventListener("blur", hide);
  r.addEventListener("click", () => { kept = kept === r ? null : r; show(r); });
}
addEventListener("keydown", e => { if (e.key === "Escape") { kept = null; hide(); } });
`

// HTML writes the recording as one page that needs nothing else: no network,
// no other file. Pointing at a row shows its call in full and its bytes.
func HTML(w io.Writer, rec *record.Recording, o Options) error {
	title := o.Title
	if title == "" {
		title = "lunawire"
	}
	d := newDrawing(rec, o)
	body, wide, high := d.all()
	_, err := fmt.Fprintf(w, `<!DOCTYPE html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>%s</title>
<style>%s%s</style>
</head>
<body>
<main>
<svg class="ladder" width="%d" height="%d" viewBox="0 0 %d %d">
%s</svg>
</main>
<pre id="tell"></pre>
<script>%s</script>
</body>
</html>
`, html.EscapeString(record.Printable(title)), pageStyle, style, wide, high, wide, high, body, pageScript)
	return err
}
