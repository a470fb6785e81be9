package record

import (
	"bufio"
	"encoding/hex"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"math"
	"strconv"
	"strings"
	"time"
	"unicode/utf8"
)

// Format names the kind of file in its first line.
const Format = "lunawire timeline"

// formatVersion changes when an old reader would misread a new file.
const formatVersion = 1

// header is the first line of a file.
type header struct {
	Format  string    `json:"format"`
	Version int       `json:"version"`
	Start   time.Time `json:"start"`
	Dropped uint64    `json:"dropped,omitempty"`
}

// line is an event as JSON. A field that is unknown or does not apply is left
// out; a reader ignores fields that it does not know.
type line struct {
	Seq      uint64  `json:"seq"`
	Cause    uint64  `json:"cause,omitempty"`
	Kind     string  `json:"kind"`
	At       int64   `json:"at_ns"`
	Took     int64   `json:"took_ns,omitempty"`
	Task     int     `json:"task,omitempty"`
	TaskName string  `json:"task_name,omitempty"`
	Socket   int     `json:"socket,omitempty"`
	Made     int     `json:"made,omitempty"`
	Network  string  `json:"network,omitempty"`
	Name     string  `json:"name,omitempty"`
	Args     []Value `json:"args,omitempty"`
	Result   *Value  `json:"result,omitempty"`
	Flow     string  `json:"flow,omitempty"`
	Data     string  `json:"data,omitempty"`
	Hex      string  `json:"data_hex,omitempty"`
	Size     int64   `json:"size,omitempty"`
	Offset   int64   `json:"offset,omitempty"`
	Lost     int64   `json:"lost,omitempty"`
	Addr     Addr    `json:"addr,omitzero"`
	Local    Addr    `json:"local,omitzero"`
	Peer     Addr    `json:"peer,omitzero"`
	Was      string  `json:"was,omitempty"`
	State    string  `json:"state,omitempty"`
	Err      string  `json:"error,omitempty"`
	Text     string  `json:"text,omitempty"`
}

// WriteJSON writes the recording as lines of JSON. The first line is
//
//	{"format":"lunawire timeline","version":1,"start":"2026-01-02T15:04:05.000000006Z","dropped":0}
//
// and each further line is an event with the names of [Event]'s fields in
// lower case. Times are nanoseconds since start (at_ns, took_ns). Bytes stand in
// data where they are UTF-8, and otherwise in data_hex. An argument is a
// number, a string, true or false; {"word":"SOCK_STREAM"} is a bare name,
// {"data":true} and {"address":true} stand where the event's data and addr do;
// a whole number is written without a point, any other number with one.
// [ReadJSON] reads it back; of notes, names and paths that are not UTF-8 the
// bytes at fault come back as U+FFFD.
func (r *Recording) WriteJSON(w io.Writer) error {
	out := bufio.NewWriter(w)
	enc := json.NewEncoder(out)
	enc.SetEscapeHTML(false)
	if err := enc.Encode(header{Format: Format, Version: formatVersion, Start: r.Start, Dropped: r.Dropped}); err != nil {
		return err
	}
	for i := range r.Events {
		if err := enc.Encode(lineOf(&r.Events[i])); err != nil {
			return err
		}
	}
	return out.Flush()
}

// ReadJSON reads a recording that WriteJSON wrote.
func ReadJSON(r io.Reader) (*Recording, error) {
	dec := json.NewDecoder(r)
	var h header
	if err := dec.Decode(&h); err != nil {
		return nil, fmt.Errorf("read recording: first line: %w", err)
	}
	if h.Format != Format || h.Version > formatVersion {
		return nil, fmt.Errorf("read recording: format %q version %d, want %q version %d", h.Format, h.Version, Format, formatVersion)
	}
	rec := &Recording{Start: h.Start, Dropped: h.Dropped}
	for {
		var l line
		err := dec.Decode(&l)
		if errors.Is(err, io.EOF) {
			return rec, nil
		}
		var e Event
		if err == nil {
			e, err = l.event()
		}
		if err != nil {
			return nil, fmt.Errorf("read recording: line %d: %w", len(rec.Events)+2, err)
		}
		rec.Events = append(rec.Events, e)
	}
}

