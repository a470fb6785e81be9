package ladder

import (
	"fmt"
	"io"
	"path/filepath"
	"slices"
	"strings"

	"lunawire/bindings/record"
)

// writers are the kinds of files that a recording can be saved as.
var writers = map[string]func(io.Writer, *record.Recording, Options) error{
	".txt":  Text,
	".md":   Markdown,
	".svg":  SVG,
	".html": HTML,
	".json": func(w io.Writer, rec *record.Recording, _ Options) error { return rec.WriteJSON(w) },
}

// Extensions returns the extensions of the files that Save writes, sorted.
func Extensions() []string {
	var names []string
	for name := range writers {
		names = append(names, name)
	}
	slices.Sort(names)
	return names
}

// Save writes the recording in the format that the extension of name says. It
// only looks at the name; the caller owns the file.
func Save(w io.Writer, name string, rec *record.Recording, o Options) error {
	ext := strings.ToLower(filepath.Ext(name))
	write := writers[ext]
	if write == nil {
		return fmt.Errorf("unknown extension %q of %s: use one of %s", ext, name, strings.Join(Extensions(), " "))
	}
	return write(w, rec, o)
}

// Markdown writes the recording as a ladder of text in a fenced block under its
// title.
func Markdown(w io.Writer, rec *record.Recording, o Options) error {
	var b strings.Builder
	if o.Title != "" {
		b.WriteString("# " + strings.Join(strings.Fields(record.Printable(o.Title)), " ") + "\n\n")
	}
	o.Title = ""
	var text strings.Builder
	if err := Text(&text, rec, o); err != nil {
		return err
	}
	fence := "```"
	for strings.Contains(text.String(), fence) {
		fence += "`"
	}
	b.WriteString(fence + "text\n" + text.String() + fence + "\n")
	_, err := io.WriteString(w, b.String())
	return err
}
