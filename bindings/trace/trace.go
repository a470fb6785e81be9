// Package trace is the Lua module "trace": it shows what the calls did, as
// lines while they happen, as a ladder afterwards, and as files.
package trace

import (
	"context"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"sync"

	"lunawire/bindings"
	"lunawire/bindings/record"
	"lunawire/bindings/record/ladder"
	"lunawire/bindings/socket"
)

// New is the plugin. decode turns bytes into text by the name of an encoding,
// or says that they are none of its.
func New(decode func(encoding, data string) (string, bool)) bindings.Plugin { return plugin{decode} }

type plugin struct {
	decode func(encoding, data string) (string, bool)
}

// tracer is the module in one Runtime.
type tracer struct {
	rt     *bindings.Runtime
	decode func(encoding, data string) (string, bool)

	mu  sync.Mutex
	off context.CancelFunc // ends what on began; nil if it is off
}

func (p plugin) Module(rt *bindings.Runtime) bindings.Module {
	t := &tracer{rt: rt, decode: p.decode}
	return bindings.Module{
		Name: "trace",
		Doc: "The timeline: what every socket call did.\n\n" +
			"It is always recorded, within a limit of memory. trace.on() shows a line per call, trace.ladder() draws who sent what to whom.",
		Funcs: []bindings.Func{
			{
				Name: "on", Params: "filter?",
				Doc: "Prints a line for each socket call from now on.\n\nThe line has the time, the task, the socket, the call and its result. " +
					"filter: sockets and tasks, arrays of them; names, an array of calls such as \"send\".",
				Go: t.on,
			},
			{Name: "off", Doc: "Prints no more lines.", Go: t.stop},
			{
				Name: "note", Params: "text",
				Doc: "Writes a note on the timeline.",
				Go:  func(task *bindings.Task, text string) { rt.Timeline().Note(*task.Recorded(), text) },
			},
			{
				Name: "events", Params: "filter?", Results: "list",
				Doc:     "Returns what has happened, as an array of tables.\n\nEach has seq, kind (\"call\", \"opened\", \"state\", \"note\" ...), at and took in seconds, task, socket (its id), name, call, data, size, lost, addr, laddr, peer, state, err and text, as far as they apply. data are the first 2048 bytes; size is how many there were.",
				Example: "local s = udp.socket()\ns:bind(\"127.0.0.1\", 0)\ns:sendto(\"hi\", s:getsockname())\nlocal events = trace.events{names={\"sendto\"}, kinds={\"call\"}}\nprint(#events, events[1].name, events[1].data, events[1].size)   --> 1\tsendto\thi\t2",
				Go:      t.events,
			},
			{Name: "clear", Doc: "Forgets what has happened so far.", Go: func() { rt.Timeline().Clear() }},
			{
				Name: "save", Params: "path, opts?",
				Doc: "Saves the timeline; the end of path says how.\n\n.txt and .md hold the ladder as text, .svg and .html as a picture, .json the events themselves, one a line. opts as for trace.ladder: from=\"talk.json\" turns a saved timeline into a picture.",
				Go:  t.save,
			},
			{
				Name: "ladder", Params: "sockets?, opts?",
				Doc: "Draws the ladder: a lifeline per socket, time downwards.\n\nWith sockets, an array, only theirs. opts: live=true goes on drawing as things happen; width in columns, from 72; " +
					"ascii=true; title; stable=true leaves out times and numbers the ports, so that it is the same at every run; stderr=true draws to standard error; from=\"talk.json\" draws a timeline that was saved.",
				Example: `
local a, b = udp.socket(), udp.socket()
a:bind("127.0.0.1", 0)
b:bind("127.0.0.1", 0)
a:sendto("hello", b:getsockname())
b:recvfrom(100)
trace.ladder{stable=true, width=72}
-->          udp 127.0.0.1:50002                        udp 127.0.0.1:50001
-->        1 │ socket()                                                   │
-->        2 │                                                   socket() │
-->        3 │ bind(127.0.0.1:0)                                          │
-->        4 │                                          bind(127.0.0.1:0) │
-->        5 │                            getsockname() = 127.0.0.1:50001 │
-->        6 ├─ #1 sendto "hello" 5 B ───────────────────────────────────▶│
-->        7 │                            recvfrom(100) = "hello" 5 B #1▷ │`,
				Go: t.ladder,
			},
		},
	}
}

// filterOptions select events.
type filterOptions struct {
	Sockets []*socket.Socket `lua:"sockets"`
	Tasks   []*bindings.Task `lua:"tasks"`
	Names   []string         `lua:"names"`
	Kinds   []string         `lua:"kinds"`
}

func (o filterOptions) filter() (record.Filter, error) {
	f := record.Filter{Names: o.Names}
	for _, s := range o.Sockets {
		f.Sockets = append(f.Sockets, s.ID())
	}
	for _, t := range o.Tasks {
		f.Tasks = append(f.Tasks, t.ID)
	}
	for _, name := range o.Kinds {
		k, ok := record.ParseKind(name)
		if !ok {
			return f, bindings.BadArgument("kinds", "no kind of event %q", name)
		}
		f.Kinds = append(f.Kinds, k)
	}
	return f, nil
}

