package text

import (
	"sync"

	"golang.org/x/text/encoding"
	"golang.org/x/text/encoding/japanese"
	"golang.org/x/text/encoding/korean"
	"golang.org/x/text/encoding/simplifiedchinese"
	"golang.org/x/text/encoding/traditionalchinese"
)

// bases are the tables of x/text from which ours are made: those of the
// WHATWG, which browsers use and which have characters that the encodings
// proper have not. The overlays in tables.go make up the difference.
var bases = map[string]encoding.Encoding{
	"gbk":       simplifiedchinese.GBK,
	"gb2312":    simplifiedchinese.GBK,
	"gb18030":   simplifiedchinese.GB18030,
	"big5":      traditionalchinese.Big5,
	"cp950":     traditionalchinese.Big5,
	"shift_jis": japanese.ShiftJIS,
	"cp932":     japanese.ShiftJIS,
	"euc_jp":    japanese.EUCJP,
	"euc_kr":    korean.EUCKR,
	"cp949":     korean.EUCKR,
}

// multibyteCodecs are the encodings of the Chinese, Japanese and Korean
// character sets.
func multibyteCodecs() []*Codec {
	tables := map[string]func() *charset{}
	for name := range bases {
		tables[name] = sync.OnceValue(func() *charset { return newCharset(bases[name], overlays[name]) })
	}
	schemes := map[string]func() scheme{}
	for name, table := range tables {
		schemes[name] = func() scheme { return table() }
	}
	schemes["gb18030"] = sync.OnceValue(func() scheme { return newGB18030(tables["gb18030"]()) })
	schemes["euc_kr"] = func() scheme { return eucKR{tables["euc_kr"]()} }

	codecs := []*Codec{{name: "hz", scheme: func() scheme { return hz{tables["gb2312"]()} }}}
	for name, s := range schemes {
		codecs = append(codecs, &Codec{name: name, scheme: s, same: isASCII, ascii: true})
	}
	return codecs
}

// A charset is a table of units, which are one byte, two, or three of which the
// first is 0x8F (EUC-JP), and the characters that they stand for. A unit is
// written as the number that its bytes make. ASCII is not in the table.
type charset struct {
	leads [256]bool         // bytes that begin a longer unit
	three bool              // there are units of three bytes
	chars [512]*[256]uint16 // by unitPage and last byte; 0 means none
	units [256]*[256]uint32 // by the high and the low byte of the character
}

// An overlay is what makes an encoding of its base.
type overlay struct {
	leads string // pairs: first and last of a range of bytes that begin a longer unit
	chars []run  // units and their characters
	units []run  // characters and their units, where they aren't the first unit that stands for them
}

// A run maps n numbers from first on to numbers from to on, or to nothing where
// to is 0.
type run struct{ first, to, n int }

// each calls f for each pair of a run.
func each(runs []run, f func(from, to int)) {
	for _, r := range runs {
		for i := range r.n {
			to := 0
			if r.to != 0 {
				to = r.to + i
			}
			f(r.first+i, to)
		}
	}
}

// newCharset puts the overlay on the base.
func newCharset(base encoding.Encoding, over overlay) *charset {
	c := &charset{}
	for i := 0; i+1 < len(over.leads); i += 2 {
		for b := int(over.leads[i]); b <= int(over.leads[i+1]); b++ {
			c.leads[b] = true
		}
	}
	c.readBase(base)
	each(over.chars, func(unit, r int) { c.setChar(uint32(unit), rune(r)) })
	c.invert()
	each(over.units, func(r, unit int) { c.setUnit(rune(r), uint32(unit)) })
	return c
}