func lineOf(e *Event) *line {
	l := &line{Seq: e.Seq, Cause: e.Cause, Kind: e.Kind.String(), At: int64(e.At), Took: int64(e.Took),
		Task: e.Task.ID, TaskName: e.Task.Name, Socket: e.Socket, Made: e.Made, Network: e.Network.String(),
		Name: e.Name, Args: e.Args[:e.Args.Len()], Flow: e.Flow.String(), Size: e.Size, Offset: e.Offset,
		Lost: e.Lost, Addr: e.Addr, Local: e.Local, Peer: e.Peer, Was: e.Was.String(), State: e.State.String(),
		Err: e.Err, Text: e.Text}
	if !e.Result.IsZero() {
		l.Result = &e.Result
	}
	if utf8.ValidString(e.Data) {
		l.Data = e.Data
	} else {
		l.Hex = hex.EncodeToString([]byte(e.Data))
	}
	return l
}

func (l *line) event() (Event, error) {
	e := Event{Seq: l.Seq, Cause: l.Cause, At: time.Duration(l.At), Took: time.Duration(l.Took),
		Task: Task{ID: l.Task, Name: l.TaskName}, Socket: l.Socket, Made: l.Made, Name: l.Name, Data: l.Data,
		Size: l.Size, Offset: l.Offset, Lost: l.Lost, Addr: l.Addr, Local: l.Local, Peer: l.Peer,
		Was: ParseState(l.Was), State: ParseState(l.State), Err: l.Err, Text: l.Text}
	if len(l.Args) > MaxArgs {
		return e, fmt.Errorf("%d arguments, there is room for %d", len(l.Args), MaxArgs)
	}
	copy(e.Args[:], l.Args)
	if l.Result != nil {
		e.Result = *l.Result
	}
	if l.Hex != "" {
		data, err := hex.DecodeString(l.Hex)
		if err != nil {
			return e, err
		}
		e.Data = string(data)
	}
	var bad error
	e.Kind = parseWord[Kind]("kind", kindNames[:], l.Kind, &bad)
	e.Flow = parseWord[Flow]("flow", flowNames[:], l.Flow, &bad)
	e.Network = parseWord[Network]("network", networkNames[:], l.Network, &bad)
	return e, bad
}

func parseWord[T ~uint8](what string, words []string, word string, bad *error) T {
	for i, w := range words {
		if w == word {
			return T(i)
		}
	}
	*bad = fmt.Errorf("unknown %s %q", what, word)
	return 0
}

// MarshalJSON writes the value as WriteJSON describes.
func (v Value) MarshalJSON() ([]byte, error) {
	switch v.kind {
	case wordValue:
		return json.Marshal(map[string]string{"word": v.text})
	case textValue:
		if !utf8.ValidString(v.text) {
			return json.Marshal(map[string]string{"hex": hex.EncodeToString([]byte(v.text))})
		}
		return json.Marshal(v.text)
	case dataValue:
		return []byte(`{"data":true}`), nil
	case addrValue:
		return []byte(`{"address":true}`), nil
	case floatValue:
		return floatJSON(math.Float64frombits(v.bits))
	case noValue:
		return []byte("null"), nil
	}
	return []byte(v.scalar()), nil
}

// floatJSON keeps a point in the number; JSON has no infinity, so that becomes
// a word.
func floatJSON(f float64) ([]byte, error) {
	s := strconv.FormatFloat(f, 'g', -1, 64)
	if math.IsInf(f, 0) || math.IsNaN(f) {
		return Word(s).MarshalJSON()
	}
	if !strings.ContainsAny(s, ".e") {
		s += ".0"
	}
	return []byte(s), nil
}

// UnmarshalJSON reads what MarshalJSON wrote.
func (v *Value) UnmarshalJSON(text []byte) error {
	s := string(text)
	switch {
	case s == "null":
		*v = Value{}
	case s == "true" || s == "false":
		*v = Bool(s == "true")
	case s[0] == '"':
		*v = Value{kind: textValue}
		return json.Unmarshal(text, &v.text)
	case s[0] == '{':
		return v.unmarshalObject(text)
	case strings.ContainsAny(s, ".eE"):
		f, err := strconv.ParseFloat(s, 64)
		*v = Float(f)
		return err
	default:
		n, err := strconv.ParseInt(s, 10, 64)
		*v = Int(n)
		return err
	}
	return nil
}

func (v *Value) unmarshalObject(text []byte) error {
	var o struct {
		Word    string `json:"word"`
		Hex     string `json:"hex"`
		Data    bool   `json:"data"`
		Address bool   `json:"address"`
	}
	if err := json.Unmarshal(text, &o); err != nil {
		return err
	}
	switch {
	case o.Data:
		*v = Data
	case o.Address:
		*v = Address
	case o.Hex != "":
		b, err := hex.DecodeString(o.Hex)
		*v = Text(string(b))
		return err
	default:
		*v = Word(o.Word)
	}
	return nil
}