// ladderOptions say how a ladder is drawn.
type ladderOptions struct {
	Title  string `lua:"title"`
	Width  int    `lua:"width"`
	ASCII  bool   `lua:"ascii"`
	Live   bool   `lua:"live"`
	Stable bool   `lua:"stable"`
	Stderr bool   `lua:"stderr"`
	From   string `lua:"from"`
}

func (t *tracer) options(sockets []*socket.Socket, o ladderOptions) ladder.Options {
	l := ladder.Options{Title: o.Title, Width: o.Width, ASCII: o.ASCII, Stable: o.Stable, Decode: t.text}
	if l.Width == 0 {
		l.Width = t.rt.Columns()
	}
	for _, s := range sockets {
		l.Sockets = append(l.Sockets, s.ID())
	}
	return l
}

// text decodes bytes by the encoding that the task used last.
func (t *tracer) text(task int, data string) (text, encoding string, ok bool) {
	encoding = t.rt.Encoding(task)
	if encoding == "" {
		return "", "", false
	}
	text, ok = t.decode(encoding, data)
	return text, encoding, ok
}

func (t *tracer) on(opts filterOptions) error {
	filter, err := opts.filter()
	if err != nil {
		return err
	}
	timeline := t.rt.Timeline()
	lines := record.Lines{Notation: record.Notation{Decode: t.text}, Color: t.rt.Colored()}
	sub := timeline.Subscribe(timeline.Last())
	t.attend(func(ctx context.Context) {
		follow(ctx, sub, func(events []record.Event, missed uint64) {
			if missed > 0 {
				t.rt.Report(fmt.Sprintf("%d events came too fast to be shown", missed))
			}
			for i := range events {
				if line := lines.Line(&events[i]); line != "" && filter.Match(&events[i]) {
					t.rt.Report(line)
				}
			}
		})
	})
	return nil
}

// attend runs a view in the background in place of the one before.
func (t *tracer) attend(view func(context.Context)) {
	t.stop()
	t.mu.Lock()
	defer t.mu.Unlock()
	t.off = t.rt.Background(view)
}

// stop ends the view and returns when all that has happened is shown.
func (t *tracer) stop() {
	t.mu.Lock()
	off := t.off
	t.off = nil
	t.mu.Unlock()
	if off != nil {
		off()
	}
}

// follow hands over events until ctx ends, and then what is left.
func follow(ctx context.Context, sub *record.Subscription, show func([]record.Event, uint64)) {
	defer sub.Close()
	for {
		events, missed, err := sub.Next(ctx)
		if err != nil {
			break
		}
		show(events, missed)
	}
	for sub.Pending() > 0 {
		events, missed, err := sub.Next(context.Background())
		if err != nil {
			return
		}
		show(events, missed)
	}
}

func (t *tracer) ladder(sockets bindings.Opt[[]*socket.Socket], opts ladderOptions) error {
	o := t.options(sockets.Value, opts)
	timeline := t.rt.Timeline()
	if opts.Live {
		since := timeline.Last()
		t.attend(func(ctx context.Context) {
			if err := ladder.Follow(ctx, timeline, since, reporter{t.rt}, o); err != nil {
				t.rt.Report(err.Error())
			}
		})
		return nil
	}
	recording, err := t.recording(opts)
	if err != nil {
		return err
	}
	if opts.Stderr {
		return ladder.Text(reporter{t.rt}, recording, o)
	}
	return ladder.Text(writer{t.rt}, recording, o)
}

// recording is what has happened, or what a file says that happened elsewhere.
func (t *tracer) recording(opts ladderOptions) (*record.Recording, error) {
	if opts.From == "" {
		return t.rt.Timeline().Recording(record.Filter{}), nil
	}
	f, err := os.Open(opts.From)
	if err != nil {
		return nil, err
	}
	defer f.Close()
	return record.ReadJSON(f)
}

// writer and reporter are what the Runtime prints to.
type (
	writer   struct{ rt *bindings.Runtime }
	reporter struct{ rt *bindings.Runtime }
)

func (w writer) Write(p []byte) (int, error) {
	w.rt.Write(string(p))
	return len(p), nil
}

func (w reporter) Write(p []byte) (int, error) { return w.rt.ReportTo().Write(p) }

func (t *tracer) save(ctx context.Context, path string, opts ladderOptions) (err error) {
	if ext := filepath.Ext(path); !slices.Contains(ladder.Extensions(), ext) {
		return bindings.BadArgument("path", "its end says how it is saved: %s; got %q", strings.Join(ladder.Extensions(), ", "), path)
	}
	recording, err := t.recording(opts)
	if err != nil {
		return err
	}
	f, err := os.Create(path)
	if err != nil {
		return err
	}
	defer func() {
		if closeErr := f.Close(); err == nil {
			err = closeErr
		}
	}()
	return ladder.Save(f, filepath.Base(path), recording, t.options(nil, opts))
}
