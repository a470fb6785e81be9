package trace

import (
	"lunawire/bindings"
	"lunawire/bindings/record"
)

// Event is an event as Lua sees it; what does not apply is left out.
type Event struct {
	Seq    uint64                `lua:"seq"`
	Kind   string                `lua:"kind"`
	At     float64               `lua:"at"`
	Took   float64               `lua:"took"`
	Task   bindings.Opt[int]     `lua:"task"`
	Socket bindings.Opt[int]     `lua:"socket"`
	Name   bindings.Opt[string]  `lua:"name"`
	Call   bindings.Opt[string]  `lua:"call"`
	Data   bindings.Opt[string]  `lua:"data"`
	Size   bindings.Opt[float64] `lua:"size"`
	Lost   bindings.Opt[float64] `lua:"lost"`
	Addr   bindings.Opt[string]  `lua:"addr"`
	Local  bindings.Opt[string]  `lua:"laddr"`
	Peer   bindings.Opt[string]  `lua:"peer"`
	State  bindings.Opt[string]  `lua:"state"`
	Err    bindings.Opt[string]  `lua:"err"`
	Text   bindings.Opt[string]  `lua:"text"`
}

func (t *tracer) events(opts filterOptions) ([]Event, error) {
	filter, err := opts.filter()
	if err != nil {
		return nil, err
	}
	notation := record.Notation{Decode: t.text}
	list := []Event{}
	recorded, _ := t.rt.Timeline().Since(0)
	for i := range recorded {
		if filter.Match(&recorded[i]) {
			list = append(list, event(&recorded[i], &notation))
		}
	}
	return list, nil
}

func event(e *record.Event, notation *record.Notation) Event {
	v := Event{
		Seq: e.Seq, Kind: e.Kind.String(), At: e.At.Seconds(), Took: e.Took.Seconds(),
		Task: unless(0, e.Task.ID), Socket: unless(0, e.Socket), Name: unless("", e.Name),
		Lost: unless(0, float64(e.Lost)),
		Addr: unless("", e.Addr.String()), Local: unless("", e.Local.String()), Peer: unless("", e.Peer.String()),
		State: unless("", e.State.String()), Err: unless("", e.Err), Text: unless("", e.Text),
	}
	if e.Kind == record.CallMade {
		v.Call = bindings.Some(notation.Call(e))
	}
	if e.Flow != record.NoData {
		v.Data, v.Size = bindings.Some(e.Data), bindings.Some(float64(e.Size))
	}
	return v
}

// unless is v, or nothing where it is none.
func unless[T comparable](none, v T) bindings.Opt[T] {
	return bindings.Opt[T]{Value: v, Set: v != none}
}
