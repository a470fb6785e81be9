package ladder_test

import (
	"encoding/xml"
	"errors"
	"fmt"
	"io"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"strings"
	"testing"

	"lunawire/bindings/record"
	"lunawire/bindings/record/ladder"
)

func save(t *testing.T, name string, rec *record.Recording, o ladder.Options) string {
	t.Helper()
	var b strings.Builder
	if err := ladder.Save(&b, name, rec, o); err != nil {
		t.Fatal(err)
	}
	return b.String()
}

// nasty is a conversation that tries to break out of every format.
func nasty(t *testing.T) *record.Recording {
	tl := record.New(record.Options{})
	a, b := tl.OpenPair(record.Opening{Network: record.UnixStream, Local: record.UnixAddr("/tmp/\x1b[2J<b>\"&")})
	data := "</pre></script><script>alert(1)</script>]]>&amp;\u202e\x00"
	tl.Call(&record.Call{Socket: a, Name: "send", Flow: record.Sent, Data: data, Args: record.Args{record.Data}})
	tl.Call(&record.Call{Socket: b, Name: "recv", Flow: record.Received, Data: data})
	tl.Note(record.Task{Name: "<\x1b>"}, "```\n# \x1b[31m<script>\x00")
	tl.EndTask(record.Task{ID: 1, Name: "x\x1b"}, "EIO", "a\x07b")
	return tl.Recording(record.Filter{})
}

func TestNoFileLetsDataBreakOutOfIt(t *testing.T) {
	rec := nasty(t)
	for _, ext := range ladder.Extensions() {
		got := save(t, "x"+ext, rec, ladder.Options{Title: "<script>\x1b"})
		for _, bad := range []string{"\x1b", "\x00", "\x07", "\u202e"} {
			if strings.Contains(got, bad) && ext != ".json" {
				t.Errorf("%s holds %q:\n%s", ext, bad, got)
			}
		}
		if ext == ".html" && strings.Count(got, "<script>") != 1 {
			t.Errorf("the page holds a script that is not its own:\n%s", got)
		}
	}
}

func TestDrawingIsWellFormedAndNeedsNothingElse(t *testing.T) {
	for _, rec := range []*record.Recording{nasty(t), play(t, playTwoClients), play(t, playErrors)} {
		svg := save(t, "x.svg", rec, ladder.Options{Title: "T"})
		dec := xml.NewDecoder(strings.NewReader(svg))
		for {
			if _, err := dec.Token(); errors.Is(err, io.EOF) {
				break
			} else if err != nil {
				t.Fatalf("%v in\n%s", err, svg)
			}
		}
		page := save(t, "x.HTML", rec, ladder.Options{})
		for _, outside := range []string{"src=", "href=", "@import", "url(", "https:"} {
			if strings.Contains(svg, outside) || strings.Contains(page, outside) {
				t.Errorf("a file refers to something else by %s", outside)
			}
		}
	}
}

func TestPointingAtARowShowsItsBytesAsHexAndText(t *testing.T) {
	rec := play(t, playTCP)
	for _, ext := range []string{".svg", ".html"} {
		if got := save(t, "x"+ext, rec, ladder.Options{}); !strings.Contains(got, "68 65 6c 6c 6f") || !strings.Contains(got, "|hello|") {
			t.Errorf("%s shows no bytes:\n%s", ext, got)
		}
	}
}

func TestStableDrawingsAreTheSameAtEveryRun(t *testing.T) {
	for _, ext := range []string{".svg", ".html", ".md"} {
		golden(t, "tcp"+ext, save(t, "x"+ext, play(t, playTCP), ladder.Options{Title: "One connection", Stable: true}))
	}
}

func TestUnknownExtensionIsAnErrorThatNamesTheKnown(t *testing.T) {
	err := ladder.Save(io.Discard, "x.pdf", &record.Recording{}, ladder.Options{})
	if err == nil || !strings.Contains(err.Error(), ".html .json .md .svg .txt") {
		t.Errorf("got %v, want an error that names the extensions", err)
	}
}

// measure is run in the page: it tells of words that overlap others of their
// row or leave the drawing, and of rows whose bytes do not show.
const measure = `<script>
const faults = [], area = document.querySelector("svg").getBoundingClientRect();
for (const row of rows) {
  const boxes = [...row.querySelectorAll("text")].map(t => [t.textContent, t.getBoundingClientRect()]);
  for (const [a, x] of boxes) {
    if (x.left < area.left || x.right > area.right) faults.push("leaves the drawing: " + a);
    for (const [b, y] of boxes) if (a < b && x.left < y.right && y.left < x.right) faults.push("overlap: " + a + " | " + b);
  }
  row.dispatchEvent(new MouseEvent("mouseenter"));
  if (!row.classList.contains("lit") || document.getElementById("tell").textContent === "") faults.push("tells nothing: " + row.textContent);
  row.dispatchEvent(new MouseEvent("mouseleave"));
}
document.title = "measured " + rows.length + " rows; " + faults.join("; ");
</script>`

func TestPageInABrowserHasNoOverlapsAndShowsBytes(t *testing.T) {
	if testing.Short() {
		t.Skip("starts a browser")
	}
	browser, err := exec.LookPath("chromium")
	if err != nil {
		t.Skip("chromium is not installed")
	}
	page := regexp.MustCompile(`<title>(measured (\d+) rows; [^<]*)</title>`)
	for _, scenes := range [][]func(*taped){{playTwoClients}, {playTCP, playStream, playUDP, playErrors, playOutside, playPair}} {
		rec := play(t, func(tape *taped) {
			for _, scene := range scenes {
				scene(tape)
			}
		})
		file := filepath.Join(t.TempDir(), "ladder.html")
		html := save(t, file, rec, ladder.Options{Decode: gbk})
		if err := os.WriteFile(file, []byte(html+measure), 0o666); err != nil {
			t.Fatal(err)
		}
		dom, err := exec.CommandContext(t.Context(), browser, "--headless", "--no-sandbox", "--disable-gpu",
			"--user-data-dir="+t.TempDir(), "--dump-dom", "file://"+file).Output()
		if err != nil {
			t.Fatal(fmt.Errorf("chromium: %w", err))
		}
		found := page.FindSubmatch(dom)
		if found == nil {
			t.Fatalf("the page was not measured:\n%s", dom)
		}
		if !strings.HasSuffix(string(found[1]), "rows; ") || string(found[2]) == "0" {
			t.Error(string(found[1]))
		}
	}
}
