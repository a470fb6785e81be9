package text

// A Decoder decodes a stream that comes in pieces: a character that a piece
// cuts is kept until the next. It may be used by one goroutine at a time.
type Decoder struct {
	codec   *Codec
	errs    Errors
	mode    mode
	pending string
}

// NewDecoder makes a Decoder that is at the beginning of a stream.
func (c *Codec) NewDecoder(errs Errors) *Decoder { return &Decoder{codec: c, errs: errs} }

// Decode takes the next piece and gives the text that is complete. With the
// final piece a character that is cut is an error, and the Decoder is at the
// beginning again. After an error it is where it was before the piece.
func (d *Decoder) Decode(data string, final bool) (string, error) { return d.decode(data, final, nil) }

func (d *Decoder) decode(data string, final bool, report pace) (string, error) {
	m := d.mode
	data = d.pending + data
	text, used, err := d.codec.decode(data, &m, d.errs, final, report)
	if err != nil {
		return "", err
	}
	d.mode, d.pending = m, data[used:]
	if final {
		d.Reset()
	}
	return text, nil
}

// Pending is the beginning of a character that waits for its other bytes.
func (d *Decoder) Pending() string { return d.pending }

// Reset goes to the beginning of a stream; what was pending is dropped.
func (d *Decoder) Reset() { d.mode, d.pending = 0, "" }

// String is how a Decoder prints.
func (d *Decoder) String() string { return "<decoder " + d.codec.name + ">" }
