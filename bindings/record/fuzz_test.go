package record_test

import (
	"bytes"
	"strings"
	"testing"

	"lunawire/bindings/record"
)

// FuzzReadJSON reads anything as a recording: what is one is written, and read
// again the same; and every event of it can be shown.
func FuzzReadJSON(f *testing.F) {
	const head = `{"format":"lunawire timeline","version":1,"start":"2026-01-02T15:04:05.000000006Z"}` + "\n"
	for _, events := range []string{
		"", "{}", `{"kind":"call","seq":1,"at_ns":5,"name":"send","args":[{"data":true},1,1.0,"x",true,{"word":"MSG_OOB"},{"address":true}],"flow":"sent","data":"hi","size":2}`,
		`{"kind":"call","data_hex":"c4e3","flow":"received","network":"udp","addr":"127.0.0.1:80","local":"[::1]:1","peer":"unix:/tmp/x","lost":4}`,
		`{"kind":"state","was":"ESTABLISHED","state":"CLOSE-WAIT"}`, `{"kind":"note","text":"one\ntwo\u001b"}`, `{"kind":"call","took_ns":-1,"size":-5,"offset":9223372036854775807}`,
		`{"kind":"call","args":[1e400]}`, `{"kind":"call","args":[null,{},[]]}`, `{"kind":"call","result":1e20}`, `{"kind":"call","data_hex":"0"}`,
	} {
		f.Add(head + events)
	}
	f.Fuzz(func(t *testing.T, text string) {
		rec, err := record.ReadJSON(strings.NewReader(text))
		if err != nil {
			return
		}
		var first, second bytes.Buffer
		if err := rec.WriteJSON(&first); err != nil {
			t.Fatalf("got %v from %q", err, text)
		}
		again, err := record.ReadJSON(bytes.NewReader(first.Bytes()))
		if err != nil {
			t.Fatalf("got %v from %q\nwritten for %q", err, first.String(), text)
		}
		if err := again.WriteJSON(&second); err != nil || second.String() != first.String() {
			t.Errorf("got\n%s%v, want\n%s\nfrom %q", second.String(), err, first.String(), text)
		}
		for _, lines := range []record.Lines{{}, {Notation: record.Notation{ASCII: true, Brief: true, Limit: 1, Decode: gbk}, Color: true}} {
			for i := range rec.Events {
				line := lines.Line(&rec.Events[i])
				if rec.Events[i].Kind != record.Noted && strings.ContainsAny(line, "\n\r\x00\a") {
					t.Errorf("got %q, want one line\nfrom %q", line, text)
				}
			}
		}
	})
}
