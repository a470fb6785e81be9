// Package bytes is what Lua scripts take messages apart and put them together
// with: string.pack and its siblings as Lua 5.3 defines them, hexadecimal in
// both directions, a hex dump, and the bit operations of Lua 5.2.
//
// It holds three plugins: Plugin is the module "bytes", Strings adds to Lua's
// own "string", Bit32 is the module "bit32".
package bytes

import "lunawire/bindings"

// Plugin is the module "bytes".
var Plugin = bindings.Module{
	Name:          "bytes",
	Doc:           "Bytes shown and written in hexadecimal, and 64-bit integers.",
	Funcs:         []bindings.Func{hexRow, unhexRow, hexdumpRow, unpackDecimalRow},
	StringMethods: []string{"hex", "hexdump"},
}

// Strings adds packing to Lua's own string library.
var Strings = bindings.Module{
	Name:  "string",
	Doc:   "Lua's strings, with pack and unpack.",
	Funcs: []bindings.Func{packRow, unpackRow, packsizeRow},
}

var hexRow = bindings.Func{
	Name:    "hex",
	Params:  "bytes, separator?",
	Results: "digits",
	Doc: `Writes bytes as hexadecimal digits; also b:hex(separator).

separator stands between the bytes.`,
	Example: `
print(("GET"):hex())                        --> 474554
print(bytes.hex("\x7f\x00\x00\x01", " "))   --> 7f 00 00 01`,
	Go: hexDigits,
}

var unhexRow = bindings.Func{
	Name:    "unhex",
	Params:  "digits",
	Results: "bytes",
	Doc: `Reads hexadecimal digits as bytes.

White space, ":" and "-" may stand between bytes, so a dump or a hardware
address can be pasted. Anything else raises an error (code "BadHex").`,
	Example: `
print(bytes.unhex("48 65:6C-6c 6f"))        --> Hello`,
	Go: unhex,
}

var hexdumpRow = bindings.Func{
	Name:    "hexdump",
	Params:  "bytes, from?",
	Results: "dump",
	Doc: `Draws bytes 16 to a line, with offsets and as ASCII; also b:hexdump().

from is the offset of the first byte, 0 if left out.`,
	Example: `
print(("GET / HTTP/1.1\r\n\r\n"):hexdump())
--> 00000000  47 45 54 20 2f 20 48 54  54 50 2f 31 2e 31 0d 0a  |GET / HTTP/1.1..|
--> 00000010  0d 0a                                             |..|`,
	Go: hexdump,
}

var unpackDecimalRow = bindings.Func{
	Name:    "unpackdecimal",
	Params:  "fmt, bytes, from?",
	Results: "values...",
	Doc: `Unpacks as string.unpack does; integers beyond 2^53 come as digits.

A Lua number holds whole numbers up to 2^53. An integer beyond that, on which
string.unpack raises an error, is given as a string of decimal digits here;
string.pack takes such a string, so nothing is lost on the way back.`,
	Example: `
print(bytes.unpackdecimal(">I8I2", bytes.unhex("ffff ffff ffff ffff 0007")))   --> 18446744073709551615	7	11`,
	Go: unpackDecimal,
}

var packRow = bindings.Func{
	Name:    "pack",
	Params:  "fmt, values...",
	Results: "bytes",
	Doc: `Packs values into bytes by a format, as in Lua 5.3 (manual 6.4.2).

  <  >  =       little, big, native (little) byte order from here on
  ![n]          align to at most n (8) bytes from here on
  b B  h H      integers of 1 and 2 bytes, signed and unsigned
  i[n] I[n]     integers of n (4) bytes, 1 to 16
  l L  j J  T   integers of 8 bytes
  f  d  n       floats of 4, 8, 8 bytes
  s[n]          a string after its length in n (8) bytes
  z             a string with a zero byte at its end
  c[n]          a string of exactly n bytes, filled up with zeros
  x  X[op]      a zero byte; zeros up to the alignment of op

The network's byte order is ">". A number from 2^53 on may have been rounded
before it came here, so it is refused: write it as a string of digits, decimal
or 0x hexadecimal. A format has at most 1 MiB, what it makes at most 256 MiB.`,
	Example: `
print(string.pack(">I2 I4 s1", 8080, 1, "ok"):hex())           --> 1f9000000001026f6b
print(string.pack(">I8", "0xfedcba9876543210"):hex())          --> fedcba9876543210
print(string.pack("z", "root"):hex(" "))                       --> 72 6f 6f 74 00`,
	Go: pack,
}

var unpackRow = bindings.Func{
	Name:    "unpack",
	Params:  "fmt, bytes, from?",
	Results: "values...",
	Doc: `Unpacks values from bytes by a format, as in Lua 5.3 (manual 6.4.2).

Formats are those of string.pack. It begins at byte from (1; negative counts
from the end) and returns one more value: the place of the first unread byte.
Too little data raises an error with the code "TooShort", an integer that a
number can't hold exactly (beyond 2^53) one with the code "Inexact".`,
	Example: `
local port, name, rest = string.unpack(">I2 s1", "\x1f\x90\x02ok!")
print(port, name, rest)                                        --> 8080	ok	6`,
	Go: unpack,
}

var packsizeRow = bindings.Func{
	Name:    "packsize",
	Params:  "fmt",
	Results: "size",
	Doc: `Tells how many bytes a format stands for, as in Lua 5.3.

The format can't have s or z, whose size depends on the value.`,
	Example: `
print(string.packsize(">I2 I2 I4 I4"), string.packsize("!8 b d"))   --> 12	16`,
	Go: packsize,
}
