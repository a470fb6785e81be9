package text

import (
	"fmt"
	"strings"
	"unicode/utf8"
)

// hint says what somebody who met the error most likely wants to do.
func hint(e *Error, input string) string {
	switch {
	case e.Decoding:
		return decodeHint(e, input)
	case e.stray():
		return "these bytes are no UTF-8 text; they may have been encoded already"
	case (e.Encoding == "gb2312" || e.Encoding == "hz") && encodable(e.Bytes, "gbk"):
		return `gbk, which extends gb2312, has it`
	case encodable(e.Bytes, "gbk") || e.Encoding == "gbk":
		return `gb18030 and utf-8 have every character; errors "replace" writes ? instead`
	}
	return `utf-8 has every character; errors "replace" writes ? instead`
}

func decodeHint(e *Error, input string) string {
	utf16 := strings.HasPrefix(input, "\xFF\xFE") || strings.HasPrefix(input, "\xFE\xFF")
	switch {
	case utf16 && !strings.HasPrefix(e.Encoding, "utf-16"):
		return "the bytes begin with the mark of utf-16"
	case e.Encoding != "utf-8" && utf8.ValidString(input):
		return "the bytes are valid utf-8"
	case reason(e.Reason).incomplete():
		return fmt.Sprintf("the data ends inside a character; text.decoder(%q) keeps the beginning for the next piece", e.Encoding)
	case e.Encoding == "utf-8" && decodable(input, "gbk"):
		return "the bytes are valid gbk"
	case e.Encoding == "gb2312" && decodable(input, "gbk"):
		return "the bytes are valid gbk, which extends gb2312"
	}
	return `errors "replace" shows U+FFFD in place of what is wrong`
}

// encodable tells whether an encoding has all characters of a text.
func encodable(text, encoding string) bool {
	c, err := Lookup(encoding)
	if err != nil {
		return false
	}
	_, err = c.Encode(text, Strict)
	return err == nil
}

// decodable tells whether bytes are text in an encoding. Only the beginning of
// long data is looked at.
func decodable(data, encoding string) bool {
	const enough = 4096
	c, err := Lookup(encoding)
	if err != nil {
		return false
	}
	_, err = c.NewDecoder(Strict).Decode(data[:min(len(data), enough)], len(data) <= enough)
	return err == nil
}