// readBase asks the base for the character of each unit there can be. Units
// that stand for several characters, or for one beyond the BMP, are left out.
func (c *charset) readBase(base encoding.Encoding) {
	decoder := base.NewDecoder()
	var dst [16]byte
	ask := func(unit ...byte) {
		n, used, err := decoder.Transform(dst[:], unit, true)
		r := []rune(string(dst[:n]))
		if err == nil && used == len(unit) && len(r) == 1 && r[0] != '\uFFFD' && r[0] <= 0xFFFF {
			c.setChar(unitOf(unit), r[0])
		}
	}
	for lead := 0x80; lead <= 0xFF; lead++ {
		ask(byte(lead))
		for trail := range 256 {
			ask(byte(lead), byte(trail))
			if lead >= 0xA1 && trail >= 0xA1 {
				ask(0x8F, byte(lead), byte(trail))
			}
		}
	}
}

func unitOf(b []byte) (unit uint32) {
	for _, b := range b {
		unit = unit<<8 | uint32(b)
	}
	return unit
}

// unitPage is 0 for units of one byte, the lead of those of two, and 0x100 and
// the second byte of those of three.
func unitPage(unit uint32) uint32 {
	if page := unit >> 8; page <= 0xFF {
		return page
	}
	return 0x100 | unit>>8&0xFF
}

func (c *charset) char(unit uint32) rune {
	if page := c.chars[unitPage(unit)]; page != nil {
		return rune(page[unit&0xFF])
	}
	return 0
}

func (c *charset) setChar(unit uint32, r rune) {
	page := &c.chars[unitPage(unit)]
	if *page == nil {
		*page = new([256]uint16)
	}
	(*page)[unit&0xFF] = uint16(r)
	c.three = c.three || unit > 0xFFFF
}

func (c *charset) unit(r rune) uint32 {
	if r > 0xFFFF || c.units[r>>8] == nil {
		return 0
	}
	return c.units[r>>8][r&0xFF]
}

func (c *charset) setUnit(r rune, unit uint32) {
	page := &c.units[r>>8]
	if *page == nil {
		*page = new([256]uint32)
	}
	(*page)[r&0xFF] = unit
}

// invert makes units from chars: the first unit of a character is the one that
// is written.
func (c *charset) invert() {
	for page, chars := range c.chars {
		if chars == nil {
			continue
		}
		lead := uint32(page)
		if page > 0xFF {
			lead = 0x8F00 | uint32(page&0xFF)
		}
		for last, r := range chars {
			if r != 0 && c.unit(rune(r)) == 0 {
				c.setUnit(rune(r), lead<<8|uint32(last))
			}
		}
	}
}

func (c *charset) read(b string, _ *mode) (rune, int, reason) {
	lead := uint32(b[0])
	if lead < 0x80 {
		return rune(lead), 1, fine
	}
	if r := c.char(lead); r != 0 {
		return r, 1, fine
	}
	if !c.leads[lead] {
		return 0, 1, illegalSequence
	}
	if len(b) < 2 {
		return 0, 1, incompleteSequence
	}
	if r := c.char(lead<<8 | uint32(b[1])); r != 0 {
		return r, 2, fine
	}
	if lead == 0x8F && c.three {
		return c.readThree(b)
	}
	return 0, 1, illegalSequence
}

// readThree reads a unit of three bytes: JIS X 0212 in EUC-JP.
func (c *charset) readThree(b string) (rune, int, reason) {
	if len(b) < 3 {
		return 0, 2, incompleteSequence
	}
	if r := c.char(0x8F<<16 | uint32(b[1])<<8 | uint32(b[2])); r != 0 {
		return r, 3, fine
	}
	return 0, 1, illegalSequence
}

func (c *charset) write(dst []byte, r rune, _ *mode) ([]byte, bool) {
	if r < 0x80 {
		return append(dst, byte(r)), true
	}
	unit := c.unit(r)
	switch {
	case unit == 0:
		return dst, false
	case unit <= 0xFF:
		return append(dst, byte(unit)), true
	case unit <= 0xFFFF:
		return append(dst, byte(unit>>8), byte(unit)), true
	}
	return append(dst, byte(unit>>16), byte(unit>>8), byte(unit)), true
}
